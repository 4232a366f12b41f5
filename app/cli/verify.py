"""Check an audit by its certificate, without the solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.claims import read_audits
from app.cli.output import FAILED, Rules, read_learner, refusals, say, tell
from app.cli.shelf import open_shelf


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

    claims = read_audits(audit)
    learner = read_learner(record)
    shelf = open_shelf(rules)
    first = claims[0]
    with refusals(learner):
        chosen = [
            shelf.whole(
                shelf.choose(AwardChoice(one.award, one.edition), learner.record, first.as_of)  # type: ignore[arg-type]
            )
            for one in claims
        ]
        catalogues = [shelf.catalogue(one, learner.record) for one in chosen]
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
