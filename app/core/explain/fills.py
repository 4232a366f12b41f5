"""What would fill a requirement or a condition that is short, out of the catalogue."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Container, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

from app.core.engine.compiled import CompiledAward, Condition, Leaf, may_admit
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.evaluate import scope, total
from app.core.engine.problem import ConditionLimit, Item, bits
from app.core.engine.selectors import amount_of
from app.core.explain.near_miss import failed
from app.core.explain.room import Room, closed, room, values_of
from app.core.model.audit import Outlook
from app.core.model.credential import Credential, CredentialId, Fact
from app.core.model.errors import AuditError
from app.core.model.requirement import Take
from app.core.model.selector import AgeTest, GradeTest, OneOf, Selector, Test

MOST_FILLS = 5
Sized: TypeAlias = tuple[int, CredentialId]
"""A credential, and its credits in the award's unit."""


class Fill(NamedTuple):
    """A credential that would help; `brings` counts what a pair brings along, in the measure."""

    name: CredentialId
    size: int
    brings: int
    again: bool = False


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
    there = _values_there(answer, number, at)
    plain = (
        Fill(name, size, brings)
        for size, name in _smallest_first(fillers(award, at), short)
        if (brings := size if by_credits else _brings(award, leaf, name, there))
        if name not in held and bound.takes(size, name)
    )
    special = _retakes(verdict, number, at, bound)
    if bound.pairs:
        special += _completions(answer, number, at, bound, held)
    found = list(islice(plain, MOST_FILLS))
    return _best([*special, *found], short) if special else tuple(found)


def _values_there(answer: AnswerVerdict, number: int, at: int) -> frozenset[Fact]:
    """The values that a leaf which counts different ones has already."""
    problem = answer.problem
    leaf = problem.awards[number].leaves[at]
    by = problem.awards[number].slots[leaf.slots[0]].by
    inside = scope(answer.allocation, leaf.mask << problem.offsets[number]) if by else 0
    return frozenset(
        value for index in bits(inside) for value in values_of(problem.items[index].credential, by)
    )


def _brings(award: CompiledAward, leaf: Leaf, name: CredentialId, there: Collection[Fact]) -> int:
    """One, or how many values a credential adds to a leaf that counts them.

    A term is known only once it is taken, so another one may always bring another term.
    """
    slot = award.slots[leaf.slots[0]]
    if slot.by in {"", "term"}:
        return 1
    own = set(values_of(award.terms.catalogue.credentials[name], slot.by)).difference(there)
    return len(own.intersection(slot.only) if slot.only else own)


def condition_fills(verdict: Verdict, number: int, at: int, now: Outlook) -> tuple[Fill, ...]:
    """Return the smallest things that would fill a floor or a breadth, by way of some leaf."""
    award, answer = verdict.pool.awards[number], verdict.now
    condition, limit = award.conditions[at], answer.problem.conditions[number][at]
    if condition.kind not in {"floor", "breadth"} or condition.over_record:
        return ()
    inside = scope(answer.allocation, limit.slots)
    there = [value for value, carriers in limit.values.items() if carriers & inside]
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
        able = (
            Fill(name, size, brings)
            for size, name in _smallest_first(_admitted(answer, number, leaf, at), short)
            if size >= least and name not in held
            if (brings := size if by_credits else _new(award, condition, name, there))
            if bound.takes(size, name)
        )
        for one in islice(able, MOST_FILLS):
            found[one.name] = one
    return _best(list(found.values()), short)


def _new(
    award: CompiledAward, condition: Condition, name: CredentialId, there: Collection[Fact]
) -> int:
    """What a credential brings to a floor by number, or how many new values to a breadth."""
    if condition.kind == "floor":
        return 1
    own = values_of(award.terms.catalogue.credentials[name], condition.by)
    return len(set(own).difference(there))


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


def _admitted(answer: AnswerVerdict, number: int, at: int, condition: int) -> Sequence[Sized]:
    """What may count toward a leaf and be admitted by a condition; kept once known."""
    award = answer.problem.awards[number]
    selector = award.selectors[award.conditions[condition].selector]
    known = award.terms.catalogue.credentials
    if isinstance(award.leaves[at].node, Take):
        own = ((_size(award, known[name]), name) for name in missing(answer, number, at))
        return sorted(
            (size, name) for size, name in own if _would_match(selector, known[name], award)
        )
    # Behind the leaves' own entries there is one for each condition and leaf.
    key = (condition + 1) * len(award.leaves) + at
    found = award.fillers.get(key)
    if found is None:
        found = award.fillers[key] = tuple(
            (size, name)
            for size, name in fillers(award, at)
            if _would_match(selector, known[name], award)
        )
    return found


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


def _smallest_first(known: Sequence[Sized], short: int) -> Iterator[Sized]:
    """What is enough alone, the smallest first; then what is not, the largest first."""
    enough = bisect_left(known, (short,))
    yield from known[enough:]
    yield from sorted(known[:enough], key=lambda one: (-one[0], one[1]))


def _completions(
    answer: AnswerVerdict, number: int, at: int, bound: Room, held: Container[CredentialId]
) -> Iterator[Fill]:
    """What would count together with a part of a pair that is there and counts nowhere yet."""
    problem, leaf = answer.problem, answer.problem.awards[number].leaves[at]
    counted = scope(answer.allocation, problem.whole[number])
    for size, name in fillers(problem.awards[number], at):
        partners = bound.partners(name) if bound.paired(name) and name not in held else None
        if partners is None or partners & counted or bound.bars(size, name):
            continue
        by_credits = leaf.measure == "credits"
        along = total(partners, problem.amounts[number]) if by_credits else partners.bit_count()
        yield Fill(name, size, along + (size if by_credits else 1))


def _retakes(verdict: Verdict, number: int, at: int, bound: Room) -> list[Fill]:
    """What is held and fails nothing but a test that another attempt may pass."""
    pool, leaf = verdict.pool, verdict.pool.awards[number].leaves[at]
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


def fillers(award: CompiledAward, at: int) -> tuple[Sized, ...]:
    """Return what may count toward a leaf, of the catalogue, smallest first; kept once known."""
    known = award.fillers.get(at)
    if known is None:
        place = award.leaves[at].slots[0]
        selectors = [award.selectors[award.slot_selectors[place]]]
        selectors += [award.selectors[each.must] for each in award.eaches if each.mask >> place & 1]
        known = award.fillers[at] = tuple(
            sorted(
                (size, credential.id)
                for credential in award.terms.catalogue.credentials.values()
                if credential.retired is None
                and all(_would_match(one, credential, award) for one in selectors)
                and (size := _size(award, credential)) > 0
            )
        )
    return known


def _would_match(selector: Selector, credential: Credential, award: CompiledAward) -> bool:
    """Say whether a selector may admit a credential as the catalogue has it.

    Nobody is sent to a course because it might turn out to have what the catalogue does not say.
    """
    return may_admit(selector, credential, award.terms, stated=True) is not False


def _size(award: CompiledAward, credential: Credential) -> int:
    """A credential's credits in the award's unit; nought where nothing converts them."""
    try:
        return amount_of(None, credential, award.terms)
    except AuditError:
        return 0
