"""A whole question as the engine is asked it, and what the oracle says to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import prod

from app.core.model.catalogue import Catalogue
from app.core.model.certificate import AnswerName
from app.core.model.record import LearnerRecord
from app.core.model.rule import RuleEdition
from app.core.model.wish import Wanted
from tests.oracle.beside import Beside, Question, beside
from tests.oracle.brute_force import Judgement, best, sheets_of, standing_choices
from tests.oracle.sheet import Sheet
from tests.oracle.wanting import first_alike, wanting

ANSWERS: tuple[AnswerName, ...] = ("now", "projected", "planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One or several rules, the policies of each, and a record to judge on a day.

    `wanted` is what is asked for beside the rules, if anything is. What the oracle has laid out and
    found is kept: several laws ask for it again.
    """

    rules: tuple[RuleEdition, ...]
    catalogue: Catalogue
    policies: tuple[Mapping[str, str], ...]
    record: LearnerRecord
    as_of: date
    wanted: Wanted | None = None
    laid_out: dict[AnswerName, list[Sheet]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    found: dict[AnswerName, Judgement] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def sheets(self, answer: AnswerName) -> list[Sheet]:
        """Return the awards laid out for the oracle; answers over the same achievements are one."""
        first = first_alike(self.record, answer)
        if first not in self.laid_out:
            self.laid_out[first] = sheets_of(
                self.rules, self.catalogue, self.policies, self.record, self.as_of, first
            )
        return self.laid_out[first]

    def judged(self, answer: AnswerName) -> Judgement:
        """Return what the oracle says."""
        first = first_alike(self.record, answer)
        if first not in self.found:
            sheets = self.sheets(first)
            self.found[first] = best(sheets, wanting(sheets, self.wanted, first))
        return self.found[first]

    def asking(self, wanted: Wanted | None) -> Problem:
        """Return the problem with this wanted beside the rules; it is laid out the same."""
        asked = replace(self, wanted=wanted)
        asked.laid_out.update(self.laid_out)
        return asked

    def forced_there(self, best: Judgement, answer: AnswerName) -> bool:
        """Say whether what is forced counts there in what the oracle found."""
        asked = wanting(self.sheets(answer), self.wanted, answer)
        return bool(asked.forced) and asked.allows(best.state)

    def for_learner(self) -> Problem:
        """Return the problem with each rule as it is for the learner, whatever the record."""
        return replace(self, rules=tuple(sheet.view.rule for sheet in self.sheets("now")))

    def questions(self) -> list[Question]:
        """Return each award as it is asked about by itself."""
        return [
            Question(rule, self.catalogue, said, self.record, self.as_of)
            for rule, said in zip(self.rules, self.policies, strict=True)
        ]

    def besides(self) -> tuple[Beside, ...]:
        """Return what the oracle says of admission, gates and other awards."""
        asked, found = self.questions(), self.judged("now").objective[0]
        return tuple(beside(one, asked, met=met) for one, met in zip(asked, found, strict=True))

    def effort(self) -> int:
        """Return how many allocations the oracle has to look at for one question, at most."""
        apart = [one for each in self.questions() for one in (each.admission(), *each.gates())]
        every = [self.sheets("planned"), *(one.sheets() for one in apart if one is not None)]
        return max(map(looks, every))


def looks(sheets: Sequence[Sheet]) -> int:
    """Return how many allocations there may be."""
    items = {one for sheet in sheets for one in sheet.items}
    return prod(len(list(standing_choices(sheets, one))) for one in items)
