"""The best that a catalogue can give: every credential held once, with the facts that suit best.

What only a learner's achievement states is taken as it serves the rule: a demand admits whatever
may match it, a cap binds only what matches it whatever the learner brings, clocks and orders bind
nothing, every step is done. What cannot be met then cannot be met by any such record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.language.checker_matches import SEVERAL, SINGLE, Matches
from app.core.model.credential import CredentialId
from app.core.model.credits import LARGEST
from app.core.model.record import (
    Achievement,
    AchievementId,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
)
from app.core.model.requirement import (
    Attest,
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    MilestoneStep,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    When,
    walk,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import OneOf, Selector

# Facts by which values are counted and that the catalogue alone states.
# More than so many achievements of one record are not audited in a check.
MOST_HELD = 400
STATED = frozenset({*SEVERAL, *SINGLE, "level", "credential"})


@dataclass(frozen=True)
class Relaxed:
    """A rule in the terms of its catalogue alone."""

    rule: RuleEdition
    matches: Matches

    def edition(self) -> RuleEdition:
        """Return the rule with what only learners state taken as it serves best."""
        return replace(
            self.rule,
            root=self._node(self.rule.root),
            whole=self._said(self.rule.whole, alone=False),
            sharing=None,
            on_award=(),
            admission=None,
            gates=(),
        )

    def _node(self, written: Requirement) -> Requirement:
        node = _sharing(written)
        said = self._said(node.qualifiers, alone=isinstance(node, Take | From))
        match node:
            case From():
                return replace(
                    node,
                    selector=self._may(node.selector),
                    quantity=self._least(node.quantity),
                    qualifiers=said,
                )
            case Group():
                return replace(node, parts=tuple(map(self._node, node.parts)), qualifiers=said)
            case When():
                return self._either(node)
            case Take():
                return replace(node, qualifiers=said)
            case MilestoneStep() | Attest():
                return node

    def _either(self, node: When) -> Group:
        """Whichever side suits; nothing, where the requirement may not be there."""
        nothing = Group(id=f"{node.id} ", title="")
        sides = map(self._node, (node.then, node.otherwise or nothing))
        return Group(
            id=node.id, title=node.title, parts=tuple(sides), need=1, optional=node.optional
        )

    def _said(self, said: Qualifiers, *, alone: bool) -> Qualifiers:
        return Qualifiers(
            at_least=tuple([self._floor(one) for one in said.at_least if not one.changes]),
            at_most=tuple([one for cap in said.at_most for one in self._cap(cap, alone=alone)]),
            each=tuple([self._each(one) for one in said.each]),
            distinct=tuple([one for each in said.distinct for one in self._distinct(each)]),
            averages=tuple([self._average(one) for one in said.averages]),
        )

    def _floor(self, floor: Bound) -> Bound:
        return replace(floor, selector=self._may(floor.selector))

    def _cap(self, cap: Bound, *, alone: bool) -> Iterator[Bound]:
        """Where a cap trims, the days of what is held say which requirement loses credit."""
        policy = self.matches.policies.get("caps") if cap.items == "policy" else cap.items
        bound = not (cap.over_record or cap.changes)
        if bound and (alone or cap.measure == "choose" or policy != "trim"):
            yield replace(cap, selector=self._surely(cap.selector))

    def _each(self, each: Each) -> Each:
        return replace(each, selector=self._surely(each.selector), must=self._may(each.must))

    def _distinct(self, distinct: Distinct) -> Iterator[Distinct]:
        if self._stated(distinct.by) and not distinct.changes:
            yield distinct

    def _least(self, quantity: Quantity) -> Quantity:
        """What depends on the learner may ask for nothing, and let all count."""
        values = not quantity.by or self._stated(quantity.by)
        if values and not (quantity.fact or quantity.changes):
            return quantity
        return Quantity(quantity.measure, 0, plain=False)

    def _stated(self, by: str) -> bool:
        """Values that a learner's achievements may state themselves are as many as are needed."""
        credentials = self.matches.catalogue.credentials.values()
        return by in STATED or all(by in one.attributes for one in credentials)

    def _average(self, average: Average) -> Average:
        return replace(average, selector=self._may(average.selector))

    def _may(self, selector: Selector) -> Selector:
        return _exactly(self.matches.of(selector))

    def _surely(self, selector: Selector) -> Selector:
        # What brings as much credit as the record says is under no cap that counts it.
        return _exactly(
            name for name in self.matches.surely(selector) if self.matches.credits(name)
        )


def _sharing(node: Requirement) -> Requirement:
    """What may be shared in part is shared freely: how much it brings is the learner's."""
    if not node.sharing_limits:
        return node
    others = (name for limit in node.sharing_limits for name in limit.requirements)
    return replace(node, shares_with=(*node.shares_with, *others), sharing_limits=())


@dataclass(frozen=True, slots=True)
class Best:
    """A rule in the terms of its catalogue, and the record that serves it best.

    Where it is not `complete`, the catalogue has more than one record is audited with.
    """

    award: CompiledAward
    record: LearnerRecord
    complete: bool


def best_of(rule: RuleEdition, matches: Matches) -> Best:
    """Return the best that the catalogue can give; AuditError where the rule cannot be audited."""
    edition = Relaxed(rule, matches).edition()
    names, complete = _useful(edition, matches)
    catalogue = matches.catalogue
    known = {name: catalogue.credentials[name] for name in names}
    award = compile_rule(edition, replace(catalogue, credentials=known), matches.policies)
    scale = award.terms.scale
    graded = [one for one in scale.grades.values() if one.points is not None] if scale else []
    grade = max(graded, key=lambda one: one.points or 0).symbol if graded else ""
    day = rule.effective.start
    steps = tuple(walk(rule.root))
    record = LearnerRecord(
        learner=LearnerId("best"),
        achievements=tuple([_held(one, rule, matches, grade) for one in names]),
        milestones=tuple(
            [
                Milestone(name=one.milestone, on=day)
                for one in steps
                if isinstance(one, MilestoneStep)
            ]
        ),
        attestations=tuple(
            [
                Attestation(requirement=one.id, role=one.role, by="", on=day)
                for one in steps
                if isinstance(one, Attest)
            ]
        ),
    )
    return Best(award, record, complete)


def _useful(edition: RuleEdition, matches: Matches) -> tuple[list[CredentialId], bool]:
    """The credentials that any leaf may take; of very many, the largest for each leaf."""
    supplies = [
        matches.of_leaf(node) for node in walk(edition.root) if isinstance(node, Take | From)
    ]
    every = frozenset().union(*supplies, *_over_record(edition, matches))
    if len(every) <= MOST_HELD:
        return sorted(every), True
    share = max(1, MOST_HELD // len(supplies))

    def size(name: CredentialId) -> tuple[int, str]:
        return -(matches.credits(name) or LARGEST), name

    chosen = {name for own in supplies for name in sorted(own, key=size)[:share]}
    return sorted(chosen), False


def _over_record(edition: RuleEdition, matches: Matches) -> Iterator[frozenset[CredentialId]]:
    """What floors over the whole record look at, whether it counts or not."""
    for said in (edition.whole, *(node.qualifiers for node in walk(edition.root))):
        yield from (matches.of(one.selector) for one in said.at_least if one.over_record)


def _held(name: CredentialId, rule: RuleEdition, matches: Matches, grade: str) -> Achievement:
    """A credential without credits of its own brings as much as the award could ask for."""
    stated = bool(matches.credits(name))
    return Achievement(
        id=AchievementId(name),
        credential=name,
        grade=grade,
        earned=rule.effective.start,
        credits=None if stated else rule.total,
        unit="" if stated else rule.unit,
    )


def _exactly(names: Iterable[CredentialId]) -> Selector:
    return Selector((OneOf("credential", tuple(sorted(names)), exactly=True),))
