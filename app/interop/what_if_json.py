"""What-ifs as plain JSON values: changes, differences, and single changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.engine.compiled import CompiledAward
from app.core.explain.difference import Account, Difference, Stand
from app.core.model.audit import Audit
from app.core.model.credits import Credits, parse_credits, show_credits
from app.core.search.single import SingleChange, said
from app.interop.audit_json import audit_to_plain

Plain = dict[str, Any]


def comparison_to_plain(
    before: Sequence[Audit], after: Sequence[Audit], differences: Sequence[Difference]
) -> Plain:
    """Return the audits before and after a change, and what it brings, award by award."""
    return {
        "before": [audit_to_plain(one) for one in before],
        "after": [audit_to_plain(one) for one in after],
        "differences": [difference_to_plain(one) for one in differences],
    }


def difference_to_plain(one: Difference) -> Plain:
    """Return what a change brings for one award."""
    return {
        "award": one.award,
        "met_before": one.met_before,
        "met_after": one.met_after,
        "gained": show_credits(one.gained),
        "requirements": [
            {"id": own.id, "title": own.title, "before": own.before, "after": own.after}
            for own in one.requirements
        ],
        "placements": [
            {
                "achievement": own.achievement,
                "title": own.title,
                "before": list(own.before),
                "after": list(own.after),
            }
            for own in one.placements
        ],
        "text": one.text,
    }


def account_from_plain(audit: Mapping[str, Any]) -> Account:
    """Return what a difference is told from, of an audit that `audit_to_plain` wrote."""
    now = audit["now"]
    return Account(
        award=audit["award"],
        title=audit["title"],
        unit=audit["unit"],
        met=now["met"],
        reached=Credits(parse_credits(now["progress"]["reached"])),
        requirements={
            one["id"]: Stand(one["title"], one["state"], _amount(one["short"]))
            for one in audit["requirements"]
        },
        counts={
            one["id"]: (one["title"], tuple(one["counts_toward"])) for one in audit["achievements"]
        },
    )


def _amount(written: str | int) -> int:
    return written if isinstance(written, int) else parse_credits(written)


def single_change_to_plain(change: SingleChange, awards: Sequence[CompiledAward]) -> Plain:
    """Return one change with the keys that its kind has, and in words."""
    named = {key: value for key, value in change._asdict().items() if value}
    return {**named, "text": said(change, awards)}
