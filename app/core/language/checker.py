"""The checker: what is wrong with a rule beyond its shape, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.core.language.cases import Case
from app.core.language.checker_anchors import check_anchors
from app.core.language.checker_branches import check_branches
from app.core.language.checker_implied import check_implied
from app.core.language.checker_matches import Matches
from app.core.language.checker_monotone import check_monotone
from app.core.language.checker_names import check_names
from app.core.language.checker_nested import check_nested, in_place
from app.core.language.checker_order import check_order
from app.core.language.checker_places import Spot
from app.core.language.checker_policies import check_policies
from app.core.language.checker_sense import check_sense
from app.core.language.checker_size import check_size
from app.core.language.checker_supply import check_supply
from app.core.language.checker_totals import check_totals
from app.core.language.checker_values import check_values
from app.core.language.diagnostics import Diagnostic, listed
from app.core.model.catalogue import Catalogue
from app.core.model.nesting import NO_EDITIONS, Editions, link
from app.core.model.rule import RuleEdition


def check_rule(
    rule: RuleEdition,
    cases: Sequence[Case],
    catalogue: Catalogue,
    policies: Mapping[str, str],
    editions: Editions = NO_EDITIONS,
) -> tuple[Diagnostic, ...]:
    """Return all that is wrong, by place; errors keep the rule from being audited or published.

    `policies` are the institution's; the rule's own override them. It is checked with the awards
    that it nests put into it, of which `editions` are the rules.
    """
    matches = Matches(catalogue, rule.unit, {**policies, **rule.policies})
    unlinked = tuple(check_nested(rule, editions))
    whole = rule if unlinked else link(rule, editions).rule
    found = [
        *check_names(whole, catalogue),
        *check_anchors(whole, cases),
        *check_values(whole, matches),
        *check_policies(whole, matches, jointly=any(case.together for case in cases)),
        *check_sense(whole),
        *check_branches(whole),
        *check_order(whole),
        *check_supply(whole, matches),
        *check_totals(whole, matches),
        *check_implied(whole, matches),
        *check_size(whole, matches),
        *check_monotone(whole, matches),
        *_check_cases(whole, cases),
    ]
    return listed([*unlinked, *in_place(rule, found)])


def _check_cases(rule: RuleEdition, cases: Sequence[Case]) -> Iterator[Diagnostic]:
    spot = Spot("$.cases", rule.span)
    if not cases:
        message = f"`{rule.award}` has no cases, so nobody can see that it means what it should"
        yield spot.error("CN0610", message, "add a record with the audit that it is to have")
        return
    expected = {case.expect.given.get("met") for case in cases}
    if True not in expected:
        message = "no case expects the rule to be met, so it may be one that nobody can meet"
        yield spot.warning("CN0611", message, "add a case with `expect: {met: true}`")
    if False not in expected:
        message = "no case expects the rule not to be met, so it may be one that everybody meets"
        yield spot.warning("CN0612", message, "add a case with `expect: {met: false}`")
