"""Of a side of a `when` that is said to be nobody's, no learner reaches it; others may be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from app.core.language.checker_branches import check_branches
from app.core.model.circumstance import Circumstance, NotSo
from app.core.model.requirement import Requirement, When, walk
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
    inside = {one.id for one in walked(doubled) if isinstance(one, When) and one.id.endswith("!")}
    told = unreached(doubled)
    for one in walked(doubled):
        # What stands in a branch that is told of is not told again.
        if isinstance(one, When) and one.id in inside and not around(doubled, one.id) & told:
            assert one.then.id in told


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


def walked(problem: Problem) -> list[Requirement]:
    """Every requirement of a problem."""
    return [node for rule in problem.rules for node in walk(rule.root)]


def around(problem: Problem, name: str) -> set[str]:
    """A requirement, and what is around it."""
    return {node.id for node in walked(problem) if any(one.id == name for one in walk(node))}


def reached(problem: Problem) -> set[str]:
    """What is there for the learner."""
    return {node.id for node in walked(problem.for_learner())}


def unreached(problem: Problem) -> set[str]:
    """What the checker says nobody reaches."""
    found = (one for rule in problem.rules for one in check_branches(rule))
    return {one.message.split("`")[1] for one in found}
