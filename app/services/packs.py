"""Loads a rule pack: its catalogue, its policies, its sample records, its rules."""

from __future__ import annotations

from app.core.language.diagnostics import is_error
from app.core.model.catalogue import Catalogue
from app.interop.packs import Pack
from app.services.ports import Clock, Storage, Unit
from app.services.publishing import PublishingService
from app.services.samples import write_samples
from app.services.setup_errors import PackRefusedError
from app.services.stored import Change, Note


class PackService:
    """Keeps what packs say; a pack that is there already changes nothing."""

    def __init__(self, storage: Storage, clock: Clock, publishing: PublishingService) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock
        self._publishing = publishing

    def load(self, pack: Pack, note: Note) -> bool:
        """Keep a pack and publish its rules; say whether anything changed."""
        errors = [one for one in pack.diagnostics if is_error(one)]
        if errors:
            raise PackRefusedError(pack.institution, errors)
        changed = self._load_catalogue(pack, note)
        return self._load_rules(pack, note) or changed

    def _load_catalogue(self, pack: Pack, note: Note) -> bool:
        name, samples = pack.institution, write_samples(pack.samples)
        with self._storage.writing() as unit:
            unit.lock(f"catalogue {name}")
            institution, kept = unit.catalogue.institution(name), unit.catalogue.catalogue(name)
            if (
                institution is not None
                and institution.title == pack.title
                and kept == pack.catalogue
                and unit.catalogue.policies(name) == pack.policies
                and unit.catalogue.samples(name) == samples
            ):
                return False
            now = self._clock()
            unit.catalogue.put_institution(name, pack.title)
            _put_catalogue(unit, pack, kept)
            unit.catalogue.put_policies(name, pack.policies, now)
            unit.catalogue.put_samples(name, samples)
            unit.catalogue.touch(name)
            unit.changes.add(
                Change(at=now, who=note.who, what="catalogue.loaded", subject=name, why=note.why)
            )
        return True

    def _load_rules(self, pack: Pack, note: Note) -> bool:
        """Drafts first, so that rules whose cases look at one another can be published."""
        drafts = []
        for path in sorted(pack.rules):
            entry, _ = self._publishing.put_draft(_text(pack, path), note, path)
            if entry.status == "draft":
                drafts.append(entry)
        for entry in sorted(drafts, key=lambda one: (one.award, one.effective.start)):
            self._publishing.publish(entry.award, entry.edition, note)
        return bool(drafts)


def _text(pack: Pack, path: str) -> bytes:
    """Return a file as it was read; the paths of sources begin with the pack's directory."""
    found = [name for name in pack.sources if name == path or name.endswith(f"/{path}")]
    return pack.sources[min(found, key=len)]


def _put_catalogue(unit: Unit, pack: Pack, kept: Catalogue) -> None:
    """Write what differs; a credential that is as it was keeps its revision."""
    name, catalogue = pack.institution, pack.catalogue
    unit.catalogue.put_tables(name, catalogue)
    unit.catalogue.drop_issuers(name)
    for issuer in catalogue.issuers.values():
        unit.catalogue.put_issuer(name, issuer)
    unit.catalogue.drop_credentials(name, catalogue.credentials)
    changed = [one for one in catalogue.credentials.values() if kept.credentials.get(one.id) != one]
    unit.catalogue.put_credentials(name, changed)
