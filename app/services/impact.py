"""The impact of a change of a rule: what it rests on, and records judged by it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.explain.difference import Difference
from app.core.language.diagnostics import is_error
from app.core.language.record_checks import check_record
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId
from app.core.model.errors import AuditError
from app.core.model.record import LearnerId, LearnerRecord
from app.core.model.rule import RuleEdition
from app.core.search.impact import Impact, Refusal, impact_in_full, impact_of, impact_on
from app.interop.packs import merge_catalogues
from app.services.basis import institution_of
from app.services.bounded import Bounded
from app.services.errors import NotAuditableError, RecordRefusedError
from app.services.nesting import named_beyond

NEEDED = ("ortools.sat.python.cp_model",)
"""What a judge loads only when it has to search, which takes as long as a hundred decisions."""
WIDENED = 64
"""So many awards are kept for records that hold credentials of other institutions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactBasis:
    """All that an impact rests on beside the records; it goes to other processes as it is.

    Nothing is nested in the rules any more. `catalogues` are those of every institution, by id.
    """

    old: RuleEdition
    new: RuleEdition
    catalogues: Mapping[str, Catalogue]
    policies: Mapping[str, str]
    as_of: date

    @property
    def institution(self) -> str:
        """The institution whose award it is."""
        return institution_of(self.new.award)


class ImpactJudge:
    """Judges records by two editions of one award."""

    def __init__(self, basis: ImpactBasis) -> None:
        """Compile both editions; NotAuditableError where one cannot be judged by."""
        self._as_of = basis.as_of
        everything = ChainMap(*(dict(one.credentials) for one in basis.catalogues.values()))
        try:
            self._sides = tuple(_Side(basis, one, everything) for one in (basis.old, basis.new))
        except AuditError as cause:
            raise NotAuditableError(cause) from cause

    def __call__(self, records: Sequence[LearnerRecord]) -> list[tuple[LearnerId, Impact]]:
        """Return the impact on each of some learners."""
        return [(record.learner, self.judge(record)) for record in records]

    def judge(self, record: LearnerRecord) -> Impact:
        """Return the impact on one record; where it cannot be judged, why."""
        try:
            old, new = self._fitted(record)
        except RecordRefusedError as refused:
            first = refused.diagnostics[0].code
            refusal = Refusal(first, str(refused))
            return impact_of(refusal, refusal)
        except AuditError as refused:
            refusal = Refusal(refused.code, str(refused))
            return impact_of(refusal, refusal)
        return impact_on(old, new, record, self._as_of)

    def explain(self, record: LearnerRecord) -> Difference:
        """Return the difference of two whole audits, in data and in words."""
        try:
            old, new = self._fitted(record)
            _, _, found = impact_in_full(old, new, record, self._as_of)
        except AuditError as cause:
            raise NotAuditableError(cause) from cause
        return found

    def _fitted(self, record: LearnerRecord) -> list[CompiledAward]:
        """Both awards for a record; what both look up in the same catalogues is checked once."""
        checked: set[frozenset[CredentialId]] = set()
        return [side.fitted(record, self._as_of, checked) for side in self._sides]


class _Side:
    """One of the editions, compiled for what records hold."""

    def __init__(
        self,
        basis: ImpactBasis,
        rule: RuleEdition,
        everything: Mapping[CredentialId, Credential],
    ) -> None:
        self._basis = basis
        self._rule = rule
        self._own = basis.catalogues[basis.institution]
        self._everything = everything
        # Only what is nested may name what lies beyond the institution.
        self._beyond = named_beyond(rule, self._own) & everything.keys()
        self._awards: Bounded[frozenset[CredentialId], CompiledAward] = Bounded(WIDENED)
        self._known: Bounded[frozenset[str], Catalogue] = Bounded(WIDENED)
        self._award(frozenset(self._beyond))

    def fitted(
        self, record: LearnerRecord, as_of: date, checked: set[frozenset[CredentialId]]
    ) -> CompiledAward:
        """Return the award for a record; RecordRefusedError where the catalogues gainsay that.

        With which credentials from beyond its institution a record was `checked`, is kept there.
        """
        held = {one.credential for one in record.achievements} - self._own.credentials.keys()
        foreign = frozenset((held & self._everything.keys()) | self._beyond)
        if foreign not in checked:
            problems = check_record(record, self._known_with(foreign), as_of, foreign)
            if any(map(is_error, problems)):
                raise RecordRefusedError(problems)
            checked.add(foreign)
        return self._award(foreign)

    def _known_with(self, foreign: frozenset[CredentialId]) -> Catalogue:
        others = frozenset(map(institution_of, foreign)) - {self._basis.institution}
        catalogues = self._basis.catalogues
        found = [self._own, *(catalogues[one] for one in sorted(others) if one in catalogues)]
        return self._known.get(others, lambda: merge_catalogues(found)) if others else self._own

    def _award(self, foreign: frozenset[CredentialId]) -> CompiledAward:
        return self._awards.get(foreign, lambda: self._compiled(foreign))

    def _compiled(self, foreign: frozenset[CredentialId]) -> CompiledAward:
        catalogue = self._own.beside(self._everything[name] for name in sorted(foreign))
        return compile_rule(self._rule, catalogue, self._basis.policies)
