"""A whole question as the engine is asked it, and what the oracle says to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import prod

from app.core.model.catalogue import Catalogue
from app.core.model.certificate import AnswerName
from app.core.model.record import LearnerRecord
from app.core.model.rule import RuleEdition
from tests.oracle.brute_force import Judgement, judge, sheets_of, standing_choices
from tests.oracle.sheet import Sheet

ANSWERS: tuple[AnswerName, ...] = ("now", "projected", "planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One or several rules, the policies of each, and a record to judge on a day."""

    rules: tuple[RuleEdition, ...]
    catalogue: Catalogue
    policies: tuple[Mapping[str, str], ...]
    record: LearnerRecord
    as_of: date

    def sheets(self, answer: AnswerName) -> list[Sheet]:
        """Return the awards laid out for the oracle."""
        return sheets_of(self.rules, self.catalogue, self.policies, self.record, self.as_of, answer)

    def judged(self, answer: AnswerName) -> Judgement:
        """Return what the oracle says."""
        return judge(self.rules, self.catalogue, self.policies, self.record, self.as_of, answer)

    def for_learner(self) -> Problem:
        """Return the problem with each rule as it is for the learner, whatever the record."""
        return replace(self, rules=tuple(sheet.view.rule for sheet in self.sheets("now")))

    def effort(self) -> int:
        """Return how many allocations the oracle has to look at, at most."""
        sheets = self.sheets("planned")
        items = {one for sheet in sheets for one in sheet.items}
        return prod(len(list(standing_choices(sheets, one))) for one in items)
