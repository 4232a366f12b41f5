"""What a change of a rule does as plain JSON values: of one learner, and in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.model.credits import show_credits
from app.core.search.impact import CHANGES, Impact, Judged, Refusal

Plain = dict[str, Any]
NUMBERS = ("learners", "unchanged", "complete_before", "complete_after", "unproven")


def impact_to_plain(learner: str, impact: Impact) -> Plain:
    """Return what a change does to one learner; a side is null where it cannot be judged."""
    refused = [one for one in (impact.before, impact.after) if isinstance(one, Refusal)]
    return {
        "learner": learner,
        "changes": list(impact.changes),
        "before": _side(impact.before),
        "after": _side(impact.after),
        "moved": list(impact.moved),
        "refused": [one._asdict() for one in dict.fromkeys(refused)],
    }


def _side(side: Judged | Refusal) -> Plain | None:
    if isinstance(side, Refusal):
        return None
    return {
        "met": side.met,
        "reached": show_credits(side.reached),
        "of": show_credits(side.of),
        "missing": show_credits(side.missing),
        "planned": side.planned,
        "proven": side.proven,
    }


def summary_to_plain(counts: Mapping[str, int]) -> Plain:
    """Return how many learners there are of each kind."""
    return {
        **{name: counts.get(name, 0) for name in NUMBERS},
        "changes": {name: counts.get(name, 0) for name in CHANGES},
    }
