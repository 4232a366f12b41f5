"""What the oracle says beside a rule, on answers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.model.credential import CredentialId
from app.core.model.record import Achievement
from app.core.model.requirement import Attest
from app.core.model.rule import AwardEffect, Gate, OnAward, RuleEdition
from tests.core.engine.builders import POLICIES, TODAY, catalogue, credential, held, record, take
from tests.core.engine.builders import rule as rule_of
from tests.oracle.beside import Beside, Question, beside

KNOWN = catalogue(credential("a", 4), credential("b", 4), credential("lower", 8))
LOWER = CredentialId("lower")
TUTORED = Attest(id="word", title="Word", role="tutor")


def question(asked: RuleEdition, *several: Achievement, late: str = "grant") -> Question:
    said = {**POLICIES, "late_lower_award": late}
    return Question(asked, KNOWN, said, record(*several), TODAY)


def conferring(effect: AwardEffect) -> RuleEdition:
    return replace(rule_of(take("core", "a")), on_award=(OnAward(award=LOWER, effect=effect),))


def test_admission_and_gates_stand_by_themselves() -> None:
    asked = replace(
        rule_of(take("core", "a")),
        admission=take("before", "b"),
        gates=(Gate(id="thesis", title="Thesis", require=TUTORED),),
    )
    found = beside(question(asked, held("b")), (), met=False)
    assert found == Beside("met", ("pending",), ())
    assert beside(question(asked, held("a")), (), met=True).admission == "not-met"


def test_who_has_accepted_a_barring_award_is_not_admitted() -> None:
    barring = conferring("bar")
    assert beside(question(barring, held("lower")), (), met=True).admission == "not-met"
    assert beside(question(barring), (), met=True).admission is None


@pytest.mark.parametrize(("late", "admission"), [("refuse", "not-met"), ("grant", None)])
def test_a_lower_award_beside_a_higher_one_that_is_complete(
    late: str, admission: str | None
) -> None:
    lower = replace(rule_of(take("core", "b")), award=LOWER)
    above = question(conferring("supersede"), held("a"))
    assert beside(question(lower, held("a"), late=late), [above], met=False).admission == admission
    missing = question(conferring("supersede"))
    assert beside(question(lower, late=late), [missing], met=False).admission is None


def test_effects_are_told_of_what_is_held_and_openings_of_what_is_not() -> None:
    lost, opened = conferring("supersede"), conferring("open")
    assert beside(question(lost, held("lower")), (), met=True).effects == ((LOWER, "superseded"),)
    assert beside(question(lost, held("lower")), (), met=False).effects == ()
    assert beside(question(lost), (), met=True).effects == ()
    assert beside(question(opened), (), met=True).effects == ((LOWER, "opened"),)
    assert beside(question(opened, held("lower")), (), met=True).effects == ()
