"""Problems with one thing otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.core.model.record import Achievement
from app.core.model.requirement import Group, Qualifiers, Requirement, When, walk
from app.core.model.rule import RuleEdition
from tests.properties.problem import Problem


def with_rules(problem: Problem, edit: Callable[[RuleEdition], RuleEdition]) -> Problem:
    """Return the problem with each rule edited."""
    return replace(problem, rules=tuple(edit(rule) for rule in problem.rules))


def roots_of(rule: RuleEdition) -> list[Requirement]:
    """Return the root of a rule, and what is decided by itself beside it."""
    admission = [] if rule.admission is None else [rule.admission]
    return [rule.root, *admission, *(gate.require for gate in rule.gates)]


def with_policy(problem: Problem, policy: Mapping[str, str]) -> Problem:
    """Return the problem with these answers to named options."""
    return replace(problem, policies=tuple({**said, **policy} for said in problem.policies))


def with_achievements(problem: Problem, achievements: tuple[Achievement, ...]) -> Problem:
    """Return the problem with these achievements in the record."""
    return replace(problem, record=replace(problem.record, achievements=achievements))


def as_catalogued(problem: Problem) -> Problem:
    """Return the problem with all that it describes in the catalogue, and stated nowhere else."""
    record, catalogue = problem.record, problem.catalogue
    described = {one.id: one for one in record.credentials}
    held = [replace(one, credits=None, unit="", attributes={}) for one in record.achievements]
    return replace(
        problem,
        catalogue=replace(catalogue, credentials={**catalogue.credentials, **described}),
        record=replace(record, credentials=(), achievements=tuple(held)),
    )


def with_qualifiers(problem: Problem, edit: Callable[[Qualifiers], Qualifiers]) -> Problem:
    """Return the problem with what is said of every requirement and award edited."""

    def said_otherwise(node: Requirement) -> Requirement:
        return replace(node, qualifiers=edit(node.qualifiers))

    return with_rules(
        problem,
        lambda rule: replace(
            rule, whole=edit(rule.whole), root=with_nodes(rule.root, said_otherwise)
        ),
    )


def with_nodes(node: Requirement, edit: Callable[[Requirement], Requirement]) -> Requirement:
    """Return a tree with each requirement edited, parts first."""
    if isinstance(node, Group):
        node = replace(node, parts=tuple(with_nodes(part, edit) for part in node.parts))
    if isinstance(node, When):
        other = None if node.otherwise is None else with_nodes(node.otherwise, edit)
        node = replace(node, then=with_nodes(node.then, edit), otherwise=other)
    return edit(node)


def qualifiers_of(problem: Problem) -> list[Qualifiers]:
    """Return all that is said of requirements and awards."""
    nodes = (node.qualifiers for rule in problem.rules for node in walk(rule.root))
    return [*nodes, *(rule.whole for rule in problem.rules)]
