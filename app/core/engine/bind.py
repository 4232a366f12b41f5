"""A rule to what it is for one learner: no circumstances, and every quantity a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

from app.core.engine.personal import asked_in, circumstances_of, selectors_of
from app.core.model.change import Change
from app.core.model.credential import Fact
from app.core.model.errors import AuditError
from app.core.model.requirement import (
    Bound,
    Distinct,
    From,
    Group,
    Qualifiers,
    Quantity,
    Requirement,
    Share,
    Take,
    When,
    parts_of,
    walk,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    Circumstance,
    CircumstanceTest,
    EitherSo,
    Holding,
    NotSo,
    Own,
    OwnTest,
    Selector,
)

Changed = TypeVar("Changed", Quantity, Bound, Distinct)


@dataclass(frozen=True, slots=True)
class Bearings:
    """What a rule asks of a learner before it applies: which circumstances hold, which numbers.

    `own` is what the learner states of attributes with which selectors compare.
    """

    holds: Mapping[Circumstance, bool] = field(default_factory=dict)
    facts: Mapping[str, int | None] = field(default_factory=dict)
    own: Mapping[str, Fact | None] = field(default_factory=dict)


class Question(NamedTuple):
    """A circumstance that a rule depends on, and what is asked next where it holds or does not."""

    circumstance: Circumstance
    then: tuple[Question, ...] = ()
    otherwise: tuple[Question, ...] = ()


def questions_of(rule: RuleEdition) -> tuple[Question, ...]:
    """Return what the root of a rule and what is said of it depend on.

    Nothing is asked for a side that does not apply: a record need not be fit to answer it.
    """
    return (*_of_qualifiers(rule.whole), *_of_node(rule.root))


def asks_holdings(questions: Iterable[Question]) -> bool:
    """Say whether anything depends on what the record holds: what is taken may change that."""
    return any(
        _of_holdings(one.circumstance) or asks_holdings((*one.then, *one.otherwise))
        for one in questions
    )


def _of_holdings(circumstance: Circumstance) -> bool:
    return any(map(_looks_at_holdings, circumstance.tests))


def _looks_at_holdings(test: CircumstanceTest) -> bool:
    match test:
        case NotSo():
            return _of_holdings(test.inner)
        case EitherSo():
            return any(map(_of_holdings, test.options))
        case _:
            return isinstance(test, Holding)


def facts_of(rule: RuleEdition) -> tuple[str, ...]:
    """Return the numbers among the learner's attributes that quantities take their size from."""
    quantities = (node.quantity for node in walk(rule.root) if isinstance(node, From))
    return tuple(dict.fromkeys(one.fact for one in quantities if one.fact))


def owns_of(rule: RuleEdition) -> tuple[str, ...]:
    """Return the learner's attributes that selectors of a rule compare with."""
    own: dict[str, None] = {}
    for selector in _selectors_of(rule):
        for test in asked_in(selector):
            if isinstance(test, OwnTest):
                own |= {end.key: None for end in (test.low, test.high) if isinstance(end, Own)}
    return tuple(own)


def _selectors_of(rule: RuleEdition) -> Iterator[Selector]:
    yield from selectors_of(rule.whole)
    for node in walk(rule.root):
        yield from selectors_of(node.qualifiers)
        if isinstance(node, Take | From):
            yield from node.prefer
        if isinstance(node, From):
            yield node.selector


def _of_node(node: Requirement) -> tuple[Question, ...]:
    match node:
        case When():
            otherwise = () if node.otherwise is None else _of_node(node.otherwise)
            return (Question(node.circumstance, _of_node(node.then), otherwise),)
        case Group():
            below = (one for part in node.parts for one in _of_node(part))
            return (*_of_qualifiers(node.qualifiers), *below)
        case From():
            changes = (Question(change.circumstance) for change in node.quantity.changes)
            chosen = _of_selectors((node.selector, *node.prefer))
            return (*changes, *chosen, *_of_qualifiers(node.qualifiers))
        case Take():
            return (*_of_selectors(node.prefer), *_of_qualifiers(node.qualifiers))
        case _:
            return tuple(_of_qualifiers(node.qualifiers))


def _of_qualifiers(said: Qualifiers) -> Iterator[Question]:
    yield from (Question(change.circumstance) for change in _changes(said))
    yield from _of_selectors(selectors_of(said))


def _of_selectors(selectors: Iterable[Selector]) -> Iterator[Question]:
    yield from (Question(asked) for one in selectors for asked in circumstances_of(one))


def _changes(said: Qualifiers) -> Iterator[Change]:
    for bound in (*said.at_least, *said.at_most):
        yield from bound.changes
    for distinct in said.distinct:
        yield from distinct.changes


def bind(rule: RuleEdition, bearings: Bearings) -> RuleEdition:
    """Return the rule for whom the bearings are true; a root that is not there cannot be met.

    AuditError where it asks for a number of the learner's that the bearings do not have.
    """
    binder = _Binder(rule, bearings)
    root = binder.node(rule.root)
    if root is None:
        root = Group(id=rule.root.id, title=rule.root.title, need=1, span=rule.root.span)
    if binder.sides:
        root = _renamed(root, binder.sides)
    return replace(rule, root=root, whole=binder.qualifiers(rule.whole))


def _renamed(node: Requirement, sides: Mapping[str, str]) -> Requirement:
    """Return a tree that names the side that applies where it named its `when`."""

    def named(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([sides.get(name, name) for name in names])

    limits = [replace(one, requirements=named(one.requirements)) for one in node.sharing_limits]
    node = replace(
        node,
        shares_with=named(node.shares_with),
        sharing_limits=tuple(limits),
        after=named(node.after),
    )
    match node:
        case Group():
            return replace(node, parts=tuple([_renamed(part, sides) for part in node.parts]))
        case From():
            return replace(node, counted_in=named(node.counted_in))
        case _:
            return node


def widest(rule: RuleEdition) -> RuleEdition:
    """Return the rule with everything there that is there for anybody."""
    return replace(rule, root=_both_sides(rule.root))


def _both_sides(node: Requirement) -> Requirement:
    match node:
        case When():
            parts = tuple(map(_both_sides, parts_of(node)))
            return Group(id=node.id, title=node.title, parts=parts, span=node.span)
        case Group():
            return replace(node, parts=tuple(map(_both_sides, node.parts)))
        case _:
            return node


def _why(node: When, side: Requirement, *, applies: bool) -> Circumstance:
    """Why a side of a `when` is there: what holds, or does not, and what is asked within."""
    own = node.circumstance.tests if applies else (NotSo(node.circumstance),)
    return Circumstance((*own, *(side.applies.tests if side.applies else ())))


class _Binder:
    """Binds one rule."""

    def __init__(self, rule: RuleEdition, bearings: Bearings) -> None:
        self.rule = rule
        self.bearings = bearings
        self.sides: dict[str, str] = {}

    def node(self, node: Requirement) -> Requirement | None:
        """The requirement as it applies; None where it is not there."""
        match node:
            case When():
                applies = self.bearings.holds[node.circumstance]
                chosen = node.then if applies else node.otherwise
                side = None if chosen is None else self.node(chosen)
                if side is None:
                    return None
                self.sides[node.id] = side.id
                return replace(side, applies=_why(node, side, applies=applies))
            case Group():
                return self.group(node)
            case From():
                quantity = self.quantity(node.quantity)
                said = self.qualifiers(node.qualifiers)
                return replace(node, quantity=quantity, qualifiers=said)
            case _:
                return replace(node, qualifiers=self.qualifiers(node.qualifiers))

    def group(self, node: Group) -> Group | None:
        """A group with the parts that are there; an `all` that loses every one it needs is lost.

        Else an absent part would meet whatever is around it. A choice stays, and is not met.
        """
        parts = tuple([one for part in node.parts if (one := self.node(part)) is not None])
        lost = len(parts) < len(node.parts) and node.need is None
        if lost and all(part.optional for part in parts):
            return None
        return replace(node, parts=parts, qualifiers=self.qualifiers(node.qualifiers))

    def quantity(self, quantity: Quantity) -> Quantity:
        """A quantity with its learner's number and the changes that apply made."""
        low = self.number(quantity.fact) if quantity.fact else quantity.low
        low, high = _ends(low, quantity.high, self.applying(quantity))
        return replace(quantity, low=low, high=high, fact="", changes=(), share=None, top=None)

    def number(self, name: str) -> int:
        """The learner's number of that name."""
        found = self.bearings.facts[name]
        if found is None:
            sentence = (
                f"`{self.rule.award}` asks for as many as the learner's attribute `{name}` "
                f"says, and the record states none: add it as a whole number"
            )
            raise AuditError("learner-fact-missing", sentence)
        return found

    def qualifiers(self, said: Qualifiers) -> Qualifiers:
        """What is said of a requirement, with the changes that apply made."""
        if not any(_changes(said)):
            return said
        return replace(
            said,
            at_least=tuple(map(self.bound, said.at_least)),
            at_most=tuple(map(self.bound, said.at_most)),
            distinct=tuple(map(self.distinct, said.distinct)),
        )

    def bound(self, bound: Bound) -> Bound:
        amount = bound.amount
        for change in self.applying(bound):
            if change.to is not None:
                amount = change.to
            elif not isinstance(amount, Share):
                amount += change.add
        return replace(bound, amount=amount, changes=())

    def distinct(self, distinct: Distinct) -> Distinct:
        low, high, changes = distinct.low, distinct.high, self.applying(distinct)
        if low == 0 and high is not None:
            high, _ = _ends(high, None, changes)
        else:
            low, high = _ends(low, high, changes)
        return replace(distinct, low=low, high=high, changes=())

    def applying(self, one: Changed) -> Iterator[Change]:
        return (change for change in one.changes if self.bearings.holds[change.circumstance])


def _ends(low: int, high: int | None, changes: Iterable[Change]) -> tuple[int, int | None]:
    """Return both ends after some changes; the upper one is not left below the lower."""
    for change in changes:
        if change.to is not None:
            low = change.to
            continue
        low += change.add
        high = None if high is None else high + change.add
    return low, None if high is None else max(low, high)
