"""The best completion, against all subsets of what is offered."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.search.completion import LIMIT, Asked
from app.core.search.offers import offers_of
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, held, record, written
from tests.core.search.offering import left_of

KNOWN = catalogue(
    credential("x/a", 4, "core"),
    credential("x/b", 3, "core"),
    credential("x/c", 2, "core", "extra"),
    credential("x/d", 5, "extra"),
    credential("x/e", 1, "extra"),
)
RULE = """\
  all:
    - {credits: 5, from: {tag: core}}
    - {credits: 4, from: {tag: extra}}
"""


def cheapest(award: CompiledAward, who: LearnerRecord) -> int | None:
    """The least credits with which any subset of the offers completes an award."""
    sizes = award.listing
    names = left_of(offers_of(award), who)
    return min(
        (
            sum(sizes.sizes[sizes.place[name]] for name in some)
            for count in range(len(names) + 1)
            for some in combinations(names, count)
            if Asked([award], who, TODAY).met(some)
        ),
        default=None,
    )


def credits_of(award: CompiledAward) -> dict[CredentialId, int]:
    listing = award.listing
    return {name: listing.sizes[at] for name, at in listing.place.items()}


def test_nothing_costs_less_than_the_best_completion() -> None:
    award = compiled(written(RULE), KNOWN)
    for who in (record(), record(held("x/a")), record(held("x/c"), held("x/e"))):
        found = Asked([award], who, TODAY).completion(
            left_of(offers_of(award), who), [credits_of(award)]
        )
        assert found.proven
        assert found.credentials is not None
        assert Asked([award], who, TODAY).met(found.credentials)
        assert found.costs == found.least == (cheapest(award, who),)


def test_what_is_met_already_needs_nothing() -> None:
    award = compiled(written("  credits: 4\n  from: {tag: core}\n"), KNOWN)
    who = record(held("x/a"))
    found = Asked([award], who, TODAY).completion(
        left_of(offers_of(award), who), [credits_of(award)]
    )
    assert (found.credentials, found.costs, found.proven) == ((), (0,), True)


def test_where_nothing_completes_it_that_is_proven() -> None:
    award = compiled(written("  credits: 10\n  from: {tag: core}\n"), KNOWN)
    found = Asked([award], record(), TODAY).completion(offers_of(award), [credits_of(award)])
    assert (found.credentials, found.proven) == (None, True)


def test_of_what_costs_the_same_the_next_cost_decides() -> None:
    award = compiled(written("  credits: 4\n  from: {tag: extra}\n"), KNOWN)
    free: dict[CredentialId, int] = {}
    one_each = dict.fromkeys(offers_of(award), 1)
    found = Asked([award], record(), TODAY).completion(offers_of(award), [free, one_each])
    assert (found.credentials, found.costs) == (("x/d",), (0, 1))


def test_all_outcomes_of_what_nobody_offers_take_nothing() -> None:
    award = compiled(written("  {outcomes: all, from: {tag: other}}\n"), KNOWN)
    found = Asked([award], record(), TODAY).completion([], [credits_of(award)])
    assert (found.credentials, found.costs, found.proven) == ((), (0,), True)


OVER_RECORD = """\
  credits: 4
  from: {tag: core}
  at_least: [{credits: %s, from: {tag: extra}, over: record}]
"""


def test_what_the_record_has_to_hold_is_taken_though_it_need_not_count() -> None:
    award, who = compiled(written(OVER_RECORD % 5), KNOWN), record(held("x/a"))
    found = Asked([award], who, TODAY).completion(
        left_of(offers_of(award), who), [credits_of(award)]
    )
    assert cheapest(award, who) == 5000
    assert (found.credentials, found.costs, found.proven) == (("x/d",), (5000,), True)


def test_what_the_record_has_to_hold_is_found_among_very_many_sets() -> None:
    many = [credential(f"x/{at:02}", 1, "extra") for at in range(20)]
    known = catalogue(*KNOWN.credentials.values(), *many)
    who = record(held("x/a"))
    for least, most, costs in ((6, 20, (6000,)), (6, 5, ()), (29, 40, ())):
        limits = f", at_most: [{{credits: {most}, from: {{tag: extra}}, over: record}}]"
        floors = f"at_least: [{{credits: {least}, from: {{tag: extra}}, over: record}}]"
        award = compiled(written(f"  {{take: x/a, {floors}{limits}}}\n"), known)
        offers = [*left_of(offers_of(award), who)]
        found = Asked([award], who, TODAY).completion(offers, [credits_of(award)])
        assert (found.costs, found.proven) == (costs, True)


def test_where_every_set_was_tried_that_nothing_completes_it_is_proven() -> None:
    award, who = compiled(written(OVER_RECORD % 9), KNOWN), record(held("x/a"))
    offers = [name for name in left_of(offers_of(award), who) if name != "x/b"]
    found = Asked([award], who, TODAY).completion(offers, [credits_of(award)])
    assert (found.credentials, found.proven) == (None, True)


def test_where_a_window_opens_with_what_is_taken_no_completion_is_said_to_be_the_best() -> None:
    rule = (
        "  credits: 4\n  from: {tag: core}\n  within: {span: 12 months, from: first-applicable}\n"
    )
    award = compiled(written(rule), KNOWN)
    later = TODAY + timedelta(days=500)
    who = record(*[held(name, earned=later, status="planned") for name in ("x/b", "x/c")])
    found = Asked([award], who, TODAY).completion(
        left_of(offers_of(award), who), [credits_of(award)]
    )
    # Both count as long as nothing is taken, and x/a alone once it is.
    assert cheapest(award, who) == 0
    assert (found.credentials, found.least, found.proven) == (("x/a",), (0,), False)


def test_what_is_so_of_just_so_much_held_leaves_no_completion_proven() -> None:
    for said in (
        "{holds: {choose: 1, from: {tag: extra}}, not: {holds: {choose: 2, from: {tag: extra}}}}",
        "{holds: {choose: 1, from: {when: {not: {holds: {choose: 2, from: {}}}}}}}",
    ):
        award = compiled(
            written(f"  when: {said}\n  then: {{credits: 1, from: {{}}}}\n  else: {{take: x/a}}\n"),
            KNOWN,
        )
        found = Asked([award], record(), TODAY).completion(offers_of(award), [credits_of(award)])
        # x/e alone is enough, of none of them and of all of them x/a is asked.
        assert cheapest(award, record()) == 1000
        assert not found.proven
        assert found.least <= (1000,)


def test_what_can_be_taken_only_later_than_is_asked_leaves_completions_proven() -> None:
    rule = (
        "  when: {holds: {choose: 1, from: {earned: {to: 2020-01-01}}}}\n"
        "  then: {take: x/e}\n  else: {take: x/b}\n"
    )
    award = compiled(written(rule), KNOWN)
    found = Asked([award], record(), TODAY).completion(offers_of(award), [credits_of(award)])
    assert (found.credentials, found.proven) == (("x/b",), True)


def test_with_nothing_left_of_a_limit_only_a_small_guess_is_made() -> None:
    many = [credential(f"x/{at:04}", 1, "many") for at in range(1500)]
    large = compiled(written("  credits: 4\n  from: {tag: many}\n"), catalogue(*many))
    small = compiled(written("  credits: 4\n  from: {tag: core}\n"), KNOWN)
    for award, found_without in ((large, False), (small, True)):
        for limit, found in ((LIMIT, True), (0.0, found_without)):
            best = Asked([award], record(), TODAY).completion(
                offers_of(award), [credits_of(award)], limit
            )
            assert (best.costs, best.proven) == (((4000,), True) if found else ((), False))
