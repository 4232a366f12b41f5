"""A verdict to the certificate that a stranger can check."""

from __future__ import annotations

from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.problem import bits
from app.core.model.certificate import (
    AwardClaim,
    Certificate,
    CertificatePart,
    Placement,
    SupplyBound,
)
from app.core.model.credits import Credits


def certify(verdict: Verdict) -> Certificate:
    """Return the certificate of a verdict; answers that are the same share one part."""
    parts = verdict.each(_part)
    return Certificate(tuple([one for at, one in enumerate(parts) if one not in parts[:at]]))


def _part(answer: AnswerVerdict) -> CertificatePart:
    proof = answer.method if answer.proven else "none"
    return CertificatePart(
        answer=answer.answer,
        claims=tuple([_claim(answer, number) for number in range(len(answer.standings))]),
        placements=tuple(_placements(answer)),
        proof=proof,
        bounds=tuple(_bounds(answer)) if proof == "bounds" else (),
    )


def _claim(answer: AnswerVerdict, number: int) -> AwardClaim:
    award, standing = answer.problem.awards[number], answer.standings[number]
    unmet = [
        leaf.node.id for leaf, met in zip(award.leaves, standing.leaf_met, strict=True) if not met
    ]
    unmet += [
        condition.id
        for condition, met in zip(award.conditions, standing.condition_met, strict=True)
        if not met and condition.amount is not None
    ]
    return AwardClaim(
        award.rule.award,
        standing.met,
        Credits(standing.reached),
        Credits(award.root.of),
        tuple(unmet),
    )


def _placements(answer: AnswerVerdict) -> list[Placement]:
    problem = answer.problem
    placed = zip(problem.awards, problem.offsets, answer.standings, strict=True)
    return [
        Placement(
            award.rule.award,
            award.leaves[slot.leaf].node.id,
            problem.items[index].achievement.id,
            standing.credits[index],
        )
        for award, offset, standing in placed
        for place, slot in enumerate(award.slots, offset)
        for index in bits(answer.allocation[place])
    ]


def _bounds(answer: AnswerVerdict) -> list[SupplyBound]:
    items = answer.problem.items
    return [
        SupplyBound(
            award.rule.award,
            tuple([award.leaves[at].node.id for at in part.leaves]),
            Credits(part.limit),
            tuple([items[index].achievement.id for index in bits(part.items)]),
            part.caps,
        )
        for award, own in zip(answer.problem.awards, answer.bounds, strict=True)
        for part in own.parts
    ]
