"""Conflicts as they are told: which requirements, why, and what would resolve it."""

from __future__ import annotations

from dataclasses import replace

from app.core.explain.audits import audit_record
from app.core.model.audit import Audit
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.record import Adjustment, AdjustmentKind
from app.core.model.requirement import Average, Bound, Group, Pair, Qualifiers, Quantity
from app.core.model.rule import Exclusion
from app.interop.audit_json import audit_to_plain
from tests.core.engine.builders import (
    TODAY,
    choose,
    compiled,
    every,
    held,
    record,
    rule,
    tagged,
    take,
)
from tests.core.explain.saying import KNOWN, audited, together

FIRST = take("first", "a")
SECOND = take("second", "b")
CORE = choose("core", 2, tagged("core"))


def in_conflict(audit: Audit) -> list[str]:
    """What stands below `In conflict`."""
    return audit.text.partition("In conflict\n")[2].partition("\n\n")[0].splitlines()


def test_what_competes_is_told_with_what_would_resolve_it() -> None:
    audit = audited(every(FIRST, CORE), held("a"), held("b"))
    assert in_conflict(audit) == [
        (
            "  First and Core cannot both be met, with what is held: they ask for 12 au together, "
            "and 8 au can be reached; A would serve more than one of them and counts once."
        ),
        "  Holding any one of these too would resolve it: C or LARGE.",
    ]


def test_what_is_planned_is_looked_at_too() -> None:
    planned = held("b", earned=None, status="planned")
    audit = audited(every(FIRST, CORE), held("a"), planned)
    assert "cannot both be met, even with all that is planned: " in in_conflict(audit)[0]
    more = held("c", earned=None, status="planned")
    assert audited(every(FIRST, CORE), held("a"), held("b"), more).conflict is None


def test_what_is_only_short_is_in_no_conflict() -> None:
    audit = audited(every(FIRST, CORE), held("b"))
    assert audit.conflict is None
    assert "In conflict" not in audit.text
    assert audit_to_plain(audit)["conflict"] is None


def test_it_is_told_as_data_by_ids() -> None:
    edition = rule(every(FIRST, SECOND))
    edition = replace(
        edition,
        excludes=(Exclusion(id="either", credentials=FIRST.credentials + SECOND.credentials),),
    )
    (audit,) = together(edition, held=(held("a"), held("b")))
    conflict = audit_to_plain(audit)["conflict"]
    assert (conflict["requirements"], conflict["limits"]) == (["first", "second"], ["either"])
    assert conflict["minimal"]
    assert [one["code"] for one in conflict["reasons"]] == ["in-conflict", "limit-binds"]
    assert conflict["reasons"][1]["text"] == (
        "A decision to lift any of these would resolve it: at most 1 of A and B counts."
    )


def test_a_choice_that_lets_too_few_parts_be_used_is_told() -> None:
    parts = (choose("core", 1, tagged("core")), choose("other", 1, tagged("other")))
    way = Group(id="way", title="Way", parts=parts, need=1, most=1)
    floors = [
        Bound(id=tag, title=tag.title(), measure="choose", amount=1, selector=tagged(tag))
        for tag in ("core", "other")
    ]
    whole = Qualifiers(at_least=tuple(replace(one, id=f"{one.id}-floor") for one in floors))
    audit = audited(way, held("a"), held("x"), whole=whole)
    assert in_conflict(audit) == [
        (
            "  Core and Other cannot both be met, with what is held: they are bound by Way (at "
            "most 1 of its parts used)."
        ),
        "  A decision to ask for more parts of Way lets more be used.",
    ]
    decisions: tuple[tuple[AdjustmentKind, Credits | None, bool], ...] = (
        ("adjust-quantity", Credits(2000), True),
        ("waive", None, False),
    )
    for kind, amount, resolved in decisions:
        decision = Adjustment(
            id="j",
            kind=kind,
            award=CredentialId("p"),
            requirement="way",
            amount=amount,
            reason="R",
            by="dean",
            on=TODAY,
        )
        decided = replace(record(held("a"), held("x")), adjustments=(decision,))
        (audit,) = audit_record([compiled(rule(way, whole=whole), KNOWN)], decided, TODAY)
        assert audit.now.met is resolved


def test_pairs_are_lifted_by_no_decision() -> None:
    pair = Pair(credentials=FIRST.credentials + SECOND.credentials)
    some = Quantity("choose", 1, plain=False)
    ways = [replace(choose(name, 1, tagged("core")), quantity=some) for name in ("one", "two")]
    edition = replace(rule(every(*ways)), pairs=(pair,))
    (audit,) = together(edition, held=(held("a"), held("b")))
    assert in_conflict(audit)[-1] == "  No decision lifts this: A and B count only together."


def test_a_condition_competes_with_the_requirement_whose_part_breaks_it() -> None:
    mean = Average(id="gpa", title="GPA", low=3000)
    audit = audited(
        every(choose("core", 2, tagged("core"))),
        held("a", "B"),
        held("b", "C"),
        whole=Qualifiers(averages=(mean,)),
    )
    assert audit.conflict is not None
    assert audit.conflict.requirements == ("core", "gpa")
