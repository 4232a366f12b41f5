"""Rules from draft to published: checked, tested by their own cases, frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.core.language.diagnostics import Diagnostic
from app.core.language.rules import RuleFile, read_rule
from app.core.model.rule import RuleEdition
from app.services.awards import edition_of
from app.services.basis import institution_of
from app.services.binding import overlap
from app.services.canonical import Json, digest
from app.services.cases import CaseBook, CaseResult
from app.services.compiling import Compiler, every_finding, findings, refuse_errors, usable
from app.services.errors import (
    AlreadyPublishedError,
    CasesFailedError,
    EditionsOverlapError,
    NoCasesError,
    RuleRefusedError,
    StaleRevisionError,
)
from app.services.nesting import StoredRules, needed_by
from app.services.ports import Clock, Storage, Unit
from app.services.samples import read_samples
from app.services.stored import Change, EditionEntry, Note, StoredEdition


class PublishingService:
    """Keeps drafts, judges them, and publishes those that pass."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler

    def put_draft(
        self,
        source: bytes,
        note: Note,
        file: str = "draft.yaml",
        expected: str | None = None,
        address: tuple[str, str] | None = None,
    ) -> tuple[EditionEntry, tuple[Diagnostic, ...]]:
        """Keep a rule as a draft, byte for byte, and return what is wrong with it.

        A rule that cannot be read is not kept, nor one that is not of the award and edition at its
        `address`. `expected` is the digest of the draft that was read,
        or an empty text where there must be none yet.
        """
        rule_file = read_rule(source, file)
        rule = usable(rule_file)
        _refuse_other(rule, address)
        with self._storage.writing() as unit:
            unit.lock(f"award {rule.award}")
            problems = self._findings(unit, rule_file, every_finding, drafts=True)
            kept = unit.editions.get(rule.award, rule.edition)
            if kept is not None and kept.source == source:
                return kept.entry, problems
            if kept is not None and kept.entry.status == "published":
                raise AlreadyPublishedError(rule.award, rule.edition)
            _expect(rule.award, rule.edition, expected, kept)
            stored = _draft(rule, source, self._clock)
            unit.editions.put_draft(stored)
            self._log(unit, note, "draft.written", stored.entry)
        return stored.entry, problems

    def drop_draft(self, award: str, edition: str, note: Note, expected: str | None = None) -> None:
        """Forget a draft."""
        with self._storage.writing() as unit:
            unit.lock(f"award {award}")
            kept = edition_of(unit, award, edition)
            _expect(award, edition, expected, kept)
            unit.editions.drop_draft(award, edition)
            self._log(unit, note, "draft.dropped", kept.entry)

    def check(self, award: str, edition: str) -> tuple[Diagnostic, ...]:
        """Return all that is wrong with a stored rule."""
        with self._storage.reading() as unit:
            stored = edition_of(unit, award, edition)
            rule_file = self._compiler.rule_file(stored)
            return self._findings(unit, rule_file, every_finding, drafts=True)

    def test(self, award: str, edition: str) -> tuple[CaseResult, ...]:
        """Run the cases of a stored rule."""
        with self._storage.reading() as unit:
            rule_file = self._compiler.rule_file(edition_of(unit, award, edition))
            book = self._book(unit, rule_file)
        return book.run(rule_file)

    def publish(
        self, award: str, edition: str, note: Note, expected: str | None = None
    ) -> EditionEntry:
        """Freeze a draft that is free of errors and passes its own cases."""
        with self._storage.reading() as unit:
            stored = edition_of(unit, award, edition)
            if stored.entry.status == "published":
                raise AlreadyPublishedError(award, edition)
            rule_file = self._compiler.rule_file(stored)
            _expect(award, edition, expected, stored)
            if not rule_file.cases:
                raise NoCasesError(award, edition)
            refuse_errors(self._findings(unit, rule_file, findings, drafts=False))
            book = self._book(unit, rule_file)
        _refuse_failures(award, edition, book.run(rule_file))
        with self._storage.writing() as unit:
            unit.lock(f"award {award}")
            # What was tested is what is published, whoever wrote meanwhile.
            _expect(award, edition, stored.entry.sha256, unit.editions.get(award, edition))
            _refuse_overlap(unit, stored.entry)
            unit.editions.publish(award, edition, self._clock(), note.who)
            self._log(unit, note, "edition.published", stored.entry)
            return edition_of(unit, award, edition).entry

    def _findings(
        self,
        unit: Unit,
        rule_file: RuleFile,
        check: Callable[..., tuple[Diagnostic, ...]],
        *,
        drafts: bool,
    ) -> tuple[Diagnostic, ...]:
        """What is wrong with a rule; only a draft may nest drafts."""
        institution = institution_of(usable(rule_file).award)
        view = self._compiler.view(unit, institution)
        nestable = StoredRules(unit, self._compiler, drafts=drafts)
        return check(rule_file, view.catalogue, unit.catalogue.policies(institution), nestable)

    def _book(self, unit: Unit, rule_file: RuleFile) -> CaseBook:
        """The rule with those that its cases look at: published, or drafts of awards yet to be."""
        rule = usable(rule_file)
        institution = institution_of(rule.award)
        near = {rule.award, *(award for case in rule_file.cases for award in case.together)}
        near |= set(unit.editions.above(near, drafts=True))
        entries = unit.editions.entries(near)
        published = {one.award for one in entries if one.status == "published"}
        others = [
            self._compiler.rule(unit, one.award, one.edition, one.sha256)
            for one in entries
            if one.status == "published" or one.award not in published
        ]
        rules = [*others, rule]
        return CaseBook(
            rules,
            self._compiler.view(unit, institution).catalogue,
            unit.catalogue.policies(institution),
            read_samples(unit.catalogue.samples(institution)),
            needed_by(rules, StoredRules(unit, self._compiler, drafts=True)),
        )

    def _log(self, unit: Unit, note: Note, what: str, entry: EditionEntry) -> None:
        facts: Mapping[str, Json] = {"edition": entry.edition, "sha256": entry.sha256}
        unit.changes.add(
            Change(
                at=self._clock(),
                who=note.who,
                what=what,
                subject=entry.award,
                why=note.why,
                facts=facts,
            )
        )


def _draft(rule: RuleEdition, source: bytes, clock: Clock) -> StoredEdition:
    entry = EditionEntry(
        award=rule.award,
        edition=rule.edition,
        title=rule.title,
        status="draft",
        effective=rule.effective,
        in_force=rule.effective,
        sha256=digest(source),
        recorded_at=clock(),
    )
    return StoredEdition(entry, source, rule.lower)


def _refuse_other(rule: RuleEdition, address: tuple[str, str] | None) -> None:
    if address is None or address == (rule.award, rule.edition):
        return
    message = f"the rule is edition `{rule.edition}` of `{rule.award}`"
    remedy = f"write it as that, or name edition `{address[1]}` of `{address[0]}` in it"
    raise RuleRefusedError([Diagnostic("CN0206", "error", message, remedy, rule.span)])


def _expect(award: str, edition: str, expected: str | None, kept: StoredEdition | None) -> None:
    current = kept.entry.sha256 if kept else ""
    if expected is not None and expected != current:
        what = f"edition `{edition}` of `{award}`"
        raise StaleRevisionError(what, expected, current)


def _refuse_failures(award: str, edition: str, results: tuple[CaseResult, ...]) -> None:
    failed = {one.name: one.differences for one in results if not one.passed}
    if failed:
        raise CasesFailedError(award, edition, failed)


def _refuse_overlap(unit: Unit, entry: EditionEntry) -> None:
    others = unit.editions.entries([entry.award])
    periods = {one.edition: one.effective for one in others if one.status == "published"}
    found = overlap(periods, entry.edition, entry.effective)
    if found is not None:
        raise EditionsOverlapError(entry.award, entry.edition, *found)
