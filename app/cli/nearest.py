"""The awards that a record lacks least of."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.audit import day_of
from app.cli.output import As, Format, Rules, read_learner, refusals, refuse, say, say_json
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.search.nearest import Near
    from app.services.nearest import NearestAwards


class By(StrEnum):
    """What awards are compared by."""

    credits = "credits"
    credentials = "credentials"
    cost = "cost"
    time = "time"


def nearest(
    record: Annotated[
        Path | None,
        typer.Option(help="The learner's record, YAML or JSON; - reads it from the input."),
    ] = None,
    holding: Annotated[
        str, typer.Option(help="Credentials held beside it, or instead: ID,ID,…")
    ] = "",
    rules: Rules = Path("rules"),
    by: Annotated[By, typer.Option(help="What the awards are compared by.")] = By.credits,
    limit: Annotated[int, typer.Option(help="How many are listed, up to 50.")] = 10,
    held: Annotated[bool, typer.Option("--held", help="List awards that are held, too.")] = False,
    as_of: Annotated[str, typer.Option(help="The day, such as 2026-09-01; else today.")] = "",
    as_: As = Format.text,
) -> None:
    """List the awards that lack least, each with what would complete it best."""
    from app.core.model.credential import CredentialId
    from app.core.search.offers import NOBODY
    from app.services.nearest import Question, nearest_awards_to_plain, ranked

    names = tuple(CredentialId(one.strip()) for one in holding.split(",") if one.strip())
    if record is None and not names:
        refuse("nothing is held", "name a record with --record, or credentials with --holding")
    day = day_of(as_of)
    learner = None if record is None else read_learner(record)
    shelf = open_shelf(rules)
    question = Question(by=by.value, limit=limit, held_too=held, holding=names)
    with refusals(learner):
        known = NOBODY if learner is None else learner.record
        found = ranked(shelf.prospectus(), known, question, day)
    if as_ is Format.json:
        say_json(nearest_awards_to_plain(found))
    else:
        say("\n".join(_lines(found)))


def _lines(answer: NearestAwards) -> Iterator[str]:
    found = answer.found
    for place, near in enumerate(found.near, 1):
        rule = near.award.rule
        yield f"{place}. {rule.title} ({rule.award}, {rule.edition}): {_standing(near, answer)}"
        for name in near.completion.credentials or ():
            yield f"   {name}  {answer.catalogue.credentials[name].title}"
        for step in near.steps:
            yield f"   still to be recorded: {step.title or step.id}"
    if not found.near:
        yield "No award can be completed."
    if found.held:
        yield f"{found.held} held already; --held lists them, too."
    if found.out_of_reach:
        yield f"{found.out_of_reach} found out of reach of what is offered."
    for award in found.undecided:
        yield f"{award}: nothing was found in the time there was."
    for one in answer.unjudged:
        yield f"{one.award}: not judged, {one.why}"


def _standing(near: Near, answer: NearestAwards) -> str:
    from app.core.model.credits import show_credits

    own = ", held" if near.held else ""
    told = {
        "earned": "met, and not claimed" if not near.held else "met",
        "projected": "met once what is in progress is earned",
        "planned": "met once what is planned is earned",
    }
    if near.state != "open":
        return told[near.state] + own
    number, credits = len(near.completion.credentials or ()), show_credits(near.credits)
    lacks = f"{credits} {near.award.rule.unit} in {number} credential{'' if number == 1 else 's'}"
    if answer.question.by in {"cost", "time"}:
        lacks += f", {answer.question.by} {near.missing}"
    sure = "" if near.completion.proven else ", perhaps less"
    return f"{near.progress.percent} % done, lacks {lacks}{sure}{own}"
