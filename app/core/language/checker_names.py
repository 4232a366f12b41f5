"""Names: credentials and awards that a rule refers to and the catalogue has to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.language.checker_places import Spot, circumstances, stands, tests_in, uses
from app.core.language.diagnostics import LISTED, Diagnostic, did_you_mean, shorten
from app.core.language.plain_words import day_in_words
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.requirement import Take
from app.core.model.rule import RuleEdition
from app.core.model.selector import Declared, OneOf, fits, is_pattern

REMEDY = "add it to the catalogue, or correct the id"


def check_names(rule: RuleEdition, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what the rule names and the catalogue does not have, or has no longer."""
    unknown = [
        (spot, name)
        for spot, names in _credentials_named(rule)
        for name in names
        if not is_pattern(name) and name not in catalogue.credentials
    ]
    yield from _unknown("CN0401", "credential", unknown, catalogue)
    awards = (each for each in _awards_named(rule) if each[1] not in catalogue.credentials)
    yield from _unknown("CN0403", "award", awards, catalogue)
    yield from _undeclarable(rule, catalogue)
    yield from _retired(rule, catalogue)


def _credentials_named(rule: RuleEdition) -> Iterator[tuple[Spot, tuple[str, ...]]]:
    yield from _credentials_wanted(rule)
    for index, exclusion in enumerate(rule.excludes):
        yield Spot(f"$.excludes[{index}]", exclusion.span), exclusion.credentials
    for index, pair in enumerate(rule.pairs):
        yield Spot(f"$.pairs[{index}]", pair.span), pair.credentials


def _credentials_wanted(rule: RuleEdition) -> Iterator[tuple[Spot, tuple[str, ...]]]:
    """Yield the credentials and patterns that requirements and selectors name, list by list."""
    for stand in stands(rule):
        if isinstance(stand.node, Take):
            yield Spot(f"{stand.spot.path}.take", stand.spot.span), stand.node.credentials
    for use in uses(rule):
        for test in tests_in(use.selector):
            if isinstance(test, OneOf) and test.key == "credential":
                yield use.spot, tuple(map(str, test.values))


def _awards_named(rule: RuleEdition) -> Iterator[tuple[Spot, str]]:
    yield Spot("$.award", rule.span), rule.award
    if rule.sharing is not None:
        for index, shared in enumerate(rule.sharing.shared_with):
            yield Spot(f"$.sharing.with[{index}]", rule.sharing.span), shared.award
    for index, effect in enumerate(rule.on_award):
        yield Spot(f"$.on_award[{index}]", effect.span), effect.award
    for use in uses(rule):
        for test in tests_in(use.selector):
            if isinstance(test, OneOf) and test.key == "used_in":
                yield from ((use.spot, str(value)) for value in test.values if value != "any")


def _undeclarable(rule: RuleEdition, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Yield what circumstances take to be declared, and no record that is kept can declare."""
    found = (
        (spot, name)
        for spot, test in circumstances(rule)
        if isinstance(test, Declared)
        for name in test.awards
        if not any(fits(name, known) for known in catalogue.credentials)
    )
    for number, (spot, name) in enumerate(found):
        close = _nearest(name, catalogue) if number < LISTED else ""
        what = f"award {'like ' if is_pattern(name) else ''}`{shorten(name)}`"
        message = f"the catalogue has no {what}, so no record that is kept can declare it"
        yield spot.warning("CN0403", message, close or REMEDY)


def _unknown(
    code: str, noun: str, found: Iterable[tuple[Spot, str]], catalogue: Catalogue
) -> Iterator[Diagnostic]:
    for number, (spot, name) in enumerate(found):
        # Looking for the nearest of thousands takes its time; no more than these are ever listed.
        close = _nearest(name, catalogue) if number < LISTED else ""
        message = f"the catalogue has no {noun} `{shorten(name)}`, so it can never be held"
        yield spot.error(code, message, close or REMEDY)


def _nearest(name: str, catalogue: Catalogue) -> str:
    """Look among the same institution's credentials first."""
    institution = name.partition("/")[0]
    near = [known for known in catalogue.credentials if fits(f"{institution}/*", known)]
    return did_you_mean(name, near or catalogue.credentials)


def _retired(rule: RuleEdition, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Every credential of a `take` is needed; of a list to choose from, any will do."""
    for spot, listed in _credentials_wanted(rule):
        known = [catalogue.credentials.get(CredentialId(name)) for name in listed]
        old = [one for one in known if one and one.retired and one.retired <= rule.effective.start]
        if spot.path.endswith(".take") or len(old) == len(listed):
            for one in old:
                day = day_in_words(one.retired) if one.retired else ""
                yield spot.warning(
                    "CN0402",
                    f"the credential `{one.id}` was retired on {day}, before this edition came "
                    "into force: only who holds it already can use it",
                    "name its successor too, or leave it out",
                )
