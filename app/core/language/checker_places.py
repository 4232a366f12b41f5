"""Where the parts of a rule stand: what the checks walk over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.language.diagnostics import Diagnostic, Severity
from app.core.model.change import Change
from app.core.model.requirement import (
    Bound,
    From,
    Group,
    Qualifiers,
    Requirement,
    Take,
    When,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    AnyOf,
    Circumstance,
    CircumstanceTest,
    EitherSo,
    ForWhom,
    Holding,
    Not,
    NotSo,
    Selector,
    Test,
)
from app.core.model.source import SourceSpan

Role = Literal["wanted", "looked-at"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, as a diagnostic names it."""

    path: str
    span: SourceSpan

    def error(self, code: str, message: str, remedy: str = "") -> Diagnostic:
        """Say what keeps the rule from being audited or published."""
        return self._found(code, "error", message, remedy)

    def warning(self, code: str, message: str, remedy: str = "") -> Diagnostic:
        """Say what is probably not meant."""
        return self._found(code, "warning", message, remedy)

    def note(self, code: str, message: str, remedy: str = "") -> Diagnostic:
        """Say what is worth knowing, and may well be meant."""
        return self._found(code, "note", message, remedy)

    def _found(self, code: str, severity: Severity, message: str, remedy: str) -> Diagnostic:
        return Diagnostic(code, severity, message, remedy, self.span, self.path)


@dataclass(frozen=True, slots=True)
class Stand:
    """A requirement, where it stands, and what is around it, outermost first."""

    spot: Spot
    node: Requirement
    around: tuple[Group | When, ...] = ()

    @property
    def chain(self) -> tuple[Requirement, ...]:
        """What is around it, and the requirement itself."""
        return (*self.around, self.node)


@dataclass(frozen=True, slots=True)
class Use:
    """A selector and where it stands; what is wanted must be found, the rest only looks."""

    spot: Spot
    selector: Selector
    role: Role


@dataclass(frozen=True, slots=True)
class Said:
    """The qualifiers of one requirement (`stand`), or of the award."""

    spot: Spot
    qualifiers: Qualifiers
    stand: Stand | None = None


def trees(rule: RuleEdition) -> Iterator[tuple[Stand, ...]]:
    """Yield the requirements of the rule, its admission and its gates, each decided by itself."""
    yield tuple(_stands("$.require", rule.root, ()))
    if rule.admission is not None:
        yield tuple(_stands("$.admission", rule.admission, ()))
    for index, gate in enumerate(rule.gates):
        yield tuple(_stands(f"$.gates[{index}].require", gate.require, ()))


def stands(rule: RuleEdition) -> Iterator[Stand]:
    """Yield every requirement, parents first, in written order."""
    for tree in trees(rule):
        yield from tree


def _stands(path: str, node: Requirement, around: tuple[Group | When, ...]) -> Iterator[Stand]:
    yield Stand(Spot(path, node.span), node, around)
    if isinstance(node, Group):
        key = group_key(node)
        for index, part in enumerate(node.parts):
            yield from _stands(f"{path}.{key}[{index}]", part, (*around, node))
    if isinstance(node, When):
        yield from _stands(f"{path}.then", node.then, (*around, node))
        if node.otherwise is not None:
            yield from _stands(f"{path}.else", node.otherwise, (*around, node))


def group_key(node: Group) -> str:
    """Return where the parts of a group stand in its written form."""
    if node.most is not None:
        return "some.of"
    return {None: "all", 1: "any"}.get(node.need, "some.of")


def said(rule: RuleEdition) -> Iterator[Said]:
    """Yield all qualifiers, the award's first."""
    yield Said(Spot("$", rule.span), rule.whole)
    for stand in stands(rule):
        yield Said(stand.spot, stand.node.qualifiers, stand)


def bounds(here: Said, key: Literal["at_least", "at_most"]) -> Iterator[tuple[Spot, Bound]]:
    """Yield the floors or the caps said here, each with its place."""
    several = here.qualifiers.at_least if key == "at_least" else here.qualifiers.at_most
    for index, bound in enumerate(several):
        yield Spot(f"{here.spot.path}.{key}[{index}]", bound.span), bound


def trims(cap: Bound, policies: Mapping[str, str]) -> bool:
    """Say whether what crosses a cap counts in part."""
    items = policies.get("caps") if cap.items == "policy" else cap.items
    return items == "trim" and cap.measure == "credits" and not cap.over_record


def uses(rule: RuleEdition) -> Iterator[Use]:
    """Yield every selector of the rule."""
    yield from chosen(rule)
    for spot, test in circumstances(rule):
        if isinstance(test, Holding):
            yield Use(_below(spot, "holds.from"), test.selector, "looked-at")


def chosen(rule: RuleEdition) -> Iterator[Use]:
    """Yield every selector of what counts, and none of what circumstances look at."""
    for stand in stands(rule):
        if isinstance(stand.node, From):
            quantity = stand.node.quantity
            asks = quantity.low or quantity.fact or quantity.every
            wanted: Role = "wanted" if asks else "looked-at"
            yield Use(_below(stand.spot, "from"), stand.node.selector, wanted)
        if isinstance(stand.node, Take | From):
            for selector in stand.node.prefer:
                yield Use(_below(stand.spot, "prefer"), selector, "looked-at")
    for here in said(rule):
        yield from _bound_uses(here)
        yield from _other_uses(here)
        yield from _latest_uses(here)


def _bound_uses(here: Said) -> Iterator[Use]:
    for spot, floor in bounds(here, "at_least"):
        yield Use(_below(spot, "from"), floor.selector, "wanted" if floor.amount else "looked-at")
    for spot, cap in bounds(here, "at_most"):
        yield Use(_below(spot, "from"), cap.selector, "looked-at")


def _other_uses(here: Said) -> Iterator[Use]:
    path = here.spot.path
    for index, each in enumerate(here.qualifiers.each):
        spot = Spot(f"{path}.each[{index}]", each.span)
        yield Use(_below(spot, "must"), each.must, "looked-at")
        yield Use(_below(spot, "from"), each.selector, "looked-at")
    for index, average in enumerate(here.qualifiers.averages):
        spot = Spot(f"{path}.average[{index}]", average.span)
        yield Use(_below(spot, "from"), average.selector, "looked-at")


def circumstances(rule: RuleEdition) -> Iterator[tuple[Spot, CircumstanceTest]]:
    """Yield every test of a circumstance, those inside others and in selectors too."""
    for use in chosen(rule):
        yield from _asked_in(use.spot, use.selector)
    for stand in stands(rule):
        if isinstance(stand.node, When):
            yield from _tests_of(_below(stand.spot, "when"), stand.node.circumstance)
        if isinstance(stand.node, From):
            yield from _changing(stand.spot, stand.node.quantity.changes)
    for here in said(rule):
        for spot, bound in (*bounds(here, "at_least"), *bounds(here, "at_most")):
            yield from _changing(spot, bound.changes)
        for index, distinct in enumerate(here.qualifiers.distinct):
            spot = Spot(f"{here.spot.path}.distinct[{index}]", distinct.span)
            yield from _changing(spot, distinct.changes)


def _changing(spot: Spot, changes: tuple[Change, ...]) -> Iterator[tuple[Spot, CircumstanceTest]]:
    for index, change in enumerate(changes):
        yield from _tests_of(_below(spot, f"changes[{index}]"), change.circumstance)


def _tests_of(spot: Spot, circumstance: Circumstance) -> Iterator[tuple[Spot, CircumstanceTest]]:
    for test in circumstance.tests:
        yield spot, test
        if isinstance(test, NotSo):
            yield from _tests_of(spot, test.inner)
        elif isinstance(test, EitherSo):
            for option in test.options:
                yield from _tests_of(spot, option)
        elif isinstance(test, Holding):
            yield from _asked_in(_below(spot, "holds.from"), test.selector)


def _asked_in(spot: Spot, selector: Selector) -> Iterator[tuple[Spot, CircumstanceTest]]:
    for test in tests_in(selector):
        if isinstance(test, ForWhom):
            yield from _tests_of(_below(spot, "when"), test.circumstance)


def _latest_uses(here: Said) -> Iterator[Use]:
    for index, last in enumerate(here.qualifiers.last):
        for at, floor in enumerate(last.at_least):
            spot = Spot(f"{here.spot.path}.last[{index}].at_least[{at}]", floor.span)
            wanted: Role = "wanted" if floor.amount else "looked-at"
            yield Use(_below(spot, "from"), floor.selector, wanted)


def _below(spot: Spot, key: str) -> Spot:
    return Spot(f"{spot.path}.{key}", spot.span)


def tests_in(selector: Selector) -> Iterator[Test]:
    """Yield every test, those inside `not` and `any` too."""
    for test in selector.tests:
        yield test
        if isinstance(test, Not):
            yield from tests_in(test.inner)
        elif isinstance(test, AnyOf):
            for option in test.options:
                yield from tests_in(option)


def leaves(tree: tuple[Stand, ...]) -> tuple[Stand, ...]:
    """Return the requirements of the tree that achievements count toward."""
    return tuple(stand for stand in tree if isinstance(stand.node, Take | From))
