"""What was decided for one learner: which adjustments apply to an award, and to which masks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from app.core.engine.compiled import CompiledAward, Leaf, may_admit
from app.core.engine.problem import bits
from app.core.model.credits import SCALE, Credits
from app.core.model.record import (
    ANY_AWARD,
    COUNTING,
    Achievement,
    Adjustment,
    AdjustmentKind,
    LearnerRecord,
)
from app.core.model.requirement import (
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    Qualifiers,
    Requirement,
    Take,
    Window,
    walk,
)
from app.core.model.rule import Exclusion, RuleEdition

Lapse = Literal[
    "not-yet",
    "expired",
    "no-requirement",
    "not-there",
    "wrong-kind",
    "wrong-amount",
    "no-achievement",
    "not-countable",
    "no-credential",
    "waived",
    "overruled",
]
Measured = Literal["credits", "choose", "points"]
Named: TypeAlias = Requirement | Bound | Distinct | Average | Window | Each | Exclusion
PLACING: frozenset[AdjustmentKind] = frozenset({"substitute", "apply-here", "exclude"})
# Of several of these about one thing the last has the word.
LAST_WORD: frozenset[AdjustmentKind] = frozenset(
    {"adjust-quantity", "adjust-credits", "apply-here"}
)


class Decided(NamedTuple):
    """An adjustment, and why it does not apply where it does not.

    `title` is that of what it names, `measure` what this is counted in.
    """

    adjustment: Adjustment
    title: str
    measure: Measured
    lapsed: Lapse | None = None


def decided(
    award: CompiledAward, bound: RuleEdition, record: LearnerRecord, as_of: date
) -> tuple[Decided, ...]:
    """Return the adjustments of an award in their order; `bound` is its rule for the learner."""
    own = [one for one in record.adjustments if one.award in (award.rule.award, ANY_AWARD)]
    own.sort(key=lambda one: (one.on, one.id))
    judge = _Judge(award, bound, record, as_of)
    found = [Decided(one, *judge.called(one.requirement), judge.lapse(one)) for one in own]
    standing = [one.adjustment for one in found if one.lapsed is None]
    waived = frozenset(name for one in standing for name in judge.asleep(one))
    last = {judge.about(one): one.id for one in standing if one.kind in LAST_WORD}
    return tuple([one if one.lapsed else judge.beside(one, waived, last) for one in found])


class _Judge:
    """Judges adjustments by one award."""

    def __init__(
        self, award: CompiledAward, bound: RuleEdition, record: LearnerRecord, as_of: date
    ) -> None:
        self.award = award
        self.as_of = as_of
        self.apart = dict(_beside_the_root(award.rule))
        self.named = self.apart | dict(_named(bound))
        self.statuses = {one.id: one.status for one in record.achievements}

    def called(self, name: str) -> tuple[str, Measured]:
        """The title of what is named, its name where it has none, and what it is counted in."""
        thing = self.named.get(name)
        title: str = getattr(thing, "title", "") or name
        if thing is None:
            return title, "credits"
        return title, _measure(thing) or "credits"

    def lapse(self, one: Adjustment) -> Lapse | None:
        if one.on > self.as_of:
            return "not-yet"
        if one.expires is not None and one.expires <= self.as_of:
            return "expired"
        if one.achievement is not None:
            status = self.statuses.get(one.achievement)
            if status not in COUNTING:
                return "no-achievement" if status is None else "not-countable"
        if one.credential is not None and self.award.credential(one.credential) is None:
            return "no-credential"
        return self.misplaced(one) if one.requirement and one.kind != "adjust-credits" else None

    def misplaced(self, one: Adjustment) -> Lapse | None:
        """Why an adjustment does not fit what it names."""
        thing = self.named.get(one.requirement)
        if thing is None:
            known = any(name == one.requirement for name, _ in _named(self.award.rule))
            return "not-there" if known else "no-requirement"
        match one.kind:
            case "waive":
                return None
            case "adjust-quantity":
                return _amiss(thing, one.amount or Credits(0))
            case "exclude":
                return None if isinstance(thing, Take | From | Group) else "wrong-kind"
            case _:
                return self.unplaceable(one, thing)

    def unplaceable(self, one: Adjustment, thing: Named) -> Lapse | None:
        """Why nothing can be made eligible for what an adjustment names."""
        looks_elsewhere = isinstance(thing, From) and thing.counted_in
        if not isinstance(thing, Take | From) or (one.kind == "apply-here" and looks_elsewhere):
            return "wrong-kind"
        if one.kind != "substitute":
            return None
        if isinstance(thing, Take):
            return None if one.credential in thing.credentials else "no-credential"
        own = self.award.credential(one.credential) if one.credential else None
        asks = own and may_admit(thing.selector, own, self.award.terms) is not False
        return None if asks else "no-credential"

    def about(self, one: Adjustment) -> tuple[str, str, bool]:
        """What an adjustment is about; admission and gates are judged by themselves."""
        thing = one.requirement if one.kind == "adjust-quantity" else one.achievement
        return one.kind, thing or "", one.requirement in self.apart

    def beside(
        self, one: Decided, waived: frozenset[str], last: Mapping[tuple[str, str, bool], str]
    ) -> Decided:
        """An adjustment beside others: what is waived has no quantity, the last word holds."""
        own = one.adjustment
        if own.kind == "adjust-quantity" and own.requirement in waived:
            return one._replace(lapsed="waived")
        over = last.get(self.about(own), own.id) != own.id
        return one._replace(lapsed="overruled") if over else one

    def asleep(self, one: Adjustment) -> Iterator[str]:
        """What asks for nothing any more once a waiver applies."""
        thing = self.named.get(one.requirement)
        if one.kind != "waive" or thing is None:
            return
        yield one.requirement
        if isinstance(thing, Requirement):
            for node in walk(thing):
                yield node.id
                yield from (name for name, _ in _conditions(node.qualifiers))


def _measure(thing: Named) -> Measured | None:
    """What something is counted in that asks for an amount."""
    match thing:
        case From():
            return "credits" if thing.quantity.measure == "credits" else "choose"
        case Bound():
            return "credits" if thing.measure == "credits" else "choose"
        case Average():
            return "points"
        case Group() if thing.need is not None:
            return "choose"
        case Distinct() | Exclusion():
            return "choose"
        case _:
            return None


def _amiss(thing: Named, amount: Credits) -> Lapse | None:
    """Why an amount is not one of what it is for."""
    measure = _measure(thing)
    if measure is None or (isinstance(thing, Average) and thing.low is None):
        return "wrong-kind"
    beyond = isinstance(thing, Group) and amount > len(thing.parts) * SCALE
    return "wrong-amount" if beyond or (measure == "choose" and amount % SCALE) else None


def _named(rule: RuleEdition) -> Iterator[tuple[str, Named]]:
    """What adjustments may name, by its id."""
    yield from ((one.id, one) for one in rule.excludes)
    yield from _said(rule.whole)
    yield from _below(rule.root)


def _beside_the_root(rule: RuleEdition) -> Iterator[tuple[str, Named]]:
    """What may be named of the admission and the gates, which are judged by themselves."""
    for root in (rule.admission, *(gate.require for gate in rule.gates)):
        yield from _below(root) if root is not None else ()


def _below(root: Requirement) -> Iterator[tuple[str, Named]]:
    for node in walk(root):
        yield node.id, node
        yield from _said(node.qualifiers)


def _said(said: Qualifiers) -> Iterator[tuple[str, Named]]:
    yield from _conditions(said)
    yield from ((one.id, one) for one in said.at_most)
    yield from ((one.id, one) for one in said.windows)
    yield from ((one.id, one) for one in said.each)


def _conditions(said: Qualifiers) -> Iterator[tuple[str, Named]]:
    yield from ((one.id, one) for one in said.at_least)
    yield from ((one.id, one) for one in said.distinct)
    yield from ((one.id, one) for one in said.averages)
    yield from ((floor.id, floor) for last in said.last for floor in last.at_least)


def steer(
    award: CompiledAward,
    masks: list[int],
    decisions: Sequence[Decided],
    counting: Sequence[Achievement],
) -> int:
    """Change what each slot would take as was decided; return the items barred from the award.

    What holds for all achievements of a credential comes first; of what is decided about one
    achievement the later has the last word.
    """
    edits = [one.adjustment for one in decisions if one.lapsed is None]
    for edit in edits:
        if edit.kind == "also-allow" and edit.credential is not None:
            same = {edit.credential, *award.terms.equivalents.get(edit.credential, ())}
            items = sum(1 << at for at, one in enumerate(counting) if one.credential in same)
            for place in _slots(award, edit.requirement):
                masks[place] |= items
    at = {one.id: 1 << index for index, one in enumerate(counting)}
    barred = 0
    for edit in edits:
        if edit.kind in PLACING and edit.achievement is not None:
            item = at.get(edit.achievement, 0)
            placed = _place(award, masks, edit, item)
            barred = barred & ~item if placed else barred
            barred |= item if edit.kind == "exclude" and not edit.requirement else 0
    return barred


def _place(award: CompiledAward, masks: list[int], edit: Adjustment, item: int) -> bool:
    """Make one decision about where an item may count; say whether it lets the item in."""
    here = _slots(award, edit.requirement)
    if edit.kind == "exclude":
        for place in here if edit.requirement else range(len(masks)):
            masks[place] &= ~item
        return False
    if edit.kind == "apply-here" and here:
        kept = set(here) | _looking(award, here)
        for place in set(range(len(masks))) - kept:
            masks[place] &= ~item
    for place in here:
        if edit.kind == "apply-here" or award.slots[place].credential in (None, edit.credential):
            masks[place] |= item
    return bool(here)


def _looking(award: CompiledAward, here: Sequence[int]) -> set[int]:
    """The slots that only look at what counts in others, among them these."""
    homes = sum(1 << place for place in here)
    return {place for view in award.views if view.homes & homes for place in bits(view.mask)}


def _slots(award: CompiledAward, requirement: str) -> tuple[int, ...]:
    """The slots at or below a requirement; none where it belongs to admission or a gate."""
    root = next((one for one in walk(award.rule.root) if one.id == requirement), None)
    below = {one.id for one in walk(root)} if root is not None else set()
    leaves: Iterator[Leaf] = (leaf for leaf in award.leaves if leaf.node.id in below)
    return tuple(place for leaf in leaves for place in leaf.slots)


def credits_of(decisions: Sequence[Decided]) -> dict[str, Credits]:
    """Return the credits that achievements count with by decision, by their ids."""
    edits = (one.adjustment for one in decisions if one.lapsed is None)
    return {
        one.achievement: one.amount
        for one in edits
        if one.kind == "adjust-credits" and one.achievement is not None and one.amount is not None
    }
