"""Of a side of a `when` that is said to be nobody's, no learner reaches it; others may be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from app.core.language.checker_branches import check_branches
from app.core.model.requirement import Requirement, When, walk
from app.core.model.rule import RuleEdition
from app.core.model.selector import Circumstance, NotSo
from tests.properties.edits import with_nodes, with_rules
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems())
def test_what_a_learner_reaches_is_not_said_to_be_nobodys(problem: Problem) -> None:
    assert not reached(problem) & unreached(problem)
    doubled = with_rules(problem, lambda rule: replace(rule, root=with_nodes(rule.root, twice)))
    assert not reached(doubled) & unreached(doubled)


@given(problem=problems())
def test_a_when_inside_its_opposite_is_always_told(problem: Problem) -> None:
    doubled = with_rules(problem, lambda rule: replace(rule, root=with_nodes(rule.root, twice)))
    told = unreached(doubled)
    for rule in doubled.rules:
        mine = {name for award, name in told if award == rule.award}
        for one in walk(rule.root):
            # What stands in a branch that is told of is not told again.
            if isinstance(one, When) and one.id.endswith("!") and not around(rule, one.id) & mine:
                assert one.then.id in mine


def twice(node: Requirement) -> Requirement:
    """A requirement by circumstance with another one inside, of whom it does not hold."""
    if not isinstance(node, When):
        return node
    opposite = Circumstance((NotSo(node.circumstance),))
    nobodys = replace(node.then, id=f"{node.id}?")
    inner = When(
        id=f"{node.id}!", title="", circumstance=opposite, then=nobodys, otherwise=node.then
    )
    return replace(node, then=inner)


def around(rule: RuleEdition, name: str) -> set[str]:
    """A requirement, and what is around it."""
    return {node.id for node in walk(rule.root) if any(one.id == name for one in walk(node))}


def reached(problem: Problem) -> set[tuple[str, str]]:
    """What is there for the learner, by award."""
    rules = problem.for_learner().rules
    return {(rule.award, node.id) for rule in rules for node in walk(rule.root)}


def unreached(problem: Problem) -> set[tuple[str, str]]:
    """What the checker says nobody reaches, by award."""
    return {
        (rule.award, one.message.split("`")[1])
        for rule in problem.rules
        for one in check_branches(rule)
    }
