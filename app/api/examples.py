"""Examples for the API's page: each can be sent as it stands where the demo is loaded."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]

CREDENTIAL: Plain = {
    "title": "Data Ethics",
    "issuer": "passport",
    "type": "micro-credential",
    "size": "micro",
    "credits": 15,
    "unit": "cats",
    "level": {"framework": "rqf", "at": 7},
    "tags": ["data"],
    "prerequisites": ["passport/v1"],
    "outcomes": ["Weigh the interests in a data project"],
}
LEARNER: Plain = {"id": "amina"}
ACHIEVEMENT: Plain = {"credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"}
BULK: list[Plain] = [
    {"id": "r1", "credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"},
    {"id": "r2", "credential": "ntu/r2", "status": "in-progress", "started": "2026-08-10"},
]
CHANGE: Plain = {"grade": "A"}
STEP: Plain = {"on": "2026-01-12"}
ATTESTATION: Plain = {
    "requirement": "portfolio",
    "role": "adviser",
    "by": "a.khan",
    "on": "2026-05-03",
}
ADJUSTMENT: Plain = {
    "kind": "waive",
    "award": "ntu/masters",
    "requirement": "elective",
    "reason": "Published the same work elsewhere",
    "by": "a.khan",
    "on": "2026-05-03",
}
ATTRIBUTES: Plain = {"route": "fleximasters"}
DECLARED = ["ntu/masters"]
ELSEWHERE: Plain = {
    "id": "elsewhere/statistics",
    "title": "Applied Statistics",
    "issuer": "elsewhere",
    "credits": 4,
    "unit": "au",
    "tags": ["fleximasters"],
}
TRANSFERRED: Plain = {
    "credential": "elsewhere/statistics",
    "grade": "B",
    "source": "transferred",
    "earned": "2024-06-30",
}
RECORD: Plain = {
    "credentials": [ELSEWHERE],
    "milestones": {"admission": "2026-01-12"},
    "achievements": [
        TRANSFERRED,
        {"credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"},
        {"credential": "ntu/r2", "status": "in-progress", "started": "2026-08-10"},
    ],
    "declared": ["ntu/masters"],
}
AUDIT_REQUEST: Plain = {
    "awards": ["ntu/masters"],
    "as_of": "2026-11-01",
    "wishes": [{"achievement": "r1", "requirement": "courses"}],
}
EVALUATE_REQUEST: Plain = {
    "record": {
        "credentials": [ELSEWHERE],
        "milestones": {"admission": "2026-01-12"},
        "achievements": [
            TRANSFERRED,
            {
                "credential": "ntu/f1",
                "grade": "B",
                "source": "transferred",
                "earned": "2023-06-30",
                "attributes": {"route": "fleximasters"},
            },
            {"credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"},
            {"credential": "ntu/r2", "status": "in-progress", "started": "2026-08-10"},
        ],
    },
    "awards": ["ntu/masters"],
    "as_of": "2026-11-01",
}
WHAT_IF_REQUEST: Plain = {
    "awards": ["ntu/masters"],
    "as_of": "2026-11-01",
    "changes": {"add": [{"credential": "ntu/e1", "grade": "A", "earned": "2026-10-30"}]},
}
SAVE_WHAT_IF_REQUEST: Plain = {"name": "with the elective", **WHAT_IF_REQUEST}
LINK_REQUEST: Plain = {"days": 30}
EVALUATE_SINGLE_CHANGES_REQUEST: Plain = {
    "record": {
        "achievements": [
            {"credential": f"sqa/{name}", "earned": "2026-05-29"}
            for name in ("m1", "m2", "m3", "m4", "o1", "o2", "o3", "o4")
        ]
    },
    "awards": ["sqa/hnc"],
    "as_of": "2026-11-01",
}
IMPACT_REQUEST: Plain = {"edition": "2030", "as_of": "2026-11-01", "learners": "all"}
ROUTES_REQUEST: Plain = {
    "awards": ["sqa/hnc"],
    "as_of": "2026-11-01",
    "terms": {
        "first": "2027-01-01",
        "count": 6,
        "length": "6 months",
        "names": ["spring", "autumn"],
    },
    "load": {"credits": 4},
    "objectives": ["terms", "load"],
    "routes": 2,
}
EVALUATE_ROUTES_REQUEST: Plain = {**ROUTES_REQUEST, "record": {}}
NEAREST_REQUEST: Plain = {
    "record": {"achievements": [{"credential": "sqa/m1", "earned": "2025-06-30"}]},
    "holding": ["ntu/f1", "ntu/f2"],
    "by": "credits",
    "limit": 2,
    "as_of": "2026-11-01",
}
RULE = """\
award: ntu/masters
title: Master's by Stacking
edition: "2030"
effective: {from: 2030-01-01}
credit: {total: 8, unit: au}
reference: {title: Senate paper 12}
replaces: "2026"
require: {id: courses, title: Courses, credits: 8, from: {tag: fleximasters}}
cases:
  - name: two courses
    on: 2030-06-30
    record: {all: {earned: 2030-05-01, grade: B}, earned: [ntu/f1, ntu/f2]}
    expect: {met: true, progress: {reached: 8, of: 8}}
  - name: one course
    on: 2030-06-30
    record: {like: two courses, without: [ntu/f2]}
    expect: {met: false, short: {courses: {credits: 4}}}
"""
