"""Sense: figures and lists of a rule that contradict each other, whatever the catalogue holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from app.core.language.checker_places import Said, Spot, bounds, leaves, said, stands, trees
from app.core.language.diagnostics import Diagnostic
from app.core.language.plain_words import counted, credits_in_words, quantity_in_words
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Bound,
    From,
    Group,
    Measure,
    Nested,
    Qualifiers,
    Quantity,
    Requirement,
    Share,
    Take,
    Window,
    walk,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import EVERYTHING, Selector

# A day from which spans of years, months and days can be compared.
ANY_DAY = date(2001, 1, 1)
Over: TypeAlias = tuple[bool, bool]
"""Whether the whole record is looked at, and every attempt on it."""


def check_sense(rule: RuleEdition) -> Iterator[Diagnostic]:
    """Yield what contradicts itself or says nothing."""
    for here in said(rule):
        yield from _caps_below_floors(here, rule)
        yield from _floors_above_total(here, rule)
        yield from _floors_of_nothing(here, rule)
        yield from _floors_above_latest(here)
    yield from _demands_above_total(rule)
    yield from _always_met(rule)
    yield from _choices(rule)
    yield from _exclusions(rule)
    yield from _windows(rule)


def amount_of(bound: Bound, rule: RuleEdition) -> int:
    """Return a bound's amount; a share of the award becomes credits, rounded down."""
    return int(bound.amount.part * rule.total) if isinstance(bound.amount, Share) else bound.amount


def _caps_below_floors(here: Said, rule: RuleEdition) -> Iterator[Diagnostic]:
    floors = list(_floors(here, rule))
    for spot, cap in bounds(here, "at_most"):
        most = amount_of(cap, rule)
        for measure, least, selector, over in floors:
            same = (cap.over_record, cap.attempts) == over
            covers = cap.selector in {EVERYTHING, selector} and same
            if covers and not cap.changes and measure == cap.measure and most < least:
                cut, wanted = quantity_in_words(measure, most), quantity_in_words(measure, least)
                message = f"`{cap.id}` lets {cut} count where {wanted} are needed"
                yield spot.error("CN0601", message, f"raise the cap to {wanted}, or ask for less")
                break


def _floors(here: Said, rule: RuleEdition) -> Iterator[tuple[Measure, int, Selector, Over]]:
    for floor in here.qualifiers.at_least:
        if floor.changes:
            continue
        over = floor.over_record, floor.attempts
        yield floor.measure, amount_of(floor, rule), floor.selector, over
    if here.stand is not None and isinstance(here.stand.node, From):
        quantity = here.stand.node.quantity
        if quantity.changes:
            return
        yield quantity.measure, quantity.low, here.stand.node.selector, (False, False)


def _floors_above_total(here: Said, rule: RuleEdition) -> Iterator[Diagnostic]:
    for spot, floor in bounds(here, "at_least"):
        # A record may hold far more than one award totals.
        if floor.over_record or floor.measure != "credits":
            continue
        if amount_of(floor, rule) > rule.total:
            yield _above_total(spot, floor.id, amount_of(floor, rule), rule)


def _demands_above_total(rule: RuleEdition) -> Iterator[Diagnostic]:
    for stand in leaves(next(trees(rule))):
        match stand.node:
            case From(id=name, quantity=Quantity("credits", low)) if low > rule.total:
                yield _above_total(stand.spot, name, low, rule)


def _above_total(spot: Spot, name: str, amount: int, rule: RuleEdition) -> Diagnostic:
    total = credits_in_words(rule.total)
    message = f"`{name}` asks for {credits_in_words(amount)} and the award totals {total}"
    return spot.error("CN0602", message, f"ask for at most {total}, or correct `credit.total`")


def _floors_of_nothing(here: Said, rule: RuleEdition) -> Iterator[Diagnostic]:
    for spot, floor in bounds(here, "at_least"):
        if not amount_of(floor, rule):
            message = f"`{floor.id}` asks for nothing, so it is always met"
            yield spot.warning("CN0613", message, "ask for an amount, or delete it")


def _floors_above_latest(here: Said) -> Iterator[Diagnostic]:
    for index, last in enumerate(here.qualifiers.last):
        for at, floor in enumerate(last.at_least):
            if (
                floor.measure == last.measure
                and isinstance(floor.amount, int)
                and floor.amount > last.amount
            ):
                asked = quantity_in_words(floor.measure, floor.amount)
                latest = quantity_in_words(last.measure, last.amount)
                message = f"`{floor.id}` asks for {asked} of the latest {latest}"
                spot = Spot(f"{here.spot.path}.last[{index}].at_least[{at}]", floor.span)
                yield spot.error("CN0621", message, f"ask for at most {latest}, or look at more")


def _always_met(rule: RuleEdition) -> Iterator[Diagnostic]:
    for stand in stands(rule):
        match stand.node:
            case From(quantity=Quantity(low=0, plain=True, fact="", changes=(), every=False)):
                remedy = "ask for some, or write a range `{from: 0}` to let what matches count"
            case Group(parts=parts, need=need, most=most, qualifiers=said_of_it) if (
                (need == 0 and most is None) or not parts
            ) and said_of_it == NO_QUALIFIERS:
                remedy = "ask for a part of it, or delete it"
            case _:
                continue
        message = f"`{stand.node.id}` asks for nothing, so it is always met"
        yield stand.spot.warning("CN0613", message, remedy)


def _choices(rule: RuleEdition) -> Iterator[Diagnostic]:
    for stand in stands(rule):
        node = stand.node
        if not isinstance(node, Group) or node.most is None:
            continue
        able = [part for part in node.parts if _counts(part)]
        if node.most >= len(able):
            have = counted(len(able), "part")
            message = (
                f"`{node.id}` lets {node.most} parts be used, and something may count in {have} of "
                "it: that limits nothing"
            )
            yield stand.spot.error("CN0625", message, "leave out `to`, or let fewer be used")


def _counts(node: Requirement) -> bool:
    """Say whether something may count at or below a requirement."""
    return any(isinstance(one, Take | From | Nested) for one in walk(node))


def _exclusions(rule: RuleEdition) -> Iterator[Diagnostic]:
    for index, exclusion in enumerate(rule.excludes):
        number = len(exclusion.credentials)
        if number <= exclusion.at_most:
            spot = Spot(f"$.excludes[{index}]", exclusion.span)
            have = counted(number, "credential")
            message = (
                f"`{exclusion.id}` lets {exclusion.at_most} of {have} count: it excludes nothing"
            )
            yield spot.error("CN0607", message, "name more credentials, or let fewer count")


def _windows(rule: RuleEdition) -> Iterator[Diagnostic]:
    """A clock that starts at what is used runs out with the shortest window around it."""
    for here in said(rule):
        if here.stand is None:
            continue
        wider = [node.qualifiers for node in here.stand.around]
        if here.spot.path.startswith("$.require"):
            wider.append(rule.whole)
        for index, window in enumerate(here.qualifiers.windows):
            longer = [one for one in _clocks(wider) if _outlasts(window, one)]
            if longer:
                spot = Spot(f"{here.spot.path}.within[{index}]", window.span)
                message = (
                    f"this window of {window.length} lies in one of {longer[0].length} that starts "
                    "at the earliest credential used as well, so it never says more"
                )
                yield spot.warning("CN0608", message, "shorten it, or delete it")


def _clocks(several: list[Qualifiers]) -> Iterator[Window]:
    for qualifiers in several:
        for window in qualifiers.windows:
            if window.anchor == "earliest-used" and not window.over_record:
                yield window


def _outlasts(window: Window, around: Window) -> bool:
    if window.anchor != "earliest-used" or window.over_record:
        return False
    return window.length.after(ANY_DAY) >= around.length.after(ANY_DAY)
