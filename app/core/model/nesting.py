"""Nested awards: what an award asks for, put where the requirement of another one names it.

A requirement `cert` that nests an award becomes a choice: the award itself (`cert:held`), or its
own requirements (`cert:rule`), whose ids get the prefix `cert/`. What the nested rule says of its
whole is said of these requirements, and what it says of itself beside them is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.requirement import (
    EVERYWHERE,
    Bound,
    From,
    Group,
    Nested,
    Qualifiers,
    Requirement,
    Share,
    Take,
    When,
    parts_of,
    walk,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import OneOf, Selector
from app.core.model.source import SourceSpan

Editions: TypeAlias = Mapping[CredentialId, Sequence[RuleEdition]]
"""The rules that may be nested, by award."""

NO_EDITIONS: Editions = {}
# As many requirements as a file may hold values, and as many groups as audits can walk down.
MOST_REQUIREMENTS = 20_000
DEEPEST = 64

Obstacle = Literal["unknown", "unit", "cycle", "size"]


class NestingError(AuditError):
    """An award that cannot be nested; `obstacle` says why, `remedy` what would work."""

    def __init__(self, obstacle: Obstacle, award: str, message: str, remedy: str) -> None:
        """Keep what is wrong, of which award."""
        super().__init__(f"nested-{obstacle}", f"{message}: {remedy}")
        self.obstacle = obstacle
        self.award = award
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Linked:
    """A rule with nothing nested in it any more, and the editions that were put into it."""

    rule: RuleEdition
    nested: tuple[RuleEdition, ...] = ()


def link(rule: RuleEdition, editions: Editions) -> Linked:
    """Return the rule with every nested award put into it; NestingError."""
    if not any(nested_in(rule)):
        return Linked(rule)
    linker = _Linker(editions)
    gates = tuple(replace(one, require=linker.node(one.require, rule)) for one in rule.gates)
    admission = None if rule.admission is None else linker.node(rule.admission, rule)
    root = linker.node(rule.root, rule)
    whole = replace(rule, root=root, admission=admission, gates=gates)
    return Linked(whole, tuple(inner for inner, _ in linker.done.values()))


def nested_in(rule: RuleEdition) -> Iterator[Nested]:
    """Yield the nested awards of a rule, its admission and its gates."""
    apart = () if rule.admission is None else (rule.admission,)
    for root in (rule.root, *apart, *(gate.require for gate in rule.gates)):
        yield from (node for node in walk(root) if isinstance(node, Nested))


def why_not(rule: RuleEdition, node: Nested, editions: Editions) -> NestingError | None:
    """Return why one requirement of a rule cannot be linked, or None where it can."""
    try:
        _Linker(editions).node(node, rule)
    except NestingError as refused:
        return refused
    return None


def edition_for(node: Nested, outer: RuleEdition, several: Sequence[RuleEdition]) -> RuleEdition:
    """Return the edition that a requirement of `outer` means; NestingError.

    Without a name it is the one in force on the day on which `outer` comes into force, else the
    next one.
    """
    if not several:
        message = f"there is no rule of `{node.award}` to be met"
        remedy = "publish one first, or name the award as a credential: {take: …}"
        raise NestingError("unknown", node.award, message, remedy)
    names = ", ".join(sorted(one.edition for one in several))
    if node.edition:
        named = [one for one in several if one.edition == node.edition]
        if not named:
            message = f"`{node.award}` has no edition `{node.edition}`"
            raise NestingError("unknown", node.award, message, f"there is {names}")
        return named[0]
    day = outer.effective.start
    found = _on(day, several)
    if found is None:
        message = f"no edition of `{node.award}` is in force on {day} or later"
        raise NestingError("unknown", node.award, message, f"name its `edition`: {names}")
    return found


def _on(day: date, several: Sequence[RuleEdition]) -> RuleEdition | None:
    """The edition in force on a day: of those that hold the one begun last; else the next."""

    def start(one: RuleEdition) -> date:
        return one.effective.start

    holding = [one for one in several if one.effective.holds(day)]
    if holding:
        return max(holding, key=start)
    return min((one for one in several if start(one) > day), key=start, default=None)


class _Linker:
    """Links one rule; each edition that is nested in it is linked once."""

    def __init__(self, editions: Editions) -> None:
        self.editions = editions
        self.done: dict[tuple[str, str], tuple[RuleEdition, Requirement]] = {}
        self.around: list[CredentialId] = []
        self.made = 0

    def node(self, node: Requirement, rule: RuleEdition) -> Requirement:
        """A requirement of `rule` with nothing nested below it."""
        match node:
            case Nested():
                return self.placed(node, rule)
            case Group():
                return replace(node, parts=tuple(self.node(part, rule) for part in node.parts))
            case When():
                other = None if node.otherwise is None else self.node(node.otherwise, rule)
                return replace(node, then=self.node(node.then, rule), otherwise=other)
            case _:
                return node

    def placed(self, node: Nested, outer: RuleEdition) -> Group:
        """What stands in the place of a nested award."""
        around = [*self.around, outer.award]
        if node.award in around:
            ring = [*around[around.index(node.award) :], node.award]
            message = f"{', which nests '.join(f'`{one}`' for one in ring)}"
            remedy = "an award cannot be a part of itself: leave one of them out"
            raise NestingError("cycle", node.award, message, remedy)
        inner = edition_for(node, outer, self.editions.get(node.award, ()))
        if inner.unit != outer.unit:
            message = f"`{outer.award}` counts in {outer.unit}, and `{node.award}` in {inner.unit}"
            remedy = "name the award as a credential, which is converted: {take: …}"
            raise NestingError("unit", node.award, message, remedy)
        if len(around) > DEEPEST:
            raise _too_large(node)
        root = self.root(inner, around)
        self.made += sum(1 for _ in walk(root))
        # Awards that nest one another twice double what is there at each step.
        if self.made > MOST_REQUIREMENTS or _height(root) > DEEPEST:
            raise _too_large(node)
        return _placed(node, inner, root)

    def root(self, inner: RuleEdition, around: Sequence[CredentialId]) -> Requirement:
        key = (inner.award, inner.edition)
        if key not in self.done:
            before, self.around = self.around, list(around)
            root = self.node(inner.root, inner)
            self.around = before
            self.done[key] = (inner, root)
        return self.done[key][1]


def _too_large(node: Nested) -> NestingError:
    message = f"with `{node.award}` in it the rule holds more than can be audited"
    remedy = "name the award as a credential: {take: …}"
    return NestingError("size", node.award, message, remedy)


def _height(root: Requirement) -> int:
    floors, floor = 0, [root]
    while floor:
        floor = [part for node in floor for part in parts_of(node)]
        floors += 1
    return floors


def _placed(node: Nested, inner: RuleEdition, root: Requirement) -> Group:
    title = inner.title if node.title == node.award else node.title
    held = Take(
        id=f"{node.id}:held",
        title=f"{inner.title}, held",
        credentials=(node.award,),
        # What it stands for is the award, whatever the catalogue says of its credential.
        weight=inner.total,
        span=node.span,
    )
    inside = _Inside(node.id, inner, node.span)
    own = Group(
        id=f"{node.id}:rule",
        title=f"{inner.title}, edition {inner.edition}",
        parts=(replace(inside.node(root), optional=False),),
        qualifiers=inside.whole(),
        span=node.span,
    )
    return Group(
        id=node.id,
        title=title,
        note=node.note,
        reason=node.reason,
        optional=node.optional,
        shares_with=node.shares_with,
        sharing_limits=node.sharing_limits,
        after=node.after,
        qualifiers=node.qualifiers,
        parts=(held, own),
        need=1,
        span=node.span,
    )


@dataclass(frozen=True, slots=True)
class _Inside:
    """The requirements of one edition, below the requirement `owner` of another rule."""

    owner: str
    inner: RuleEdition
    span: SourceSpan

    def name(self, name: str) -> str:
        return f"{self.owner}/{name}" if name else ""

    def names(self, several: tuple[str, ...]) -> tuple[str, ...]:
        """Names that requirements call each other; everything is all of the nested rule."""
        rule = f"{self.owner}:rule"
        return tuple(rule if name == EVERYWHERE else self.name(name) for name in several)

    def node(self, node: Requirement) -> Requirement:
        node = replace(
            node,
            id=self.name(node.id),
            shares_with=self.names(node.shares_with),
            sharing_limits=tuple(
                replace(one, requirements=self.names(one.requirements))
                for one in node.sharing_limits
            ),
            after=self.names(node.after),
            qualifiers=self.said(node.qualifiers),
            used=None,
            span=self.span,
        )
        match node:
            case From():
                # What the share comes to is there; what it was a share of is not.
                quantity = replace(node.quantity, share=None, top=None)
                return replace(node, quantity=quantity, counted_in=self.names(node.counted_in))
            case Group():
                return replace(node, parts=tuple(map(self.node, node.parts)))
            case When():
                other = None if node.otherwise is None else self.node(node.otherwise)
                return replace(node, then=self.node(node.then), otherwise=other)
            case _:
                return node

    def said(self, said: Qualifiers) -> Qualifiers:
        """Qualifiers under their new names; a share of the award is a share of the nested one."""
        return replace(
            said,
            at_least=tuple(self.bound(one, up=True) for one in said.at_least),
            at_most=tuple(self.bound(one, up=False) for one in said.at_most),
            each=tuple(replace(one, id=self.name(one.id), span=self.span) for one in said.each),
            distinct=tuple(
                replace(one, id=self.name(one.id), span=self.span) for one in said.distinct
            ),
            averages=tuple(
                replace(one, id=self.name(one.id), span=self.span) for one in said.averages
            ),
            windows=tuple(
                replace(one, id=self.name(one.id), span=self.span) for one in said.windows
            ),
            last=tuple(
                replace(
                    one,
                    at_least=tuple(self.bound(floor, up=True) for floor in one.at_least),
                    span=self.span,
                )
                for one in said.last
            ),
        )

    def bound(self, bound: Bound, *, up: bool) -> Bound:
        amount = bound.amount
        if isinstance(amount, Share):
            total = self.inner.total
            amount = amount.least(total) if up else amount.most(total)
        return replace(bound, id=self.name(bound.id), amount=amount, span=self.span)

    def whole(self) -> Qualifiers:
        """What the edition says of the award as a whole, its overlaps and pairs among it."""
        said = self.said(self.inner.whole)
        overlaps = tuple(
            Bound(
                id=self.name(one.id),
                title=f"At most {one.at_most} of what overlaps",
                measure="choose",
                amount=one.at_most,
                selector=Selector((OneOf("credential", one.credentials),)),
                reason=one.reason,
                span=self.span,
            )
            for one in self.inner.excludes
        )
        return replace(said, at_most=(*said.at_most, *overlaps), pairs=self.inner.pairs)
