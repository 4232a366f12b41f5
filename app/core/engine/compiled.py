"""What a rule becomes once per edition: flat tables that an audit only looks things up in.

Sets of slots are integer bit masks over the award's slots; selectors are numbered and kept once.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from app.core.engine.ahead import CredentialPlan, Tests, plan
from app.core.engine.bind import Question
from app.core.engine.listing import Admitted, Listing, listing_of
from app.core.engine.selectors import Judge, Terms
from app.core.model.credential import Credential, CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import Achievement
from app.core.model.requirement import (
    Attest,
    Each,
    From,
    Group,
    Measure,
    MilestoneStep,
    Pair,
    Take,
    Window,
)
from app.core.model.rule import Exclusion, RuleEdition
from app.core.model.selector import Selector

ConditionKind = Literal["floor", "ceiling", "breadth", "average", "each", "window", "latest"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a leaf; `demand` and `high` in its measure, `weight` is progress a unit.

    With `by` it reaches as many as there are different values, those of `only` alone if given.
    """

    leaf: int
    measure: Measure
    demand: int
    high: int | None
    minimal: bool
    weight: int
    credential: CredentialId | None = None
    by: str = ""
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A requirement that achievements count toward, its slots, and the selectors it prefers."""

    node: Take | From
    slots: tuple[int, ...]
    mask: int
    measure: Measure
    demand: int
    of: int
    conditions: tuple[int, ...] = ()
    prefer: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `amount` of what selector `selector` admits, in the slots of `mask`."""

    id: str
    title: str
    mask: int
    selector: int
    measure: Measure
    amount: int
    trim: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most `high` distinct values of `by` in the slots of `mask`."""

    id: str
    title: str
    mask: int
    by: str
    high: int
    reason: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of what counts in the slots of `mask`; a mean without `amount` is reported.

    Over the whole record a breadth has its `high` end, too; an `each` the number of what `must` be
    admitted; a mean or an amount may be of all `attempts`. A floor may be on the `latest` alone.
    """

    id: str
    title: str
    kind: ConditionKind
    mask: int
    selector: int
    measure: Measure
    amount: int | None
    over_record: bool
    reason: str
    by: str = ""
    high: int | None = None
    must: int = 0
    window: Window | None = None
    attempts: bool = False
    latest: int = 0
    latest_by: Measure = "credits"


@dataclass(frozen=True, slots=True)
class ChoicePlan:
    """Of the parts of a group, each with the slots below it, at most `most` hold anything.

    Parts in which nothing could stand are left out; `titles` are those of the others.
    """

    group: Group
    titles: tuple[str, ...]
    parts: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True)
class EachPlan:
    """In the slots of `mask`, what `selector` admits counts only if `must` admits it."""

    mask: int
    selector: int
    must: int
    each: Each


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """A window over the slots of `mask`."""

    mask: int
    window: Window


@dataclass(frozen=True, slots=True)
class PairPlan:
    """Credentials that count only together in each leaf among the slots of `mask`."""

    mask: int
    pair: Pair


@dataclass(frozen=True, slots=True)
class Overlap:
    """At most `amount` of what counts in the slots of `mask` counts in those of `others` too."""

    mask: int
    others: int
    measure: Literal["credits", "choose"]
    amount: int


@dataclass(frozen=True, slots=True)
class View:
    """In the slots of `mask` counts only what counts in those of `homes` too."""

    mask: int
    homes: int


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """What counts in the slots of `mask` comes after what counts in those of `first`.

    It comes after those of `milestones` that are recorded, too; a `step`, named by itself, has to
    be. `title` is that of the requirement that comes first.
    """

    title: str
    mask: int
    first: int
    milestones: tuple[str, ...]
    step: bool


@dataclass(frozen=True, slots=True)
class LeafBranch:
    """A leaf in the tree."""

    leaf: int
    of: int
    optional: bool


@dataclass(frozen=True, slots=True)
class StepBranch:
    """A step without credit in the tree."""

    node: MilestoneStep | Attest
    of: int
    optional: bool


@dataclass(frozen=True, slots=True)
class GroupBranch:
    """A group in the tree; with `need`, each part brings at most `share` of progress."""

    node: Group
    need: int | None
    parts: tuple[Branch, ...]
    of: int
    share: int
    conditions: tuple[int, ...]
    optional: bool


Branch: TypeAlias = LeafBranch | StepBranch | GroupBranch
Stated: TypeAlias = tuple[str, ...] | None
"""What achievements state of what selectors ask; None where none is seen."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledAward:
    """One edition, ready to audit; `plans` fills itself as credentials are first met.

    `asked` is what selectors look at that achievements may state of their credentials; `plans` are
    by what of this they state, under None for those that nobody has seen yet.
    `partners` holds for each slot the slots in which the same achievement may stand as well;
    `joinable` leaves whose progress is summed as it is, and of which no two share; `unlike` the
    first of all slots that bar the same.
    `base` is the award as compiled where this one is for a single record: `own` is then what that
    record says of credentials, and is planned apart.
    """

    rule: RuleEdition
    terms: Terms
    policies: Mapping[str, str]
    slots: tuple[Slot, ...]
    leaves: tuple[Leaf, ...]
    root: Branch
    conditions: tuple[Condition, ...]
    whole: tuple[int, ...]
    joinable: frozenset[int]
    caps: tuple[Cap, ...]
    ceilings: tuple[Ceiling, ...]
    choices: tuple[ChoicePlan, ...]
    eaches: tuple[EachPlan, ...]
    windows: tuple[WindowPlan, ...]
    orders: tuple[OrderPlan, ...]
    excludes: tuple[Exclusion, ...]
    pairs: tuple[PairPlan, ...]
    partners: tuple[int, ...]
    overlaps: tuple[Overlap, ...]
    views: tuple[View, ...]
    steps: tuple[MilestoneStep | Attest, ...]
    tests: Tests
    slot_selectors: tuple[int, ...]
    asked: tuple[str, ...]
    unlike: tuple[int, ...]
    admission: CompiledAward | None = None
    gates: tuple[CompiledAward, ...] = ()
    questions: tuple[Question, ...] = ()
    facts: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    bound: dict[Hashable, CompiledAward] = field(default_factory=dict)
    plans: dict[Stated, dict[CredentialId, CredentialPlan]] = field(default_factory=dict)
    fillers: dict[int, int] = field(default_factory=dict)
    base: CompiledAward | None = None
    own: Mapping[CredentialId, Credential] = field(default_factory=dict)

    def beside(self, described: Sequence[Credential]) -> CompiledAward:
        """Return the award for one record that describes credentials; the catalogue's go before.

        Whatever these are equivalent to is planned apart too, since it is then equivalent to them.
        """
        known = self.terms.catalogue.credentials
        own = {one.id: one for one in described if one.id not in known}
        if not own:
            return self
        near = {other for one in own.values() for other in one.equivalents}
        also = {name: known[name] for name in near if name in known}
        return replace(
            self,
            terms=replace(self.terms, equivalents=_widened(self.terms.equivalents, own)),
            plans={},
            fillers={} if also else self.fillers,
            base=self,
            own={**also, **own},
        )

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """The selectors by their numbers."""
        return self.tests.selectors

    @property
    def listing(self) -> Listing:
        """The catalogue in one order, as all awards on the same terms see it."""
        return listing_of((self.base or self).terms)

    def admitted(self, selector: int, *, stated: bool) -> Admitted:
        """Return what a selector admits of the listing, where a record's own are its equivalents.

        An attribute that one does not state is for achievements to state, unless all is `stated`.
        """
        asked, listing = self.selectors[selector], self.listing
        found = listing.admitted(asked, stated=stated)
        for name in self.own.keys() & listing.place.keys():
            verdict = may_admit(asked, self.own[name], self.terms, stated=stated)
            found = found.but(1 << listing.place[name], verdict)
        return found

    def credential(self, name: CredentialId) -> Credential | None:
        """Return a credential of the catalogue, or else of the record, or None."""
        return self.terms.catalogue.credentials.get(name) or self.own.get(name)

    def plan(self, name: CredentialId, stated: Stated = None) -> CredentialPlan | None:
        """Return the plan of a credential, or None where nobody describes it."""
        plans = self.plans_of(stated)
        found = plans.get(name)
        if found is None:
            if self.base is not None and name not in self.own:
                return self.base.plan(name, stated)
            credential = self.credential(name)
            if credential is None:
                return None
            # Threads may race here; both write the same value.
            listing = None if name in self.own else self.listing
            found = plans[name] = plan(credential, self.tests, self.terms, stated, listing)
        return found

    def plans_of(self, stated: Stated) -> dict[CredentialId, CredentialPlan]:
        """Return the plans so far for achievements that state this much."""
        found = self.plans.get(stated)
        return self.plans.setdefault(stated, {}) if found is None else found

    def stated(self, achievement: Achievement) -> tuple[str, ...]:
        """Return what an achievement states of what the selectors ask."""
        attributes = achievement.attributes
        if achievement.credits is None:
            return tuple([name for name in self.asked if name in attributes])
        return tuple([name for name in self.asked if name in attributes or name == "credit"])


def chooses(group: GroupBranch) -> bool:
    """Say whether a group is a choice: fewer than all its parts are asked for, or may be used."""
    return group.need is not None or group.node.most is not None


def slots_of(award: CompiledAward, branch: Branch) -> int:
    """Return the award's slots at or below a branch."""
    if isinstance(branch, LeafBranch):
        return award.leaves[branch.leaf].mask
    if isinstance(branch, GroupBranch):
        found = 0
        for part in branch.parts:
            found |= slots_of(award, part)
        return found
    return 0


def _widened(
    equivalents: Mapping[CredentialId, frozenset[CredentialId]],
    described: Mapping[CredentialId, Credential],
) -> Mapping[CredentialId, frozenset[CredentialId]]:
    found = dict(equivalents)
    for name, one in described.items():
        for other in one.equivalents:
            found[name] = found.get(name, frozenset()) | {other}
            found[other] = found.get(other, frozenset()) | {name}
    return found


def may_admit(
    selector: Selector, credential: Credential, terms: Terms, *, stated: bool = False
) -> bool | None:
    """Judge a selector on a credential alone; a unit that nothing converts leaves it undecided.

    An attribute that it does not state is for achievements to state, unless it is `stated` whole.
    """
    try:
        return Judge(credential, None, terms, stated=frozenset() if stated else None).all_of(
            selector
        )
    except AuditError:
        return None
