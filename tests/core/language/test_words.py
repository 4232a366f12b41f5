"""Every word that the language has a place for works."""

from __future__ import annotations

import re

import pytest

from tests.core.language.written import told

LEAF = "require: {take: x/a"
OF_CORE = "from: {tag: core}"
WORKS = (
    *(
        f"require: {{choose: 1, from: {{{selector}}}}}"
        for selector in (
            "credential: [x/math-3*, x/math-300..399]",
            "credential: x/a, exactly: true",
            *(f"{key}: a" for key in ("type", "issuer", "mode", "language", "tag", "bucket")),
            *(f"{key}: a" for key in ("outcome", "skill", "term", "registration", "used_in")),
            'field: "061"',
            "relation: component",
            "size: micro",
            "level: {framework: eqf, at: 7}",
            "level: {framework: eqf, from: 7}",
            "credit: {from: 5}",
            "grade: {from: B}",
            *(f"{day}: {{from: 2024-01-01}}" for day in ("earned", "awarded", "started")),
            "age: {to: 5 years, from: awarded, until: admission}",
            "source: recognised-prior-learning",
            "status: earned",
            "attempt: 1",
            "weeks: {from: 3, to: 5}",
            "since: [2024-01-01, {to: 2025-01-01}]",
            "not: {tag: a}",
            "any: [{tag: a}, x/b]",
        )
    ),
    f"require: {{choose: {{from: 2, to: 4}}, {OF_CORE}}}",
    "require: {award: x/b}",
    'require: {award: x/b, edition: "2"}',
    f"require: {{credits: 20, {OF_CORE}}}",
    f"require: {{credits: {{from: 20, to: 30}}, {OF_CORE}}}",
    f"require: {{share: 50%, of: award, {OF_CORE}}}",
    f"require: {{share: {{from: 1/3, to: 50%}}, of: award, {OF_CORE}}}",
    f"require: {{share: 5%, of: award, {OF_CORE}, changes: [{{unless: {{declared: x}}, set: 2}}]}}",
    *(f"require: {{{word}: 4, {OF_CORE}}}" for word in ("terms", "fields", "issuers", "outcomes")),
    f"require: {{terms: {{from: 2, to: 4}}, {OF_CORE}}}",
    f"require: {{outcomes: [plan, report], {OF_CORE}}}",
    f"require: {{outcomes: all, {OF_CORE}}}",
    "require: {milestone: interview}",
    "require: {attest: dean}",
    "require: {all: [{take: x/a}]}",
    "require: {any: [{take: x/a}]}",
    "require: {some: {choose: 1, of: [{take: x/a}]}}",
    f"{LEAF}, id: a, title: A, note: N, reason: R, optional: true, weight: 5}}",
    f"{LEAF}, each: {{grade: {{from: C}}}}, distinct: {{by: field, from: 2, to: 3}}}}",
    f"{LEAF}, at_least: [{{share: 50%, of: award}}], at_most: [{{choose: 1, over: record}}]}}",
    f"{LEAF}, average: {{over: counted}}, within: {{span: 1 year, from: earliest-used}}}}",
    "average: [{over: record}, {over: all-attempts}, {over: not-transferred}]",
    "each: {must: {tag: a}, over: record}",
    "distinct: {by: field, from: 2, over: record}",
    "within: {span: 1 year, from: earliest-used, over: record}",
    "require: {all: [{id: a, take: x/a}, {take: x/a, shares_with: a}]}",
    f"require: {{all: [{{id: a, take: x/a}}, {{choose: 1, {OF_CORE}, counted_in: a}}]}}",
    f"{LEAF}, shares_with: [everything, {{with: everything, credits: 5}}]}}",
    "require: {when: {declared: x/b}, then: {take: x/a}, else: {take: x/c}}",
    "require: {when: {learner: {entry: 2026}, milestone: admission}, then: {take: x/a}}",
    "require: {when: {holds: {choose: 1, from: x/a}, not: {declared: x/b}}, then: {take: x/a}}",
    f"require: {{choose: terms-since-declaring, {OF_CORE}}}",
    f"require: {{choose: 1, {OF_CORE}, changes: [{{when: {{declared: x/b}}, add: 2}}]}}",
    f"require: {{credits: 3, {OF_CORE}, changes: [{{unless: {{declared: x/b}}, set: 2}}]}}",
    "at_least: [{credits: 5, changes: [{when: {declared: x/b}, add: 2}]}]",
    "distinct: {by: field, from: 2, changes: [{when: {declared: x/b}, add: 2}]}",
    "require: {tracks: {choose: 1, of: [{declared: x/b, require: {take: x/a}}]}}",
    "blocks: {one: {require: {take: x/a}}}\nrequire: {use: one}",
    "require: {all: [{id: a, take: x/a}, {take: x/b, after: a}]}",
    *(f"{LEAF}, prefer: {selector}}}" for selector in ("x/b", "[x/b, {tag: a}]", "[[x/b, x/c]]")),
    f"{LEAF}, last: {{credits: 30, at_least: [{{credits: 15, {OF_CORE}}}]}}}}",
    "last: [{choose: 10, at_least: {choose: 5, id: few}}]",
    "last: [{credits: 10, at_least: {share: 5%, of: award}}]",
    "sharing: {awards: 2, with: [{award: x/b, share: 20%, of: smaller}]}",
    "sharing: {with: [{award: x/b, share: 20%, of: receiving}, {award: x/c, choose: 1}]}",
    "excludes: [{credentials: [x/a, x/b], at_most: 1}]",
    "pairs: [{credentials: [x/a, x/b]}]",
    "on_award: [{award: x/b, effect: surrender}, {award: x/c, effect: open}]",
    "admission: {take: x/a}",
    "gates: [{id: thesis, require: {take: x/a}}]",
    'replaces: "0"',
    "reference: {title: R}",
    "policies: {retakes: best, caps: whole, level: at, edition: admission, double_count: none}",
    "policies: {late_lower_award: refuse, conversion: convention, grade_scale: letter}",
)


def completed(text: str) -> str:
    return text if re.search("^require: ", text, re.MULTILINE) else f"{text}\n{LEAF}}}"


@pytest.mark.parametrize("text", WORKS)
def test_a_word_that_works_is_read(text: str) -> None:
    assert told(completed(text)) == ()
