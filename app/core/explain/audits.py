"""A record and rules to audits: the verdict, and every reason with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.core.engine.certify import certify
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import AnswerVerdict, Verdict, decide
from app.core.explain.achievements import achievement_outcomes
from app.core.explain.adjustments import (
    adjustment_outcomes,
    told_of_achievements,
    told_of_requirements,
)
from app.core.explain.answers import answers
from app.core.explain.conflict import conflict_of
from app.core.explain.narrate import narrate, told_of_price
from app.core.explain.price import price_of
from app.core.explain.requirements import requirement_outcomes
from app.core.explain.wishes import wish_outcomes
from app.core.model.audit import Answer, Audit, Progress
from app.core.model.certificate import Certificate
from app.core.model.credits import Credits
from app.core.model.record import LearnerRecord
from app.core.model.wish import NOTHING_WANTED, Wanted

NEARLY = 99


def audit_record(
    awards: Sequence[CompiledAward],
    record: LearnerRecord,
    as_of: date,
    higher: Sequence[CompiledAward] = (),
    wanted: Wanted = NOTHING_WANTED,
) -> tuple[Audit, ...]:
    """Audit a record against awards together, one audit an award, in the asker's order.

    `higher` are awards whose conferral touches these; they decide whether a lower award may still
    be granted. What is `wanted` chooses among what is equally good, and a place that is forced has
    its price told. AuditError where the record cannot be judged, or what is forced cannot be.
    """
    if wanted.forced is None:
        return _audits(decide(awards, record, as_of, wanted), higher)
    free = decide(awards, record, as_of, wanted._replace(forced=None))
    # What need not move stays where it would be.
    moved = decide(awards, record, as_of, wanted._replace(earlier=certify(free)))
    price = price_of(free, moved, wanted.forced)
    return tuple(
        [
            told_of_price(one, price) if one.award == price.award else one
            for one in _audits(moved, higher)
        ]
    )


def _audits(verdict: Verdict, higher: Sequence[CompiledAward]) -> tuple[Audit, ...]:
    certificate = certify(verdict)
    numbers = range(len(verdict.pool.awards))
    return tuple([_audit(verdict, number, certificate, higher) for number in numbers])


def _audit(
    verdict: Verdict, number: int, certificate: Certificate, higher: Sequence[CompiledAward]
) -> Audit:
    award, as_of = verdict.pool.awards[number], verdict.pool.days.as_of
    three = verdict.each(lambda answer: _answer(answer, number))
    decided = adjustment_outcomes(verdict, number)
    achievements = told_of_achievements(achievement_outcomes(verdict, number), decided)
    requirements = requirement_outcomes(verdict, number, achievements)
    audit = Audit(
        award=award.rule.award,
        title=award.rule.title,
        edition=award.rule.edition,
        as_of=as_of,
        unit=award.rule.unit,
        policies=award.policies,
        now=three[0],
        projected=three[1],
        planned=three[2],
        requirements=told_of_requirements(requirements, decided),
        achievements=achievements,
        adjustments=decided,
        answers=answers(verdict, number, higher),
        certificate=certificate,
        conflict=conflict_of(verdict, number),
        wishes=wish_outcomes(verdict, number) if verdict.wanted.wishes else (),
        text="",
    )
    return audit._replace(text=narrate(award, audit))


def _answer(answer: AnswerVerdict, number: int) -> Answer:
    met, gap = answer.standings[number].met, Credits(answer.gap(number))
    return Answer(met, answer.proven, progress_of(answer, number), gap)


def progress_of(answer: AnswerVerdict, number: int) -> Progress:
    """Return the progress of one of the awards."""
    standing, of = answer.standings[number], answer.problem.awards[number].root.of
    percent = 100 if standing.met else min(NEARLY, standing.reached * 100 // of) if of else 0
    return Progress(Credits(standing.reached), Credits(of), percent)
