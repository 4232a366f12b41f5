"""Rule packs on disk: what is read and what is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.persistence import pack_files
from app.persistence.pack_files import read_packs
from app.services.setup_errors import RulesDirectoryError


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A directory with two packs and a directory that is none."""
    for name in ("b", "a"):
        (tmp_path / "rules" / name / "awards" / "cert").mkdir(parents=True)
        (tmp_path / "rules" / name / "catalogue.yaml").write_bytes(name.encode())
        (tmp_path / "rules" / name / "awards" / "cert" / "1.yaml").write_bytes(b"rule\r\n")
    (tmp_path / "rules" / "schema").mkdir()
    (tmp_path / "rules" / "schema" / "rule.json").write_bytes(b"{}")
    return tmp_path / "rules"


def test_packs_are_read_in_sorted_order_byte_for_byte(rules: Path) -> None:
    found = read_packs(rules)
    assert list(found) == ["a", "b"]
    assert list(found["a"].items()) == [
        ("awards/cert/1.yaml", b"rule\r\n"),
        ("catalogue.yaml", b"a"),
    ]


def test_a_pack_alone_can_be_named(rules: Path) -> None:
    assert list(read_packs(rules / "a")) == ["a"]


def test_links_pipes_and_other_files_are_left_alone(rules: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_bytes(b"secret")
    (rules / "a" / "linked.yaml").symlink_to(secret)
    (rules / "a" / "linked").symlink_to(tmp_path)
    (rules / "c").symlink_to(rules / "a")
    (rules / "a" / "README.md").write_bytes(b"text")
    os.mkfifo(rules / "a" / "pipe.yaml")
    found = read_packs(rules)
    assert list(found) == ["a", "b"]
    assert set(found["a"]) == {"awards/cert/1.yaml", "catalogue.yaml"}


def test_what_lies_too_deep_is_left_alone(rules: Path) -> None:
    deep = rules / "a" / "1" / "2" / "3" / "4" / "5"
    deep.mkdir(parents=True)
    (deep / "lost.yaml").write_bytes(b"")
    (deep.parent / "found.yaml").write_bytes(b"")
    assert [name for name in read_packs(rules)["a"] if name.startswith("1/")] == [
        "1/2/3/4/found.yaml"
    ]


def test_a_directory_without_packs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesDirectoryError, match="it holds no pack"):
        read_packs(tmp_path)
    with pytest.raises(RulesDirectoryError, match="it is not a directory"):
        read_packs(tmp_path / "none")


def test_a_pack_has_a_size(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_files, "MOST_FILES", 1)
    with pytest.raises(RulesDirectoryError, match="more than a pack may"):
        read_packs(rules)
    monkeypatch.setattr(pack_files, "MOST_FILES", 2)
    monkeypatch.setattr(pack_files, "LARGEST_FILE", 3)
    with pytest.raises(RulesDirectoryError, match="is larger than"):
        read_packs(rules)
