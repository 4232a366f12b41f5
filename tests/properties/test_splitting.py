"""An `all` inside an `all` asks for what its parts ask for."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import event, given

from app.core.model.requirement import Group, Requirement, When
from tests.properties.asked import all_levels
from tests.properties.edits import with_nodes, with_rules
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems(adjusted=True))
def test_an_all_in_two_is_the_same_all(problem: Problem) -> None:
    split = with_rules(problem, lambda rule: replace(rule, root=with_nodes(rule.root, in_two)))
    event(f"split: {split != problem}")
    assert all_levels(split) == all_levels(problem)


def in_two(node: Requirement) -> Requirement:
    """A group that needs all its parts, with a group of its own for those that it always needs.

    A part that is optional never blocks, and one that may not be there takes its group with it:
    both mean something else in a group of their own.
    """
    if not isinstance(node, Group) or node.need is not None or node.most is not None:
        return node
    needed = tuple(part for part in node.parts if not part.optional and not isinstance(part, When))
    if not needed:
        return node
    inner = Group(id=f"{node.id}-needed", title="Needed", parts=needed)
    return replace(node, parts=(*(part for part in node.parts if part not in needed), inner))
