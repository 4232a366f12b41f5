"""What a problem is about: the constructs that decide what the oracle says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import cast, get_args

from app.core.model.record import AdjustmentKind
from app.core.model.requirement import (
    EVERYWHERE,
    From,
    Group,
    Last,
    Measure,
    Qualifiers,
    Requirement,
    Share,
    When,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    ForWhom,
    Holding,
    LearnerFact,
    NotSo,
    Own,
    RangeTest,
    Recorded,
)
from tests.oracle.brute_force import Judgement
from tests.properties.edits import with_nodes, with_policy, with_qualifiers, with_rules
from tests.properties.problem import Problem
from tests.properties.undone import (
    after_no_step,
    based_on,
    shared_freely,
    undecided,
    with_first_values,
)

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
        return replace(node, quantity=replace(node.quantity, high=None, top=None))
    return node


def taking_more(node: Requirement) -> Requirement:
    """Return a plain quantity as a range that takes all there is."""
    return (
        replace(node, quantity=replace(node.quantity, plain=False))
        if isinstance(node, From)
        else node
    )


def asking_no_part(node: Requirement) -> Requirement:
    """Return a part of the award as a range that asks for nothing."""
    if not isinstance(node, From) or node.quantity.share is None:
        return node
    free = replace(node.quantity, low=0, high=None, plain=False, share=None, top=None)
    return replace(node, quantity=free)


def on_a_part_of_the_award(last: object) -> bool:
    """Say whether a floor on the latest is a share."""
    return isinstance(last, Last) and any(isinstance(f.amount, Share) for f in last.at_least)


def counting_credentials(node: Requirement) -> Requirement:
    """Return a number of different values as one of credentials."""
    if not isinstance(node, From) or not node.quantity.by or node.quantity.every:
        return node
    return replace(node, quantity=replace(node.quantity, by="", only=()))


def of_any_outcome(node: Requirement) -> Requirement:
    """Return every outcome that there is, or those listed, as one that may be any."""
    if not isinstance(node, From) or not (node.quantity.every or node.quantity.only):
        return node
    return replace(node, quantity=replace(node.quantity, low=1, every=False, only=()))


def throughout(edit: Callable[[object], object]) -> Edit:
    """Return an edit of all that is in the rules."""

    def edited(rule: RuleEdition) -> RuleEdition:
        root, whole = cast("Requirement", edit(rule.root)), cast("Qualifiers", edit(rule.whole))
        return replace(rule, root=root, whole=whole)

    return rules_with(edited)


def widened(part: object) -> object:
    """Return a part of a rule with all ranges of attributes as wide as can be."""
    if isinstance(part, RangeTest):
        dated = isinstance(part.low or part.high, date)
        return replace(part, low=date.min if dated else 0, high=None)
    return of_parts(part, widened)


def asking_the_opposite(part: object) -> object:
    """Return a part of a rule whose selectors let in for all others what they did for some."""
    if isinstance(part, ForWhom):
        return ForWhom(Circumstance((NotSo(part.circumstance),)))
    if isinstance(part, Circumstance):
        return part
    return of_parts(part, asking_the_opposite)


def comparing_with_nobody(part: object) -> object:
    """Return a part of a rule in which what the learner states is what nobody does."""
    return Own("nobody's") if isinstance(part, Own) else of_parts(part, comparing_with_nobody)


def of_parts(part: object, edit: Callable[[object], object]) -> object:
    """Return a part of a rule with everything in it edited."""
    if isinstance(part, tuple):
        return tuple(map(edit, part))
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return replace(part, **{each.name: edit(getattr(part, each.name)) for each in fields(part)})


def needing_all(node: Requirement) -> Requirement:
    """Return a group of which some are enough as one that needs all."""
    return replace(node, need=None, most=None) if isinstance(node, Group) else node


def free_to_use(node: Requirement) -> Requirement:
    """Return a group of which all parts may be used."""
    return replace(node, most=None) if isinstance(node, Group) else node


def turned(kind: type[CircumstanceTest]) -> Edit:
    """Return an edit that turns every test of one kind in a `when` round."""

    def edit(node: Requirement) -> Requirement:
        if not isinstance(node, When):
            return node
        return replace(node, circumstance=with_tests(node.circumstance, other_way))

    def other_way(test: CircumstanceTest) -> CircumstanceTest:
        return NotSo(Circumstance((test,))) if isinstance(test, kind) else test

    return nodes_with(edit)


def with_tests(
    circumstance: Circumstance, edit: Callable[[CircumstanceTest], CircumstanceTest]
) -> Circumstance:
    """Return a circumstance with each test edited, those inside others first."""

    def edited(test: CircumstanceTest) -> CircumstanceTest:
        if isinstance(test, NotSo):
            test = NotSo(with_tests(test.inner, edit))
        if isinstance(test, EitherSo):
            test = EitherSo(tuple(with_tests(option, edit) for option in test.options))
        return edit(test)

    return Circumstance(tuple(edited(test) for test in circumstance.tests))


def asked_of_all(node: Requirement) -> Requirement:
    """Return a requirement without another side as asked of those others too."""
    return replace(node, otherwise=node.then) if isinstance(node, When) else node


def without_way(way: str) -> Callable[[Requirement], Requirement]:
    """Return an edit after which a nested award can be met in the other way alone."""

    def edit(node: Requirement) -> Requirement:
        if not isinstance(node, Group):
            return node
        return replace(
            node, parts=tuple(part for part in node.parts if part.id != f"{node.id}:{way}")
        )

    return edit


def as_stated(node: Requirement) -> Requirement:
    """Return a quantity as it is for those for whom it does not change."""
    if not isinstance(node, From):
        return node
    return replace(node, quantity=replace(node.quantity, changes=()))


def not_the_learners(node: Requirement) -> Requirement:
    """Return a quantity of the learner's own as the number that stands there."""
    if not isinstance(node, From):
        return node
    return replace(node, quantity=replace(node.quantity, fact=""))


def unchanged(kind: str) -> Edit:
    """Return an edit after which qualifiers of one kind do not change."""

    def edit(said: Qualifiers) -> Qualifiers:
        return replace(said, **{kind: tuple(replace(o, changes=()) for o in getattr(said, kind))})

    return lambda problem: with_qualifiers(problem, edit)


def sharing_less(node: Requirement, test: Callable[[str], bool]) -> Requirement:
    """Return a requirement that does not share with some of those it names."""
    return replace(node, shares_with=tuple(name for name in node.shares_with if not test(name)))


def limit_free(measure: Measure) -> Callable[[Requirement], Requirement]:
    """Return an edit after which a requirement shares freely where it shared so much."""

    def edit(node: Requirement) -> Requirement:
        freed = [limit for limit in node.sharing_limits if limit.measure == measure]
        names = (name for limit in freed for name in limit.requirements)
        left = tuple(limit for limit in node.sharing_limits if limit not in freed)
        return replace(node, shares_with=(*node.shares_with, *names), sharing_limits=left)

    return edit


def looking_for_itself(test: Callable[[str], bool]) -> Callable[[Requirement], Requirement]:
    """Return an edit after which a requirement that only looked counts by itself."""

    def edit(node: Requirement) -> Requirement:
        if not isinstance(node, From) or not any(map(test, node.counted_in)):
            return node
        return replace(node, counted_in=())

    return edit


def is_group(name: str) -> bool:
    """Say whether a name is that of a group, as the generator gives them."""
    return name.startswith(("g", "t", "require"))


def is_conditional(name: str) -> bool:
    """Say whether a name is that of a requirement by circumstance."""
    return name.startswith("w")


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


# Without a construct so many allocations are tried, at most.
MOST_LOOKED_AT = 5000
# Each decides where the oracle says otherwise without it.
DECIDING: Mapping[str, Edit] = {
    "credit cap": without("at_most", having(measure="credits", items="whole", over_record=False)),
    "number cap": without("at_most", having(measure="choose", over_record=False)),
    "trimming cap": policy(caps="whole"),
    "cap over the record": without("at_most", having(over_record=True, attempts=False)),
    "cap on attempts": without("at_most", having(attempts=True)),
    "floor": without("at_least", having(over_record=False)),
    "floor over the record": without("at_least", having(over_record=True, attempts=False)),
    "floor of attempts": without("at_least", having(attempts=True)),
    "last": without("last"),
    "part of the award among the last": without("last", on_a_part_of_the_award),
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
    "order after a milestone": nodes_with(after_no_step),
    "nested award that is held": nodes_with(without_way("held")),
    "rule of a nested award": nodes_with(without_way("rule")),
    "pair of a nested award": without("pairs"),
    "order": nodes_with(lambda node: replace(node, after=())),
    "when a milestone is recorded": turned(Recorded),
    "when something is declared": turned(Declared),
    "when a fact is so": turned(LearnerFact),
    "when something is held": turned(Holding),
    "when something is not so": turned(NotSo),
    "when one of some is so": turned(EitherSo),
    "nothing for all others": nodes_with(asked_of_all),
    "changed quantity": nodes_with(as_stated),
    "changed floor": unchanged("at_least"),
    "changed cap": unchanged("at_most"),
    "changed breadth": unchanged("distinct"),
    "number of the learner's own": nodes_with(not_the_learners),
    "fact of the learner's own": throughout(comparing_with_nobody),
    "selector for some learners": throughout(asking_the_opposite),
    "range of an attribute": throughout(widened),
    "sharing leaves": nodes_with(lambda node: sharing_less(node, lambda n: n.startswith("r"))),
    "sharing with a group": nodes_with(lambda node: sharing_less(node, is_group)),
    "sharing with everything": nodes_with(lambda node: sharing_less(node, EVERYWHERE.__eq__)),
    "sharing of a group": nodes_with(
        lambda node: replace(node, shares_with=()) if isinstance(node, Group) else node
    ),
    "sharing up to a number": nodes_with(limit_free("choose")),
    "sharing up to credits": nodes_with(limit_free("credits")),
    "counted in a leaf": nodes_with(looking_for_itself(lambda name: name.startswith("r"))),
    "counted in a group": nodes_with(looking_for_itself(is_group)),
    "naming what has sides": nodes_with(
        lambda node: looking_for_itself(is_conditional)(sharing_less(node, is_conditional))
    ),
    "counted in everything": nodes_with(looking_for_itself(EVERYWHERE.__eq__)),
    "some of a group": nodes_with(needing_all),
    "number of parts that are used": nodes_with(free_to_use),
    "optional": nodes_with(lambda node: replace(node, optional=False)),
    "weight": nodes_with(lambda node: replace(node, weight=None)),
    "part of the award": nodes_with(asking_no_part),
    "different values": nodes_with(counting_credentials),
    "every outcome": nodes_with(of_any_outcome),
    "top of a range": nodes_with(open_ended),
    "no more than needed": nodes_with(taking_more),
    "limited sharing": lambda problem: unnamed(problem, "free"),
    "granted sharing": lambda problem: unnamed(problem, "none"),
    "number of awards": rules_with(anywhere),
    "credits shared with an award": shared_freely(
        lambda one: one.measure == "credits" and isinstance(one.amount, int)
    ),
    "number shared with an award": shared_freely(lambda one: one.measure == "choose"),
    "part of the smaller award": shared_freely(based_on("smaller")),
    "part of the receiving award": shared_freely(based_on("receiving")),
    "retakes": policy(retakes="each"),
    "reading of levels": policy(level="at-least"),
    "conversion": policy(conversion="hours"),
    "equivalents": without_equivalents,
    "several values": with_first_values,
    **{f"adjustment: {kind}": undecided(kind) for kind in get_args(AdjustmentKind)},
}


def decides(name: str, problem: Problem, found: Judgement) -> bool:
    """Say whether the last answer would be another without a construct.

    Where too much would be allowed without it for all of it to be tried, this is not told.
    """
    other = DECIDING[name](problem)
    if other == problem or other.effort() > MOST_LOOKED_AT:
        return False
    return other.judged("planned").objective[:4] != found.objective[:4]
