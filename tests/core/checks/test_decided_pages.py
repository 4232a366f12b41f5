"""What pages on findings that the engine decides avoid is found; what they prefer is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.checks.checking import decided
from tests.core.language.codes import DECIDED

ROOT = Path(__file__).parents[3]
EXAMPLE = re.compile(r"^```yaml\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", DECIDED)
def test_what_a_page_avoids_is_found_and_what_it_prefers_is_not(code: str) -> None:
    avoid, prefer = EXAMPLE.findall((ROOT / "docs" / "diagnostics" / f"{code}.md").read_text())
    assert {found.code for found in decided(avoid)} == {code}
    assert decided(prefer) == []


def test_every_code_that_the_checks_use_is_listed() -> None:
    sources = (ROOT / "app" / "core" / "checks").glob("*.py")
    used = {code for path in sources for code in re.findall(r'"(CN\d{4})"', path.read_text())}
    assert used == set(DECIDED)
