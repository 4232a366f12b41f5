"""The answers beside the rule: admission, gates, and effects on lower awards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide
from app.core.explain.achievements import achievement_outcomes
from app.core.explain.named import cited, title_of
from app.core.explain.phrases import because
from app.core.explain.requirements import requirement_outcomes
from app.core.language.plain_words import day_in_words
from app.core.model.audit import GROUPS, Answers, Effect, Standing, State
from app.core.model.credential import CredentialId
from app.core.model.reason import Reason
from app.core.model.record import LearnerRecord
from app.core.model.rule import OnAward

DONE = {"supersede": "superseded", "surrender": "surrendered", "keep": "kept", "open": "opened"}


def answers(verdict: Verdict, number: int, higher: Sequence[CompiledAward]) -> Answers:
    """Return the four answers; `higher` are awards whose conferral touches this one."""
    award, standing = verdict.pool.awards[number], verdict.now.standings[number]
    record, as_of = verdict.pool.record, verdict.pool.days.as_of
    rule: State = "met" if standing.met else "pending" if standing.pending else "not-met"
    return Answers(
        rule=rule,
        admission=_admission(award, record, as_of, higher),
        gates=tuple(
            _judge(one, record, as_of, gate.id, gate.title)
            for one, gate in zip(award.gates, award.rule.gates, strict=True)
        ),
        effects=_effects(award, record, as_of, met=standing.met),
    )


def _judge(
    award: CompiledAward, record: LearnerRecord, as_of: date, name: str, title: str
) -> Standing:
    """Judge admission or a gate: a rule of its own over the same record."""
    verdict = decide((award,), record, as_of)
    own = verdict.now.standings[0]
    state: State = "met" if own.met else "pending" if own.pending else "not-met"
    return Standing(
        id=name, title=title, state=state, reasons=() if own.met else tuple(_unmet(verdict))
    )


def _unmet(verdict: Verdict) -> Iterator[Reason]:
    for outcome in requirement_outcomes(verdict, 0, achievement_outcomes(verdict, 0)):
        if outcome.now.state != "met" and outcome.kind not in GROUPS:
            yield from outcome.reasons


def _admission(
    award: CompiledAward, record: LearnerRecord, as_of: date, higher: Sequence[CompiledAward]
) -> Standing | None:
    """Admission by its own rule, by what a lower award barred, by what a higher one covers."""
    against = [*_barred(award, record), *_covered(award, record, as_of, higher)]
    own = None
    if award.admission is not None:
        own = _judge(award.admission, record, as_of, "admission", "Admission")
    if not against:
        return own
    earlier = own.reasons if own else ()
    reasons = (*against, *earlier)
    return Standing(id="admission", title="Admission", state="not-met", reasons=reasons)


def held(record: LearnerRecord, award: CredentialId) -> bool:
    """Say whether the learner holds an award."""
    return any(one.credential == award and one.status == "earned" for one in record.achievements)


def _barred(award: CompiledAward, record: LearnerRecord) -> list[Reason]:
    return [
        because(
            "barred",
            award=title_of(award, one.award),
            **cited(one.reason),
        )
        for one in award.rule.on_award
        if one.effect == "bar" and held(record, one.award)
    ]


def _covered(
    award: CompiledAward, record: LearnerRecord, as_of: date, higher: Sequence[CompiledAward]
) -> list[Reason]:
    """A lower award is not granted once a higher one is complete, where the policy says so."""
    if award.policies.get("late_lower_award") != "refuse" or held(record, award.rule.award):
        return []
    above = [one for one in higher if award.rule.award in one.rule.lower]
    return [
        because("higher-complete", award=one.rule.title)
        for one in above
        if held(record, one.rule.award) or decide((one,), record, as_of).now.standings[0].met
    ]


def _effects(
    award: CompiledAward, record: LearnerRecord, as_of: date, *, met: bool
) -> tuple[Effect, ...]:
    """What conferring the award on the audit's day would do to lower awards that are held.

    And what it opens of which the learner does not hold it yet.
    """
    if not met:
        return ()
    return tuple(
        _effect(award, one, as_of)
        for one in award.rule.on_award
        if one.effect in DONE and held(record, one.award) != (one.effect == "open")
    )


def _effect(award: CompiledAward, said: OnAward, as_of: date) -> Effect:
    title, done = title_of(award, said.award), DONE[said.effect]
    when = f"when {award.rule.title} is conferred, at the earliest on {day_in_words(as_of)}"
    if said.effect == "keep":
        text = f"{title} is kept beside {award.rule.title}."
    elif said.effect == "supersede":
        text = f"{title} is superseded {when}."
    elif said.effect == "open":
        text = f"{title} opens {when}."
    else:
        text = f"{title} has to be surrendered before {award.rule.title} can be conferred."
    return Effect(
        award=said.award, effect=done, on=None if said.effect == "keep" else as_of, text=text
    )
