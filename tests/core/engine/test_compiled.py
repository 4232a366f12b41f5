"""The engine under test is the one that was meant: as it is written, or compiled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.core.engine import decide, exact, small, verify
from app.core.search import completion, near_index, placing

MEANT = ".so" if "build/compiled" in os.environ.get("PYTHONPATH", "") else ".py"


@pytest.mark.parametrize("module", [decide, small, near_index, placing])
def test_the_engine_is_compiled_where_the_compiled_one_is_asked_for(module: object) -> None:
    assert Path(str(getattr(module, "__file__", ""))).suffix == MEANT


@pytest.mark.parametrize("module", [completion, exact, verify])
def test_the_checker_and_what_speaks_to_the_solver_run_as_written(module: object) -> None:
    assert Path(str(getattr(module, "__file__", ""))).suffix == ".py"
