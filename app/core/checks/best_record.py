"""The best that a catalogue can give: every credential held once, with the facts that suit best.

What only a learner's achievement states is taken as it serves the rule: a demand admits whatever
may match it, a cap binds only what matches it whatever the learner brings, clocks, orders and what
is latest bind nothing, every step is done. What the record may not hold is not held. What cannot be
met then cannot be met by any such record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.language.checker_matches import SEVERAL, SINGLE, Matches
from app.core.language.checker_places import trims
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
    Nested,
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
            whole=self._said(self.rule.whole),
            sharing=None,
            on_award=(),
            admission=None,
            gates=(),
        )

    def _node(self, written: Requirement) -> Requirement:
        node = replace(_sharing(written), after=())
        said = self._said(node.qualifiers)
        match node:
            case From():
                return replace(
                    node,
                    selector=self._may(node.selector),
                    quantity=self._least(node),
                    qualifiers=said,
                )
            case Group():
                own = replace(node, parts=tuple(map(self._node, node.parts)), qualifiers=said)
                return _perhaps(own) if _may_be_gone(written) else own
            case When():
                return self._either(node)
            case Take():
                return replace(node, qualifiers=said)
            case MilestoneStep() | Attest() | Nested():
                return node

    def _either(self, node: When) -> Group:
        """Whichever side suits; nothing, where the requirement may not be there."""
        sides = (self._node(node.then), self._node(node.otherwise or _nothing(node)))
        return Group(id=node.id, title=node.title, parts=sides, need=1, optional=node.optional)

    def _said(self, said: Qualifiers) -> Qualifiers:
        # There is no end to how often something can be attempted.
        floors = [self._floor(one) for one in said.at_least if not (one.changes or one.attempts)]
        return Qualifiers(
            at_least=(*floors, *self._spared(said)),
            at_most=tuple([one for cap in said.at_most for one in self._cap(cap)]),
            each=tuple([self._each(one) for one in said.each if not one.over_record]),
            distinct=tuple([one for each in said.distinct for one in self._distinct(each)]),
            averages=tuple([self._average(one) for one in said.averages]),
            pairs=said.pairs,
        )

    def _floor(self, floor: Bound) -> Bound:
        return replace(floor, selector=self._may(floor.selector))

    def _spared(self, said: Qualifiers) -> Iterator[Bound]:
        """What may need more than the quantities below it lets them count more, still."""
        gone = [floor.id for last in said.last for floor in last.at_least]
        gone += [one.id for one in said.at_least if one.changes]
        gone += [one.id for one in said.at_most if trims(one, self.matches.policies)]
        gone += [one.id for one in said.distinct if not any(self._distinct(one))]
        for name in gone[:1]:
            yield Bound(id=name, title="", measure="choose", amount=0)

    def _cap(self, cap: Bound) -> Iterator[Bound]:
        """Where a cap trims, the days of what is held say what loses credit, and what counts."""
        in_full = cap.measure == "choose" or not self.trimming
        if in_full and not (cap.over_record or cap.changes):
            yield replace(cap, selector=self._surely(cap.selector))

    @cached_property
    def trimming(self) -> bool:
        """Say whether something may count in part, so that more of it fits under a cap."""
        several = (self.rule.whole, *(node.qualifiers for node in walk(self.rule.root)))
        return any(trims(cap, self.matches.policies) for said in several for cap in said.at_most)

    def _each(self, each: Each) -> Each:
        return replace(each, selector=self._surely(each.selector), must=self._may(each.must))

    def _distinct(self, distinct: Distinct) -> Iterator[Distinct]:
        if self._stated(distinct.by) and not distinct.changes:
            # Over the record an upper end is for the learner to keep to.
            yield replace(distinct, high=None) if distinct.over_record else distinct

    def _least(self, node: From) -> Quantity:
        """What depends on the learner may ask for nothing, and let all count."""
        quantity = node.quantity
        values = not quantity.by or self._stated(quantity.by)
        if not values or quantity.fact or quantity.changes:
            return Quantity(quantity.measure, 0, plain=False)
        supply = self.matches.of_leaf(node)
        if quantity.measure == "credits" and not all(map(self.matches.credits, supply)):
            # What brings as much as the record says may stay below a top, and leave room for more.
            return replace(quantity, high=None, plain=False)
        return quantity

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


def _may_be_gone(node: Requirement) -> bool:
    """Say whether it is not there for some learners, and nothing asked for in its place."""
    match node:
        case When():
            sides = (node.then, node.otherwise)
            return any(side is None or _may_be_gone(side) for side in sides)
        case Group(need=None):
            needed = [part for part in node.parts if not part.optional]
            return any(map(_may_be_gone, node.parts)) and all(map(_may_be_gone, needed))
        case _:
            return False


def _perhaps(group: Group) -> Group:
    """What is said of a group is asked of nobody for whom the group is not there."""
    return Group(
        id=group.id,
        title=group.title,
        parts=(replace(group, optional=False), _nothing(group)),
        need=1,
        optional=group.optional,
    )


def _nothing(node: Requirement) -> Group:
    return Group(id=f"{node.id} ", title="")


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
    """What conditions over the whole record look at, whether it counts or not."""
    for said in (edition.whole, *(node.qualifiers for node in walk(edition.root))):
        looks: tuple[Bound | Average, ...] = (*said.at_least, *said.averages)
        yield from (matches.of(one.selector) for one in looks if one.over_record)
        if any(one.over_record for one in said.distinct):
            yield frozenset(matches.catalogue.credentials)


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
