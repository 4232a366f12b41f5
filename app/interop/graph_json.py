"""Answers about the credit graph as plain JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.core.graph.build import RequirementNode
    from app.core.graph.questions import Lead
    from app.core.graph.whole import Insight

Plain = dict[str, Any]


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


def insight_to_plain(insight: Insight) -> Plain:
    """Return what a catalogue shows as a whole."""
    return {
        "credentials": insight.credentials,
        "awards": insight.awards,
        "prerequisite_cycles": [list(cycle) for cycle in insight.prerequisite_cycles],
        "award_cycles": [list(cycle) for cycle in insight.award_cycles],
        "dead_ends": list(insight.dead_ends),
        "orphans": list(insight.orphans),
        "longest_ladder": list(insight.longest_ladder),
    }
