"""The published files, the students and what either engine answered, where they are at hand.

None of this is part of the project. `CAIRN_HANSON_DATA` names the directory; else it is looked for
beside the project.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path as File
from typing import Any

from ruamel.yaml import YAML

from app.core.language.origin import slug
from app.core.language.printer_yaml import print_yaml
from app.core.language.records import read_record
from app.core.model.audit import Audit, State
from app.core.model.certificate import AnswerName
from app.core.model.credential import CredentialId
from app.interop.hanson_facts import award_id
from app.interop.hanson_pack import Imported, import_areas
from app.interop.hanson_student import record_of
from app.interop.packs import read_pack
from app.services.shelf import Shelf
from app.services.stored import AwardChoice
from tests.interop.peer.leaves import NAMING, Path
from tests.interop.peer.where import Student

BESIDE = File(__file__).parents[4] / "shared" / "data" / "hanson"
HERE = File(os.environ.get("CAIRN_HANSON_DATA", BESIDE))
AS_OF = date(2026, 12, 31)
COMMON = re.compile("Common .+ Major Requirements")
"""What the other engine adds to every major; the files do not have it."""
EMPHASIS = "Emphasis: "


@dataclass(frozen=True)
class Line:
    """One line: a student, an area, and what the other engine said."""

    number: int
    said: Mapping[str, Any]
    area: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.said["area"])

    @property
    def where(self) -> str:
        """Name the line for people: the area, the size, the profile and the seed."""
        return "{area} {profile} {size}/{seed}".format(**self.said)

    @property
    def capped(self) -> bool:
        return bool(self.said["capped"])

    @property
    def code(self) -> str:
        return str(self.area["code"])

    @cached_property
    def student(self) -> Student:
        return Student(self.said["student"], self.code)

    @cached_property
    def theirs(self) -> dict[Path, str]:
        """What the other engine says of each requirement, and of the award: that is the path `()`.

        It adds rules of its own to every major; there, what it says of the award is left out.
        """
        said = self.said.get("requirements", {})
        own = {path_of(name): status for name, status in said.items() if not COMMON.match(name)}
        return (
            own if len(own) < len(said) or not self.answered else {(): self.said["status"], **own}
        )

    @property
    def answered(self) -> bool:
        """Say whether the other engine's answer is recorded."""
        return "requirements" in self.said

    @cached_property
    def claimed(self) -> dict[str, frozenset[Path]]:
        """What the other engine claims, by course."""
        return {
            course: frozenset(map(_named_in, spots))
            for course, spots in self.said.get("claims", {}).items()
        }


def path_of(name: str) -> Path:
    """Return the path of names that the other engine writes as one."""
    whole = name.removeprefix(EMPHASIS).replace(" → ", " > ")
    return tuple(whole.split(" > "))


def _named_in(spot: Sequence[str]) -> Path:
    names = [part[1:] for part in spot if part.startswith("%")]
    return path_of(" > ".join(names)) if names else ()


def read_lines(at: File = HERE) -> list[Line]:
    """Return all lines with the files of their areas."""
    yaml = YAML(typ="safe", pure=True)
    areas: dict[str, Any] = {}
    found: list[Line] = []
    with gzip.open(at / "students-and-verdicts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            said = json.loads(line)
            if said["area"] not in areas:
                areas[said["area"]] = yaml.load(source_of(said["area"], at))
            found.append(Line(number, said, areas[said["area"]]))
    return found


def source_of(area: str, at: File = HERE) -> bytes:
    """Return the file of an area."""
    return (at / "areas" / f"{area}.yaml").read_bytes()


@dataclass(frozen=True)
class Ours:
    """Our answer: the audit, and where its requirements stand in the file."""

    audit: Audit
    paths: Mapping[str, Path]

    def state(self, path: Path, answer: AnswerName) -> State | None:
        """Return how a requirement stands; None where it is not asked of this learner."""
        if not path:
            return self._award(answer)
        for one in self.audit.requirements:
            if self.paths.get(one.id) == path:
                later = one.projected if answer == "projected" else None
                return (later or one.now).state
        return None

    def _award(self, answer: AnswerName) -> State:
        verdict = self.audit.now if answer == "now" else self.audit.projected
        if verdict.met:
            return "met"
        root = next(one for one in self.audit.requirements if not one.parent)
        later = root.projected if answer == "projected" else None
        state = (later or root.now).state
        return "not-met" if state == "met" else state

    def claims(self, answer: AnswerName) -> dict[str, frozenset[Path]]:
        """Return what we claim, by course."""
        # Answers that are the same share the part of the first.
        parts = {one.answer: one for one in self.audit.certificate.parts}
        part = parts.get(answer, parts["now"])
        names = {one.id: one.credential for one in self.audit.achievements}
        found: dict[str, set[Path]] = defaultdict(set)
        for one in part.placements:
            kind, _, course = str(names[one.achievement]).partition("/")[2].partition("/")
            if kind == "class":
                found[course].add(self.nearest(one.requirement))
        return {course: frozenset(paths) for course, paths in found.items()}

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {one.id: one.parent for one in self.audit.requirements}

    def nearest(self, name: str) -> Path:
        """Return the path of the named requirement in which one stands."""
        while name and name not in self.paths:
            name = self._parents.get(name, "")
        return self.paths.get(name, ())


def auditor_of(lines: Iterable[Line], at: File = HERE) -> Auditor:
    """Return what audits the students of the lines."""
    names = {line.name for line in lines}
    return Auditor({name: source_of(name, at) for name in sorted(names)})


class Auditor:
    """Audits students by the areas that were imported."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        """Import the files, by the names that lines have for them."""
        files_of = {f"areas/{name}.yaml": source for name, source in sources.items()}
        self.imported: Imported = import_areas(files_of)
        files = {path: text.encode() for path, text in self.imported.files.items()}
        self.shelf = Shelf.of([read_pack(files, "stolaf")])

    def has(self, line: Line) -> bool:
        """Say whether the area could be imported."""
        year = line.name.partition("/")[0]
        return f"awards/{line.code}/{year}.yaml" in self.imported.files

    def audit(self, line: Line) -> Ours:
        """Audit the student of a line."""
        record, _ = record_of(line.student.row, area=line.code)
        read = read_record(print_yaml(record).encode(), "student")
        assert read.record is not None, read.diagnostics
        name = CredentialId(award_id(line.code))
        choice = AwardChoice(name, line.name.partition("/")[0])
        (audit,) = self.shelf.audit(read.record, [choice], AS_OF, {})
        return Ours(audit, dict(_ids(line.area)))


def _ids(area: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """Yield the ids that the names of a file have, with their paths."""
    for path in _paths(area, ()):
        yield ".".join(map(slug, path)), path
    for code, emphasis in area.get("emphases", {}).items():
        name = emphasis["name"]
        yield slug(str(code)), (name,)
        for path in _paths(emphasis, ()):
            yield ".".join([slug(str(code)), *map(slug, path)]), (name, *path)


def _paths(definition: Mapping[str, Any], above: Path) -> Iterator[Path]:
    """Yield the paths of the requirements that a definition has, wherever they are written."""
    named = {**definition.get("requirements", {}), **_inline(definition.get("result"))}
    for name, one in named.items():
        path = (*above, name)
        yield path
        if isinstance(one, dict):
            yield from _paths(one, path)


def _inline(rule: Any) -> dict[str, Any]:  # noqa: ANN401 -- as written
    """Return the requirements that are defined where they are used."""
    if isinstance(rule, list):
        return {name: one for part in rule for name, one in _inline(part).items()}
    if not isinstance(rule, dict):
        return {}
    if "name" in rule and not (NAMING | {"from"}) & rule.keys():
        return {rule["name"]: rule}
    keys = ("all", "any", "both", "either", "of", "$then", "$else")
    return {
        name: one
        for key in keys
        if key in rule and "from" not in rule
        for name, one in _inline(rule[key]).items()
    }
