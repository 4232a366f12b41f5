"""The checker's own reading of selectors, on answers worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.core.engine.verify_facts import Reading
from app.core.engine.verify_selectors import admits, applies, can_admit, fits
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, Fact, IssuerId
from app.core.model.credits import ConversionPolicy, Credits
from app.core.model.errors import AuditError
from app.core.model.level import Level
from app.core.model.period import Span
from app.core.model.record import Achievement, AchievementId, LearnerId, LearnerRecord, Milestone
from app.core.model.selector import (
    AgeTest,
    AnyOf,
    CreditTest,
    DateTest,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    RangeTest,
    Selector,
    Test,
)
from app.core.model.selector import fits as written_by_engine
from tests.core.engine.builders import LETTERS, POLICIES, TODAY, credits_from, rule, tagged

ML = Credential(
    id=CredentialId("u/ml-1"),
    title="Machine learning",
    issuer=IssuerId("u"),
    type="module",
    credits=Credits(5000),
    unit="ects",
    level=Level("eqf", 7),
    fields=("0613",),
    tags=("core",),
    relation="component",
    equivalents=(CredentialId("x/ml"),),
    attributes={
        "cluster": "alpha",
        "bucket": ("arts", "law"),
        "weeks": 10,
        "since": date(2024, 1, 1),
    },
)
BARE = Credential(id=CredentialId("x/ml"), title="Other", issuer=IssuerId("x"), unit="au")
KNOWN = Catalogue(
    credentials={ML.id: ML, BARE.id: BARE},
    scales={"letter": LETTERS},
    levels={("eqf", 7, "scqf"): 11},
    conversions={
        "c": ConversionPolicy(name="c", version="1", rates={("ects", "au"): Fraction(5, 3)})
    },
)
EARNED = Achievement(
    id=AchievementId("e"),
    credential=ML.id,
    grade="B",
    started=date(2024, 9, 1),
    earned=date(2025, 6, 1),
    source="transferred",
    used_in=(CredentialId("q"),),
    attributes={"regular": True},
)
LACKING = Achievement(id=AchievementId("l"), credential=BARE.id)
COMING = Achievement(id=AchievementId("c"), credential=BARE.id, status="in-progress")


def reading(**policies: str) -> Reading:
    return Reading(
        rule=rule(credits_from("r", 4, tagged("core"))),
        catalogue=KNOWN,
        policies={**POLICIES, "conversion": "c", **policies},
        record=LearnerRecord(
            learner=LearnerId("l"), milestones=(Milestone(name="entry", on=date(2030, 6, 1)),)
        ),
        as_of=TODAY,
        answer="planned",
    )


def is_one_of(key: str, *values: Fact, exactly: bool = False) -> OneOf:
    return OneOf(key, values, exactly)


def negated(test: Test) -> Not:
    return Not(Selector((test,)))


@pytest.mark.parametrize(
    ("test", "earned", "lacking", "coming"),
    [
        (is_one_of("credential", "u/ml-1"), True, True, True),
        (is_one_of("credential", "u/ml-1", exactly=True), True, False, False),
        (is_one_of("credential", "u/*-1"), True, True, True),
        (is_one_of("credential", "u/*2"), False, False, False),
        (is_one_of("issuer", "u"), True, False, False),
        (is_one_of("type", "module"), True, False, False),
        (is_one_of("relation", "component"), True, False, False),
        (is_one_of("field", "061"), True, False, False),
        (is_one_of("tag", "core", "free"), True, False, False),
        (is_one_of("cluster", "alpha"), True, False, False),
        (is_one_of("bucket", "law", "music"), True, False, False),
        (is_one_of("bucket", "music"), False, False, False),
        (negated(is_one_of("bucket", "arts")), False, True, True),
        (is_one_of("regular", True), True, False, False),
        (is_one_of("source", "transferred"), True, False, False),
        (is_one_of("status", "in-progress"), False, False, True),
        (is_one_of("used_in", "any"), True, False, False),
        (is_one_of("used_in", "q"), True, False, False),
        (is_one_of("grade", "B"), True, False, True),
        (is_one_of("grade", "A"), False, False, True),
        (negated(is_one_of("cluster", "alpha")), False, True, True),
        (GradeTest("B-", "A-"), True, False, True),
        (GradeTest("B+"), False, False, True),
        (negated(GradeTest("B+")), True, True, True),
        (LevelTest("eqf", 7, None, "at"), True, False, False),
        (LevelTest("eqf", 6, None, "at"), False, False, False),
        (LevelTest("eqf", 6, None, "at-least"), True, False, False),
        (LevelTest("eqf", 6, None, "policy"), False, False, False),
        (LevelTest("scqf", 10, 11, "at"), True, False, False),
        (LevelTest("rqf", 7, None, "at"), False, False, False),
        (CreditTest(8333, 8333), True, False, False),
        (CreditTest(None, 8332), False, True, True),
        (RangeTest("weeks", 10, None), True, False, False),
        (RangeTest("weeks", 6, 9), False, False, False),
        (RangeTest("since", date(2024, 1, 1), date(2024, 1, 1)), True, False, False),
        (RangeTest("since", 1, None), False, False, False),
        (RangeTest("regular", 0, 1), False, False, False),
        (negated(RangeTest("weeks", None, 9)), True, True, True),
        (DateTest("earned", date(2025, 6, 1), date(2025, 6, 1)), True, False, True),
        (DateTest("started", None, date(2024, 8, 31)), False, False, True),
        (AgeTest(Span(1, "year"), "earned", "audit"), True, False, True),
        (AgeTest(Span(364, "day"), "earned", "audit"), False, False, True),
        (AgeTest(Span(5, "year"), "earned", "entry"), True, False, True),
        (
            AnyOf((Selector((is_one_of("issuer", "x"),)), Selector((GradeTest("A"),)))),
            False,
            True,
            True,
        ),
        (AnyOf(()), False, False, False),
    ],
)
def test_a_selector_admits_what_it_says(
    test: Test, earned: bool, lacking: bool, coming: bool
) -> None:
    selector = Selector((test,))
    found = [admits(reading(), selector, one) for one in (EARNED, LACKING, COMING)]
    assert found == [earned, lacking, coming]


def test_the_policy_says_how_a_bare_level_is_read() -> None:
    six = Selector((LevelTest("eqf", 6, None, "policy"),))
    assert admits(reading(level="at-least"), six, EARNED)


def test_a_clock_starts_whatever_the_grade() -> None:
    best = Selector((GradeTest("A"), is_one_of("issuer", "u")))
    assert applies(reading(), best, EARNED)
    assert not admits(reading(), best, EARNED)


@pytest.mark.parametrize(
    ("test", "can"),
    [
        (is_one_of("tag", "core"), True),
        (is_one_of("tag", "free"), False),
        (is_one_of("regular", True), True),
        (is_one_of("cluster", "beta"), False),
        (is_one_of("bucket", "law"), True),
        (negated(is_one_of("bucket", "law")), False),
        (is_one_of("source", "taken"), True),
        (GradeTest("A"), True),
        (negated(is_one_of("tag", "core")), False),
        (CreditTest(8333, None), True),
    ],
)
def test_a_selector_can_admit_a_credential_if_some_learner_could_have_it_so(
    test: Test, can: bool
) -> None:
    assert can_admit(reading(), Selector((test,)), ML) is can


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("u/ml-1", True),
        ("u/*", True),
        ("*", True),
        ("u/*l*1", True),
        ("u/*l*2", False),
        ("u", False),
    ],
)
def test_a_star_stands_for_any_text(pattern: str, fitting: bool) -> None:
    assert fits(pattern, "u/ml-1") is fitting


def test_what_cannot_be_looked_up_is_an_error_in_the_record() -> None:
    ungradable = Achievement(id=AchievementId("g"), credential=ML.id, grade="Z")
    with pytest.raises(AuditError, match="does not know `Z`"):
        admits(reading(), Selector((GradeTest("B"),)), ungradable)
    with pytest.raises(AuditError, match="No policy turns `ects` into `au`"):
        admits(reading(conversion=""), Selector((CreditTest(1, None),)), EARNED)
    unknown = Achievement(id=AchievementId("u"), credential=CredentialId("z"))
    with pytest.raises(AuditError, match="Nobody describes `z`"):
        admits(reading(), Selector(), unknown)


@pytest.mark.parametrize(
    ("pattern", "name", "means"),
    [
        ("x/m-300..399", "x/m-300", True),
        ("x/m-300..399", "x/m-399", True),
        ("x/m-300..399", "x/m-400", False),
        ("x/m-300..399", "x/m-35", False),
        ("x/m-300..399", "x/m-", False),
        ("x/m-300..399", "x/m-3x5", False),
        ("x/m-300..399", "x/n-350", False),
        ("x/m*", "x/m-350", True),
    ],
)
def test_a_range_of_numbers_is_read_alike_by_both(pattern: str, name: str, *, means: bool) -> None:
    assert fits(pattern, name) is means
    assert written_by_engine(pattern, name) is means
