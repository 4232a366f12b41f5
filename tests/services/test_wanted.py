"""Wishes, earlier placements and moves: asked for, kept with the audit, and made again."""

from __future__ import annotations

import json
from datetime import date

import pytest

from app.core.model.credential import CredentialId
from app.core.model.record import AchievementId
from app.core.model.wish import NOTHING_WANTED, Wish
from app.services.errors import NotAuditableError, UnknownAuditError
from app.services.reading import record_of
from app.services.stored import AwardChoice, StoredAudit
from app.services.wanted import Wishes, wanted_from_plain
from app.services.what_if import Hypothesis
from app.wiring import Services
from tests.services.builders import NOTE

CERT = AwardChoice(CredentialId("x/cert"))
DIP = AwardChoice(CredentialId("x/dip"))
JUNE = date(2025, 6, 1)


@pytest.fixture
def ann(services: Services) -> Services:
    """Services that know two learners with three electives, of which two are enough."""
    entries = [
        {"id": name, "credential": f"x/{name}", "grade": "B", "earned": "2025-01-31"}
        for name in "abcd"
    ]
    for who in ("ann", "bob"):
        services.learners.create(who, NOTE)
        for achievement in record_of({"achievements": entries}).achievements:
            services.records.put_achievement(who, achievement, NOTE)
    return services


def wish(achievement: str, requirement: str) -> Wish:
    return Wish(AchievementId(achievement), requirement)


def electives(stored: StoredAudit) -> set[str]:
    """What counts as an elective now."""
    (part, *_) = json.loads(stored.outputs[0].output)["certificate"]["parts"]
    return {one["achievement"] for one in part["placements"] if one["requirement"] == "electives"}


def test_a_wish_chooses_and_is_stored_and_made_again(ann: Services) -> None:
    for one in "bcd":
        wishes = Wishes((wish(one, "electives"),))
        stored = ann.audits.audit("ann", [CERT], JUNE, wishes)
        assert one in electives(stored)
        (told,) = json.loads(stored.outputs[0].output)["wishes"]
        assert (told["achievement"], told["honoured"], told["reason"]) == (one, True, None)
        assert ann.audits.repeat(stored.id).same


def test_what_an_earlier_audit_placed_stays_and_is_made_again(ann: Services) -> None:
    first = ann.audits.audit("ann", [CERT], JUNE, Wishes((wish("d", "electives"),)))
    free = ann.audits.audit("ann", [CERT], JUNE)
    again = ann.audits.audit("ann", [CERT], JUNE, Wishes(stay_with=first.id))
    assert electives(again) == electives(first)
    assert electives(free) != electives(first)
    assert ann.audits.repeat(again.id).same
    # Whatever becomes of the earlier audit, its placement is among the inputs.
    (part, *_) = json.loads(again.inputs)["earlier"]["parts"]
    assert {one["achievement"] for one in part["placements"]} == {"a", *electives(first)}


def test_an_earlier_audit_of_other_awards_stays_where_it_can(ann: Services) -> None:
    first = ann.audits.audit("ann", [CERT], JUNE, Wishes((wish("d", "electives"),)))
    both = ann.audits.audit("ann", [CERT, DIP], JUNE, Wishes(stay_with=first.id))
    assert electives(both) == electives(first)


def test_the_inputs_of_an_audit_without_wishes_are_as_before(ann: Services) -> None:
    plain = ann.audits.audit("ann", [CERT], JUNE)
    assert wanted_from_plain(json.loads(plain.inputs)) is NOTHING_WANTED
    assert b'"wishes"' not in plain.body
    wished = ann.audits.audit("ann", [CERT], JUNE, Wishes((wish("b", "electives"),)))
    assert wished.input_hash != plain.input_hash


def test_an_audit_of_somebody_else_is_not_there_to_stay_with(ann: Services) -> None:
    theirs = ann.audits.audit("bob", [CERT], JUNE)
    for name in (theirs.id, "nowhere"):
        with pytest.raises(UnknownAuditError):
            ann.audits.audit("ann", [CERT], JUNE, Wishes(stay_with=name))


def test_a_record_that_nobody_keeps_may_have_wishes(ann: Services) -> None:
    record = ann.learners.record("ann").record
    for one in "bcd":
        wishes = [wish(one, "electives")]
        (audit,) = ann.audits.evaluate(record, [CERT], as_of=JUNE, wishes=wishes)
        assert [told.honoured for told in audit.wishes] == [True]
        found = ann.what_if.compare_record(record, [CERT], Hypothesis(), JUNE, wishes)
        assert found.before == (audit,)
        assert found.differences[0].placements == ()


def test_a_wish_that_names_no_award_of_several_is_refused(ann: Services) -> None:
    with pytest.raises(NotAuditableError) as refused:
        ann.audits.audit("ann", [CERT, DIP], JUNE, Wishes((wish("b", "electives"),)))
    assert refused.value.code == "wish-award"


def test_what_if_moves_only_what_has_to_move(ann: Services) -> None:
    wishes = Wishes((wish("d", "electives"),))
    gone = Hypothesis(remove=(AchievementId("a"),))
    found = ann.what_if.compare("ann", [CERT], gone, JUNE, wishes)
    assert [one.achievement for one in found.differences[0].placements] == ["a"]
    shown = ann.audits.audit("ann", [CERT], JUNE, wishes)
    stayed = ann.what_if.compare("ann", [CERT], gone, JUNE, Wishes(stay_with=shown.id))
    assert [one.achievement for one in stayed.differences[0].placements] == ["a"]
    assert stayed.before[0].certificate.parts[0].placements == (
        found.before[0].certificate.parts[0].placements
    )


def test_a_move_tells_its_price_and_changes_nothing_else(ann: Services) -> None:
    free = ann.audits.audit("ann", [CERT], JUNE)
    (idle,) = {"b", "c", "d"} - electives(free)
    move = Hypothesis(move=wish(idle, "electives"))
    found = ann.what_if.compare("ann", [CERT], move, JUNE)
    price = found.after[0].price
    assert price is not None
    assert (price.costs, price.losses, len(price.moved)) == (0, (), 1)
    assert found.before[0].price is None
    (change,) = found.differences
    assert len(change.placements) == 2
    record = record_of(
        {"earned": [{"id": "a", "credential": "x/a", "grade": "B", "earned": "2025-01-31"}]}
    )
    move = Hypothesis(move=wish("a", "electives"))
    with pytest.raises(NotAuditableError, match="cannot count toward `electives`") as refused:
        ann.what_if.compare_record(record, [CERT], move, JUNE)
    assert refused.value.code == "cannot-move"
