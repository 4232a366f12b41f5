"""A problem that asks for some of what it asked for, and keeps some of its limits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from app.core.engine.compiled import CompiledAward, GroupBranch, LeafBranch, StepBranch
from app.core.engine.conflict import Demand, Limit
from app.core.engine.problem import (
    ApartLimit,
    CapLimit,
    CeilingLimit,
    ChoiceLimit,
    ExclusionLimit,
    OverlapLimit,
    PairLimit,
)
from app.core.engine.problem import Problem as Posed
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Group,
    Qualifiers,
    Requirement,
    Window,
    walk,
)
from tests.properties.problem import Problem


def asking(
    problem: Problem, posed: Posed, demands: Collection[Demand], limits: Collection[Limit]
) -> Problem:
    """Return a problem of one award with these demands alone, under these limits alone.

    What is not demanded stays as an optional part, in which something may stand.
    """
    award = posed.awards[0]
    wanted = {_named(award, one) for one in demands}
    kept = {_called(posed, one) for one in limits}

    def spared(written: Requirement, *, whole: bool) -> Requirement:
        """Leave out what is not demanded; `whole` is what stands in a choice that is."""
        node = written
        if isinstance(node, Group):
            whole = whole or (node.need is not None and node.id in wanted)
            parts = tuple([spared(part, whole=whole) for part in node.parts])
            most = node.most if _used(node.id) in kept else None
            node = replace(node, parts=parts, most=most)
        conditions = wanted | (_conditions(node.qualifiers) if whole else set())
        node = _sharing(node, kept)
        node = replace(node, qualifiers=_left(node.qualifiers, conditions, kept))
        needed = whole or node.id in wanted or (isinstance(node, Group) and node.need is None)
        return node if needed else _spared(node)

    problem = problem.for_learner()
    (rule,) = problem.rules
    return replace(
        problem,
        rules=(
            replace(
                rule,
                root=spared(rule.root, whole=False),
                whole=_left(rule.whole, wanted, kept),
                excludes=tuple([one for one in rule.excludes if one.id in kept]),
                pairs=tuple([one for one in rule.pairs if id(one) in kept]),
            ),
        ),
    )


def _sharing(node: Requirement, kept: Collection[str | int]) -> Requirement:
    """What shares up to an amount that is no limit here shares freely."""
    limits = dict(enumerate(node.sharing_limits))
    stay = [one for at, one in limits.items() if _overlap(node.id, at) in kept]
    free = [name for one in limits.values() if one not in stay for name in one.requirements]
    shares = (*node.shares_with, *free)
    return replace(node, sharing_limits=tuple(stay), shares_with=shares)


def _overlap(node: str, at: int) -> str:
    return f"{node} shares {at}"


def _used(node: str) -> str:
    return f"used parts of {node}"


def _spared(node: Requirement) -> Requirement:
    """What may be left, while what is said of it is asked for still."""
    if isinstance(node, Group):
        return replace(node, optional=True)
    part = replace(node, optional=True, qualifiers=NO_QUALIFIERS)
    return Group(id=f"around-{node.id}", title="", parts=(part,), qualifiers=node.qualifiers)


def _conditions(qualifiers: Qualifiers) -> set[str]:
    over = [one for one in qualifiers.at_most if one.over_record]
    bounds = {one.id for one in (*qualifiers.at_least, *over)}
    breadths = {one.id for one in qualifiers.distinct}
    latest = {floor.id for one in qualifiers.last for floor in one.at_least}
    seen = {one.id for one in qualifiers.each if one.over_record}
    seen |= {one.id for one in qualifiers.windows if one.over_record}
    return bounds | breadths | latest | seen | {one.id for one in qualifiers.averages}


def _left(
    qualifiers: Qualifiers, conditions: Collection[str], kept: Collection[str | int]
) -> Qualifiers:
    """What is said, with these conditions and limits alone."""
    return replace(
        qualifiers,
        # A floor of nought lets its leaves count more than they need, as it did before.
        at_least=tuple(
            [one if one.id in conditions else replace(one, amount=0) for one in qualifiers.at_least]
        ),
        at_most=tuple(
            [
                one
                for one in qualifiers.at_most
                if one.id in (conditions if one.over_record else kept)
            ]
        ),
        distinct=tuple(
            [
                replace(
                    one,
                    low=one.low if one.id in conditions else 0,
                    high=one.high if one.id in kept else None,
                )
                for one in qualifiers.distinct
                if one.id in conditions or not one.over_record
            ]
        ),
        each=tuple([one for one in qualifiers.each if one.id in conditions or not one.over_record]),
        last=tuple(
            [
                replace(one, at_least=tuple([f for f in one.at_least if f.id in conditions]))
                for one in qualifiers.last
            ]
        ),
        averages=tuple([one for one in qualifiers.averages if one.id in conditions]),
        windows=tuple([one for one in qualifiers.windows if _window_stays(one, conditions, kept)]),
    )


def _window_stays(window: Window, conditions: Collection[str], kept: Collection[str | int]) -> bool:
    if window.over_record:
        return window.id in conditions
    return window.anchor != "earliest-used" or window.id in kept


def _named(award: CompiledAward, demand: Demand) -> str:
    if demand.condition is not None:
        return award.conditions[demand.condition].id
    if isinstance(demand.branch, LeafBranch):
        return award.leaves[demand.branch.leaf].node.id
    assert isinstance(demand.branch, GroupBranch | StepBranch)
    return demand.branch.node.id


def _called(posed: Posed, limit: Limit) -> str | int:
    """A limit's id, or its object where it has none."""
    match limit:
        case CapLimit(cap=cap):
            return cap.id
        case CeilingLimit(ceiling=ceiling):
            return ceiling.id
        case ChoiceLimit(plan=plan):
            return _used(plan.group.id)
        case ExclusionLimit(exclusion=exclusion):
            return exclusion.id
        case PairLimit(pair=pair):
            return id(pair)
        case OverlapLimit():
            said = [
                _overlap(node.id, at)
                for node in walk(posed.awards[0].rule.root)
                for at in range(len(node.sharing_limits))
            ]
            return said[posed.overlaps.index(limit)]
        case ApartLimit():
            clocks = [
                plan.window
                for plan in posed.awards[0].windows
                if plan.window.anchor == "earliest-used"
            ]
            return clocks[posed.aparts.index(limit)].id
