"""Whether what is wanted beside the rules is as a certificate says: docs/solver.md, section 10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.core.engine.verify_award import Account
from app.core.model.certificate import CertificatePart, ForcedPlace


def broken_wants(accounts: Sequence[Account], part: CertificatePart) -> Iterator[str]:
    """Yield the wishes that are not honoured as claimed, and what does not count where it must."""
    for wish in part.wishes:
        own = ForcedPlace(wish.award, wish.requirement, wish.achievement)
        if wish.honoured != counts_there(accounts, part, own):
            stands = "does not count" if wish.honoured else "counts"
            yield f"`{wish.achievement}` {stands} toward `{wish.requirement}`, as it was wished"
    for forced in part.forced:
        if not counts_there(accounts, part, forced):
            yield f"`{forced.achievement}` has to count toward `{forced.requirement}`"


def counts_there(accounts: Sequence[Account], part: CertificatePart, place: ForcedPlace) -> bool:
    """Say whether an achievement is placed at or below a requirement of an award."""
    there = (scope(one, place.requirement) for one in accounts if one.award == place.award)
    leaves = next(there, frozenset())
    return any(
        (each.award, each.achievement) == (place.award, place.achievement)
        and each.requirement in leaves
        for each in part.placements
    )


def scope(account: Account, requirement: str) -> frozenset[str]:
    """Return the leaves at or below a requirement; none where the rule has none of that id."""
    found = (spot.scope for spot in account.spots if spot.id and spot.id == requirement)
    return next(found, frozenset())


def hold_in_place(account: Account, forced: Sequence[ForcedPlace]) -> None:
    """Let what is forced be eligible for no leaf in which it could not stand beside its place."""
    for each in forced:
        if each.award != account.award:
            continue
        own = scope(account, each.requirement)
        there = {leaf for leaf in own if each.achievement in account.eligible[leaf]}
        for leaf, eligible in account.eligible.items():
            beside = leaf in there or any(
                frozenset({leaf, one}) in account.sharing for one in there
            )
            if there and not beside:
                eligible.pop(each.achievement, None)
