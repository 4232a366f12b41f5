"""An award laid out for counting: what its credentials change, and when its tree is satisfied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from app.core.engine.bind import asks_holdings
from app.core.engine.compiled import (
    Branch,
    CompiledAward,
    Condition,
    GroupBranch,
    LeafBranch,
    Slot,
    StepBranch,
)
from app.core.engine.problem import ConditionLimit, Problem
from app.core.model.credential import CredentialId
from app.core.search.tally import NEVER, Change, Entry, Kind, Table, Way

# So many places that share are put together for one credential.
MOST_WAYS = 256


class UncountableError(Exception):
    """A rule says something of which sets cannot be counted; `what` names it in plain words."""

    def __init__(self, what: str) -> None:
        """Say what it is."""
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Alike:
    """Credentials that change the same in the same ways; each way is one of counting."""

    names: tuple[CredentialId, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that decides whether a set of credentials meets an award.

    `slots` and `conditions` name the entry that has to lack nothing; a condition without one holds
    or not whatever counts, as `settled` says.
    """

    award: CompiledAward
    table: Table
    groups: tuple[Alike, ...]
    slots: tuple[int, ...]
    conditions: Mapping[int, int]
    settled: Mapping[int, bool]
    known: dict[int, bool] = field(default_factory=dict)
    open: dict[tuple[int, int], int] = field(default_factory=dict)

    def met(self, lacking: int) -> bool:
        """Say whether the award is met where these entries, as bits, lack something."""
        found = self.known.get(lacking)
        if found is None:
            own = [not self._lacks(at, lacking) for at in self.award.whole]
            found = self.known[lacking] = all(own) and self._branch(self.award.root, lacking)
        return found

    def undecided(self, lacking: int, never: int) -> int:
        """The entries, as bits, by which the award may still come to be met or not.

        Those of what is met already, whatever follows, or can never be met are not among them.
        """
        found = self.open.get((lacking, never))
        if found is None:
            whole = self._entries(self.award.whole)
            found = whole | self._undecided(self.award.root, lacking, never)
            self.open[lacking, never] = found
        return found

    def _entries(self, conditions: Iterable[int]) -> int:
        return sum(1 << self.conditions[at] for at in conditions if at in self.conditions)

    def _undecided(self, branch: Branch, lacking: int, never: int) -> int:
        if self._branch(branch, lacking) or not self._branch(branch, never):
            return 0
        match branch:
            case LeafBranch():
                leaf = self.award.leaves[branch.leaf]
                slots = sum(1 << self.slots[at] for at in leaf.slots)
                return slots | self._entries(leaf.conditions)
            case GroupBranch():
                found = self._entries(branch.conditions)
                for part in branch.parts:
                    if branch.need is not None or not part.optional:
                        found |= self._undecided(part, lacking, never)
                return found
            case _:
                return 0

    def _lacks(self, condition: int, lacking: int) -> bool:
        if condition in self.conditions:
            return bool(lacking >> self.conditions[condition] & 1)
        return not self.settled[condition]

    def _branch(self, branch: Branch, lacking: int) -> bool:
        match branch:
            case StepBranch():
                return True
            case LeafBranch():
                leaf = self.award.leaves[branch.leaf]
                reached = all(not lacking >> self.slots[at] & 1 for at in leaf.slots)
                return reached and not any(self._lacks(at, lacking) for at in leaf.conditions)
            case GroupBranch():
                if any(self._lacks(at, lacking) for at in branch.conditions):
                    return False
                if branch.need is None:
                    needed = (part for part in branch.parts if not part.optional)
                    return all(self._branch(part, lacking) for part in needed)
                return sum(self._branch(part, lacking) for part in branch.parts) >= branch.need


def lay_out(award: CompiledAward, problem: Problem) -> Layout:
    """Lay out the problem of one award; UncountableError where it asks for what cannot be counted.

    Everything is taken to be done in an order that suits: what comes after what, and what has to be
    among the latest, asks for no more than that it is there. Steps without credit are done.
    """
    if asks_holdings(award.questions):
        raise UncountableError("a circumstance that depends on what is held")
    _refuse(problem)
    return _Laying(problem).layout()


def _refuse(problem: Problem) -> None:
    """Refuse what depends on more than which credentials there are."""
    if any(limit.cap.trim for limit in problem.caps):
        raise UncountableError("a cap under which credit counts in part")
    for limit in problem.conditions[0]:
        condition = limit.condition
        ends = condition.kind in {"ceiling", "each", "window"} or condition.high is not None
        if condition.over_record and (ends or condition.attempts):
            raise UncountableError("a limit on the whole record")
        if condition.over_record and condition.kind == "average" and condition.amount is not None:
            raise UncountableError("an average over the whole record")
        if condition.kind == "latest" and _in_two_measures(condition):
            raise UncountableError("an amount among the latest that are counted otherwise")


def _in_two_measures(condition: Condition) -> bool:
    """Say whether it matters which are the latest: not for one credential among some credits."""
    same = condition.measure == condition.latest_by
    return not same and (condition.measure == "credits" or (condition.amount or 0) > 1)


class Bounded(NamedTuple):
    """At most so much of `items` counts in the places of `slots`, in which also in `others`."""

    entry: int
    slots: int
    others: int
    items: int
    by_credits: bool


class _Laying:
    """Finds the entries, and what each credential does to them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.award = problem.awards[0]
        self.entries: list[Entry] = []
        self.slots: list[int] = []
        self.tops: dict[int, int] = {}
        self.conditions: dict[int, int] = {}
        self.settled: dict[int, bool] = {}
        for place, slot in enumerate(problem.slots):
            if slot.by:
                self.slots.append(self._unseen(len(problem.spread[place]), slot.demand))
            else:
                self.slots.append(self._entry("lack", slot.demand))
            if slot.high is not None and not _takes_no_more(slot):
                self.tops[place] = self._entry("used" if slot.by else "use", 0, slot.high)
        for at, limit in enumerate(problem.conditions[0]):
            self._condition(at, limit)
        self._compare_by_room()
        self.choices = [self._entry("used", 0, one.plan.most) for one in problem.choices]
        self.amounts = [*self._amounts()]
        self.values = [*self._values()]

    def _amounts(self) -> Iterator[Bounded]:
        """What lets so much of some credentials count in some places, or in two at once."""
        for cap in self.problem.caps:
            entry = self._entry("use", 0, cap.cap.amount)
            yield Bounded(entry, cap.slots, cap.slots, cap.items, cap.cap.measure == "credits")
        for out in self.problem.exclusions:
            entry = self._entry("use", 0, out.exclusion.at_most)
            yield Bounded(entry, out.slots, out.slots, out.items, by_credits=False)
        for both in self.problem.overlaps:
            entry = self._entry("use", 0, both.amount)
            yield Bounded(entry, both.slots, both.others, -1, both.by_credits)

    def _values(self) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """What lets so many values count in some places, and sets that count together or not."""
        for top in self.problem.ceilings:
            entry = self._entry("used", 0, top.ceiling.high)
            yield entry, top.slots, tuple(top.values.values())
        for pair in self.problem.pairs:
            for leaf in self.award.leaves:
                if leaf.mask & pair.slots:
                    entry = self._entry("paired", 0, (1 << len(pair.sets)) - 1)
                    yield entry, leaf.mask, pair.sets

    def _compare_by_room(self) -> None:
        """Have places be alike in which something may have to count for more than they lack."""
        always = 0
        for pair in self.problem.pairs:
            for leaf in self.award.leaves:
                always |= leaf.mask if leaf.mask & pair.slots else 0
        for view in self.problem.views:
            always |= view.homes
        limits = [(entry, self.problem.conditions[0][at]) for at, entry in self.conditions.items()]
        for place, slot in enumerate(self.problem.slots):
            if slot.by or not _takes_no_more(slot):
                continue
            until = [
                entry
                for entry, limit in limits
                if limit.slots >> place & 1 and not limit.condition.over_record
            ]
            at, forever = self.slots[place], bool(always >> place & 1)
            self.entries[at] = self.entries[at]._replace(
                alike=forever or bool(until), until=() if forever else tuple(until)
            )

    def _entry(self, kind: Kind, start: int, most: int = 0) -> int:
        self.entries.append(Entry(kind, start, most))
        return len(self.entries) - 1

    def _unseen(self, values: int, demand: int) -> int:
        """So many of all values have to be seen; where there are fewer, that never is."""
        if values < demand:
            return self._entry("lack", NEVER)
        return self._entry("unseen", (1 << values) - 1 if demand else 0, values - demand)

    def _condition(self, at: int, limit: ConditionLimit) -> None:
        """A floor lacks an amount, a breadth values; a mean of the best grades is the best."""
        condition = limit.condition
        amount = condition.amount
        if amount is None or condition.kind in {"each", "window"}:
            self.settled[at] = True
        elif condition.kind == "average":
            points = [own for own in self.problem.points[0] if own is not None]
            if not points or min(points) < amount:
                self.settled[at] = False
            else:
                self.conditions[at] = self._entry("lack", 1)
        elif condition.kind == "breadth":
            self.conditions[at] = self._unseen(len(limit.values), amount)
        else:
            few = condition.kind == "latest" and condition.measure == condition.latest_by
            never = few and amount > condition.latest
            self.conditions[at] = self._entry("lack", NEVER if never else amount)

    def layout(self) -> Layout:
        """Put alike credentials together."""
        alike: dict[tuple[Way, ...], list[CredentialId]] = {}
        for item in self.problem.items:
            ways = tuple(dict.fromkeys(self._ways(item.at)))
            if ways:
                alike.setdefault(ways, []).append(item.credential.id)
        groups = [Alike(tuple(sorted(names)), ways) for ways, names in alike.items()]
        return Layout(
            award=self.award,
            table=Table(tuple(self.entries)),
            groups=tuple(groups),
            slots=tuple(self.slots),
            conditions=self.conditions,
            settled=self.settled,
        )

    def _ways(self, item: int) -> Iterator[Way]:
        """The ways in which a credential may count: in each place, and in places that share."""
        places = [at for at, mask in enumerate(self.problem.eligible) if mask >> item & 1]
        for own in self._together(places):
            yield self._way(item, own)
        whole = self._way(item, ())
        if whole.changes:
            # What only the record is looked at for need not count anywhere.
            yield whole

    def _together(self, places: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Places in which one credential may count at once; one that only looks has a home."""
        sharing, found = self.problem.slot_sharing, 0
        for size in range(1, len(places) + 1 if any(sharing) else 2):
            none = True
            for own in combinations(places, size):
                if any(not sharing[a] >> b & 1 for a, b in combinations(own, 2)):
                    continue
                none = False
                found += 1
                if found > MOST_WAYS:
                    raise UncountableError("very many requirements that share")
                if self._at_home(own):
                    yield own
            if none:
                return

    def _at_home(self, own: Sequence[int]) -> bool:
        mask = sum(1 << place for place in own)
        return all(mask & view.homes for view in self.problem.views if mask & view.slots)

    def _way(self, item: int, places: Sequence[int]) -> Way:
        mask, changes = sum(1 << place for place in places), dict[int, int]()
        for at, amount in (*self._reached(item, places), *self._bound(item, mask)):
            kind = self.entries[at].kind
            own = changes.get(at, 0)
            changes[at] = own + amount if kind in {"lack", "use"} else own | amount
        needed = tuple([self.slots[at] for at in places if _takes_no_more(self.problem.slots[at])])
        return Way(tuple([Change(*one) for one in sorted(changes.items()) if one[1]]), needed)

    def _reached(self, item: int, places: Sequence[int]) -> Iterator[tuple[int, int]]:
        """What it brings to the slots, and to what is asked beside them."""
        problem, mask = self.problem, sum(1 << place for place in places)
        amount = problem.amounts[0][item]
        for place in places:
            slot = problem.slots[place]
            if slot.by:
                own = _carried(problem.spread[place], item)
            else:
                own = amount if slot.measure == "credits" else 1
            yield self.slots[place], own
            if place in self.tops:
                yield self.tops[place], own
        for at, entry in self.conditions.items():
            limit = problem.conditions[0][at]
            condition = limit.condition
            inside = condition.over_record or mask & limit.slots
            if not inside:
                continue
            if condition.kind == "breadth":
                yield entry, _carried(tuple(limit.values.values()), item)
            elif limit.items >> item & 1:
                if condition.kind == "average":
                    yield entry, int(problem.points[0][item] is not None and amount > 0)
                else:
                    yield entry, amount if condition.measure == "credits" else 1

    def _bound(self, item: int, mask: int) -> Iterator[tuple[int, int]]:
        """What it takes of what is limited."""
        amount = self.problem.amounts[0][item]
        for limit in self.amounts:
            if mask & limit.slots and mask & limit.others and limit.items >> item & 1:
                yield limit.entry, amount if limit.by_credits else 1
        for entry, slots, carriers in self.values:
            if mask & slots:
                yield entry, _carried(carriers, item)
        for entry, choice in zip(self.choices, self.problem.choices, strict=True):
            yield entry, sum(1 << part for part, own in enumerate(choice.parts) if mask & own)


def _takes_no_more(slot: Slot) -> bool:
    """Say whether a slot takes nothing once it lacks nothing."""
    return slot.minimal or (slot.measure == "choose" and not slot.by and slot.high == slot.demand)


def _carried(carriers: Sequence[int], item: int) -> int:
    """The values that an item carries, as bits."""
    return sum(1 << at for at, items in enumerate(carriers) if items >> item & 1)
