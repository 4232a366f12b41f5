"""All lines compared, counted, and told as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.interop.peer.answers import Auditor, Line, Ours
from tests.interop.peer.differences import ANSWERS, KINDS, Difference, Pair, differences_of


@dataclass
class Comparison:
    """What came of comparing lines; each list names what should not be."""

    lines: int = 0
    audited: int = 0
    compared: int = 0
    requirements: int = 0
    differences: list[Difference] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    misjudged: list[str] = field(default_factory=list)
    fewer: list[str] = field(default_factory=list)
    given_up: int = 0
    undecided: list[str] = field(default_factory=list)
    not_imported: set[str] = field(default_factory=set)

    @property
    def unexplained(self) -> list[str]:
        return [str(one) for one in self.differences if not one.kind]

    def counted(self, kind: str) -> list[Difference]:
        return [one for one in self.differences if one.kind == kind]


def compare(lines: Iterable[Line], auditor: Auditor) -> Comparison:
    """Audit every line, check our claims, and compare with what the other engine answered."""
    found = Comparison()
    for line in lines:
        found.lines += 1
        if not auditor.has(line):
            found.not_imported.add(line.name)
            continue
        _one(line, auditor.audit(line), found)
    return found


def _one(line: Line, ours: Ours, found: Comparison) -> None:
    found.audited += 1
    found.given_up += line.capped
    if not all(one.proven for one in (ours.audit.now, ours.audit.projected, ours.audit.planned)):
        found.undecided.append(line.where)
    for answer in ANSWERS:
        pair = Pair(line, ours, answer)
        found.invalid += [f"{line.where}: {fault}" for fault in pair.our_judged.faults]
        found.misjudged += pair.misjudged()
        if line.answered and pair.our_judged.met < pair.their_judged.met:
            found.fewer.append(f"{line.where} ({answer})")
    if line.answered:
        found.compared += 1
        found.requirements += len(line.theirs)
        found.differences += differences_of(line, ours)


def table(found: Comparison) -> str:
    """Return the comparison as the lines of a Markdown page."""
    rows = [
        f"| {kind.name} | {len(several)} | {several[0].line.where} | {kind.why} |"
        for kind in KINDS
        if (several := found.counted(kind.name))
    ]
    differ = len(found.differences)
    told = [
        f"Of {found.lines} recorded audits {found.audited} can be made here.",
        (
            f"Of {found.compared} of them the other engine's answer is recorded, on "
            f"{found.requirements} requirements and awards: {found.requirements - differ} agree, "
            f"{differ} differ, {len(found.unexplained)} without an explanation."
        ),
        f"It gave up on {found.given_up}; {len(found.undecided)} answers are unproven here.",
    ]
    head = ["", "| difference | number | for example | why |", "|---|---|---|---|"]
    return "\n".join([*told, *head, *rows])
