"""What some record meets is never said to be beyond what anybody can meet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pytest
from hypothesis import given

from app.core.checks.meetable import check_meetable
from app.core.language.diagnostics import Diagnostic
from app.core.model.audit import Audit
from app.core.model.requirement import Requirement, parts_of
from tests.properties.asked import audited
from tests.properties.edits import as_catalogued, with_policy
from tests.properties.generator import make_problems
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems())
def test_what_is_met_is_not_called_beyond_meeting(problem: Problem) -> None:
    assert list(denied(problem)) == []


@pytest.mark.parametrize("retakes", ["best", "first", "last"])
def test_what_is_met_is_not_called_beyond_meeting_whichever_attempt_counts(retakes: str) -> None:
    several = make_problems(sum(map(ord, retakes)), 30, most=200, adjusted=False)
    tried = [with_policy(problem, {"retakes": retakes}) for problem in several]
    assert [found for problem in tried for found in denied(problem)] == []


def denied(problem: Problem) -> Iterator[Diagnostic]:
    """Yield what is said to be beyond meeting, and is met with all that is planned.

    A credential brings what the catalogue says of it: what else a record may state is no finding.
    """
    plain = as_catalogued(problem)
    for rule, policies, audit in zip(plain.rules, plain.policies, audited(plain), strict=True):
        states = planned(audit)
        met = {name for name, state in states.items() if state == "met"}
        above = {name: path & states.keys() for name, path in paths(rule.root).items()}
        for found in check_meetable(rule, plain.catalogue, policies):
            names = named(found)
            alone = found.code != "CN1007" or found.message.endswith("so it is no choice")
            around = set() if alone else above[names[0]]
            if met.issuperset({*names, *around}) and (alone or audit.planned.met):
                yield found
            # An award can be met by who is not admitted, or has not passed a gate.
            beside = found.path.startswith(("$.admission", "$.gates"))
            if audit.planned.met and found.code != "CN1007" and not beside:
                yield found


def planned(audit: Audit) -> Mapping[str, str]:
    """How each requirement stands with all that is planned."""
    looks = {one.id: one.planned or one.projected or one.now for one in audit.requirements}
    return {name: look.state for name, look in looks.items()}


def named(found: Diagnostic) -> list[str]:
    """What a finding says can never be met, and not what keeps it from that."""
    return found.message.partition(" can never ")[0].split("`")[1::2]


def paths(node: Requirement, above: Collection[str] = ()) -> dict[str, set[str]]:
    """By requirement, what is around it."""
    found = {node.id: set(above)}
    for part in parts_of(node):
        found |= paths(part, {*above, node.id})
    return found
