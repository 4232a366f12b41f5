"""Packs together: ids that meet or lead nowhere, and cases that start from nothing."""

from __future__ import annotations

from app.core.language.diagnostics import Diagnostic
from app.interop.packs import Pack, check_packs, read_pack

RULE = """
award: {institution}/award
title: Award
edition: "1"
effective: {{from: 2026-01-01}}
credit: {{total: 5, unit: ects}}
require: {{take: {institution}/a}}
cases:
  - {{name: first, on: 2026-06-01, record: {{like: {like}}}, expect: {{met: true}}}}
  - {{name: second, on: 2026-06-01, record: {{like: first}}, expect: {{met: true}}}}
"""


def pack(name: str, keys: str = "", *, issuer: str = "X", like: str = "ada") -> Pack:
    catalogue = (
        f"institution: {name}\ntitle: {name}\nissuers: [{{id: shared, title: {issuer}}}]\n"
        f"credentials: [{{id: {name}/a, title: A, issuer: shared{keys}}}]\n"
    )
    rule = RULE.format(institution=name, like=like)
    files = {
        "catalogue.yaml": catalogue.encode(),
        "awards/award/1.yaml": rule.encode(),
        "records/ada.json": f'{{"earned": ["{name}/a"]}}'.encode(),
    }
    return read_pack(files, name)


def told(found: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{one.code} {one.span} {one.path}: {one.message}: {one.help}" for one in found]


def test_packs_that_know_of_each_other_are_let_be() -> None:
    assert check_packs([pack("x", ", equivalents: [y/a]"), pack("y")]) == ()


def test_an_id_that_two_packs_list_is_told() -> None:
    found = check_packs([pack("x"), pack("x")])
    assert told(found) == [
        (
            "CN0801 x/catalogue.yaml $.credentials[0]: two packs list the credential `x/a`: "
            "keep it in one of them"
        )
    ]


def test_an_issuer_that_two_packs_describe_differently_is_told() -> None:
    found = check_packs([pack("x"), pack("y", issuer="Z")])
    assert told(found) == [
        (
            "CN0801 y/catalogue.yaml $.issuers: two packs describe the issuer `shared` "
            "differently: make them agree"
        )
    ]


def test_a_credential_of_another_pack_that_is_not_there_is_told() -> None:
    found = check_packs([pack("x", ", prerequisites: [y/b]"), pack("y")])
    assert told(found) == [
        (
            "CN0802 x/catalogue.yaml $.credentials[0]: `x/a` names `y/b`, which no pack lists: "
            "add it to the catalogue of its institution"
        )
    ]


def test_an_institution_without_a_pack_may_be_named() -> None:
    assert check_packs([pack("x", ", prerequisites: [z/b]")]) == ()


def test_a_case_that_starts_from_a_sample_or_an_earlier_case_is_let_be() -> None:
    assert pack("x").diagnostics == ()


def test_a_case_that_starts_from_nothing_that_is_there_is_told() -> None:
    assert told(pack("x", like="adda").diagnostics) == [
        (
            "CN0902 x/awards/award/1.yaml:9:5 $.cases: there is no record `adda` to start from: "
            "did you mean `ada`?"
        )
    ]
    # Only what stands above can be started from.
    assert told(pack("x", like="second").diagnostics) == [
        (
            "CN0902 x/awards/award/1.yaml:9:5 $.cases: there is no record `second` to start from: "
            "name an earlier case of the file or a sample record"
        )
    ]


def test_everything_wrong_in_any_file_is_told_with_its_file() -> None:
    found = read_pack(
        {
            "catalogue.yaml": b"institution: x\ntitle: X\nzzz: 1\n",
            "policies.yaml": b"policies: {caps: some}\n",
            "awards/award/1.yaml": b"award: x/award\n",
            "records/ada.yaml": b"earned: [{credential: x/a, credits: 7.5}]\n",
            "records/b.yaml": b"\xff",
        },
        "x",
    ).diagnostics
    assert {one.span.file for one in found} == {
        "x/catalogue.yaml",
        "x/policies.yaml",
        "x/awards/award/1.yaml",
        "x/records/ada.yaml",
        "x/records/b.yaml",
    }


def test_prerequisites_in_a_ring_are_told() -> None:
    found = check_packs([pack("x", ", prerequisites: [y/a]"), pack("y", ", prerequisites: [x/a]")])
    assert [(one.code, one.severity) for one in found] == [("CN0808", "error")]
    assert "`x/a`" in found[0].message
    assert "`y/a`" in found[0].message


def nested(first: str, second: str, keys: str = "") -> list[str]:
    """Return what is told of two awards whose rules ask for what is given."""
    listed = ", ".join(f"{{id: x/{name}, title: T, issuer: x{keys}}}" for name in ("a", "b", "c"))
    files = {
        "catalogue.yaml": (
            f"institution: x\ntitle: X\nissuers: [{{id: x, title: X}}]\ncredentials: [{listed}]\n"
        ).encode()
    }
    for name, asks in (("a", first), ("b", second)):
        rule = RULE.format(institution="x", like="ada").replace("x/award", f"x/{name}")
        files[f"awards/{name}/1.yaml"] = rule.replace("{take: x/a}", asks).encode()
    return [one.code for one in check_packs([read_pack(files, "x")])]


def test_awards_that_are_compulsory_in_one_another_are_told() -> None:
    assert nested("{take: x/b}", "{all: [{take: [x/c, x/a]}]}") == ["CN0808"]


def test_awards_that_need_not_be_held_before_one_another_are_let_be() -> None:
    assert nested("{take: x/b}", "{any: [{take: x/a}, {take: x/c}]}") == []
    assert nested("{take: x/b}", "{choose: 1, from: x/a}") == []
    assert nested("{take: x/b}", "{take: x/a}", ", equivalents: [y/z]") == []
