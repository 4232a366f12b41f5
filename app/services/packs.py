"""Loads rule packs: their catalogues, policies, sample records and rules, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from app.core.language.diagnostics import Diagnostic, is_error
from app.core.model.catalogue import Catalogue
from app.interop.packs import Pack
from app.services.basis import institution_of
from app.services.canonical import Json, canonical_json, digest
from app.services.catalogue_json import TABLES, credential_to_plain, tables_to_plain
from app.services.compiling import Compiler, usable
from app.services.nesting import nested_first
from app.services.ports import Clock, Storage, Unit
from app.services.publishing import PublishingService
from app.services.samples import write_samples
from app.services.setup_errors import PackOverwritesError, PackRefusedError
from app.services.stored import Change, LoadedPack, Note


class PackService:
    """Keeps what packs say."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._clock = clock

    def load(self, pack: Pack, note: Note) -> bool:
        """Keep one pack, as `load_all` keeps many."""
        return self.load_all([pack], note)

    def load_all(self, packs: Sequence[Pack], note: Note) -> bool:
        """Keep packs and publish their rules, all or nothing; say whether anything changed.

        A pack is compared with itself as it was loaded last: what it says as it did stays as it is
        in the database, and what it says otherwise is written unless somebody else changed it too.
        """
        for pack in packs:
            errors = [one for one in pack.diagnostics if is_error(one)]
            if errors:
                raise PackRefusedError(pack.institution, errors)
        with self._storage.writing() as unit:
            changed = [_Load(unit, self._clock, pack, note).run() for pack in _in_order(packs)]
        return any(changed)


@dataclass(frozen=True, slots=True)
class _Within:
    """A storage whose units are all a part of one that is open."""

    unit: Unit

    def reading(self) -> AbstractContextManager[Unit]:
        return nullcontext(self.unit)

    def writing(self) -> AbstractContextManager[Unit]:
        return nullcontext(self.unit)

    def check(self) -> None:
        pass


class _Load:
    """One pack, being loaded."""

    def __init__(self, unit: Unit, clock: Clock, pack: Pack, note: Note) -> None:
        self._unit = unit
        self._clock = clock
        self._pack = pack
        self._note = note
        # A compiler of its own: what it keeps is gone with the unit when that is undone.
        self._publishing = PublishingService(_Within(unit), clock, Compiler())

    def run(self) -> bool:
        """Write what the pack says otherwise than before; say whether there was anything."""
        name, kept = self._pack.institution, self._unit.catalogue
        self._unit.lock(f"catalogue {name}")
        files = {path: digest(content) for path, content in self._pack.sources.items()}
        sha256 = digest(canonical_json(files))
        before = kept.loaded_pack(name) or LoadedPack("", {})
        if before.sha256 == sha256:
            return False
        says = _entries(
            self._pack.title,
            self._pack.catalogue,
            self._pack.policies,
            write_samples(self._pack.samples),
        )
        changed = self._changed(before.entries, says)
        wrong = self._wrong()
        if changed:
            self._write(changed)
        published = self._publish()
        if lost := self._wrong() - wrong:
            raise PackRefusedError(name, sorted(lost))
        kept.keep_loaded_pack(name, LoadedPack(sha256, says))
        return bool(changed) or published

    def _changed(self, before: Mapping[str, str], says: Mapping[str, str]) -> Mapping[str, str]:
        """What has to be written, and how it changes; what would overwrite others is refused."""
        here = self._here()
        changed = {
            entry: "removed" if entry not in says else "changed" if entry in here else "created"
            for entry in sorted({*before, *says})
            if says.get(entry) not in {before.get(entry), here.get(entry)}
        }
        clashing = [one for one in changed if here.get(one) != before.get(one)]
        clashing += [f"draft {one}" for one in self._other_drafts()]
        if clashing:
            raise PackOverwritesError(self._pack.institution, clashing)
        return changed

    def _here(self) -> Mapping[str, str]:
        name, kept = self._pack.institution, self._unit.catalogue
        found = kept.institution(name)
        if found is None:
            return {}
        return _entries(found.title, kept.catalogue(name), kept.policies(name), kept.samples(name))

    def _other_drafts(self) -> Iterator[str]:
        """Drafts that somebody wrote of editions that the pack brings."""
        for path, rule_file in self._pack.rules.items():
            rule = usable(rule_file)
            kept = self._unit.editions.get(rule.award, rule.edition)
            if kept and kept.entry.status == "draft" and kept.source != self._text(path):
                yield f"{rule.award} {rule.edition}"

    def _write(self, changed: Mapping[str, str]) -> None:
        name, now = self._pack.institution, self._clock()
        _put(self._unit, self._pack, changed)
        if "policies" in changed:
            self._unit.catalogue.put_policies(name, self._pack.policies, now)
        self._unit.catalogue.touch(name)
        outcomes = {"catalogue": "loaded", **changed}
        changes = [
            Change(
                at=now,
                who=self._note.who,
                what=f"{kind}.{outcome}",
                subject=subject or name,
                why=self._note.why,
            )
            for entry, outcome in outcomes.items()
            for kind, _, subject in [entry.partition(" ")]
        ]
        self._unit.changes.add(*changes)

    def _publish(self) -> bool:
        """Drafts first, so that rules whose cases look at one another can be published.

        A rule is published after those that it nests.
        """
        drafts = []
        for path in sorted(self._pack.rules):
            entry, _ = self._publishing.put_draft(self._text(path), self._note, path)
            if entry.status == "draft":
                drafts.append(entry)
        order = nested_first(map(usable, self._pack.rules.values()))
        for entry in sorted(drafts, key=lambda one: (order.index(one.award), one.effective.start)):
            self._publishing.publish(entry.award, entry.edition, self._note)
        return bool(drafts)

    def _wrong(self) -> set[Diagnostic]:
        """The errors in the institution's published rules, by its catalogue as it is."""
        return {
            found
            for entry in self._unit.editions.published()
            if institution_of(entry.award) == self._pack.institution
            for found in self._publishing.check(entry.award, entry.edition)
            if is_error(found)
        }

    def _text(self, path: str) -> bytes:
        """A file as it was read; the paths of sources begin with the pack's directory."""
        sources = self._pack.sources
        found = [name for name in sources if name == path or name.endswith(f"/{path}")]
        return sources[min(found, key=len)]


def _in_order(packs: Sequence[Pack]) -> list[Pack]:
    """Packs as they are given, but those whose rules others nest before these."""
    rules = (usable(file) for pack in packs for file in pack.rules.values())
    order = nested_first(rules, institution_of)
    place = {institution: at for at, institution in enumerate(order)}
    return sorted(packs, key=lambda one: place.get(one.institution, 0))


def _entries(
    title: str, catalogue: Catalogue, policies: Mapping[str, str], samples: Mapping[str, bytes]
) -> dict[str, str]:
    """The digest of each thing that can change alone, by kind and id; what is empty is none."""
    plain: dict[str, Json] = {
        "institution": [title],
        **tables_to_plain(catalogue),
        "policies": policies,
        "samples": {name: content.decode() for name, content in samples.items()},
    }
    for issuer in catalogue.issuers.values():
        plain[f"issuer {issuer.id}"] = [issuer.title, issuer.country]
    for one in catalogue.credentials.values():
        plain[f"credential {one.id}"] = credential_to_plain(one)
    return {name: digest(canonical_json(value)) for name, value in plain.items() if value}


def _put(unit: Unit, pack: Pack, changed: Collection[str]) -> None:
    """Write those entries of the catalogue that change, as the pack has them."""
    name, catalogue, kept = pack.institution, pack.catalogue, unit.catalogue
    if "institution" in changed:
        kept.put_institution(name, pack.title)
    tables = {kind: getattr(catalogue, kind) for kind in TABLES if kind in changed}
    if tables:
        kept.put_tables(name, replace(kept.catalogue(name), **tables))
    if "samples" in changed:
        kept.put_samples(name, write_samples(pack.samples))
    issuers = _named("issuer", changed)
    kept.drop_issuers(name, issuers)
    for issuer in catalogue.issuers.values():
        if issuer.id in issuers:
            kept.put_issuer(name, issuer)
    credentials = _named("credential", changed)
    kept.drop_credentials(name, credentials - catalogue.credentials.keys())
    kept.put_credentials(
        name, [one for one in catalogue.credentials.values() if one.id in credentials]
    )


def _named(kind: str, entries: Collection[str]) -> set[str]:
    return {one.removeprefix(f"{kind} ") for one in entries if one.startswith(f"{kind} ")}
