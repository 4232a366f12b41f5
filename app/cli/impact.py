"""The impact of a draft on the learners whose records stand in a directory."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.audit import day_of
from app.cli.output import (
    As,
    Format,
    Rules,
    read_input,
    read_learner,
    refusals,
    refuse,
    say,
    say_json,
    tell,
    tell_findings,
)
from app.cli.shelf import open_shelf

if TYPE_CHECKING:
    from app.core.model.record import LearnerRecord
    from app.services.impact import ImpactBasis

FORMS = (".yaml", ".yml", ".json")
UNNAMED = "learner"
"""The learner of a record that names none."""
BATCH = 50
INTERRUPTED = 130
SHOWN = 10
SAYS = {
    "completed": "meet the new edition and not the old one",
    "no-longer-complete": "met the old edition and do not meet the new one",
    "in-sight": "would meet the new edition with all that is planned, and not the old one",
    "out-of-sight": "would have met the old edition with all that is planned, and not the new one",
    "nearer": "lack fewer credits",
    "farther": "lack more credits",
    "moved": "have something that counts elsewhere",
    "not-audited": "cannot be judged as they stand",
}


def impact(
    award: Annotated[str, typer.Option(help="The award.")],
    draft: Annotated[Path, typer.Option(help="The new edition of its rule, a file.")],
    records: Annotated[Path, typer.Option(help="A directory of records, YAML or JSON.")],
    rules: Rules = Path("rules"),
    against: Annotated[
        str, typer.Option(help="The edition to compare with; else the one in force on the day.")
    ] = "",
    as_of: Annotated[str, typer.Option(help="The day to judge for; else today.")] = "",
    learner: Annotated[str, typer.Option(help="Tell the difference of this learner only.")] = "",
    workers: Annotated[
        int, typer.Option(help="How many processes; else one a processor.", min=0, max=256)
    ] = 0,
    as_: As = Format.text,
) -> None:
    """Tell whom a change of a rule helps and hurts: who completes, and who no longer does."""
    basis = _basis(award, draft, rules, against, as_of)
    known = _records(records)
    if learner:
        _tell_one(basis, known, learner)
        return
    told = _told(basis, list(known.values()), workers)
    if as_ is Format.json:
        say_json(told)
    else:
        say(_text(told))


def _basis(award: str, draft: Path, rules: Path, against: str, as_of: str) -> ImpactBasis:
    from app.core.language.rules import read_rule
    from app.services.impact import ImpactJudge

    day = day_of(as_of)
    shelf = open_shelf(rules)
    source = read_input(draft)
    rule = read_rule(source, str(draft))
    if rule.edition is None:
        tell_findings(rule.diagnostics, {str(draft): source})
        refuse(f"`{draft}` cannot be read as a rule")
    if rule.edition.award != award:
        refuse(f"`{draft}` is a rule of `{rule.edition.award}`", "name that as `--award`")
    with refusals():
        basis = shelf.compared(rule.edition.award, rule, against or None, day)
        # What cannot be judged by is told before any process is started.
        ImpactJudge(basis)
    return basis


def _records(folder: Path) -> dict[str, LearnerRecord]:
    """The records below a directory by learner; a file is called by its name where it names none.

    What is wrong with one ends the command.
    """
    if not folder.is_dir():
        refuse(f"`{folder}` is no directory", "name one that holds records")
    found: dict[str, LearnerRecord] = {}
    for path in sorted(one for one in folder.rglob("*") if one.suffix in FORMS):
        record = read_learner(path).record
        if record.learner == UNNAMED:
            record = replace(record, learner=type(record.learner)(path.stem))
        if record.learner in found:
            refuse(f"`{path}` is a second record of `{record.learner}`", "keep one of them")
        found[record.learner] = record
    if not found:
        refuse(f"`{folder}` holds no records", f"they end in {', '.join(FORMS)}")
    return found


def _tell_one(basis: ImpactBasis, known: dict[str, LearnerRecord], learner: str) -> None:
    from app.core.language.diagnostics import did_you_mean
    from app.interop.impact_json import impact_to_plain
    from app.services.impact import ImpactJudge

    if learner not in known:
        refuse(f"there is no record of `{learner}`", did_you_mean(learner, known))
    with refusals():
        judge = ImpactJudge(basis)
        found = judge.explain(known[learner])
        told = impact_to_plain(learner, judge.judge(known[learner]))
    before, after = (
        f"{side['reached']} of {side['of']} credits" for side in (told["before"], told["after"])
    )
    changes = ", ".join(told["changes"]) or "unchanged"
    say(f"{learner}: {before} before, {after} after ({changes})\n{found.text}")


def _told(basis: ImpactBasis, records: list[LearnerRecord], workers: int) -> dict[str, Any]:
    from os import cpu_count

    from rich.console import Console
    from rich.progress import Progress

    from app.core.search.impact import count_changes
    from app.interop.impact_json import impact_to_plain, summary_to_plain
    from app.services.impact import NEEDED, ImpactJudge
    from app.services.pool import Pool

    batches = [records[at : at + BATCH] for at in range(0, len(records), BATCH)]
    most = min(workers or cpu_count() or 1, len(batches))
    silent = sys.stderr is None or not sys.stderr.isatty()
    found = []
    try:
        with (
            Pool(most, ImpactJudge, basis, NEEDED) as pool,
            Progress(console=Console(stderr=True), transient=True, disable=silent) as progress,
        ):
            judged = progress.add_task("judged", total=len(records))
            for several in pool.each(batches):
                found += several
                progress.advance(judged, len(several))
    except KeyboardInterrupt:
        tell(f"interrupted: {len(found)} of {len(records)} were judged, and nothing is kept of it")
        raise typer.Exit(INTERRUPTED) from None
    return {
        "award": basis.new.award,
        "before": basis.old.edition,
        "after": basis.new.edition,
        "as_of": basis.as_of.isoformat(),
        "summary": summary_to_plain(count_changes(one for _, one in found)),
        "learners": [impact_to_plain(name, one) for name, one in found],
    }


def _text(told: dict[str, Any]) -> str:
    summary = told["summary"]
    complete = f"{summary['complete_before']} complete before, {summary['complete_after']} after"
    lines = [
        f"{told['award']}: edition {told['after']} against {told['before']} on {told['as_of']}",
        f"{summary['learners']} learners: {complete}, {summary['unchanged']} unchanged",
    ]
    for change, count in summary["changes"].items():
        if count:
            names = [one["learner"] for one in told["learners"] if change in one["changes"]]
            more = f" and {count - SHOWN} more" if count > SHOWN else ""
            lines += ["", f"{count} {SAYS[change]}:", f"  {', '.join(names[:SHOWN])}{more}"]
    return "\n".join(lines)
