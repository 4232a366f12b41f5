"""Nested awards: whether their rules are there and fit, and what is wrong once they are in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from app.core.language.checker_places import Spot, Stand, stands
from app.core.language.diagnostics import Diagnostic, did_you_mean, is_error
from app.core.model.nesting import Editions, NestingError, Obstacle, why_not
from app.core.model.requirement import Nested
from app.core.model.rule import RuleEdition

CODES: Mapping[Obstacle, str] = {
    "unknown": "CN0412",
    "unit": "CN0622",
    "cycle": "CN0623",
    "size": "CN0624",
}
# What the catalogue of the outer award lacks is told where the nested rule is checked.
LOOKED_UP = frozenset({"CN0401", "CN0403", "CN0405", "CN0406", "CN0407"})


def check_nested(rule: RuleEdition, editions: Editions) -> Iterator[Diagnostic]:
    """Yield each nested award that cannot be put into the rule."""
    for stand, node in _nested(rule):
        refused = why_not(rule, node, editions)
        if refused is not None:
            spot = Spot(f"{stand.spot.path}.award", stand.spot.span)
            yield spot.error(CODES[refused.obstacle], refused.message, _remedy(refused, editions))


def _remedy(refused: NestingError, editions: Editions) -> str:
    if refused.obstacle != "unknown" or refused.award in editions:
        return refused.remedy
    return did_you_mean(refused.award, editions) or refused.remedy


def in_place(
    rule: RuleEdition, found: Iterable[Diagnostic], of_whole: str = ""
) -> Iterator[Diagnostic]:
    """Yield what was found in a rule with its nested awards put into it, by places of its file.

    Errors in what was put in are told where it was, as is what the code `of_whole` says of all of
    it; the rest is told where the nested rule is checked itself.
    """
    spots = [stand.spot for stand, _ in _nested(rule)]
    for one in found:
        spot = next((spot for spot in spots if one.path.startswith(f"{spot.path}.any[")), None)
        if spot is None:
            yield one
        elif _matters(one, spot, of_whole):
            yield replace(one, path=spot.path, span=spot.span)


def _matters(one: Diagnostic, spot: Spot, of_whole: str) -> bool:
    if one.code == of_whole:
        return one.path == f"{spot.path}.any[1]"
    return is_error(one) and one.code not in LOOKED_UP


def _nested(rule: RuleEdition) -> Iterator[tuple[Stand, Nested]]:
    for stand in stands(rule):
        if isinstance(stand.node, Nested):
            yield stand, stand.node
