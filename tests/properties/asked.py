"""The engine, asked a whole problem."""

from __future__ import annotations

from app.core.engine.aims import merit_of
from app.core.engine.certify import certify
from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import AnswerVerdict, Verdict, decide
from app.core.engine.moving import counts_there
from app.core.engine.verify import verify
from app.core.explain.answers import answers
from app.core.explain.audits import audit_record
from app.core.model.audit import Answers, Audit
from app.core.model.certificate import AnswerName
from app.core.model.errors import AuditError
from app.core.model.record import COUNTING
from app.core.model.wish import NOTHING_WANTED, Wanted
from app.interop.audit_json import audit_to_bytes
from tests.oracle.beside import Beside
from tests.properties.problem import ANSWERS, Problem

Levels = tuple[tuple[bool, ...], int, int, int, tuple[int, ...]]
"""Levels 1 to 5: met, progress, leaves and conditions met, progress of conditions, what is late."""


def compiled(problem: Problem) -> tuple[CompiledAward, ...]:
    """Return the rules of a problem, compiled."""
    return tuple(
        compile_rule(rule, problem.catalogue, policies)
        for rule, policies in zip(problem.rules, problem.policies, strict=True)
    )


def decided(problem: Problem) -> Verdict:
    """Return the verdict on a problem."""
    return decide(
        compiled(problem), problem.record, problem.as_of, problem.wanted or NOTHING_WANTED
    )


def audited(problem: Problem) -> tuple[Audit, ...]:
    """Return the audits of a problem."""
    wanted = problem.wanted or NOTHING_WANTED
    return audit_record(compiled(problem), problem.record, problem.as_of, (), wanted)


def printed(problem: Problem) -> bytes:
    """Return the audits of a problem as they are sent."""
    return b"\n".join(audit_to_bytes(audit) for audit in audited(problem))


def levels(answer: AnswerVerdict) -> Levels:
    """Return what the engine reached."""
    level = answer.level
    met = tuple(standing.met for standing in answer.standings)
    return (
        met,
        level.progress,
        level.met,
        level.conditions,
        (level.planned, level.running, *level.behind),
    )


def all_levels(problem: Problem) -> dict[AnswerName, Levels]:
    """Return what the engine reached in each answer."""
    return {
        name: levels(found) for name, found in zip(ANSWERS, decided(problem).answers, strict=True)
    }


def heeded(answer: AnswerVerdict) -> tuple[int, int]:
    """Return levels 6 and 7."""
    merit = merit_of(answer.problem, answer.allocation, answer.level)
    return merit.wished, merit.shown


def heeds_otherwise(problem: Problem, verdict: Verdict | None = None) -> list[str]:
    """Return where the engine heeds more or less of what is wanted than can be, a line each.

    Here and below it is asked for its verdict where none is given.
    """
    found = []
    verdict = verdict or decided(problem)
    for name, answer in zip(ANSWERS, verdict.answers, strict=True):
        best, own = problem.judged(name), (levels(answer), heeded(answer))
        if not answer.settled:
            found.append(f"{name}: not settled")
        elif forced_there(problem, answer) != problem.forced_there(best, name):
            found.append(f"{name}: forced, or not, and the oracle says otherwise")
        # Where nothing allows what is forced the engine decides freely.
        elif best.allowed and own != (best.objective, best.heeded):
            found.append(f"{name}: {own}, and the oracle says {best.objective}, {best.heeded}")
    return found


def forced_there(problem: Problem, answer: AnswerVerdict) -> bool:
    """Say whether what is forced counts there in an answer."""
    forced = problem.wanted.forced if problem.wanted else None
    return forced is not None and counts_there(answer, forced)


def mispriced(problem: Problem) -> list[str]:
    """Return what is amiss with the price of what is forced, or with the refusal to tell one."""
    wish = problem.wanted.forced if problem.wanted else None
    if wish is None:
        return []
    (status,) = (one.status for one in problem.record.achievements if one.id == wish.achievement)
    moving, free = problem.asking(Wanted(forced=wish)), problem.asking(None)
    first = ANSWERS[COUNTING.index(status)] if status in COUNTING else ANSWERS[-1]
    can_be = moving.forced_there(moving.judged(first), first)
    try:
        (price,) = [one.price for one in audited(moving) if one.price]
    except AuditError as error:
        return [f"refused: {error}"] if can_be or error.code != "cannot-move" else []
    costs = free.judged(price.answer).objective[1] - moving.judged(price.answer).objective[1]
    if not moving.forced_there(moving.judged(price.answer), price.answer):
        return [f"{price.answer}: priced, and the oracle says that it cannot be"]
    return [] if price.costs == max(0, costs) else [f"costs {price.costs}, and not {costs}"]


def unequal(problem: Problem, verdict: Verdict | None = None) -> list[str]:
    """Return where the engine and the oracle differ, an answer a line."""
    verdict = verdict or decided(problem)
    return [
        f"{name}: {found}, and the oracle says {expected}"
        for name, answer in zip(ANSWERS, verdict.answers, strict=True)
        if (found := levels(answer)) != (expected := problem.judged(name).objective)
    ]


def besides(problem: Problem, verdict: Verdict) -> list[str]:
    """Return where admission, gates and effects are not what the oracle says, an award a line."""
    rules, awards = problem.rules, compiled(problem)
    if not any(rule.admission or rule.gates or rule.on_award for rule in rules):
        return []
    return [
        f"{rules[number].award}: {found}, and the oracle says {expected}"
        for number, expected in enumerate(problem.besides())
        if (found := told_beside(answers(verdict, number, awards))) != expected
    ]


def told_beside(said: Answers) -> Beside:
    """Return what an audit tells beside the rule."""
    return Beside(
        None if said.admission is None else said.admission.state,
        tuple(gate.state for gate in said.gates),
        tuple((effect.award, effect.effect) for effect in said.effects),
    )


def unproven(problem: Problem, verdict: Verdict | None = None) -> list[AnswerName]:
    """Return the answers which the engine does not claim to be the best."""
    verdict = verdict or decided(problem)
    return [found.answer for found in verdict.answers if not found.proven]


def rejected(problem: Problem, verdict: Verdict | None = None) -> tuple[str, ...]:
    """Return what the checker says against the certificate of a problem."""
    return verify(
        problem.rules,
        problem.catalogue,
        problem.policies,
        problem.record,
        problem.as_of,
        certify(verdict or decided(problem)),
    )
