"""Check, test, explain, format rules; print their schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import (
    FAILED,
    As,
    Format,
    Rules,
    read_input,
    refuse,
    say,
    say_json,
    tell,
    tell_findings,
)
from app.cli.shelf import open_shelf, packs_at

if TYPE_CHECKING:
    from app.core.language.diagnostics import Diagnostic
    from app.core.language.rules import RuleFile
    from app.core.model.nesting import Editions
    from app.interop.packs import Pack

app = typer.Typer(help="Check, test, explain and format rules.", no_args_is_help=True)

Where = Annotated[
    Path,
    typer.Argument(help="A rule file, a pack, or a directory of packs.", envvar="CAIRN_RULES"),
]


@app.command()
def check(path: Where = Path("rules"), as_: As = Format.text) -> None:
    """Look for what is wrong with rules, beyond how they are written."""
    from app.core.language.diagnostics import is_error
    from app.core.language.plain_words import counted
    from app.core.language.render import render_plain
    from app.interop.packs import check_packs
    from app.services.nesting import nestable

    found: list[Diagnostic] = []
    sources: dict[str, bytes] = {}
    files = 0
    packs = packs_at(path)
    editions = nestable(packs)
    for pack in packs:
        chosen = _chosen(pack, path)
        if not chosen:
            _known(pack, path)
        files += len(chosen)
        sources |= pack.sources
        # What the rules are checked against has to stand before they are.
        whole = path.is_dir() or not chosen or not pack.known
        found += _findings(pack, chosen, editions, whole=whole)
    found += check_packs(packs)
    errors = sum(map(is_error, found))
    if as_ is Format.json:
        say_json({"files": files, "errors": errors, "findings": render_plain(found)})
    else:
        tell_findings(found, sources)
        notes = sum(one.severity == "note" for one in found)
        counts = [(errors, "error"), (len(found) - errors - notes, "warning")]
        counts += [(notes, "note")] if notes else []
        said = ", ".join(counted(*one) for one in counts)
        say(f"{counted(files, 'rule file')}: {said}")
    raise typer.Exit(FAILED if errors else 0)


def _chosen(pack: Pack, path: Path) -> list[RuleFile]:
    """The rules that a path means: all of a pack, or the file itself."""
    if path.is_dir():
        return list(pack.rules.values())
    name = path.resolve()
    return [rule for file, rule in pack.rules.items() if name.as_posix().endswith(f"/{file}")]


def _known(pack: Pack, path: Path) -> None:
    """Refuse a file that is none of its pack."""
    if path.is_file() and path.resolve().as_posix() not in pack.sources:
        refuse(f"`{path}` is no file of its pack", "rules end in .yaml, .yml or .json")


def _findings(
    pack: Pack, chosen: list[RuleFile], editions: Editions, *, whole: bool
) -> list[Diagnostic]:
    from app.services.compiling import every_finding

    found = (
        list(pack.diagnostics) if whole else [one for rule in chosen for one in rule.diagnostics]
    )
    for rule in chosen:
        if rule.edition is not None and pack.known:
            found += every_finding(rule, pack.catalogue, pack.policies, editions)
    return sorted(set(found))


@app.command()
def test(path: Where = Path("rules"), as_: As = Format.text) -> None:
    """Run the cases that stand with the rules."""
    from app.services.cases import run_cases

    packs = packs_at(path)
    for pack in packs:
        if pack.broken:
            tell_findings(pack.diagnostics, pack.sources)
            refuse(f"the pack `{pack.institution}` has errors", "mend them, then test")
    if path.is_file() and not any(_chosen(pack, path) for pack in packs):
        refuse(f"`{path}` is no rule file", "rules stand in the folder `awards` of a pack")
    wanted = {
        (rule.edition.award, rule.edition.edition)
        for pack in packs
        for rule in _chosen(pack, path)
        if rule.edition is not None
    }
    results = [one for one in run_cases(packs) if (one.award, one.edition) in wanted]
    failed = [one for one in results if not one.passed]
    passed = len(results) - len(failed)
    if as_ is Format.json:
        cases = [one.plain() for one in results]
        say_json({"passed": passed, "failed": len(failed), "cases": cases})
    else:
        for one in failed:
            tell(f"{one.award} {one.edition}: {one.name}")
            for difference in one.differences:
                tell(f"  {difference}")
        say(f"{passed} passed, {len(failed)} failed")
    raise typer.Exit(FAILED if failed else 0)


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="A rule file, or the id of an award.")],
    rules: Rules = Path("rules"),
    edition: Annotated[str, typer.Option(help="The edition of the award; else the latest.")] = "",
) -> None:
    """Say a rule in plain English."""
    from app.core.language.plain import explain_rule

    path = Path(rule)
    if path.is_file():
        if edition:
            refuse("`--edition` goes with the id of an award", "leave it out for a file")
        found = [
            (pack, one.edition)
            for pack in packs_at(path)
            for one in _chosen(pack, path)
            if one.edition is not None
        ]
        if not found:
            refuse(f"`{rule}` cannot be read as a rule", f"see `cairn rules check {rule}`")
        pack, chosen = found[0]
    else:
        from app.cli.output import refusals

        shelf = open_shelf(rules)
        with refusals():
            editions = shelf.editions(rule)  # type: ignore[arg-type]
        if edition and edition not in editions:
            refuse(f"`{rule}` has no edition `{edition}`", f"there are {', '.join(editions)}")
        latest = max(editions.values(), key=lambda one: one.effective.start)
        pack, chosen = shelf.pack(rule), editions.get(edition, latest)
    say(explain_rule(chosen, pack.catalogue))


@app.command()
def schema(
    record: Annotated[
        bool, typer.Option("--record", help="Print that of a learner record instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of a rule file."""
    from app.core.language.schema import rule_schema
    from app.core.language.schema_records import record_schema

    say_json(record_schema() if record else rule_schema())


@app.command(name="format")
def format_(
    file: Annotated[Path, typer.Argument(help="A rule file.")],
    write: Annotated[
        bool, typer.Option("--write", help="Write the file instead of printing it.")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--check", help="Only say whether it is formatted.")
    ] = False,
) -> None:
    """Print a rule file in its canonical form; of its comments those at the head are kept."""
    from app.core.language.comments import comments_of
    from app.core.language.printer import print_rule
    from app.core.language.rules import read_rule

    if write and str(file) == "-":
        refuse("the input cannot be written back", "name a file, or leave out `--write`")
    source = read_input(file)
    read = read_rule(source, str(file))
    if read.edition is None:
        tell_findings(read.diagnostics, {str(file): source})
        refuse(f"`{file}` cannot be read as a rule")
    head, commented = comments_of(source)
    text = head + print_rule(read)
    if compare:
        same = text.encode() == source
        say(f"{file}: {'formatted' if same else 'would be formatted otherwise'}")
        raise typer.Exit(0 if same else FAILED)
    if not write:
        say(text)
        return
    if commented:
        refuse(
            f"`{file}` has a comment on line {commented[0]}, which would be lost",
            "move it to the head of the file, or make it a `note` or a `reason`",
        )
    # A crash between the two steps leaves the file as it was.
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
