"""What the language's checker and the engine find in an award file that is made complete."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.checks.meetable import check_meetable
from app.core.language.checker import check_rule
from app.core.language.diagnostics import Diagnostic
from app.core.language.rules import read_rule
from tests.core.language.checking import POLICIES, catalogue, completed


def decided(body: str, policies: Mapping[str, str] = POLICIES) -> list[Diagnostic]:
    """Return what is found beyond notes and the award's total."""
    file = read_rule(completed(body).encode(), "rule.yaml")
    assert file.edition is not None, file.diagnostics
    known = [
        one
        for one in check_rule(file.edition, file.cases, catalogue(), policies)
        if one.severity != "note" and one.path != "$.credit.total"
    ]
    return [*known, *check_meetable(file.edition, catalogue(), policies, known)]
