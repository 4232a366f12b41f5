"""The answers beside the rule: admission, gates and what conferring does to other awards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.core.model.audit import State
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.record import Attestation, LearnerRecord
from app.core.model.requirement import NO_QUALIFIERS, Attest, Requirement, walk
from app.core.model.rule import RuleEdition
from tests.oracle.brute_force import best, sheets_of
from tests.oracle.sheet import Sheet

DONE = {"supersede": "superseded", "surrender": "surrendered", "keep": "kept", "open": "opened"}


@dataclass(frozen=True, slots=True)
class Beside:
    """How admission and the gates of an award stand, and what is told of other awards."""

    admission: State | None
    gates: tuple[State, ...]
    effects: tuple[tuple[CredentialId, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One award, and what it is asked over."""

    rule: RuleEdition
    catalogue: Catalogue
    policies: Mapping[str, str]
    record: LearnerRecord
    as_of: date

    def holds(self, award: CredentialId) -> bool:
        """Say whether an award is held already."""
        return any(
            (one.credential, one.status) == (award, "earned") for one in self.record.achievements
        )

    def sheets(self) -> list[Sheet]:
        """Return the award laid out as it is now."""
        said = (self.rule,), self.catalogue, (self.policies,), self.record, self.as_of
        return sheets_of(*said, "now")

    def met(self) -> bool:
        """Say whether the rule is met now, whatever else is asked for."""
        return best(self.sheets()).objective[0] == (True,)

    def attested(self) -> Question:
        """Return the question with every attestation given."""
        given = [
            Attestation(requirement=node.id, role=node.role, by="person", on=self.as_of)
            for node in walk(self.rule.root)
            if isinstance(node, Attest)
        ]
        return replace(self, record=replace(self.record, attestations=tuple(given)))

    def apart(self, root: Requirement) -> Question:
        """Return a requirement of the rule as a question by itself; it shares nothing."""
        alone = replace(
            self.rule, root=root, whole=NO_QUALIFIERS, sharing=None, excludes=(), pairs=()
        )
        return replace(self, rule=alone)

    def admission(self) -> Question | None:
        """Return the admission, where there is a rule for it."""
        return None if self.rule.admission is None else self.apart(self.rule.admission)

    def gates(self) -> list[Question]:
        """Return the gates."""
        return [self.apart(gate.require) for gate in self.rule.gates]

    def state(self) -> State:
        """Return how the rule stands by itself."""
        if self.met():
            return "met"
        return "pending" if self.attested().met() else "not-met"


def beside(asked: Question, above: Sequence[Question], *, met: bool) -> Beside:
    """Return the answers beside a rule that is met or not; `above` may stand over its award."""
    admission = asked.admission()
    own = None if admission is None else admission.state()
    return Beside(
        "not-met" if is_barred(asked) or is_late(asked, above) else own,
        tuple(gate.state() for gate in asked.gates()),
        tuple(effects(asked)) if met else (),
    )


def is_barred(asked: Question) -> bool:
    """Say whether the learner has accepted an award that keeps them from this one."""
    return any(one.effect == "bar" and asked.holds(one.award) for one in asked.rule.on_award)


def is_late(asked: Question, above: Sequence[Question]) -> bool:
    """Say whether a higher award is complete, after which the policy grants no lower one."""
    award = asked.rule.award
    return (
        asked.policies["late_lower_award"] == "refuse"
        and not asked.holds(award)
        and any(
            one.holds(one.rule.award) or one.met()
            for one in above
            if any(said.award == award and said.effect != "open" for said in one.rule.on_award)
        )
    )


def effects(asked: Question) -> Iterator[tuple[CredentialId, str]]:
    """Yield what conferring does to awards that are held, and what it opens of the others."""
    for one in asked.rule.on_award:
        if one.effect != "bar" and asked.holds(one.award) is (one.effect != "open"):
            yield one.award, DONE[one.effect]
