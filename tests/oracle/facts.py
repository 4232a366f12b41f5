"""What an award sees of a record: sections 2 and 3 of docs/solver.md, executed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar, assert_never

from app.core.model.catalogue import Catalogue
from app.core.model.certificate import AnswerName
from app.core.model.credential import Credential, CredentialId, Fact
from app.core.model.credits import SCALE, Credits
from app.core.model.errors import AuditError
from app.core.model.grade import Grade
from app.core.model.level import level_in
from app.core.model.record import Achievement, AchievementId, Adjustment, LearnerRecord, Status
from app.core.model.requirement import Each, From, Share, Take, Window
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    ACHIEVEMENT_KEYS,
    CREDENTIAL_KEYS,
    AgeTest,
    AnyOf,
    CreditTest,
    DateTest,
    ForWhom,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    OwnTest,
    RangeTest,
    Selector,
    Test,
)

STATUSES: Mapping[AnswerName, tuple[Status, ...]] = {
    "now": ("earned",),
    "projected": ("earned", "in-progress"),
    "planned": ("earned", "in-progress", "planned"),
}
LISTS = {"field": "fields", "tag": "tags", "outcome": "outcomes", "skill": "skills"}
UNFINISHED = ("in-progress", "planned")
STARTS_A_CLOCK = ("earned", "in-progress", "planned", "failed", "withdrawn")
Leaf = Take | From
Ordered = TypeVar("Ordered", int, date)


@dataclass(frozen=True, kw_only=True)
class View:
    """One award, its policies, one record, one day, one of the three answers.

    `rulings` are the adjustments that apply, `counted` the credits that were decided.
    """

    rule: RuleEdition
    catalogue: Catalogue
    policies: Mapping[str, str]
    record: LearnerRecord
    as_of: date
    answer: AnswerName
    rulings: tuple[Adjustment, ...] = ()
    counted: Mapping[AchievementId, Credits] = field(default_factory=dict)

    def credential(self, one: Achievement) -> Credential | None:
        """Return the credential that `one` is of, where anyone describes it."""
        return self.known.get(one.credential)

    @cached_property
    def known(self) -> Mapping[CredentialId, Credential]:
        """Return what the catalogue lists, and what the record describes that it does not."""
        own = {one.id: one for one in self.record.credentials}
        return {**own, **self.catalogue.credentials}

    def grade(self, symbol: str) -> Grade:
        """Return the grade that `symbol` stands for on the scale of the policy."""
        found = self.catalogue.scales[self.policies["grade_scale"]].get(symbol)
        if found is None:
            raise AuditError("unknown-grade", f"The scale does not know the grade `{symbol}`.")
        return found

    def brought(self, amount: Credits, unit: str) -> Credits:
        """Return `amount` in the award's unit."""
        if unit in ("", self.rule.unit):
            return amount
        policy = self.catalogue.conversions.get(self.policies.get("conversion", ""))
        found = policy.convert(amount, unit, self.rule.unit) if policy else None
        if found is None:
            raise AuditError("no-conversion", f"No policy brings `{unit}` to `{self.rule.unit}`.")
        return found

    def amount(self, one: Achievement) -> Credits:
        """Return the credits that `one` counts with: those decided, else its own."""
        return self.counted[one.id] if one.id in self.counted else self.size(one)

    def size(self, one: Achievement) -> Credits:
        """Return the credits of `one` in the award's unit: its own, else its credential's."""
        credential = self.credential(one)
        unit = credential.unit if credential else ""
        if one.credits is not None:
            return self.brought(one.credits, one.unit or unit)
        return self.brought(credential.credits if credential else Credits(0), unit)

    def finished(self, one: Achievement) -> date | None:
        """Return the day earned; the unfinished ends on the audit's day, or its later start."""
        if one.earned or one.status not in UNFINISHED:
            return one.earned
        return max(self.as_of, one.started or self.as_of)

    def recorded(self, milestone: str) -> date:
        """Return the day of a milestone; one not recorded is taken to fall on the audit's day."""
        days = [each.on for each in self.record.milestones if each.name == milestone]
        return min(days, default=self.as_of)


def in_thousandths(view: View, amount: int | Share, *, up: bool) -> int:
    """Return a stated amount; of a share the part of the award's total, rounded as said."""
    if isinstance(amount, int):
        return amount
    exact = amount.part * Fraction(view.rule.total)
    return -(-exact.numerator // exact.denominator) if up else exact.numerator // exact.denominator


def of_right_status(view: View) -> list[Achievement]:
    """Section 2.1: what has one of the statuses of the answer."""
    return [one for one in view.record.achievements if one.status in STATUSES[view.answer]]


def not_superseded(
    view: View, right: Sequence[Achievement], eligible: frozenset[AchievementId]
) -> list[Achievement]:
    """Section 2.2: what no other attempt stands for."""
    attempts: dict[CredentialId, list[Achievement]] = {}
    for one in right:
        attempts.setdefault(one.credential, []).append(one)
    if view.policies["retakes"] == "each":
        return list(right)
    kept = {kept_attempt(view, several, eligible).id for several in attempts.values()}
    return [one for one in right if one.id in kept]


def kept_attempt(
    view: View, several: list[Achievement], eligible: frozenset[AchievementId]
) -> Achievement:
    """Return the attempt that the policy keeps."""

    def day(one: Achievement) -> int:
        return (one.earned or date.max).toordinal()

    def best(one: Achievement) -> tuple[bool, int, int, int, str]:
        rank = -view.grade(one.grade).rank if one.grade else 1
        return (
            one.id not in eligible,
            rank,
            STATUSES["planned"].index(one.status),
            -day(one),
            one.id,
        )

    match view.policies["retakes"]:
        case "best":
            return min(several, key=best)
        case "last":
            return min(several, key=lambda one: (-day(one), -one.attempt, one.id))
        case _:
            return min(several, key=lambda one: (day(one), one.attempt, one.id))


def values(credential: Credential, one: Achievement | None, key: str) -> tuple[Fact, ...] | None:
    """Return what the achievement, else its credential, says of `key`; None is not known yet."""
    if key in ACHIEVEMENT_KEYS or key == "grade":
        return learners_own(one, key)
    if key in CREDENTIAL_KEYS or key == "level":
        return stated(credential, key)
    declared = one.attributes if one and key in one.attributes else credential.attributes
    if key in declared:
        said = declared[key]
        return said if isinstance(said, tuple) else (said,)
    return None if one is None else ()


def stated(credential: Credential, key: str) -> tuple[Fact, ...]:
    """Return what every credential may state of itself."""
    if key == "credential":
        return (credential.id,)
    if key in LISTS:
        return tuple(getattr(credential, LISTS[key]))
    value = getattr(credential, key)
    return (str(value),) if value else ()


def learners_own(one: Achievement | None, key: str) -> tuple[Fact, ...] | None:
    """Return a fact that only an achievement has; a grade to come is not known yet."""
    if one is None or (key == "grade" and not one.grade and one.status in UNFINISHED):
        return None
    if key == "used_in":
        return one.used_in
    return tuple(value for value in (getattr(one, key),) if value != "")


def equivalent(view: View, first: CredentialId, second: CredentialId) -> bool:
    """Say whether two credentials are the same, or either lists the other."""
    every = view.known
    return (
        first == second
        or (first in every and second in every[first].equivalents)
        or (second in every and first in every[second].equivalents)
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom a test is asked: a credential, and an achievement of it where there is one."""

    view: View
    credential: Credential
    one: Achievement | None
    graded: bool = True

    def admitted(self, selector: Selector) -> bool | None:
        """Say whether every test holds; None is undecided."""
        return every([self.holds(test) for test in selector.tests])

    def holds(self, test: Test) -> bool | None:
        """Say whether one test holds; over a fact that is not there it does not."""
        match test:
            case OneOf():
                answer = self.one_of(test)
            case LevelTest():
                answer = self.level(test)
            case CreditTest():
                answer = between(test.low, self.size(), test.high)
            case GradeTest():
                answer = self.grade(test)
            case DateTest() | AgeTest():
                answer = self.dated(test)
            case RangeTest():
                answer = self.ranged(test)
            case ForWhom() | OwnTest():
                raise TypeError(test)
            case Not():
                answer = opposite(self.admitted(test.inner))
            case AnyOf():
                answer = some([self.admitted(option) for option in test.options])
            case _:
                assert_never(test)
        return answer

    def one_of(self, test: OneOf) -> bool | None:
        """Say whether the fact is one of the values: a credential by pattern, a field by prefix."""
        found = values(self.credential, self.one, test.key)
        if found is None or (test.key == "grade" and not self.graded):
            return None
        if test.key == "credential":
            return self.one_of_credentials(test)
        if test.key == "field":
            return any(str(code).startswith(str(value)) for code in found for value in test.values)
        if test.key == "used_in" and "any" in test.values:
            return bool(found)
        return any(value in test.values for value in found)

    def dated(self, test: DateTest | AgeTest) -> bool | None:
        """Say whether a day lies between two others, or is recent enough."""
        day = self.day(test.fact if isinstance(test, DateTest) else test.since)
        if not isinstance(day, date):
            return day
        if isinstance(test, DateTest):
            return between(test.low, day, test.high)
        return test.span.after(day) >= self.view.recorded(test.until)

    def ranged(self, test: RangeTest) -> bool | None:
        """Say whether an attribute is a number, or a day, of the range; yes and no are none."""
        found = values(self.credential, self.one, test.key)
        if found is None:
            return None
        for value in found:
            if isinstance(value, date):
                low, high = date_or_none(test.low), date_or_none(test.high)
                dated = isinstance(test.low, date) or isinstance(test.high, date)
                if dated and between(low, value, high):
                    return True
            elif isinstance(value, int) and not isinstance(value, bool):
                least, most = number_or_none(test.low), number_or_none(test.high)
                numbered = least is not None or most is not None
                if numbered and between(least, value, most):
                    return True
        return False

    def one_of_credentials(self, test: OneOf) -> bool:
        """Say whether the credential, or an equivalent of it, is one of the values."""
        own = self.credential.id
        known = [
            each
            for each in {own, *self.view.known, *self.credential.equivalents}
            if each == own or (not test.exactly and equivalent(self.view, own, each))
        ]
        return any(written(str(value), each) for value in test.values for each in known)

    def level(self, test: LevelTest) -> bool:
        """Say whether the level, brought to the framework of the test, is right."""
        level = self.credential.level
        step = level_in(level, test.framework, self.view.catalogue.levels) if level else None
        if step is None:
            return False
        reading = self.view.policies["level"] if test.reading == "policy" else test.reading
        if reading == "at" and test.high is None:
            return step == test.low
        return between(test.low, step, test.high)

    def size(self) -> Credits:
        """Return the credits in the award's unit."""
        if self.one is not None:
            return self.view.size(self.one)
        return self.view.brought(self.credential.credits, self.credential.unit)

    def grade(self, test: GradeTest) -> bool | None:
        """Say whether the grade lies between two others."""
        if self.one is None or not self.graded:
            return None
        if not self.one.grade:
            return None if self.one.status in UNFINISHED else False
        low = self.view.grade(test.low).rank if test.low else None
        high = self.view.grade(test.high).rank if test.high else None
        return between(low, self.view.grade(self.one.grade).rank, high)

    def day(self, fact: str) -> date | Literal[False] | None:
        """Return a day; False where the achievement lacks it, None where there is none yet."""
        found: date | None = getattr(self.one, fact) if self.one else None
        if found is None and fact == "awarded" and self.one is not None:
            found = self.one.earned
        if found is None and self.one is not None and self.one.status not in UNFINISHED:
            return False
        return found


def date_or_none(end: int | date | None) -> date | None:
    """Return an end of a range that is a day."""
    return end if isinstance(end, date) else None


def number_or_none(end: int | date | None) -> int | None:
    """Return an end of a range that is a number."""
    return end if isinstance(end, int) else None


def between(low: Ordered | None, value: Ordered, high: Ordered | None) -> bool:
    """Say whether `value` lies from `low` to `high`, both inside."""
    return (low is None or low <= value) and (high is None or value <= high)


def every(answers: list[bool | None]) -> bool | None:
    """Join answers by `and`; None is undecided."""
    return False if False in answers else None if None in answers else True


def some(answers: list[bool | None]) -> bool | None:
    """Join answers by `or`; None is undecided."""
    return True if True in answers else None if None in answers else False


def opposite(answer: bool | None) -> bool | None:
    """Turn an answer round; None is undecided."""
    return None if answer is None else not answer


def admits(view: View, selector: Selector, one: Achievement, *, graded: bool = True) -> bool:
    """Say whether a selector admits `one`; undecided as a whole, it does."""
    credential = view.known[one.credential]
    return Asked(view, credential, one, graded).admitted(selector) is not False


def asked_for(view: View, leaf: Leaf, one: Achievement, *, graded: bool = True) -> bool:
    """Say whether the leaf's own selector or list admits `one`."""
    if isinstance(leaf, From):
        return admits(view, leaf.selector, one, graded=graded)
    return any(equivalent(view, one.credential, wanted) for wanted in leaf.credentials)


def each_holds(view: View, each: Each, one: Achievement) -> bool:
    """Say whether what `each` speaks of is as it must be."""
    return not admits(view, each.selector, one) or admits(view, each.must, one)


def alone_in_window(view: View, window: Window, scope: list[Leaf], one: Achievement) -> bool:
    """Say whether `one` by itself is inside a window."""
    day = view.finished(one)
    if day is None:
        return False
    if window.anchor == "earliest-used":
        return day <= window.length.after(one.started or day)
    anchor = (
        first_applicable(view, scope)
        if window.anchor == "first-applicable"
        else view.recorded(window.anchor)
    )
    return anchor is None or anchor <= day <= window.length.after(anchor)


def all_within(window: Window, days: Sequence[tuple[date | None, date | None]]) -> bool:
    """Say whether no end lies further from any start than a window is long."""
    return all(
        start is not None and end is not None and end <= window.length.after(start)
        for start, _ in days
        for _, end in days
    )


def begun_after(view: View, one: Achievement, day: date | None) -> bool:
    """Say whether `one` was begun on a day or later; without days nothing shows it."""
    end = view.finished(one)
    return day is not None and end is not None and (one.started or end) >= day


def first_applicable(view: View, scope: list[Leaf]) -> date | None:
    """Return the earliest day of what any leaf of the scope asks for, whatever came of it."""
    days = [
        one.started or one.earned
        for one in view.record.achievements
        if one.status in STARTS_A_CLOCK
        and any(asked_for(view, leaf, one, graded=False) for leaf in scope)
    ]
    return min((day for day in days if day is not None), default=None)


def outcomes_for(view: View, selector: Selector) -> list[str]:
    """Return every outcome that credentials of the catalogue teach which a selector can admit."""
    alone = replace(view, record=replace(view.record, credentials=()))
    return sorted(
        {
            outcome
            for credential in view.catalogue.credentials.values()
            if Asked(alone, credential, None).admitted(selector) is not False
            for outcome in credential.outcomes
        }
    )


def usual_credits(view: View, selector: Selector) -> int:
    """Section 6: the commonest credits of what a selector can admit; the smallest of these."""
    catalogue_alone = replace(view, record=replace(view.record, credentials=()))
    sizes = Counter(
        view.brought(credential.credits, credential.unit)
        for credential in view.catalogue.credentials.values()
        if Asked(catalogue_alone, credential, None).admitted(selector) is not False
    )
    return min(sizes, key=lambda size: (-sizes[size], size)) if sizes else SCALE


def written(pattern: str, name: str) -> bool:
    """Say whether a pattern writes an id: with stars, or with a range of numbers at its end."""
    if ".." not in pattern:
        return fnmatchcase(name, pattern)
    first, last = pattern.split("..")
    stem = first.rstrip("0123456789")
    return name in {f"{stem}{number}" for number in range(int(first[len(stem) :]), int(last) + 1)}
