"""The rule packs of a directory, for commands that need no database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.output import refusals, refuse, tell_findings

if TYPE_CHECKING:
    from app.interop.packs import Pack
    from app.services.shelf import Shelf


def packs_at(path: Path) -> list[Pack]:
    """Return the packs of a directory of packs, of one pack, or of the pack that a file is in."""
    from app.interop.packs import read_pack
    from app.persistence.pack_files import read_packs

    root = path if path.is_dir() else _pack_of(path)
    with refusals():
        found = read_packs(root)
    one = (root / "catalogue.yaml").is_file()
    return [read_pack(files, str(root if one else root / name)) for name, files in found.items()]


def _pack_of(file: Path) -> Path:
    if not file.is_file():
        refuse(f"`{file}` is neither a file nor a directory", "name a rule file or a directory")
    holding = [one for one in file.resolve().parents if (one / "catalogue.yaml").is_file()]
    if not holding:
        refuse(f"`{file}` belongs to no pack", "put it below a directory with a catalogue.yaml")
    return holding[0]


def open_shelf(path: Path) -> Shelf:
    """Return the packs below a path together; what is an error in them ends the command."""
    from app.interop.packs import check_packs
    from app.services.shelf import Shelf

    packs = packs_at(path)
    for pack in packs:
        if pack.broken:
            tell_findings(pack.diagnostics, pack.sources)
    broken = [pack.institution or "one" for pack in packs if pack.broken]
    if broken:
        refuse(
            f"packs with errors: {', '.join(broken)}", "mend them; `cairn rules check` lists all"
        )
    clashes = check_packs(packs)
    if clashes:
        tell_findings(clashes, {})
        refuse(f"the packs of `{path}` contradict one another", "mend what stands above")
    return Shelf.of(packs)
