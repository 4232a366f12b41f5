"""Packs are loaded whole or not at all, and take nothing back that others wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from app.core.model.credential import Credential, CredentialId, Issuer, IssuerId
from app.interop.packs import Pack, read_pack
from app.persistence.storage import SqlStorage
from app.persistence.tables import (
    changes,
    credentials,
    institutions,
    issuers,
    policies,
    rule_editions,
)
from app.services.errors import AlreadyPublishedError, CasesFailedError
from app.services.setup_errors import PackOverwritesError, PackRefusedError
from app.wiring import Services
from tests.persistence.databases import ENGINES
from tests.services.builders import CERTIFICATE, FILES, NOTE, edition, pack

NEW = Credential(id=CredentialId("x/new"), title="New", issuer=IssuerId("x"), type="award")
NEW_RULE = CERTIFICATE.replace("x/cert", "x/new").encode()
OTHER = {
    path: content.replace(b"institution: x", b"institution: y").replace(b"id: x/", b"id: y/")
    for path, content in FILES.items()
    if not path.startswith(("awards/", "records/"))
}


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def changed(path: str, old: str, new: str) -> Pack:
    assert old.encode() in FILES[path]
    return read_pack({**FILES, path: FILES[path].replace(old.encode(), new.encode())}, "x")


def retitle(services: Services, credential: str, title: str) -> None:
    entry = services.catalogue.get(credential)
    services.catalogue.put(replace(entry.credential, title=title), NOTE)


def put_issuer(services: Services, issuer: str) -> None:
    with services.storage.writing() as unit:
        unit.catalogue.put_issuer("x", Issuer(id=IssuerId(issuer), title="Z"))


def title_of(services: Services, credential: str) -> str:
    return services.catalogue.get(credential).credential.title


def state(services: Services) -> object:
    """All rows but those that say how packs were loaded."""
    assert isinstance(services.storage, SqlStorage)
    kept = (institutions, credentials, issuers, policies, rule_editions, changes)
    with services.storage.engine.connect() as connection:
        return [sorted(map(str, connection.execute(select(one)))) for one in kept]


def log(services: Services, *subjects: str) -> list[tuple[str, str]]:
    with services.storage.reading() as unit:
        return [
            (one.what, one.subject)
            for subject in subjects
            for _, one in unit.changes.page(subject, "", 100)
        ]


def test_what_was_written_since_stays_when_the_pack_is_loaded_again(services: Services) -> None:
    services.catalogue.put(NEW, NOTE)
    put_issuer(services, "z")
    services.publishing.put_draft(NEW_RULE, NOTE)
    services.publishing.publish("x/new", "2024", NOTE)
    retitle(services, "x/a", "Changed")
    before = state(services)
    assert not services.packs.load(pack(), NOTE)
    assert state(services) == before
    assert title_of(services, "x/a") == "Changed"


def test_a_changed_pack_leaves_what_it_does_not_change(services: Services) -> None:
    services.catalogue.put(NEW, NOTE)
    put_issuer(services, "z")
    retitle(services, "x/a", "Changed")
    assert services.packs.load(changed("catalogue.yaml", "Botany", "Plants"), NOTE)
    titles = {name: title_of(services, name) for name in ("x/a", "x/b", "x/new")}
    assert titles == {"x/a": "Changed", "x/b": "Plants", "x/new": "New"}
    assert [one.id for one in services.catalogue.issuers().items] == ["x", "z"]


def test_every_entry_that_a_pack_changes_is_logged(services: Services) -> None:
    catalogue = (
        FILES["catalogue.yaml"]
        .replace(b"title: Botany", b"title: Plants")
        .replace(b"x/d, title: Drama", b"x/e, title: Drama")
        .replace(b"title: X University\n", b"title: Y University\n")
    )
    services.packs.load(pack(catalogue_yaml=catalogue), NOTE)
    assert log(services, "x/b", "x/d", "x/e") == [
        ("credential.created", "x/b"),
        ("credential.changed", "x/b"),
        ("credential.created", "x/d"),
        ("credential.removed", "x/d"),
        ("credential.created", "x/e"),
    ]
    assert log(services, "x")[-2:] == [("catalogue.loaded", "x"), ("institution.changed", "x")]


@pytest.mark.parametrize(
    ("write", "old", "new", "named"),
    [
        (lambda one: retitle(one, "x/b", "Moss"), "Botany", "Plants", "credential x/b"),
        (lambda one: retitle(one, "x/d", "Plays"), "x/d, title", "x/e, title", "credential x/d"),
        (
            lambda one: one.catalogue.put(replace(NEW, id=CredentialId("x/e")), NOTE),
            "x/d, title",
            "x/e, title",
            "credential x/e",
        ),
        (
            lambda one: put_issuer(one, "x"),
            "country: IE",
            "country: FR",
            "issuer x",
        ),
    ],
    ids=["changed", "removed", "added", "issuer"],
)
def test_a_pack_that_would_overwrite_what_was_written_since_is_refused(
    services: Services, write: Callable[[Services], object], old: str, new: str, named: str
) -> None:
    write(services)
    before = state(services)
    with pytest.raises(PackOverwritesError, match=f"written here since: `{named}`"):
        services.packs.load(changed("catalogue.yaml", old, new), NOTE)
    assert state(services) == before


def test_what_both_changed_alike_is_no_conflict(services: Services) -> None:
    retitle(services, "x/b", "Plants")
    before = state(services)
    assert not services.packs.load(changed("catalogue.yaml", "Botany", "Plants"), NOTE)
    assert state(services) == before


def test_a_draft_of_somebody_else_is_not_overwritten(services: Services) -> None:
    services.publishing.put_draft(edition("2026", "2026-01-01"), NOTE)
    other = edition("2026", "2026-02-01")
    more = read_pack({**FILES, "awards/cert/2026.yaml": other}, "x")
    with pytest.raises(PackOverwritesError, match="`draft x/cert 2026`"):
        services.packs.load(more, NOTE)
    assert services.awards.edition("x/cert", "2026").source == edition("2026", "2026-01-01")


def test_a_pack_does_not_take_away_what_a_published_rule_names(services: Services) -> None:
    services.catalogue.put(NEW, NOTE)
    rule = NEW_RULE[: NEW_RULE.index(b"  - name: one elective")].replace(b"x/a", b"x/d")
    services.publishing.put_draft(rule, NOTE)
    services.publishing.publish("x/new", "2024", NOTE)
    before = state(services)
    with pytest.raises(PackRefusedError) as refused:
        services.packs.load(changed("catalogue.yaml", "x/d, title", "x/e, title"), NOTE)
    assert {one.span.file for one in refused.value.diagnostics} == {"x/new/2024.yaml"}
    assert state(services) == before


@pytest.mark.parametrize(
    ("path", "old", "new", "refusal"),
    [
        ("awards/cert/2024.yaml", "Regulation 1", "Regulation 9", AlreadyPublishedError),
        ("awards/dip/1.yaml", 'edition: "1"', 'edition: "2"', CasesFailedError),
    ],
)
def test_packs_are_loaded_all_or_none(
    services: Services, path: str, old: str, new: str, refusal: type[Exception]
) -> None:
    before = state(services)
    bad = FILES[path].decode().replace(old, new).replace("2024-01-01}", "2025-01-01}")
    bad = bad.replace("expect: {met: true}", "expect: {met: false}")
    catalogue = FILES["catalogue.yaml"].replace(b"Botany", b"Plants")
    files = {**FILES, path: bad.encode(), "catalogue.yaml": catalogue}
    with pytest.raises(refusal):
        services.packs.load_all([read_pack(OTHER, "y"), read_pack(files, "x")], NOTE)
    assert state(services) == before


def test_a_load_that_was_refused_leaves_nothing_in_memory(services: Services) -> None:
    catalogue = FILES["catalogue.yaml"].replace(b"Botany", b"Plants")
    cert = FILES["awards/cert/2024.yaml"].replace(b"Regulation 1", b"Regulation 9")
    with pytest.raises(AlreadyPublishedError):
        services.packs.load(pack(catalogue_yaml=catalogue, awards_cert_2024_yaml=cert), NOTE)
    retitle(services, "x/a", "Changed")
    found = services.graph.graph().catalogue.credentials
    assert [found[CredentialId(name)].title for name in ("x/a", "x/b")] == ["Changed", "Botany"]


def test_a_pack_whose_files_alone_changed_changes_nothing(services: Services) -> None:
    before = state(services)
    again = pack(catalogue_yaml=FILES["catalogue.yaml"] + b"# the end\n")
    assert not services.packs.load(again, NOTE)
    assert state(services) == before


def test_a_database_that_knows_no_pack_yet_keeps_what_is_there(services: Services) -> None:
    assert isinstance(services.storage, SqlStorage)
    retitle(services, "x/a", "Changed")
    with services.storage.engine.begin() as connection:
        connection.execute(text("DELETE FROM loaded_packs"))
    with pytest.raises(PackOverwritesError, match="`credential x/a`"):
        services.packs.load(pack(), NOTE)
    retitle(services, "x/a", "Algebra")
    assert not services.packs.load(pack(), NOTE)
