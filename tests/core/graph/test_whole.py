"""What a catalogue shows as a whole, against taking each thing away and looking again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph import bottlenecks
from app.core.graph.build import CreditGraph, build_graph
from app.core.graph.whole import insight
from app.core.model.change import Change
from app.core.model.credential import Credential, CredentialId
from app.core.model.requirement import (
    Attest,
    From,
    Group,
    Nested,
    Quantity,
    Requirement,
    Take,
    When,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import EVERYTHING, Circumstance, OneOf, Selector
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

ONCE = {"retakes": "best"}
SINGLE = [f"c{n}" for n in range(5)]
AWARDS = [f"p{n}" for n in range(3)]
KNOWN = [*SINGLE, *AWARDS]
TAGS = ["x", "y"]


# -- small worlds -----------------------------------------------------------------------------

named = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=3, unique=True)
tests = st.sampled_from([EVERYTHING, *map(tagged, TAGS)])
leaves = st.one_of(
    named.map(lambda several: take("r", *several)),
    st.tuples(st.integers(0, 4), tests).map(lambda one: choose("r", *one)),
    st.tuples(st.integers(1, 20), tests).map(lambda one: credits_from("r", *one)),
    st.just(Attest(id="r", title="R", role="adviser")),
)


def groups(parts: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(
        st.tuples(parts, st.booleans()).map(lambda one: replace(one[0], optional=one[1])),
        min_size=1,
        max_size=3,
    )
    whens = st.tuples(parts, st.none() | parts).map(
        lambda one: When(
            id="r", title="R", circumstance=Circumstance(), then=one[0], otherwise=one[1]
        )
    )
    return st.one_of(
        several.map(lambda own: every(*own)),
        st.tuples(st.integers(1, 2), several).map(
            lambda one: Group(id="r", title="R", parts=tuple(one[1]), need=one[0])
        ),
        whens,
    )


trees = st.recursive(leaves, groups, max_leaves=5)
described = st.tuples(
    st.integers(1, 4),
    st.sets(st.sampled_from(TAGS)),
    st.lists(st.sampled_from([*KNOWN, "elsewhere"]), max_size=2, unique=True),
    st.lists(st.sampled_from(KNOWN), max_size=1),
)
worlds = st.tuples(
    st.lists(described, min_size=len(KNOWN), max_size=len(KNOWN)),
    st.lists(trees, min_size=len(AWARDS), max_size=len(AWARDS)),
)


def graph_of(
    credentials: list[tuple[int, set[str], list[str], list[str]]], roots: list[Requirement]
) -> CreditGraph:
    known = [
        replace(
            credential(name, size, *sorted(tags)),
            prerequisites=tuple(map(CredentialId, before)),
            equivalents=tuple(CredentialId(one) for one in like if one != name),
        )
        for name, (size, tags, before, like) in zip(KNOWN, credentials, strict=True)
    ]
    rules = [
        replace(rule(root, award=award), policies=ONCE)
        for award, root in zip(AWARDS, roots, strict=True)
    ]
    return build_graph(catalogue(*known), rules)


# -- what can be come by, as plainly as it can be said ----------------------------------------


def come_by(graph: CreditGraph, gone: str = "") -> set[CredentialId]:
    """What can be held, beginning with nothing and never holding what is gone."""
    held: set[CredentialId] = set()
    while True:
        more = {
            name
            for name in {*graph.catalogue.credentials, *graph.rules}
            if name not in held and name != gone and may_be_held(graph, name, held)
        }
        if not more:
            return held
        held |= more


def alike(graph: CreditGraph, name: CredentialId) -> set[CredentialId]:
    known = graph.catalogue.credentials
    own = known[name].equivalents if name in known else ()
    return {name, *own, *(other for other, one in known.items() if name in one.equivalents)}


def may_be_held(graph: CreditGraph, name: CredentialId, held: set[CredentialId]) -> bool:
    own = graph.catalogue.credentials.get(name)
    before = [one for one in own.prerequisites if one in KNOWN] if own else []
    if not all(alike(graph, one) & held for one in before):
        return False
    return name not in graph.rules or may_be_met(graph, graph.rules[name].root, held)


def may_be_met(graph: CreditGraph, asked: Requirement, held: set[CredentialId]) -> bool:
    if isinstance(asked, Take):
        return all(alike(graph, one) & held for one in asked.credentials)
    if isinstance(asked, From):
        fits = [one for one in graph.catalogue.credentials.values() if one.id in held]
        fits = [one for one in fits if admits(asked, one)]
        whole = len(fits) if asked.quantity.measure == "choose" else sum(o.credits for o in fits)
        return whole >= asked.quantity.low
    if isinstance(asked, Group):
        met = [
            may_be_met(graph, part, held) or (asked.need is None and part.optional)
            for part in asked.parts
        ]
        return sum(met) >= (len(met) if asked.need is None else asked.need)
    if isinstance(asked, When):
        sides = (asked.then, asked.otherwise)
        return any(side is None or may_be_met(graph, side, held) for side in sides)
    return True


def admits(asked: From, one: Credential) -> bool:
    return all(set(test.values) & set(one.tags) for test in asked.selector.tests)  # type: ignore[union-attr]


@given(worlds, st.integers(1, len(KNOWN)))
def test_a_bottleneck_is_what_nothing_can_be_had_without(
    world: tuple[list[tuple[int, set[str], list[str], list[str]]], list[Requirement]], block: int
) -> None:
    graph = graph_of(*world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bottlenecks, "BLOCK", block)
        found = insight(graph)
    whole = come_by(graph)
    expected = {}
    for name in KNOWN:
        lost = whole - come_by(graph, name) - {CredentialId(name)}
        if lost:
            awards = len(lost & set(graph.rules))
            expected[name] = (awards, len(lost) - awards)
    assert {one.id: (one.awards, one.credentials) for one in found.bottlenecks} == expected
    assert {one.award for one in found.unreachable} == set(graph.rules) - whole


@given(worlds)
def test_every_award_out_of_reach_has_a_reason(
    world: tuple[list[tuple[int, set[str], list[str], list[str]]], list[Requirement]],
) -> None:
    found = insight(graph_of(*world)).unreachable
    assert all(one.requirements or one.prerequisites for one in found)


# -- single sentences -------------------------------------------------------------------------


def with_policies(edition: RuleEdition, policies: Mapping[str, str] = ONCE) -> RuleEdition:
    return replace(edition, policies=policies)


def test_what_unlocks_most_comes_first_and_ties_by_id() -> None:
    chain = [
        credential("b"),
        credential("a"),
        replace(credential("c"), prerequisites=(CredentialId("a"),)),
        replace(credential("d"), prerequisites=(CredentialId("b"),)),
    ]
    graph = build_graph(catalogue(*chain), [rule(take("core", "c", "d"))])
    assert insight(graph).reach == (("a", 1, 1), ("b", 1, 1), ("c", 1, 0), ("d", 1, 0))


def test_delay_and_blocking_are_those_of_curricular_analytics() -> None:
    # Calculus I opens Physics I and Calculus II, which opens Differential Equations.
    names = {"calc1": (), "phys1": ("calc1",), "calc2": ("calc1",), "diff": ("calc2",)}
    known = [
        replace(credential(name), prerequisites=tuple(map(CredentialId, before)))
        for name, before in names.items()
    ]
    found = insight(build_graph(catalogue(*known, credential("alone")), []))
    assert found.delay == (("calc1", 3, 3), ("calc2", 3, 1), ("diff", 3, 0), ("phys1", 2, 0))
    assert found.blocking == (("calc1", 3, 3), ("calc2", 3, 1))


def test_a_named_credential_is_a_bottleneck_and_one_of_several_is_none() -> None:
    known = catalogue(credential("a"), credential("b", 4, "x"), credential("c", 4, "x"))
    edition = with_policies(rule(every(take("core", "a"), choose("one", 1, tagged("x")))))
    assert insight(build_graph(known, [edition])).bottlenecks == (("a", 1, 0),)
    both = with_policies(rule(every(choose("two", 2, tagged("x")))))
    assert insight(build_graph(known, [both])).bottlenecks == (("b", 1, 0), ("c", 1, 0))


def test_what_all_ways_ask_for_first_is_a_bottleneck() -> None:
    ways = [
        replace(credential(name, 4, "x"), prerequisites=(CredentialId("a"),)) for name in ("b", "c")
    ]
    known = catalogue(credential("a"), *ways)
    edition = with_policies(rule(choose("one", 1, tagged("x"))))
    assert insight(build_graph(known, [edition])).bottlenecks == (("a", 1, 2),)


def test_an_equivalent_is_a_way_round() -> None:
    twin = replace(credential("b"), equivalents=(CredentialId("a"),))
    graph = build_graph(catalogue(credential("a"), twin), [with_policies(rule(take("core", "a")))])
    assert insight(graph).bottlenecks == ()


def test_an_award_that_can_be_made_up_where_it_is_nested_is_no_bottleneck() -> None:
    inner = with_policies(rule(take("core", "a"), award="cert"))
    nested = Nested(id="n", title="cert", award=CredentialId("cert"))
    outer = with_policies(rule(every(nested, take("rest", "b")), award="dip"))
    graph = build_graph(catalogue(credential("a"), credential("b")), [inner, outer])
    assert insight(graph).bottlenecks == (("a", 2, 0), ("b", 1, 0))


def test_an_award_without_supply_is_out_of_reach_and_says_of_what() -> None:
    known = catalogue(credential("a", 4, "x"), credential("b", 4, "x"))
    short = with_policies(rule(every(take("core", "a"), credits_from("free", 9, tagged("x")))))
    above = with_policies(rule(every(take("first", "p")), award="q"))
    found = insight(build_graph(known, [short, above])).unreachable
    assert found == (("p", ("free",), ()), ("q", ("first",), ()))


def test_prerequisites_in_a_round_put_what_needs_them_out_of_reach() -> None:
    known = [
        replace(credential("a"), prerequisites=(CredentialId("b"),)),
        replace(credential("b"), prerequisites=(CredentialId("a"),)),
        replace(credential("p"), prerequisites=(CredentialId("a"),)),
    ]
    graph = build_graph(catalogue(*known), [with_policies(rule(every()))])
    assert insight(graph).unreachable == (("p", (), ("a",)),)
    assert insight(graph).prerequisite_cycles == (("a", "b"),)


def halved() -> Quantity:
    return Quantity("credits", 9000, changes=(Change(Circumstance(), add=-5000),))


@pytest.mark.parametrize(
    ("policies", "quantity"),
    [
        ({}, Quantity("credits", 9000)),
        ({"retakes": "each"}, Quantity("credits", 9000)),
        (ONCE, Quantity("credits", 9000, fact="wanted")),
        (ONCE, Quantity("choose", 2, by="field")),
        (ONCE, halved()),
    ],
    ids=["unsaid", "each attempt", "the learner's", "values", "changed"],
)
def test_what_may_be_enough_for_somebody_is_not_called_out_of_reach(
    policies: Mapping[str, str], quantity: Quantity
) -> None:
    asked = From(id="r", title="R", quantity=quantity, selector=EVERYTHING)
    graph = build_graph(catalogue(credential("a")), [with_policies(rule(asked), policies)])
    assert insight(graph).unreachable == ()


def test_what_an_achievement_may_state_is_not_called_missing() -> None:
    known = replace(catalogue(credential("a")), attributes={"bucket": "text"})
    law = with_policies(rule(choose("some", 1, Selector((OneOf("bucket", ("law",)),)))))
    assert insight(build_graph(known, [law])).unreachable == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, credits=0),
        lambda one: replace(one, unit="hours"),
    ],
    ids=["no credits", "another unit"],
)
def test_credits_that_the_catalogue_does_not_know_may_be_enough(
    change: Callable[[Credential], Credential],
) -> None:
    known = catalogue(change(credential("a")))
    graph = build_graph(known, [with_policies(rule(credits_from("r", 9, EVERYTHING)))])
    assert insight(graph).unreachable == ()
