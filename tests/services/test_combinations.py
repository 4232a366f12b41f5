"""The combinations of what is published: the best of them by what credentials state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.model.credential import CredentialId, IssuerId
from app.core.model.selector import OneOf, Selector
from app.core.search.combinations import ALL, Filters
from app.services.combination_errors import (
    CannotCountError,
    ContradictoryFiltersError,
    LearnerNeededError,
    StaleCursorError,
    TooManyIssuersError,
)
from app.services.combining import find, left_out, told_to_plain
from app.services.measures import MeasureUnstatedError
from app.services.ranking import ranked
from app.services.reading import achievement_of
from app.services.stored import AwardChoice
from app.wiring import Services
from tests.core.engine.builders import TODAY, catalogue, choose, compiled, credential, rule, written
from tests.services.builders import CATALOGUE, NOTE, edition, pack
from tests.services.builders import CERTIFICATE as RULE

DIPLOMA = AwardChoice(CredentialId("x/dip"))
CERTIFICATE = AwardChoice(CredentialId("x/cert"))


def stating(services: Services, **said: str) -> None:
    """Load the catalogue anew with what credentials state beside the rest."""
    text = CATALOGUE.replace("attributes: {", "attributes: {price: number, ")
    for name, own in said.items():
        text = text.replace(f"{{id: x/{name}, ", f"{{id: x/{name}, {own}, ")
    services.packs.load(pack(catalogue_yaml=text.encode()), NOTE)


def best(services: Services, by: str, filters: Filters = ALL) -> list[tuple[str, int]]:
    """The best combinations of the certificate, each with what it comes to."""
    found = told_to_plain(services.combinations.best(CERTIFICATE, by, 10, None, filters))
    return [(" ".join(one["credentials"]), one[by]) for one in found["items"]]


def test_the_best_cost_least_as_credentials_state_their_price(services: Services) -> None:
    stating(
        services,
        a="price: 0",
        b="price: 300",
        c="price: 200",
        d="price: 50",
    )
    cheapest = [("x/a x/c x/d", 250), ("x/a x/b x/d", 350), ("x/a x/b x/c", 500)]
    assert best(services, "cost") == cheapest


def test_by_time_only_what_states_its_hours_is_offered(services: Services) -> None:
    stating(
        services,
        a="workload: 1 hour",
        b="workload: 300 hours",
        c="workload: three weeks",
        d="workload: 250 hours",
    )
    assert best(services, "time") == [("x/a x/b x/d", 551)]
    must = Filters(must=frozenset({CredentialId("x/c")}))
    with pytest.raises(ContradictoryFiltersError, match="`x/c` must be there and is left out"):
        best(services, "time", must)


def test_what_nothing_states_is_no_measure(services: Services) -> None:
    with pytest.raises(MeasureUnstatedError, match=r"that may count in `x/cert` states its cost"):
        best(services, "cost")


CASES = """cases:
  - {name: none, on: 2026-06-01, record: {attributes: {modules: 1}}, expect: {met: false}}
"""


def test_a_number_that_a_learner_states_is_theirs(services: Services) -> None:
    text = CATALOGUE.replace("attributes: {", "attributes: {modules: number, ")
    counted = RULE[: RULE.index("cases:")].replace("credits: 20", "choose: modules") + CASES
    services.packs.load(pack(catalogue_yaml=text.encode()), NOTE)
    services.publishing.put_draft(edition("2026", "2026-01-01", counted), NOTE)
    services.publishing.publish("x/cert", "2026", NOTE)
    with pytest.raises(LearnerNeededError, match="takes `modules` from the learner's record"):
        services.combinations.list(CERTIFICATE)
    for name, many in (("one", 1), ("two", 2)):
        services.learners.create(name, NOTE)
        services.records.set_attributes(name, {"modules": many}, NOTE)
    held = {"id": "b", "credential": "x/b", "earned": "2026-01-31", "grade": "B"}
    services.records.put_achievement("one", achievement_of(held), NOTE)
    one = services.combinations.list(CERTIFICATE, learner="one")
    told = [(" ".join(own.credentials), own.lacking) for own in one.page.items]
    assert told == [("x/a x/b", 1), ("x/a x/c", 2), ("x/a x/d", 2)]
    two = services.combinations.sample(CERTIFICATE, 9, learner="two")
    assert {len(own.credentials) for own in two.page.items} == {3}
    assert two.count == services.combinations.best(CERTIFICATE, "held", 9, "two").count == 3


MORE = "  - {id: x/e, title: Ethics, credits: 10, unit: ects, issuer: x, type: unit, tags: [%s]}\n"


def widened(services: Services, tag: str) -> None:
    """Load the catalogue anew with one more credential, which is no elective or is one."""
    services.packs.load(pack(catalogue_yaml=(CATALOGUE + MORE % tag).encode()), NOTE)


def test_a_cursor_leads_on_while_the_list_is_the_same(services: Services) -> None:
    first = services.combinations.list(CERTIFICATE, limit=1)
    assert first.page.next
    widened(services, "other")
    second = services.combinations.list(CERTIFICATE, cursor=first.page.next, limit=1)
    assert [one.number for one in (*first.page.items, *second.page.items)] == [0, 1]


def test_a_cursor_of_a_list_that_has_changed_is_refused(services: Services) -> None:
    first = services.combinations.list(CERTIFICATE, limit=1)
    widened(services, "elective")
    with pytest.raises(StaleCursorError, match="`x/cert` are no longer those that this cursor"):
        services.combinations.list(CERTIFICATE, cursor=first.page.next, limit=1)


HOURS = """\
  - {id: x/h, title: Hours, credits: 10, unit: hours, issuer: x, type: unit, tags: [elective]}
"""


def test_what_cannot_be_judged_is_left_out_and_named(services: Services) -> None:
    every = services.combinations.list(CERTIFICATE)
    assert every.left_out == ()
    services.packs.load(pack(catalogue_yaml=(CATALOGUE + HOURS).encode()), NOTE)
    found = services.combinations.list(CERTIFICATE)
    assert found.count == every.count == 3
    (left,) = told_to_plain(found)["left_out"]["first"]
    assert left["credential"] == "x/h"
    assert left["why"].endswith(
        "no policy says how to convert; name a `conversion` policy that does"
    )
    without = Filters(without=frozenset({CredentialId("x/h")}))
    assert services.combinations.list(CERTIFICATE, without).left_out == ()


def test_what_the_catalogue_does_not_state_is_left_out_and_named() -> None:
    stating_it = replace(credential("x/a"), attributes={"cluster": "east"})
    known = catalogue(stating_it, credential("x/b"))
    east = Selector((OneOf("cluster", ("east",)),))
    found = find(compiled(rule(choose("one", 1, east)), known), TODAY, ALL)
    assert found.page(0, 10) == [("x/a",)]
    assert left_out(found) == (("x/b", "the catalogue does not state what the rule asks of it"),)


def test_by_time_what_states_none_is_named(services: Services) -> None:
    stating(services, a="workload: 1 hour", b="workload: 3 hours", d="workload: 2 hours")
    found = told_to_plain(services.combinations.best(CERTIFICATE, "time", 10))
    why = {"credential": "x/c", "why": "it states no time"}
    assert found["left_out"] == {"count": 1, "first": [why]}


@pytest.mark.parametrize(
    ("name", "why"),
    [("x/h", "no policy says how to convert"), ("x/dip", "no requirement of its rule asks for it")],
)
def test_what_cannot_count_cannot_be_asked_for(services: Services, name: str, why: str) -> None:
    services.packs.load(pack(catalogue_yaml=(CATALOGUE + HOURS).encode()), NOTE)
    with pytest.raises(CannotCountError, match=f"`{name}` must be there and cannot .* {why}"):
        services.combinations.list(CERTIFICATE, Filters(must=frozenset({CredentialId(name)})))


def test_too_many_issuers_are_refused_with_what_would_work() -> None:
    many = [
        replace(credential(f"x/{number}", 1, "core"), issuer=IssuerId(f"i{number}"))
        for number in range(16)
    ]
    asked = compiled(written("  issuers: 8\n  from: {tag: core}\n"), catalogue(*many))
    with pytest.raises(TooManyIssuersError, match="16 issuers are too many"):
        ranked(find(asked, TODAY, ALL), TODAY, "issuers", 1, None)
    few = Filters(issuers=frozenset(one.issuer for one in many[:9]))
    found = ranked(find(asked, TODAY, few), TODAY, "issuers", 2, None)
    assert [len(one.credentials) for one in found.page.items] == [8, 8]
