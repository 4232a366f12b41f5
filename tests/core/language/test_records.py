"""Records: all that is wrong in one is told at once, each finding with its place and a remedy."""

# ruff: noqa: E501 -- a finding stands in one line, as it is told

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from app.core.language.diagnostics import Diagnostic
from app.core.language.records import achievement_from, read_record, record_from
from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.credits import Credits
from app.core.model.level import Level
from app.core.model.record import (
    Achievement,
    AchievementId,
    Adjustment,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)

AMOUNT = 'write a whole number up to 100000, or a quoted decimal such as "7.5"'
DAY = "write an existing day as year-month-day: 2026-02-28"
ID = "write letters, digits, `-` and `/`, such as atu/ml-1"
STATUSES = "earned, in-progress, planned, failed, withdrawn, expired, revoked, surrendered"
KINDS = "substitute, waive, also-allow, apply-here, exclude, adjust-quantity, adjust-credits"
RECORD_KEYS = (
    "the keys are learner, credentials, achievements, earned, in_progress, planned, failed, withdrawn, expired, "
    "revoked, surrendered, milestones, attestations, attributes, declared, adjustments"
)
FACT = "text, a whole number, true or false, or a date"


def told(found: Iterable[Diagnostic]) -> list[str]:
    return [f"{one.code} {one.path}: {one.message}: {one.help}" for one in found]


def told_of(value: object) -> list[str]:
    read = record_from(value)
    assert (read.record is None) == bool(read.diagnostics)
    return told(read.diagnostics)


def record(value: object) -> LearnerRecord:
    read = record_from(value)
    assert read.diagnostics == ()
    assert read.record is not None
    return read.record


ADJUSTMENT = {
    "id": "j1",
    "kind": "substitute",
    "award": "x/dip",
    "requirement": "core",
    "reason": "Board of 3 May",
    "by": "registrar",
    "on": "2026-05-03",
    "expires": "2027-05-03",
    "achievement": "a1",
    "credential": "x/b",
}


def adjustment(kind: str, **names: object) -> dict[str, object]:
    beside = {key: ADJUSTMENT[key] for key in ("id", "award", "reason", "by", "on")}
    return {**beside, "kind": kind, **names}


WRITTEN = {
    "learner": "ada",
    "credentials": [
        {
            "id": "e/logic",
            "title": "Logic",
            "issuer": "e",
            "credits": "7.5",
            "level": {"framework": "eqf", "at": 6},
            "tags": "elective",
            "cluster": ["alpha", "beta"],
        }
    ],
    "achievements": [
        {
            "id": "a1",
            "credential": "x/a",
            "status": "in-progress",
            "grade": "B+",
            "started": "2025-09-01",
            "earned": "2026-01-31",
            "awarded": "2026-02-15",
            "source": "transferred",
            "credits": "7.5",
            "unit": "ects",
            "term": "2025-autumn",
            "attempt": 2,
            "registration": "non-degree",
            "used_in": ["x/cert"],
            "attributes": {
                "cluster": "alpha",
                "size": 3,
                "lab": True,
                "since": "2026-01-01",
                "in": ["a", "b"],
            },
        }
    ],
    "milestones": {"admission": "2025-09-01"},
    "attestations": [{"requirement": "thesis", "role": "dean", "by": "B.", "on": "2026-01-01"}],
    "attributes": {"cohort": 2025},
    "declared": ["x/dip"],
    "adjustments": [ADJUSTMENT],
}
READ = LearnerRecord(
    learner=LearnerId("ada"),
    credentials=(
        Credential(
            id=CredentialId("e/logic"),
            title="Logic",
            issuer=IssuerId("e"),
            credits=Credits(7500),
            level=Level("eqf", 6),
            tags=("elective",),
            attributes={"cluster": ("alpha", "beta")},
        ),
    ),
    achievements=(
        Achievement(
            id=AchievementId("a1"),
            credential=CredentialId("x/a"),
            status="in-progress",
            grade="B+",
            started=date(2025, 9, 1),
            earned=date(2026, 1, 31),
            awarded=date(2026, 2, 15),
            source="transferred",
            credits=Credits(7500),
            unit="ects",
            term="2025-autumn",
            attempt=2,
            registration="non-degree",
            used_in=(CredentialId("x/cert"),),
            attributes={
                "cluster": "alpha",
                "size": 3,
                "lab": True,
                "since": date(2026, 1, 1),
                "in": ("a", "b"),
            },
        ),
    ),
    milestones=(Milestone(name="admission", on=date(2025, 9, 1)),),
    attestations=(Attestation(requirement="thesis", role="dean", by="B.", on=date(2026, 1, 1)),),
    attributes={"cohort": 2025},
    declared=(CredentialId("x/dip"),),
    adjustments=(
        Adjustment(
            id="j1",
            kind="substitute",
            award=CredentialId("x/dip"),
            requirement="core",
            reason="Board of 3 May",
            by="registrar",
            on=date(2026, 5, 3),
            expires=date(2027, 5, 3),
            achievement=AchievementId("a1"),
            credential=CredentialId("x/b"),
        ),
    ),
)


def test_every_key_of_a_record_is_read() -> None:
    assert record(WRITTEN) == READ


def test_a_file_says_the_same_as_json_and_as_yaml() -> None:
    yaml = b"earned: [{credential: x/a, earned: 2026-01-31, credits: 5}]\n"
    plain = b'{"earned": [{"credential": "x/a", "earned": "2026-01-31", "credits": 5}]}'
    assert read_record(json.dumps(WRITTEN).encode(), "ada.json").record == READ
    assert read_record(yaml, "ada.yaml") == read_record(plain, "ada.yaml")


def test_the_short_form_groups_by_status_and_ids_come_from_credentials() -> None:
    found = record(
        {
            "earned": ["x/a", {"credential": "x/b", "grade": "B"}],
            "in_progress": "x/c",
            "planned": [{"credential": "x/a", "attempt": 2}],
            "surrendered": ["x/d"],
        }
    ).achievements
    assert [(one.id, one.credential, one.status, one.attempt) for one in found] == [
        ("x/a", "x/a", "earned", 1),
        ("x/b", "x/b", "earned", 1),
        ("x/c", "x/c", "in-progress", 1),
        ("x/a#2", "x/a", "planned", 2),
        ("x/d", "x/d", "surrendered", 1),
    ]


def test_a_learner_without_a_name_gets_the_one_that_is_given() -> None:
    named = record_from({}, learner="ada").record
    assert named == LearnerRecord(learner=LearnerId("ada"))


def achievement(**keys: object) -> dict[str, object]:
    return {"achievements": [{"credential": "x/a", **keys}]}


AT = "$.achievements[0]"


@pytest.mark.parametrize(
    ("keys", "finding"),
    [
        ({"staus": "earned"}, "CN0201 @.staus: unknown key `staus` in an achievement: did you mean `status`?"),
        ({"status": "done"}, f"CN0204 @.status: `done` is not one of the words for it: write one of {STATUSES}"),
        ({"status": "erned"}, "CN0204 @.status: `erned` is not one of the words for it: did you mean `earned`?"),
        ({"status": None}, f"CN0204 @.status: `null` is not one of the words for it: write one of {STATUSES}"),
        ({"source": "bought"}, "CN0204 @.source: `bought` is not one of the words for it: write one of taken, transferred, recognised-prior-learning, examination"),
        ({"credits": 7.5}, f"CN0207 @.credits: `7.5` is not an amount of credits: {AMOUNT}"),
        ({"credits": True}, f"CN0207 @.credits: `true` is not an amount of credits: {AMOUNT}"),
        ({"credits": float("nan")}, f"CN0207 @.credits: `nan` is not an amount of credits: {AMOUNT}"),
        ({"credits": float("inf")}, f"CN0207 @.credits: `inf` is not an amount of credits: {AMOUNT}"),
        ({"credits": "NaN"}, f"CN0207 @.credits: `NaN` is not an amount of credits: {AMOUNT}"),
        ({"credits": -5}, f"CN0207 @.credits: `-5` is not an amount of credits: {AMOUNT}"),
        ({"credits": "-5"}, f"CN0207 @.credits: `-5` is not an amount of credits: {AMOUNT}"),
        ({"credits": "1e3"}, f"CN0207 @.credits: `1e3` is not an amount of credits: {AMOUNT}"),
        ({"credits": "\u0663"}, f"CN0207 @.credits: `\u0663` is not an amount of credits: {AMOUNT}"),
        ({"credits": None}, f"CN0207 @.credits: `null` is not an amount of credits: {AMOUNT}"),
        ({"credits": 12345678901234567890}, f"CN0207 @.credits: `12345678901234567890` is out of range: {AMOUNT}"),
        ({"credits": "12345678901234567890"}, f"CN0207 @.credits: `12345678901234567890` is out of range: {AMOUNT}"),
        ({"credits": "7.0001"}, f"CN0207 @.credits: `7.0001` is out of range: {AMOUNT}"),
        ({"credits": ["5"]}, f"CN0207 @.credits: `['5']` is not an amount of credits: {AMOUNT}"),
        ({"attempt": True}, "CN0203 @.attempt: `attempt` has to be a whole number from 0 to 1000000: "),
        ({"attempt": 1.0}, "CN0203 @.attempt: `attempt` has to be a whole number from 0 to 1000000: "),
        ({"attempt": -1}, "CN0203 @.attempt: `attempt` has to be a whole number from 0 to 1000000: "),
        ({"earned": "2026-02-30"}, f"CN0108 @.earned: `2026-02-30` is not a date: {DAY}"),
        ({"earned": "2026-02-01T10:00:00Z"}, f"CN0108 @.earned: `2026-02-01T10:00:00Z` is not a date: {DAY}"),
        ({"earned": datetime(2026, 2, 1, tzinfo=UTC)}, "CN0203 @.earned: `earned` has to be a date such as 2026-02-28: "),
        ({"earned": 20260201}, "CN0203 @.earned: `earned` has to be a date such as 2026-02-28: "),
        ({"earned": "1" * 100}, f"CN0108 @.earned: `{'1' * 59}…` is not a date: {DAY}"),
        ({"grade": 3}, 'CN0203 @.grade: `grade` has to be text: quote it: "3"'),
        ({"grade": "x" * 501}, "CN0205 @.grade: text of 501 characters is too long: shorten it"),
        ({"id": ""}, "CN0206 @.id: `` is not a name: write visible characters"),
        ({"id": "a\nb"}, "CN0206 @.id: `a b` is not a name: write visible characters"),
        ({"credential": 7}, f"CN0206 @.credential: `7` is not an id: {ID}"),
        ({"used_in": ["x/y", "x y"]}, f"CN0206 @.used_in[1]: `x y` is not an id: {ID}"),
        ({"attributes": ["a"]}, "CN0203 @.attributes: `attributes` has to be attributes: keys and values: "),
        ({"attributes": {"a": 1.5}}, f"CN0203 @.attributes.a: `a` has to be {FACT}: "),
        ({"attributes": {"k" * 501: 1}}, "CN0205 @.attributes: text of 501 characters is too long: shorten it"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_achievement_is_told_with_its_place_and_a_remedy(
    keys: dict[str, object], finding: str
) -> None:
    assert told_of(achievement(**keys)) == [finding.replace("@", AT, 1)]


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        ([], "CN0203 $: it has to be a record: keys and values: "),
        (None, "CN0203 $: it has to be a record: keys and values: "),
        ({"achievments": []}, "CN0201 $.achievments: unknown key `achievments` in a record: did you mean `achievements`?"),
        ({"zzz": 1}, f"CN0201 $.zzz: unknown key `zzz` in a record: {RECORD_KEYS}"),
        ({"like": "ada"}, f"CN0201 $.like: unknown key `like` in a record: {RECORD_KEYS}"),
        ({"in-progress": []}, "CN0201 $.in-progress: unknown key `in-progress` in a record: did you mean `in_progress`?"),
        ({"achievements": None}, "CN0203 $.achievements: `achievements` has to be an achievement: keys and values: "),
        ({"achievements": [7]}, "CN0203 $.achievements[0]: entry 1 has to be an achievement: keys and values: "),
        ({"achievements": [{}]}, "CN0202 $.achievements[0]: an achievement has no `credential`: add `credential`"),
        ({"earned": [{"credential": "x/a", "status": "failed"}]}, "CN0211 $.earned[0].status: `status` stands in a list of what is earned: delete it"),
        ({"credentials": [{"id": "e/a", "title": "A"}]}, "CN0202 $.credentials[0]: a credential has no `issuer`: add `issuer`"),
        ({"credentials": ["e/a"]}, "CN0203 $.credentials[0]: entry 1 has to be a credential: keys and values: "),
        ({"credentials": [{"id": "e/a", "title": "A", "issuer": "e", "": 1}]}, "CN0206 $.credentials[0]: `` is not a name: write visible characters"),
        ({"milestones": [{"name": "a"}]}, "CN0202 $.milestones[0]: a milestone has no `on`: add `on`"),
        ({"milestones": {"a": "2026-13-01"}}, f"CN0108 $.milestones.a: `2026-13-01` is not a date: {DAY}"),
        ({"milestones": {"": "2026-01-01"}}, "CN0206 $.milestones: `` is not a name: write visible characters"),
        ({"attestations": [{"requirement": "r", "role": "dean", "by": "B."}]}, "CN0202 $.attestations[0]: an attestation has no `on`: add `on`"),
        ({"declared": ["x/a", 7]}, f"CN0206 $.declared[1]: `7` is not an id: {ID}"),
        ({"adjustments": [{**ADJUSTMENT, "kind": "forgive"}]}, f"CN0204 $.adjustments[0].kind: `forgive` is not one of the words for it: write one of {KINDS}"),
        ({"adjustments": [{**ADJUSTMENT, "expires": "2026-05-03"}]}, "CN0213 $.adjustments[0].expires: an adjustment of 2026-05-03 expires on 2026-05-03, before it applies: give the first day without it"),
        ({"adjustments": [{**ADJUSTMENT, "amount": 5}]}, "CN0711 $.adjustments[0].amount: `amount` says nothing in `substitute`: delete it: `substitute` names `requirement`, `credential` and `achievement`"),
        ({"adjustments": [adjustment("waive", achievement="a1", requirement="r")]}, "CN0711 $.adjustments[0].achievement: `achievement` says nothing in `waive`: delete it: `waive` names `requirement`"),
        ({"adjustments": [adjustment("waive")]}, "CN0711 $.adjustments[0]: `waive` has no `requirement`: add `requirement`: the id of what it is about"),
        ({"adjustments": [adjustment("exclude")]}, "CN0711 $.adjustments[0]: `exclude` has no `achievement`: add `achievement`: the id of the achievement that is meant"),
        ({"adjustments": [adjustment("adjust-credits", achievement="a1", amount=5, requirement="r")]}, "CN0711 $.adjustments[0].requirement: `requirement` says nothing in `adjust-credits`: delete it: `adjust-credits` names `achievement` and `amount`"),
        ({"adjustments": [adjustment("also-allow", requirement="r")]}, "CN0711 $.adjustments[0]: `also-allow` has no `credential`: add `credential`: the credential that is meant"),
        ({"adjustments": [adjustment("adjust-quantity", requirement="r", amount=1.5)]}, f"CN0207 $.adjustments[0].amount: `1.5` is not an amount of credits: {AMOUNT}"),
        ({"learner": 5}, 'CN0203 $.learner: `learner` has to be text: quote it: "5"'),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_record_is_told_with_its_place_and_a_remedy(
    value: object, finding: str
) -> None:
    assert told_of(value) == [finding]


TOO_MANY = (
    "2001 achievements are more than the 2000 of a record: leave out those that no award asks for"
)


@pytest.mark.parametrize(
    "names",
    [
        adjustment("waive", requirement="core"),
        adjustment("also-allow", requirement="core", credential="x/a"),
        adjustment("apply-here", requirement="core", achievement="a1"),
        adjustment("exclude", achievement="a1"),
        adjustment("exclude", achievement="a1", requirement="core"),
        adjustment("adjust-quantity", requirement="core", amount=5),
        adjustment("adjust-credits", achievement="a1", amount="2.5"),
    ],
    ids=lambda names: str(names["kind"]),
)
def test_each_kind_names_what_it_decides(names: dict[str, object]) -> None:
    (read,) = record({"adjustments": [names]}).adjustments
    said = (read.requirement, read.credential, read.achievement, read.amount)
    keys = ("requirement", "credential", "achievement", "amount")
    assert [key for key, own in zip(keys, said, strict=True) if own] == [
        key for key in keys if key in names
    ]


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        ({"achievements": [{"id": "a", "credential": "x/a"}, {"id": "a", "credential": "x/b"}]}, "CN0701 $.achievements[1]: the achievement id `a` stands twice: give each achievement an id of its own"),
        ({"earned": [{"credential": "x/a", "earned": "2026-01-01"}] * 2}, "CN0701 $.earned[1]: `x/a` is listed twice with the same day and attempt: delete one, or number the `attempt`"),
        ({"milestones": [{"name": "entry", "on": "2026-01-01"}] * 2}, "CN0701 $.milestones[1]: the milestone `entry` stands twice: keep one"),
        ({"credentials": [{"id": "e/a", "title": "A", "issuer": "e"}] * 2}, "CN0701 $.credentials[1].id: the credential `e/a` is described twice: keep one"),
        ({"credentials": [{}] * 2001}, "CN0702 $.credentials: 2001 credentials are more than the 2000 of a record: leave out those that no achievement is of"),
        ({"earned": ["x/a"] * 2001}, f"CN0702 $.earned: {TOO_MANY}"),
        ({"earned": [f"x/a{n}" for n in range(1500)], "failed": [f"x/b{n}" for n in range(501)]}, f"CN0702 $: {TOO_MANY}"),
    ],
)  # fmt: skip
def test_what_stands_twice_or_is_too_much_is_told(value: object, finding: str) -> None:
    assert told_of(value) == [finding]


def test_two_attempts_and_two_days_are_no_duplicates() -> None:
    days = [{"credential": "x/a", "earned": f"2026-01-0{day}"} for day in (1, 2)]
    tries = [{"credential": "x/b", "attempt": number} for number in (1, 2)]
    assert len(record({"earned": [*days, *tries]}).achievements) == 4


def test_every_problem_is_told_at_once() -> None:
    wrong = {"credits": 7.5, "earned": "soon", "grde": "B"}
    assert [one.partition(":")[0] for one in told_of({**achievement(**wrong), "x": 1})] == [
        "CN0207 $.achievements[0].credits",
        "CN0108 $.achievements[0].earned",
        "CN0201 $.achievements[0].grde",
        "CN0201 $.x",
    ]


def test_after_twenty_problems_the_rest_is_counted() -> None:
    found = told_of({"earned": [{"credential": f"x/a{n}", "credits": 0.5} for n in range(30)]})
    assert len(found) == 21
    assert found[-1].startswith("CN0119 $.earned[20].credits: 10 more problems")


def test_a_value_that_the_reader_refuses_is_told_once() -> None:
    source = b"earned: [{credential: x/a, earned: 2026-01-01T10:00:00Z, credits: 7.5}]\n"
    read = read_record(source, "ada.yaml")
    assert read.record is None
    assert [(str(one.span), one.code) for one in read.diagnostics] == [
        ("ada.yaml:1:36", "CN0109"),
        ("ada.yaml:1:67", "CN0105"),
    ]


def test_one_achievement_is_read_by_itself() -> None:
    found, problems = achievement_from({"credential": "x/a", "credits": "5"})
    assert found == Achievement(
        id=AchievementId("x/a"), credential=CredentialId("x/a"), credits=Credits(5000)
    )
    assert problems == ()
    assert told(achievement_from({"credits": "x"})[1]) == [
        "CN0202 $: an achievement has no `credential`: add `credential`",
        f"CN0207 $.credits: `x` is not an amount of credits: {AMOUNT}",
    ]
