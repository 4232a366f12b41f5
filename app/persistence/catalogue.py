"""Catalogues in the database: a credential's document is the truth, columns are for searching."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, Issuer, IssuerId
from app.persistence.columns import AnyRow
from app.persistence.tables import (
    catalogue_documents,
    catalogue_snapshots,
    credential_marks,
    credentials,
    institutions,
    issuers,
    loaded_packs,
    policies,
    samples,
)
from app.persistence.versions import insert_missing, known, put
from app.services.canonical import canonical_json
from app.services.catalogue_json import (
    credential_from_plain,
    credential_to_plain,
    tables_from_plain,
    tables_to_plain,
)
from app.services.stored import CatalogueEntry, CredentialQuery, Institution, LoadedPack

SUGGESTED_FROM = 2000


class SqlCatalogueRepository:
    """Credentials, issuers, tables, policies and sample records. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def institutions(self) -> tuple[Institution, ...]:
        """Return all, by id."""
        rows = self._connection.execute(select(institutions).order_by(institutions.c.id))
        return tuple(Institution(*row) for row in rows)

    def institution(self, institution: str) -> Institution | None:
        """Return one, or None."""
        statement = select(institutions).where(institutions.c.id == institution)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else Institution(*row)

    def put_institution(self, institution: str, title: str) -> None:
        """Keep the institution under this title."""
        if self.institution(institution) is None:
            row = {"id": institution, "title": title, "revision": 0}
            self._connection.execute(insert(institutions).values(row))
        else:
            changed = update(institutions).where(institutions.c.id == institution)
            self._connection.execute(changed.values(title=title))

    def touch(self, institution: str) -> None:
        """Count a change to what the institution's audits look up."""
        changed = update(institutions).where(institutions.c.id == institution)
        self._connection.execute(changed.values(revision=institutions.c.revision + 1))

    def catalogue(self, institution: str) -> Catalogue:
        """Return all that the institution's catalogue holds, in the order of ids."""
        own = select(credentials.c.document).where(credentials.c.institution == institution)
        documents = self._connection.scalars(own.order_by(credentials.c.id))
        found = [credential_from_plain(json.loads(one)) for one in documents]
        return replace(
            self._tables(institution),
            credentials={one.id: one for one in found},
            issuers=self.issuers_of(institution),
        )

    def _tables(self, institution: str) -> Catalogue:
        kept = select(catalogue_documents.c.kind, catalogue_documents.c.content).where(
            catalogue_documents.c.institution == institution
        )
        rows = self._connection.execute(kept)
        return tables_from_plain({row.kind: json.loads(row.content) for row in rows})

    def put_tables(self, institution: str, catalogue: Catalogue) -> None:
        """Keep the scales, conversions, levels and attributes of `catalogue`."""
        own = catalogue_documents.c.institution == institution
        self._connection.execute(delete(catalogue_documents).where(own))
        rows = [
            {"institution": institution, "kind": kind, "content": canonical_json(table).decode()}
            for kind, table in tables_to_plain(catalogue).items()
        ]
        self._connection.execute(insert(catalogue_documents), rows)

    def policies(self, institution: str) -> Mapping[str, str]:
        """Return the institution's answers to named options."""
        current = and_(policies.c.institution == institution, known(policies, None))
        answers = self._connection.scalar(select(policies.c.answers).where(current))
        found: dict[str, str] = json.loads(answers or "{}")
        return found

    def put_policies(self, institution: str, answers: Mapping[str, str], at: datetime) -> None:
        """Keep the answers; earlier ones stay readable in the table."""
        values = {"answers": canonical_json(answers).decode()}
        put(self._connection, policies, {"institution": institution}, values, at)

    def samples(self, institution: str) -> Mapping[str, bytes]:
        """Return the sample records that cases may begin from, by name."""
        own = select(samples.c.name, samples.c.content).where(samples.c.institution == institution)
        return {row.name: row.content for row in self._connection.execute(own)}

    def put_samples(self, institution: str, contents: Mapping[str, bytes]) -> None:
        """Keep exactly these sample records."""
        self._connection.execute(delete(samples).where(samples.c.institution == institution))
        rows = [
            {"institution": institution, "name": name, "content": content}
            for name, content in contents.items()
        ]
        self._many(insert(samples), rows)

    def entry(self, credential: str) -> CatalogueEntry | None:
        """Return one credential, or None."""
        found = self._entries(credentials.c.id == credential, 1)
        return found[0] if found else None

    def credentials(self, ids: Collection[str]) -> Mapping[CredentialId, Credential]:
        """Return those of `ids` that any institution's catalogue holds."""
        if not ids:
            return {}
        statement = select(credentials.c.document).where(credentials.c.id.in_(sorted(ids)))
        documents = self._connection.scalars(statement.order_by(credentials.c.id))
        found = [credential_from_plain(json.loads(one)) for one in documents]
        return {one.id: one for one in found}

    def ids_like(self, credential: str) -> Sequence[str]:
        """Return ids of the same institution, to suggest a spelling from."""
        institution = credential.partition("/")[0]
        near = credentials.c.id.startswith(f"{institution}/", autoescape=True)
        statement = select(credentials.c.id).where(near).order_by(credentials.c.id)
        return self._connection.scalars(statement.limit(SUGGESTED_FROM)).all()

    def search(self, query: CredentialQuery, after: str, limit: int) -> tuple[CatalogueEntry, ...]:
        """Return at most `limit` entries that match, in the order of ids, behind `after`."""
        return self._entries(and_(credentials.c.id > after, *_tests(query)), limit)

    def _entries(self, test: ColumnElement[bool], limit: int) -> tuple[CatalogueEntry, ...]:
        own = (credentials.c.document, credentials.c.institution, credentials.c.revision)
        its = (issuers.c.id, issuers.c.title, issuers.c.country)
        same = issuers.c.institution == credentials.c.institution
        joined = credentials.outerjoin(issuers, and_(same, issuers.c.id == credentials.c.issuer))
        statement = select(*own, *its).select_from(joined).where(test)
        rows = self._connection.execute(statement.order_by(credentials.c.id).limit(limit))
        return tuple(_entry(row) for row in rows)

    def put_credentials(self, institution: str, changed: Sequence[Credential]) -> None:
        """Keep credentials in the institution's catalogue, many at once."""
        own = select(credentials.c.id, credentials.c.revision)
        found = self._connection.execute(own.where(credentials.c.institution == institution))
        kept = {row.id: row.revision for row in found}
        rows = [{**_row(institution, one), "revision": kept.get(one.id, 0) + 1} for one in changed]
        self._many(insert(credentials), [row for row in rows if row["id"] not in kept])
        again = [{**row, "same": row["id"]} for row in rows if row["id"] in kept]
        self._many(update(credentials).where(credentials.c.id == bindparam("same")), again)
        gone = delete(credential_marks).where(credential_marks.c.credential == bindparam("same"))
        self._many(gone, [{"same": row["same"]} for row in again])
        self._many(insert(credential_marks), [row for one in changed for row in _marks(one)])

    def drop_credentials(self, institution: str, gone: Collection[str]) -> None:
        """Leave out these credentials of the institution's catalogue."""
        same = and_(credentials.c.institution == institution, credentials.c.id == bindparam("gone"))
        self._many(delete(credentials).where(same), [{"gone": one} for one in gone])

    def _many(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            self._connection.execute(statement, rows)

    def issuers(self, after: str, limit: int) -> tuple[Issuer, ...]:
        """Return at most `limit` issuers in the order of ids, behind `after`."""
        # Several catalogues may list one issuer: the first of them is heard.
        other = issuers.alias()
        first = select(func.min(other.c.institution)).where(other.c.id == issuers.c.id)
        statement = select(issuers).where(
            issuers.c.id > after, issuers.c.institution == first.scalar_subquery()
        )
        rows = self._connection.execute(statement.order_by(issuers.c.id).limit(limit))
        return tuple(_issuer(row) for row in rows)

    def issuers_of(self, institution: str) -> Mapping[IssuerId, Issuer]:
        """Return the issuers that the institution's catalogue lists."""
        own = select(issuers).where(issuers.c.institution == institution).order_by(issuers.c.id)
        found = [_issuer(row) for row in self._connection.execute(own)]
        return {one.id: one for one in found}

    def put_issuer(self, institution: str, issuer: Issuer) -> None:
        """Keep the issuer in the institution's catalogue."""
        same = and_(issuers.c.institution == institution, issuers.c.id == issuer.id)
        self._connection.execute(delete(issuers).where(same))
        row = {"id": issuer.id, "title": issuer.title, "country": issuer.country}
        self._connection.execute(insert(issuers).values(institution=institution, **row))

    def drop_issuers(self, institution: str, gone: Collection[str]) -> None:
        """Leave out these issuers of the institution's catalogue."""
        same = and_(issuers.c.institution == institution, issuers.c.id == bindparam("gone"))
        self._many(delete(issuers).where(same), [{"gone": one} for one in gone])

    def loaded_pack(self, institution: str) -> LoadedPack | None:
        """Return the institution's pack as it was loaded last, or None."""
        statement = select(loaded_packs).where(loaded_packs.c.institution == institution)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else LoadedPack(row.sha256, json.loads(row.entries))

    def keep_loaded_pack(self, institution: str, pack: LoadedPack) -> None:
        """Keep what the institution's pack is, now that it is loaded."""
        own = loaded_packs.c.institution == institution
        self._connection.execute(delete(loaded_packs).where(own))
        entries = canonical_json(pack.entries).decode()
        row = {"institution": institution, "sha256": pack.sha256, "entries": entries}
        self._connection.execute(insert(loaded_packs).values(row))

    def snapshot(self, sha256: str) -> bytes | None:
        """Return a catalogue as it was when an audit looked things up in it, or None."""
        same = catalogue_snapshots.c.sha256 == sha256
        content = self._connection.scalar(select(catalogue_snapshots.c.content).where(same))
        return None if content is None else zlib.decompress(content)

    def keep_snapshot(self, sha256: str, content: bytes) -> None:
        """Keep a catalogue for audits to be repeated from; kept already, nothing happens."""
        same = catalogue_snapshots.c.sha256 == sha256
        if self._connection.scalar(select(catalogue_snapshots.c.sha256).where(same)) is None:
            row = {"sha256": sha256, "content": zlib.compress(content)}
            insert_missing(self._connection, catalogue_snapshots, row)


def _entry(row: AnyRow) -> CatalogueEntry:
    issuer = None if row.id is None else _issuer(row)
    credential = credential_from_plain(json.loads(row.document))
    return CatalogueEntry.of(credential, issuer, row.institution, row.revision)


def _issuer(row: AnyRow) -> Issuer:
    return Issuer(id=row.id, title=row.title, country=row.country)


def _row(institution: str, credential: Credential) -> dict[str, object]:
    level = credential.level
    return {
        "id": credential.id,
        "institution": institution,
        "title": credential.title,
        "issuer": credential.issuer,
        "type": credential.type,
        "unit": credential.unit,
        "framework": level.framework if level else "",
        "step": level.step if level else None,
        "searched": f"{credential.id} {credential.title}".casefold(),
        "document": canonical_json(credential_to_plain(credential)).decode(),
    }


def _marks(credential: Credential) -> list[dict[str, str]]:
    marks = [("tag", one) for one in credential.tags]
    marks += [("field", one) for one in credential.fields]
    return [
        {"credential": credential.id, "kind": kind, "value": value}
        for kind, value in dict.fromkeys(marks)
    ]


def _tests(query: CredentialQuery) -> list[ColumnElement[bool]]:
    found = [
        credentials.c[name] == value
        for name in ("institution", "issuer", "type", "unit", "framework")
        if (value := getattr(query, name))
    ]
    if query.level is not None:
        found.append(credentials.c.step == query.level)
    if query.text:
        found.append(credentials.c.searched.contains(query.text.casefold(), autoescape=True))
    if query.tag:
        found.append(_marked("tag", credential_marks.c.value == query.tag))
    if query.field:
        # A code of ISCED-F matches the codes below it too.
        below = credential_marks.c.value.startswith(query.field, autoescape=True)
        found.append(_marked("field", or_(credential_marks.c.value == query.field, below)))
    return found


def _marked(kind: str, test: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        credential_marks.c.credential == credentials.c.id, credential_marks.c.kind == kind, test
    )
