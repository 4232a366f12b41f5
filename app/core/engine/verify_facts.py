"""What the checker sees of one record for one award: docs/solver.md, sections 1 to 3."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.core.model.catalogue import Catalogue
from app.core.model.certificate import AnswerName
from app.core.model.credential import Credential, CredentialId
from app.core.model.credits import Credits
from app.core.model.errors import AuditError
from app.core.model.grade import Grade
from app.core.model.record import COUNTING, Achievement, Adjustment, LearnerRecord
from app.core.model.requirement import Share
from app.core.model.rule import RuleEdition

COUNTED: Mapping[AnswerName, int] = {"now": 1, "projected": 2, "planned": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One rule with its policies, and one record on one day in one of the three answers.

    `placing` are decisions on what may count where, `stated` decided credits by achievement.
    """

    rule: RuleEdition
    catalogue: Catalogue
    policies: Mapping[str, str]
    record: LearnerRecord
    as_of: date
    answer: AnswerName
    placing: tuple[Adjustment, ...] = ()
    stated: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[CredentialId, Credential] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Put what the record alone describes beside what the catalogue lists."""
        listed = self.catalogue.credentials
        described = {one.id: one for one in self.record.credentials}
        object.__setattr__(self, "known", {**described, **listed} if described else listed)

    def credential(self, one: Achievement) -> Credential:
        """Return the credential that `one` is of."""
        found = self.known.get(one.credential)
        if found is None:
            raise AuditError("unknown-credential", f"Nobody describes `{one.credential}`.")
        return found

    def grade(self, symbol: str) -> Grade:
        """Return the grade of a symbol on the scale that the policies name."""
        scale = self.catalogue.scales.get(self.policies.get("grade_scale", ""))
        found = scale.get(symbol) if scale else None
        if found is None:
            raise AuditError("unknown-grade", f"The grade scale does not know `{symbol}`.")
        return found

    def amount(self, one: Achievement, *, decided: bool = True) -> Credits:
        """Return the credits of `one` in the award's unit: as `decided`, or as they are."""
        if decided and one.id in self.stated:
            return Credits(self.stated[one.id])
        credential = self.credential(one)
        if one.credits is None:
            return self.size(credential)
        return self._converted(one.credits, one.unit or credential.unit)

    def size(self, credential: Credential) -> Credits:
        """Return the credits of a credential in the award's unit."""
        return self._converted(credential.credits, credential.unit)

    def _converted(self, amount: Credits, unit: str) -> Credits:
        """Return an amount in the award's unit; no policy for it is an error in the record."""
        if unit in {"", self.rule.unit}:
            return amount
        policy = self.catalogue.conversions.get(self.policies.get("conversion", ""))
        found = policy.convert(amount, unit, self.rule.unit) if policy else None
        if found is None:
            raise AuditError("no-conversion", f"No policy turns `{unit}` into `{self.rule.unit}`.")
        return found

    def milestone(self, name: str) -> date:
        """Return the day of a milestone, else the audit's."""
        return min(
            (each.on for each in self.record.milestones if each.name == name), default=self.as_of
        )

    def end(self, one: Achievement) -> date | None:
        """Return the day earned, for what is unfinished as it is foreseen."""
        if one.earned or not unfinished(one):
            return one.earned
        return max(self.as_of, one.started) if one.started else self.as_of

    def begin(self, one: Achievement) -> date | None:
        """Return the day started, else the day earned."""
        return one.started or self.end(one)

    def present(self) -> dict[str, Achievement]:
        """Return by id what has one of the statuses of the answer."""
        statuses = COUNTING[: COUNTED[self.answer]]
        return {one.id: one for one in self.record.achievements if one.status in statuses}

    def superseded(self, present: Iterable[Achievement], eligible: Container[str]) -> set[str]:
        """Return the ids of attempts for which another stands; `eligible` are for some leaf."""
        policy = self.policies.get("retakes", "each")
        if policy == "each":
            return set()
        attempts: dict[CredentialId, list[Achievement]] = {}
        for one in present:
            attempts.setdefault(one.credential, []).append(one)
        order = {"best": self._best_first, "last": last_first, "first": first_first}[policy]
        return {
            one.id
            for several in attempts.values()
            for one in sorted(
                several, key=lambda one: (policy == "best" and one.id not in eligible, order(one))
            )[1:]
        }

    def _best_first(self, one: Achievement) -> tuple[int, int, int, str]:
        """Order attempts by grade, then what is finished, then the later day; the ungraded last."""
        scale = self.catalogue.scales.get(self.policies.get("grade_scale", ""))
        grade = scale.get(one.grade) if scale and one.grade else None
        rank = grade.rank if grade else -1
        day = (one.earned or date.max).toordinal()
        return -rank, COUNTING.index(one.status), -day, one.id

    def equivalent(self, first: CredentialId, second: CredentialId) -> bool:
        """Say whether two credentials are one, or either lists the other."""
        every = self.known
        listed = [
            (every[one].equivalents, other)
            for one, other in ((first, second), (second, first))
            if one in every
        ]
        return first == second or any(other in several for several, other in listed)


def least(rule: RuleEdition, amount: int | Share) -> int:
    """Return a stated amount; of a share of the award's total the next whole thousandth up."""
    if isinstance(amount, int):
        return amount
    exact = Fraction(rule.total) * amount.part
    return -(-exact.numerator // exact.denominator)


def most(rule: RuleEdition, amount: int | Share) -> int:
    """Return a stated amount; of a share of the award's total whole thousandths only."""
    return amount if isinstance(amount, int) else int(Fraction(rule.total) * amount.part)


def recorded(reading: Reading, name: str) -> date | None:
    """Return the day of a milestone that is recorded by the audit's day."""
    days = (each.on for each in reading.record.milestones if each.name == name)
    return min((day for day in days if day <= reading.as_of), default=None)


def unfinished(one: Achievement) -> bool:
    """Say whether `one` is still to be earned."""
    return one.status in {"in-progress", "planned"}


def attempted(reading: Reading) -> list[Achievement]:
    """Return what has one of the statuses of the answer, and what does not count any more."""
    ahead = COUNTING[COUNTED[reading.answer] :]
    return [one for one in reading.record.achievements if one.status not in ahead]


def last_first(one: Achievement) -> tuple[int, int, str]:
    """Order attempts by the later day."""
    return -(one.earned or date.max).toordinal(), -one.attempt, one.id


def first_first(one: Achievement) -> tuple[int, int, str]:
    """Order attempts by the earlier day."""
    return (one.earned or date.max).toordinal(), one.attempt, one.id
