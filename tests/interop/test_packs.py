"""Packs: the files of an institution read together."""

from __future__ import annotations

from app.core.model.catalogue import Catalogue
from app.interop.packs import merge_catalogues, read_pack
from tests.core.engine.builders import credential

CATALOGUE = b"""
institution: u
title: U
issuers: [{id: u, title: U}]
credentials: [{id: u/a, title: A, issuer: u}]
"""
RULE = b"""
award: u/x
title: X
edition: "1"
effective: {from: 2026-01-01}
credit: {total: 4, unit: ects}
reference: {title: Paper}
require: {take: u/a}
"""


def test_everything_below_a_directory_is_read() -> None:
    files = {
        "catalogue.yaml": CATALOGUE,
        "policies.yaml": b"policies: {retakes: best}\n",
        "awards/x/1.yaml": RULE,
        "records/ada.yaml": b"earned: [u/a]\n",
        "README.md": b"# not read",
    }
    pack = read_pack(files, "rules/u")
    assert (pack.institution, pack.policies, pack.broken) == ("u", {"retakes": "best"}, False)
    assert list(pack.rules) == ["awards/x/1.yaml"]
    assert list(pack.samples) == ["ada"]
    assert "rules/u/awards/x/1.yaml" in pack.sources


def test_a_directory_without_a_catalogue_is_no_pack() -> None:
    pack = read_pack({"awards/x/1.yaml": RULE})
    assert {one.code for one in pack.diagnostics} >= {"CN0807"}
    assert pack.broken


def test_an_award_of_another_institution_does_not_belong() -> None:
    pack = read_pack({"catalogue.yaml": CATALOGUE, "awards/x.yaml": RULE.replace(b"u/x", b"v/x")})
    assert {one.code for one in pack.diagnostics} == {"CN0806"}


def test_of_what_two_catalogues_define_the_first_stands() -> None:
    one, other = credential("u/a", 4), credential("u/a", 5)
    merged = merge_catalogues(
        [Catalogue(credentials={one.id: one}), Catalogue(credentials={other.id: other})]
    )
    assert merged.credentials == {one.id: one}
