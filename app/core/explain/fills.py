"""What would fill a requirement that is short, out of the catalogue."""

from __future__ import annotations

from itertools import islice

from app.core.engine.compiled import CompiledAward, may_admit
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.evaluate import scope
from app.core.engine.selectors import amount_of
from app.core.explain.outlook import used_of
from app.core.model.audit import Outlook
from app.core.model.credential import Credential, CredentialId
from app.core.model.errors import AuditError
from app.core.model.requirement import Take
from app.core.model.selector import fits

MOST_FILLS = 5


def fills(verdict: Verdict, number: int, at: int, now: Outlook) -> tuple[CredentialId, ...]:
    """Return the smallest things that would fill a leaf: what is enough alone first, then large."""
    award, answer = verdict.pool.awards[number], verdict.now
    leaf = award.leaves[at]
    if isinstance(leaf.node, Take):
        offset = answer.problem.offsets[number]
        empty = (
            award.slots[place]
            for place in leaf.slots
            if not answer.problem.eligible[offset + place]
        )
        return tuple(slot.credential for slot in empty if slot.credential)
    held = {item.credential.id for item in verdict.pool.items}
    short = now.short if leaf.measure == "credits" else 0
    choices = [(size, name) for size, name in fillers(award, at) if name not in held]
    choices.sort(key=lambda one: (one[0] < short, one[0] if one[0] >= short else -one[0], one[1]))
    open_ = (name for size, name in choices if not _barred(answer, number, at, size, name))
    return tuple(islice(open_, MOST_FILLS))


def _barred(answer: AnswerVerdict, number: int, at: int, size: int, name: CredentialId) -> bool:
    """Say whether what counts already leaves no room for a credential, whatever else is known."""
    problem, award = answer.problem, answer.problem.awards[number]
    slots, plan = award.leaves[at].mask << problem.offsets[number], award.plan(name)
    for limit in problem.caps:
        if limit.award != number or not limit.slots & slots:
            continue
        own = 1 if limit.cap.trim or limit.cap.measure == "choose" else size
        meant = plan is not None and limit.cap.selector in plan.decided
        if meant and used_of(answer, limit) + own > limit.cap.amount:
            return True
    return any(
        limit.award == number
        and (scope(answer.allocation, limit.slots) & limit.items).bit_count()
        >= limit.exclusion.at_most
        for limit in problem.exclusions
        if any(fits(one, name) for one in limit.exclusion.credentials)
    )


def fillers(award: CompiledAward, at: int) -> tuple[tuple[int, CredentialId], ...]:
    """Return what may count toward a leaf, of the catalogue, with its credits; kept once known."""
    known = award.fillers.get(at)
    if known is None:
        place = award.leaves[at].slots[0]
        selector = award.selectors[award.slot_selectors[place]]
        musts = [award.selectors[each.must] for each in award.eaches if each.mask >> place & 1]
        known = award.fillers[at] = tuple(
            (size, credential.id)
            for credential in award.terms.catalogue.credentials.values()
            if credential.retired is None
            and may_admit(selector, credential, award.terms) is not False
            and all(may_admit(must, credential, award.terms) is not False for must in musts)
            and (size := size_of(award, credential)) > 0
        )
    return known


def size_of(award: CompiledAward, credential: Credential) -> int:
    """Return a credential's credits in the award's unit; nought where nothing converts them."""
    try:
        return amount_of(None, credential, award.terms)
    except AuditError:
        return 0
