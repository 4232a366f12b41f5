"""Routes, against every way to spread what is offered over the terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random

import pytest

from app.core.model.credential import CredentialId
from app.core.search.route_basis import Step
from app.core.search.route_limits import Limit, Loaded
from app.core.search.route_reason import Reason, said_of
from app.core.search.route_request import Load, RouteError, RouteRequest
from app.core.search.routes import Routes, find_routes, swap_step
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, held, record, written
from tests.core.search.routing import (
    OF_HOLDINGS,
    TERMS,
    Key,
    Question,
    Steps,
    Way,
    best,
    broken,
    question,
    value,
    ways_of,
)

A, B, C, D = (CredentialId(f"x/{letter}") for letter in "abcd")
MANY = 36


@cache
def asked_of(number: int) -> Question:
    return question(Random(f"routes/{number}"))


@cache
def every(number: int) -> list[Way]:
    """Every way to meet the award of a question, whatever it breaks."""
    return list(ways_of(asked_of(number)))


def without_some(steps: Steps, before: list[set[CredentialId]]) -> bool:
    names = {name for _, name in steps}
    return not any(one <= names for one in before)


def found_for(asked: Question) -> Routes:
    return find_routes([asked.award], asked.who, asked.request, TODAY)


def key(limit: Limit) -> Key:
    if isinstance(limit, Loaded):
        return "load", limit.load.measure, ""
    return limit.kind, getattr(limit, "credential", ""), getattr(limit, "other", "")


@pytest.mark.parametrize("number", range(MANY))
def test_no_way_to_spread_what_is_offered_is_better(number: int) -> None:
    asked = asked_of(number)
    found = found_for(asked)
    least = best(asked, every(number))
    if least is None:
        assert (found.status, found.routes) == ("impossible", ())
        return
    (route,) = found.routes
    assert route.proven
    assert broken(asked, route.steps) == set()
    assert value(asked, route.steps) == least
    assert tuple(route.figures[one] for one in asked.request.objectives) == least


def test_where_steps_change_what_is_asked_nothing_is_said_that_is_not_so() -> None:
    said = set()
    for number in range(24):
        asked = question(Random(f"holdings/{number}"), OF_HOLDINGS)
        ways, found = list(ways_of(asked)), found_for(asked)
        least = best(asked, ways)
        assert found.status != "impossible" or least is None
        for route in found.routes:
            assert (route.steps, set()) in ways
            assert not route.proven or value(asked, route.steps) == least
        said.add((found.status, any(route.proven for route in found.routes)))
    # All that may be said is.
    assert said == {("found", True), ("found", False), ("open", False), ("impossible", False)}


@pytest.mark.parametrize("number", range(0, MANY, 3))
def test_each_of_several_routes_is_the_best_without_some_step_of_those_before(number: int) -> None:
    asked = asked_of(number)
    found = found_for(replace(asked, request=replace(asked.request, count=3)))
    before: list[set[CredentialId]] = []
    for route in found.routes:
        least = best(asked, every(number), lambda steps: without_some(steps, before))
        assert broken(asked, route.steps) == set()
        assert value(asked, route.steps) == least
        before.append({name for _, name in route.steps})
    if found.complete:
        assert best(asked, every(number), lambda steps: without_some(steps, before)) is None


@pytest.mark.parametrize("number", range(MANY))
def test_no_limit_can_be_spared_from_the_reason(number: int) -> None:
    asked = asked_of(number)
    found = found_for(asked)
    if found.reason is None:
        assert found.routes
        return
    ways = [wrong for _, wrong in every(number)]
    reasons = {key(one) for one in found.reason.limits}
    assert found.reason.minimal
    assert (found.reason.kind == "limits") == bool(ways)
    assert all(wrong & reasons for wrong in ways)
    for one in reasons:
        assert any(not wrong & (reasons - {one}) for wrong in ways)


@pytest.mark.parametrize("number", range(0, MANY, 2))
def test_more_room_and_wider_offers_are_never_worse(number: int) -> None:
    asked = asked_of(number)
    loads = [
        Load(one.measure, tuple(most and most + most // 2 for most in one.most))
        for one in asked.request.loads
    ]
    for wider in (replace(asked.request, loads=tuple(loads)), replace(asked.request, offered={})):
        before, after = found_for(asked), found_for(replace(asked, request=wider))
        if before.routes:
            assert value(asked, after.routes[0].steps) <= value(asked, before.routes[0].steps)


@pytest.mark.parametrize("number", range(0, MANY, 4))
def test_a_swap_costs_what_the_best_route_without_the_step_costs_more(number: int) -> None:
    asked = asked_of(number)
    found = found_for(asked)
    free = [s for r in found.routes for s in r.steps if s.credential not in asked.request.take]
    if not free:
        return
    out = free[0].credential
    steps = found.routes[0].steps
    swap = swap_step([asked.award], asked.who, asked.request, TODAY, steps, (out, None))
    least = best(asked, every(number), lambda other: all(name != out for _, name in other))
    if least is None:
        assert swap.routes.status == "impossible"
        return
    price = tuple(swap.price[one] for one in asked.request.objectives)
    assert price == tuple(a - b for a, b in zip(least, value(asked, steps), strict=True))


LADDER = catalogue(
    replace(credential("x/a", 4, "core"), prerequisites=(B,)),
    replace(credential("x/b", 3, "first"), prerequisites=(C,)),
    credential("x/c", 2, "first"),
    credential("x/d", 4, "core"),
)
ONE = compiled(written("  credits: 4\n  from: {tag: core}\n"), LADDER)


def reason_for(**asked: object) -> tuple[Reason, list[str]]:
    request = RouteRequest(terms=TERMS[:2], **asked)  # type: ignore[arg-type]
    found = find_routes([ONE], record(), request, TODAY)
    assert found.reason is not None
    return found.reason, said_of(found.reason, request)


def test_what_has_to_come_before_is_part_of_the_route() -> None:
    request = RouteRequest(terms=TERMS, avoid=frozenset({D}))
    (route,) = find_routes([ONE], record(), request, TODAY).routes
    assert [(step.term, step.credential) for step in route.steps] == [(0, C), (1, B), (2, A)]
    assert (route.figures["credits"], route.figures["load"]) == (9000, 4000)


def test_what_is_in_progress_opens_what_needs_it_once_it_is_done() -> None:
    request = RouteRequest(terms=TERMS, avoid=frozenset({D}))
    for earned, term in ((None, 0), (TERMS[0].end, 1)):
        who = record(held("x/b", earned=earned, status="in-progress"))
        (route,) = find_routes([ONE], who, request, TODAY).routes
        assert [(step.term, step.credential) for step in route.steps] == [(term, A)]


def test_the_reason_is_a_chain_that_is_longer_than_the_terms() -> None:
    _, said = reason_for(avoid=frozenset({D}))
    assert said[0] == "It cannot be done in 2 terms because:"
    assert sorted(said[1:]) == [
        "`x/a` needs `x/b` before it.",
        "`x/b` needs `x/c` before it.",
        "`x/d` must not be taken.",
    ]


def test_the_reason_is_a_prerequisite_that_nobody_offers() -> None:
    _, said = reason_for(offered={C: frozenset()}, only=frozenset({A, B, C}))
    assert "`x/a` needs `x/b` before it." in said


def test_what_is_retired_is_told_from_what_is_offered_at_another_time() -> None:
    _, said = reason_for(offered={D: frozenset()}, take=frozenset({D}))
    assert "`x/d` is offered in none of these terms." in said
    old = replace(LADDER.credentials[D], retired=date(2020, 1, 31))
    known = replace(LADDER, credentials={**LADDER.credentials, D: old})
    award = compiled(written("  credits: 4\n  from: {tag: core}\n"), known)
    for offered in ({}, {D: frozenset({0})}):
        request = RouteRequest(terms=TERMS[:2], offered=offered, take=frozenset({D}))
        found = find_routes([award], record(), request, TODAY)
        assert found.reason is not None
        assert "`x/d` is retired." in said_of(found.reason, request)


def test_the_reason_is_the_catalogue_where_it_has_too_little() -> None:
    award = compiled(written("  credits: 40\n  from: {tag: core}\n"), LADDER)
    found = find_routes([award], record(), RouteRequest(terms=TERMS), TODAY)
    assert (found.status, found.reason) == ("impossible", Reason("catalogue"))


def test_the_reason_is_the_dates_where_only_they_are_in_the_way() -> None:
    rule = "  credits: 8\n  from: {tag: core}\n  within: {span: 2 months, from: earliest-used}\n"
    award = compiled(written(rule), LADDER)
    found = find_routes([award], record(), RouteRequest(terms=TERMS), TODAY)
    assert found.reason == Reason("dates")


def test_a_step_that_nobody_recorded_is_not_what_the_catalogue_lacks() -> None:
    demand = "credits: 8, from: {tag: core}, within: {span: 2 months, from: earliest-used}"
    rule = f"  all:\n    - {{{demand}}}\n    - {{title: Viva, milestone: v}}\n"
    award = compiled(written(rule), LADDER)
    found = find_routes([award], record(), RouteRequest(terms=TERMS), TODAY)
    assert (found.reason, found.besides) == (Reason("dates"), ("Viva",))


def test_prerequisites_that_go_round_are_told_and_cannot_be_taken() -> None:
    known = catalogue(
        replace(credential("x/a", 4, "core"), prerequisites=(B,)),
        replace(credential("x/b", 3, "core"), prerequisites=(A,)),
        credential("x/c", 4, "core"),
    )
    award = compiled(written("  credits: 4\n  from: {tag: core}\n"), known)
    found = find_routes([award], record(), RouteRequest(terms=TERMS), TODAY)
    assert found.cycles == ((A, B),)
    assert [step.credential for step in found.routes[0].steps] == [C]


def test_what_is_met_already_needs_no_step() -> None:
    found = find_routes([ONE], record(held("x/d")), RouteRequest(terms=TERMS, count=3), TODAY)
    assert [(route.steps, route.figures["terms"]) for route in found.routes] == [((), 0)]
    assert found.complete


def test_steps_without_credit_are_told_beside_the_route() -> None:
    rule = "  all:\n    - {credits: 4, from: {tag: core}}\n    - {title: Viva, milestone: v}\n"
    award = compiled(written(rule), LADDER)
    found = find_routes([award], record(), RouteRequest(terms=TERMS), TODAY)
    assert found.besides == ("Viva",)
    assert [step.credential for step in found.routes[0].steps] == [D]


def test_several_routes_may_differ_in_their_terms_alone() -> None:
    request = RouteRequest(terms=TERMS, avoid=frozenset({A}), count=4, differ="terms")
    found = find_routes([ONE], record(), request, TODAY)
    assert [route.steps[0].term for route in found.routes] == [0, 1, 2]
    assert found.complete


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        ("terms-out-of-range", RouteRequest(terms=())),
        ("routes-out-of-range", RouteRequest(terms=TERMS, count=0)),
        ("terms-out-of-order", RouteRequest(terms=TERMS[::-1])),
        ("terms-alike", RouteRequest(terms=(TERMS[0], TERMS[0]))),
        ("unknown-credential", RouteRequest(terms=TERMS, due={CredentialId("x/z"): 0})),
        (
            "contradictory-wishes",
            RouteRequest(terms=TERMS, take=frozenset({A}), avoid=frozenset({A})),
        ),
        (
            "contradictory-wishes",
            RouteRequest(terms=TERMS, take=frozenset({A}), only=frozenset({B})),
        ),
        ("negative-amount", RouteRequest(terms=TERMS, costs={A: -1})),
        (
            "loads-out-of-range",
            RouteRequest(terms=TERMS[:2], loads=(Load("credits", (4000, 4000, 9000)),)),
        ),
        ("costs-too-large", RouteRequest(terms=TERMS, costs={A: 10**12})),
        ("objectives-unclear", RouteRequest(terms=TERMS, objectives=("terms", "terms"))),
    ],
)
def test_what_makes_no_sense_is_refused(code: str, request_: RouteRequest) -> None:
    with pytest.raises(RouteError) as refused:
        find_routes([ONE], record(), request_, TODAY)
    assert refused.value.code == code


def test_of_an_unknown_credential_the_nearest_is_named() -> None:
    one = compiled(written("  take: x/statistics\n"), catalogue(credential("x/statistics", 3)))
    request = RouteRequest(terms=TERMS, take=frozenset({CredentialId("x/statistic")}))
    with pytest.raises(RouteError, match="did you mean `x/statistics`"):
        find_routes([one], record(), request, TODAY)


def test_a_step_that_is_not_in_the_route_cannot_be_swapped() -> None:
    steps = (Step(0, D), Step(1, C))
    for there, named in ((steps, "`x/d`, `x/c`"), ((), "none")):
        with pytest.raises(RouteError, match=f"no step of the route: there are {named}"):
            swap_step([ONE], record(), RouteRequest(terms=TERMS), TODAY, there, (A, None))


HELD = catalogue(
    credential("x/a", 4, "core"),
    credential("x/b", 4, "core"),
    credential("x/e", 4, "extra"),
    credential("x/f", 4, "extra"),
)


def steps_for(require: str, **asked: object) -> list[list[tuple[int, str]]]:
    """The steps of proven routes over two terms."""
    request = RouteRequest(terms=TERMS[:2], **asked)  # type: ignore[arg-type]
    found = find_routes([compiled(written(require), HELD)], record(), request, TODAY)
    assert found.status == "found"
    assert all(route.proven for route in found.routes)
    return [[(term, name) for term, name in route.steps] for route in found.routes]


BRINGING = """\
  all:
    - {take: x/a}
    - when: {holds: {choose: 1, from: {tag: extra}}}
      then: {take: x/b}
"""


def test_what_is_not_taken_changes_no_circumstance() -> None:
    assert steps_for(BRINGING) == [[(0, "x/a")]]


def test_a_route_is_judged_in_the_circumstances_to_which_it_brings() -> None:
    award = compiled(written(f"{BRINGING}    - {{take: x/e}}\n"), HELD)
    request = RouteRequest(terms=TERMS[:1])
    (route,) = find_routes([award], record(), request, TODAY).routes
    assert [step.credential for step in route.steps] == ["x/a", "x/b", "x/e"]
    assert not route.proven
    without = replace(request, avoid=frozenset({B}))
    found = find_routes([award], record(), without, TODAY)
    assert (found.status, found.routes, found.reason) == ("open", (), None)


def test_a_limit_on_the_whole_record_is_held_against_what_is_taken() -> None:
    rule = "  credits: 8\n  from: {}\nat_most:\n  - {choose: 0, from: {tag: extra}, over: record}\n"
    assert steps_for(rule) == [[(0, "x/a"), (0, "x/b")]]
    request = RouteRequest(terms=TERMS[:1], avoid=frozenset({B}), budget=0)
    found = find_routes([compiled(written(rule), HELD)], record(), request, TODAY)
    assert found.reason is not None
    assert (found.reason.minimal, said_of(found.reason, request)[1:]) == (
        True,
        ["`x/b` must not be taken."],
    )


def test_what_the_whole_record_lacks_is_part_of_the_smallest_reason() -> None:
    rule = "  take: x/a\nat_least:\n  - {choose: 2, from: {tag: extra}, over: record}\n"
    several = RouteRequest(
        terms=TERMS[:2],
        loads=(Load("credentials", (2, 0)),),
        due={CredentialId("x/e"): 0, CredentialId("x/f"): 1},
        avoid=frozenset({B}),
    )
    found = find_routes([compiled(written(rule), HELD)], record(), several, TODAY)
    assert found.reason is not None
    assert (found.reason.minimal, said_of(found.reason, several)[1:]) == (
        True,
        ["A term takes at most 0 or 2 credentials."],
    )


def test_no_record_at_all_that_keeps_to_a_limit_is_the_catalogues_lack() -> None:
    rule = "  take: x/e\nat_most:\n  - {choose: 0, from: {tag: extra}, over: record}\n"
    found = find_routes([compiled(written(rule), HELD)], record(), RouteRequest(terms=TERMS), TODAY)
    assert (found.status, found.reason) == ("impossible", Reason("catalogue"))


def test_what_is_in_progress_is_a_corequisite_in_the_term_in_which_it_ends() -> None:
    request = RouteRequest(terms=TERMS, take=frozenset({D}), together={D: (B,)})
    day = timedelta(days=1)
    for earned, term in ((None, 0), (TERMS[0].end, 0), (TERMS[0].end + day, 1)):
        who = record(held("x/b", earned=earned, status="in-progress"))
        (route,) = find_routes([ONE], who, request, TODAY).routes
        assert [(step.term, step.credential) for step in route.steps] == [(term, D)]


def test_a_window_that_a_step_might_open_sooner_proves_nothing_impossible() -> None:
    rule = "  credits: 8\n  from: {tag: core}\n  within: {span: 7 months, from: first-applicable}\n"
    award = compiled(written(rule), HELD)
    who = record(held("x/b", earned=TERMS[1].start, status="planned"))
    request = RouteRequest(terms=TERMS[:2], loads=(Load("credentials", (0, 1)),))
    assert find_routes([award], who, request, TODAY).status != "impossible"
