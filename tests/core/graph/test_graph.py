"""The credit graph against plain searches over small catalogues."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph.build import CreditGraph, build_graph
from app.core.graph.questions import (
    UnknownNodeError,
    leads_to,
    made_of,
    prerequisites_of,
)
from app.core.graph.whole import insight
from app.core.model.credential import CredentialId
from app.core.model.period import Period
from app.core.model.requirement import Each, Nested, Qualifiers
from app.core.model.rule import OnAward
from app.core.model.selector import GradeTest, LevelTest, OneOf, Selector
from tests.core.engine.builders import (
    catalogue,
    choose,
    credential,
    credits_from,
    every,
    rule,
    tagged,
    take,
)

AWARDS = [CredentialId(f"award{n}") for n in range(5)]


def ladder_of(steps: list[tuple[int, int]]) -> CreditGraph:
    """Awards that say which others are below them."""
    below = {n: [a for a, b in steps if b == n] for n in range(len(AWARDS))}
    rules = [
        replace(
            rule(take("core", f"c{n}"), award=AWARDS[n]),
            on_award=tuple(OnAward(award=AWARDS[a], effect="keep") for a in below[n]),
        )
        for n in range(len(AWARDS))
    ]
    known = catalogue(*(credential(f"c{n}") for n in range(len(AWARDS))))
    return build_graph(known, rules)


pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda p: p[0] != p[1]))


@given(pairs)
def test_leads_to_is_a_breadth_first_search(steps: list[tuple[int, int]]) -> None:
    graph = ladder_of(steps)
    distance = {AWARDS[0]: 1}
    frontier = [AWARDS[0]]
    while frontier:
        following = []
        for at in frontier:
            for low, high in steps:
                if AWARDS[low] == at and AWARDS[high] not in distance:
                    distance[AWARDS[high]] = distance[at] + 1
                    following.append(AWARDS[high])
        frontier = following
    assert {lead.award: lead.steps for lead in leads_to(graph, "c0")} == distance


@given(pairs)
def test_a_cycle_is_found_exactly_when_there_is_no_order(steps: list[tuple[int, int]]) -> None:
    graph = ladder_of(steps)
    ordered = nx.is_directed_acyclic_graph(graph.ladder)
    found = insight(graph)
    assert bool(found.award_cycles) is not ordered
    for cycle in found.award_cycles:
        rounds = zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        assert all(graph.ladder.has_edge(low, high) for low, high in rounds)


@given(pairs.map(lambda steps: [(min(pair), max(pair)) for pair in steps]))
def test_the_longest_ladders_are_the_longest_paths_to_each_top(
    steps: list[tuple[int, int]],
) -> None:
    graph = ladder_of(steps)
    best = dict.fromkeys(range(len(AWARDS)), 1)
    for high in range(len(AWARDS)):
        for low, above in steps:
            if above == high:
                best[high] = max(best[high], best[low] + 1)
    found = insight(graph).ladders.first(len(AWARDS))
    assert {ladder[-1]: len(ladder) for ladder in found} == {
        AWARDS[top]: best[top]
        for top in range(len(AWARDS))
        if best[top] > 1 and all(low != top for low, _ in steps)
    }
    assert [len(one) for one in found] == sorted(map(len, found), reverse=True)
    assert all(graph.ladder.has_edge(*step) for one in found for step in pairwise(one))


def test_selectors_are_resolved_by_what_credentials_state() -> None:
    known = catalogue(
        credential("a", 4, "free"), credential("b", 4, "free", level=6), credential("c", 4)
    )
    seven = Each(must=Selector((LevelTest("eqf", 7, None, "at-least"), GradeTest("B"))))
    edition = rule(choose("electives", 1, tagged("free")), whole=Qualifiers(each=(seven,)))
    graph = build_graph(known, [edition])
    assert made_of(graph, "p").credentials == ("a",)
    assert insight(graph).dead_ends == ("b", "c")


def test_an_award_whose_parts_all_count_in_a_larger_one_leads_there() -> None:
    known = catalogue(credential("a", 4, "x"), credential("b", 4, "x", "y"))
    small = rule(credits_from("few", 4, tagged("y")), award="small", total=4)
    large = rule(credits_from("all", 8, tagged("x")), award="large", total=8)
    graph = build_graph(known, [small, large])
    assert list(graph.ladder.edges) == [("small", "large")]
    assert [lead.award for lead in leads_to(graph, "b")] == ["large", "small"]
    assert insight(graph).ladders.first(1) == [("small", "large")]


def test_an_award_leads_to_what_it_opens() -> None:
    small, large = rule(take("core", "a"), award="small"), rule(take("core", "b"), award="large")
    opening = (OnAward(award=large.award, effect="open"),)
    graph = build_graph(
        catalogue(credential("a"), credential("b")), [replace(small, on_award=opening), large]
    )
    assert [lead.award for lead in leads_to(graph, "a")] == ["small", "large"]
    assert insight(graph).ladders.first(1) == [("small", "large")]


def test_the_latest_edition_of_an_award_stands() -> None:
    known = catalogue(credential("a"), credential("b"))
    old = rule(take("core", "a"))
    new = replace(rule(take("core", "b")), edition="2", effective=Period(date(2024, 1, 1)))
    graph = build_graph(known, [new, old])
    assert made_of(graph, "p").credentials == ("b",)


def test_equivalents_fill_what_is_taken_by_name() -> None:
    twin = replace(credential("b"), equivalents=(CredentialId("a"),))
    graph = build_graph(catalogue(credential("a"), twin), [rule(every(take("core", "a")))])
    assert [lead.award for lead in leads_to(graph, "b")] == ["p"]


def test_prerequisites_are_all_that_comes_before() -> None:
    chain = [
        credential("a"),
        replace(credential("b"), prerequisites=(CredentialId("a"),)),
        replace(credential("c"), prerequisites=(CredentialId("b"),)),
    ]
    graph = build_graph(catalogue(*chain), [])
    assert prerequisites_of(graph, "c") == ("a", "b")
    assert insight(graph).orphans == ()


def test_a_round_of_prerequisites_is_told_once() -> None:
    chain = [
        replace(credential("a"), prerequisites=(CredentialId("b"),)),
        replace(credential("b"), prerequisites=(CredentialId("a"),)),
    ]
    assert insight(build_graph(catalogue(*chain), [])).prerequisite_cycles == (("a", "b"),)


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    graph = build_graph(catalogue(credential("ladder")), [rule(take("core", "ladder"))])
    with pytest.raises(UnknownNodeError, match="there is no credential `lader`") as unknown:
        leads_to(graph, "lader")
    assert unknown.value.remedy == "did you mean `ladder`?"
    with pytest.raises(UnknownNodeError, match="there is no award `q`"):
        made_of(graph, "q")


def test_a_pattern_names_many() -> None:
    graph = build_graph(
        catalogue(credential("u/a1"), credential("u/a2"), credential("u/b1")),
        [rule(choose("some", 1, Selector((OneOf("credential", ("u/a*",)),))))],
    )
    assert made_of(graph, "p").credentials == ("u/a1", "u/a2")


def test_each_of_several_values_of_an_attribute_leads_on() -> None:
    both = replace(credential("a"), attributes={"bucket": ("arts", "law")})
    known = replace(catalogue(both, credential("b")), attributes={"bucket": "text"})
    law = rule(choose("some", 1, Selector((OneOf("bucket", ("law",)),))))
    assert made_of(build_graph(known, [law]), "p").credentials == ("a",)


@pytest.mark.parametrize(("reading", "ways"), [("at", ()), ("at-least", ("p",))])
def test_levels_are_read_as_the_policy_says(reading: str, ways: tuple[str, ...]) -> None:
    six = Selector((LevelTest("eqf", 6, None, "policy"),))
    edition = replace(rule(choose("some", 1, six)), policies={"level": reading})
    graph = build_graph(catalogue(credential("a", level=7)), [edition])
    assert tuple(lead.award for lead in leads_to(graph, "a")) == ways


def test_a_nested_award_leads_to_the_award_that_nests_it() -> None:
    inner = rule(take("core", "a"), award="cert")
    nested = Nested(id="n", title="cert", award=CredentialId("cert"))
    outer = rule(every(nested, take("rest", "b")), award="dip")
    graph = build_graph(catalogue(credential("a"), credential("b")), [inner, outer])
    assert [lead.award for lead in leads_to(graph, "a")] == ["cert", "dip"]
    assert graph.ladder.has_edge(CredentialId("cert"), CredentialId("dip"))
    assert [way.requirements for way in graph.stacks[CredentialId("a")]] == [("core",), ("n/core",)]


def test_awards_that_nest_one_another_are_a_cycle() -> None:
    names = [CredentialId("cert"), CredentialId("dip")]
    rules = [
        rule(Nested(id="n", title=other, award=other), award=own)
        for own, other in (names, names[::-1])
    ]
    graph = build_graph(catalogue(), rules)
    assert insight(graph).award_cycles == (("cert", "dip"),)
    assert made_of(graph, "cert").form == "award"
