"""What an audit says that conferring the award does to others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.explain.audits import audit_record
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.model.rule import AwardEffect, OnAward
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    compiled,
    credential,
    held,
    record,
    rule,
    take,
)

KNOWN = catalogue(credential("a"), credential("x", 0), credential("p", 0))


def effects(effect: AwardEffect, who: LearnerRecord) -> list[tuple[str, str]]:
    said = OnAward(award=CredentialId("x"), effect=effect)
    award = compiled(
        replace(rule(take("core", "a")), on_award=(said,)), KNOWN, late_lower_award="refuse"
    )
    audit = audit_record([award], who, TODAY)[0]
    return [(one.effect, one.text) for one in audit.answers.effects]


def test_what_an_award_opens_is_told_once_its_rule_is_met() -> None:
    told = "X opens when P is conferred, at the earliest on 1 June 2026."
    assert effects("open", record(held("a"))) == [("opened", told)]
    assert effects("open", record()) == []


def test_what_is_held_already_is_not_opened() -> None:
    assert effects("open", record(held("a"), held("x"))) == []


@pytest.mark.parametrize(
    ("effect", "done"),
    [("keep", "kept"), ("supersede", "superseded"), ("surrender", "surrendered")],
)
def test_what_happens_to_another_award_is_told_where_it_is_held(
    effect: AwardEffect, done: str
) -> None:
    assert [told for told, _ in effects(effect, record(held("a"), held("x")))] == [done]
    assert effects(effect, record(held("a"))) == []


def test_an_award_that_opens_another_is_not_above_it() -> None:
    above = replace(
        rule(take("core", "a"), award="x"),
        on_award=(OnAward(award=CredentialId("p"), effect="open"),),
    )
    own = compiled(rule(take("core", "a")), KNOWN, late_lower_award="refuse")
    higher = [compiled(above, KNOWN)]
    assert audit_record([own], record(held("a")), TODAY, higher)[0].answers.admission is None
