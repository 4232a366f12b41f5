"""Request bodies taken apart: every problem at once, none guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from app.core.language.adjustments import ADJUSTMENT, NEEDED, refuse_misfit
from app.core.language.catalogues import policies
from app.core.language.credentials import CREDENTIAL, credential_of, declared
from app.core.language.diagnostics import Diagnostic, Place, listed, shorten
from app.core.language.records import (
    ATTESTATION,
    located_in,
    record_from,
)
from app.core.language.values import (
    Reader,
    Readers,
    Value,
    Values,
    any_name,
    between,
    day,
    facts,
    flag,
    identifier,
    one_of,
    several,
    text,
)
from app.core.model.catalogue import AttributeType
from app.core.model.credential import Credential, CredentialId, Fact
from app.core.model.record import (
    Adjustment,
    Attestation,
    LearnerRecord,
    Milestone,
)
from app.core.search.nearest import MEASURES
from app.interop.route_json import ROUTE
from app.services.asking import MOST_AWARDS, changes, choices, wishes
from app.services.basis import WrittenRule
from app.services.errors import DiagnosedError, RecordRefusedError
from app.services.nearest import MOST_NEAR
from app.services.shared_what_ifs import MOST_DAYS
from app.services.stored import AwardChoice
from app.services.stored_runs import MEMBERS
from app.services.wanted import Wishes
from app.services.what_if_question import QUESTION

MOST_NAME = 200
Read = TypeVar("Read")


class RequestRefusedError(DiagnosedError):
    """A body that cannot be used; every finding is listed."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        """Keep the findings."""
        super().__init__("the body cannot be used", found)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be audited: awards, rules given as text, the day, policies that go before."""

    choices: tuple[AwardChoice, ...]
    rules: tuple[WrittenRule, ...]
    as_of: date | None
    policies: Mapping[str, str]


class Reading:
    """One body under reading; `done` refuses it with everything that was found wrong."""

    def __init__(self, body: Value, readers: Readers, required: tuple[str, ...] = ()) -> None:
        """Take the body apart."""
        self._body = body
        self._values = Values()
        self._found: list[Diagnostic] = []
        self.taken = self._values.take(body, (), readers, "the body", required)

    def keep(self, found: tuple[Diagnostic, ...]) -> None:
        """Keep what a part of the body has wrong."""
        self._found.extend(found)

    def fit(self, check: Callable[[Values, Value, Mapping[str, Any], Place], None]) -> None:
        """Keep what a check of the whole body finds wrong with it."""
        check(self._values, self._body, self.taken, ())

    def refuse_kind(self, expected: str) -> None:
        """Refuse the body as one of another kind."""
        del self._found[:]
        raise RequestRefusedError([Diagnostic("CN0203", "error", f"the body has to be {expected}")])

    def done(self) -> None:
        """Refuse the body if anything in it is wrong."""
        found = listed((*self._values.found.sorted(), *self._found))
        if found:
            raise RequestRefusedError(found)


def asked(reading: Reading) -> Asked:
    """Return what a body asks to be audited."""
    taken = reading.taken
    return Asked(
        choices=taken.get("awards", ()),
        rules=taken.get("rules", ()),
        as_of=taken.get("as_of"),
        policies=taken.get("policies", {}),
    )


def wished(reading: Reading) -> Wishes:
    """Return what a body wishes of a placement."""
    return Wishes(reading.taken.get("wishes", ()), reading.taken.get("stay_with"))


def record(reading: Reading) -> LearnerRecord:
    """Return the record of a body; what is wrong in it is refused with the rest."""
    read = record_from(reading.taken.get("record", {}))
    reading.keep(tuple(_below("record", read.diagnostics)))
    reading.done()
    if read.record is None:
        raise RecordRefusedError(read.diagnostics)
    return read.record


@contextmanager
def refused_in(body: Value) -> Iterator[None]:
    """Tell what is found wrong with the record of a body by its place there."""
    try:
        yield
    except RecordRefusedError as refused:
        found = [located_in(body["record"], one) for one in refused.diagnostics]
        raise RecordRefusedError(_below("record", found)) from refused


def _below(key: str, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [
        Diagnostic(
            one.code, one.severity, one.message, one.help, one.span, f"$.{key}{one.path[1:]}"
        )
        for one in found
    ]


def _anything(_values: Values, value: Value, _place: Place) -> Value:
    """Leave a value to whoever knows its kind."""
    return value


def _rules(values: Values, value: Value, place: Place) -> tuple[WrittenRule, ...]:
    """Rules given inline: YAML text, or objects."""
    if not isinstance(value, list) or len(value) > MOST_AWARDS:
        values.wrong(place, f"a list of at most {MOST_AWARDS} rules")
        return ()
    found: list[WrittenRule] = []
    for index, one in enumerate(value):
        if isinstance(one, str):
            found.append(one.encode())
        elif isinstance(one, dict):
            found.append(one)
        else:
            values.wrong((*place, index), "a rule: YAML as text, or an object")
    return tuple(found)


def _segment(values: Values, value: Value, place: Place) -> str | None:
    read = any_name(values, value, place)
    if read is not None and ("/" in read or read in {".", ".."}):
        holds = "holds a `/`" if "/" in read else "means another place"
        message = f"`{shorten(read)}` {holds}, and no address would lead to it"
        values.refuse("CN0206", place, message, "write another sign for it")
        return None
    return read


def _what_if_name(values: Values, value: Value, place: Place) -> str | None:
    read = any_name(values, value, place)
    if read is not None and len(read) > MOST_NAME:
        message = f"the name has {len(read)} characters, and at most {MOST_NAME} are kept"
        values.refuse("CN0205", place, message, "write a shorter one")
        return None
    return read


def _credential_id(values: Values, value: Value, place: Place) -> str | None:
    read = identifier(values, value, place)
    if read is not None and "/" not in read:
        message = f"`{read}` names an institution and no credential of it"
        values.refuse("CN0206", place, message, f"write such as {read}/ml-1")
        return None
    return read


def _title(values: Values, value: Value, place: Place) -> str | None:
    read = text(values, value, place)
    if read is not None and not read.strip():
        values.refuse("CN0205", place, "a title has to say something", "write one")
        return None
    return read


JUDGED: Readers = {"awards": choices, "as_of": day, "wishes": wishes}
AUDIT: Readers = {**JUDGED, "stay_with": any_name}
EVALUATE: Readers = {**JUDGED, "record": _anything, "rules": _rules, "policies": policies}
ROUTES: Readers = {"awards": choices, "as_of": day, **ROUTE}
EVALUATE_ROUTES: Readers = {**ROUTES, "record": _anything}
EVALUATE_WHAT_IF: Readers = {**JUDGED, "changes": changes, "record": _anything}
IMPACT: Readers = {
    "edition": any_name,
    "against": any_name,
    "as_of": day,
    "learners": one_of(*MEMBERS),
}
NEAREST: Readers = {
    "record": _anything,
    "holding": several(identifier),
    "by": one_of(*MEASURES),
    "limit": between(1, MOST_NEAR),
    "held": flag,
    "as_of": day,
}
SAVE_WHAT_IF: Readers = {**QUESTION, "name": _what_if_name}
LINK: Readers = {"days": between(1, MOST_DAYS)}
EVALUATE_SINGLE_CHANGES: Readers = {"record": _anything, "awards": choices, "as_of": day}
LEARNER: Readers = {"id": _segment}
MILESTONE: Readers = {"on": day}
PUT_CREDENTIAL: Readers = {
    **{key: reader for key, reader in CREDENTIAL.items() if key != "id"},
    "title": _title,
}
PUT_ADJUSTMENT: Readers = {key: reader for key, reader in ADJUSTMENT.items() if key != "id"}
ADJUSTMENT_NEEDS = tuple(key for key in NEEDED if key != "id")


def credential_id_of(name: str) -> CredentialId:
    """Return the id that an address gives to a credential."""
    return CredentialId(_whole(name, _credential_id))


def described(
    name: CredentialId, body: Value, attributes: Mapping[str, AttributeType]
) -> Credential:
    """Return the credential of a body."""
    reading = Reading(body, {**PUT_CREDENTIAL, **declared(attributes)}, ("title", "issuer"))
    reading.done()
    return credential_of({**reading.taken, "id": name}, attributes)


def milestone_of(name: str, body: Value) -> Milestone:
    """Return the milestone of a body."""
    reading = Reading(body, MILESTONE, ("on",))
    reading.done()
    return Milestone(name=_whole(name, any_name), **reading.taken)


def attestation_of(body: Value) -> Attestation:
    """Return the attestation of a body."""
    reading = Reading(body, ATTESTATION, tuple(ATTESTATION))
    reading.done()
    return Attestation(**reading.taken)


def adjustment_of(name: str, body: Value) -> Adjustment:
    """Return the adjustment of a body."""
    reading = Reading(body, PUT_ADJUSTMENT, ADJUSTMENT_NEEDS)
    reading.fit(refuse_misfit)
    reading.done()
    return Adjustment(id=_whole(name, any_name), **reading.taken)


def record_of(learner: str, body: Value) -> LearnerRecord:
    """Return the record of a body, which is this learner's."""
    read = record_from(body, learner=learner)
    if read.record is None:
        raise RecordRefusedError(read.diagnostics)
    if read.record.learner != learner:
        message = f"the record is of `{shorten(read.record.learner)}`, the address of another"
        remedy = "leave `learner` out, or send it to that learner's record"
        raise RequestRefusedError(
            [Diagnostic("CN0206", "error", message, remedy, path="$.learner")]
        )
    return read.record


def attributes_of(body: Value) -> Mapping[str, Fact]:
    """Return the attributes of a body."""
    return _whole(body, facts)


def declared_of(body: Value) -> Sequence[CredentialId]:
    """Return the declared awards of a body."""
    return [CredentialId(one) for one in _whole(body, several(identifier))]


def _whole(body: Value, reader: Reader[Read]) -> Read:
    """Read a body that is one value."""
    values = Values()
    read = reader(values, body, ())
    found = values.found.sorted()
    if read is None or found:
        raise RequestRefusedError(listed(found))
    return read
