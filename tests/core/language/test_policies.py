"""Policy files: named options, each with an answer that exists."""

# ruff: noqa: E501 -- a finding stands in one line, as it is told

from __future__ import annotations

import pytest

from app.core.language.catalogues import read_policies
from app.core.model.rule import POLICIES

OPTIONS = "retakes, caps, level, edition, double_count, late_lower_award, conversion, grade_scale"


def told_of(source: bytes) -> list[str]:
    found = read_policies(source, "p.yaml").diagnostics
    return [f"{one.code} {one.span} {one.path}: {one.message}: {one.help}" for one in found]


@pytest.mark.parametrize(
    ("name", "answer"), [(name, one) for name, answers in POLICIES.items() for one in answers]
)
def test_every_answer_of_every_option_is_read(name: str, answer: str) -> None:
    read = read_policies(f"policies: {{{name}: {answer}}}".encode(), "p.yaml")
    assert (read.policies, read.diagnostics) == ({name: answer}, ())


def test_what_the_catalogue_defines_is_named_freely() -> None:
    read = read_policies(
        b'{"policies": {"conversion": "hours-25", "grade_scale": "A-F"}}', "p.json"
    )
    assert read.policies == {"conversion": "hours-25", "grade_scale": "A-F"}


def test_nothing_is_answered_by_default() -> None:
    assert read_policies(b"policies: {}", "p.yaml").policies == {}


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        (b"policies: {retaks: best}", "CN0201 p.yaml:1:12 $.policies.retaks: unknown key `retaks` in the policies: did you mean `retakes`?"),
        (b"policies: {zzz: best}", f"CN0201 p.yaml:1:12 $.policies.zzz: unknown key `zzz` in the policies: the keys are {OPTIONS}"),
        (b"policies: {retakes: bst}", "CN0204 p.yaml:1:21 $.policies.retakes: `bst` is not one of the words for it: did you mean `best`?"),
        (b"policies: {caps: true}", "CN0204 p.yaml:1:18 $.policies.caps: `true` is not one of the words for it: write one of whole, trim"),
        (b"policies: {caps: null}", "CN0204 p.yaml:1:18 $.policies.caps: `null` is not one of the words for it: write one of whole, trim"),
        (b"policies: {conversion: 7}", 'CN0203 p.yaml:1:24 $.policies.conversion: `conversion` has to be text: quote it: "7"'),
        (b"policies: []", "CN0203 p.yaml:1:11 $.policies: `policies` has to be the policies: keys and values: "),
        (b"{}", "CN0202 p.yaml:1:1 $: a policy file has no `policies`: add `policies`"),
        (b"[]", "CN0203 p.yaml:1:1 $: it has to be a policy file: keys and values: "),
        (b"", "CN0114 p.yaml:1:1 $: the file is empty: write `key: value`"),
        (b"policies: {caps: whole, caps: trim}", "CN0102 p.yaml:1:25 $.policies: the key `caps` stands twice, first on line 1: keep one of them"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_a_remedy(source: bytes, finding: str) -> None:
    assert told_of(source) == [finding]


def test_two_problems_of_a_file_are_both_told() -> None:
    assert len(told_of(b"policies: {retaks: best, caps: some}")) == 2
