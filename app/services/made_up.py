"""Made-up learners for the demonstration: drawn from the records of the rules' own cases.

The same packs, day and number give the same learners; nobody is real.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from app.core.language.cases import Case, UnknownRecordError, case_record
from app.core.language.record_checks import check_record
from app.core.model.credential import Credential, CredentialId
from app.core.model.record import Achievement, AchievementId, LearnerId, LearnerRecord
from app.core.model.rule import RuleEdition
from app.interop.packs import Pack

COUNT = 200
TERM = timedelta(days=120)
LONG_AGO = timedelta(days=9 * 365)
Thing = TypeVar("Thing")


class Draw:
    """Choices that look arbitrary and are always the same for one name."""

    def __init__(self, name: str) -> None:
        """Begin at the name."""
        self._name = name
        self._drawn = 0

    def number(self, below: int) -> int:
        """Return a number from nought up to, and not including, `below`."""
        self._drawn += 1
        found = hashlib.sha256(f"{self._name} {self._drawn}".encode()).digest()
        return int.from_bytes(found[:8], "big") % below

    def one(self, things: Sequence[Thing]) -> Thing:
        """Return one of some things."""
        return things[self.number(len(things))]

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Return at most `count` different ones of some things, in their order."""
        left = list(range(len(things)))
        chosen = [left.pop(self.number(len(left))) for _ in range(min(count, len(left)))]
        return [things[index] for index in sorted(chosen)]


@dataclass(frozen=True, slots=True)
class Model:
    """An award and a record that meets its rule, to draw learners from."""

    pack: Pack
    rule: RuleEdition
    record: LearnerRecord

    @property
    def policies(self) -> Mapping[str, str]:
        """The options that apply to the award."""
        return {**self.pack.policies, **self.rule.policies}


def made_up_learners(
    packs: Sequence[Pack], day: date, count: int = COUNT
) -> Iterator[LearnerRecord]:
    """Yield learners of every award in turn, at every stage, as they would be known on `day`."""
    models = [model for pack in packs for model in _models(pack, day)]
    for number in range(count if models else 0):
        model = models[number % len(models)]
        change = STAGES[number // len(models) % len(STAGES)]
        draw = Draw(f"learner {number}")
        achievements = tuple(change(model, list(model.record.achievements), draw, day))
        yield replace(
            model.record,
            learner=LearnerId(f"demo-{number + 1:03d}"),
            achievements=_numbered(achievements),
            declared=(model.rule.award,),
        )


def _models(pack: Pack, day: date) -> Iterator[Model]:
    """One record an award: of the first case that meets the rule, brought back before `day`."""
    chosen: dict[CredentialId, Model] = {}
    for path in sorted(pack.rules):
        rule = pack.rules[path].edition
        earlier: dict[str, Case] = {}
        for case in pack.rules[path].cases:
            record = _record(case, earlier, pack.samples)
            earlier[case.name] = case
            met = case.expect.given.get("met") is True and not case.policies
            behind = _brought_back(record, day)
            if rule and met and behind.achievements and _auditable(pack, behind, day):
                chosen.setdefault(rule.award, Model(pack, rule, behind))
    yield from chosen.values()


def _record(
    case: Case, earlier: Mapping[str, Case], samples: Mapping[str, LearnerRecord]
) -> LearnerRecord:
    try:
        return case_record(case, earlier, samples)
    except UnknownRecordError:
        return LearnerRecord(learner=LearnerId(""))


def _auditable(pack: Pack, record: LearnerRecord, day: date) -> bool:
    return not check_record(record, pack.catalogue, day)


def _brought_back(record: LearnerRecord, day: date) -> LearnerRecord:
    """Return the record with what lies ahead of `day` on it."""
    return replace(
        record,
        achievements=tuple(_days(one, lambda on: min(on, day)) for one in record.achievements),
        milestones=tuple(replace(one, on=min(one.on, day)) for one in record.milestones),
        attestations=tuple(replace(one, on=min(one.on, day)) for one in record.attestations),
    )


def _days(one: Achievement, change: Callable[[date], date]) -> Achievement:
    return replace(
        one,
        started=one.started and change(one.started),
        earned=one.earned and change(one.earned),
        awarded=one.awarded and change(one.awarded),
    )


def _numbered(achievements: Sequence[Achievement]) -> tuple[Achievement, ...]:
    """Give every achievement an id of its own."""
    return tuple(
        replace(one, id=AchievementId(f"a{number}")) for number, one in enumerate(achievements, 1)
    )


Held = list[Achievement]
Change = Callable[[Model, Held, Draw, date], Held]


def _complete(_model: Model, held: Held, _draw: Draw, _day: date) -> Held:
    return held


def _near(_model: Model, held: Held, draw: Draw, _day: date) -> Held:
    return draw.some(held, max(1, len(held) - 1))


def _midway(_model: Model, held: Held, draw: Draw, _day: date) -> Held:
    return draw.some(held, max(1, len(held) // 2))


def _begun(_model: Model, held: Held, draw: Draw, _day: date) -> Held:
    return draw.some(held, 1)


def _over_supplied(model: Model, held: Held, draw: Draw, day: date) -> Held:
    known = {one.credential for one in held}
    others = [one for one in _taught(model) if one.id not in known]
    return [*held, *(_taken(model, one, draw, day) for one in draw.some(others, 3))]


def _in_progress(_model: Model, held: Held, draw: Draw, day: date) -> Held:
    late = {one.id for one in draw.some(held, 2)}
    return [_open(one, day) if one.id in late else one for one in held]


def _planning(model: Model, held: Held, draw: Draw, day: date) -> Held:
    studying = _in_progress(model, held, draw, day)
    planned = draw.one([one.id for one in held])
    return [
        replace(one, status="planned", grade="", started=None, earned=None, awarded=None)
        if one.id == planned
        else one
        for one in studying
    ]


def _retaken(model: Model, held: Held, draw: Draw, _day: date) -> Held:
    again = draw.one(held)
    before = None if again.earned is None else again.earned - TERM
    failed = replace(
        again, status="failed", grade=_failing(model), started=None, earned=before, awarded=None
    )
    return [failed, *(_second(one) if one.id == again.id else one for one in held)]


def _long_ago(model: Model, held: Held, draw: Draw, _day: date) -> Held:
    if model.policies.get("edition") == "first-credit":
        # Whoever begins before there is a rule is bound by none.
        return held
    old = {one.id for one in draw.some(held, 2)}
    return [_days(one, lambda on: on - LONG_AGO) if one.id in old else one for one in held]


def _transferred(_model: Model, held: Held, draw: Draw, _day: date) -> Held:
    elsewhere = {one.id for one in draw.some(held, 2)}
    return [replace(one, source="transferred") if one.id in elsewhere else one for one in held]


STAGES: tuple[Change, ...] = (
    *(_complete, _near, _midway, _over_supplied, _in_progress, _planning),
    *(_retaken, _long_ago, _transferred, _begun),
)


def _open(one: Achievement, day: date) -> Achievement:
    started = min(one.started or day - TERM, day - TERM)
    return replace(one, status="in-progress", grade="", started=started, earned=None, awarded=None)


def _second(one: Achievement) -> Achievement:
    return replace(one, attempt=one.attempt + 1)


def _taught(model: Model) -> list[Credential]:
    """What could be taken besides: in the rule's own unit, and no award itself."""
    return [
        one
        for name, one in sorted(model.pack.catalogue.credentials.items())
        if one.unit == model.rule.unit and one.type != "award" and one.retired is None
    ]


def _taken(model: Model, credential: Credential, draw: Draw, day: date) -> Achievement:
    held = model.record.achievements
    earned = max((one.earned for one in held if one.earned is not None), default=day)
    passing = [one.grade for one in held if one.grade]
    return Achievement(
        id=AchievementId(credential.id),
        credential=credential.id,
        grade=draw.one(passing) if passing else "",
        earned=earned,
    )


def _failing(model: Model) -> str:
    """The lowest grade that does not pass on the scale that the rule is read on."""
    scale = model.pack.catalogue.scales.get(model.policies.get("grade_scale", ""))
    failing = [one for one in scale.grades.values() if not one.passes] if scale else []
    return min(failing, key=lambda one: one.rank).symbol if failing else ""
