"""Qualifiers in words: floors, caps, breadth, averages and windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.language.made_names import made_condition_title, made_latest_title, made_limit_title
from app.core.language.plain_selector import CircumstanceWords, SelectorWords
from app.core.language.plain_words import (
    Glossary,
    amount_of_award,
    because,
    credits_in_words,
    headed,
    points_in_words,
    quantity_in_words,
    ranged,
    spoken,
)
from app.core.model.requirement import (
    Average,
    Bound,
    Distinct,
    Each,
    Last,
    Qualifiers,
    Share,
    Window,
)
from app.core.model.selector import EVERYTHING, Selector

ITEMS: Mapping[str, str] = {
    "whole": " A credential counts in full or not at all.",
    "trim": " The credential that crosses this limit counts in part.",
    "policy": "",
}
ANCHORS: Mapping[str, str] = {
    "earliest-used": "the start of the earliest credential that is used",
    "first-applicable": "the start of the first credential that could be used, used or not",
}


ON_RECORD: Mapping[str, str] = {"earliest-used": "the start of the earliest credential on it"}
SETS: Mapping[str, str] = {
    "record": "all that is on the record",
    "all-attempts": "every attempt on the record, whatever came of it",
}


@dataclass(frozen=True, slots=True)
class QualifierWords:
    """Puts qualifiers in words; `place` says where they hold: here, in the award."""

    glossary: Glossary
    place: str

    def sentences(self, said: Qualifiers) -> Iterator[str]:
        """Yield one sentence for each thing said, with its title and its regulation."""
        for floor in said.at_least:
            yield self._bound(floor, "at least", "must") + self._changes(floor)
        for cap in said.at_most:
            items = ITEMS[cap.items]
            yield self._bound(cap, "at most", "may") + items + self._changes(cap)
        for each in said.each:
            yield because(headed(_title(each), self._each(each)), each.reason)
        for distinct in said.distinct:
            sentence = because(headed(_title(distinct), self._distinct(distinct)), distinct.reason)
            yield sentence + self._changes(distinct)
        for average in said.averages:
            yield because(headed(_title(average), self._average(average)), average.reason)
        for window in said.windows:
            yield because(headed(_title(window), self._window(window)), window.reason)
        for last in said.last:
            for floor in last.at_least:
                title = "" if floor.title == made_latest_title(last, floor) else floor.title
                yield because(headed(title, self._latest(last, floor)), floor.reason)

    def _changes(self, one: Bound | Distinct) -> str:
        words = CircumstanceWords(self.glossary)

        def in_words(amount: int) -> str:
            by_credits = isinstance(one, Bound) and one.measure == "credits"
            return credits_in_words(amount) if by_credits else str(amount)

        return "".join(f" {sentence}" for sentence in words.changes(one.changes, in_words))

    def _bound(self, bound: Bound, limit: str, modal: str) -> str:
        none = limit == "at most" and bound.amount == 0
        amount = self._none(bound) if none else f"{limit} {self._amount(bound)}"
        if bound.attempts:
            attempts = "Of all attempts on the record, whatever came of them,"
            sentence = f"{attempts} there {modal} be {amount.removesuffix(',')}."
        elif bound.over_record:
            sentence = f"The whole record {modal} hold {amount.removesuffix(',')}."
        else:
            sentence = f"{amount[0].upper()}{amount[1:]} {modal} count {self.place}."
        title = "" if bound.title == made_limit_title(bound, limit) else bound.title
        return because(headed(title, sentence), bound.reason)

    def _latest(self, last: Last, floor: Bound) -> str:
        latest = quantity_in_words(last.measure, last.amount)
        least = self._amount(floor).removesuffix(",")
        return f"Among the latest {latest} that count {self.place} there must be at least {least}."

    def _amount(self, bound: Bound) -> str:
        if bound.measure == "choose" and isinstance(bound.amount, int):
            return self._number(bound.amount, bound.selector)
        if isinstance(bound.amount, Share):
            amount = amount_of_award(bound.amount, self.glossary.rule.total)
        else:
            amount = credits_in_words(bound.amount)
        if bound.selector == EVERYTHING:
            return amount
        return f"{amount} from {self._words.subject(bound.selector)}"

    def _none(self, bound: Bound) -> str:
        if bound.measure == "credits":
            everything = bound.selector == EVERYTHING
            return "no credits" + (
                "" if everything else f" from {self._words.subject(bound.selector)}"
            )
        if self._words.named(bound.selector):
            return f"none of {self._words.subject(bound.selector, 'and')}"
        return f"no {self._words.subject(bound.selector)}"

    def _number(self, number: int, selector: Selector) -> str:
        if self._words.named(selector):
            return f"{number} of {self._words.subject(selector, 'and')}"
        noun = "credential" if number == 1 else "credentials"
        return f"{number} {self._words.subject(selector, noun=noun)}"

    def _each(self, each: Each) -> str:
        may = "may be on the record" if each.over_record else f"may count {self.place}"
        if each.selector == EVERYTHING:
            return f"Only {self._words.subject(each.must)} {may}."
        those = self._words.subject(each.must, noun="those")
        return f"Of {self._words.phrase(each.selector)}, only {those} {may}."

    def _distinct(self, distinct: Distinct) -> str:
        low = str(distinct.low) if distinct.low or distinct.high is None else None
        figures = ranged(low, None if distinct.high is None else str(distinct.high))
        many = (distinct.high if distinct.high is not None else distinct.low) != 1
        values = f"{'different values' if many else 'value'} of {spoken(distinct.by)}"
        what = "The whole record" if distinct.over_record else f"What counts {self.place}"
        return f"{what} must have {figures} {values}."

    def _average(self, average: Average) -> str:
        everything = average.selector == EVERYTHING
        of = "" if everything else f", of {self._words.phrase(average.selector)}"
        scope = SETS.get(average.over, f"all that counts {self.place}")
        if average.over == "not-transferred":
            scope = f"all that counts {self.place} and was not transferred"
        mean = f"The average grade of {scope}{of}, weighted by credits,"
        if average.low is None:
            return f"{mean} is reported and decides nothing."
        return f"{mean} must be at least {points_in_words(average.low)}."

    def _window(self, window: Window) -> str:
        anchor = ANCHORS.get(window.anchor, spoken(window.anchor))
        if window.over_record:
            anchor = ON_RECORD.get(window.anchor, anchor)
        what = "is on the record" if window.over_record else f"counts {self.place}"
        return f"Everything that {what} must be completed within {window.length} of {anchor}."

    @property
    def _words(self) -> SelectorWords:
        return SelectorWords(self.glossary)


def _title(condition: Distinct | Average | Each | Window) -> str:
    return "" if condition.title == made_condition_title(condition) else condition.title
