"""Nothing in the tree names a machine, a package registry or a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.architecture.tree import text_of, tracked_files

FOREIGN = {
    kind: re.compile("|".join(patterns))
    for kind, patterns in {
        "a package registry": [
            r"pypi\.org",
            r"pythonhosted\.org",
            r"npmjs\.(org|com)",
            r"yarnpkg\.com",
        ],
        "a registry option": [
            r"--(extra-)?index-url",
            r"-{2}find-links",
            r"\bregistry *= *[\"']?https?:",
        ],
        "a resolved address": [r"\"resolved\": *\"https?:"],
        "a path of one machine": [
            r"(?<![\w./:${}*-])/(work|farm|root|(home|Users|mnt|media)/\w+)(?=/)"
        ],
        "an address of one machine": [
            r"(?<![\d.])(10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+(?![\d.])"
        ],
        "a secret": [
            r"-----BEGIN [A-Z ]*PRIVATE KEY",
            r"\b(ghp|gho|glpat|xox[bp])[_-]\w{16,}",
            r"\bAKIA[0-9A-Z]{16}\b",
        ],
    }.items()
}


def foreign_lines(name: str, text: str) -> Iterator[str]:
    """The places in a text that belong to one machine or one registry."""
    for number, line in enumerate(text.splitlines(), start=1):
        for kind, pattern in FOREIGN.items():
            if pattern.search(line):
                yield f"{name}:{number}: {kind}"


def test_the_tree_names_no_machine_no_registry_and_no_secret() -> None:
    found = [at for path in tracked_files() for at in foreign_lines(str(path), text_of(path))]
    assert not found, "\n".join(found)


def test_a_lock_that_carries_addresses_is_not_kept() -> None:
    assert not {"uv.lock", "pylock.toml"} & {path.name for path in tracked_files()}


# Each sample is cut in two, so that this file passes its own check.
@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("https://files.python", "hosted.org/x.whl", "a package registry"),
        ("https://pypi", ".org/simple", "a package registry"),
        ("--index", "-url https://mirror.example/simple", "a registry option"),
        ("registry", '="https://mirror.example"', "a registry option"),
        ('"resolved"', ': "https://mirror.example/x.tgz"', "a resolved address"),
        ("see /wo", "rk/main/app", "a path of one machine"),
        ('open("/home', '/someone/x")', "a path of one machine"),
        ("host 192", ".168.0.7", "an address of one machine"),
        ("-----BEGIN RSA", " PRIVATE KEY-----", "a secret"),
    ],
)
def test_what_belongs_to_a_machine_is_found(first: str, second: str, kind: str) -> None:
    assert list(foreign_lines("x", first + second)) == [f"x:1: {kind}"]


@pytest.mark.parametrize(
    "line",
    ["https://www.example.edu/home/credit/rules", "app/work/x.py", "127.0.0.1", "3.10.2.1.4"],
)
def test_what_only_looks_like_it_is_let_be(line: str) -> None:
    assert list(foreign_lines("x", line)) == []
