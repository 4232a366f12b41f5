"""Check an audit by its certificate, without the solver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import (
    FAILED,
    Rules,
    read_input,
    read_learner,
    refusals,
    refuse,
    say,
    tell,
    tell_findings,
)
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from app.interop.certificate_json import ClaimedAudit


def verify(
    audit: Annotated[
        Path, typer.Argument(help="What `cairn audit --format json` printed; - reads the input.")
    ],
    record: Annotated[Path, typer.Option(help="The learner's record, YAML or JSON.")],
    rules: Rules = Path("rules"),
) -> None:
    """Say whether the rules and the record bear out an audit, by its certificate."""
    from app.core.engine.verify import verify as wrong_with
    from app.interop.packs import merge_catalogues
    from app.services.stored import AwardChoice

    claims = _claims(audit)
    learner = read_learner(record)
    shelf = open_shelf(rules)
    first = claims[0]
    with refusals(learner):
        chosen = [
            shelf.choose(AwardChoice(one.award, one.edition), learner.record, first.as_of)  # type: ignore[arg-type]
            for one in claims
        ]
        catalogues = [shelf.catalogue(one.award, learner.record) for one in claims]
        wrong = wrong_with(
            chosen,
            merge_catalogues(catalogues),
            [one.policies for one in claims],
            learner.record,
            first.as_of,
            first.certificate,
        )
    said = [claim.met for claim in first.certificate.parts[0].claims] if not wrong else []
    if said and said != [one.met for one in claims]:
        wrong = ("`met` of an audit is not what its certificate claims",)
    for sentence in wrong:
        tell(sentence)
    say("the certificate does not hold" if wrong else "the certificate holds")
    raise typer.Exit(FAILED if wrong else 0)


def _claims(path: Path) -> tuple[ClaimedAudit, ...]:
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
