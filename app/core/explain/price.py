"""The price of a placement: what it costs that an achievement must count in one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.core.engine.aims import branch_of, number_of, obeys
from app.core.engine.compiled import Branch, CompiledAward, LeafBranch, slots_of
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.evaluate import scope
from app.core.engine.moving import counts_there, first_answer, item_of
from app.core.engine.moving import moved as moved_there
from app.core.engine.problem import Item, bits
from app.core.explain.named import amount
from app.core.explain.near_miss import obstacles
from app.core.explain.outlook import condition_outlook, leaf_outlook
from app.core.explain.phrases import after_colon, because
from app.core.model.audit import Loss, Outlook, Price
from app.core.model.credits import Credits
from app.core.model.errors import AuditError
from app.core.model.reason import Param, Reason
from app.core.model.record import AchievementId
from app.core.model.requirement import Measure
from app.core.model.wish import Wish


class _Change(NamedTuple):
    """A leaf or a condition before and after."""

    award: CompiledAward
    id: str
    title: str
    measure: Measure
    before: Outlook
    after: Outlook
    counted: bool = True

    @property
    def lost(self) -> int:
        """How much more is missing after than before; less than nought where it is less."""
        return self.after.short - self.before.short

    def shown(self) -> str:
        """How much more or less is missing of what."""
        if not self.counted:
            return self.title
        return f"{amount(self.award, self.measure, abs(self.lost))} in {self.title}"


def price_of(free: Verdict, moved: Verdict, wish: Wish) -> Price:
    """Return what it costs that an achievement must count in one place.

    AuditError where it cannot count there.
    """
    item, why_not = item_of(free, wish), barred(free, wish)
    if item is not None and why_not is None:
        before, after = first_answer(free, item), first_answer(moved, item)
        if counts_there(after, wish):
            return priced(before, after, wish, item)
        why_not = no_room(before, moved_there(free, before, wish), wish)
    award = free.pool.awards[number_of(free.pool.awards, wish)].rule.award
    sentence = f"`{wish.achievement}` cannot count toward `{wish.requirement}` of `{award}`"
    said = f": {after_colon(why_not).rstrip('.')}" if why_not else ""
    raise AuditError("cannot-move", sentence + said, wish.achievement)


def barred(verdict: Verdict, wish: Wish) -> Reason | None:
    """Return why an achievement may not count at a place whatever else counts, if it may not."""
    pool, number = verdict.pool, number_of(verdict.pool.awards, wish)
    branch = branch_of(pool.awards[number], pool.awards[number].root, wish.requirement)
    if branch is None:
        return because("no-such-place", requirement=wish.requirement)
    item = item_of(verdict, wish)
    if item is None:
        return _uncounted(verdict, wish)
    problem = first_answer(verdict, item).problem
    losers = problem.superseded[number]
    if item.at in losers:
        return because("superseded", by=problem.items[losers[item.at]].achievement.id)
    return _ineligible(verdict, number, branch, item)


def _uncounted(verdict: Verdict, wish: Wish) -> Reason:
    """Why nothing counts that is no item: its status, or that nobody recorded it."""
    for one in verdict.pool.record.achievements:
        if one.id == wish.achievement:
            return because("not-countable", status=one.status)
    return because("not-on-record", achievement=wish.achievement)


def _ineligible(verdict: Verdict, number: int, branch: Branch, item: Item) -> Reason | None:
    """The nearest miss at or below a requirement, where nothing there would take an item."""
    pool = verdict.pool
    places = bits(slots_of(pool.awards[number], branch))
    if any(pool.eligible[number][place] >> item.at & 1 for place in places):
        return None
    misses = [found for place in places if (found := obstacles(pool, number, place, item))]
    if not misses:
        return because("takes-nothing", requirement=_title(pool.awards[number], branch))
    return min(misses, key=len)[0]


def no_room(answer: AnswerVerdict, there: AnswerVerdict | None, wish: Wish) -> Reason | None:
    """Return why no placement has an achievement `there`, where it was tried; None where one has.

    A search that was stopped says nothing of what it did not see.
    """
    if there is not None and obeys(there.problem, there.allocation):
        return None
    if there is not None and not there.settled:
        return because("wish-open")
    return because("move-impossible", requirement=_place(answer, wish))


def _place(answer: AnswerVerdict, wish: Wish) -> str:
    """The title of the requirement that a wish names."""
    award = answer.problem.awards[number_of(answer.problem.awards, wish)]
    branch = branch_of(award, award.root, wish.requirement)
    title = _title(award, branch) if branch else wish.requirement
    return title + _among(answer, award)


def _among(answer: AnswerVerdict, award: CompiledAward) -> str:
    """Of which award a requirement is, where several are audited."""
    return f" of {award.rule.title}" if len(answer.problem.awards) > 1 else ""


def _title(award: CompiledAward, branch: Branch) -> str:
    return (
        award.leaves[branch.leaf].node.title
        if isinstance(branch, LeafBranch)
        else (branch.node.title)
    )


def priced(before: AnswerVerdict, after: AnswerVerdict, wish: Wish, item: Item) -> Price:
    """Return what an answer loses, and what else moves in it, from one placement to another."""
    number = number_of(before.problem.awards, wish)
    changes = list(_changes(before, after))
    losses = [one for one in changes if one.lost > 0]
    moved = _moved(before, after) & ~(1 << item.at)
    items = before.problem.items
    return Price(
        wish.achievement,
        wish.requirement,
        before.problem.awards[number].rule.award,
        before.answer,
        Credits(max(0, before.level.progress - after.level.progress)),
        tuple([_loss(one) for one in losses]),
        tuple([AchievementId(items[index].achievement.id) for index in bits(moved)]),
        because(
            "moving",
            achievement=item.credential.title,
            requirement=_place(before, wish),
            **_told("costs", [one.shown() for one in losses]),
            **_told("brings", [one.shown() for one in changes if one.lost < 0]),
            **_told("unmet", list(_unmet(before, after, losses))),
            **_late(before, after),
            **_told("moved", [items[index].credential.title for index in bits(moved)]),
        ),
    )


def _told(name: str, several: list[str]) -> dict[str, Param]:
    return {name: tuple(several)} if several else {}


def _loss(one: _Change) -> Loss:
    return Loss(
        one.award.rule.award,
        one.id,
        one.title,
        one.measure if one.counted else "points",
        one.lost,
        one.after.state == "met",
    )


def _changes(before: AnswerVerdict, after: AnswerVerdict) -> Iterator[_Change]:
    """The leaves and conditions of which more or less is missing."""
    for number, award in enumerate(before.problem.awards):
        for at, leaf in enumerate(award.leaves):
            was, now = (leaf_outlook(one, number, at) for one in (before, after))
            if was.short != now.short:
                title = leaf.node.title + _among(before, award)
                yield _Change(award, leaf.node.id, title, leaf.measure, was, now)
        for at, condition in enumerate(award.conditions):
            was, now = (condition_outlook(one, number, at) for one in (before, after))
            mean = condition.kind == "average"
            if condition.amount is not None and was.short != now.short:
                title = condition.title + _among(before, award)
                own = condition.measure
                yield _Change(award, condition.id, title, own, was, now, not mean)


def _unmet(before: AnswerVerdict, after: AnswerVerdict, losses: list[_Change]) -> Iterator[str]:
    """What was met and is no more: of what loses, and of the awards."""
    for one in losses:
        if (one.before.state, one.after.state) == ("met", "not-met"):
            yield one.title
    for award, was, now in zip(
        before.problem.awards, before.standings, after.standings, strict=True
    ):
        if was.met and not now.met:
            yield award.rule.title


def _late(before: AnswerVerdict, after: AnswerVerdict) -> dict[str, Param]:
    """How many credits more count of what is planned, or else in progress, where nothing is lost.

    What counts less preferred is told as a word.
    """
    was, now = before.level, after.level
    if was[:4] != now[:4]:
        return {}
    award = before.problem.awards[0]
    if now.planned < was.planned:
        return {"late": amount(award, "credits", was.planned - now.planned), "status": "planned"}
    if now.running < was.running:
        own = amount(award, "credits", was.running - now.running)
        return {"late": own, "status": "in-progress"}
    return {"behind": 1} if now.behind < was.behind else {}


def _moved(before: AnswerVerdict, after: AnswerVerdict) -> int:
    """The items that stand in other leaves than they did."""
    found = 0
    problem = before.problem
    for award, offset in zip(problem.awards, problem.offsets, strict=True):
        for leaf in award.leaves:
            mask = leaf.mask << offset
            found |= scope(before.allocation, mask) ^ scope(after.allocation, mask)
    return found
