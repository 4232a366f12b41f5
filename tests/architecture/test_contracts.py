"""The import contracts in pyproject.toml can break: each is shown a fault that it must find."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, python_files

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy_of_app(tmp_path: Path) -> Path:
    """A copy of the service that may be spoilt."""
    for path in python_files("app"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def _broken(root: Path, contract: str) -> bool:
    command = [str(LINT_IMPORTS), "--no-cache", "--no-logo", "--contract", contract]
    result = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert "Contracts: " in result.stdout, result.stdout + result.stderr
    return result.returncode == 1


@pytest.mark.parametrize(
    ("contract", "faults"),
    [
        ("layers", {"app/services/fault.py": "import app.persistence"}),
        ("layers", {"app/misplaced.py": ""}),
        ("core-order", {"app/core/engine/fault.py": "import app.core.language"}),
        ("core-order", {"app/core/checks/fault.py": "import app.core.graph"}),
        ("core-order", {"app/core/misplaced.py": ""}),
        ("core-is-pure", {"app/core/model/fault.py": "import time"}),
        ("pydantic-at-the-edges", {"app/core/engine/fault.py": "import pydantic"}),
        ("networkx-in-the-graph", {"app/services/fault.py": "import networkx"}),
        ("sql-stays-home", {"app/api/fault.py": "import sqlalchemy"}),
        ("http-stays-out", {"app/services/fault.py": "import fastapi"}),
        (
            "acyclic",
            {
                "app/services/one.py": "import app.services.two",
                "app/services/two.py": "import app.services.one",
            },
        ),
    ],
)
def test_a_fault_breaks_its_contract(
    copy_of_app: Path, contract: str, faults: Mapping[str, str]
) -> None:
    for module, source in faults.items():
        (copy_of_app / module).write_text(source)
    assert _broken(copy_of_app, contract)
