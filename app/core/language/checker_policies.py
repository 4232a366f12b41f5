"""Policies: which options a rule depends on, and whether they are stated and known."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.language.checker_matches import Matches
from app.core.language.checker_places import Spot, bounds, leaves, said, tests_in, trees, uses
from app.core.language.diagnostics import Diagnostic, did_you_mean
from app.core.model.catalogue import Catalogue
from app.core.model.rule import NAMED_POLICIES, POLICIES, RuleEdition
from app.core.model.selector import GradeTest, LevelTest, OneOf

Needs = dict[str, tuple[Spot, str]]


def policies_needed(rule: RuleEdition, matches: Matches) -> Needs:
    """Return each option that the rule depends on, with the first place that does and why."""
    why = "a record may hold several attempts at one credential"
    needs: Needs = {"retakes": (Spot("$", rule.span), why)}
    for name, spot, because in (*_of_bounds(rule), *_of_tests(rule), *_of_awards(rule)):
        needs.setdefault(name, (spot, because))
    if foreign_units(rule, matches):
        why = "credentials of other units may count"
        needs["conversion"] = (Spot("$.credit.unit", rule.span), why)
    return needs


def _of_bounds(rule: RuleEdition) -> Iterator[tuple[str, Spot, str]]:
    for here in said(rule):
        for spot, cap in bounds(here, "at_most"):
            if cap.measure == "credits" and cap.items == "policy" and not cap.over_record:
                yield "caps", spot, "a cap does not say whether items may count in part"
        for index, average in enumerate(here.qualifiers.averages):
            spot = Spot(f"{here.spot.path}.average[{index}]", average.span)
            yield "grade_scale", spot, "an average needs the points of grades"


def _of_tests(rule: RuleEdition) -> Iterator[tuple[str, Spot, str]]:
    for use in uses(rule):
        for test in tests_in(use.selector):
            if isinstance(test, LevelTest) and test.reading == "policy":
                yield "level", use.spot, f"`level: {test.low}` may leave out what is higher"
            if isinstance(test, GradeTest) or (isinstance(test, OneOf) and test.key == "grade"):
                yield "grade_scale", use.spot, "grades belong to a scale"


def _of_awards(rule: RuleEdition) -> Iterator[tuple[str, Spot, str]]:
    if rule.sharing is not None:
        spot = Spot("$.sharing", rule.sharing.span)
        yield "double_count", spot, "`sharing` leaves open the awards that it does not name"
    if rule.lower:
        spot = Spot("$.on_award", rule.on_award[0].span)
        yield "late_lower_award", spot, "a lower award may be asked for after this one"


def foreign_units(rule: RuleEdition, matches: Matches) -> dict[str, str]:
    """Return the units other than the rule's, each with a credential that may count."""
    every = (leaf.node for tree in trees(rule) for leaf in leaves(tree))
    found: dict[str, str] = {}
    for name in sorted({name for node in every for name in matches.of_leaf(node)}):
        credential = matches.catalogue.credentials[name]
        if credential.unit not in {rule.unit, ""} and credential.credits:
            found.setdefault(credential.unit, name)
    return found


def check_policies(rule: RuleEdition, matches: Matches, *, jointly: bool) -> Iterator[Diagnostic]:
    """Yield what is missing or unknown among the policies that apply to the rule."""
    whole = Spot("$", rule.span)
    needs = policies_needed(rule, matches)
    if jointly:
        needs.setdefault("double_count", (whole, "a case audits several awards together"))
    needs.pop("conversion", None)
    for name, (spot, why) in needs.items():
        if name not in matches.policies:
            yield _missing(name, spot, why, matches.catalogue)
    yield from _unknown(rule, matches)
    yield from _unconverted(rule, matches)


def _missing(name: str, spot: Spot, why: str, catalogue: Catalogue) -> Diagnostic:
    answers = _answers(name, catalogue)
    written = f"write it under `policies`: {name}: {' or '.join(answers) or '<name>'}"
    return spot.error("CN0501", f"nobody states the policy `{name}`, and {why}", written)


def _answers(name: str, catalogue: Catalogue) -> tuple[str, ...]:
    if name in POLICIES:
        return POLICIES[name]
    return tuple(sorted(catalogue.scales if name == "grade_scale" else catalogue.conversions))


def _unknown(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    known = (*POLICIES, *NAMED_POLICIES)
    spot = Spot("$.policies", rule.span)
    for name, answer in sorted(matches.policies.items()):
        whose = "the rule" if name in rule.policies else "the institution"
        if name not in known:
            message = f"{whose} states the policy `{name}`, which does not exist"
            yield spot.error("CN0502", message, did_you_mean(name, known))
        elif answer not in (answers := _answers(name, matches.catalogue)):
            where = "" if name in POLICIES else " that the catalogue defines"
            message = f"{whose} answers the policy `{name}` with `{answer}`, which is none{where}"
            code = "CN0503" if name in POLICIES else "CN0504"
            remedy = f"it defines {', '.join(answers)}" if answers else "define it in the catalogue"
            yield spot.error(code, message, did_you_mean(answer, answers) or remedy)


def _unconverted(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    spot = Spot("$.credit.unit", rule.span)
    named = matches.policies.get("conversion", "")
    conversion = matches.catalogue.conversions.get(named)
    for unit, credential in sorted(foreign_units(rule, matches).items()):
        if conversion is not None and conversion.rate(unit, rule.unit) is None:
            message = f"the conversion `{named}` does not bring `{unit}` to `{rule.unit}`"
        elif not named:
            message = f"no conversion from `{unit}` to `{rule.unit}` is stated"
        else:
            continue
        why = f", and `{credential}` may count: a record that has it cannot be audited"
        yield spot.warning("CN0505", message + why, "name a `conversion` policy that has the rate")
