"""A failing problem made smaller, as long as it fails: what is left is what matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import TypeVar

from app.core.model.certificate import Certificate
from app.core.model.change import Change
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Bound,
    Distinct,
    From,
    Group,
    Qualifiers,
    Quantity,
    Requirement,
    When,
    parts_of,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import Circumstance, EitherSo, NotSo
from app.core.model.wish import Wanted
from tests.properties.kept import usual
from tests.properties.problem import Problem

Item = TypeVar("Item")
Changing = TypeVar("Changing", Bound, Distinct, Quantity)
# Without credits a problem fails for other reasons than it did.
KEPT = frozenset({"id", "root", "parts", "credits"})


def shrink(problem: Problem, fails: Callable[[Problem], bool]) -> Problem:
    """Return the smallest problem on the way down that still fails."""
    for candidate in smaller(problem):
        if fails(candidate):
            return shrink(candidate, fails)
    return problem


def smaller(problem: Problem) -> Iterator[Problem]:
    """Yield problems with one thing less, the biggest things first."""
    for several, left in zip(
        without_one(problem.rules), without_one(problem.policies), strict=True
    ):
        if several:
            yield replace(problem, rules=several, policies=left)
    record = problem.record
    for achievements in without_one(record.achievements):
        yield replace(problem, record=replace(record, achievements=achievements))
    for rules in with_one_changed(problem.rules, smaller_rules):
        yield replace(problem, rules=rules)
    for achievements in with_one_changed(record.achievements, plainer):
        yield replace(problem, record=replace(record, achievements=achievements))
    for declared in without_one(record.declared):
        yield replace(problem, record=replace(record, declared=declared))
    for key in record.attributes:
        left_over = {name: fact for name, fact in record.attributes.items() if name != key}
        yield replace(problem, record=replace(record, attributes=left_over))
    for milestones in without_one(record.milestones):
        yield replace(problem, record=replace(record, milestones=milestones))
    for attestations in without_one(record.attestations):
        yield replace(problem, record=replace(record, attestations=attestations))
    yield from (replace(problem, wanted=wanted) for wanted in smaller_wants(problem.wanted))
    yield from smaller_catalogues(problem)


def smaller_wants(wanted: Wanted | None) -> Iterator[Wanted | None]:
    """Yield what is wanted with one thing less."""
    if wanted is None:
        return
    if not (wanted.wishes or wanted.earlier or wanted.forced):
        yield None
    yield from (wanted._replace(wishes=wishes) for wishes in without_one(wanted.wishes))
    if wanted.forced:
        yield wanted._replace(forced=None)
    for parts in without_one(wanted.earlier.parts) if wanted.earlier else ():
        yield wanted._replace(earlier=Certificate(parts) if parts else None)
    for part in wanted.earlier.parts if wanted.earlier else ():
        for placements in without_one(part.placements):
            less = tuple(
                one._replace(placements=placements) if one is part else one
                for one in (wanted.earlier.parts if wanted.earlier else ())
            )
            yield wanted._replace(earlier=Certificate(less))


def smaller_catalogues(problem: Problem) -> Iterator[Problem]:
    """Yield problems whose catalogue has a credential less, or one that says less."""
    catalogue = problem.catalogue
    yield from (replace(problem, catalogue=plain) for plain in plainer(catalogue))
    named = {one.credential for one in problem.record.achievements}
    for name, credential in catalogue.credentials.items():
        left = {key: each for key, each in catalogue.credentials.items() if key != name}
        if name not in named:
            yield replace(problem, catalogue=replace(catalogue, credentials=left))
        for plain in plainer(credential):
            changed = {**catalogue.credentials, name: plain}
            yield replace(problem, catalogue=replace(catalogue, credentials=changed))


def smaller_rules(rule: RuleEdition) -> Iterator[RuleEdition]:
    """Yield rules with one thing less."""
    yield from (replace(rule, whole=whole) for whole in smaller_qualifiers(rule.whole))
    yield from plainer(rule)
    if rule.sharing:
        several = without_one(rule.sharing.shared_with)
        yield from (replace(rule, sharing=replace(rule.sharing, shared_with=s)) for s in several)
    yield from (replace(rule, root=root) for root in smaller_nodes(rule.root))


def smaller_nodes(node: Requirement) -> Iterator[Requirement]:
    """Yield requirements with a part, a qualifier or a word less."""
    if isinstance(node, Group):
        yield from node.parts
        enough = without_one(node.parts) if len(node.parts) > (node.need or 0) else ()
        yield from (replace(node, parts=parts) for parts in enough)
    if isinstance(node, When):
        yield from parts_of(node)
    for said in smaller_qualifiers(node.qualifiers):
        yield replace(node, qualifiers=said)
    yield from plainer(node)
    yield from with_less_inside(node)


def with_less_inside(node: Requirement) -> Iterator[Requirement]:
    """Yield requirements with less inside a part, a circumstance or a quantity."""
    match node:
        case From():
            yield from (replace(node, quantity=less) for less in smaller_changing(node.quantity))
            for names in without_one(node.counted_in):
                yield replace(node, counted_in=names)
        case Group():
            several = with_one_changed(node.parts, smaller_nodes)
            yield from (replace(node, parts=parts) for parts in several)
        case When():
            yield from (replace(node, then=then) for then in smaller_nodes(node.then))
            if node.otherwise is not None:
                yield from (replace(node, otherwise=o) for o in smaller_nodes(node.otherwise))
            for less in smaller_circumstances(node.circumstance):
                yield replace(node, circumstance=less)
    for names in without_one(node.shares_with):
        yield replace(node, shares_with=names)


def smaller_circumstances(circumstance: Circumstance) -> Iterator[Circumstance]:
    """Yield circumstances with a test less, and what stands inside its tests."""
    yield from (Circumstance(tests) for tests in without_one(circumstance.tests))
    for test in circumstance.tests:
        if isinstance(test, NotSo):
            yield test.inner
        if isinstance(test, EitherSo):
            yield from test.options


def smaller_changing(value: Changing) -> Iterator[Changing]:
    """Yield what may change with a change less, or a simpler one, or one field less."""
    yield from (replace(value, changes=changes) for changes in without_one(value.changes))
    for changes in with_one_changed(value.changes, simpler_changes):
        yield replace(value, changes=changes)
    yield from plainer(value)


def simpler_changes(change: Change) -> Iterator[Change]:
    """Yield changes for simpler circumstances."""
    for less in smaller_circumstances(change.circumstance):
        yield replace(change, circumstance=less)


def smaller_qualifiers(said: Qualifiers) -> Iterator[Qualifiers]:
    """Yield qualifiers without one of them, or with one that says less."""
    if said != NO_QUALIFIERS:
        yield NO_QUALIFIERS
    for field in fields(said):
        several = getattr(said, field.name)
        yield from (replace(said, **{field.name: left}) for left in without_one(several))
        changing = field.name in {"at_least", "at_most", "distinct"}
        less = with_one_changed(several, smaller_changing if changing else plainer)
        yield from (replace(said, **{field.name: changed}) for changed in less)


def plainer(value: Item) -> Iterator[Item]:
    """Yield copies of `value` with one field as if it had not been written."""
    if not is_dataclass(value) or isinstance(value, type):
        return
    for field in fields(value):
        plain = usual(field)
        written = field.init and field.name not in KEPT and plain is not MISSING
        if written and getattr(value, field.name) != plain:
            yield replace(value, **{field.name: plain})


def without_one(several: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """Yield what is left without each."""
    for number in range(len(several)):
        yield (*several[:number], *several[number + 1 :])


def with_one_changed(
    several: Sequence[Item], changes: Callable[[Item], Iterator[Item]]
) -> Iterator[tuple[Item, ...]]:
    """Yield the whole with each change of each."""
    for number, item in enumerate(several):
        for changed in changes(item):
            yield (*several[:number], changed, *several[number + 1 :])
