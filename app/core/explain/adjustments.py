"""What was decided for the learner: where it shows, and what of it does not apply."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.engine.adjusting import Decided
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict
from app.core.engine.prepare import Pool
from app.core.engine.problem import Item
from app.core.explain.named import title_of
from app.core.explain.phrases import because, points
from app.core.language.plain_words import day_in_words
from app.core.model.audit import AchievementOutcome, AdjustmentOutcome, RequirementOutcome
from app.core.model.credits import SCALE, show_credits
from app.core.model.reason import Param, Reason
from app.core.model.record import LearnerRecord


def adjustment_outcomes(verdict: Verdict, number: int) -> tuple[AdjustmentOutcome, ...]:
    """Return the outcome of every adjustment that goes for the award, in the order they apply."""
    pool = verdict.pool
    return tuple(
        [
            AdjustmentOutcome(
                id=one.adjustment.id,
                kind=one.adjustment.kind,
                applies=one.lapsed is None,
                reason=_reason(pool.awards[number], pool.record, one),
                requirement=one.adjustment.requirement,
                achievement=one.adjustment.achievement,
                credential=one.adjustment.credential,
            )
            for one in pool.decided[number]
        ]
    )


def against(pool: Pool, number: int, item: Item) -> Reason | None:
    """Return the latest decision by which an item does not count where it otherwise might."""
    for one in reversed(pool.decided[number]):
        own = one.adjustment
        barring = own.kind in {"exclude", "apply-here"} and own.achievement == item.achievement.id
        if barring and one.lapsed is None:
            return _reason(pool.awards[number], pool.record, one)
    return None


def told_of_requirements(
    outcomes: tuple[RequirementOutcome, ...], decided: Sequence[AdjustmentOutcome]
) -> tuple[RequirementOutcome, ...]:
    """Return the requirements, each with what was decided about it."""
    applied = [one for one in decided if one.applies and one.requirement]
    if not applied:
        return outcomes
    return tuple(
        [
            one._replace(
                adjusted=tuple([own.reason for own in applied if own.requirement == one.id])
            )
            for one in outcomes
        ]
    )


def told_of_achievements(
    outcomes: tuple[AchievementOutcome, ...], decided: Sequence[AdjustmentOutcome]
) -> tuple[AchievementOutcome, ...]:
    """Return the achievements, each with what was decided about it or lets it count."""
    applied = [one for one in decided if one.applies]
    if not applied:
        return outcomes
    return tuple(
        [
            one._replace(adjusted=tuple([own.reason for own in applied if _shows(own, one)]))
            for one in outcomes
        ]
    )


def _shows(decided: AdjustmentOutcome, one: AchievementOutcome) -> bool:
    if decided.kind == "also-allow":
        counts = decided.requirement in (*one.counts_toward, *one.later)
        return counts and decided.credential == one.credential
    return decided.achievement == one.id


def _reason(award: CompiledAward, record: LearnerRecord, one: Decided) -> Reason:
    own = one.adjustment
    params: dict[str, Param] = {
        "kind": own.kind,
        "by": own.by,
        "on": day_in_words(own.on),
        "why": own.reason.strip().rstrip("."),
    }
    if own.requirement:
        params["requirement"] = one.title
    if own.achievement is not None:
        held = (each.credential for each in record.achievements if each.id == own.achievement)
        credential = next(held, None)
        named = title_of(award, credential) if credential else str(own.achievement)
        params["achievement"] = named
    if own.credential is not None:
        params["credential"] = title_of(award, own.credential)
    if own.amount is not None:
        params["amount"] = _amount(award, one)
    if own.expires is not None:
        params["expires"] = day_in_words(own.expires)
    if one.lapsed is None:
        return because("adjusted", **params)
    return because("lapsed", lapse=one.lapsed, **params)


def _amount(award: CompiledAward, one: Decided) -> str:
    amount = one.adjustment.amount or 0
    if one.adjustment.kind == "adjust-credits" or one.measure == "credits":
        return f"{show_credits(amount)} {award.rule.unit}"
    if one.measure == "points":
        return points(amount, amount)
    return str(amount // SCALE) if amount % SCALE == 0 else show_credits(amount)
