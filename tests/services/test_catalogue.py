"""The catalogue, found, read and written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.credits import Credits
from app.services.errors import (
    StaleRevisionError,
    UnknownCredentialError,
    UnknownInstitutionError,
    UnknownIssuerError,
)
from app.services.setup_errors import PackRefusedError
from app.services.stored import CredentialQuery
from app.wiring import Services
from tests.services.builders import FILES, NOTE, pack

NEW = Credential(
    id=CredentialId("x/e"),
    title="Ecology",
    issuer=IssuerId("x"),
    type="unit",
    credits=Credits(5000),
    unit="ects",
    outcomes=("can tell species apart",),
    assessment="exam",
)


def test_credentials_are_found_page_by_page(services: Services) -> None:
    query = CredentialQuery(tag="elective")
    first = services.catalogue.search(query, limit=2)
    rest = services.catalogue.search(query, cursor=first.next)
    found = [one.credential.id for one in (*first.items, *rest.items)]
    assert found == ["x/b", "x/c", "x/d"]


def test_a_credential_tells_its_mandatory_elements(services: Services) -> None:
    entry = services.catalogue.get("x/a")
    assert entry.present == ("title", "country", "awarding-body", "workload")
    assert entry.missing == (
        *("learning-outcomes", "level", "assessment", "participation", "quality-assurance"),
    )


def test_an_unknown_credential_is_named_with_the_nearest(services: Services) -> None:
    with pytest.raises(UnknownCredentialError, match="did you mean `x/cert`"):
        services.catalogue.get("x/crt")


def test_a_new_credential_is_kept_and_counts_at_once(services: Services) -> None:
    entry, created = services.catalogue.put(NEW, NOTE, expected="")
    assert (created, entry.credential, entry.revision) == (True, NEW, "1")
    assert services.catalogue.put(NEW, NOTE) == (entry, False)
    assert services.catalogue.get("x/e") == entry
    assert services.graph.graph().catalogue.credentials[NEW.id] == NEW


def test_a_credential_changes_only_from_the_revision_that_was_read(services: Services) -> None:
    read = services.catalogue.get("x/a")
    first = replace(read.credential, title="Sums")
    services.catalogue.put(first, NOTE, expected=read.revision)
    with pytest.raises(StaleRevisionError, match="it is at revision `2` now"):
        services.catalogue.put(replace(first, title="More"), NOTE, expected=read.revision)
    with pytest.raises(StaleRevisionError):
        services.catalogue.put(first, NOTE, expected="")
    with pytest.raises(StaleRevisionError, match="it does not exist"):
        services.catalogue.put(NEW, NOTE, expected="1")


def test_a_credential_needs_its_institution_and_issuer(services: Services) -> None:
    with pytest.raises(UnknownInstitutionError, match="there are `x`"):
        services.catalogue.put(replace(NEW, id=CredentialId("y/e")), NOTE)
    with pytest.raises(UnknownIssuerError, match="there is no issuer `z`"):
        services.catalogue.put(replace(NEW, issuer=IssuerId("z")), NOTE)
    assert [one.id for one in services.catalogue.issuers().items] == ["x"]


def test_an_institution_shows_its_tables(services: Services) -> None:
    tables = services.catalogue.tables("x")
    assert list(tables.scales["letter"].grades) == ["A", "B", "F"]
    assert dict(tables.attributes) == {"cluster": "text", "since": "date"}
    assert tables.credentials == {}


def test_a_changed_pack_changes_what_differs(services: Services) -> None:
    text = FILES["catalogue.yaml"].replace(b"title: Algebra", b"title: Sums")
    without = b"\n".join(line for line in text.splitlines() if b"x/d," not in line)
    assert services.packs.load(pack(catalogue_yaml=without), NOTE)
    found = services.catalogue.search(CredentialQuery(institution="x")).items
    assert [(one.credential.id, one.revision) for one in found] == [
        ("x/a", "2"),
        *((name, "1") for name in ("x/b", "x/c", "x/cert", "x/dip")),
    ]


def test_a_pack_with_errors_is_not_loaded(empty: Services) -> None:
    with pytest.raises(PackRefusedError, match="the pack `x` cannot be loaded") as refused:
        empty.packs.load(pack(awards_cert_2024_yaml=b"award: [", policies_yaml=b"x"), NOTE)
    assert len({one.span.file for one in refused.value.diagnostics}) == 2
    assert empty.catalogue.search().items == ()
