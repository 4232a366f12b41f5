"""Rules and catalogues ready to audit with, kept while they are of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.core.checks.meetable import NO_CHOICE, check_meetable
from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.language.checker import check_rule
from app.core.language.checker_nested import in_place
from app.core.language.diagnostics import Diagnostic, is_error
from app.core.language.rules import RuleFile, read_rule
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential
from app.core.model.errors import AuditError, InvariantError
from app.core.model.nesting import NO_EDITIONS, Editions, NestingError, link
from app.core.model.rule import RuleEdition
from app.services.bounded import Bounded
from app.services.canonical import canonical_json, digest
from app.services.catalogue_json import credential_to_plain, read_catalogue, write_catalogue
from app.services.errors import NotAuditableError, RuleRefusedError, UnknownInstitutionError
from app.services.ports import Unit
from app.services.stored import NestedEdition, StoredEdition

RULES, VIEWS, AWARDS = 512, 32, 512
Mark: TypeAlias = tuple[str, tuple[tuple[str, int], ...]]
"""What is published, and each catalogue's revision: what is made of both is good for as long."""
AwardKey: TypeAlias = tuple[str, tuple[str, ...], str, bytes, bytes]


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """One institution's catalogue at a revision, with its canonical text and the digest of it."""

    institution: str
    catalogue: Catalogue
    content: bytes
    sha256: str

    @classmethod
    def of(cls, institution: str, catalogue: Catalogue) -> CatalogueView:
        """Return the view, with its text written."""
        content = write_catalogue(catalogue)
        return cls(institution, catalogue, content, digest(content))


@dataclass(frozen=True, slots=True)
class Ground:
    """One award to judge by: its rule, the institution's catalogue and its policies.

    The rule has nothing nested in it any more; `nested` are the editions that were put into it.
    """

    rule: RuleEdition
    sha256: str
    view: CatalogueView
    policies: Mapping[str, str]
    nested: tuple[NestedEdition, ...] = ()


class Compiler:
    """Reads rules, loads catalogues and compiles awards once; thread-safe."""

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._files: Bounded[tuple[str, str], RuleFile] = Bounded(RULES)
        self._views: Bounded[tuple[str, int], CatalogueView] = Bounded(VIEWS)
        self._snapshots: Bounded[str, CatalogueView] = Bounded(VIEWS)
        self._awards: Bounded[AwardKey, CompiledAward] = Bounded(AWARDS)

    def rule_file(self, stored: StoredEdition) -> RuleFile:
        """Return what the text of an edition says."""
        entry = stored.entry
        file = f"{entry.award}/{entry.edition}.yaml"
        return self._files.get(
            (file, entry.sha256),
            lambda: read_rule(_whole(stored.source, entry.sha256), file, kept=True),
        )

    def rule(self, unit: Unit, award: str, edition: str, sha256: str) -> RuleEdition:
        """Return the rule of an edition, whose text has this digest."""
        file = f"{award}/{edition}.yaml"
        found = self._files.get(
            (file, sha256),
            lambda: read_rule(_whole(unit.editions.source(sha256), sha256), file, kept=True),
        )
        return usable(found)

    def view(self, unit: Unit, institution: str) -> CatalogueView:
        """Return the institution's catalogue as it is now; UnknownInstitutionError."""
        found = unit.catalogue.institution(institution)
        if found is None:
            known = (one.id for one in unit.catalogue.institutions())
            raise UnknownInstitutionError(institution, known)
        key = (institution, found.revision)
        return self._views.get(
            key, lambda: CatalogueView.of(institution, unit.catalogue.catalogue(institution))
        )

    def snapshot(self, unit: Unit, sha256: str) -> CatalogueView:
        """Return a catalogue as an audit was once made from it."""
        return self._snapshots.get(sha256, lambda: _read_snapshot(unit, sha256))

    def award(self, ground: Ground, foreign: Sequence[Credential] = ()) -> CompiledAward:
        """Return an award ready to audit, its catalogue widened by what it lacks of `foreign`."""
        known = ground.view.catalogue.credentials
        added = [one for one in foreign if one.id not in known]
        policies = {**ground.policies, **ground.rule.policies}
        key = (
            ground.sha256,
            tuple(one.sha256 for one in ground.nested),
            ground.view.sha256,
            canonical_json([credential_to_plain(one) for one in added]),
            canonical_json(policies),
        )
        return self._awards.get(key, lambda: _compile(ground, added))


def _compile(ground: Ground, added: Sequence[Credential]) -> CompiledAward:
    catalogue = ground.view.catalogue.beside(added)
    try:
        return compile_rule(ground.rule, catalogue, ground.policies)
    except AuditError as cause:
        raise NotAuditableError(cause) from cause


def _whole(content: bytes | None, sha256: str) -> bytes:
    """Return what is stored under a digest, once it is seen to have it."""
    if content is None or digest(content) != sha256:
        msg = f"what was stored as {sha256} is gone or was changed"
        raise InvariantError(msg)
    return content


def _read_snapshot(unit: Unit, sha256: str) -> CatalogueView:
    content = _whole(unit.catalogue.snapshot(sha256), sha256)
    return CatalogueView("", read_catalogue(content), content, sha256)


def usable(rule_file: RuleFile) -> RuleEdition:
    """Return the rule of a file; RuleRefusedError where it has none."""
    if rule_file.edition is None:
        raise RuleRefusedError(rule_file.diagnostics)
    return rule_file.edition


def findings(
    rule_file: RuleFile,
    catalogue: Catalogue,
    policies: Mapping[str, str],
    editions: Editions = NO_EDITIONS,
) -> tuple[Diagnostic, ...]:
    """Return all that is wrong with a rule, in itself and against its catalogue.

    `editions` are the rules that it may nest.
    """
    if rule_file.edition is None:
        return rule_file.diagnostics
    checked = check_rule(rule_file.edition, rule_file.cases, catalogue, policies, editions)
    return tuple(sorted({*rule_file.diagnostics, *checked}))


def every_finding(
    rule_file: RuleFile,
    catalogue: Catalogue,
    policies: Mapping[str, str],
    editions: Editions = NO_EDITIONS,
) -> tuple[Diagnostic, ...]:
    """Return all findings, those that the engine decides included; of these none is an error."""
    found = findings(rule_file, catalogue, policies, editions)
    if rule_file.edition is None:
        return found
    try:
        whole = link(rule_file.edition, editions).rule
    except NestingError:
        # What keeps an award from being nested is among the findings.
        return found
    decided = check_meetable(whole, catalogue, policies, found)
    decided = in_place(rule_file.edition, decided, NO_CHOICE)
    return tuple(sorted({*found, *decided}))


def mark_of(unit: Unit) -> Mark:
    """Return the mark of what is published and listed now."""
    revisions = tuple((one.id, one.revision) for one in unit.catalogue.institutions())
    return unit.editions.published_mark(), revisions


def with_policies(rule: RuleEdition, policies: Mapping[str, str]) -> RuleEdition:
    """Return a rule that states its institution's policies where it states none of its own."""
    return replace(rule, policies={**policies, **rule.policies})


def refuse_errors(diagnostics: Sequence[Diagnostic]) -> None:
    """Raise RuleRefusedError where one of the findings is an error."""
    errors = [one for one in diagnostics if is_error(one)]
    if errors:
        raise RuleRefusedError(errors)
