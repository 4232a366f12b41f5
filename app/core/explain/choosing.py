"""What a choice leaves unused: of the parts of a group only so many may hold anything."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.engine.aims import branch_of
from app.core.engine.decide import AnswerVerdict
from app.core.engine.evaluate import scope
from app.core.engine.problem import ChoiceLimit
from app.core.explain.named import cited
from app.core.explain.phrases import because
from app.core.model.reason import Reason


def not_opened(answer: AnswerVerdict, number: int, slots: int) -> Reason | None:
    """Return which parts of a choice are used, where none of the slots in it lies in one."""
    for limit in _shut(answer, number, slots):
        plan = limit.plan
        several = zip(plan.titles, limit.parts, strict=True)
        used = tuple([title for title, part in several if scope(answer.allocation, part)])
        group = plan.group
        regulation = cited(group.reason)
        return because("parts-used", group=group.title, most=plan.most, used=used, **regulation)
    return None


def met_by_others(answer: AnswerVerdict, number: int, mask: int) -> bool:
    """Say whether a choice is met by other parts than those in which an award's slots lie."""
    award = answer.problem.awards[number]
    for limit in _shut(answer, number, mask << answer.problem.offsets[number]):
        group = branch_of(award, award.root, limit.plan.group.id)
        if group is not None and answer.standings[number].tree.branch(group)[0]:
            return True
    return False


def _shut(answer: AnswerVerdict, number: int, slots: int) -> Iterator[ChoiceLimit]:
    """The choices of which as many parts are used as may be, and none in which the slots lie."""
    for limit in answer.problem.choices:
        if limit.award == number and limit.slots & slots:
            own = sum(part for part in limit.parts if part & slots)
            full = limit.used(answer.allocation) >= limit.plan.most
            if full and not scope(answer.allocation, own):
                yield limit
