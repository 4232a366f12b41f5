"""Every case of the rule packs, asked over REST, and what a body can have wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.api.audit_views import AuditsView
from app.core.language.cases import Case, case_record
from app.core.model.credential import CredentialId
from app.interop.audit_json import audit_to_plain
from app.interop.packs import Pack
from app.interop.record_json import record_to_plain
from app.services.errors import NotAuditableError
from app.services.shelf import Shelf
from app.services.stored import AwardChoice
from app.wiring import packs_in

PACKS = packs_in(Path(__file__).resolve().parents[2] / "rules")
CASES = [
    pytest.param(
        pack, rule.edition.award, rule.edition.edition, case, id=f"{rule.edition.award} {case.name}"
    )
    for pack in PACKS
    for rule in pack.rules.values()
    if rule.edition is not None
    for case in rule.cases
]


def post(client: TestClient, body: object) -> Response:
    return client.post("/v1/evaluate", json=body)


@pytest.mark.parametrize(("pack", "award", "edition", "case"), CASES)
def test_rest_says_what_the_case_was_judged_to_be(
    client: TestClient, pack: Pack, award: CredentialId, edition: str, case: Case
) -> None:
    rule = next(one for one in pack.rules.values() if case in one.cases)
    record = case_record(case, {one.name: one for one in rule.cases}, pack.samples)
    own = None if "edition" in case.expect.given else edition
    body = {
        "record": record_to_plain(record),
        "awards": [{"award": award, **({"edition": own} if own else {})}, *case.together],
        "as_of": case.on.isoformat(),
        "policies": dict(case.policies),
    }
    answer = post(client, body)
    choices = [AwardChoice(award, own), *map(AwardChoice, case.together)]
    if "error" in case.expect.given:
        assert answer.status_code == 422
        assert answer.json()["code"] == case.expect.given["error"]
        with pytest.raises(NotAuditableError):
            Shelf.of(PACKS).audit(record, choices, case.on, case.policies)
        return
    assert answer.status_code == 200
    AuditsView.model_validate_json(answer.content, strict=False)
    audits = Shelf.of([pack]).audit(record, choices, case.on, case.policies)
    assert answer.json()["audits"] == json.loads(
        json.dumps([audit_to_plain(one) for one in audits])
    )
    if "met" in case.expect.given:
        assert answer.json()["audits"][0]["met"] is case.expect.given["met"]


RULE = """
award: ntu/inline
title: Inline
edition: "1"
effective: {from: 2020-01-01}
credit: {total: 4, unit: au}
reference: {title: A paper}
require: {id: course, title: Course, take: ntu/f1}
"""
RECORD = {"earned": [{"credential": "ntu/f1", "grade": "B", "earned": "2025-06-30"}]}


def test_a_rule_may_stand_in_the_body_as_text_or_object(client: TestClient) -> None:
    as_object = {
        "award": "ntu/inline",
        "title": "Inline",
        "edition": "1",
        "effective": {"from": "2020-01-01"},
        "credit": {"total": 4, "unit": "au"},
        "reference": {"title": "A paper"},
        "require": {"id": "course", "title": "Course", "take": "ntu/f1"},
    }
    for rule in (RULE, as_object):
        body = {"record": RECORD, "rules": [rule], "as_of": "2026-01-01"}
        assert post(client, body).json()["audits"][0]["met"] is True


def test_what_is_wrong_in_a_rule_given_as_an_object_has_a_path_and_no_line(
    client: TestClient,
) -> None:
    body = {"record": RECORD, "rules": [{"award": "ntu/inline", "titel": "Inline"}]}
    errors = post(client, body).json()["errors"]
    assert "$.titel" in {one["path"] for one in errors}
    assert {one["line"] for one in errors} == {0}


def test_two_awards_are_audited_together_and_share_only_what_they_may(client: TestClient) -> None:
    other = RULE.replace("ntu/inline", "ntu/other")
    body = {"record": RECORD, "rules": [RULE, other], "as_of": "2026-01-01"}
    assert [audit["met"] for audit in post(client, body).json()["audits"]] == [True, False]


def test_nothing_is_kept_of_what_is_evaluated(client: TestClient) -> None:
    before = client.get("/v1/learners").json()
    post(client, {"record": {**RECORD, "learner": "nobody"}, "awards": ["ntu/masters"]})
    assert client.get("/v1/learners").json() == before


def earned(*entries: object, award: str = "ntu/masters", day: str = "2026-06-01") -> object:
    return {"record": {"earned": list(entries)}, "awards": [award], "as_of": day}


def worth(credits: object) -> object:
    return earned({"credential": "ntu/f1", "credits": credits})


OF_1999 = {"award": "ntu/masters", "edition": "1999"}
WRONG: list[tuple[object, int, str, str]] = [
    (earned(award="ntu/mastres"), 404, "unknown-award", "did you mean `ntu/masters`?"),
    ({"record": RECORD, "awards": [OF_1999]}, 404, "unknown-edition", "there are `2026`"),
    ({"record": RECORD, "awards": ["ntu/masters"] * 2}, 422, "not-auditable", "named 2 times"),
    ({"record": RECORD, "rules": [RULE] * 2}, 422, "not-auditable", "named 2 times"),
    ({"record": RECORD, "awards": []}, 422, "nothing-to-audit", "name at least one award"),
    (earned("ntu/f99"), 422, "record-refused", "the catalogue has no credential `ntu/f99`"),
    (
        earned({"credential": "ntu/f1", "earned": "2030-01-01"}),
        422,
        "record-refused",
        "after the audit's day 2026-06-01",
    ),
    ({"awards": ["ntu/masters"]}, 422, "request-refused", "the body has no `record`"),
    ({"record": RECORD, "award": ["x"]}, 422, "request-refused", "unknown key `award`"),
    (worth(4.5), 422, "request-refused", "`4.5` is not an amount of credits"),
    (worth(-4), 422, "request-refused", "`-4` is not an amount of credits"),
    (worth("1" * 20), 422, "request-refused", "out of range"),
    (earned("ntu/f1", "ntu/f1"), 422, "request-refused", "listed twice"),
    (
        earned({"credential": "passport/t1", "earned": "2025-06-20"}, award="passport/pgcert"),
        422,
        "not-auditable",
        "name a `conversion` policy",
    ),
    ({"record": RECORD, "rules": ["a: [}"]}, 422, "rule-refused", "the rule cannot be used"),
    ([], 422, "request-refused", "keys and values"),
]


@pytest.mark.parametrize(("body", "status", "kind", "says"), WRONG)
def test_a_wrong_body_is_told_what_would_work(
    client: TestClient, body: object, status: int, kind: str, says: str
) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    assert answer.json()["type"] == f"/problems/{kind}"
    assert says in answer.json()["detail"]
    assert client.get(answer.json()["type"]).json()["status"] == status


def test_what_has_no_day_and_so_counts_nowhere_needs_no_conversion(client: TestClient) -> None:
    audit = post(client, earned("passport/t1", award="passport/pgcert")).json()["audits"][0]
    assert [one["reason"]["code"] for one in audit["achievements"]] == ["no-day"]


def test_every_problem_of_a_body_is_listed(client: TestClient) -> None:
    body = {"record": {"earned": [{"credential": 5, "grade": 1}], "x": 1}, "awards": "ntu", "y": 2}
    paths = {one["path"] for one in post(client, body).json()["errors"]}
    assert paths == {
        "$.record.earned[0].credential",
        "$.record.earned[0].grade",
        "$.record.x",
        "$.awards",
        "$.y",
    }


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b'{"record": {}', 400, "is not JSON"),
        (b"\xff\xfe{}", 400, "not UTF-8"),
        (b'{"a": 1, "a": 2}', 400, "stands twice"),
        (b'{"record": {"earned": [{"credits": NaN}]}}', 400, "`NaN` is no number"),
        (b'{"n": 12345678901234567890}', 400, "more than 18 digits"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "nested deeper than 64"),
        (b'{"x": "' + b"a" * 3_000_000 + b'"}', 413, "larger than 2 MiB"),
    ],
    ids=["cut", "bytes", "twice", "nan", "digits", "deep", "large"],
)
def test_a_broken_body_is_refused_before_it_is_read(
    client: TestClient, content: bytes, status: int, says: str
) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post("/v1/evaluate", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


def test_another_media_type_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/evaluate", content=b"a: 1", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


@pytest.mark.parametrize("address", ["/v1/evaluate", "/v1/evaluate/what-if"])
def test_what_a_catalogue_shows_to_be_wrong_is_told_by_its_place(
    client: TestClient, address: str
) -> None:
    planned = [{"credential": "sqa/m1"}, {"credential": "sqa/m11"}]
    body = {"awards": ["sqa/hnc"], "record": {"planned": planned, "declared": ["sqa/nope"]}}
    changes: dict[str, object] = {"changes": {}} if "what-if" in address else {}
    answer = client.post(address, json={**body, **changes})
    assert answer.status_code == 422
    paths = [one["path"] for one in answer.json()["errors"]]
    assert "$.record.planned[1].credential" in paths


def test_the_address_that_is_printed_leads_to_the_page(client: TestClient) -> None:
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")
