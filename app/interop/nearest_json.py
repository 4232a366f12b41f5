"""The nearest awards as plain JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.model.credits import show_credits

if TYPE_CHECKING:
    from app.core.model.catalogue import Catalogue
    from app.core.search.nearest import Measured, Near, Nearest

Plain = dict[str, Any]


def nearest_to_plain(found: Nearest, by: Measured, catalogue: Catalogue) -> Plain:
    """Return the list, and what became of the awards that are not in it."""
    return {
        "by": by,
        "awards": [_near(one, by, catalogue) for one in found.near],
        "compared": found.awards,
        "completed": found.completed,
        "held": found.held,
        "out_of_reach": found.out_of_reach,
        "undecided": list(found.undecided),
    }


def _near(near: Near, by: Measured, catalogue: Catalogue) -> Plain:
    rule, progress, best = near.award.rule, near.progress, near.completion
    taken = best.credentials or ()
    return {
        "award": rule.award,
        "title": rule.title,
        "edition": rule.edition,
        "unit": rule.unit,
        "held": near.held,
        "state": near.state,
        "progress": {
            "reached": show_credits(progress.reached),
            "of": show_credits(progress.of),
            "percent": progress.percent,
        },
        "short": show_credits(max(progress.of - progress.reached, 0)),
        "missing": _amount(near.missing, by),
        "completion": {
            "credentials": [
                {"credential": name, "title": catalogue.credentials[name].title} for name in taken
            ],
            "credits": show_credits(near.credits),
            "proven": best.proven,
            "gap": _amount(near.missing - best.least[0], by),
        },
        "steps": [{"requirement": one.id, "title": one.title} for one in near.steps],
    }


def _amount(amount: int, by: Measured) -> str:
    return show_credits(amount) if by == "credits" else str(amount)
