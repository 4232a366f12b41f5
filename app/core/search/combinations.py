"""The combinations of an award: minimal sets of catalogue credentials that meet its rule.

A set meets the rule if its credentials, each earned on one day with the best grade, do, with every
step without credit done. It is minimal if no set with one less does: what a rule has of caps,
exclusions and sharing is respected, because the rule's own limits say what may count.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import pooled
from app.core.engine.posing import pose
from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.record import Attestation, LearnerRecord, Milestone
from app.core.model.requirement import MilestoneStep
from app.core.search.diagram import Diagram, diagram, within
from app.core.search.layout import lay_out
from app.core.search.numbering import Weigh, Weighed, combination, lightest
from app.core.search.offers import NOBODY, beside, offers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which combinations are wanted: with all of `must`, and nothing that is left out.

    What is `unstated` is left out because it does not state what combinations are `compared` by.
    """

    must: frozenset[CredentialId] = frozenset()
    without: frozenset[CredentialId] = frozenset()
    issuers: frozenset[IssuerId] = frozenset()
    modes: frozenset[str] = frozenset()
    unstated: frozenset[CredentialId] = frozenset()
    compared: str = ""

    def admits(self, credential: Credential) -> bool:
        """Say whether a credential may be in a combination."""
        if credential.id in self.without or credential.id in self.unstated:
            return False
        issued = not self.issuers or credential.issuer in self.issuers
        return issued and (not self.modes or credential.mode in self.modes)


ALL = Filters()


@dataclass(frozen=True, slots=True)
class Combinations:
    """All combinations of an award, none of them listed; `count` is exact or `at least`."""

    award: CompiledAward
    diagram: Diagram
    as_of: date
    filters: Filters = ALL

    @property
    def credentials(self) -> frozenset[CredentialId]:
        """All that is in some of them, and what else the filters admit of what may count."""
        return frozenset([name for group in self.diagram.groups for name in group.names])

    def of_issuers(self, issuers: Container[IssuerId]) -> Combinations:
        """Return those of them that are of these issuers alone."""
        known = self.award.terms.catalogue.credentials
        names = {name for name in self.credentials if known[name].issuer in issuers}
        return replace(self, diagram=within(self.diagram, names))

    @property
    def size(self) -> int:
        """To how much it comes to go through all of them once, in credentials, nodes and edges."""
        ways = sum(1 + len(node.edges) for layer in self.diagram.layers for node in layer)
        return len(self.credentials) + ways

    @property
    def count(self) -> int:
        """How many there are; where it is not exact, there are at least so many."""
        return self.diagram.count

    @property
    def exact(self) -> bool:
        """Say whether none is left out."""
        return self.diagram.exact

    def numbered(self, number: int) -> tuple[CredentialId, ...]:
        """Return one of them, by its number from nought."""
        return combination(self.diagram, number)

    def page(self, first: int, size: int) -> list[tuple[CredentialId, ...]]:
        """Return some of them, in the order of their numbers."""
        return [self.numbered(at) for at in range(first, min(first + size, self.count))]

    def lightest(self, weigh: Weigh, most: int) -> tuple[Weighed, ...]:
        """Return those that weigh least; of equals those with the lowest numbers."""
        return lightest(self.diagram, weigh, most)


def combinations_of(
    award: CompiledAward,
    as_of: date,
    filters: Filters = ALL,
    learner: LearnerRecord = NOBODY,
) -> Combinations:
    """Find the combinations of an award, for a learner of whom no achievement is looked at.

    UncountableError where the rule asks for what depends on more than which credentials there are.
    """
    known = award.terms.catalogue.credentials
    names = sorted(name for name in offers_of(award) if filters.admits(known[name]))
    record = beside(all_done(award, learner, as_of), names, [award], as_of)
    problem = pose(pooled([award], record, as_of), "planned")
    return Combinations(award, diagram(lay_out(award, problem), filters.must), as_of, filters)


def all_done(award: CompiledAward, learner: LearnerRecord, as_of: date) -> LearnerRecord:
    """Return a learner who has achieved nothing, with every step without credit done."""
    milestones = [
        Milestone(name=step.milestone, on=as_of)
        for step in award.steps
        if isinstance(step, MilestoneStep)
    ]
    attestations = [
        Attestation(requirement=step.id, role=step.role, by="", on=as_of)
        for step in award.steps
        if not isinstance(step, MilestoneStep)
    ]
    return replace(
        learner,
        achievements=(),
        adjustments=(),
        milestones=tuple(milestones),
        attestations=tuple(attestations),
    )
