"""The catalogue: credentials with their issuers, found, read and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.core.language.diagnostics import Diagnostic, did_you_mean, listed, shorten
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, Issuer
from app.services.basis import institution_of
from app.services.compiling import Compiler
from app.services.errors import (
    DiagnosedError,
    StaleRevisionError,
    UnknownCredentialError,
    UnknownInstitutionError,
    UnknownIssuerError,
)
from app.services.paging import LISTED, page
from app.services.ports import Clock, Storage, Unit
from app.services.stored import (
    CatalogueEntry,
    Change,
    CredentialQuery,
    Note,
    Page,
)

EVERYTHING = CredentialQuery()


class CredentialRefusedError(DiagnosedError):
    """A credential that does not fit the catalogues."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the findings."""
        super().__init__("the credential cannot be used", diagnostics)


class CatalogueService:
    """Reads and writes the catalogue."""

    def __init__(self, storage: Storage, clock: Clock, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._compiler = compiler

    def search(
        self, query: CredentialQuery = EVERYTHING, cursor: str | None = None, limit: int = LISTED
    ) -> Page[CatalogueEntry]:
        """Return the credentials that match, by id."""
        with self._storage.reading() as unit:
            return page(
                f"credentials of {query}",
                lambda after, count: unit.catalogue.search(query, after, count),
                lambda one: one.credential.id,
                cursor,
                limit,
            )

    def get(self, credential: str) -> CatalogueEntry:
        """Return one credential with the mandatory elements that are there."""
        with self._storage.reading() as unit:
            return _entry(unit, credential)

    def issuers(self, cursor: str | None = None, limit: int = LISTED) -> Page[Issuer]:
        """Return the issuers, by id."""
        with self._storage.reading() as unit:
            return page("issuers", unit.catalogue.issuers, lambda one: one.id, cursor, limit)

    def tables(self, institution: str) -> Catalogue:
        """Return an institution's scales, conversions, levels and attributes alone."""
        with self._storage.reading() as unit:
            view = self._compiler.view(unit, institution)
        return replace(view.catalogue, credentials={}, issuers={})

    def put(
        self, credential: Credential, note: Note, expected: str | None = None
    ) -> tuple[CatalogueEntry, bool]:
        """Keep a credential in its institution's catalogue; say whether it is new.

        `expected` is the revision that was read, or an empty text where there must be none yet.
        """
        institution = institution_of(credential.id)
        with self._storage.writing() as unit:
            unit.lock(f"catalogue {institution}")
            _known_institution(unit, institution)
            if credential.issuer not in unit.catalogue.issuers_of(institution):
                raise UnknownIssuerError(credential.issuer)
            kept = unit.catalogue.entry(credential.id)
            revision = kept.revision if kept else ""
            if expected is not None and expected != revision:
                raise StaleRevisionError(f"`{credential.id}`", expected, revision)
            if kept is not None and kept.credential == credential:
                return kept, False
            self._refuse_unfit(unit, credential)
            unit.catalogue.put_credentials(institution, [credential])
            unit.catalogue.touch(institution)
            what = "credential.created" if kept is None else "credential.changed"
            self._log(unit, note, what, credential.id)
            return _entry(unit, credential.id), kept is None

    def _refuse_unfit(self, unit: Unit, credential: Credential) -> None:
        catalogue = self._compiler.view(unit, institution_of(credential.id)).catalogue
        found = [*_lost(unit, credential), *_unmeasured(credential, catalogue)]
        if found:
            raise CredentialRefusedError(listed(found))

    def _log(self, unit: Unit, note: Note, what: str, subject: str) -> None:
        unit.changes.add(
            Change(at=self._clock(), who=note.who, what=what, subject=subject, why=note.why)
        )


def _entry(unit: Unit, credential: str) -> CatalogueEntry:
    found = unit.catalogue.entry(credential)
    if found is None:
        raise UnknownCredentialError(credential, unit.catalogue.ids_like(credential))
    return found


def _known_institution(unit: Unit, institution: str) -> None:
    if unit.catalogue.institution(institution) is None:
        known = (one.id for one in unit.catalogue.institutions())
        raise UnknownInstitutionError(institution, known)


def _lost(unit: Unit, credential: Credential) -> Iterator[Diagnostic]:
    """What a credential names in vain; institutions without a catalogue are left out."""
    named = [
        (key, name) for key in ("prerequisites", "equivalents") for name in getattr(credential, key)
    ]
    there = {one.id for one in unit.catalogue.institutions()}
    known = unit.catalogue.credentials({name for _, name in named})
    for key, name in named:
        if name == credential.id:
            message, remedy = f"`{name}` names itself in `{key}`", "leave it out"
            yield Diagnostic("CN0802", "error", message, remedy, path=f"$.{key}")
        elif name not in known and institution_of(name) in there:
            message = f"no catalogue lists the credential `{shorten(name)}`"
            near = did_you_mean(name, unit.catalogue.ids_like(name))
            remedy = near or "add it to the catalogue of its institution first"
            yield Diagnostic("CN0802", "error", message, remedy, path=f"$.{key}")


def _unmeasured(credential: Credential, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A unit that nothing is measured in and nothing converts; the first unit is free."""
    units = {one.unit for one in catalogue.credentials.values()} - {""}
    units |= {unit for one in catalogue.conversions.values() for pair in one.rates for unit in pair}
    if units and credential.unit and credential.unit not in units:
        message = f"the catalogue knows no unit of credit `{shorten(credential.unit)}`"
        remedy = did_you_mean(credential.unit, units)
        remedy = remedy or f"the units are {', '.join(sorted(units))}"
        yield Diagnostic("CN0706", "error", message, remedy, path="$.unit")
