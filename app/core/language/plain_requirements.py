"""Requirements in words: an indented numbered list of full sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from app.core.language.made_names import made_title
from app.core.language.plain_qualifiers import QualifierWords
from app.core.language.plain_selector import CircumstanceWords, SelectorWords
from app.core.language.plain_words import (
    Glossary,
    because,
    credits_in_words,
    day_in_words,
    headed,
    listed,
    quantity_in_words,
    ranged,
    share_in_words,
    spoken,
)
from app.core.model.credits import show_credits
from app.core.model.requirement import (
    EVERYWHERE,
    NO_QUALIFIERS,
    Attest,
    From,
    Group,
    MilestoneStep,
    Nested,
    Quantity,
    Requirement,
    Share,
    Take,
    When,
)
from app.core.model.selector import EVERYTHING

INDENT = "   "


@dataclass(frozen=True, slots=True)
class RequirementWords:
    """Puts requirements in words."""

    glossary: Glossary

    def root(self, root: Requirement) -> Iterator[str]:
        """Yield the lines of a whole tree; its first group is not numbered."""
        if not isinstance(root, Group):
            yield from self._numbered(root, "1", "")
            return
        yield because(headed(_title(root), self._sentence(root)), root.reason)
        yield from self._parts(root, "", "")

    def _parts(self, group: Group, number: str, indent: str) -> Iterator[str]:
        for place, part in enumerate(group.parts, start=1):
            yield from self._numbered(part, f"{number}{place}", indent)
        yield from self._remarks(group, indent)

    def _numbered(self, node: Requirement, number: str, indent: str) -> Iterator[str]:
        sentence = because(headed(_title(node), self._sentence(node)), node.reason)
        yield f"{indent}{number}. {sentence}"
        if isinstance(node, When):
            yield from self._sides(node, f"{number}.", indent + INDENT)
        elif isinstance(node, Group):
            yield from self._parts(node, f"{number}.", indent + INDENT)
        else:
            yield from self._remarks(node, indent + INDENT)

    def _sides(self, node: When, number: str, indent: str) -> Iterator[str]:
        yield from self._numbered(node.then, f"{number}1", indent)
        if node.otherwise is not None:
            yield f"{indent}For all other learners:"
            yield from self._numbered(node.otherwise, f"{number}2", indent)
        if node.note:
            yield f"{indent}- Note: {' '.join(node.note.split())}"

    def _remarks(self, node: Requirement, indent: str) -> Iterator[str]:
        place = "in these requirements" if isinstance(node, Group) else "here"
        for sentence in QualifierWords(self.glossary, place).sentences(node.qualifiers):
            yield f"{indent}- {sentence}"
        if isinstance(node, From):
            words = CircumstanceWords(self.glossary)
            for sentence in words.changes(node.quantity.changes, _in_words(node.quantity)):
                yield f"{indent}- {sentence}"
            if node.counted_in:
                others = self._others(node.counted_in)
                yield f"{indent}- Only what counts in {others} may count here."
        if node.shares_with:
            others = self._others(node.shares_with)
            yield f"{indent}- What counts {place} may count in {others} too."
        for limit in node.sharing_limits:
            much = quantity_in_words(limit.measure, limit.amount)
            others = self._others(limit.requirements)
            yield f"{indent}- At most {much} of what counts {place} may count in {others} too."
        for sentence in self._tied(node, place):
            yield f"{indent}- {sentence}"
        if node.weight is not None:
            what = "each credential" if isinstance(node, Take | From) else "it"
            amount = credits_in_words(node.weight)
            yield f"{indent}- In the progress {what} counts as {amount}."
        if node.note:
            yield f"{indent}- Note: {' '.join(node.note.split())}"

    def _others(self, names: tuple[str, ...]) -> str:
        if EVERYWHERE in names:
            return "any other requirement"
        return listed([self.glossary.requirement(name) for name in names], "and")

    def _tied(self, node: Requirement, place: str) -> Iterator[str]:
        """Yield what comes before it, and which of equally good ways to meet it is taken."""
        if node.after:
            yield self._after(node, place)
        if isinstance(node, Take | From) and node.prefer:
            words = SelectorWords(self.glossary)
            first, *rest = (words.phrase(each) for each in node.prefer)
            then = "".join(f", then {each}" for each in rest)
            yield f"Of equally good ways to meet it, {first} count first{then}."

    def _after(self, node: Requirement, place: str) -> str:
        milestones = [name for name in node.after if self.glossary.is_milestone(name)]
        others = [name for name in node.after if name not in milestones]
        before = [
            f"{how} {listed([self.glossary.requirement(name) for name in names], 'and')} was {done}"
            for names, how, done in (
                (others, "before what counts in", "completed"),
                (milestones, "before the step", "recorded"),
            )
            if names
        ]
        return f"Nothing may count {place} that was begun {listed(before, 'or')}."

    def _sentence(self, node: Requirement) -> str:
        match node:
            case Take():
                return self._take(node)
            case From():
                return self._count(node)
            case MilestoneStep():
                return f"The step “{spoken(node.milestone)}” must be recorded."
            case Attest():
                role = spoken(node.role)
                return f"A person in the role “{role}” must confirm it; until then it is pending."
            case Group():
                return _group(node)
            case When():
                return f"For learners {CircumstanceWords(self.glossary).who(node.circumstance)}:"
            case Nested():
                return self._nested(node)
            case _:
                assert_never(node)

    def _take(self, node: Take) -> str:
        names = [self.glossary.with_equivalents(name) for name in node.credentials]
        every = {1: "", 2: "both "}.get(len(names), "all ")
        return f"{listed(names, 'and')} must {every}be held."

    def _nested(self, node: Nested) -> str:
        named = f"edition {node.edition}"
        day = day_in_words(self.glossary.rule.effective.start)
        edition = named if node.edition else f"edition in force on {day}"
        award = self.glossary.credential(node.award)
        return f"{award} must be held, or the requirements of its {edition} must be met here."

    def _count(self, node: From) -> str:
        if node.quantity.by:
            return self._different(node)
        if node.quantity.measure == "choose":
            needed = node.quantity.low or node.quantity.fact
            return f"{self._number(node)} {'must be held' if needed else 'may count here'}."
        words = SelectorWords(self.glossary)
        source = "" if node.selector == EVERYTHING else f" from {words.subject(node.selector)}"
        amount = _amount(node.quantity)
        return f"{amount[0].upper()}{amount[1:]}{source} {_modal(node.quantity)} count here."

    def _different(self, node: From) -> str:
        quantity = node.quantity
        words = SelectorWords(self.glossary)
        source = "" if node.selector == EVERYTHING else f", of {words.phrase(node.selector)},"
        if quantity.every:
            those = "any credential teaches" if node.selector == EVERYTHING else "these teach"
            return f"What counts here{source} must teach every learning outcome that {those}."
        if quantity.only:
            taught = listed([spoken(one) for one in quantity.only], "and")
            return f"What counts here{source} must teach {taught}."
        if quantity.fact:
            figures = f"as many different {quantity.by}s as the learner's {spoken(quantity.fact)}"
            return f"What counts here{source} must have {figures}."
        low = str(quantity.low) if quantity.low or quantity.high is None else None
        figures = ranged(low, None if quantity.high is None else str(quantity.high))
        noun = (
            quantity.by if quantity.low == 1 and quantity.high in {None, 1} else f"{quantity.by}s"
        )
        return f"What counts here{source} must have {figures} different {noun}."

    def _number(self, node: From) -> str:
        words = SelectorWords(self.glossary)
        quantity = node.quantity
        if quantity.fact:
            spoken_fact = spoken(quantity.fact)
            return f"As many as the learner's {spoken_fact} of {words.phrase(node.selector)}"
        low = str(quantity.low) if quantity.low or quantity.high is None else None
        how_many = ranged(low, None if quantity.high is None else str(quantity.high))
        if quantity.plain:
            how_many = "one" if quantity.low == 1 else str(quantity.low)
        how_many = how_many[0].upper() + how_many[1:]
        if words.named(node.selector):
            return f"{how_many} of {words.subject(node.selector, 'and')}"
        noun = "credential" if (quantity.high or quantity.low) == 1 else "credentials"
        return f"{how_many} {words.subject(node.selector, noun=noun)}"


def _title(node: Requirement) -> str:
    """Return a title that somebody gave, and whether the requirement may be left out."""
    title = "" if node.title == made_title(node) else node.title
    if not node.optional:
        return title
    return f"{title} (optional)" if title else "Optional"


def _amount(quantity: Quantity) -> str:
    if quantity.share is not None:
        return _part(quantity, quantity.share)
    if quantity.plain:
        return credits_in_words(quantity.low)
    if quantity.high is None:
        return f"at least {credits_in_words(quantity.low)}"
    low = show_credits(quantity.low) if quantity.low else None
    return ranged(low, credits_in_words(quantity.high))


def _part(quantity: Quantity, share: Share) -> str:
    """Return a part of the award with the credits that it comes to, rounded as they are."""
    low = share_in_words(share.part) if share.part or quantity.plain else None
    high = None if quantity.top is None else share_in_words(quantity.top.part)
    part = low if quantity.plain else ranged(low, high)
    amount = _amount(replace(quantity, share=None))
    for words in ("at least ", "at most "):
        amount = amount.removeprefix(words)
    return f"{part} of the award ({amount})"


def _in_words(quantity: Quantity) -> Callable[[int], str]:
    return lambda amount: quantity_in_words(quantity.measure, amount)


def _modal(quantity: Quantity) -> str:
    return "must" if quantity.low else "may"


def _group(group: Group) -> str:
    if group.parts and group.most is not None:
        return f"{_so_few(group, group.most)}:"
    if group.parts:
        return f"{_how_many(group)} must be met:"
    return "Nothing is required." if group.qualifiers == NO_QUALIFIERS else "This must hold:"


def _so_few(group: Group, most: int) -> str:
    """Return how many have to be met, and in how many anything may count."""
    used = "none" if most == 0 else f"no more than {'one' if most == 1 else most}"
    if group.need == 0:
        return f"Credentials may count in {used} of these {len(group.parts)}"
    return f"{_how_many(group)} must be met, and credentials may count in {used} of them"


def _how_many(group: Group) -> str:
    parts = len(group.parts)
    if group.need is None:
        if any(part.optional for part in group.parts):
            return "All of these that are not optional"
        return {1: "This", 2: "Both of these"}.get(parts, "All of these")
    return "One of these" if group.need == 1 else f"{group.need} of these {parts}"
