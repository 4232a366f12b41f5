"""Every reason that an audit can give, with its whole sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from app.core.engine import exact
from app.core.explain.audits import audit_record
from app.core.explain.phrases import after_colon, because
from app.core.explain.wishes import MOST_PRICED
from app.core.model.audit import Audit
from app.core.model.credential import CredentialId
from app.core.model.period import Span
from app.core.model.reason import Reason, ReasonCode
from app.core.model.record import Achievement, Adjustment
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Attest,
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    Last,
    MilestoneStep,
    Pair,
    Qualifiers,
    Requirement,
    When,
    Window,
)
from app.core.model.rule import Exclusion, OnAward, RuleEdition
from app.core.model.selector import (
    AgeTest,
    Circumstance,
    Declared,
    ForWhom,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    Selector,
    Test,
)
from tests.core.engine.builders import (
    TODAY,
    choose,
    compiled,
    credits_from,
    every,
    held,
    record,
    rule,
    tagged,
    take,
)
from tests.core.engine.test_adjustments import adjust
from tests.core.explain.saying import KNOWN, at_most, together, wishing

CORE, OTHER = tagged("core"), tagged("other")
TWO_YEARS = Span(2, "year")
OWN_CHOICE = Qualifiers(windows=(Window(length=TWO_YEARS, anchor="earliest-used"),))
OLD = held("a", earned=date(2020, 1, 1))
LATEST = Last(
    measure="credits", amount=6000, at_least=(replace(at_most(4).at_most[0], selector=CORE),)
)
SOUND = Each(id="sound", title="Sound", must=Selector((GradeTest("B"),)), over_record=True)
IN_TIME = Window(
    id="time", title="Time", length=TWO_YEARS, anchor="earliest-used", over_record=True
)
ONE_TAG = Distinct(id="tags", title="Tags", by="tag", high=1, over_record=True)
GPA = Qualifiers(averages=(Average(id="gpa", title="GPA", low=3000),))


ONE = Qualifiers(at_most=(Bound(id="cap", title="Cap", measure="choose", amount=1),))


def told(root: Requirement, *holding: Achievement, whole: Qualifiers = NO_QUALIFIERS) -> Audit:
    return together(rule(root, whole=whole), held=holding)[0]


def one(*tests: Test, said: Qualifiers = NO_QUALIFIERS, number: int = 1) -> From:
    return choose("core", number, Selector((*CORE.tests, *tests)), said)


def floor(selector: Selector, amount: int, *, over_record: bool = False) -> Bound:
    return Bound(
        id="floor",
        title="Floor",
        measure="credits",
        amount=amount,
        selector=selector,
        over_record=over_record,
    )


def excluding() -> RuleEdition:
    ids = CredentialId("a"), CredentialId("b")
    return replace(rule(one(number=2)), excludes=(Exclusion(id="e", credentials=ids),))


def pairing() -> RuleEdition:
    return replace(rule(one()), pairs=(Pair(credentials=(CredentialId("a"), CredentialId("x"))),))


def barred() -> Audit:
    said = OnAward(award=CredentialId("x"), effect="bar")
    return together(replace(rule(one()), on_award=(said,)), held=(held("x"),))[0]


def covered() -> Audit:
    said = OnAward(award=CredentialId("p"), effect="keep")
    above = replace(rule(one(), award="higher"), on_award=(said,))
    own = compiled(rule(one()), KNOWN, late_lower_award="refuse")
    return audit_record([own], record(held("a")), TODAY, [compiled(above, KNOWN)])[0]


def decided(*adjusted: Adjustment) -> Audit:
    award = compiled(rule(one()), KNOWN)
    who = replace(record(held("a")), adjustments=adjusted)
    return audit_record([award], who, TODAY)[0]


def choice() -> Audit:
    parts = choose("core", 3, CORE), choose("other", 2, OTHER)
    way = Group(id="way", title="Way", parts=parts, need=1)
    return told(way, held("a"), held("x"), held("y", "C"), whole=GPA)


def optional(holding: Achievement) -> Audit:
    extra = replace(take("extra", "y"), optional=True)
    return told(every(take("core", "a"), extra), held("a"), holding, whole=GPA)


def below() -> Audit:
    said = Qualifiers(each=(Each(must=Selector((GradeTest("B"),))),))
    return told(replace(take("core", "a"), qualifiers=said), held("a", "C"))


def twice() -> Audit:
    again = replace(held("again"), credential=CredentialId("a"))
    return together(rule(take("core", "a", "b")), held=(held("a"), again), retakes="each")[0]


def capped() -> Audit:
    return wishing(credits_from("core", 12, CORE, at_most(8)), held("large"), wishes=IN_CORE)


def unsearched() -> Audit:
    """A wish that only a search could settle, where none may be made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "MOST_TERMS", 0)
        return capped()


def many() -> Audit:
    root = every(choose("core", 1, CORE), choose("other", 1, OTHER))
    places = (("b", "core"),) * (MOST_PRICED + 1)
    return wishing(root, held("a", "B"), held("b", "C"), held("x"), wishes=places, whole=GPA)


IN_CORE = (("large", "core"),)
SAID: Mapping[ReasonCode, tuple[Callable[[], Audit], str]] = {
    "does-not-match": (
        lambda: told(one(), held("x")),
        "It does not match Core: tag is other, needs core.",
    ),
    "in-excess": (
        lambda: told(one(), held("a"), held("b")),
        "Enough counts toward Core without it.",
    ),
    "used-elsewhere": (
        lambda: told(every(take("first", "a"), one()), held("a")),
        "A would match but counts toward First; moving it here would leave that 1 short.",
    ),
    "cap-reached": (
        lambda: told(credits_from("core", 8, CORE, at_most(4)), held("a"), held("b")),
        "Cap lets at most 4 au count, and 4 au of that is used.",
    ),
    "not-countable": (
        lambda: told(one(), replace(held("a"), status="withdrawn")),
        "What is withdrawn does not count.",
    ),
    "grade-too-low": (lambda: told(one(GradeTest("B")), held("a", "C")), "Grade C is below B."),
    "grade-too-high": (
        lambda: told(one(GradeTest(None, "B")), held("a", "A")),
        "Grade A is above B.",
    ),
    "too-old": (
        lambda: told(one(AgeTest(TWO_YEARS, "earned", "audit")), OLD),
        "It was earned on 1 January 2020, more than 2 years before the audit on 1 June 2026.",
    ),
    "outside-window": (
        lambda: told(
            one(
                number=2,
                said=OWN_CHOICE,
            ),
            OLD,
            held("b"),
            held("c"),
        ),
        "It lies outside the 2 years that run from the earliest credential used, 30 June 2025.",
    ),
    "too-long": (
        lambda: told(
            one(said=OWN_CHOICE),
            replace(held("a"), started=date(2020, 1, 1)),
        ),
        "It ran from 1 January 2020 to 30 June 2025, longer than 2 years.",
    ),
    "no-day": (
        lambda: told(one(AgeTest(TWO_YEARS, "earned", "audit")), held("a", earned=None)),
        "The day on which it was earned is not recorded.",
    ),
    "wrong-level": (
        lambda: told(one(LevelTest("eqf", 8, None, "at")), held("a")),
        "Its level is EQF 7, needs EQF 8.",
    ),
    "already-used": (
        lambda: told(
            one(Not(Selector((OneOf("used_in", ("any",)),)))),
            replace(held("a"), used_in=(CredentialId("x"),)),
        ),
        "It already counts in X.",
    ),
    "not-used": (
        lambda: told(one(OneOf("used_in", ("any",))), held("a")),
        "It counts in no other award, as Core asks.",
    ),
    "not-for-learner": (
        lambda: told(one(ForWhom(Circumstance((Declared(("x/t",)),)))), held("a")),
        "It counts toward Core only for learners who have declared (x/t).",
    ),
    "duplicates": (
        lambda: together(excluding(), held=(held("a"), held("b")))[0],
        "It duplicates A, which counts.",
    ),
    "pair-incomplete": (
        lambda: together(pairing(), held=(held("a"),))[0],
        "It counts only together with X.",
    ),
    "not-shareable": (
        lambda: together(rule(one()), rule(one(), award="q"), held=(held("a"),))[1],
        "It counts in P, and the awards share nothing.",
    ),
    "superseded": (
        lambda: told(one(), held("a"), replace(held("b", "C"), credential=CredentialId("a"))),
        "Another attempt stands for it: a.",
    ),
    "not-finished": (
        lambda: told(one(), held("a", status="in-progress")),
        "It is in progress and would count toward Core.",
    ),
    "no-credit": (
        lambda: told(credits_from("core", 4, CORE), held("none")),
        "It brings no credit to Core.",
    ),
    "not-chosen": (
        choice,
        "Way counts by the part nearest to being met, and Core is not it.",
    ),
    "parts-used": (
        lambda: told(
            Group(
                id="way",
                title="Way",
                parts=(choose("core", 2, CORE), choose("other", 2, OTHER)),
                need=1,
                most=1,
            ),
            held("a"),
            held("b"),
            held("x"),
        ),
        "Only 1 of the parts of Way can be used, and Core is.",
    ),
    "no-gain": (twice, "Counting it toward Core would bring the award no further."),
    "would-lower": (
        lambda: optional(held("y", "C")),
        "With it the average would be 2.50, and GPA needs 3.00.",
    ),
    "missing": (lambda: told(take("core", "a"), held("b")), "Missing: A."),
    "nothing-matches": (lambda: told(one(), held("x")), "Nothing that is earned matches it."),
    "not-enough": (lambda: told(one(number=2), held("a")), "What matches comes to 1 of 2."),
    "trimmed": (
        lambda: together(
            rule(credits_from("core", 12, CORE, at_most(8))), held=(held("large"),), caps="trim"
        )[0],
        "LARGE counts with 8 of its 9 au, as Cap lets at most 8 au count.",
    ),
    "held-back": (
        lambda: told(credits_from("core", 8, CORE, at_most(4)), held("a"), held("b")),
        "B would match: Cap lets at most 4 au count, and 4 au of that is used.",
    ),
    "not-admitted": (
        lambda: told(
            replace(
                take("core", "a"),
                qualifiers=Qualifiers(each=(Each(must=Selector((GradeTest("B"),))),)),
            ),
            held("a", "C"),
        ),
        "A does not count toward it: grade C is below B.",
    ),
    "retake": (
        lambda: told(
            replace(
                take("core", "a"),
                qualifiers=Qualifiers(each=(Each(must=Selector((GradeTest("B"),))),)),
            ),
            held("a", "C"),
        ),
        "Retake A.",
    ),
    "floor-not-reached": (
        lambda: told(one(said=Qualifiers(at_least=(floor(CORE, 8000),))), held("a")),
        "What counts comes to 4 au of 8 au.",
    ),
    "breadth-not-reached": (
        lambda: told(
            one(said=Qualifiers(distinct=(Distinct(id="d", title="D", by="tag", low=2),))),
            held("a"),
        ),
        "What counts covers 1 of 2 different tags.",
    ),
    "average-too-low": (
        lambda: told(one(), held("a", "C"), whole=GPA),
        "The average is 2.00, needs 3.00.",
    ),
    "no-graded-credit": (
        lambda: told(one(), held("a", "S"), whole=GPA),
        "Nothing that counts here has a grade with points.",
    ),
    "step-not-recorded": (
        lambda: told(MilestoneStep(id="s", title="Step", milestone="first-placement")),
        "The step first placement is not recorded.",
    ),
    "awaits-person": (
        lambda: told(Attest(id="s", title="Step", role="supervisor")),
        "It waits for the supervisor to confirm it.",
    ),
    "parts-missing": (
        lambda: told(every(one(), take("more", "x")), held("a")),
        "1 of 2 parts are met.",
    ),
    "condition-short": (
        lambda: told(one(said=Qualifiers(at_least=(floor(CORE, 8000),))), held("a")),
        "Enough of it is met, but Floor is not.",
    ),
    "not-allowed": (
        lambda: told(
            one(), held("a"), whole=Qualifiers(at_most=(floor(CORE, 0, over_record=True),))
        ),
        "Floor: at most 0 au may be on the record, and it holds 4 au.",
    ),
    "applies": (
        lambda: told(
            When(
                id="when",
                title="When",
                circumstance=Circumstance((Declared(("x",)),)),
                then=take("core", "a"),
                otherwise=take("other", "b"),
            )
        ),
        "It applies to learners who have not declared X.",
    ),
    "in-conflict": (
        lambda: told(every(take("core", "a"), one(number=2)), held("a"), held("b")),
        (
            "Core and Core cannot both be met, with what is held: they ask for 12 au together, and "
            "8 au can be reached; A would serve more than one of them and counts once."
        ),
    ),
    "resolved-by": (
        lambda: told(every(take("core", "a"), one(number=2)), held("a"), held("b")),
        "Holding any one of these too would resolve it: C or LARGE.",
    ),
    "limit-binds": (
        lambda: told(every(take("one", "a"), take("two", "b")), held("a"), held("b"), whole=ONE),
        "A decision to lift any of these would resolve it: Cap (at most 1).",
    ),
    "latest-not-reached": (
        lambda: told(
            credits_from("any", 8, tagged("core", "other")),
            held("a"),
            held("x", earned=date(2026, 1, 1)),
            whole=Qualifiers(last=(LATEST,)),
        ),
        "Of the latest 6 au that count, 2 au of 4 au are as asked.",
    ),
    "not-all-match": (
        lambda: told(one(), held("a"), held("b", "C"), whole=Qualifiers(each=(SOUND,))),
        "All on the record has to be as asked, and B is not.",
    ),
    "record-out-of-time": (
        lambda: told(one(), OLD, held("b"), held("c"), whole=Qualifiers(windows=(IN_TIME,))),
        (
            "B and C lie outside the 2 years that run from the earliest on the record on "
            "1 January 2020."
        ),
    ),
    "too-many-values": (
        lambda: told(one(), held("a"), held("x"), whole=Qualifiers(distinct=(ONE_TAG,))),
        "There are 2 different tags on the record, and at most 1 may be.",
    ),
    "out-of-order": (
        lambda: told(
            every(one(), replace(choose("then", 2, OTHER), after=("core",))),
            held("a"),
            held("x", earned=date(2025, 1, 1)),
            held("y", earned=date(2025, 1, 1)),
        ),
        (
            "It was completed on 30 June 2025, and X, which is to come after it, was begun on "
            "1 January 2025."
        ),
    ),
    "adjusted": (
        lambda: decided(adjust("waive", "core", award="p")),
        "Core is waived, decided by registrar on 1 January 2026: Board.",
    ),
    "lapsed": (
        lambda: decided(adjust("waive", "core", award="p", expires=TODAY)),
        (
            "The waiver of Core by registrar on 1 January 2026 does not apply: it expired on "
            "1 June 2026."
        ),
    ),
    "moving": (
        lambda: wishing(
            every(take("first", "a"), one()), held("a"), held("b"), wishes=(("a", "core"),)
        ),
        "Moving A to Core costs 1 in First, and First and P are then not met.",
    ),
    "move-impossible": (
        capped,
        "Under the limits of the rules it cannot count toward Core, whatever else counts.",
    ),
    "no-such-place": (
        lambda: wishing(one(), held("a"), wishes=(("a", "nowhere"),)),
        "This edition has no requirement nowhere, or not for this learner.",
    ),
    "takes-nothing": (
        lambda: wishing(
            every(one(), MilestoneStep(id="step", title="Step", milestone="viva")),
            held("a"),
            wishes=(("a", "step"),),
        ),
        "No achievement counts toward Step.",
    ),
    "not-on-record": (
        lambda: wishing(one(), held("a"), wishes=(("c", "core"),)),
        "The record has no c.",
    ),
    "wish-instead": (
        lambda: wishing(one(), held("a"), held("b"), wishes=(("a", "core"), ("b", "core"))),
        "Another wish is honoured in its place.",
    ),
    "wish-open": (
        unsearched,
        "Whether it can count there too was not settled within the limit.",
    ),
    "price-not-asked": (
        many,
        "What it would cost is told where it is asked for by itself.",
    ),
    "barred": (barred, "Accepting X ended the right to this award."),
    "higher-complete": (covered, "The requirements of the higher award HIGHER are complete."),
}


def given(audit: Audit) -> Iterator[Reason]:
    for achievement in audit.achievements:
        yield from [achievement.reason] if achievement.reason else ()
    for requirement in audit.requirements:
        yield from requirement.reasons
    yield from (one.reason for one in audit.adjustments)
    yield from audit.answers.admission.reasons if audit.answers.admission else ()
    yield from audit.conflict.reasons if audit.conflict else ()
    yield from (one.reason for one in audit.wishes if one.reason)


@pytest.mark.parametrize("code", SAID)
def test_a_reason_is_given_with_its_whole_sentence(code: ReasonCode) -> None:
    audit, sentence = SAID[code]
    assert (code, sentence) in {(reason.code, reason.text) for reason in given(audit())}


def test_every_reason_that_can_be_given_is_given_here() -> None:
    assert set(SAID) == set(get_args(ReasonCode))


def test_after_a_colon_a_sentence_starts_small_and_a_name_does_not() -> None:
    repeated = because("duplicates", other=("Statistics",))
    assert after_colon(repeated) == "it duplicates Statistics, which counts."
    out = because(
        "adjusted",
        kind="exclude",
        achievement="Machine Learning 1",
        by="Ana",
        on="2026-01-05",
        why="Twice",
    )
    assert after_colon(out).startswith("Machine Learning 1 does not count, decided by Ana")
    many = because("not-admitted", achievements=("Logic", "Sets"), because="it is too old")
    assert after_colon(many) == "Logic and Sets do not count toward it: it is too old."
