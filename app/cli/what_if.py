"""What if: audits before and after changes, and what single change would be enough."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.audit import day_of
from app.cli.output import (
    As,
    Format,
    Learner,
    Rules,
    read_form,
    read_learner,
    refusals,
    refuse,
    say,
    say_json,
    tell_findings,
)
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from app.core.engine.compiled import CompiledAward
    from app.core.model.audit import Audit
    from app.core.model.credential import CredentialId
    from app.core.model.record import LearnerRecord
    from app.core.model.wish import Wanted
    from app.services.shelf import Shelf
    from app.services.single import SingleChanges
    from app.services.stored import AwardChoice
    from app.services.what_if import Comparison, Hypothesis

Words = list[str] | None


def what_if(
    award: Annotated[list[str], typer.Option(help="The award; several are audited together.")],
    record: Annotated[
        Path, typer.Option(help="The learner's record, YAML or JSON; - reads it from the input.")
    ],
    add: Annotated[
        Words, typer.Option(help="What would be earned: CREDENTIAL, or CREDENTIAL=GRADE.")
    ] = None,
    remove: Annotated[Words, typer.Option(help="An achievement that would not be there.")] = None,
    grade: Annotated[Words, typer.Option(help="Another grade: ACHIEVEMENT=GRADE.")] = None,
    to: Annotated[
        Words, typer.Option(help="The award to judge by instead: AWARD, AWARD@EDITION, @EDITION.")
    ] = None,
    move: Annotated[
        str, typer.Option(help="What would have to count where: ACHIEVEMENT=REQUIREMENT.")
    ] = "",
    changes: Annotated[
        Path | None,
        typer.Option(help="A file with the changes as REST has them; options go first."),
    ] = None,
    rules: Rules = Path("rules"),
    edition: Annotated[
        str, typer.Option(help="The edition; else the one that binds the learner.")
    ] = "",
    as_of: Annotated[str, typer.Option(help="The day, such as 2026-09-01; else today.")] = "",
    as_: As = Format.text,
) -> None:
    """Compare audits before and after changes; without any list each change that is enough."""
    from app.services.stored import AwardChoice

    if edition and len(award) > 1:
        refuse("`--edition` goes with one `--award`", "leave it out to take the editions that bind")
    day = day_of(as_of)
    learner = read_learner(record)
    stated = {
        "add": [_added(one, learner, day) for one in add or []],
        "remove": remove,
        "grades": dict(_pair(one, "ACHIEVEMENT=GRADE") for one in grade or []),
        "awards": [_choice(one, award[min(at, len(award) - 1)]) for at, one in enumerate(to or [])],
        "move": _place(move) if move else None,
    }
    given = read_form(changes, "the changes") if changes else {}
    supposed = _hypothesis({**given, **{key: own for key, own in stated.items() if own}})
    shelf = open_shelf(rules)
    choices = [AwardChoice(one, edition or None) for one in award]  # type: ignore[arg-type]
    if supposed is None:
        _single(shelf, learner, choices, day, as_)
    else:
        _compared(shelf, learner, choices, supposed, day, as_)


def _single(
    shelf: Shelf, learner: Learner, choices: list[AwardChoice], day: date, as_: Format
) -> None:
    from app.services.single import found_singly, single_changes_to_plain
    from app.services.stored import AwardChoice

    def compiled(name: CredentialId, edition: str) -> CompiledAward:
        return shelf.fitted(learner.record, [AwardChoice(name, edition)], day)[0]

    with refusals(learner):
        awards = shelf.fitted(learner.record, choices, day)
        others: dict[str, Callable[[], CompiledAward]] = {}
        if len(awards) == 1:
            own = awards[0].rule
            editions = shelf.editions(own.award).values()
            others = {
                one.edition: partial(compiled, own.award, one.edition)
                for one in sorted(editions, key=lambda one: one.effective.start)
                if one.edition != own.edition
            }
        found = found_singly(awards, others, learner.record, day)
    if as_ is Format.json:
        say_json(single_changes_to_plain(found))
    else:
        say("\n".join(_told(found)))


def _told(found: SingleChanges) -> Iterator[str]:
    from app.core.search.single import said

    titles = " and ".join(one.rule.title for one in found.awards)
    if found.complete:
        yield f"{titles}: complete already."
    elif not found.changes:
        yield f"{titles}: no single change is enough; `cairn nearest` and `cairn route` go further."
    else:
        yield f"{titles}: each of these would be enough."
        yield from [f"- {said(one, found.awards)}" for one in found.changes]
    if not found.proven:
        yield "Not everything could be decided in the time there was: there may be others."


def _compared(
    shelf: Shelf,
    learner: Learner,
    choices: list[AwardChoice],
    supposed: Hypothesis,
    day: date,
    as_: Format,
) -> None:
    from app.interop.what_if_json import comparison_to_plain
    from app.services.what_if import compare

    def audits(
        record: LearnerRecord, asked: Sequence[AwardChoice], wanted: Wanted
    ) -> tuple[Audit, ...]:
        # What is wrong with a changed record stands in no line of the file.
        with refusals(learner if record == learner.record else None):
            return shelf.audit(record, asked, day, {}, wanted)

    with refusals():
        found = compare(audits, learner.record, choices, supposed)
    if as_ is Format.json:
        say_json(comparison_to_plain(found.before, found.after, found.differences))
    else:
        say("\n\n".join(_differences(found)))


def _differences(found: Comparison) -> Iterator[str]:
    for one, audit in zip(found.differences, found.after, strict=True):
        yield f"{audit.title}, {audit.edition}\n{one.text or 'Nothing would be otherwise.'}"
        yield audit.text


def _pair(written: str, form: str) -> tuple[str, str]:
    name, _, value = written.partition("=")
    if not name or not value:
        refuse(f"`{written}` is no {form}", f"write {form}")
    return name, value


def _added(written: str, learner: Learner, day: date) -> dict[str, str]:
    from app.core.search.offers import unused_mark

    credential, _, grade = written.partition("=")
    name = f"{unused_mark(learner.record)}{credential}"
    earned = {"id": name, "credential": credential, "earned": day.isoformat()}
    return {**earned, "grade": grade} if grade else earned


def _choice(written: str, asked: str) -> dict[str, str]:
    award, _, edition = written.partition("@")
    chosen = {"award": award or asked}
    return {**chosen, "edition": edition} if edition else chosen


def _place(written: str) -> dict[str, str]:
    achievement, place = _pair(written, "ACHIEVEMENT=REQUIREMENT")
    requirement, _, award = place.partition("@")
    found = {"achievement": achievement, "requirement": requirement}
    return {**found, "award": award} if award else found


def _hypothesis(stated: dict[str, Any]) -> Hypothesis | None:
    """Return what is supposed; None where nothing is."""
    from app.core.language.values import Values
    from app.services.asking import changes

    if not stated:
        return None
    values = Values()
    found = changes(values, stated, ())
    problems = values.found.sorted()
    if problems:
        tell_findings(problems, {})
        refuse("the changes cannot be used", "`cairn what-if --help` lists the options")
    return found
