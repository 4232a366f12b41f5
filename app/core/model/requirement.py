"""Requirement nodes: what a rule is once its written sugar is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from app.core.model.change import Change
from app.core.model.credential import CredentialId
from app.core.model.period import Span
from app.core.model.selector import EVERYTHING, Circumstance, Selector
from app.core.model.source import NOWHERE, SourceSpan

Measure = Literal["credits", "choose"]
Items = Literal["whole", "trim", "policy"]
AverageSet = Literal["counted", "record", "all-attempts", "not-transferred"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much: from `low`, at most `high`; credits in thousandths, `choose` in whole credentials.

    A plain number takes what it needs and no more: none that counts could be left out. A range
    `{from: …}` says otherwise and has no such limit. Where `fact` names one of the learner's
    attributes, its number is `low`; `changes` are made for those to whom they apply. With `by` the
    different values of that fact are counted, those of `only` alone if any are given, and not the
    credentials that carry them; then there is no more than what is needed to leave out. What is
    stated as a part of the award has its `share` (and `top`, of `high`); `low` is what it comes to.
    With `every` it is each value that the credentials of the catalogue have which may count there.
    """

    measure: Measure
    low: int
    high: int | None = None
    plain: bool = True
    fact: str = ""
    changes: tuple[Change, ...] = ()
    by: str = ""
    only: tuple[str, ...] = ()
    share: Share | None = None
    top: Share | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a named base: the award's total, or the smaller or the receiving award's."""

    part: Fraction
    base: Literal["award", "smaller", "receiving"]

    def least(self, total: int) -> int:
        """Return the part of a total in thousandths, a remainder rounded up: what is demanded."""
        return -(-self.part.numerator * total // self.part.denominator)

    def most(self, total: int) -> int:
        """Return the part of a total in thousandths, a remainder left out: what is allowed."""
        return self.part.numerator * total // self.part.denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """At least or at most `amount` of what `selector` admits among what counts here or below.

    A bound with `over_record` looks at the whole record and is only judged, with `attempts` at
    every attempt on it, whatever came of it; any other at-most bound holds for every allocation.
    """

    id: str
    title: str
    measure: Measure
    amount: int | Share
    selector: Selector = EVERYTHING
    items: Items = "policy"
    over_record: bool = False
    attempts: bool = False
    changes: tuple[Change, ...] = ()
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """Of what `selector` admits, only what `must` admits too may count here.

    With `over_record` all of the whole record must, and it is only judged.
    """

    must: Selector
    id: str = ""
    title: str = ""
    selector: Selector = EVERYTHING
    over_record: bool = False
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """From `low` to `high` distinct values of the fact `by` among what counts here or below.

    With `over_record` the whole record is looked at, and both ends are only judged.
    """

    id: str
    title: str
    by: str
    low: int = 0
    high: int | None = None
    over_record: bool = False
    changes: tuple[Change, ...] = ()
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """The credit-weighted mean of grade points (thousandths) over what `selector` admits.

    Without `low` it is reported and never blocks. `over` says of what: of what is counted here, of
    the countable record, of every graded attempt, or of what is counted and not transferred.
    """

    id: str
    title: str
    low: int | None
    selector: Selector = EVERYTHING
    over: AverageSet = "counted"
    reason: str = ""
    span: SourceSpan = NOWHERE

    @property
    def over_record(self) -> bool:
        """Say whether it looks at the record, whatever counts."""
        return self.over in {"record", "all-attempts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Everything counted here was completed within `length` of the anchor, both ends inside.

    `anchor` is `first-applicable` (the earliest that matches, counted or not), `earliest-used` (the
    earliest counted, so the clock depends on the allocation), or a milestone's name. With
    `over_record` all of the whole record was, and it is only judged.
    """

    length: Span
    anchor: str
    id: str = ""
    title: str = ""
    over_record: bool = False
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """Of the latest `amount` that counts here or below, so much as each floor says.

    It is taken from the latest day back until the amount is reached; what crosses it, in part.
    """

    measure: Measure
    amount: int
    at_least: tuple[Bound, ...]
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Credentials that count only together."""

    credentials: tuple[CredentialId, ...]
    reason: str = ""
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualifiers:
    """What may be said of any requirement beside its quantity, and of an award as a whole.

    `pairs` are those of a nested award, below it; an award says its own beside its requirements.
    """

    at_least: tuple[Bound, ...] = ()
    at_most: tuple[Bound, ...] = ()
    each: tuple[Each, ...] = ()
    distinct: tuple[Distinct, ...] = ()
    averages: tuple[Average, ...] = ()
    windows: tuple[Window, ...] = ()
    last: tuple[Last, ...] = ()
    pairs: tuple[Pair, ...] = ()


NO_QUALIFIERS = Qualifiers()


# Among the requirements that one shares with, or takes from: every other one of the award.
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class SharingLimit:
    """At most `amount` of what counts here may count in `requirements` too."""

    requirements: tuple[str, ...]
    measure: Literal["credits", "choose"]
    amount: int


@dataclass(frozen=True, slots=True)
class Used:
    """The block that a requirement was written with, and what its `use` said, as written."""

    block: str
    said: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every requirement has; `id` is stable, adjustments and stored audits refer to it.

    `shares_with` names leaves and groups in which what counts here may count too, `sharing_limits`
    those in which only so much may. In a rule as it is for one learner, `applies` says why it is
    there where that depends on who it is.
    What counts here was begun no earlier than what counts in the requirements of `after` was
    completed.
    """

    id: str
    title: str
    note: str = ""
    reason: str = ""
    optional: bool = False
    weight: int | None = None
    shares_with: tuple[str, ...] = ()
    sharing_limits: tuple[SharingLimit, ...] = ()
    after: tuple[str, ...] = ()
    qualifiers: Qualifiers = NO_QUALIFIERS
    used: Used | None = field(default=None, hash=False)
    applies: Circumstance | None = None
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Node):
    """Every one of `credentials` is held; of equally good ways, first by what it prefers."""

    credentials: tuple[CredentialId, ...]
    prefer: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class From(Node):
    """`quantity` of what `selector` admits; only of what counts in `counted_in` too, if said.

    Of equally good ways, first what it prefers.
    """

    quantity: Quantity
    selector: Selector
    counted_in: tuple[str, ...] = ()
    prefer: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneStep(Node):
    """A step without credit is recorded."""

    milestone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attest(Node):
    """A person in `role` has confirmed it; until then it is pending."""

    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Node):
    """`need` of `parts` are met; None means all that are not optional.

    At most `most` of them hold anything that counts, at or below them.
    """

    parts: tuple[Requirement, ...] = field(default=())
    need: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Node):
    """`then` for whom the circumstance holds, else `otherwise`; not there where that is None."""

    circumstance: Circumstance
    then: Requirement
    otherwise: Requirement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested(Node):
    """`award` is held, or its own rule is met here; without `edition` by the one of the day.

    A rule is linked before it is compiled: what the award asks for stands in the place of this.
    """

    award: CredentialId
    edition: str = ""


Requirement: TypeAlias = Take | From | MilestoneStep | Attest | Group | When | Nested


def walk(root: Requirement) -> Iterator[Requirement]:
    """Yield `root` and everything below it, parents first, in written order."""
    waiting: list[Requirement] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(parts_of(node)))


def parts_of(node: Requirement) -> tuple[Requirement, ...]:
    """Return the requirements directly below one: the parts of a group, both sides of a `when`."""
    match node:
        case Group():
            return node.parts
        case When():
            return (node.then,) if node.otherwise is None else (node.then, node.otherwise)
        case _:
            return ()
