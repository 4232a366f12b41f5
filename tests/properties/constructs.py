"""What a problem is about: the constructs that decide what the oracle says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.core.model.requirement import From, Group, Qualifiers, Requirement
from app.core.model.rule import RuleEdition
from tests.oracle.brute_force import Judgement
from tests.oracle.sheet import Standing
from tests.properties.edits import with_nodes, with_policy, with_qualifiers, with_rules
from tests.properties.problem import Problem

Edit = Callable[[Problem], Problem]


def without(kind: str, test: Callable[[object], bool] = lambda _: True) -> Edit:
    """Return an edit that takes out qualifiers of one kind, or some of them."""

    def edit(said: Qualifiers) -> Qualifiers:
        kept = tuple(one for one in getattr(said, kind) if not test(one))
        return replace(said, **{kind: kept})

    return lambda problem: with_qualifiers(problem, edit)


def having(**facts: object) -> Callable[[object], bool]:
    """Return a test of whether a qualifier has these facts."""
    return lambda one: all(getattr(one, name) == value for name, value in facts.items())


def rules_with(edit: Callable[[RuleEdition], RuleEdition]) -> Edit:
    """Return an edit of every rule."""
    return lambda problem: with_rules(problem, edit)


def nodes_with(edit: Callable[[Requirement], Requirement]) -> Edit:
    """Return an edit of every requirement."""
    return lambda problem: with_rules(
        problem, lambda rule: replace(rule, root=with_nodes(rule.root, edit))
    )


def policy(**said: str) -> Edit:
    """Return an edit of the policies."""
    return lambda problem: with_policy(problem, said)


def open_ended(node: Requirement) -> Requirement:
    """Return a range without its top."""
    if isinstance(node, From) and node.quantity.high is not None:
        return replace(node, quantity=replace(node.quantity, high=None))
    return node


def taking_more(node: Requirement) -> Requirement:
    """Return a plain quantity as a range that takes all there is."""
    return (
        replace(node, quantity=replace(node.quantity, plain=False))
        if isinstance(node, From)
        else node
    )


def needing_all(node: Requirement) -> Requirement:
    """Return a group of which some are enough as one that needs all."""
    return replace(node, need=None) if isinstance(node, Group) else node


def anywhere(rule: RuleEdition) -> RuleEdition:
    """Return a rule without a limit to how many awards an achievement counts in."""
    return replace(rule, sharing=replace(rule.sharing, awards=None)) if rule.sharing else rule


def unnamed(problem: Problem, double_count: str) -> Problem:
    """Return the problem with no award naming another, and this policy instead."""
    alone = with_rules(problem, lambda rule: replace(rule, sharing=None))
    return with_policy(alone, {"double_count": double_count})


def without_equivalents(problem: Problem) -> Problem:
    """Return the problem with every credential standing for itself."""
    known = problem.catalogue.credentials
    alone = {name: replace(each, equivalents=()) for name, each in known.items()}
    return replace(problem, catalogue=replace(problem.catalogue, credentials=alone))


# Each decides where the oracle says otherwise without it.
DECIDING: Mapping[str, Edit] = {
    "credit cap": without("at_most", having(measure="credits", items="whole", over_record=False)),
    "number cap": without("at_most", having(measure="choose", over_record=False)),
    "trimming cap": policy(caps="whole"),
    "cap over the record": without("at_most", having(over_record=True)),
    "floor": without("at_least", having(over_record=False)),
    "floor over the record": without("at_least", having(over_record=True)),
    "last": without("last"),
    "each": without("each", having(over_record=False)),
    "each over the record": without("each", having(over_record=True)),
    "breadth": without("distinct", having(high=None, over_record=False)),
    "concentration": without("distinct", having(low=0, over_record=False)),
    "breadth of the record": without("distinct", having(over_record=True)),
    "average": without("averages", having(over="counted")),
    "average over the record": without("averages", having(over="record")),
    "average of all attempts": without("averages", having(over="all-attempts")),
    "average without transfer": without("averages", having(over="not-transferred")),
    "window over the record": without("windows", having(over_record=True)),
    "window on what is used": without("windows", having(anchor="earliest-used")),
    "window from the first": without("windows", having(anchor="first-applicable")),
    "window from a milestone": without("windows", having(anchor="admission")),
    "exclusion": rules_with(lambda rule: replace(rule, excludes=())),
    "pair": rules_with(lambda rule: replace(rule, pairs=())),
    "sharing leaves": nodes_with(lambda node: replace(node, shares_with=())),
    "order": nodes_with(lambda node: replace(node, after=())),
    "some of a group": nodes_with(needing_all),
    "optional": nodes_with(lambda node: replace(node, optional=False)),
    "weight": nodes_with(lambda node: replace(node, weight=None)),
    "top of a range": nodes_with(open_ended),
    "no more than needed": nodes_with(taking_more),
    "limited sharing": lambda problem: unnamed(problem, "free"),
    "granted sharing": lambda problem: unnamed(problem, "none"),
    "number of awards": rules_with(anywhere),
    "retakes": policy(retakes="each"),
    "reading of levels": policy(level="at-least"),
    "conversion": policy(conversion="hours"),
    "equivalents": without_equivalents,
}


def decides(name: str, problem: Problem, found: Judgement) -> bool:
    """Say whether the last answer would be another without a construct."""
    other = DECIDING[name](problem)
    return other != problem and other.judged("planned").objective[:4] != found.objective[:4]


SEEN = (
    "met now",
    "not met now",
    "met later",
    "out of reach",
    "some awards met and some not",
    "all of several awards met",
    "trimmed",
    "in two leaves",
    "in two awards",
    "unequal credits",
    "counts though something is preferred",
)


def seen(problem: Problem, now: Judgement, planned: Judgement) -> set[str]:
    """Return what can be seen in what the oracle found first and last."""
    standing = [each for award in planned.state for each in award]
    facts: Mapping[str, bool] = {
        "met now": any(now.objective[0]),
        "not met now": not all(now.objective[0]),
        "met later": planned.objective[0] > now.objective[0],
        "out of reach": not all(planned.objective[0]),
        "some awards met and some not": len(set(planned.objective[0])) > 1,
        "all of several awards met": len(problem.rules) > 1 and all(planned.objective[0]),
        "trimmed": any(each.credits < amount_of(problem, planned, each) for each in standing),
        "in two leaves": any(len(each.leaves) > 1 for each in standing),
        "in two awards": len({each.one.id for each in standing}) < len(standing),
        "counts though something is preferred": any(planned.objective[4][2:]),
        "unequal credits": any(unequal_in_a_leaf(award) for award in planned.state),
    }
    return {name for name in SEEN if facts[name]}


def amount_of(problem: Problem, found: Judgement, standing: Standing) -> int:
    """Return the credits of an achievement before any cap."""
    number = next(n for n, award in enumerate(found.state) if standing in award)
    return problem.sheets("planned")[number].view.amount(standing.one)


def unequal_in_a_leaf(award: tuple[Standing, ...]) -> bool:
    """Say whether achievements of different sizes stand in one leaf."""
    held = {(leaf, each.credits) for each in award for leaf in each.leaves}
    return len({leaf for leaf, _ in held}) < len(held)
