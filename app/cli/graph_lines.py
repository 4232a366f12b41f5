"""What the graph shows as a whole, in lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Plain = Mapping[str, Any]


def insight_lines(found: Plain) -> Iterator[str]:
    """Yield a heading for each list that holds anything, and a line for each of the first."""
    yield f"{_number(found['credentials'], 'credential')}, {_number(found['awards'], 'award')}"
    for key, heading, line in SECTIONS:
        count, first = found[key]["count"], found[key]["first"]
        if count:
            yield ""
            more = f" ({len(first)} of {count})" if len(first) < count else ""
            yield f"{heading}{more}"
            yield from (f"  {line(one)}" for one in first)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _toward(one: Plain) -> str:
    awards, others = _number(one["awards"], "award"), _number(one["credentials"], "credential")
    return f"{one['id']}  {one['title']}: {awards}, {others}"


def _placed(one: Plain) -> str:
    blocks = _number(one["blocking"], "credential")
    steps = _number(one["delay"], "step")
    return f"{one['id']}  {one['title']}: blocks {blocks}, delay of {steps}"


def _lacking(one: Plain) -> str:
    by = ", ".join([*one["requirements"], *one["prerequisites"]])
    return f"{one['id']}  {one['title']}: for want of {by}"


SECTIONS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("reach", "What leads to most", _toward),
    ("bottlenecks", "No way round", _toward),
    ("delay", "Longest delay", _placed),
    ("blocking", "Blocks most", _placed),
    ("ladders", "Longest ladders", " < ".join),
    ("unreachable", "Awards that nobody can reach", _lacking),
    ("dead_ends", "Dead ends", str),
    ("orphans", "Orphans", str),
    ("prerequisite_cycles", "Prerequisites in a round", ", ".join),
    ("award_cycles", "Awards in a round", ", ".join),
)
