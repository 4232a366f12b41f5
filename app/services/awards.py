"""Awards and the editions of their rules."""

from __future__ import annotations

from itertools import groupby

from app.core.language.plain import explain_rule
from app.core.model.credential import CredentialId
from app.services.basis import SUGGESTED_FROM, institution_of
from app.services.binding import settle
from app.services.compiling import Compiler, usable
from app.services.errors import UnknownAwardError, UnknownEditionError
from app.services.paging import LISTED, page
from app.services.ports import Storage, Unit
from app.services.stored import AwardEntry, EditionEntry, Page, StoredEdition


class AwardService:
    """Reads awards and their editions."""

    def __init__(self, storage: Storage, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._compiler = compiler

    def list(
        self, institution: str = "", cursor: str | None = None, limit: int = LISTED
    ) -> Page[AwardEntry]:
        """Return the awards that have a rule, drafts too, by id."""
        with self._storage.reading() as unit:
            found = page(
                f"awards of {institution}",
                lambda after, count: unit.editions.awards(institution, after, count),
                str,
                cursor,
                limit,
            )
            entries = unit.editions.entries(found.items)
        awards = (
            award_entry(award, tuple(of_award))
            for award, of_award in groupby(entries, lambda one: one.award)
        )
        return Page(tuple(awards), found.next)

    def get(self, award: str) -> AwardEntry:
        """Return one award with its editions."""
        with self._storage.reading() as unit:
            return award_entry(CredentialId(award), known_editions(unit, award))

    def edition(self, award: str, edition: str) -> StoredEdition:
        """Return an edition with its text, byte for byte as written."""
        with self._storage.reading() as unit:
            return edition_of(unit, award, edition)

    def plain_english(self, award: str, edition: str) -> str:
        """Return the rule in full sentences."""
        with self._storage.reading() as unit:
            stored = edition_of(unit, award, edition)
            view = self._compiler.view(unit, institution_of(award))
        rule = usable(self._compiler.rule_file(stored))
        return explain_rule(rule, view.catalogue)


def award_entry(award: CredentialId, entries: tuple[EditionEntry, ...]) -> AwardEntry:
    """Return an award under the title of its latest edition."""
    return AwardEntry(award, entries[-1].title, institution_of(award), settle(entries))


def known_editions(unit: Unit, award: str) -> tuple[EditionEntry, ...]:
    """Return the editions of an award; UnknownAwardError where there is none."""
    entries = unit.editions.entries([award])
    if not entries:
        raise UnknownAwardError(award, unit.editions.awards("", "", SUGGESTED_FROM))
    return entries


def edition_of(unit: Unit, award: str, edition: str) -> StoredEdition:
    """Return one edition, settled among the others; UnknownEditionError names those there are."""
    entries = {one.edition: one for one in settle(known_editions(unit, award))}
    stored = unit.editions.get(award, edition)
    if stored is None:
        raise UnknownEditionError(award, edition, entries)
    return StoredEdition(entries[edition], stored.source)
