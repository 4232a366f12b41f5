"""Impact equals two whole audits compared, on any record and any change of a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.core.engine.compile import compile_rule
from app.core.explain.audits import audit_record
from app.core.explain.difference import difference
from app.core.model.audit import Audit
from app.core.model.errors import AuditError
from app.core.model.requirement import From, Group, Requirement, Take
from app.core.model.wish import Wanted
from app.core.search.impact import Impact, Judged, impact_in_full, impact_on
from tests.properties.edits import with_nodes
from tests.properties.problem import Problem
from tests.properties.strategies import problems


def drafted(random: Random) -> Callable[[Requirement], Requirement]:
    """Return an edit such as a registrar may make: amounts, what is chosen from, parts."""

    def edit(node: Requirement) -> Requirement:
        chance = random.random()
        if isinstance(node, From) and not node.quantity.fact and chance < 0.4:
            low = max(1, node.quantity.low * random.choice((1, 2, 3)) // 2)
            return replace(node, quantity=replace(node.quantity, low=low, share=None))
        if isinstance(node, Take) and len(node.credentials) > 1 and chance < 0.5:
            return replace(node, credentials=node.credentials[1:])
        if isinstance(node, Group) and len(node.parts) > 1 and chance < 0.3:
            return replace(node, parts=node.parts[::-1])
        return node

    return edit


def seen(before: Audit, after: Audit) -> tuple[tuple[bool, int, int, bool, bool], ...]:
    """What an impact tells of two audits."""
    return tuple(
        (
            one.now.met,
            one.now.progress.reached,
            one.now.progress.of,
            one.planned.met,
            one.now.proven and one.projected.proven and one.planned.proven,
        )
        for one in (before, after)
    )


def told(impact: Impact) -> tuple[tuple[bool, int, int, bool, bool], ...]:
    sides = [one for one in (impact.before, impact.after) if isinstance(one, Judged)]
    return tuple((one.met, one.reached, one.of, one.planned, one.proven) for one in sides)


@given(problem=problems(adjusted=True), seed=st.integers(0, 2**32))
def test_an_impact_equals_two_whole_audits_compared(problem: Problem, seed: int) -> None:
    rule, policies = problem.rules[0], problem.policies[0]
    draft = replace(rule, root=with_nodes(rule.root, drafted(Random(seed))))
    old = compile_rule(rule, problem.catalogue, policies)
    try:
        new = compile_rule(draft, problem.catalogue, policies)
    except AuditError:
        return
    impact = impact_on(old, new, problem.record, problem.as_of)
    try:
        (before,) = audit_record([old], problem.record, problem.as_of)
        staying = Wanted(earlier=before.certificate)
        (after,) = audit_record([new], problem.record, problem.as_of, wanted=staying)
    except AuditError:
        assert impact.changes == ("not-audited",)
        return
    full = difference(before, after)
    assert told(impact) == seen(before, after)
    assert list(impact.moved) == sorted(one.achievement for one in full.placements)
    assert ("completed" in impact.changes) == (full.met_after and not full.met_before)
    assert ("no-longer-complete" in impact.changes) == (full.met_before and not full.met_after)
    assert impact_in_full(old, new, problem.record, problem.as_of) == (before, after, full)
