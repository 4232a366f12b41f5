"""What an award is judged by, as plain values with the digests of all texts, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.canonical import Json
from app.services.compiling import Compiler, Ground
from app.services.nesting import by_award, linked_by
from app.services.ports import Unit
from app.services.stored import NestedEdition


def ground_to_plain(ground: Ground) -> dict[str, Json]:
    """Return what an award is judged by as plain values."""
    return {
        "award": ground.rule.award,
        "catalogue": ground.view.sha256,
        "edition": ground.rule.edition,
        "nested": [
            {"award": one.award, "edition": one.edition, "rule": one.sha256}
            for one in ground.nested
        ],
        "policies": dict(ground.policies),
        "rule": ground.sha256,
    }


def stored_ground(unit: Unit, compiler: Compiler, plain: Mapping[str, Any]) -> Ground:
    """Return what `ground_to_plain` wrote, its texts looked up by their digests."""
    rule = compiler.rule(unit, plain["award"], plain["edition"], plain["rule"])
    # Audits of before there were nested awards name none.
    nested = tuple(
        NestedEdition(one["award"], one["edition"], one["rule"]) for one in plain.get("nested", ())
    )
    editions = by_award(compiler.rule(unit, one.award, one.edition, one.sha256) for one in nested)
    view = compiler.snapshot(unit, plain["catalogue"])
    whole = linked_by(rule, editions).rule
    return Ground(whole, plain["rule"], view, plain["policies"], nested)
