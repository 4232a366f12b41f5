"""Words and figures as plain English writes them: lists, numbers, dates, amounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from app.core.language.checker_matches import equivalents_of
from app.core.language.checker_places import stands
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId, Fact, IssuerId
from app.core.model.credits import SCALE, show_credits
from app.core.model.requirement import Measure, MilestoneStep, Requirement, Share
from app.core.model.rule import RuleEdition

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Glossary:
    """The titles behind a rule's ids."""

    rule: RuleEdition
    catalogue: Catalogue

    @property
    def _borne(self) -> Counter[str]:
        return self.catalogue.once(
            "borne", lambda: Counter(one.title for one in self.catalogue.credentials.values())
        )

    @cached_property
    def _equivalents(self) -> Mapping[str, Collection[str]]:
        return equivalents_of(self.catalogue)

    @cached_property
    def _requirements(self) -> dict[str, Requirement]:
        return {stand.node.id: stand.node for stand in stands(self.rule)}

    def credential(self, name: str) -> str:
        """Return the title, with its id where several bear it; without a title the id alone."""
        known = self.catalogue.credentials.get(CredentialId(name))
        if known is None or not known.title:
            return f"({name})"
        return known.title if self._borne[known.title] == 1 else f"{known.title} ({name})"

    def with_equivalents(self, name: str) -> str:
        """Return the title, and those of its equivalents in parentheses."""
        others = [self.credential(other) for other in sorted(self._equivalents.get(name, ()))]
        return self.credential(name) + (f" (or {listed(others, 'or')})" if others else "")

    def issuer(self, name: str) -> str:
        """Return the issuer's title, or its id in parentheses."""
        known = self.catalogue.issuers.get(IssuerId(name))
        return known.title if known and known.title else f"({name})"

    def requirement(self, name: str) -> str:
        """Return the requirement's title, or its id in parentheses."""
        known = self._requirements.get(name)
        return (known.title if known else "") or f"({name})"

    def is_milestone(self, name: str) -> bool:
        """Say whether the requirement is a milestone."""
        return isinstance(self._requirements.get(name), MilestoneStep)


def listed(items: Sequence[str], last: str) -> str:
    """Join with commas, and with `last` before the last one: A, B and C."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def credits_in_words(amount: int) -> str:
    """Return an amount of thousandths as credits: 1 credit, 7.5 credits."""
    return f"{show_credits(amount)} credit{'' if amount == SCALE else 's'}"


def quantity_in_words(measure: Measure, amount: int) -> str:
    """Return an amount in its measure: 20 credits, 1 credential."""
    return credits_in_words(amount) if measure == "credits" else counted(amount, "credential")


def points_in_words(points: int) -> str:
    """Return grade points with at least two decimals, as transcripts do."""
    whole, _, part = show_credits(points).partition(".")
    return f"{whole}.{part:0<2}"


def share_in_words(part: Fraction) -> str:
    """Return the share as a percentage where that is exact, else as a fraction."""
    thousandths = part * 100 * SCALE
    return f"{show_credits(int(thousandths))}%" if thousandths.denominator == 1 else str(part)


def amount_of_award(share: Share, total: int) -> str:
    """Return a share of the award with what it comes to: 50% of the award (45 credits)."""
    exact = share.part * total
    text = f"{share_in_words(share.part)} of the award"
    return f"{text} ({credits_in_words(int(exact))})" if exact.denominator == 1 else text


def day_in_words(day: date) -> str:
    """Return the day as 1 September 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def fact_in_words(fact: Fact) -> str:
    """Return an attribute's value as prose has it."""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return day_in_words(fact) if isinstance(fact, date) else str(fact)


def spoken(name: str) -> str:
    """Return a name of the file as it is spoken: `first-placement` is first placement."""
    return name.replace("_", " ").replace("-", " ")


def headed(title: str, sentence: str) -> str:
    """Put a title before a sentence: Core. M1 must be held."""
    return f"{title}{'' if title[-1] in '.?!' else '.'} {sentence}" if title else sentence


def because(sentence: str, reason: str) -> str:
    """Put the regulation before the sentence's last mark."""
    return f"{sentence[:-1]} ({reason.rstrip('. ')}){sentence[-1]}" if reason else sentence


def ranged(low: str | None, high: str | None) -> str:
    """Return the range of two figures: at least 5, at most 10, 5 to 10, or 5 where they are one."""
    if low == high:
        return low or ""
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return f"{low} to {high}"
