"""The files of this repository, as the checks see them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that is in the repository or is about to be, relative to its root."""
    # A clone may belong to another user than the one who runs the tests.
    git = ["git", "-c", f"safe.directory={ROOT}"]
    command = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = sorted({name for name in listed.split("\0") if name})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def python_files(folder: str) -> tuple[Path, ...]:
    """The Python files below `folder`, relative to the root."""
    return tuple(p for p in tracked_files() if p.suffix == ".py" and p.parts[0] == folder)


def text_of(path: Path) -> str:
    """The text of a file of the repository; bytes that are no UTF-8 become marks."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")
