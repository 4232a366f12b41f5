"""The nearest awards, against completing every award one by one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from random import Random

import pytest

from app.core.engine.applying import applied
from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import decide
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import LearnerRecord
from app.core.search import nearest as limits
from app.core.search.completion import Asked
from app.core.search.nearest import Measured, Near, Nearest, Ranking, Sought, nearest
from app.core.search.offers import offers_of
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, held, record, written
from tests.core.search.offering import left_of
from tests.properties.adjustments import make_adjustments
from tests.properties.features import make_features
from tests.properties.generator import make_policies
from tests.properties.rules import RuleMaker
from tests.properties.worlds import AS_OF, make_catalogue, make_record

KNOWN = catalogue(
    credential("x/a", 4, "core"),
    credential("x/b", 3, "core"),
    credential("x/c", 2, "core", "extra"),
    credential("x/d", 5, "extra"),
    credential("x/e", 1, "extra"),
    credential("x/one", 0),
    credential("x/two", 0),
)
CREDITS = Ranking("credits")
AWARDS = 30
# So many times up to three decisions are drawn for a learner.
ADJUSTED = 6


def award(name: str, require: str) -> CompiledAward:
    found = compiled(written(require), KNOWN)
    return replace(found, rule=replace(found.rule, award=CredentialId(name), title=name))


ONE = award("x/one", "  credits: 5\n  from: {tag: core}\n")
TWO = award("x/two", "  credits: 8\n  from: {tag: extra}\n")
THREE = award("x/three", "  credits: 99\n  from: {tag: extra}\n")
SEEN = award(
    "x/seen", "  all:\n    - {credits: 4, from: {tag: core}}\n    - {milestone: interview}\n"
)


def near(awards: Sequence[CompiledAward], who: LearnerRecord, by: Measured = "credits") -> Nearest:
    ranking = CREDITS if by == "credits" else Ranking(by)
    return nearest(awards, who, Sought(ranking=ranking, limit=10, as_of=TODAY))


def told(found: Nearest) -> list[tuple[str, str, int]]:
    return [(one.award.rule.award, one.state, one.missing) for one in found.near]


def test_what_lacks_least_comes_first() -> None:
    found = near([TWO, ONE], record(held("x/a")))
    assert told(found) == [("x/one", "open", 2000), ("x/two", "open", 8000)]
    assert found.near[0].completion.credentials == ("x/c",)
    assert found.near[0].progress == (4000, 5000, 80)


def test_what_brings_nothing_is_taken_for_what_counts_only_with_it() -> None:
    paired = "  credits: {from: 6}\n  from: {tag: core}\npairs: [{credentials: [x/a, x/free]}]\n"
    known = catalogue(*KNOWN.credentials.values(), credential("x/free", 0, "core"))
    asked = compiled(written(paired), known)
    (found,) = near([asked], record(held("x/a"), held("x/c"))).near
    assert (found.completion.credentials, found.missing) == (("x/free",), 0)
    assert found.completion.proven


def test_what_is_earned_and_not_claimed_comes_before_all_else() -> None:
    found = near([ONE, TWO], record(held("x/d"), held("x/c"), held("x/e")))
    assert told(found) == [("x/two", "earned", 0), ("x/one", "open", 3000)]


def test_an_award_that_is_held_is_left_out_and_counted() -> None:
    who = record(held("x/a"), held("x/b"), held("x/one"))
    assert told(near([ONE, TWO], who)) == [("x/two", "open", 8000)]
    assert near([ONE, TWO], who).held == 1
    sought = Sought(ranking=CREDITS, limit=10, as_of=TODAY, held_too=True)
    first = nearest([ONE, TWO], who, sought).near[0]
    assert (first.award.rule.award, first.held, first.state) == ("x/one", True, "earned")


def test_an_award_out_of_reach_is_left_out_and_counted() -> None:
    found = near([ONE, THREE], record())
    assert [one.award.rule.award for one in found.near] == ["x/one"]
    assert found.out_of_reach == 1


def test_a_step_that_is_not_recorded_is_told_and_keeps_no_award_away() -> None:
    (only,) = near([SEEN], record(held("x/a"))).near
    assert (only.state, only.missing, only.completion.credentials) == ("open", 0, ())
    assert [one.id for one in only.steps] == ["require-2"]


def test_an_award_that_cannot_be_judged_is_told_and_the_others_are_answered() -> None:
    other = replace(KNOWN, credentials={CredentialId("x/d"): credential("x/d", 5, "extra")})
    lacking = compiled(written("  credits: 5\n  from: {tag: extra}\n"), other)
    found = near([lacking, ONE], record(held("x/a")))
    assert [one.award.rule.award for one in found.near] == ["x/one"]
    assert [one.why.code for one in found.refused] == ["unknown-credential"]


def test_what_is_held_beside_the_record_has_the_best_grade() -> None:
    graded = award("x/graded", "  credits: 4\n  from: {tag: core, grade: A}\n")
    names = (CredentialId("x/a"),)
    sought = Sought(ranking=CREDITS, limit=10, as_of=TODAY, holding=names)
    (only,) = nearest([graded], record(), sought).near
    assert only.state == "earned"


HARD = """\
  credits: 9
  from: {tag: [core, extra]}
  at_most: [{choose: 1, from: {tag: extra}}]
average: [{grade: "3.6", over: counted}]
"""


def test_hard_awards_share_a_limit_and_those_it_does_not_reach_are_undecided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hard = [award(f"x/hard{at:02}", HARD) for at in range(12)]
    who = record(held("x/b", grade="C"))
    for limit, most in ((limits.LIMIT, 12), (0.0005, 11), (0.0, 0)):
        monkeypatch.setattr(limits, "LIMIT", limit)
        sought = Sought(ranking=CREDITS, limit=20, as_of=TODAY)
        found = nearest([*hard, ONE], who, sought)
        # What a guess shows to be the best needs no search.
        assert found.near[0].award is ONE
        assert all(one.completion.proven for one in found.near)
        assert min(most, 1) <= len(found.near) - 1 <= most
        assert len(found.undecided) == 13 - len(found.near)


def test_threads_that_fill_an_index_at_once_find_what_one_does() -> None:
    awards, who = many(1)
    alone = told(near(awards, who))
    for _ in range(5):
        sought = Sought(ranking=Ranking("credits"), limit=10, as_of=TODAY)
        with ThreadPoolExecutor(4) as several:
            asked = [several.submit(nearest, awards, who, sought) for _ in range(4)]
            assert [told(one.result()) for one in asked] == [alone] * 4


def one_by_one(
    awards: Sequence[CompiledAward], who: LearnerRecord, by: Measured
) -> list[tuple[object, ...]]:
    """Complete every award by all that is offered, and rank what comes of it."""
    found: list[tuple[object, ...]] = []
    for one in awards:
        names = left_of(offers_of(one), who)
        listing = one.listing
        credits = {name: listing.sizes[listing.place[name]] for name in names}
        count = dict.fromkeys(names, 1)
        costs = [credits if by == "credits" else count, count]
        try:
            best = Asked([one], who, AS_OF, granted=True).completion(names, costs)
            verdict = decide([one], who, AS_OF)
        except AuditError:
            continue
        if best.credentials is None:
            continue
        met = [answer.standings[0].met for answer in verdict.answers]
        rank = met.index(True) if True in met and not best.credentials else 3
        found.append((rank, *best.costs, one.rule.award, best.proven))
    return sorted(found, key=lambda one: (*one[:-1], ""))


def shown(one: Near) -> tuple[object, ...]:
    rank = ("earned", "projected", "planned", "open").index(one.state)
    return (rank, *one.completion.costs, one.award.rule.award, one.completion.proven)


def many(
    seed: int, also: frozenset[str] = frozenset(), *, adjusted: bool = False
) -> tuple[list[CompiledAward], LearnerRecord]:
    """Many awards of one catalogue, and a learner who has begun."""
    random = Random(seed)
    features = make_features(random) | also
    known = make_catalogue(random, features)
    who = make_record(random, features, known)
    taken = [one.credential for one in who.achievements]
    found = []
    for number in range(AWARDS):
        maker = RuleMaker(random, features, known, taken)
        rule = maker.rule(CredentialId(f"u/many{number:02}"), random.choice((9000, 15000)))
        with suppress(AuditError):
            found.append(compile_rule(rule, known, make_policies(random, features)))
    who = replace(who, achievements=who.achievements[: random.choice((0, 1, 3))])
    if adjusted:
        rules = [one.rule for one in found]
        decided = [make_adjustments(random, rules, known, who) for _ in range(ADJUSTED)]
        named = [replace(one, id=f"j{at}") for at, one in enumerate(chain(*decided))]
        who = replace(who, adjustments=tuple(named))
    return found, who


def agrees(awards: Sequence[CompiledAward], who: LearnerRecord, by: Measured, limit: int) -> int:
    """See to it that the list is that of completing every award; return how many were not."""
    found = nearest(awards, who, Sought(ranking=Ranking(by), limit=limit, as_of=AS_OF))
    assert [shown(one) for one in found.near] == one_by_one(awards, who, by)[:limit]
    return len(awards) - found.completed


@pytest.mark.parametrize("by", ["credits", "credentials"])
@pytest.mark.parametrize("limit", [1, 5, 50])
def test_the_list_is_that_of_completing_every_award(limit: int, by: Measured) -> None:
    assert sum(agrees(*many(seed), by, limit) for seed in range(4)) > 4


@pytest.mark.parametrize("by", ["credits", "credentials"])
def test_the_list_heeds_what_was_decided(by: Measured) -> None:
    otherwise = 0
    for seed in range(4):
        awards, who = many(seed, adjusted=True)
        agrees(awards, who, by, 5)
        plain = replace(who, adjustments=())
        otherwise += one_by_one(awards, who, by) != one_by_one(awards, plain, by)
    assert otherwise


@pytest.mark.parametrize("by", ["credits", "credentials"])
def test_the_list_is_by_the_learners_own_circumstances(by: Measured) -> None:
    left_aside = otherwise = 0
    for seed in range(4):
        awards, who = many(seed, frozenset({"when", "tracks", "changes"}))
        left_aside += agrees(awards, who, by, 5)
        otherwise += sum(applied(one, who, AS_OF).award is not one for one in awards)
    assert left_aside > 4
    assert otherwise > AWARDS
