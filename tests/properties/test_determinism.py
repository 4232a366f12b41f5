"""The same question gets the same bytes, in any process."""

from __future__ import annotations

import os
import subprocess
import sys


def test_hash_seeds_change_no_byte() -> None:
    first, second = (printed_with(seed) for seed in ("1", "2"))
    assert first == second
    assert first.count(b'"certificate"') >= 30


def printed_with(seed: str) -> bytes:
    """Return the audits that a fresh process prints."""
    command = [sys.executable, "-m", "tests.properties.printed", "7", "30"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout
