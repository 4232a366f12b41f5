"""A file in the Hanson format as an award file: its plain values, before they are printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from app.core.language.diagnostics import Diagnostic, shorten
from app.core.language.origin import slug
from app.interop.hanson_algebra import Written, negated
from app.interop.hanson_case import case_of
from app.interop.hanson_conditions import Area
from app.interop.hanson_facts import LEVELS, UNIT, award_id
from app.interop.hanson_limits import limits_of
from app.interop.hanson_predicates import Reading
from app.interop.hanson_rules import Scope, Tree
from app.interop.hanson_sharing import count_twice
from app.interop.hanson_size import demanded
from app.interop.hanson_source import MisshapenError, Node

READ = frozenset({"name", "type", "code", "degree", "result", "requirements", "emphases"})
READ_ALSO = frozenset({"limit", "multicountable", "credit", "catalog"})
YEARS = re.compile(r"([0-9]{4})(-[0-9]{2})?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
FIRST_DAY = (9, 1)
"""Of September a catalogue applies from the first: the files name the year alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFile:
    """An area of study as it was read: the award's values, and what of it is not carried over.

    `tracks` are the codes and names of its emphases.
    """

    file: str
    code: str
    name: str
    kind: str
    degree: str
    edition: str
    start: date
    award: Written
    tracks: Mapping[str, str]
    found: tuple[Diagnostic, ...]
    not_carried: Mapping[str, int]


def read_area(root: Node, file: str, institution: str) -> AreaFile:
    """Return what a file says of an area; MisshapenError where it is not written as one."""
    code = root.need("code").text
    if not CODE.fullmatch(code):
        message = f"the code `{shorten(code)}` cannot be part of an id"
        raise MisshapenError(message, root.need("code").span, "write letters, digits, `.` and `-`")
    area = Area(code, institution)
    for key in root.fields.keys() - READ - READ_ALSO:
        why = "the mapping has no place for it"
        area.leave(key, root.need(key), why, "mend the written rule")
    edition, start = _edition(root, file)
    tree = _tree(root, area)
    required = _required(root, tree)
    whole = _limited(root, area)
    count_twice(root, tree)
    _credit(root, area)
    name = root.need("name").text
    award: Written = {
        "award": award_id(code, institution),
        "title": name,
        "edition": edition,
        "effective": {"from": start},
        "credit": {"total": demanded(required), "unit": UNIT},
        "framework": LEVELS,
        "require": required,
        **whole,
        "cases": [case_of(required, start)],
    }
    degree = root.get("degree")
    return AreaFile(
        file=file,
        code=code,
        name=name,
        kind=root.need("type").text,
        degree="" if degree is None else degree.text,
        edition=edition,
        start=start,
        award=award,
        tracks={key: one.need("name").text for key, one in _emphases(root).items()},
        found=tuple(area.found),
        not_carried=dict(Counter(area.not_carried)),
    )


def _edition(root: Node, file: str) -> tuple[str, date]:
    """Return the catalogue's year: the file says it, or the folder that it stands in."""
    stated = root.get("catalog")
    name = PurePosixPath(file).parent.name if stated is None else stated.text
    years = YEARS.fullmatch(name)
    if years is None:
        message = "neither the file nor its folder says from which catalogue it is"
        raise MisshapenError(message, root.span, "put it into a folder such as `2022-23`")
    return name, date(int(years[1]), *FIRST_DAY)


def _tree(root: Node, area: Area) -> Tree:
    sources = {one.need("from").text for one in root.walk() if _queries(one)}
    counted = root.get("multicountable")
    courses = frozenset() if counted is None else frozenset(counted.fields)
    return Tree(area, mixed=bool(sources - {"courses", "claimed"}), counted=courses)


def _queries(node: Node) -> bool:
    return node.has("from") and isinstance(node.need("from").value, str)


def _required(root: Node, tree: Tree) -> Written:
    own = root.get("requirements")
    scope = Scope("", defined={} if own is None else own.fields)
    required = tree.rule(root.need("result"), scope)
    tracks = [_track(code, one, tree) for code, one in _emphases(root).items()]
    if not tracks:
        return required
    declared: Written = {"tracks": {"of": tracks}}
    if "all" not in required or "id" in required:
        return {"all": [required, declared]}
    return {**required, "all": [*required["all"], declared]}


def _emphases(root: Node) -> Mapping[str, Node]:
    found = root.get("emphases")
    return {} if found is None else found.fields


def _track(code: str, emphasis: Node, tree: Tree) -> Written:
    """Return an emphasis: it applies to whoever has declared it."""
    name = emphasis.need("name").text
    own = emphasis.get("requirements")
    identifier = tree.claim(slug(code) or "track", emphasis.span)
    scope = Scope(identifier, (name,), {} if own is None else own.fields)
    form = tree.rule(emphasis.need("result"), scope)
    whole = {"all": [form]} if "id" in form else form
    required: Written = {"id": identifier, "title": name, **whole}
    tree.places[(name,)] = required
    for key in emphasis.fields.keys() - {"name", "result", "requirements"}:
        tree.area.leave(key, emphasis.need(key), "an emphasis has no place for it", "mend the rule")
    declared = award_id(code, tree.area.institution)
    return {"declared": declared, "require": required}


def _limited(root: Node, area: Area) -> Written:
    limits = limits_of(root, Reading(area), "award", of_file=True)
    shut_out = [{"must": negated(one)} for one in limits.excluded]
    found: Written = {}
    if limits.caps:
        found["at_most"] = list(limits.caps)
    if shut_out:
        found["each"] = shut_out
    return found


def _credit(root: Node, area: Area) -> None:
    """Other credits for some examinations matter only where credits are looked at."""
    credit = root.get("credit")
    looked_at = any(one.has("sum(credits)", "credits") for one in root.walk())
    if credit is not None and looked_at:
        why = "an award does not change the credits that a record states"
        area.leave("credit", credit, why, "state these credits in the record")
