"""A rule edition and a catalogue to flat tables, once per edition."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from app.core.engine.ahead import Tests, asked_of
from app.core.engine.bind import facts_of, owns_of, questions_of, widest
from app.core.engine.choosing import choices
from app.core.engine.compiled import (
    Branch,
    Cap,
    Ceiling,
    CompiledAward,
    Condition,
    EachPlan,
    GroupBranch,
    Leaf,
    LeafBranch,
    OrderPlan,
    PairPlan,
    Slot,
    StepBranch,
    WindowPlan,
    chooses,
)
from app.core.engine.judged import latest, mean_condition, over_record
from app.core.engine.listing import listing_of
from app.core.engine.order import plans
from app.core.engine.selectors import Terms, amount_of, equivalents_of
from app.core.engine.sharing import Sharing, apart
from app.core.engine.taught import with_outcomes
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.credits import SCALE
from app.core.model.errors import AuditError, InvariantError
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Attest,
    Bound,
    Distinct,
    From,
    Group,
    MilestoneStep,
    Nested,
    Qualifiers,
    Requirement,
    Share,
    Take,
    When,
    walk,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import EVERYTHING, OneOf, Selector

Known = TypeVar("Known")


def compile_rule(
    rule: RuleEdition, catalogue: Catalogue, policies: Mapping[str, str]
) -> CompiledAward:
    """Return `rule` ready to audit; its own policies override `policies` of the institution.

    AuditError `policy-missing` names an option that the rule depends on and that nobody states.
    """
    applied = {**policies, **rule.policies}
    award = _compiled(rule, catalogue, applied)
    admission = None
    if rule.admission is not None:
        admission = _apart(rule, rule.admission, catalogue, applied)
    gates = tuple(_apart(rule, gate.require, catalogue, applied) for gate in rule.gates)
    return replace(award, admission=admission, gates=gates)


def _apart(
    rule: RuleEdition, root: Requirement, catalogue: Catalogue, applied: Mapping[str, str]
) -> CompiledAward:
    """Admission and gates are rules of their own over the same record."""
    alone = replace(
        rule,
        root=root,
        whole=NO_QUALIFIERS,
        sharing=None,
        excludes=(),
        pairs=(),
        admission=None,
        gates=(),
    )
    return _compiled(alone, catalogue, applied)


def _compiled(rule: RuleEdition, catalogue: Catalogue, applied: Mapping[str, str]) -> CompiledAward:
    """Compile a rule with all that is there for anybody; what it depends on is named."""
    terms = _terms(rule, catalogue, applied)
    rule = with_outcomes(rule, terms)
    award = _Compiler(widest(rule), terms, applied).award()
    return replace(
        award, rule=rule, questions=questions_of(rule), facts=facts_of(rule), owns=owns_of(rule)
    )


def compile_bound(award: CompiledAward, rule: RuleEdition) -> CompiledAward:
    """Return a rule that depends on nothing any more, by the terms of the award it comes from."""
    return _Compiler(rule, award.terms, award.policies).award()


def _terms(rule: RuleEdition, catalogue: Catalogue, applied: Mapping[str, str]) -> Terms:
    return Terms(
        catalogue=catalogue,
        unit=rule.unit,
        level_reading=applied.get("level", ""),
        scale=_named(catalogue.scales, applied.get("grade_scale"), "grade_scale"),
        conversion=_named(catalogue.conversions, applied.get("conversion"), "conversion"),
        equivalents=equivalents_of(catalogue),
    )


def _named(known: Mapping[str, Known], name: str | None, policy: str) -> Known | None:
    if name is None:
        return None
    if name not in known:
        sentence = f"the policy `{policy}` names `{name}`; the catalogue defines "
        raise AuditError("policy-unknown", sentence + (", ".join(sorted(known)) or "none"))
    return known[name]


class _Compiler:
    """Tables under construction for one rule."""

    def __init__(self, rule: RuleEdition, terms: Terms, policies: Mapping[str, str]) -> None:
        self.rule = rule
        self.terms = terms
        self.policies = policies
        self.selectors: dict[Selector, int] = {}
        self.slots: list[Slot] = []
        self.slot_selectors: list[int] = []
        self.leaves: list[Leaf] = []
        self.conditions: list[Condition] = []
        self.caps: list[Cap] = []
        self.ceilings: list[Ceiling] = []
        self.eaches: list[EachPlan] = []
        self.windows: list[WindowPlan] = []
        self.pairs: list[PairPlan] = []
        self.masks: dict[str, int] = {}

    def award(self) -> CompiledAward:
        root = self.branch(self.rule.root)
        every = (1 << len(self.slots)) - 1
        whole = self.qualify(self.rule.whole, every)
        self.pairs.extend(PairPlan(every, one) for one in self.rule.pairs)
        sharing = Sharing(self.rule.root, self.leaves)
        partners, orders = sharing.partners(), tuple(plans(self.rule.root, self.masks))
        return CompiledAward(
            rule=self.rule,
            terms=self.terms,
            policies=self.policies,
            slots=tuple(
                replace(one, minimal=self.minimal(at)) for at, one in enumerate(self.slots)
            ),
            leaves=tuple(self.leaves),
            root=root,
            conditions=tuple(self.conditions),
            whole=whole,
            joinable=apart(self.adding_up(_required(root)), partners),
            caps=tuple(self.caps),
            ceilings=tuple(self.ceilings),
            choices=tuple(choices(self.rule.root, self.masks)),
            eaches=tuple(self.eaches),
            windows=tuple(self.windows),
            orders=orders,
            excludes=self.rule.excludes,
            pairs=tuple(self.pairs),
            partners=tuple(sharing.mask(partners[slot.leaf]) for slot in self.slots),
            overlaps=tuple(sharing.overlaps()),
            views=tuple(sharing.views()),
            steps=tuple(
                node for node in walk(self.rule.root) if isinstance(node, MilestoneStep | Attest)
            ),
            tests=Tests.of_all(self.selectors),
            slot_selectors=tuple(self.slot_selectors),
            asked=asked_of(self.selectors),
            unlike=tuple(self.unlike(orders)),
        )

    def adding_up(self, leaves: Iterable[int]) -> Iterator[int]:
        """Leaves that every achievement brings its own progress, whatever else counts there."""
        return (at for at in leaves if not any(self.slots[p].by for p in self.leaves[at].slots))

    def unlike(self, orders: Sequence[OrderPlan]) -> Iterable[int]:
        """The first slots of those that ask the same and are under the same limits."""
        masks = [each.mask for each in self.eaches] + [plan.mask for plan in self.windows]
        masks += [plan.mask for plan in orders]
        first: dict[Hashable, int] = {}
        for place, (slot, selector) in enumerate(zip(self.slots, self.slot_selectors, strict=True)):
            under = tuple([mask >> place & 1 for mask in masks])
            first.setdefault((slot.credential, selector, under), place)
        return first.values()

    def number(self, selector: Selector) -> int:
        return self.selectors.setdefault(selector, len(self.selectors))

    def branch(self, node: Requirement) -> Branch:
        first = len(self.slots)
        branch = self.built(node, first)
        self.masks[node.id] = (1 << len(self.slots)) - (1 << first)
        return branch

    def built(self, node: Requirement, first: int) -> Branch:
        match node:
            case Take() | From():
                leaf = self.take(node) if isinstance(node, Take) else self.count(node)
                conditions = self.qualify(node.qualifiers, leaf.mask)
                prefer = tuple(map(self.number, node.prefer))
                self.leaves.append(replace(leaf, conditions=conditions, prefer=prefer))
                return LeafBranch(len(self.leaves) - 1, leaf.of, node.optional)
            case MilestoneStep() | Attest():
                return StepBranch(node, node.weight or 0, node.optional)
            case Group():
                parts = tuple(self.branch(part) for part in node.parts)
                mask = (1 << len(self.slots)) - (1 << first)
                conditions = self.qualify(node.qualifiers, mask)
                of, share = _demand(node.need, parts)
                return GroupBranch(node, node.need, parts, of, share, conditions, node.optional)
            case When():
                msg = f"{node.span}: a rule is compiled for somebody, without circumstances"
                raise InvariantError(msg)
            case Nested():
                msg = f"{node.span}: `{node.award}` is linked before a rule is compiled"
                raise InvariantError(msg)

    def take(self, node: Take) -> Leaf:
        first = len(self.slots)
        for name in node.credentials:
            weight = node.weight if node.weight is not None else self.credits_of(name)
            selector = self.number(Selector((OneOf("credential", (name,)),)))
            self.slots.append(Slot(len(self.leaves), "choose", 1, 1, True, weight, name))  # noqa: FBT003
            self.slot_selectors.append(selector)
        places = range(first, len(self.slots))
        return Leaf(
            node=node,
            slots=tuple(places),
            mask=(1 << len(self.slots)) - (1 << first),
            measure="choose",
            demand=len(places),
            of=sum(self.slots[place].weight for place in places),
        )

    def count(self, node: From) -> Leaf:
        place, quantity = len(self.slots), node.quantity
        weight = 1 if quantity.measure == "credits" else self.weight(node)
        # A plain number of credentials has its own number as top; of credits, none may be spare.
        plain_number = quantity.plain and quantity.measure == "choose" and not quantity.by
        self.slots.append(
            Slot(
                leaf=len(self.leaves),
                measure=quantity.measure,
                demand=quantity.low,
                high=quantity.low if plain_number else quantity.high,
                minimal=quantity.plain and quantity.measure == "credits",
                weight=weight,
                by=quantity.by,
                only=quantity.only,
            )
        )
        self.slot_selectors.append(self.number(node.selector))
        return Leaf(
            node, (place,), 1 << place, quantity.measure, quantity.low, quantity.low * weight
        )

    def weight(self, node: From) -> int:
        """Return the stated weight of one, else the commonest credits among what may count."""
        if node.weight is not None:
            return node.weight
        listing = listing_of(self.terms)
        return listing.commonest(listing.admitted(node.selector, stated=False).may)

    def credits_of(self, name: CredentialId) -> int:
        credential = self.terms.catalogue.credentials.get(name)
        if credential is None:
            return SCALE
        try:
            return amount_of(None, credential, self.terms)
        except AuditError:
            # Only what a learner brings must convert; a catalogue may list more.
            return SCALE

    def qualify(self, said: Qualifiers, mask: int) -> tuple[int, ...]:
        """File what is said of the slots in `mask`; return the conditions among it."""
        first = len(self.conditions)
        for bound in said.at_least:
            self.conditions.append(self.judged(bound, mask, low=True))
        for bound in said.at_most:
            if bound.over_record:
                self.conditions.append(self.judged(bound, mask, low=False))
            else:
                self.caps.append(self.cap(bound, mask))
        for distinct in (one for one in said.distinct if not one.over_record):
            if distinct.low:
                self.conditions.append(self.breadth(distinct, mask))
            if distinct.high is not None:
                self.ceilings.append(self.ceiling(distinct, mask, distinct.high))
        for mean in said.averages:
            self.needs("grade_scale", known=self.terms.scale is not None)
            self.conditions.append(mean_condition(mean, mask, self.number))
        for each in (one for one in said.each if not one.over_record):
            selector, must = self.number(each.selector), self.number(each.must)
            self.eaches.append(EachPlan(mask, selector, must, each))
        self.windows.extend(WindowPlan(mask, one) for one in said.windows if not one.over_record)
        self.pairs.extend(PairPlan(mask, one) for one in said.pairs)
        self.conditions.extend(over_record(said, mask, self.number))
        self.conditions.extend(latest(said, mask, self.number, self.amount))
        return tuple(range(first, len(self.conditions)))

    def breadth(self, distinct: Distinct, mask: int) -> Condition:
        return Condition(
            id=distinct.id,
            title=distinct.title,
            kind="breadth",
            mask=mask,
            selector=self.number(EVERYTHING),
            measure="choose",
            amount=distinct.low,
            over_record=False,
            reason=distinct.reason,
            by=distinct.by,
        )

    def ceiling(self, distinct: Distinct, mask: int, high: int) -> Ceiling:
        return Ceiling(distinct.id, distinct.title, mask, distinct.by, high, distinct.reason)

    def judged(self, bound: Bound, mask: int, *, low: bool) -> Condition:
        return Condition(
            bound.id,
            bound.title,
            "floor" if low else "ceiling",
            mask,
            self.number(bound.selector),
            bound.measure,
            self.amount(bound, up=low),
            bound.over_record,
            bound.reason,
            attempts=bound.attempts,
        )

    def cap(self, bound: Bound, mask: int) -> Cap:
        items = bound.items
        if items == "policy":
            self.needs("caps", known=bound.measure == "choose" or "caps" in self.policies)
            items = "trim" if self.policies.get("caps") == "trim" else "whole"
        trim = items == "trim" and bound.measure == "credits"
        amount = self.amount(bound, up=False)
        number = self.number(bound.selector)
        return Cap(bound.id, bound.title, mask, number, bound.measure, amount, trim, bound.reason)

    def needs(self, policy: str, *, known: bool) -> None:
        if not known:
            sentence = f"`{self.rule.award}` depends on the policy `{policy}` and nobody states it"
            raise AuditError(
                "policy-missing",
                f"{sentence}: state it in the rule or in its institution's policies",
            )

    def amount(self, bound: Bound, *, up: bool) -> int:
        if not isinstance(bound.amount, Share):
            return bound.amount
        if bound.amount.base != "award":
            msg = f"{bound.span}: a share of `{bound.amount.base}` outside `sharing`"
            raise InvariantError(msg)
        total = self.rule.total
        return bound.amount.least(total) if up else bound.amount.most(total)

    def minimal(self, place: int) -> bool:
        """Say whether a slot counts no more than it needs: nothing else may need the surplus."""
        wanting = [cap.mask for cap in self.caps if cap.trim]
        wanting += [
            one.mask
            for one in self.conditions
            if one.kind in {"floor", "breadth", "latest"} and not one.over_record
        ]
        return self.slots[place].minimal and not any(mask >> place & 1 for mask in wanting)


def _demand(need: int | None, parts: Sequence[Branch]) -> tuple[int, int]:
    """Return a group's demand, and the share that each part of a `some` may bring."""
    if need is None:
        return sum(part.of for part in parts if not part.optional), 0
    least = sorted(part.of for part in parts if part.of)[:need]
    share = sum(least) // len(least) if least else 0
    return share * need, share


def _required(branch: Branch) -> frozenset[int]:
    """Return the leaves whose progress is summed as it is: those outside any choice."""
    if isinstance(branch, LeafBranch):
        return frozenset({branch.leaf})
    if isinstance(branch, StepBranch) or chooses(branch):
        return frozenset()
    return frozenset().union(*(_required(part) for part in branch.parts if not part.optional))
