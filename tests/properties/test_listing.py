"""What is looked up in the listing of a catalogue is what a look at each credential finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.core.engine.compiled import CompiledAward, may_admit
from app.core.engine.decide import Verdict
from app.core.engine.listing import places_of
from app.core.engine.prepare import Pool
from app.core.engine.problem import Item
from app.core.engine.selectors import Judge, amount_of
from app.core.explain.adjustments import against
from app.core.explain.fills import Fill, fillers, fills, smallest_first
from app.core.explain.near_miss import nearest, obstacles
from app.core.explain.outlook import leaf_outlook
from app.core.explain.phrases import because
from app.core.explain.room import Room, closed, room, values_of
from app.core.model.credential import CredentialId
from app.core.model.credits import SCALE
from app.core.model.errors import AuditError
from app.core.model.reason import Reason
from app.core.model.requirement import Take
from app.core.model.selector import Selector, Test
from tests.properties.asked import compiled, decided
from tests.properties.problem import Problem
from tests.properties.strategies import problems
from tests.properties.test_partial_judgement import nested

MOST_FILLS = 5


@given(problem=problems(), seed=st.integers(0, 2**32))
def test_a_selector_admits_in_the_listing_what_it_admits_by_itself(
    problem: Problem, seed: int
) -> None:
    random = Random(seed)
    for award in compiled(problem):
        for selector in (*award.selectors, nested(random, 3)):
            for stated in (True, False):
                found = award.listing.admitted(selector, stated=stated)
                for at, credential in enumerate(award.listing.credentials):
                    verdict = may_admit(selector, credential, award.terms, stated=stated)
                    assert found.sure >> at & 1 == (verdict is True)
                    assert found.may >> at & 1 == (verdict is not False)


@given(problem=problems(), seed=st.integers(0, 2**32))
def test_the_commonest_credits_are_those_that_a_count_finds(problem: Problem, seed: int) -> None:
    selector = nested(Random(seed), 2)
    for award in compiled(problem):
        known, counts = award.terms.catalogue.credentials, Counter[int]()
        for credential in known.values():
            if may_admit(selector, credential, award.terms) is not False:
                size = sized(award, credential.id)
                counts[SCALE if size is None else size] += 1
        commonest = min(counts, key=lambda amount: (-counts[amount], amount), default=SCALE)
        admitted = award.listing.admitted(selector, stated=False).may
        assert award.listing.commonest(admitted) == commonest


@given(problem=problems())
def test_what_may_fill_a_leaf_is_what_a_look_at_each_credential_finds(problem: Problem) -> None:
    verdict = decided(problem)
    for award in verdict.pool.awards:
        for at in range(len(award.leaves)):
            assert [*smallest_first(award, fillers(award, at), 0)] == sorted(able(award, at))


@given(problem=problems(adjusted=True))
def test_fills_are_the_first_of_all_that_have_room(problem: Problem) -> None:
    verdict = decided(problem)
    for number, award in enumerate(verdict.pool.awards):
        for at, leaf in enumerate(award.leaves):
            now = leaf_outlook(verdict.now, number, at)
            found = fills(verdict, number, at, now)
            if isinstance(leaf.node, Take) or not now.short or closed(verdict, number, leaf.mask):
                continue
            bound = room(verdict.now, number, leaf.mask << verdict.now.problem.offsets[number])
            short = now.short if leaf.measure == "credits" else 0
            first = [*scanned(verdict, number, at, bound, short)][:MOST_FILLS]
            plain = [one for one in found if not one.again and one.name not in paired(bound)]
            assert first[: len(plain)] == plain
            assert plain == first or len(found) == MOST_FILLS


@given(problem=problems(adjusted=True))
def test_a_nearest_miss_is_the_least_of_all(problem: Problem) -> None:
    pool = decided(problem).pool
    for number, award in enumerate(pool.awards):
        for item in pool.items:
            for selector, tests in enumerate(award.tests.parts):
                failing = pool.failing(number, item.at)
                own = [award.tests.every[one] for one in tests if failing >> one & 1]
                assert own == failed(pool, number, award.selectors[selector], item)
            # What was decided against it goes before any miss.
            if against(pool, number, item) is None:
                assert nearest(pool, number, item) == least(pool, number, item)


def able(award: CompiledAward, at: int) -> Iterator[tuple[int, CredentialId]]:
    """Every credential that a leaf may take with any credit, and its credits."""
    place = award.leaves[at].slots[0]
    selectors = [award.slot_selectors[place]]
    selectors += [each.must for each in award.eaches if each.mask >> place & 1]
    for name, credential in award.terms.catalogue.credentials.items():
        verdicts = [
            may_admit(award.selectors[one], credential, award.terms, stated=True)
            for one in selectors
        ]
        size = sized(award, name)
        if credential.retired is None and False not in verdicts and size:
            yield size, name


def sized(award: CompiledAward, name: CredentialId) -> int | None:
    """The credits of a credential in the award's unit; None where nothing converts them."""
    try:
        return amount_of(None, award.terms.catalogue.credentials[name], award.terms)
    except AuditError:
        return None


def scanned(verdict: Verdict, number: int, at: int, bound: Room, short: int) -> Iterator[Fill]:
    """What would fill a leaf, in order, from a look at each credential of the catalogue."""
    award, problem = verdict.pool.awards[number], verdict.now.problem
    leaf = award.leaves[at]
    slot = award.slots[leaf.slots[0]]
    by = "" if slot.by == "term" else slot.by
    inside = verdict.now.allocation[problem.offsets[number] + leaf.slots[0]]
    there = {
        value
        for item in problem.items
        if inside >> item.at & 1
        for value in (values_of(item.credential, by) if by else ())
    }
    order = sorted(able(award, at))
    enough = [one for one in order if one[0] >= short]
    rest = sorted((one for one in order if one[0] < short), key=lambda one: (-one[0], one[1]))
    for size, name in enough + rest:
        more = set(values_of(award.terms.catalogue.credentials[name], by)) - there if by else {1}
        new = len(more & set(slot.only) if by and slot.only else more)
        out = name in verdict.pool.held or bound.bars(size, name) or name in paired(bound)
        if new and not out:
            yield Fill(name, size, size if leaf.measure == "credits" else new)


def paired(bound: Room) -> set[CredentialId]:
    """What counts only together with others."""
    return {bound.award.listing.names[at] for at in places_of(bound.in_pairs)}


def failed(pool: Pool, number: int, selector: Selector, item: Item) -> list[Test]:
    """The tests of a selector that an item fails, each judged by itself."""
    award = pool.awards[number]
    judge = Judge(item.credential, item.achievement, award.terms, pool.days)
    return [test for test in selector.tests if fails(judge, test)]


def fails(judge: Judge, test: Test) -> bool:
    try:
        return judge.test(test) is False
    except AuditError:
        return False


def least(pool: Pool, number: int, item: Item) -> Reason:
    """The nearest miss, after a look at what is in the way of every slot."""
    award, admitted = pool.awards[number], pool.admitted[number]
    misses = [
        ("credential" in [one.params.get("fact") for one in found], len(found), place, found)
        for place, slot in enumerate(award.slots)
        if slot.credential is None or admitted[award.slot_selectors[place]] >> item.at & 1
        if (found := obstacles(pool, number, place, item))
    ]
    return min(misses, key=lambda one: one[:3])[3][0] if misses else because("does-not-match")
