"""Count, list, sample and rank the combinations of an award."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.audit import day_of
from app.cli.output import As, Format, Rules, read_learner, refusals, refuse, say, say_json
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from app.core.engine.compiled import CompiledAward
    from app.core.model.record import LearnerRecord
    from app.core.search.combinations import Filters
    from app.services.combining import Told

LISTED = 10
Best = Annotated[
    str,
    typer.Option(
        help="The best by credits, credentials, cost, time, issuers, or held: fewest not held."
    ),
]


def combinations(
    award: Annotated[str, typer.Option(help="The award.")],
    rules: Rules = Path("rules"),
    edition: Annotated[
        str, typer.Option(help="The edition; else the one in force, or that binds.")
    ] = "",
    as_of: Annotated[str, typer.Option(help="The day, such as 2026-09-01; else today.")] = "",
    must: Annotated[list[str] | None, typer.Option(help="A credential that has to be in.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="One that must not be in.")] = None,
    issuer: Annotated[list[str] | None, typer.Option(help="Only from these issuers.")] = None,
    mode: Annotated[list[str] | None, typer.Option(help="Only in these modes: online.")] = None,
    first: Annotated[str, typer.Option(help="The number of the first one listed.")] = "0",
    limit: Annotated[int, typer.Option(help="How many are told, up to 100.")] = LISTED,
    sample: Annotated[bool, typer.Option(help="Draw them evenly from all.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed draws the same ones.")] = 0,
    best: Best = "",
    record: Annotated[
        Path | None,
        typer.Option(help="For whom: by what their record states, and what of it is held."),
    ] = None,
    as_: As = Format.text,
) -> None:
    """Say how many minimal sets of credentials meet an award's rule, and which."""
    from app.core.search.offers import NOBODY
    from app.services.combinations import numbered, sampled
    from app.services.combining import find, told_to_plain
    from app.services.digits import number_of
    from app.services.ranking import best_of, measure_of

    if best and sample:
        refuse("`--best` and `--sample` ask for different combinations", "leave one out")
    if first != "0" and (best or sample):
        refuse("`--first` goes with the list", "leave out `--best` and `--sample`")
    start = number_of(first)
    if start is None:
        refuse(f"{first} is no number of a combination", "they begin with 0")
    day, wanted = day_of(as_of), _filters(must, without, issuer, mode)
    held = read_learner(record).record if record else None
    who = held or NOBODY
    with refusals():
        measure = measure_of(best, for_whom=held is not None) if best else None
        compiled = _compiled(rules, award, edition, day, who)
        if measure:
            told = best_of(compiled, day, measure, limit, wanted, held)
        elif sample:
            told = sampled(find(compiled, day, wanted, who), day, limit, seed, held)
        else:
            told = numbered(find(compiled, day, wanted, who), day, start, limit, held)
    say_json(told_to_plain(told)) if as_ is Format.json else say("\n".join(lines(told)))


def _filters(
    must: list[str] | None,
    without: list[str] | None,
    issuer: list[str] | None,
    mode: list[str] | None,
) -> Filters:
    from app.core.model.credential import CredentialId, IssuerId
    from app.core.search.combinations import Filters

    return Filters(
        must=frozenset(map(CredentialId, must or ())),
        without=frozenset(map(CredentialId, without or ())),
        issuers=frozenset(map(IssuerId, issuer or ())),
        modes=frozenset(mode or ()),
    )


def _compiled(
    rules: Path, award: str, edition: str, day: date, learner: LearnerRecord
) -> CompiledAward:
    from app.core.model.credential import CredentialId
    from app.services.stored import AwardChoice

    shelf = open_shelf(rules)
    choice = AwardChoice(CredentialId(award), edition or None)
    return shelf.compile(shelf.choose(choice, learner, day))


def lines(told: Told) -> Iterator[str]:
    """Yield what is said of some combinations."""
    from app.core.model.credits import show_credits
    from app.services.digits import digits, grouped

    many = f"{grouped(told.count)} combination{'' if told.count == 1 else 's'}"
    at_least = "" if told.exact else "at least "
    yield f"{told.award}, rules of {told.edition}: {at_least}{many}"
    for one in told.page.items:
        mark = "" if one.number is None else f"{digits(one.number)}: "
        lacking = "" if one.lacking is None else f", {one.lacking} not held"
        stated = "".join(f", {by} {amount}" for by, amount in one.stated.items())
        total = f"{show_credits(one.credits)} {told.unit}{stated}{lacking}"
        yield f"  {mark}{', '.join(one.credentials) or 'nothing is needed'} ({total})"
    for credential, why in told.left_out[:LISTED]:
        yield f"{credential}: left out, {why}"
    if len(told.left_out) > LISTED:
        yield f"{len(told.left_out) - LISTED} more are left out; --format json says which."
