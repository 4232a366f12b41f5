"""What an audit cites is enough: what counts, and what is unmet."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given

from app.core.engine.certify import certify
from app.core.model.audit import Audit
from app.core.model.record import AchievementId
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Attest,
    Group,
    MilestoneStep,
    Qualifiers,
    Requirement,
    walk,
)
from app.core.model.rule import RuleEdition
from tests.properties.asked import audited, decided
from tests.properties.edits import with_achievements, with_qualifiers, with_rules
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems())
def test_what_counts_alone_gives_the_same_verdict(problem: Problem) -> None:
    counted = with_qualifiers(problem.for_learner(), on_what_counts)
    before = audited(counted)
    cited = {count for audit in before for count in counting(audit)}
    after = audited(having(counted, cited))
    assert [(audit.now.met, audit.now.progress) for audit in after] == [
        (audit.now.met, audit.now.progress) for audit in before
    ]


@given(problem=problems())
def test_what_is_unmet_stays_so_with_all_that_is_left_over(problem: Problem) -> None:
    one = replace(problem, rules=problem.rules[:1], policies=problem.policies[:1])
    # Bounds above the leaves would have room again once what is met is taken out.
    simple = with_rules(one.for_learner(), bare)
    (claim,) = certify(decided(simple)).parts[0].claims
    assume(not claim.met and not any(map(lacks_parts, walk(simple.rules[0].root))))
    (audit,) = audited(simple)
    used = {
        count.achievement
        for outcome in audit.requirements
        for count in outcome.now.counts
        if outcome.id not in claim.unmet
    }
    left = having(
        with_rules(simple, lambda rule: unmet_only(rule, claim.unmet)), kept_out(simple, used)
    )
    assert not decided(left).now.standings[0].met


@given(problem=problems())
def test_progress_rests_on_nothing_but_what_the_certificate_cites(problem: Problem) -> None:
    problem = with_qualifiers(problem.for_learner(), without_ends_of_the_record)
    part = certify(decided(problem)).parts[0]
    assume(part.proof == "bounds")
    caps = {cap for bound in part.bounds for cap in bound.caps}
    placed = {each.achievement for each in part.placements}
    cited = placed.union(*(bound.achievements for bound in part.bounds))
    capped = with_qualifiers(problem, lambda said: with_caps(said, caps))
    listed = with_rules(capped, lambda rule: with_exclusions(rule, caps))
    after = certify(decided(having(listed, cited))).parts[0]
    assert [(claim.reached, claim.of) for claim in after.claims] == [
        (claim.reached, claim.of) for claim in part.claims
    ]


def with_caps(said: Qualifiers, cited: set[str]) -> Qualifiers:
    """What is said, without the caps and upper ends that nobody cites."""
    caps = tuple(cap for cap in said.at_most if cap.id in cited)
    breadths = tuple(replace(each, high=None) for each in said.distinct if each.low)
    return replace(said, at_most=caps, distinct=breadths, pairs=())


def without_ends_of_the_record(said: Qualifiers) -> Qualifiers:
    """What is said, without what all of the record may break: less of it would break less."""
    return replace(
        said,
        at_most=tuple(cap for cap in said.at_most if not cap.over_record),
        averages=tuple(each for each in said.averages if not each.over_record),
        each=tuple(each for each in said.each if not each.over_record),
        distinct=tuple(
            replace(each, high=None) if each.over_record else each
            for each in said.distinct
            if each.low or not each.over_record
        ),
        windows=tuple(each for each in said.windows if not each.over_record),
    )


def with_exclusions(rule: RuleEdition, cited: set[str]) -> RuleEdition:
    """The rule without the exclusions that nobody cites, and without pairs."""
    return replace(rule, excludes=tuple(e for e in rule.excludes if e.id in cited), pairs=())


def counting(audit: Audit) -> set[AchievementId]:
    """The achievements that count now."""
    return {count.achievement for outcome in audit.requirements for count in outcome.now.counts}


def kept_out(problem: Problem, used: set[AchievementId]) -> set[AchievementId]:
    """The achievements of the record that are not used."""
    return {one.id for one in problem.record.achievements} - used


def having(problem: Problem, achievements: set[AchievementId]) -> Problem:
    """The problem with these achievements only."""
    kept = tuple(one for one in problem.record.achievements if one.id in achievements)
    return with_achievements(problem, kept)


def on_what_counts(said: Qualifiers) -> Qualifiers:
    """What is said, without what looks at more than what counts."""
    return replace(
        said,
        at_least=tuple(bound for bound in said.at_least if not bound.over_record),
        at_most=tuple(bound for bound in said.at_most if not bound.over_record),
        averages=tuple(each for each in said.averages if not each.over_record),
        each=tuple(each for each in said.each if not each.over_record),
        distinct=tuple(each for each in said.distinct if not each.over_record),
        windows=tuple(
            each
            for each in said.windows
            if each.anchor != "first-applicable" and not each.over_record
        ),
    )


def bare(rule: RuleEdition) -> RuleEdition:
    """The rule with nothing said above its leaves, and no lists."""
    return replace(
        rule, root=bare_above(rule.root), whole=NO_QUALIFIERS, excludes=(), pairs=(), sharing=None
    )


def bare_above(node: Requirement) -> Requirement:
    """The tree with bounds and conditions on what counts kept on its leaves only."""
    node = replace(node, after=())
    if not isinstance(node, Group):
        return replace(node, qualifiers=on_what_counts(node.qualifiers))
    return replace(
        node, qualifiers=NO_QUALIFIERS, parts=tuple(bare_above(part) for part in node.parts)
    )


def lacks_parts(node: Requirement) -> bool:
    """Say whether a choice has too few parts left for the learner: it is unmet whatever counts."""
    return isinstance(node, Group) and node.need is not None and node.need > len(node.parts)


def unmet_only(rule: RuleEdition, unmet: tuple[str, ...]) -> RuleEdition:
    """The rule that asks for no more than the unmet leaves, and all steps."""
    parts = tuple(
        replace(node, optional=False, shares_with=tuple(set(node.shares_with) & set(unmet)))
        for node in walk(rule.root)
        if node.id in unmet or isinstance(node, MilestoneStep | Attest)
    )
    return replace(rule, root=Group(id="unmet", title="Unmet", parts=parts))
