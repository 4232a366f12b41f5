"""The smallest conflict in words: what cannot be met together, why, and what would resolve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from app.core.engine import conflict as engine
from app.core.engine.compiled import CompiledAward, GroupBranch, LeafBranch, slots_of
from app.core.engine.decide import Verdict
from app.core.engine.listing import places_of
from app.core.engine.posing import pose
from app.core.engine.prepare import pool
from app.core.engine.problem import (
    ApartLimit,
    CapLimit,
    CeilingLimit,
    ChoiceLimit,
    ExclusionLimit,
    OverlapLimit,
    PairLimit,
    bits,
)
from app.core.explain.fills import fillers
from app.core.explain.named import amount, title_of, titles_of
from app.core.explain.phrases import because
from app.core.language.plain_words import listed
from app.core.model.audit import Conflict
from app.core.model.credential import CredentialId
from app.core.model.reason import Reason
from app.core.model.record import Achievement, AchievementId

# So many credentials are tried for what would resolve a conflict, and so many are told.
MOST_TRIED, MOST_TOLD = 6, 3


def conflict_of(verdict: Verdict, number: int) -> Conflict | None:
    """Return why an award is not met with all that is planned, where requirements compete."""
    found = engine.smallest_conflict(verdict.planned, number)
    if found is None:
        return None
    award = verdict.pool.awards[number]
    demands = [_named(award, one) for one in found.demands]
    limits = [_limit(award, one) for one in found.limits]
    return Conflict(
        requirements=tuple([name for name, _ in demands]),
        limits=tuple([name for name, _ in limits if name]),
        minimal=found.minimal,
        reasons=(
            _cause(verdict, number, found, limits),
            *_resolved(verdict, number, found, limits),
        ),
    )


def _named(award: CompiledAward, demand: engine.Demand) -> tuple[str, str]:
    """The id and the title of what is demanded."""
    if demand.condition is not None:
        condition = award.conditions[demand.condition]
        return condition.id, condition.title
    if isinstance(demand.branch, LeafBranch):
        leaf = award.leaves[demand.branch.leaf].node
        return leaf.id, leaf.title
    if demand.branch is None:
        return "", ""
    return demand.branch.node.id, demand.branch.node.title


def _limit(award: CompiledAward, limit: engine.Limit) -> tuple[str, str]:
    """The id of a limit, where it has one, and what it is called."""
    match limit:
        case CapLimit(cap=cap):
            return cap.id, f"{cap.title} (at most {amount(award, cap.measure, cap.amount)})"
        case CeilingLimit(ceiling=ceiling):
            return ceiling.id, f"{ceiling.title} (at most {ceiling.high} different)"
        case ChoiceLimit(plan=plan):
            return plan.group.id, f"{plan.group.title} (at most {plan.most} of its parts used)"
        case ExclusionLimit(exclusion=exclusion):
            names = listed([title_of(award, name) for name in exclusion.credentials], "and")
            return exclusion.id, f"at most {exclusion.at_most} of {names} counts"
        case PairLimit(pair=pair):
            names = listed([title_of(award, name) for name in pair.credentials], "and")
            return "", f"{names} count only together"
        case ApartLimit():
            return "", "a window that starts at the earliest achievement used"
        case OverlapLimit(by_credits=by_credits, amount=most):
            shared = amount(award, "credits" if by_credits else "choose", most)
            return "", f"what requirements may share (at most {shared})"


def _cause(
    verdict: Verdict, number: int, found: engine.Conflict, limits: list[tuple[str, str]]
) -> Reason:
    award = verdict.pool.awards[number]
    titles = titles_of(verdict.planned, found.items)
    named = tuple([title for _, title in (_named(award, one) for one in found.demands)])
    return because(
        "in-conflict",
        requirements=named,
        held="planned" if verdict.planned is not verdict.now else "recorded",
        **({"limits": tuple([title for _, title in limits])} if limits else {}),
        **({"achievements": titles} if titles else {}),
        **_figures(award, found),
    )


def _figures(award: CompiledAward, found: engine.Conflict) -> dict[str, str]:
    """What they ask for together and what can be reached, where that is told in credits."""
    if found.reached >= found.of:
        return {}
    return {
        "demanded": amount(award, "credits", found.of),
        "reached": amount(award, "credits", found.reached),
    }


def _resolved(
    verdict: Verdict, number: int, found: engine.Conflict, limits: list[tuple[str, str]]
) -> Iterator[Reason]:
    award = verdict.pool.awards[number]
    names = tuple(islice(_resolving(verdict, number, found), MOST_TOLD))
    if names:
        yield because("resolved-by", credentials=tuple([title_of(award, name) for name in names]))
    yield from _decisions(found, limits)


def _decisions(found: engine.Conflict, limits: list[tuple[str, str]]) -> Iterator[Reason]:
    """What a decision can do about the limits; the upper end of a choice is none of its own."""
    lifted, fixed, choices = list[str](), list[str](), list[str]()
    for one, (_, title) in zip(found.limits, limits, strict=True):
        match one:
            case ChoiceLimit(plan=plan):
                choices.append(plan.group.title)
            case PairLimit() | OverlapLimit():
                fixed.append(title)
            case _:
                lifted.append(title)
    for name, titles in (("limits", lifted), ("choices", choices), ("fixed", fixed)):
        if titles:
            yield because("limit-binds", **{name: tuple(titles)})


def _resolving(verdict: Verdict, number: int, found: engine.Conflict) -> Iterator[CredentialId]:
    """Credentials with each of which all that is in conflict could be met."""
    award, record = verdict.pool.awards[number], verdict.pool.record
    for name in islice(_candidates(verdict, number, found), MOST_TRIED):
        more = Achievement(id=AchievementId(f"+{name}"), credential=name, status="planned")
        wider = replace(record, achievements=(*record.achievements, more))
        decided = verdict.pool.decided[number]
        problem = pose(pool((award,), wider, verdict.pool.days.as_of, (decided,)), "planned")
        demands = [one._replace(award=0) for one in found.demands]
        if engine.Decider(problem, 0).can(demands, engine.limits_of(problem, 0)):
            yield name


def _candidates(verdict: Verdict, number: int, found: engine.Conflict) -> Iterator[CredentialId]:
    """What may count toward one of the requirements and is not held, the smallest first."""
    award = verdict.pool.awards[number]
    listing, short = award.listing, max(0, found.of - found.reached)
    able = 0
    for at in bits(_leaves(award, found)):
        able |= fillers(award, at)
    enough = listing.at_least(short)
    for part in (able & enough, able & ~enough):
        for at in places_of(part):
            if listing.names[at] not in verdict.pool.held:
                yield listing.names[at]


def _leaves(award: CompiledAward, found: engine.Conflict) -> int:
    """The leaves that the demands speak of."""
    slots = 0
    for one in found.demands:
        if isinstance(one.branch, LeafBranch | GroupBranch):
            slots |= slots_of(award, one.branch)
        elif one.condition is not None:
            slots |= award.conditions[one.condition].mask
    return sum(1 << at for at, leaf in enumerate(award.leaves) if leaf.mask & slots)
