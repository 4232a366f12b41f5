"""A verdict to the certificate that a stranger can check."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.engine.aims import number_of
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.moving import counts_there
from app.core.engine.problem import bits
from app.core.model.certificate import (
    AwardClaim,
    Certificate,
    CertificatePart,
    ForcedPlace,
    Placement,
    SupplyBound,
    WishClaim,
)
from app.core.model.credits import Credits
from app.core.model.wish import NOTHING_WANTED, Wanted, Wish


def certify(verdict: Verdict) -> Certificate:
    """Return the certificate of a verdict; answers that are the same share one part."""
    parts = verdict.each(lambda answer: part_of(answer, verdict.wanted))
    return Certificate(tuple([one for at, one in enumerate(parts) if one not in parts[:at]]))


def part_of(answer: AnswerVerdict, wanted: Wanted = NOTHING_WANTED) -> CertificatePart:
    """Return the part of a certificate that is of one answer."""
    proof = answer.method if answer.proven else "none"
    return CertificatePart(
        answer=answer.answer,
        claims=tuple([_claim(answer, number) for number in range(len(answer.standings))]),
        placements=tuple(_placements(answer)),
        proof=proof,
        bounds=tuple(_bounds(answer)) if proof == "bounds" else (),
        wishes=tuple([_wish(answer, wish) for wish in wanted.wishes]),
        forced=tuple(_forced(answer, wanted.forced)) if wanted.forced else (),
    )


def _wish(answer: AnswerVerdict, wish: Wish) -> WishClaim:
    award = answer.problem.awards[number_of(answer.problem.awards, wish)].rule.award
    return WishClaim(award, wish.requirement, wish.achievement, counts_there(answer, wish))


def _forced(answer: AnswerVerdict, wish: Wish) -> Iterator[ForcedPlace]:
    """What is forced in an answer: where nothing could take it, or no limit lets it, nothing is."""
    if answer.problem.aims and answer.problem.aims.forced and counts_there(answer, wish):
        award = answer.problem.awards[number_of(answer.problem.awards, wish)].rule.award
        yield ForcedPlace(award, wish.requirement, wish.achievement)


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
