"""Audit a record against one or several awards."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.claims import read_audits
from app.cli.output import (
    As,
    Format,
    Rules,
    read_learner,
    refusals,
    refuse,
    say,
    say_json,
)
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from app.core.model.wish import Wanted, Wish


def audit(
    award: Annotated[list[str], typer.Option(help="The award; several are audited together.")],
    record: Annotated[
        Path, typer.Option(help="The learner's record, YAML or JSON; - reads it from the input.")
    ],
    rules: Rules = Path("rules"),
    edition: Annotated[
        str, typer.Option(help="The edition; else the one that binds the learner.")
    ] = "",
    as_of: Annotated[
        str, typer.Option(help="The audit's day, such as 2026-09-01; else today.")
    ] = "",
    policy: Annotated[
        list[str] | None, typer.Option(help="A named option, such as conversion=hours-25.")
    ] = None,
    wish: Annotated[
        list[str] | None,
        typer.Option(
            help="What shall count where if nothing is lost by it: ACHIEVEMENT=REQUIREMENT, with "
            "@AWARD where several are audited."
        ),
    ] = None,
    stay_with: Annotated[
        Path | None,
        typer.Option(help="An earlier audit as JSON: what need not move stays where it was."),
    ] = None,
    move: Annotated[
        str, typer.Option(help="What must count where, and its price: ACHIEVEMENT=REQUIREMENT.")
    ] = "",
    as_: As = Format.text,
) -> None:
    """Audit a record: where it stands, what counts where, and why the rest does not."""
    from app.interop.audit_json import audit_to_plain
    from app.services.stored import AwardChoice

    if edition and len(award) > 1:
        refuse("`--edition` goes with one `--award`", "leave it out to take the editions that bind")
    day = day_of(as_of)
    learner = read_learner(record)
    shelf = open_shelf(rules)
    choices = [AwardChoice(one, edition or None) for one in award]  # type: ignore[arg-type]
    wanted = _wanted(wish or [], stay_with, move)
    with refusals(learner):
        audits = shelf.audit(learner.record, choices, day, _policies(policy or []), wanted)
    if as_ is Format.text:
        say("\n".join(one.text for one in audits))
    else:
        plain = [audit_to_plain(one) for one in audits]
        say_json(plain[0] if len(plain) == 1 else {"audits": plain})


def _wanted(wishes: list[str], stay_with: Path | None, move: str) -> Wanted:
    from app.core.model.wish import NOTHING_WANTED, Wanted

    if not (wishes or stay_with or move):
        return NOTHING_WANTED
    earlier = read_audits(stay_with)[0].certificate if stay_with else None
    return Wanted(tuple(map(_place, wishes)), earlier, _place(move) if move else None)


def _place(written: str) -> Wish:
    from app.core.language.values import Values, identifier
    from app.core.model.credential import CredentialId
    from app.core.model.record import AchievementId
    from app.core.model.wish import Wish

    achievement, _, place = written.partition("=")
    requirement, at, award = place.partition("@")
    if not achievement or not requirement or (at and not identifier(Values(), award, ())):
        remedy = "write ACHIEVEMENT=REQUIREMENT, such as r1=core, or r1=core@ntu/masters"
        refuse(f"`{written}` says no place for an achievement", remedy)
    return Wish(AchievementId(achievement), requirement, CredentialId(award) if at else None)


def day_of(written: str) -> date:
    """Return the day that an option names, or else today."""
    from app.core.language.scalars import Misreading, read_day
    from app.wiring import utc_now

    if not written:
        return utc_now().date()
    day = read_day(written)
    if isinstance(day, Misreading):
        refuse(day.message, day.remedy)
    return day


def _policies(stated: list[str]) -> dict[str, str]:
    from app.core.language.diagnostics import did_you_mean
    from app.core.model.rule import NAMED_POLICIES, POLICIES

    found = {}
    for one in stated:
        name, _, answer = one.partition("=")
        if name not in POLICIES and name not in NAMED_POLICIES:
            known = (*POLICIES, *NAMED_POLICIES)
            refuse(f"there is no option `{name}`", did_you_mean(name, known) or ", ".join(known))
        if name in POLICIES and answer not in POLICIES[name]:
            refuse(f"`{name}` cannot be `{answer}`", f"write one of {', '.join(POLICIES[name])}")
        found[name] = answer
    return found
