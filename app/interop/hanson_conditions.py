"""What holds for a learner, in the Hanson format, as a circumstance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from app.core.language.diagnostics import Diagnostic, shorten
from app.interop.hanson_algebra import Written, both, either, negated
from app.interop.hanson_facts import COLLEGE, EXAM_OF_AREA, award_id, step_name
from app.interop.hanson_source import NOT_CARRIED, MisshapenError, Node

BRANCHES = ("$if", "$then", "$else")


@dataclass(frozen=True, slots=True)
class Area:
    """The area of study that is being imported, and what of it is not carried over."""

    code: str
    institution: str = COLLEGE
    found: list[Diagnostic] = field(default_factory=list)
    not_carried: Counter[str] = field(default_factory=Counter)

    @property
    def examination(self) -> str:
        """Return the name of its music examination."""
        return EXAM_OF_AREA.format(self.code)

    def leave(self, construct: str, node: Node, why: str, remedy: str) -> None:
        """Keep that a construct is not carried over."""
        message = f"`{shorten(construct)}` is not carried over: {why}"
        self.found.append(Diagnostic(NOT_CARRIED, "warning", message, remedy, node.span))
        self.not_carried[construct] += 1


def circumstance(condition: Node, area: Area) -> Written:
    """Return the circumstance in which a condition holds."""
    return both(*(_one(key, part, area) for key, part in condition.fields.items()))


def _one(key: str, part: Node, area: Area) -> Written:
    match key:
        case "$and":
            return both(*(circumstance(one, area) for one in part.items))
        case "$or":
            return either([circumstance(one, area) for one in part.items])
        case "$not":
            return negated(circumstance(part, area))
        case "has-declared-area-code":
            return {"declared": award_id(part.text, area.institution)}
        case "passed-proficiency-exam" | "has-override-exception":
            return {"milestone": step_name(part.text)}
        case _:
            return {"holds": {"choose": 1, "from": _held(key, part)}}


def _held(key: str, part: Node) -> Written:
    match key:
        case "has-completed-course":
            return {"course": part.text}
        case "has-ip-course":
            return {"course": part.text, "status": "in-progress"}
        case "student-has-course-with-attribute":
            return {"bucket": part.text, "status": ["earned", "in-progress"]}
        case _:
            raise MisshapenError(f"the condition `{shorten(key)}` is not known", part.span)
