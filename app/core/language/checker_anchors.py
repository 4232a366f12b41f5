"""Anchors: the days from which windows and ages are measured, and whether anything else knows them.

A milestone that no record has falls on the audit's day, so a misspelt one would never be noticed;
nor would one in a circumstance, which is then so of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.core.language.cases import Case
from app.core.language.checker_places import (
    Spot,
    circumstances,
    said,
    stands,
    tests_in,
    uses,
)
from app.core.language.diagnostics import Diagnostic, did_you_mean
from app.core.model.requirement import MilestoneStep
from app.core.model.rule import RuleEdition
from app.core.model.selector import AgeTest, Recorded

STARTS = frozenset({"earliest-used", "first-applicable"})
ENDS = frozenset({"audit"})
# The milestone that the policy `edition` speaks of.
ADMISSION = "admission"


class _Anchor(NamedTuple):
    """A name that a window starts at or an age ends at; `words` may stand there, `others` not."""

    spot: Spot
    name: str
    words: frozenset[str]
    others: frozenset[str]


def check_anchors(rule: RuleEdition, cases: Sequence[Case]) -> Iterator[Diagnostic]:
    """Yield anchors that are neither a word of the language nor a milestone known otherwise."""
    known = {ADMISSION}
    known |= {each.node.milestone for each in stands(rule) if isinstance(each.node, MilestoneStep)}
    records = [case.record.added for case in cases]
    known |= {step.name for record in records if record for step in record.milestones}
    anchors = tuple(_anchors(rule))
    asked = [
        (spot, test.milestone) for spot, test in circumstances(rule) if isinstance(test, Recorded)
    ]
    yield from _never_recorded(asked, known | {anchor.name for anchor in anchors})
    known |= {name for _, name in asked}
    for anchor in anchors:
        if anchor.name in anchor.others:
            words = " or ".join(f"`{word}`" for word in sorted(anchor.words))
            message = f"`{anchor.name}` is a word of the language that cannot stand here"
            yield anchor.spot.error("CN0411", message, f"write {words}, or a milestone")
        elif anchor.name not in anchor.words | known:
            yield _unknown(anchor, known)


def _never_recorded(asked: Sequence[tuple[Spot, str]], known: set[str]) -> Iterator[Diagnostic]:
    """Yield the milestones that circumstances ask for and nothing else names."""
    for spot, name in asked:
        if name not in known:
            message = f"nothing else names the milestone `{name}`; perhaps nobody ever records it"
            remedy = "let a case record it under `milestones`, or correct the name"
            yield spot.warning("CN0413", message, did_you_mean(name, known) or remedy)


def _anchors(rule: RuleEdition) -> Iterator[_Anchor]:
    for here in said(rule):
        for index, window in enumerate(here.qualifiers.windows):
            spot = Spot(f"{here.spot.path}.within[{index}].from", window.span)
            yield _Anchor(spot, window.anchor, STARTS, ENDS)
    for use in uses(rule):
        for test in tests_in(use.selector):
            if isinstance(test, AgeTest):
                yield _Anchor(use.spot, test.until, ENDS, STARTS)


def _unknown(anchor: _Anchor, known: set[str]) -> Diagnostic:
    message = (
        f"nothing else names the milestone `{anchor.name}`; "
        "where a record lacks it, the audit's day is taken"
    )
    remedy = "let a case record it under `milestones`"
    close = did_you_mean(anchor.name, anchor.words | known)
    if close:
        return anchor.spot.error("CN0411", message, f"{close} If not, {remedy}")
    return anchor.spot.warning("CN0411", message, f"{remedy}, or correct the name")
