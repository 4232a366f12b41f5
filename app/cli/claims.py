"""Audits that were printed, read again for what they claim."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.output import read_input, refuse, tell_findings

if TYPE_CHECKING:
    from app.interop.certificate_json import ClaimedAudit


def read_audits(path: Path) -> tuple[ClaimedAudit, ...]:
    """Return the audits that were asked together, by what `cairn audit` printed."""
    import json

    from app.interop.certificate_json import read_claims

    try:
        value = json.loads(read_input(path))
    except (ValueError, RecursionError):
        refuse(f"`{path}` is not JSON", "give what `cairn audit --format json` printed")
    claims, wrong = read_claims(value)
    if wrong:
        tell_findings(wrong, {})
        refuse(f"`{path}` is not an audit", "give what `cairn audit --format json` printed")
    asked = {one.award for one in claims}
    together = all(
        (one.as_of, one.certificate) == (claims[0].as_of, claims[0].certificate) for one in claims
    )
    if not claims or len(asked) < len(claims) or not together:
        refuse(f"`{path}` does not hold one joint audit", "give audits that were asked together")
    return claims
