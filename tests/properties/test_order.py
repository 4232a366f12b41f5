"""The order of a record changes nothing; that of siblings only what is placed where."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.core.model.audit import Audit
from app.core.model.requirement import Group, Requirement
from tests.properties.asked import all_levels, audited
from tests.properties.edits import with_achievements, with_nodes, with_rules
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems(adjusted=True), draw=st.data())
def test_the_order_of_the_record_changes_nothing(problem: Problem, draw: st.DataObject) -> None:
    order = draw.draw(st.permutations(problem.record.achievements))
    shuffled = with_achievements(problem, tuple(order))
    assert [in_one_order(a) for a in audited(shuffled)] == [
        in_one_order(a) for a in audited(problem)
    ]


@given(problem=problems(adjusted=True))
def test_the_order_of_siblings_changes_no_verdict(problem: Problem) -> None:
    turned = with_rules(problem, lambda rule: replace(rule, root=with_nodes(rule.root, reverse)))
    assert all_levels(turned) == all_levels(problem)


def in_one_order(audit: Audit) -> Audit:
    """The audit with its achievements, which keep the record's order, in the order of their ids."""
    achievements = sorted(audit.achievements, key=lambda one: one.id)
    return audit._replace(achievements=tuple(achievements))


def reverse(node: Requirement) -> Requirement:
    """A group with its parts in the opposite order."""
    return replace(node, parts=node.parts[::-1]) if isinstance(node, Group) else node
