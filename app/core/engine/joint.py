"""What awards that are judged together say before any record is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, combinations

from app.core.engine.compiled import ChoicePlan, CompiledAward, Leaf, Slot
from app.core.engine.problem import ChoiceLimit, OverlapLimit, SharedLimit, ViewLimit
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.requirement import Attest, Share
from app.core.model.rule import SharedWith


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Awards with their slots in one row, and what may count in several of them.

    `placed` holds each award's number, the award, and its offset: where its slots begin.
    `spreading` are the slots that count different values, `preferring` the leaves with `prefer`,
    each with its award's number.
    """

    awards: tuple[CompiledAward, ...]
    placed: tuple[tuple[int, CompiledAward, int], ...]
    offsets: tuple[int, ...]
    slots: tuple[Slot, ...]
    award_of: tuple[int, ...]
    whole: tuple[int, ...]
    slot_sharing: tuple[int, ...]
    award_limits: tuple[int | None, ...]
    choices: tuple[ChoiceLimit, ...]
    overlaps: tuple[OverlapLimit, ...]
    views: tuple[ViewLimit, ...]
    shared: tuple[SharedLimit, ...]
    awaiting: tuple[frozenset[str], ...]
    spreading: tuple[int, ...]
    preferring: tuple[tuple[int, Leaf], ...]


@lru_cache(maxsize=256)
def join(awards: tuple[CompiledAward, ...]) -> Joint:
    """Return what the awards say together; AuditError where one is named twice."""
    _once(awards)
    *offsets, _ = accumulate((len(award.slots) for award in awards), initial=0)
    placed = tuple(zip(range(len(awards)), awards, offsets, strict=True))
    slots = tuple(slot for award in awards for slot in award.slots)
    return Joint(
        awards=awards,
        placed=placed,
        offsets=tuple(offsets),
        slots=slots,
        award_of=tuple(number for number, award in enumerate(awards) for _ in award.slots),
        whole=tuple(((1 << len(award.slots)) - 1) << offset for _, award, offset in placed),
        slot_sharing=tuple(
            mask << offset for _, award, offset in placed for mask in award.partners
        ),
        award_limits=tuple(one.rule.sharing.awards if one.rule.sharing else None for one in awards),
        choices=tuple(
            _chosen(number, one, offset)
            for number, award, offset in placed
            for one in award.choices
        ),
        overlaps=tuple(
            OverlapLimit(
                number,
                one.mask << offset,
                one.others << offset,
                one.measure == "credits",
                one.amount,
            )
            for number, award, offset in placed
            for one in award.overlaps
        ),
        views=tuple(
            ViewLimit(one.mask << offset, one.homes << offset)
            for _, award, offset in placed
            for one in award.views
        ),
        shared=tuple(_shared(awards, *two) for two in combinations(range(len(awards)), 2)),
        awaiting=tuple(
            frozenset(step.id for step in award.steps if isinstance(step, Attest))
            for award in awards
        ),
        spreading=tuple(place for place, slot in enumerate(slots) if slot.by),
        preferring=tuple(
            (number, leaf)
            for number, award in enumerate(awards)
            for leaf in award.leaves
            if leaf.prefer
        ),
    )


def _once(awards: tuple[CompiledAward, ...]) -> None:
    """A certificate speaks of an award by its id: two editions at once would be one claim."""
    named = [award.rule.award for award in awards]
    for name in named:
        if named.count(name) > 1:
            sentence = f"`{name}` is named {named.count(name)} times: audit an award once at a time"
            raise AuditError("award-twice", sentence)


def _chosen(number: int, plan: ChoicePlan, offset: int) -> ChoiceLimit:
    parts = tuple(part << offset for part in plan.parts)
    return ChoiceLimit(number, sum(parts), parts, plan)


def _shared(awards: tuple[CompiledAward, ...], first: int, second: int) -> SharedLimit:
    """How much may count in both awards: every statement of either binds."""
    credit_limits: list[tuple[int, int]] = []
    choose: int | None = None
    for own, other in ((first, second), (second, first)):
        statement = _statement(awards[own], awards[other].rule.award)
        if statement is None:
            if awards[own].policies.get("double_count", "none") == "none":
                credit_limits.append((own, 0))
                choose = 0
            continue
        if statement.amount is None:
            continue
        if statement.measure == "choose" and isinstance(statement.amount, int):
            choose = statement.amount if choose is None else min(choose, statement.amount)
        else:
            credit_limits.append(_credit_limit(awards, own, other, statement))
    return SharedLimit(first, second, tuple(credit_limits), choose)


def _statement(award: CompiledAward, other: CredentialId) -> SharedWith | None:
    if award.rule.sharing is None:
        return None
    for one in award.rule.sharing.shared_with:
        if one.award == other:
            return one
    return None


def _credit_limit(
    awards: tuple[CompiledAward, ...], own: int, other: int, statement: SharedWith
) -> tuple[int, int]:
    """The limit in credits, and in whose unit it is measured."""
    amount = statement.amount
    if not isinstance(amount, Share):
        return own, amount or 0
    base = awards[own].rule.total
    if amount.base == "smaller":
        base = min(base, awards[other].rule.total)
    return own, amount.most(base)
