"""Checks a certificate again without the solver: docs/solver.md, section 10.

Nothing here or in the `verify_…` files beside it comes from the engine: the rule, the record and
the certificate are read anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.core.engine.verify_adjusted import adjusted
from app.core.engine.verify_award import Account, Counted
from app.core.engine.verify_bounds import broken_bounds, broken_sharing
from app.core.engine.verify_facts import Reading
from app.core.engine.verify_personal import personal
from app.core.engine.verify_proof import unproven
from app.core.engine.verify_standing import Standing
from app.core.engine.verify_wanted import broken_wants, hold_in_place
from app.core.model.catalogue import Catalogue
from app.core.model.certificate import AnswerName, AwardClaim, Certificate, CertificatePart
from app.core.model.credits import show_credits
from app.core.model.record import LearnerRecord
from app.core.model.rule import RuleEdition

ANSWERS: tuple[AnswerName, ...] = ("now", "projected", "planned")


def verify(
    rules: Sequence[RuleEdition],
    catalogue: Catalogue,
    policies: Sequence[Mapping[str, str]],
    record: LearnerRecord,
    as_of: date,
    certificate: Certificate,
) -> tuple[str, ...]:
    """Return what is wrong with a certificate, a sentence each; nothing where it holds.

    `policies` are those that applied to each rule. A part stands for its answer and for those that
    follow it up to the next part, and is checked for each of them. AuditError where the record
    cannot be judged at all.
    """
    parts = {part.answer: part for part in certificate.parts}
    names = [part.answer for part in certificate.parts]
    if not names or names[0] != "now" or names != [name for name in ANSWERS if name in parts]:
        return ("the parts of the certificate are not in the order now, projected, planned",)
    wrong: list[str] = []
    part = parts["now"]
    for answer in ANSWERS:
        part = parts.get(answer, part)
        readings = [
            Reading(
                rule=rule,
                catalogue=catalogue,
                policies=said,
                record=record,
                as_of=as_of,
                answer=answer,
            )
            for rule, said in zip(rules, policies, strict=True)
        ]
        accounts = [Account(adjusted(replace(one, rule=personal(one)))) for one in readings]
        wrong += (f"{answer}: {sentence}" for sentence in wrong_with(accounts, part))
    return tuple(wrong)


def wrong_with(accounts: Sequence[Account], part: CertificatePart) -> Iterator[str]:
    """Yield what is wrong with one part, taken for the answer of the accounts."""
    misplaced = list(dict.fromkeys(malformed(accounts, part)))
    if misplaced:
        yield from misplaced
        return
    counted: dict[str, list[Counted]] = {
        account.award: list(counted_in(account, part)) for account in accounts
    }
    for account, claim in zip(accounts, part.claims, strict=True):
        yield from broken_bounds(account, counted[account.award])
        yield from wrong_claim(account, claim, counted[account.award])
        if part.proof == "bounds":
            hold_in_place(account, part.forced)
            bounds = [bound for bound in part.bounds if bound.award == account.award]
            yield from unproven(account, claim, bounds)
    yield from broken_sharing(accounts, counted)
    yield from broken_wants(accounts, part)


def malformed(accounts: Sequence[Account], part: CertificatePart) -> Iterator[str]:
    """Yield what a part names that is not there, and what it says twice."""
    by_award = {account.award: account for account in accounts}
    if [claim.award for claim in part.claims] != list(by_award):
        yield "the claims are not about the awards asked about, in their order"
    for bound in part.bounds:
        if bound.award not in by_award:
            yield f"a bound is about `{bound.award}`, which was not asked about"
    credits: dict[tuple[str, str], int] = {}
    places = [(each.award, each.requirement, each.achievement) for each in part.placements]
    for each, place in zip(part.placements, places, strict=True):
        account = by_award.get(each.award)
        if account is None:
            yield f"a placement is about `{each.award}`, which was not asked about"
        elif each.requirement not in account.leaves:
            yield f"`{each.achievement}` is placed in `{each.requirement}`, which is no leaf"
        elif each.achievement not in account.items:
            yield f"`{each.achievement}` is placed in `{each.requirement}` but may not count"
        if places.count(place) > 1:
            yield f"`{each.achievement}` is placed twice in `{each.requirement}`"
        if credits.setdefault((each.award, each.achievement), each.credits) != each.credits:
            yield f"`{each.achievement}` counts with different credits in `{each.award}`"


def counted_in(account: Account, part: CertificatePart) -> Iterator[Counted]:
    """Yield what counts in one award."""
    placements = [each for each in part.placements if each.award == account.award]
    for name in dict.fromkeys(each.achievement for each in placements):
        own = [each for each in placements if each.achievement == name]
        leaves = frozenset(each.requirement for each in own)
        yield Counted(account.items[name], leaves, own[0].credits)


def wrong_claim(account: Account, claim: AwardClaim, counted: Sequence[Counted]) -> Iterator[str]:
    """Yield what a claim says that what counts does not bear out."""
    standing = Standing(account, counted)
    stand = standing.award()
    if claim.met != stand.met:
        yield f"`{claim.award}` is {'met' if stand.met else 'not met'}, not what is claimed"
    if (claim.reached, claim.of) != (stand.reached, stand.of):
        shown = f"{show_credits(stand.reached)} of {show_credits(stand.of)}"
        yield f"the progress of `{claim.award}` is {shown}, not what is claimed"
    if len(claim.unmet) != len(set(claim.unmet)) or set(claim.unmet) != standing.unmet:
        unmet = ", ".join(sorted(standing.unmet)) or "nothing"
        yield f"unmet in `{claim.award}` is {unmet}, not what is claimed"
