"""Rule packs on disk: which files are read, and how much of them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.services.setup_errors import RulesDirectoryError

LARGEST_FILE = 16 * 1024 * 1024
LARGEST_PACK = 64 * 1024 * 1024
MOST_FILES = 5000
DEEPEST = 4
ENDINGS = frozenset({".yaml", ".yml", ".json"})


def read_packs(rules: Path) -> Mapping[str, Mapping[str, bytes]]:
    """Return the files of every pack below `rules`, by directory and path, in sorted order.

    A pack is a directory with a catalogue; `rules` may be one itself. Links are not followed.
    """
    if not rules.is_dir():
        raise RulesDirectoryError(str(rules), "it is not a directory, so name the one of the packs")
    if (rules / "catalogue.yaml").is_file():
        return {rules.resolve().name: read_pack_files(rules)}
    packs = [
        path
        for path in _inside(rules)
        if path.is_dir() and not path.is_symlink() and (path / "catalogue.yaml").is_file()
    ]
    if not packs:
        raise RulesDirectoryError(
            str(rules), "it holds no pack: a pack is a directory with a catalogue.yaml"
        )
    return {path.name: read_pack_files(path) for path in packs}


def read_pack_files(directory: Path) -> Mapping[str, bytes]:
    """Return the files of one pack, by path within it; RulesDirectoryError if it is too large."""
    found: dict[str, bytes] = {}
    total = 0
    for path in _files(directory, DEEPEST):
        name = path.relative_to(directory).as_posix()
        content = _read(path)
        total += len(content)
        if len(content) > LARGEST_FILE:
            limit = f"is larger than the {LARGEST_FILE // 1024 // 1024} MiB that are read"
            raise RulesDirectoryError(str(path), f"it {limit}: split it")
        if len(found) == MOST_FILES or total > LARGEST_PACK:
            raise RulesDirectoryError(str(directory), "it holds more than a pack may: split it")
        found[name] = content
    return found


def _inside(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except OSError as broken:
        raise RulesDirectoryError(str(directory), "it cannot be read") from broken


def _files(directory: Path, depth: int) -> Iterator[Path]:
    for path in _inside(directory):
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode) and depth:
            yield from _files(path, depth - 1)
        elif stat.S_ISREG(mode) and path.suffix in ENDINGS:
            yield path


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as broken:
        raise RulesDirectoryError(str(path), "it cannot be read") from broken
