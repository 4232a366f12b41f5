"""Combinations: counted, numbered, listed and weighed, against all subsets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise
from math import comb

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import pooled
from app.core.engine.posing import pose
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId, IssuerId
from app.core.search.combinations import (
    ALL,
    Combinations,
    Filters,
    all_done,
    combinations_of,
)
from app.core.search.completion import Asked
from app.core.search.diagram import diagram
from app.core.search.layout import UncountableError, lay_out
from app.core.search.offers import NOBODY, beside, offers_of
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, written

KNOWN = catalogue(
    credential("x/a", 4, "core"),
    credential("x/b", 4, "core"),
    credential("x/c", 2, "core", "extra"),
    credential("x/d", 5, "extra"),
    credential("x/e", 1, "extra"),
    credential("x/f", 1, "extra"),
    replace(credential("y/g", 3, "extra", "core"), issuer=IssuerId("y"), mode="online"),
)
RULES = {
    "one demand": "  credits: 5\n  from: {tag: core}\n",
    "two demands": "  all:\n    - {credits: 5, from: {tag: core}}\n"
    "    - {choose: 2, from: {tag: extra}}\n",
    "a choice": "  some:\n    choose: 2\n    of:\n      - {credits: 8, from: {tag: core}}\n"
    "      - {take: [x/d]}\n      - {credits: 4, from: {tag: extra}}\n",
    "a choice of parts, one of them optional": "  some:\n    choose: 1\n    of:\n"
    "      - {take: [x/d]}\n"
    "      - all:\n          - {choose: 2, from: {tag: core}}\n"
    "          - {choose: 1, from: {tag: extra}, optional: true}\n",
    "a choice and a floor on both": "  some:\n    choose: 1\n    of:\n"
    "      - {choose: 2, from: {tag: core}}\n      - {choose: 3, from: {tag: extra}}\n"
    "  at_least: [{credits: 5, from: {}}]\n",
    "a choice and a cap on both": "  some:\n    choose: 1\n    of:\n"
    "      - {choose: 2, from: {tag: core}}\n      - {choose: 3, from: {tag: extra}}\n"
    "  at_most: [{choose: 1, from: {tag: extra}}]\n",
    "a cap": "  credits: 9\n  from: {}\n  at_most: [{choose: 1, from: {tag: core}}]\n",
    "a floor": "  credits: {from: 6}\n  from: {}\n  at_least: [{choose: 2, from: {tag: extra}}]\n",
    "a plain number and a floor": "  credits: 6\n  from: {}\n"
    "  at_least: [{credits: 4, from: {tag: extra}}]\n",
    "different issuers": "  issuers: 2\n  from: {tag: extra}\n",
    "parts that share": "  all:\n    - {credits: 5, from: {tag: core}, shares_with: [two]}\n"
    "    - {id: two, choose: 3, from: {tag: extra}}\n",
    "so much among the latest": "  credits: {from: 6}\n  from: {}\n"
    "  last: {credits: 5, at_least: [{choose: 1, from: {tag: extra}}]}\n",
    "more among the latest than they are": "  credits: {from: 6}\n  from: {}\n"
    "  last: {credits: 2, at_least: [{credits: 4, from: {tag: core}}]}\n",
    "more of the whole record": "  credits: 4\n  from: {tag: core}\n"
    "  at_least: [{credits: 5, from: {tag: extra}, over: record}]\n",
    "different issuers of the whole record": "  credits: 4\n  from: {tag: core}\n"
    "  distinct: [{by: issuer, from: 2, over: record}]\n",
    "nothing": "  credits: {from: 0}\n  from: {}\n",
    "too much": "  credits: 90\n  from: {}\n",
}


def award(said: str, known: Catalogue = KNOWN) -> CompiledAward:
    return compiled(written(said), known)


def by_hand(asked: CompiledAward) -> list[tuple[CredentialId, ...]]:
    """Every minimal subset of the catalogue that meets an award."""
    done, found = all_done(asked, NOBODY, TODAY), list[tuple[CredentialId, ...]]()
    for size in range(len(KNOWN.credentials) + 1):
        for some in combinations(sorted(KNOWN.credentials), size):
            smaller = any(set(one) <= set(some) for one in found)
            if not smaller and Asked([asked], done, TODAY).met(some):
                found.append(some)
    return found


def listed(found: Combinations) -> list[tuple[CredentialId, ...]]:
    return found.page(0, 10_000)


@pytest.mark.parametrize("said", RULES.values(), ids=RULES)
def test_what_is_counted_and_listed_is_what_trying_everything_finds(said: str) -> None:
    asked = award(said)
    found = combinations_of(asked, TODAY)
    assert found.exact
    assert sorted(listed(found)) == sorted(by_hand(asked))
    assert len(set(listed(found))) == found.count


@pytest.mark.parametrize("said", RULES.values(), ids=RULES)
def test_the_lightest_are_the_first_of_all_in_order(said: str) -> None:
    found = combinations_of(award(said), TODAY)
    for turn in range(2, 6):
        weight = {name: at * at % turn for at, name in enumerate(sorted(KNOWN.credentials))}
        every = [
            (sum(weight[name] for name in one), number, one)
            for number, one in enumerate(listed(found))
        ]
        for most in (1, 3, 7, 1000):
            assert [*map(tuple, found.lightest(weight.__getitem__, most))] == sorted(every)[:most]


def test_a_hundred_electives_are_counted_without_being_listed() -> None:
    many = catalogue(*(credential(f"x/{at:03}", 3, "core") for at in range(100)))
    found = combinations_of(award("  credits: 60\n  from: {tag: core}\n", many), TODAY)
    assert (found.count, found.exact) == (comb(100, 20), True)
    last = found.numbered(found.count - 1)
    assert last == tuple(f"x/{at:03}" for at in range(80, 100))
    assert all(one < other for one, other in pairwise(found.page(10**12, 50)))
    with pytest.raises(IndexError):
        found.numbered(found.count)


def test_the_best_of_very_many_are_told_by_their_numbers() -> None:
    many = catalogue(*(credential(f"x/{at:03}", 3, "core") for at in range(200)))
    found = combinations_of(award("  choose: 100\n  from: {tag: core}\n", many), TODAY)
    weight = {name: at * 7 % 11 for at, name in enumerate(sorted(many.credentials))}
    best = found.lightest(weight.__getitem__, 100)
    assert best[0].weight == sum(sorted(weight.values())[:100])
    assert all(one < other for one, other in pairwise(best))
    for one in best:
        assert found.numbered(one.number) == one.names
        assert sum(weight[name] for name in one.names) == one.weight


def test_a_filter_leaves_those_that_it_admits_and_no_others() -> None:
    asked = award(RULES["two demands"])
    every = listed(combinations_of(asked, TODAY))
    for filters, admits in (
        (Filters(must=frozenset({CredentialId("x/c")})), lambda one: "x/c" in one),
        (Filters(without=frozenset({CredentialId("x/c")})), lambda one: "x/c" not in one),
        (Filters(issuers=frozenset({IssuerId("u")})), lambda one: "y/g" not in one),
        (
            Filters(must=frozenset(map(CredentialId, ("x/a", "x/b")))),
            lambda one: {"x/a", "x/b"} <= {*one},
        ),
        (Filters(modes=frozenset({"online"})), lambda one: {*one} <= {"y/g"}),
    ):
        found = listed(combinations_of(asked, TODAY, filters))
        assert sorted(found) == sorted(filter(admits, every))


@pytest.mark.parametrize("said", RULES.values(), ids=RULES)
def test_those_of_some_issuers_are_the_ones_that_a_filter_leaves(said: str) -> None:
    asked = award(said)
    for issuers in ({IssuerId("x")}, {IssuerId("y")}, {IssuerId("x"), IssuerId("y")}):
        filtered = combinations_of(asked, TODAY, Filters(issuers=frozenset(issuers)))
        found = combinations_of(asked, TODAY).of_issuers(issuers)
        assert sorted(listed(found)) == sorted(listed(filtered))
        assert found.count == filtered.count


def test_what_cannot_count_is_in_no_combination() -> None:
    asked = award(RULES["one demand"])
    none = combinations_of(asked, TODAY, Filters(must=frozenset({CredentialId("x/d")})))
    assert (none.count, none.exact, listed(none)) == (0, True, [])


def test_what_only_another_learner_needs_is_in_no_combination() -> None:
    asked = award("  when: {declared: x/q}\n  then: {take: x/a}\n  else: {take: x/b}\n")
    assert listed(combinations_of(asked, TODAY)) == [("x/b",)]
    none = combinations_of(asked, TODAY, Filters(must=frozenset({CredentialId("x/a")})))
    assert (none.count, none.exact, listed(none)) == (0, True, [])


def test_where_there_is_no_room_for_all_there_are_at_least_so_many() -> None:
    asked = award(RULES["a choice"])
    every = set(listed(combinations_of(asked, TODAY)))
    who = beside(all_done(asked, NOBODY, TODAY), sorted(offers_of(asked)), [asked], TODAY)
    layout = lay_out(asked, pose(pooled([asked], who, TODAY), "planned"))
    for most in (1, 20, 60):
        found = Combinations(asked, diagram(layout, most=most), TODAY)
        assert set(listed(found)) <= every
        assert found.exact == (found.count == len(every))


def test_each_number_is_another_combination_so_that_numbers_drawn_evenly_sample_evenly() -> None:
    found = combinations_of(award(RULES["two demands"]), TODAY)
    times = Counter(found.numbered(at % found.count) for at in range(7 * found.count))
    assert set(times.values()) == {7}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            "  credits: 9\n  from: {}\n  at_most: [{credits: 5, from: {tag: core}, items: trim}]\n",
            "a cap under which credit counts in part",
        ),
        (
            "  credits: 9\n  from: {}\n  at_most: [{choose: 5, from: {tag: core}, over: record}]\n",
            "a limit on the whole record",
        ),
        (
            "  credits: 6\n  from: {}\n  last: {choose: 1, at_least: [{credits: 6, from: {}}]}\n",
            "an amount among the latest that are counted otherwise",
        ),
        (
            "  when: {holds: {choose: 1, from: x/c}}\n  then: {take: x/a}\n  else: {take: x/b}\n",
            "a circumstance that depends on what is held",
        ),
    ],
)
def test_what_is_not_told_by_the_set_alone_is_refused(said: str, why: str) -> None:
    with pytest.raises(UncountableError, match=why):
        combinations_of(award(said), TODAY, ALL)
