"""What leaves no room for a credential, whatever else becomes known of its achievement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import NamedTuple

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.evaluate import scope
from app.core.engine.order import opened
from app.core.engine.problem import CeilingLimit, bits
from app.core.explain.choosing import met_by_others
from app.core.explain.near_miss import SEVERAL
from app.core.explain.outlook import matching, used_of
from app.core.model.credential import Credential, CredentialId, Fact, each_of
from app.core.model.selector import fits


class Room(NamedTuple):
    """What binds some slots of an award: looked up once, asked for many credentials.

    `caps` hold the selector, what is left, and whether a credential takes its own size of that;
    `full` the exclusions of which enough counts; `ceilings` the fact, its values that count, and
    how many may; `pairs` what counts only together, by what there is of each.
    """

    award: CompiledAward
    caps: tuple[tuple[int, int, bool], ...]
    full: tuple[tuple[CredentialId, ...], ...]
    ceilings: tuple[tuple[str, frozenset[Fact], int], ...]
    pairs: tuple[tuple[tuple[CredentialId, int], ...], ...]

    def left_of(self, credentials: int) -> int:
        """Return those of the listing that may still count, and need no other beside them."""
        listing = self.award.listing
        for selector, left, whole in self.caps:
            # Most have room enough: whom a cap means is asked only where it has not.
            large = listing.at_least(left + 1) if whole else listing.whole if left < 1 else 0
            if credentials & large:
                credentials &= ~(large & self.award.admitted(selector, stated=False).sure)
        for by, there, high in self.ceilings:
            credentials &= listing.valued(by, values_of, partial(_holds, there, high))
        for several in self.full:
            credentials &= ~listing.called(several)
        return credentials & ~self.in_pairs if self.pairs else credentials

    def bars(self, size: int, name: CredentialId) -> bool:
        """Say whether what counts already leaves no room for a credential of this size."""
        for selector, left, whole in self.caps:
            if (size if whole else 1) > left and self._means(selector, name):
                return True
        known = self.award.terms.catalogue.credentials
        for by, there, high in self.ceilings:
            if not _holds(there, high, values_of(known[name], by)):
                return True
        return bool(self.full) and any(_among(credentials, name) for credentials in self.full)

    def _means(self, selector: int, name: CredentialId) -> bool:
        plan = self.award.plan(name)
        return plan is not None and plan.admits(selector)

    @property
    def in_pairs(self) -> int:
        """The credentials of the listing that count only together with others."""
        found = 0
        for pair in self.pairs:
            found |= self.award.listing.called([one for one, _ in pair])
        return found

    def partners(self, name: CredentialId) -> int | None:
        """Return the items that a pair would bring along with a credential; None if one lacks."""
        found = 0
        for pair in self.pairs:
            if _among((one for one, _ in pair), name):
                others = [items for one, items in pair if not fits(one, name)]
                if not all(others):
                    return None
                for items in others:
                    found |= items & -items
        return found


def _holds(there: frozenset[Fact], high: int, own: Iterable[Fact]) -> bool:
    return len(there.union(own)) <= high


def _among(credentials: Iterable[CredentialId], name: CredentialId) -> bool:
    return any(fits(one, name) for one in credentials)


def room(answer: AnswerVerdict, number: int, slots: int) -> Room:
    """Return what binds the slots of `slots` in an award, beside what counts already."""
    problem, allocation = answer.problem, answer.allocation
    award = problem.awards[number]
    if not (award.caps or award.excludes or award.ceilings or award.pairs):
        return Room(award, (), (), (), ())
    there = matching(problem, slots) if problem.pairs else 0
    return Room(
        award=award,
        caps=tuple(
            [
                (
                    limit.cap.selector,
                    limit.cap.amount - used_of(answer, limit),
                    limit.cap.measure == "credits" and not limit.cap.trim,
                )
                for limit in problem.caps
                if limit.award == number and limit.slots & slots
            ]
        ),
        full=tuple(
            [
                limit.exclusion.credentials
                for limit in problem.exclusions
                if limit.award == number
                and (scope(allocation, limit.slots) & limit.items).bit_count()
                >= limit.exclusion.at_most
            ]
        ),
        ceilings=tuple(
            [
                (top.ceiling.by, _there(top, scope(allocation, top.slots)), top.ceiling.high)
                for top in problem.ceilings
                if top.award == number and top.slots & slots
            ]
        ),
        pairs=tuple(
            [
                tuple(zip(limit.pair.credentials, [own & there for own in limit.sets], strict=True))
                for limit in problem.pairs
                if limit.award == number and limit.slots & slots
            ]
        ),
    )


def _there(top: CeilingLimit, inside: int) -> frozenset[Fact]:
    return frozenset(value for value, carriers in top.values.items() if carriers & inside)


def closed(verdict: Verdict, number: int, mask: int) -> bool:
    """Say whether nothing new may count in the slots of `mask`.

    A window over them has closed, a step that comes first is not recorded, something counts
    already that was to come after, or other parts of a choice are used that is met by them.
    """
    pool = verdict.pool
    over = any(
        anchor is not None and plan.window.length.after(anchor) < pool.days.as_of
        for plan, anchor in zip(pool.awards[number].windows, pool.anchors[number], strict=True)
        if plan.mask & mask
    )
    waits = any(
        plan.step and plan.mask & mask and opened(plan, pool.days) is None
        for plan in pool.awards[number].orders
    )
    if over or waits or met_by_others(verdict.now, number, mask):
        return True
    return _followed(verdict.now, number, mask, pool.days.as_of)


def _followed(answer: AnswerVerdict, number: int, mask: int, as_of: date) -> bool:
    """Say whether something counts after the slots of `mask` that was begun before this day."""
    slots = mask << answer.problem.offsets[number]
    later = 0
    for limit in answer.problem.orders:
        if limit.award == number and limit.earlier & slots:
            later |= scope(answer.allocation, limit.later)
    starts = (answer.problem.items[index].start for index in bits(later))
    return any(start is None or start < as_of for start in starts)


def values_of(credential: Credential, by: str) -> tuple[Fact, ...]:
    """Return a credential's values of a fact; what only an achievement states is not known yet."""
    if by == "level":
        return (str(credential.level),) if credential.level else ()
    if by == "credential":
        return (credential.id,)
    own = getattr(credential, SEVERAL.get(by, by), None) or credential.attributes.get(by)
    return each_of(own)
