"""Learner records from YAML or JSON, or from values decoded already; strict and quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias, get_args

from app.core.language.adjustments import adjustments
from app.core.language.credentials import described
from app.core.language.diagnostics import (
    Diagnostic,
    Place,
    beyond,
    is_error,
    listed,
    shorten,
    show_place,
)
from app.core.language.reader import Spans, read_yaml, span_at
from app.core.language.values import (
    Readers,
    Value,
    Values,
    amount,
    any_name,
    attributes,
    day,
    facts,
    identifier,
    one_of,
    several,
    text,
    whole,
)
from app.core.model.record import (
    Achievement,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
    Source,
    Status,
)

MOST_ACHIEVEMENTS = 2000
STATUSES = get_args(Status)
GROUPS = {status.replace("-", "_"): status for status in STATUSES}
"""The grouped short form: a key for each status, with what has it."""
LISTED = ("credentials", "milestones", "attestations", "adjustments")

ACHIEVEMENT: Readers = {
    "id": any_name,
    "credential": identifier,
    "status": one_of(*STATUSES),
    "credits": amount,
    "unit": text,
    "grade": text,
    "started": day,
    "earned": day,
    "awarded": day,
    "term": text,
    "source": one_of(*get_args(Source)),
    "attempt": whole,
    "registration": text,
    "used_in": several(identifier),
    "attributes": attributes,
}
MILESTONE: Readers = {"name": any_name, "on": day}
ATTESTATION: Readers = {"requirement": text, "role": text, "by": text, "on": day}


Same: TypeAlias = tuple[str, int, date | None, str]


@dataclass(frozen=True, slots=True)
class RecordFile:
    """What a record holds; there is no record where anything in it is an error.

    `written` says where in the file each part of the record stands, `spans` on which line.
    """

    record: LearnerRecord | None
    diagnostics: tuple[Diagnostic, ...]
    written: Mapping[str, Place] = field(default_factory=dict, compare=False)
    spans: Spans = field(default_factory=dict, compare=False)

    def located(self, found: Diagnostic) -> Diagnostic:
        """Return a finding about the record with its place in the file."""
        heads = (path for path in self.written if f"{found.path}.".startswith(f"{path}."))
        head = next(heads, "$")
        below = found.path[len(head) :].split(".")[1:]
        place = (*self.written.get(head, ()), *below)
        return replace(found, span=span_at(self.spans, place), path=show_place(place))


def read_record(source: bytes, file: str) -> RecordFile:
    """Return the record in a file, YAML or JSON, with all that is wrong in it."""
    document, found = read_yaml(source, file)
    if document is None:
        return RecordFile(None, listed(found))
    read = record_from(document.value, document.spans)
    everything = listed(beyond(found, read.diagnostics))
    if read.record is None or any(map(is_error, found)):
        return RecordFile(None, everything)
    return RecordFile(read.record, everything, dict(_written(document.value)), document.spans)


def located_in(value: Value, found: Diagnostic) -> Diagnostic:
    """Return a finding about the record of a decoded value with its place there."""
    return RecordFile(None, (), dict(_written(value))).located(found)


def _written(value: Value) -> Iterator[tuple[str, Place]]:
    """Yield the parts of a record that was read, each with its place in the file."""
    entries = [place for key in ("achievements", *GROUPS) for place in _places(value, key)]
    for key, places in (
        ("achievements", entries),
        *((key, _places(value, key)) for key in LISTED),
    ):
        yield from ((show_place((key, index)), place) for index, place in enumerate(places))


def _places(value: Value, key: str) -> list[Place]:
    given = value.get(key, [])
    if key == "milestones" and isinstance(given, dict):
        return [(key, name) for name in given]
    return [place for place, _ in Values.placed(given, (key,))]


def record_from(value: Value, spans: Spans | None = None, learner: str = "") -> RecordFile:
    """Return the record of a decoded value; `learner` names the learner where it does not."""
    values = Values(spans)
    taken = values.take(value, (), RECORD, "a record")
    record = record_of(values, taken, learner or "learner")
    found = values.found.sorted()
    return RecordFile(None if found else record, listed(found))


def record_of(values: Values, taken: Mapping[str, Any], learner: str) -> LearnerRecord:
    """Return the record of what was taken apart; what is wrong is kept in `values`."""
    achievements = [one for key in ("achievements", *GROUPS) for one in taken.get(key, ())]
    if _too_many(values, achievements, ()):
        achievements = []
    return LearnerRecord(
        learner=LearnerId(taken.get("learner", learner)),
        credentials=taken.get("credentials", ()),
        achievements=named(values, achievements),
        milestones=taken.get("milestones", ()),
        attestations=taken.get("attestations", ()),
        adjustments=taken.get("adjustments", ()),
        attributes=taken.get("attributes", {}),
        declared=taken.get("declared", ()),
    )


def same_of(one: Achievement) -> Same:
    """Return what two achievements of a record may not have in common."""
    return one.credential, one.attempt, one.earned, one.status


def named(values: Values, read: list[tuple[Place, dict[str, Any]]]) -> tuple[Achievement, ...]:
    """Return achievements with an id each, and keep what stands twice."""
    used: dict[str, int] = {}
    ids: set[str] = set()
    twice: set[Same] = set()
    found = []
    for place, taken in read:
        if "credential" not in taken:
            continue
        credential = taken["credential"]
        number = used[credential] = used.get(credential, 0) + 1
        given = taken.get("id") or (credential if number == 1 else f"{credential}#{number}")
        one = Achievement(**{**taken, "id": given})
        key = same_of(one)
        if given in ids:
            message = f"the achievement id `{shorten(given)}` stands twice"
            values.refuse("CN0701", place, message, "give each achievement an id of its own")
        elif key in twice:
            message = f"`{shorten(one.credential)}` is listed twice with the same day and attempt"
            values.refuse("CN0701", place, message, "delete one, or number the `attempt`")
        ids.add(given)
        twice.add(key)
        found.append(one)
    return tuple(found)


def achievement_from(value: Value) -> tuple[Achievement | None, tuple[Diagnostic, ...]]:
    """Return one achievement of a decoded value, or what is wrong with it."""
    values = Values()
    read = _entry(values, value, (), "earned")
    found = named(values, [read])
    problems = values.found.sorted()
    return (None if problems or not found else found[0]), listed(problems)


def _entry(values: Values, value: Value, place: Place, status: str) -> tuple[Place, dict[str, Any]]:
    if isinstance(value, str):
        read = identifier(values, value, place)
        return place, {"status": status, **({"credential": read} if read else {})}
    taken = values.take(value, place, ACHIEVEMENT, "an achievement", ("credential",))
    taken.setdefault("status", status)
    return place, taken


def _too_many(values: Values, entries: Sized, place: Place) -> bool:
    if len(entries) <= MOST_ACHIEVEMENTS:
        return False
    message = f"{len(entries)} achievements are more than the {MOST_ACHIEVEMENTS} of a record"
    values.refuse("CN0702", place, message, "leave out those that no award asks for")
    return True


def _entries(status: str, *, stated: bool) -> Any:  # noqa: ANN401 -- a reader of its own kind
    def read(values: Values, value: Value, place: Place) -> list[tuple[Place, dict[str, Any]]]:
        found: list[tuple[Place, dict[str, Any]]] = []
        entries = values.placed(value, place)
        if _too_many(values, entries, place):
            return found
        for at, one in entries:
            if not stated and isinstance(one, dict) and "status" in one:
                message = f"`status` stands in a list of what is {status}"
                values.refuse("CN0211", (*at, "status"), message, "delete it")
            found.append(_entry(values, one, at, status))
        return found

    return read


def _milestones(values: Values, value: Value, place: Place) -> tuple[Milestone, ...]:
    if isinstance(value, dict):
        steps = values.chosen(value, place, "milestones").items()
        days = {name: day(values, own, (*place, name)) for name, own in steps}
        return tuple(Milestone(name=name, on=on) for name, on in days.items() if on is not None)
    found: dict[str, Milestone] = {}
    for at, one in values.placed(value, place):
        taken = values.take(one, at, MILESTONE, "a milestone", MILESTONE)
        if taken.get("name") in found:
            message = f"the milestone `{shorten(taken['name'])}` stands twice"
            values.refuse("CN0701", at, message, "keep one")
        elif len(taken) == len(MILESTONE):
            found[taken["name"]] = Milestone(**taken)
    return tuple(found.values())


def _attestations(values: Values, value: Value, place: Place) -> tuple[Attestation, ...]:
    taken = (
        values.take(one, at, ATTESTATION, "an attestation", ATTESTATION)
        for at, one in values.placed(value, place)
    )
    return tuple(Attestation(**one) for one in taken if len(one) == len(ATTESTATION))


RECORD: Readers = {
    "learner": any_name,
    "credentials": described,
    "achievements": _entries("earned", stated=True),
    **{key: _entries(status, stated=False) for key, status in GROUPS.items()},
    "milestones": _milestones,
    "attestations": _attestations,
    "attributes": facts,
    "declared": several(identifier),
    "adjustments": adjustments,
}
