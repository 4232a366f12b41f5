"""Levels that outweigh each other, in as few sums as stay exact for the solver, and out of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.engine.exact import LARGEST


def packs(tops: Sequence[int]) -> list[range]:
    """Return the places of levels, by what each comes to at most, in packs of one sum each."""
    found: list[range] = []
    most = 1
    for at, top in enumerate(tops):
        if not found or most * (top + 1) > LARGEST:
            found.append(range(at, at))
            most = 1
        found[-1] = range(found[-1].start, at + 1)
        most *= top + 1
    return found


def weights(tops: Sequence[int]) -> list[int]:
    """Return by what each level of a pack outweighs all that follow."""
    found = [1]
    for top in reversed(tops[1:]):
        found.append(found[-1] * (top + 1))
    return found[::-1]


def parted(tops: Sequence[int], whole: int) -> list[int]:
    """Return what each level of a pack comes to, of which the whole is the sum."""
    found = []
    for weight in weights(tops):
        own, whole = divmod(whole, weight)
        found.append(own)
    return found
