"""Why a condition over the whole record does not hold, apart from amounts and means."""

from __future__ import annotations

from app.core.engine.compiled import WindowPlan
from app.core.engine.decide import AnswerVerdict
from app.core.engine.prepare import Pool
from app.core.engine.whole_record import started
from app.core.explain.named import cited, titles_of
from app.core.explain.phrases import because
from app.core.language.plain_words import day_in_words, spoken
from app.core.model.reason import Reason
from app.core.model.requirement import Window


def record_reason(pool: Pool, answer: AnswerVerdict, number: int, at: int) -> Reason | None:
    """Return why a breadth, an `each` or a window over the record does not hold, if it is one."""
    limit = answer.problem.conditions[number][at]
    condition, reach = limit.condition, limit.reach or 0
    regulation = cited(condition.reason)
    titles = titles_of(answer, limit.items) if condition.kind in {"each", "window"} else ()
    if condition.kind == "each":
        return because("not-all-match", achievements=titles, **regulation)
    if condition.kind == "window" and condition.window is not None:
        window = condition.window
        day = started(
            pool, number, WindowPlan(condition.mask, window), answer.problem.countable[number]
        )
        clock = {"from": _anchor(window), **({"anchor": day_in_words(day)} if day else {})}
        span = str(window.length)
        return because("record-out-of-time", achievements=titles, span=span, **clock, **regulation)
    if condition.over_record and condition.high is not None and reach > condition.high:
        return because(
            "too-many-values", reached=reach, by=condition.by, most=condition.high, **regulation
        )
    return None


def _anchor(window: Window) -> str:
    if window.anchor == "earliest-used":
        return "the earliest on the record"
    if window.anchor == "first-applicable":
        return "the first applicable one"
    return spoken(window.anchor)
