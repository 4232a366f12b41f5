"""Rule packs without a database: choosing an edition, compiling it, auditing by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.engine.prepare import first_credit
from app.core.explain.audits import audit_record
from app.core.language.record_checks import check_record
from app.core.language.rules import RuleFile
from app.core.model.audit import Audit
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.nesting import Editions
from app.core.model.record import LearnerRecord
from app.core.model.rule import RuleEdition
from app.core.model.wish import NOTHING_WANTED, Wanted
from app.interop.packs import Pack, merge_catalogues
from app.services.binding import anchor_day, bound_edition, edition_on
from app.services.compiling import CatalogueView, Ground, findings, refuse_errors, usable
from app.services.errors import (
    NoEditionInForceError,
    NotAuditableError,
    RecordRefusedError,
    UnknownAwardError,
    UnknownEditionError,
)
from app.services.impact import ImpactBasis
from app.services.nesting import linked_by, named_beyond, nestable
from app.services.prospectus import Prospectus
from app.services.stored import AwardChoice, NestedEdition

Key = tuple[CredentialId, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some packs together: every award's editions, each institution's policies and catalogue."""

    packs: tuple[Pack, ...]
    everything: Catalogue
    rules: Mapping[CredentialId, Mapping[str, RuleFile]]
    nestable: Editions
    compiled: dict[Key, CompiledAward] = field(default_factory=dict)

    @classmethod
    def of(cls, packs: Sequence[Pack]) -> Shelf:
        """Put packs together; what cannot be read as a rule is left out."""
        rules: dict[CredentialId, dict[str, RuleFile]] = {}
        for rule in (rule for pack in packs for rule in pack.rules.values()):
            if rule.edition is not None:
                rules.setdefault(rule.edition.award, {})[rule.edition.edition] = rule
        everything = merge_catalogues([pack.catalogue for pack in packs])
        return cls(tuple(packs), everything, rules, nestable(packs))

    def pack(self, award: str) -> Pack:
        """Return the pack of an award's institution; an empty one where there is none."""
        institution = award.partition("/")[0]
        found = (one for one in self.packs if one.institution == institution)
        return next(found, Pack(institution, "", Catalogue()))

    def catalogue(self, rule: RuleEdition, record: LearnerRecord) -> Catalogue:
        """Return the institution's catalogue with what else the record holds, or the rule nests."""
        own = self.pack(rule.award).catalogue
        held = {one.credential for one in record.achievements} - set(own.credentials)
        known = self.everything.credentials
        lacking = held | named_beyond(rule, own)
        return own.beside(known[name] for name in lacking if name in known)

    def editions(self, award: CredentialId) -> Mapping[str, RuleEdition]:
        """Return an award's editions by name; UnknownAwardError where there is none."""
        if award not in self.rules:
            raise UnknownAwardError(award, self.rules)
        files = self.rules[award].items()
        return {name: rule.edition for name, rule in files if rule.edition is not None}

    def choose(
        self,
        choice: AwardChoice,
        record: LearnerRecord,
        as_of: date,
        overrides: Mapping[str, str] | None = None,
    ) -> RuleEdition:
        """Return the edition that is named, or else the one that binds the learner."""
        editions = self.editions(choice.award)
        if choice.edition is None:
            compiled = (self.compile(one, overrides) for one in editions.values())

            def anchor(policy: str) -> date:
                return anchor_day(
                    policy, record, as_of, lambda: first_credit(compiled, record, as_of)
                )

            policies = self.pack(choice.award).policies
            return bound_edition(choice.award, editions, policies, overrides or {}, anchor)
        if choice.edition not in editions:
            raise UnknownEditionError(choice.award, choice.edition, editions)
        return editions[choice.edition]

    def compile(
        self, edition: RuleEdition, overrides: Mapping[str, str] | None = None
    ) -> CompiledAward:
        """Return an edition compiled; `overrides` go before what the rule and institution state.

        RuleRefusedError where the rule has errors.
        """
        key = edition.award, edition.edition, tuple(sorted((overrides or {}).items()))
        if key not in self.compiled:
            stated = replace(edition, policies={**edition.policies, **(overrides or {})})
            pack = self.pack(edition.award)
            rule_file = replace(self.rules[edition.award][edition.edition], edition=stated)
            refuse_errors(findings(rule_file, pack.catalogue, pack.policies, self.nestable))
            self.compiled[key] = compile_rule(self.whole(stated), pack.catalogue, pack.policies)
        return self.compiled[key]

    def whole(self, edition: RuleEdition) -> RuleEdition:
        """Return an edition with every nested award in it; NotAuditableError."""
        return linked_by(edition, self.nestable).rule

    def _knowing(self, award: CompiledAward, record: LearnerRecord) -> CompiledAward:
        """Return an award that also knows what the record holds from other institutions."""
        catalogue = self.catalogue(award.rule, record)
        if catalogue is award.terms.catalogue:
            return award
        return compile_rule(award.rule, catalogue, self.pack(award.rule.award).policies)

    def prospectus(self) -> Prospectus:
        """Return all awards together, to be compared."""
        return Prospectus.of(
            {award: partial(self._grounds, award) for award in sorted(self.rules)}, self.everything
        )

    def _grounds(self, award: CredentialId) -> Sequence[Ground]:
        """The editions of an award, earliest first; RuleRefusedError where one has errors."""
        pack, found = self.pack(award), []
        editions = self.editions(award).values()
        for one in sorted(editions, key=lambda one: one.effective.start):
            self.compile(one)
            linked = linked_by(one, self.nestable)
            view = CatalogueView(pack.institution, pack.catalogue, b"", "")
            nested = tuple(NestedEdition(in_.award, in_.edition, "") for in_ in linked.nested)
            found.append(Ground(linked.rule, "", view, pack.policies, nested))
        return found

    def _above(
        self, awards: Sequence[CredentialId], record: LearnerRecord, as_of: date
    ) -> list[CompiledAward]:
        """Return the awards whose conferral touches `awards`, by the editions that bind."""
        found = []
        for award in self.rules:
            editions = self.editions(award).values()
            if any(lower in awards for one in editions for lower in one.lower):
                with suppress(NoEditionInForceError):
                    edition = self.choose(AwardChoice(award), record, as_of)
                    found.append(self.compile(edition))
        return found

    def compared(
        self, award: CredentialId, draft: RuleFile, against: str | None, as_of: date
    ) -> ImpactBasis:
        """Return what tells the impact of a draft; without `against` on who is in force then.

        RuleRefusedError where the draft has errors.
        """
        editions = self.editions(award)
        name = against or edition_on(
            award, {k: one.effective for k, one in editions.items()}, as_of
        )
        if name not in editions:
            raise UnknownEditionError(award, name, editions)
        pack, rule = self.pack(award), usable(draft)
        refuse_errors(findings(draft, pack.catalogue, pack.policies, self.nestable))
        return ImpactBasis(
            old=self.whole(editions[name]),
            new=self.whole(rule),
            catalogues={one.institution: one.catalogue for one in self.packs},
            policies=pack.policies,
            as_of=as_of,
        )

    def audit(
        self,
        record: LearnerRecord,
        choices: Sequence[AwardChoice],
        as_of: date,
        overrides: Mapping[str, str] | None = None,
        wanted: Wanted = NOTHING_WANTED,
    ) -> tuple[Audit, ...]:
        """Audit a record against awards together; ServiceError where that cannot be."""
        try:
            fitted = self.fitted(record, choices, as_of, overrides)
            higher = self._above([choice.award for choice in choices], record, as_of)
            above = [self._knowing(one, record) for one in higher]
            return audit_record(fitted, record, as_of, above, wanted)
        except AuditError as refused:
            raise NotAuditableError(refused) from refused

    def fitted(
        self,
        record: LearnerRecord,
        choices: Sequence[AwardChoice],
        as_of: date,
        overrides: Mapping[str, str] | None = None,
    ) -> list[CompiledAward]:
        """Return awards that know what a record holds; RecordRefusedError, NotAuditableError."""
        editions = [self.choose(choice, record, as_of, overrides) for choice in choices]
        try:
            awards = [self.compile(edition, overrides) for edition in editions]
        except AuditError as refused:
            raise NotAuditableError(refused) from refused
        for edition in editions:
            own = {one.id for one in record.credentials}
            own |= set(self.pack(edition.award).catalogue.credentials)
            foreign = {one.credential for one in record.achievements} - own
            wrong = check_record(record, self.catalogue(edition, record), as_of, foreign)
            if wrong:
                raise RecordRefusedError(wrong)
        return [self._knowing(one, record) for one in awards]
