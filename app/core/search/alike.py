"""Offers that an award cannot tell apart: of these only so many as it could ever need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass

from app.core.engine.bind import asks_holdings
from app.core.engine.compiled import Ceiling, CompiledAward, Condition, Slot
from app.core.engine.posing import values_of
from app.core.model.credential import CredentialId
from app.core.model.record import ANY_AWARD, LearnerRecord
from app.core.model.selector import fits

# No two credentials have the same, and any two that are not held differ by it in the same way.
NAMES = frozenset({"", "credential"})
Price = Callable[[CredentialId], int]


@dataclass(frozen=True, slots=True)
class Alike:
    """Offers at one price that count in the same way; more than `most` of them are never needed."""

    names: tuple[CredentialId, ...]
    most: int | None


def alike(award: CompiledAward, offers: Iterable[CredentialId], price: Price) -> list[Alike]:
    """Return the offers in sets of those that are told apart by nothing but their names."""
    every = sorted(offers)
    if not _only_more_helps(award):
        return [Alike(tuple(every), None)]
    found: dict[tuple[Hashable, ...], list[CredentialId]] = {}
    for key, names in interchangeable(award, every).items():
        for name in names:
            found.setdefault((price(name), *key), []).append(name)
    sizes = award.listing
    # What is named may be needed though it brings nothing: for what counts only together with it.
    return [
        Alike(
            tuple(names),
            None if own != "" else _most_needed(award, sizes.sizes[sizes.place[names[0]]]),
        )
        for (*_, own), names in found.items()
    ]


def interchangeable(
    award: CompiledAward, names: Iterable[CredentialId]
) -> dict[tuple[Hashable, ...], list[CredentialId]]:
    """Return credentials by all that an award sees of them, last whether it names one alone.

    Those of which it can see nothing are left out. The latest of one day may still differ: their
    order is that of the ids of achievements.
    """
    named = _named(award)
    every: list[Slot | Condition | Ceiling] = [*award.slots, *award.conditions, *award.ceilings]
    compared = sorted({one.by for one in every} - NAMES)
    found: dict[tuple[Hashable, ...], list[CredentialId]] = {}
    for name in names:
        plan = award.plan(name, ())
        credential = award.credential(name)
        if plan is None or credential is None:
            continue
        told = tuple([values_of(credential, by) for by in compared])
        own = name if _is_named(name, named, award) else ""
        found.setdefault((plan.amount, plan.decided, plan.questions, told, own), []).append(name)
    return found


def some_of(several: Iterable[Alike], held: Collection[CredentialId]) -> list[CredentialId]:
    """Return enough of each set of what is not held, by id."""
    found: list[CredentialId] = []
    for one in several:
        left = [name for name in one.names if name not in held]
        found += left[: one.most]
    return sorted(found)


def tells_apart(award: CompiledAward, record: LearnerRecord) -> bool:
    """Say whether a decision, or what is taken, may tell apart what otherwise is alike."""
    named = {award.rule.award, ANY_AWARD}
    return asks_holdings(award.questions) or any(one.award in named for one in record.adjustments)


def _only_more_helps(award: CompiledAward) -> bool:
    """Say whether what counts without need may always be left out.

    Where a mean or the latest is looked at, or the whole record, it may be needed for that.
    """
    return not any(
        one.over_record or one.kind not in {"floor", "breadth"} for one in award.conditions
    )


def _named(award: CompiledAward) -> list[CredentialId]:
    """What the award names in an exclusion or a pair."""
    found = [name for one in award.excludes for name in one.credentials]
    return found + [name for one in award.pairs for name in one.pair.credentials]


def _is_named(name: CredentialId, named: Iterable[CredentialId], award: CompiledAward) -> bool:
    return name in award.terms.equivalents or any(fits(one, name) for one in named)


def _most_needed(award: CompiledAward, size: int) -> int:
    """How many of a size can be needed at most: what each quantity could need by itself."""
    every: list[Slot | Condition] = [*award.slots, *award.conditions]
    return sum([_needed(one, size) for one in every])


def _needed(one: Slot | Condition, size: int) -> int:
    demand = one.demand if isinstance(one, Slot) else one.amount or 0
    if one.by or one.measure != "credits":
        return demand
    return -(-demand // size) if size else 0
