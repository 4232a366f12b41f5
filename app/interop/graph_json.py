"""Answers about the credit graph as plain JSON values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from app.core.model.credential import CredentialId

if TYPE_CHECKING:
    from app.core.graph.build import RequirementNode
    from app.core.graph.questions import Lead
    from app.core.graph.whole import Insight, Place, Toward, Unreachable

Plain = dict[str, Any]
Form = Literal["graphml", "dot", "json", "mermaid"]
"""In which the graph is written for other tools."""
Titles: TypeAlias = Callable[[CredentialId], str]
"""Gives the title of a credential or an award."""


def lead_to_plain(lead: Lead) -> Plain:
    """Return one award that a credential leads to."""
    return {
        "award": lead.award,
        "title": lead.title,
        "steps": lead.steps,
        "by": list(lead.by),
        "ways": [
            {
                "award": way.award,
                "edition": way.edition,
                "requirements": list(way.requirements),
                "compulsory": way.compulsory,
            }
            for way in lead.ways
        ],
    }


def requirement_to_plain(node: RequirementNode) -> Plain:
    """Return a requirement with what may fill it, and its parts."""
    return {
        "id": node.id,
        "title": node.title,
        "form": node.form,
        "need": node.need,
        "credentials": list(node.credentials),
        "parts": [requirement_to_plain(part) for part in node.parts],
    }


def insight_to_plain(insight: Insight, titles: Titles, limit: int) -> Plain:
    """Return what a catalogue shows as a whole: of each list how many, and so many of the first."""
    named = _Named(titles, limit)
    return {
        "credentials": insight.credentials,
        "awards": insight.awards,
        "reach": named.toward(insight.reach),
        "bottlenecks": named.toward(insight.bottlenecks),
        "delay": named.places(insight.delay),
        "blocking": named.places(insight.blocking),
        "ladders": _first(insight.ladders.tops, [*map(list, insight.ladders.first(limit))]),
        "unreachable": named.unreachable(insight.unreachable),
        "dead_ends": _first(insight.dead_ends, list(insight.dead_ends[:limit])),
        "orphans": _first(insight.orphans, list(insight.orphans[:limit])),
        "prerequisite_cycles": _rounds(insight.prerequisite_cycles, limit),
        "award_cycles": _rounds(insight.award_cycles, limit),
    }


class _Named:
    """Lists of credentials and awards, each with its title."""

    def __init__(self, titles: Titles, limit: int) -> None:
        self.titles = titles
        self.limit = limit

    def toward(self, found: Sequence[Toward]) -> Plain:
        shown = [
            {**self.name(one.id), "awards": one.awards, "credentials": one.credentials}
            for one in found[: self.limit]
        ]
        return _first(found, shown)

    def places(self, found: Sequence[Place]) -> Plain:
        shown = [
            {**self.name(one.id), "delay": one.delay, "blocking": one.blocking}
            for one in found[: self.limit]
        ]
        return _first(found, shown)

    def unreachable(self, found: Sequence[Unreachable]) -> Plain:
        shown = [
            {
                **self.name(one.award),
                "requirements": list(one.requirements),
                "prerequisites": list(one.prerequisites),
            }
            for one in found[: self.limit]
        ]
        return _first(found, shown)

    def name(self, name: CredentialId) -> Plain:
        return {"id": name, "title": self.titles(name)}


def _rounds(cycles: Sequence[Sequence[str]], limit: int) -> Plain:
    return _first(cycles, [*map(list, cycles[:limit])])


def _first(found: Sequence[object], shown: list[Any]) -> Plain:
    return {"count": len(found), "first": shown}
