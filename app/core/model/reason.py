"""Reasons: the closed set of facts that an audit can rest on, as data.

A reason is a code and its parameters; the sentence is made from both in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

ReasonCode = Literal[
    # why an achievement does not count: five reasons
    "does-not-match",
    "in-excess",
    "used-elsewhere",
    "cap-reached",
    "not-countable",
    # finer forms of the five, where an author or a client wants to tell them apart
    "grade-too-low",
    "grade-too-high",
    "too-old",
    "outside-window",
    "too-long",
    "no-day",
    "out-of-order",
    "wrong-level",
    "already-used",
    "not-used",
    "not-for-learner",
    "duplicates",
    "pair-incomplete",
    "not-shareable",
    "superseded",
    "not-finished",
    "no-credit",
    "no-gain",
    "not-chosen",
    "parts-used",
    "would-lower",
    # why a requirement is not met
    "applies",
    "missing",
    "nothing-matches",
    "not-enough",
    "trimmed",
    "held-back",
    "not-admitted",
    "retake",
    "floor-not-reached",
    "breadth-not-reached",
    "latest-not-reached",
    "average-too-low",
    "no-graded-credit",
    "step-not-recorded",
    "awaits-person",
    "parts-missing",
    "condition-short",
    "not-allowed",
    "not-all-match",
    "record-out-of-time",
    "too-many-values",
    # why requirements cannot be met together, and what would resolve it
    "in-conflict",
    "resolved-by",
    "limit-binds",
    # what was decided for the learner
    "adjusted",
    "lapsed",
    # what became of a wish, and the price of a placement
    "moving",
    "move-impossible",
    "no-such-place",
    "takes-nothing",
    "not-on-record",
    "wish-instead",
    "wish-open",
    "price-not-asked",
    # the other answers
    "barred",
    "higher-complete",
]

Param: TypeAlias = str | int | tuple[str, ...]


class Reason(NamedTuple):
    """One fact, by code and parameters; credits among the parameters are written as decimals."""

    code: ReasonCode
    params: Mapping[str, Param]
    text: str
