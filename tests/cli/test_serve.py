"""What keeps the service from starting is told before it says that it listens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"CAIRN_DATABASE": "{folder}/text"}, "the database does not answer or is none"),
        ({"CAIRN_DATABASE": "{folder}"}, "the database does not answer or is none"),
        ({"CAIRN_DATABASE": "postgresql://127.0.0.1:1/no"}, "the database does not answer"),
        ({"CAIRN_DATABASE": "{folder}/text/new.db"}, "names no database that can be used"),
        (
            {"CAIRN_DATABASE": "{folder}/new.db", "CAIRN_DEMO": "1", "CAIRN_RULES": "{folder}/no"},
            "it is not a directory",
        ),
    ],
    ids=["text", "directory", "away", "below a file", "rules"],
)
def test_a_service_that_cannot_start_says_why_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], says: str
) -> None:
    (tmp_path / "text").write_text("no database\n" * 100)
    told = {name: value.format(folder=tmp_path) for name, value in settings.items()}
    command = [str(Path(sys.executable).with_name("cairn")), "serve", "--port", "0"]
    done = subprocess.run(
        command, env={**os.environ, **told}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
