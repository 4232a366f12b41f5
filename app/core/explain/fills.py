"""What would fill a requirement or a condition that is short, out of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from itertools import islice
from typing import NamedTuple

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.evaluate import scope, total
from app.core.engine.problem import ConditionLimit, Item, bits
from app.core.explain.near_miss import failed
from app.core.explain.room import Room, closed, room, values_of
from app.core.model.audit import Outlook
from app.core.model.credential import CredentialId, Fact
from app.core.model.credits import Credits
from app.core.model.requirement import Take
from app.core.model.selector import AgeTest, GradeTest, OneOf, Test

MOST_FILLS = 5


class Fill(NamedTuple):
    """A credential that would help; `brings` counts what a pair brings along, in the measure."""

    name: CredentialId
    size: int
    brings: int
    again: bool = False


class New(NamedTuple):
    """What is asked of a credential: a value of `by`, of `only` these if given, not yet there.

    Without `by` each brings one, whatever it states.
    """

    by: str = ""
    only: Collection[Fact] = ()
    there: Collection[Fact] = ()

    def values(self, own: Collection[Fact]) -> int:
        """Return how many values some of its own add to those that are there."""
        more = set(own).difference(self.there)
        return len(more.intersection(self.only) if self.only else more)

    def bringing(self, award: CompiledAward) -> int:
        """Return the credentials of the listing that bring something."""
        if not self.by:
            return award.listing.whole
        return award.listing.valued(self.by, values_of, lambda own: self.values(own) > 0)

    def brings(self, award: CompiledAward, name: CredentialId) -> int:
        """Return how much a credential brings."""
        if not self.by:
            return 1
        return self.values(values_of(award.terms.catalogue.credentials[name], self.by))


def fills(verdict: Verdict, number: int, at: int, now: Outlook) -> tuple[Fill, ...]:
    """Return the smallest things that would fill a leaf: what is enough alone first, then large."""
    award, answer = verdict.pool.awards[number], verdict.now
    leaf = award.leaves[at]
    if closed(verdict, number, leaf.mask):
        return ()
    if isinstance(leaf.node, Take):
        return tuple(Fill(name, 0, 1) for name in missing(answer, number, at))
    by_credits = leaf.measure == "credits"
    short = now.short if by_credits else 0
    bound = room(answer, number, leaf.mask << answer.problem.offsets[number])
    held = verdict.pool.held
    new = _new_values(answer, number, at)
    plain = (
        Fill(name, size, size if by_credits else new.brings(award, name))
        for size, name in smallest_first(
            award, bound.left_of(fillers(award, at) & new.bringing(award)), short
        )
        if name not in held
    )
    special = _retakes(verdict, number, at, bound)
    if bound.pairs:
        special += _completions(answer, number, at, bound, held)
    found = list(islice(plain, MOST_FILLS))
    return _best([*special, *found], short) if special else tuple(found)


def _new_values(answer: AnswerVerdict, number: int, at: int) -> New:
    """What a leaf that counts different values has already.

    A term is known only once it is taken, so another one may always bring another term.
    """
    problem = answer.problem
    leaf = problem.awards[number].leaves[at]
    slot = problem.awards[number].slots[leaf.slots[0]]
    if slot.by in {"", "term"}:
        return New()
    inside = scope(answer.allocation, leaf.mask << problem.offsets[number])
    there = {
        value
        for index in bits(inside)
        for value in values_of(problem.items[index].credential, slot.by)
    }
    return New(slot.by, slot.only, there)


def condition_fills(verdict: Verdict, number: int, at: int, now: Outlook) -> tuple[Fill, ...]:
    """Return the smallest things that would fill a floor or a breadth, by way of some leaf."""
    award, answer = verdict.pool.awards[number], verdict.now
    condition, limit = award.conditions[at], answer.problem.conditions[number][at]
    if condition.kind not in {"floor", "breadth"} or condition.over_record:
        return ()
    inside = scope(answer.allocation, limit.slots)
    there = [value for value, carriers in limit.values.items() if carriers & inside]
    new = New(condition.by, (), there) if condition.kind == "breadth" else New()
    bringing = new.bringing(award)
    by_credits = condition.kind == "floor" and condition.measure == "credits"
    short = now.short if by_credits else 0
    held = verdict.pool.held
    found: dict[CredentialId, Fill] = {}
    for leaf, plan in enumerate(award.leaves):
        apart = not plan.mask & condition.mask or closed(verdict, number, plan.mask)
        least = None if apart else _least(answer, number, leaf, limit, inside)
        if least is None:
            continue
        bound = room(answer, number, plan.mask << answer.problem.offsets[number])
        admitted = _admitted(answer, number, leaf, at) & bringing & award.listing.at_least(least)
        able = (
            Fill(name, size, size if by_credits else new.brings(award, name))
            for size, name in smallest_first(award, bound.left_of(admitted), short)
            if name not in held
        )
        for one in islice(able, MOST_FILLS):
            found[one.name] = one
    return _best(list(found.values()), short)


def _least(
    answer: AnswerVerdict, number: int, at: int, limit: ConditionLimit, inside: int
) -> int | None:
    """The least credits with which something more could stand in a leaf; None if nothing could.

    In a full leaf it has to take the place of what the condition can do without.
    """
    problem, standing = answer.problem, answer.standings[number]
    award = problem.awards[number]
    leaf, reach = award.leaves[at], standing.reach[at]
    slot = award.slots[leaf.slots[0]]
    if reach < leaf.demand or (not slot.minimal and (slot.high is None or reach < slot.high)):
        return 0
    own = scope(answer.allocation, leaf.mask << problem.offsets[number])
    if isinstance(leaf.node, Take):
        return None
    spare = own & ~limit.items
    for carriers in limit.values.values():
        if (carriers & inside).bit_count() == 1:
            own &= ~carriers
    spare = own if limit.condition.kind == "breadth" else spare
    if leaf.measure == "choose":
        return 0 if spare else None
    amounts = (standing.credits[index] for index in bits(spare))
    least = min(amounts, default=None)
    return None if least is None else max(0, leaf.demand - reach + least)


def _admitted(answer: AnswerVerdict, number: int, at: int, condition: int) -> int:
    """The credentials that may count toward a leaf and be admitted by a condition."""
    award = answer.problem.awards[number]
    listing = award.listing
    if isinstance(award.leaves[at].node, Take):
        own = listing.mask(listing.place[name] for name in missing(answer, number, at))
    else:
        own = fillers(award, at)
    return own & award.admitted(award.conditions[condition].selector, stated=True).may


def _best(found: list[Fill], short: int) -> tuple[Fill, ...]:
    """The best of what would help; of what is equally near, what is only to be retaken."""
    found.sort(
        key=lambda one: (
            one.brings < short,
            not one.again,
            one.size if one.brings >= short else -one.brings,
            one.name,
        )
    )
    return tuple(found[:MOST_FILLS])


def smallest_first(
    award: CompiledAward, credentials: int, short: int
) -> Iterator[tuple[Credits, CredentialId]]:
    """Yield what is enough alone, the smallest first; then what is not, the largest first."""
    listing = award.listing
    for at in listing.smallest_first(credentials, short):
        yield listing.sizes[at], listing.names[at]


def _completions(
    answer: AnswerVerdict, number: int, at: int, bound: Room, held: Container[CredentialId]
) -> Iterator[Fill]:
    """What would count together with a part of a pair that is there and counts nowhere yet."""
    problem, leaf = answer.problem, answer.problem.awards[number].leaves[at]
    counted = scope(answer.allocation, problem.whole[number])
    award = problem.awards[number]
    for size, name in smallest_first(award, fillers(award, at) & bound.in_pairs, 0):
        partners = bound.partners(name) if name not in held else None
        if partners is None or partners & counted or bound.bars(size, name):
            continue
        by_credits = leaf.measure == "credits"
        along = total(partners, problem.amounts[number]) if by_credits else partners.bit_count()
        yield Fill(name, size, along + (size if by_credits else 1))


def _retakes(verdict: Verdict, number: int, at: int, bound: Room) -> list[Fill]:
    """What is held and fails nothing but a test that another attempt may pass."""
    pool, leaf = verdict.pool, verdict.pool.awards[number].leaves[at]
    if not _mends(pool.awards[number], leaf.slots[0]):
        return []
    eligible = pool.eligible[number][leaf.slots[0]]
    found: dict[CredentialId, Fill] = {}
    for index in bits((1 << len(pool.items)) - 1 & ~eligible):
        item, size = pool.items[index], pool.amounts[number][index]
        name = item.credential.id
        if retakable(verdict, number, leaf.slots[0], item) and not bound.bars(size, name):
            found[name] = Fill(name, size, size if leaf.measure == "credits" else 1, again=True)
    for index in bits(eligible) if found else ():
        found.pop(pool.items[index].credential.id, None)
    return list(found.values())


def _mends(award: CompiledAward, place: int) -> bool:
    """Say whether a slot asks for anything that another attempt may bring."""
    selectors = [award.slot_selectors[place]]
    selectors += [each.must for each in award.eaches if each.mask >> place & 1]
    every = (test for one in selectors for test in award.selectors[one].tests)
    # Whatever attempt an item is, one before the first is one that another may be.
    return any(_mendable(test, -1) for test in every)


def retakable(verdict: Verdict, number: int, place: int, item: Item) -> bool:
    """Say whether another attempt at what is held could stand in a slot that the item may not.

    What the record alone describes is not offered here, so that nobody is sent to it again.
    """
    pool, award = verdict.pool, verdict.pool.awards[number]
    listed = item.credential.id in award.terms.catalogue.credentials
    plan = award.plan(item.credential.id) if listed else None
    if plan is None or not plan.may_admit(award.slot_selectors[place]):
        return False
    tests = failed(pool, number, place, item)
    return (
        bool(tests)
        and award.policies.get("retakes") != "first"
        and all(_mendable(test, item.achievement.attempt) for test in tests)
    )


def _mendable(test: Test, attempt: int) -> bool:
    """Say whether another attempt may pass a test that this one fails."""
    match test:
        case GradeTest():
            return test.high is None
        case OneOf(key="attempt"):
            return any(isinstance(value, int) and value > attempt for value in test.values)
        case _:
            return isinstance(test, AgeTest) or (isinstance(test, OneOf) and test.key == "grade")


def missing(answer: AnswerVerdict, number: int, at: int) -> tuple[CredentialId, ...]:
    """Return the credentials that a `take` asks for and nothing stands in for."""
    award, offset = answer.problem.awards[number], answer.problem.offsets[number]
    return tuple(
        name
        for place in award.leaves[at].slots
        if (name := award.slots[place].credential) and not answer.problem.eligible[offset + place]
    )


def fillers(award: CompiledAward, at: int) -> int:
    """Return what of the listing may count toward a leaf with any credit; kept once known.

    Nobody is sent to a course because it might turn out to have what the catalogue does not say.
    """
    known = award.fillers.get(at)
    if known is None:
        place, listing = award.leaves[at].slots[0], award.listing
        known = listing.offered & listing.at_least(1)
        selectors = [award.slot_selectors[place]]
        selectors += [each.must for each in award.eaches if each.mask >> place & 1]
        for selector in selectors:
            known &= award.admitted(selector, stated=True).may
        award.fillers[at] = known
    return known
