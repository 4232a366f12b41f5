"""Inline cases: what a record is expected to come to; reading them, not running them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, get_args

from app.core.language.catalogues import policies
from app.core.language.diagnostics import Diagnostic, Place, did_you_mean, listed, shorten
from app.core.language.reader import Plain, Spans, span_at
from app.core.language.records import ACHIEVEMENT, GROUPS, RECORD, record_of
from app.core.language.values import (
    Readers,
    Value,
    Values,
    amount,
    any_name,
    day,
    flag,
    identifier,
    one_of,
    several,
    text,
)
from app.core.model.credential import CredentialId
from app.core.model.credits import show_credits
from app.core.model.reason import ReasonCode
from app.core.model.record import Achievement, AchievementId, LearnerId, LearnerRecord
from app.core.model.source import NOWHERE, SourceSpan

CODES = get_args(ReasonCode)


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A case's record as written: what it starts from, what it drops, and what it adds."""

    like: str = ""
    without: tuple[str, ...] = ()
    added: LearnerRecord | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a case expects; only the keys that are given are compared, each of them exhaustively.

    Amounts are decimals in their shortest form, so that they compare as text.
    """

    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A record, a day, and what the audit should say; `written` is the case as it stands."""

    name: str
    on: date
    record: RecordForm
    expect: Expectation
    together: tuple[CredentialId, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)
    span: SourceSpan = NOWHERE
    written: Plain = None


class UnknownRecordError(LookupError):
    """A case starts from a record that neither an earlier case nor a sample has."""

    def __init__(self, like: str, known: Iterable[str]) -> None:
        """Name it, with the nearest that there is."""
        remedy = did_you_mean(like, known) or "name an earlier case of the file or a sample record"
        super().__init__(f"there is no record `{shorten(like)}` to start from: {remedy}")


def read_cases(
    value: Plain, spans: Spans, path: Place
) -> tuple[tuple[Case, ...], tuple[Diagnostic, ...]]:
    """Return the cases of a rule file, with all that is wrong in them."""
    values = Values(spans)
    found: list[Case] = []
    if not isinstance(value, list):
        values.wrong(path, "a list of cases")
        return (), values.found.sorted()
    names: set[str] = set()
    for index, one in enumerate(value):
        case = _case(values, one, (*path, index))
        if case is None:
            continue
        if case.name in names:
            message = f"two cases are called `{shorten(case.name)}`"
            values.refuse("CN0901", (*path, index, "name"), message, "give each a name of its own")
        names.add(case.name)
        found.append(case)
    return tuple(found), listed(values.found.sorted())


def case_record(
    case: Case, earlier: Mapping[str, Case], samples: Mapping[str, LearnerRecord]
) -> LearnerRecord:
    """Return a case's record, built on what it starts from; UnknownRecordError where unknown."""
    forms = [case.record]
    left = {name: one.record for name, one in earlier.items() if name != case.name}
    while forms[-1].like in left:
        forms.append(left.pop(forms[-1].like))
    first = forms[-1].like
    record = samples.get(first) if first else LearnerRecord(learner=LearnerId("learner"))
    if record is None:
        raise UnknownRecordError(first, (*earlier, *samples))
    for form in reversed(forms):
        record = _built(record, form)
    return record


def _built(base: LearnerRecord, form: RecordForm) -> LearnerRecord:
    added = form.added
    if added is None:
        return base
    new = {(one.credential, one.attempt) for one in added.achievements}
    kept = [
        one
        for one in base.achievements
        if one.credential not in form.without and (one.credential, one.attempt) not in new
    ]
    steps = {step.name: step for step in (*base.milestones, *added.milestones)}
    described = {one.id: one for one in (*base.credentials, *added.credentials)}
    return replace(
        base,
        credentials=tuple(described.values()),
        achievements=_distinct((*kept, *added.achievements)),
        milestones=tuple(steps.values()),
        attestations=(*base.attestations, *added.attestations),
        adjustments=(*base.adjustments, *added.adjustments),
        attributes={**base.attributes, **added.attributes},
        declared=(*base.declared, *added.declared),
    )


def _distinct(achievements: tuple[Achievement, ...]) -> tuple[Achievement, ...]:
    """A second attempt that a case adds is numbered on from what the record holds."""
    ids: dict[AchievementId, Achievement] = {}
    for one in achievements:
        name, number = one.id, 1
        while name in ids:
            number += 1
            name = AchievementId(f"{one.credential}#{number}")
        ids[name] = replace(one, id=name)
    return tuple(ids.values())


def _case(values: Values, value: Value, place: Place) -> Case | None:
    taken = values.take(value, place, CASE, "a case", ("name", "on", "record", "expect"))
    if not {"name", "on", "record", "expect"} <= set(taken):
        return None
    return Case(
        name=taken["name"],
        on=taken["on"],
        record=taken["record"],
        expect=taken["expect"],
        together=taken.get("with", ()),
        policies=taken.get("policies", {}),
        span=span_at(values.spans, place),
        written=value,
    )


def _record(values: Values, value: Value, place: Place) -> RecordForm:
    if isinstance(value, str):
        return RecordForm(like=value)
    defaults = _defaults(values, value, place)
    inner = Values(values.spans)
    taken = inner.take(_filled(value, defaults), place, CASE_RECORD, "a case's record")
    added = record_of(inner, taken, "learner")
    values.found.keep(inner.found.sorted())
    return RecordForm(taken.get("like", ""), taken.get("without", ()), added)


def _defaults(values: Values, value: Value, place: Place) -> dict[str, Plain]:
    """What `all` says for every achievement that does not say otherwise."""
    if not isinstance(value, dict) or "all" not in value:
        return {}
    given = value["all"]
    readers: Readers = {
        key: own for key, own in ACHIEVEMENT.items() if key not in {"id", "credential"}
    }
    taken = values.take(given, (*place, "all"), readers, "what holds for all")
    return {key: own for key, own in given.items() if key in taken} if taken else {}


def _filled(value: Value, defaults: Mapping[str, Plain]) -> Value:
    """Return the record with the defaults in every entry."""
    if not isinstance(value, dict):
        return value
    lists = {"achievements", *GROUPS}
    filled: dict[str, Value] = {}
    for key, own in value.items():
        if key in lists and defaults:
            entries = own if isinstance(own, list) else [own]
            filled[key] = [_entry(one, defaults) for one in entries]
        elif key != "all":
            filled[key] = own
    return filled


def _entry(one: Value, defaults: Mapping[str, Plain]) -> Value:
    if isinstance(one, str):
        return {**defaults, "credential": one}
    return {**defaults, **one} if isinstance(one, dict) else one


def _figure(values: Values, value: Value, place: Place) -> str | None:
    """An expected amount: a whole number or a quoted decimal, in its shortest form."""
    read = amount(values, value, place)
    return None if read is None else show_credits(read)


def _short(values: Values, value: Value, place: Place) -> str | None:
    if not isinstance(value, dict):
        return _figure(values, value, place)
    readers: Readers = {"credits": _figure, "choose": _figure}
    taken = values.take(value, place, readers, "a shortfall")
    if len(value) != 1:
        values.wrong(place, "one amount: `credits`, or how many to `choose`")
    return next(iter(taken.values()), None)


def _counts(values: Values, value: Value, place: Place) -> dict[str, str | None]:
    """What counts toward a requirement: credentials, with their credits where these are stated."""
    if isinstance(value, dict):
        return {name: _figure(values, own, (*place, name)) for name, own in value.items()}
    return dict.fromkeys(several(any_name)(values, value, place) or ())


def _each(reader: Any) -> Any:  # noqa: ANN401 -- readers of any kind
    """Return a reader for a mapping whose values are all of one kind."""

    def read(values: Values, value: Value, place: Place) -> dict[str, Any]:
        pairs = values.chosen(value, place, "what is expected").items()
        taken = {name: reader(values, own, (*place, name)) for name, own in pairs}
        return {name: own for name, own in taken.items() if own is not None}

    return read


def _expected(values: Values, value: Value, place: Place, readers: Readers) -> dict[str, Any]:
    """Read what is expected, which is something: silence is never a pass."""
    if value == {}:
        remedy = f"say what, such as `{next(iter(readers))}`"
        values.refuse("CN0202", place, "nothing is expected here", remedy)
    return values.take(value, place, readers, "what is expected")


def _progress(values: Values, value: Value, place: Place) -> dict[str, str]:
    return _expected(values, value, place, {"reached": _figure, "of": _figure})


def _effect(values: Values, value: Value, place: Place) -> dict[str, Any]:
    readers: Readers = {"award": identifier, "effect": text, "on": day}
    return values.take(value, place, readers, "an effect", ("award", "effect"))


def _expectation(values: Values, value: Value, place: Place) -> Expectation:
    return Expectation(_expected(values, value, place, EXPECT))


CASE: Readers = {
    "name": any_name,
    "on": day,
    "with": several(identifier),
    "policies": policies,
    "record": _record,
    "expect": _expectation,
}
CASE_RECORD: Readers = {**RECORD, "like": text, "without": several(identifier)}
STATE = one_of("met", "not-met", "pending")
EXPECT: Readers = {
    "met": flag,
    "progress": _progress,
    "counts": _each(_counts),
    "short": _each(_short),
    "refused": _each(one_of(*CODES)),
    "because": several(one_of(*CODES)),
    "averages": _each(text),
    "totals": _each(_progress),
    "admission": STATE,
    "gates": _each(one_of("open", "closed")),
    "effects": several(_effect),
    "edition": text,
    "error": text,
    "projected": _expectation,
    "planned": _expectation,
    "awards": _each(_expectation),
}
