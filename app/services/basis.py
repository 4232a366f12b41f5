"""What an audit rests on beside the record, and how it is gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from app.core.engine.prepare import first_credit
from app.core.language.diagnostics import is_error
from app.core.language.record_checks import check_record
from app.core.language.rules import read_rule, rule_from
from app.core.model.credential import Credential
from app.core.model.record import LearnerRecord
from app.core.model.rule import RuleEdition
from app.interop.packs import merge_catalogues
from app.services.binding import anchor_day, edition_on, edition_policy
from app.services.canonical import canonical_json, digest
from app.services.compiling import Compiler, Ground, findings, refuse_errors, usable
from app.services.errors import (
    NoEditionInForceError,
    NothingToAuditError,
    RecordRefusedError,
    UnknownAwardError,
    UnknownEditionError,
)
from app.services.nesting import StoredRules, named_beyond
from app.services.ports import Unit
from app.services.stored import AwardChoice, EditionEntry

WrittenRule: TypeAlias = bytes | dict[str, Any]
"""A rule as text, YAML or JSON, or as decoded JSON."""
SUGGESTED_FROM = 500
# A rule that is only tried out needs no cases, and its award need not be in the catalogue yet.
NOT_INLINE = frozenset({"$.award", "$.cases"})


@dataclass(frozen=True, slots=True)
class Basis:
    """The awards judged together, those above them, and credentials of other institutions.

    A record may name credentials of other institutions: a catalogue that lacks them is given them.
    """

    awards: tuple[Ground, ...]
    higher: tuple[Ground, ...] = ()
    foreign: tuple[Credential, ...] = ()


class Gathering:
    """Gathers the basis of one audit in one unit of work."""

    def __init__(self, unit: Unit, compiler: Compiler, record: LearnerRecord, as_of: date) -> None:
        """Look things up in `unit`, for one record on one day."""
        self._unit = unit
        self._compiler = compiler
        self._record = record
        self._as_of = as_of
        self._told: Mapping[str, str] = {}
        self._rules = StoredRules(unit, compiler)

    def basis(
        self,
        choices: Sequence[AwardChoice],
        rules: Sequence[WrittenRule] = (),
        policies: Mapping[str, str] | None = None,
    ) -> Basis:
        """Return what to judge `choices` and `rules` by; `policies` go before theirs."""
        if not choices and not rules:
            raise NothingToAuditError
        self._told = policies or {}
        chosen = [self._chosen(choice) for choice in choices]
        inline = [self._inline(source) for source in rules]
        grounds = tuple(_told(ground, self._told) for ground in (*chosen, *inline))
        higher = tuple(self._higher(grounds))
        foreign = self._foreign((*grounds, *higher))
        self._check(grounds, foreign)
        return Basis(grounds, higher, foreign)

    def _bound(self, award: str, entries: Sequence[EditionEntry]) -> str:
        """The edition of `award` that binds the learner."""
        periods = {one.edition: one.effective for one in entries}
        stated = self._rule(entries[-1]).policies
        own = self._unit.catalogue.policies(institution_of(award))
        policies = {**own, **stated, **self._told}
        policy = edition_policy(award, periods, policies)
        anchor = anchor_day(
            policy, self._record, self._as_of, lambda: self._first_credit(award, entries)
        )
        return edition_on(award, periods, anchor)

    def _first_credit(self, award: str, entries: Sequence[EditionEntry]) -> date | None:
        view = self._compiler.view(self._unit, institution_of(award))
        policies = {**self._unit.catalogue.policies(view.institution), **self._told}
        grounds = [
            self._rules.ground(self._rule(one), one.sha256, view, policies) for one in entries
        ]
        return first_credit(map(self._compiler.award, grounds), self._record, self._as_of)

    def _published(self, award: str) -> tuple[EditionEntry, ...]:
        entries = self._unit.editions.entries([award])
        found = tuple(one for one in entries if one.status == "published")
        if not found:
            published = {one.award for one in self._unit.editions.published()}
            near = sorted(published)[:SUGGESTED_FROM]
            raise UnknownAwardError(award, near, drafted=bool(entries))
        return found

    def _chosen(self, choice: AwardChoice) -> Ground:
        published = self._published(choice.award)
        entries = {one.edition: one for one in published}
        edition = choice.edition or self._bound(choice.award, published)
        if edition not in entries:
            raise UnknownEditionError(choice.award, edition, entries)
        view = self._compiler.view(self._unit, institution_of(choice.award))
        policies = self._unit.catalogue.policies(view.institution)
        entry = entries[edition]
        return self._rules.ground(self._rule(entry), entry.sha256, view, policies)

    def _rule(self, entry: EditionEntry) -> RuleEdition:
        return self._compiler.rule(self._unit, entry.award, entry.edition, entry.sha256)

    def _inline(self, written: WrittenRule) -> Ground:
        """What stands in an object has a path and no line: its writer saw none."""
        if isinstance(written, bytes):
            rule_file, source = read_rule(written, "rule"), written
        else:
            rule_file, source = rule_from(written), canonical_json(written)
        rule = usable(rule_file)
        view = self._compiler.view(self._unit, institution_of(rule.award))
        policies = self._unit.catalogue.policies(view.institution)
        problems = findings(rule_file, view.catalogue, policies, self._rules)
        refuse_errors([one for one in problems if one.path not in NOT_INLINE])
        return self._rules.ground(rule, digest(source), view, policies)

    def _higher(self, grounds: Sequence[Ground]) -> Iterator[Ground]:
        """The awards above those that are refused once a higher one is complete."""
        below = {ground.rule.award for ground in grounds if _refused_late(ground)}
        for award in self._unit.editions.above(below):
            try:
                ground = self._chosen(AwardChoice(award))
            except NoEditionInForceError:
                continue
            if any(lower in below for lower in ground.rule.lower):
                yield ground

    def _foreign(self, grounds: Sequence[Ground]) -> tuple[Credential, ...]:
        held = {one.credential for one in self._record.achievements}
        lacking = {
            one
            for ground in grounds
            for one in held
            if one not in ground.view.catalogue.credentials
        }
        for ground in grounds:
            if ground.nested:
                lacking |= named_beyond(ground.rule, ground.view.catalogue)
        return tuple(self._unit.catalogue.credentials(lacking).values())

    def _check(self, grounds: Sequence[Ground], foreign: Sequence[Credential]) -> None:
        """Refuse a record that the catalogues it names show to be wrong."""
        views = {ground.view.institution: ground.view for ground in grounds}
        for institution in sorted({institution_of(one.id) for one in foreign} - set(views)):
            views[institution] = self._compiler.view(self._unit, institution)
        catalogues = [view.catalogue for view in views.values()]
        known = merge_catalogues(catalogues) if len(catalogues) > 1 else catalogues[0]
        problems = check_record(self._record, known, self._as_of, {one.id for one in foreign})
        if any(map(is_error, problems)):
            raise RecordRefusedError(problems)


def _refused_late(ground: Ground) -> bool:
    policies = {**ground.policies, **ground.rule.policies}
    return policies.get("late_lower_award") == "refuse"


def _told(ground: Ground, policies: Mapping[str, str]) -> Ground:
    """What is said for one audit goes before what the rule and the institution say."""
    if not policies:
        return ground
    rule = replace(ground.rule, policies={**ground.rule.policies, **policies})
    return replace(ground, rule=rule)


def institution_of(award: str) -> str:
    """Return the institution whose award it is: what stands before the first slash of its id."""
    return award.partition("/")[0]
