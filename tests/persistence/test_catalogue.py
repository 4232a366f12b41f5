"""The catalogue in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, Issuer, IssuerId
from app.core.model.credits import ConversionPolicy, Credits
from app.core.model.grade import Grade, GradeScale
from app.core.model.level import Level
from app.persistence.storage import SqlStorage
from app.services.catalogue_json import read_catalogue, write_catalogue
from app.services.stored import CredentialQuery, LoadedPack

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
ISSUER = Issuer(id=IssuerId("x"), title="X University", country="IE")
FULL = Credential(
    id=CredentialId("x/data-100%"),
    title="Daten & Köpfe",
    issuer=IssuerId("x"),
    type="module",
    credits=Credits(7500),
    unit="ects",
    level=Level("eqf", 7),
    relation="component",
    size="micro",
    fields=("0613", "0542"),
    tags=("core", "core", "a_b"),
    outcomes=("can count",),
    skills=("counting",),
    assessment="exam",
    quality_assurance="internal",
    workload="190 hours",
    participation="online",
    mode="part-time",
    language="en",
    prerequisites=(CredentialId("x/plain"),),
    equivalents=(CredentialId("y/data"),),
    attributes={
        "cluster": "alpha",
        "rank": 0,
        "open": False,
        "since": date(2020, 1, 1),
        "in": ("a",),
    },
    retired=date(2030, 1, 1),
)
PLAIN = Credential(id=CredentialId("x/plain"), title="Plain", issuer=IssuerId("z"), type="")
TABLES = Catalogue(
    scales={
        "letter": GradeScale(
            "letter", {"A": Grade("A", 2, 4000), "F": Grade("F", 1, None, passes=False)}
        )
    },
    conversions={
        "convention": ConversionPolicy(
            name="convention",
            version="1",
            rates={("cats", "ects"): Fraction(1, 2), ("ects", "cats"): Fraction(2)},
            rounding="up",
        )
    },
    levels={("eqf", 7, "rqf"): 7, ("rqf", 7, "eqf"): 7},
    attributes={"cluster": "text", "since": "date"},
)
WHOLE = replace(TABLES, credentials={FULL.id: FULL, PLAIN.id: PLAIN}, issuers={ISSUER.id: ISSUER})


@pytest.fixture
def kept(storage: SqlStorage) -> SqlStorage:
    """Storage with the catalogue of one institution."""
    with storage.writing() as unit:
        unit.catalogue.put_institution("x", "X")
        unit.catalogue.put_tables("x", TABLES)
        unit.catalogue.put_issuer("x", ISSUER)
        unit.catalogue.put_credentials("x", [PLAIN, FULL])
    return storage


def test_a_catalogue_comes_back_as_it_was_given(kept: SqlStorage) -> None:
    with kept.reading() as unit:
        assert unit.catalogue.catalogue("x") == WHOLE


def test_a_catalogue_written_and_read_is_the_same() -> None:
    assert read_catalogue(write_catalogue(WHOLE)) == WHOLE


def test_the_order_of_a_catalogue_does_not_change_what_is_written() -> None:
    turned = replace(
        WHOLE,
        credentials=dict(reversed(list(WHOLE.credentials.items()))),
        levels=dict(reversed(list(WHOLE.levels.items()))),
        attributes=dict(reversed(list(WHOLE.attributes.items()))),
    )
    assert write_catalogue(turned) == write_catalogue(WHOLE)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["x/data-100%", "x/plain"]),
        ({"text": "KÖPFE"}, ["x/data-100%"]),
        ({"text": "100%"}, ["x/data-100%"]),
        ({"text": "%"}, ["x/data-100%"]),
        ({"text": "_"}, []),
        ({"tag": "core"}, ["x/data-100%"]),
        ({"tag": "a_b"}, ["x/data-100%"]),
        ({"tag": "acb"}, []),
        ({"field": "061"}, ["x/data-100%"]),
        ({"field": "0613"}, ["x/data-100%"]),
        ({"field": "13"}, []),
        ({"framework": "eqf", "level": 7}, ["x/data-100%"]),
        ({"framework": "eqf", "level": 6}, []),
        ({"issuer": "z"}, ["x/plain"]),
        ({"type": "module", "unit": "ects", "institution": "x"}, ["x/data-100%"]),
        ({"institution": "y"}, []),
    ],
)
def test_a_search_finds_what_matches_every_key(
    kept: SqlStorage, query: Mapping[str, Any], found: list[str]
) -> None:
    with kept.reading() as unit:
        entries = unit.catalogue.search(CredentialQuery(**query), "", 10)
    assert [one.credential.id for one in entries] == found


def test_an_entry_names_its_issuer_and_what_is_missing(kept: SqlStorage) -> None:
    with kept.reading() as unit:
        full, plain = unit.catalogue.entry(FULL.id), unit.catalogue.entry(PLAIN.id)
    assert full is not None
    assert (full.credential, full.issuer, full.missing) == (FULL, ISSUER, ())
    assert plain is not None
    assert plain.issuer is None
    assert plain.present == ("title",)
    assert "workload" in plain.missing


def test_a_changed_credential_has_a_new_revision_and_new_marks(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.catalogue.put_credentials("x", [replace(FULL, tags=("other",), fields=())])
    with kept.reading() as unit:
        found = unit.catalogue.search(CredentialQuery(tag="other"), "", 10)
        assert unit.catalogue.search(CredentialQuery(tag="core"), "", 10) == ()
    assert [one.revision for one in found] == ["2"]


def test_what_is_named_is_dropped_and_nothing_else(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.catalogue.put_issuer("x", replace(ISSUER, id=IssuerId("z")))
        unit.catalogue.drop_credentials("x", {FULL.id, "x/unknown"})
        unit.catalogue.drop_credentials("y", {PLAIN.id})
        unit.catalogue.drop_issuers("x", {"z"})
    with kept.reading() as unit:
        found = unit.catalogue.catalogue("x")
    assert (list(found.credentials), list(found.issuers)) == ([PLAIN.id], ["x"])


def test_a_pack_is_known_as_it_was_loaded_last(kept: SqlStorage) -> None:
    packs = [LoadedPack("1", {"credential x/é": "a"}), LoadedPack("2", {})]
    with kept.writing() as unit:
        assert unit.catalogue.loaded_pack("x") is None
        for one in packs:
            unit.catalogue.keep_loaded_pack("x", one)
            assert unit.catalogue.loaded_pack("x") == one


def test_policies_are_replaced_and_stay_in_the_table(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        assert unit.catalogue.policies("x") == {}
        unit.catalogue.put_policies("x", {"caps": "whole"}, MAY)
        unit.catalogue.put_policies("x", {"caps": "trim"}, MAY.replace(month=6))
        assert unit.catalogue.policies("x") == {"caps": "trim"}
    with kept.engine.begin() as connection:
        answers = connection.exec_driver_sql("SELECT answers FROM policies ORDER BY seq")
        assert [row[0] for row in answers] == ['{"caps":"whole"}', '{"caps":"trim"}']


def test_samples_are_kept_as_they_are(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.catalogue.put_samples("x", {"ann": b"earned: []\r\n", "bob": b""})
        unit.catalogue.put_samples("x", {"ann": b"earned: []\n"})
    with kept.reading() as unit:
        assert unit.catalogue.samples("x") == {"ann": b"earned: []\n"}


def test_a_snapshot_is_kept_once(kept: SqlStorage) -> None:
    for _ in range(2):
        with kept.writing() as unit:
            unit.catalogue.keep_snapshot("abc", b"content" * 1000)
    with kept.reading() as unit:
        assert unit.catalogue.snapshot("abc") == b"content" * 1000
        assert unit.catalogue.snapshot("abd") is None


def test_credentials_of_any_institution_are_found_by_id(kept: SqlStorage) -> None:
    with kept.reading() as unit:
        assert unit.catalogue.credentials([FULL.id, "y/none"]) == {FULL.id: FULL}
        assert unit.catalogue.credentials([]) == {}
        assert list(unit.catalogue.ids_like("x/plian")) == [FULL.id, PLAIN.id]


def test_institutions_count_their_changes(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.catalogue.touch("x")
        unit.catalogue.put_institution("x", "X Institute")
    with kept.reading() as unit:
        found = unit.catalogue.institutions()
    assert [(one.id, one.title, one.revision) for one in found] == [("x", "X Institute", 1)]


def test_an_issuer_that_two_catalogues_list_is_listed_once(kept: SqlStorage) -> None:
    with kept.writing() as unit:
        unit.catalogue.put_institution("a", "A")
        unit.catalogue.put_issuer("a", replace(ISSUER, title="As A says"))
        unit.catalogue.put_issuer("a", Issuer(id=IssuerId("w"), title="W"))
    with kept.reading() as unit:
        found = unit.catalogue.issuers("", 10)
        assert unit.catalogue.issuers("w", 1) == found[1:]
        assert unit.catalogue.issuers_of("x") == {ISSUER.id: ISSUER}
    assert [(one.id, one.title) for one in found] == [("w", "W"), ("x", "As A says")]
