"""Selectors over small catalogues: every key and every test, none very narrow."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from app.core.model.credential import Credential
from app.core.model.period import Span
from app.core.model.selector import (
    EVERYTHING,
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
from tests.properties.worlds import CLUSTERS, DAYS


def make_selector(
    random: Random, features: frozenset[str], several: Sequence[Credential]
) -> Selector:
    """Return what a leaf asks for: mostly a list, since overlapping lists are what is contested."""
    if random.random() < 0.45:
        count = min(len(several), random.randint(2, 4))
        return Selector((OneOf("credential", tuple(c.id for c in random.sample(several, count))),))
    if random.random() < 0.1:
        return EVERYTHING
    tests = [make_test(random, features)]
    if random.random() < 0.15:
        tests.append(make_test(random, features))
    return Selector(tuple(tests))


def make_test(random: Random, features: frozenset[str]) -> Test:
    """Return one test, in a `not` or an `any` now and then, where what is unknown turns round."""
    test = random.choice(SIMPLE)(random)
    if "levels" in features and random.random() < 0.4:
        test = level_test(random)
    if "attribute-ranges" in features and random.random() < 0.5:
        test = range_test(random)
    if "grades" in features and random.random() < 0.4:
        test = grade_test(random)
    if "used-in" in features and random.random() < 0.5:
        test = Not(Selector((OneOf("used_in", ("any",)),)))
    if random.random() < 0.12:
        return Not(Selector((test,)))
    if random.random() < 0.12:
        return AnyOf((Selector((test,)), Selector((random.choice(SIMPLE)(random),))))
    return test


def fact_test(random: Random) -> Test:
    """Return a test of what a credential states."""
    return random.choice(
        (
            OneOf("tag", ("core",)),
            OneOf("tag", ("core", "elective")),
            OneOf("issuer", ("u",)),
            OneOf("type", ("unit",)),
            OneOf("field", ("061",)),
            OneOf("credential", ("u/*",)),
            OneOf("credential", ("*/c1", "u/c3", "u/c4"), exactly=True),
            CreditTest(2000, None),
            CreditTest(None, 3000),
        )
    )


def attribute_test(random: Random) -> Test:
    """Return a test of a declared attribute; a missing one fails it."""
    return random.choice(
        (
            OneOf("cluster", (random.choice(CLUSTERS),)),
            OneOf("cluster", tuple(random.sample(CLUSTERS, 2))),
            OneOf("regular", (True,)),
        )
    )


def range_test(random: Random) -> Test:
    """Return a test of a declared number or day, with one end or both."""
    return random.choice(
        (
            RangeTest("weeks", 10, None),
            RangeTest("weeks", None, 10),
            RangeTest("weeks", 6, 14),
            RangeTest("opened", DAYS[2], None),
            RangeTest("opened", DAYS[1], DAYS[3]),
            # Of another type than it is declared, and of what nothing states.
            RangeTest("opened", 1, None),
            RangeTest("regular", 0, 1),
        )
    )


def learner_test(random: Random) -> Test:
    """Return a test of the learner's own facts, the days at the very ends of spans."""
    return random.choice(
        (
            OneOf("source", ("taken",)),
            OneOf("attempt", (1,)),
            OneOf("status", ("earned", "in-progress")),
            DateTest("earned", random.choice(DAYS), None),
            DateTest("started", None, DAYS[-1]),
            DateTest("awarded", random.choice(DAYS), None),
            AgeTest(Span(random.choice((3, 4, 5)), "year"), "earned", "audit"),
            AgeTest(Span(36, "month"), "earned", "admission"),
            AgeTest(Span(4, "year"), "awarded", "admission"),
        )
    )


def level_test(random: Random) -> Test:
    """Return a test of the level: at, at least, between, as the policy reads it, by the table."""
    return random.choice(
        (
            LevelTest("rqf", 7, None, "policy"),
            LevelTest("rqf", 6, None, "at-least"),
            LevelTest("rqf", 7, 7, "at"),
            LevelTest("eqf", 6, 7, "at-least"),
        )
    )


def grade_test(random: Random) -> Test:
    """Return a test of the grade in either form."""
    return random.choice(
        (GradeTest("C"), GradeTest("B"), GradeTest("C", "B"), OneOf("grade", ("A", "S")))
    )


SIMPLE = (fact_test, fact_test, attribute_test, learner_test)
