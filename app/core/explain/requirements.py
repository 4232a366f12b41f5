"""Every requirement and condition: how it stands in each answer, why, and what would fill it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.engine.compiled import (
    Branch,
    CompiledAward,
    Condition,
    GroupBranch,
    Leaf,
    LeafBranch,
    StepBranch,
)
from app.core.engine.decide import AnswerVerdict, Verdict
from app.core.engine.evaluate import scope
from app.core.engine.problem import bits
from app.core.explain.fills import condition_fills, fills, missing, retakable
from app.core.explain.for_whom import for_others
from app.core.explain.named import amount, cited, title_of
from app.core.explain.near_miss import obstacles
from app.core.explain.outlook import (
    condition_outlook,
    group_outlook,
    has_points,
    leaf_outlook,
    matching,
    step_outlook,
)
from app.core.explain.phrases import after_colon, because, points
from app.core.explain.whole_record import record_reason
from app.core.language.plain_selector import CircumstanceWords
from app.core.language.plain_words import Glossary
from app.core.model.audit import AchievementOutcome, Kind, Outlook, RequirementOutcome
from app.core.model.credential import CredentialId
from app.core.model.credits import show_credits
from app.core.model.reason import Reason
from app.core.model.requirement import Measure, MilestoneStep, Requirement, Take

# Why something that matches a short requirement may count nowhere.
HOLDING = frozenset(
    {
        *("cap-reached", "duplicates", "pair-incomplete", "outside-window", "not-shareable"),
        *("would-lower", "not-chosen", "parts-used", "no-gain", "out-of-order"),
    }
)
# How a window, or a step that comes first, bars what a requirement would take.
WINDOWED = frozenset({"outside-window", "too-long", "no-day", "out-of-order"})

Outcomes = Sequence[AchievementOutcome]


def requirement_outcomes(
    verdict: Verdict, number: int, achievements: Outcomes
) -> tuple[RequirementOutcome, ...]:
    """Return the outcome of every requirement in the rule's order, then of the conditions."""
    award = verdict.pool.awards[number]
    found: list[RequirementOutcome] = []
    _branch(verdict, number, award.root, achievements, "", found)
    found.extend(_condition(verdict, number, at, "") for at in award.whole)
    return tuple(found)


def _branch(
    verdict: Verdict,
    number: int,
    branch: Branch,
    achievements: Outcomes,
    parent: str,
    found: list[RequirementOutcome],
) -> None:
    award = verdict.pool.awards[number]
    if isinstance(branch, StepBranch):
        found.append(_applying(award, branch.node, _step(verdict, number, branch, parent)))
        return
    if isinstance(branch, LeafBranch):
        leaf = award.leaves[branch.leaf]
        own, conditions = leaf.node.id, leaf.conditions
        outcome = _leaf(verdict, number, branch.leaf, achievements, parent)
        found.append(_applying(award, leaf.node, outcome))
    else:
        own, conditions = branch.node.id, branch.conditions
        found.append(_applying(award, branch.node, _group(verdict, number, branch, parent)))
        for part in branch.parts:
            _branch(verdict, number, part, achievements, own, found)
    found.extend(_condition(verdict, number, at, own) for at in conditions)


def _applying(
    award: CompiledAward, node: Requirement, outcome: RequirementOutcome
) -> RequirementOutcome:
    """The outcome with the circumstance for which the requirement is there, if there is one."""
    if node.applies is None:
        return outcome
    words = CircumstanceWords(Glossary(award.rule, award.terms.catalogue))
    why = because("applies", who=words.who(node.applies))
    return outcome._replace(reasons=(why, *outcome.reasons))


def three(
    verdict: Verdict, look: Callable[[AnswerVerdict], Outlook]
) -> tuple[Outlook, Outlook | None, Outlook | None]:
    """Return the outlook now, and the later ones where they differ from the one before."""
    now, projected, planned = verdict.each(look)
    return now, None if projected == now else projected, None if planned == projected else planned


def _leaf(
    verdict: Verdict, number: int, at: int, achievements: Outcomes, parent: str
) -> RequirementOutcome:
    award = verdict.pool.awards[number]
    leaf = award.leaves[at]
    now, projected, planned = three(verdict, lambda answer: leaf_outlook(answer, number, at))
    kind: Kind = "take" if isinstance(leaf.node, Take) else leaf.measure
    short = now.state != "met" and now.short > 0
    reasons = _leaf_reasons(verdict.now, number, at, now) if now.state != "met" else []
    found = fills(verdict, number, at, now) if short else ()
    reasons += _trimmed(verdict.now, number, now)
    if short:
        reasons += _held_back(verdict.now, number, at, achievements)
        reasons += _missed(verdict, number, leaf, achievements)
    return RequirementOutcome(
        id=leaf.node.id,
        title=leaf.node.title,
        kind=kind,
        parent=parent,
        measure=leaf.measure,
        demanded=leaf.demand,
        now=now,
        projected=projected,
        planned=planned,
        optional=leaf.node.optional,
        reasons=tuple(reasons),
        fills=tuple([one.name for one in found]),
        brings=tuple([one.brings for one in found]),
        regulation=leaf.node.reason,
    )


def _trimmed(answer: AnswerVerdict, number: int, now: Outlook) -> list[Reason]:
    """What counts with less than it has, and the cap that cuts it."""
    problem, award = answer.problem, answer.problem.awards[number]
    if not problem.caps:
        return []
    cut = {count.achievement: count for count in now.counts if count.credits < count.size}
    if not cut:
        return []
    return [
        because(
            "trimmed",
            achievement=item.credential.title,
            counted=show_credits(own.credits),
            size=amount(award, "credits", own.size),
            cap=limit.cap.title,
            amount=amount(award, "credits", limit.cap.amount),
            **cited(limit.cap.reason),
        )
        for item in problem.items
        if (own := cut.get(item.achievement.id))
        for limit in problem.caps
        if limit.award == number and limit.cap.trim and limit.items >> item.at & 1
    ]


def _leaf_reasons(answer: AnswerVerdict, number: int, at: int, now: Outlook) -> list[Reason]:
    award, problem = answer.problem.awards[number], answer.problem
    leaf = award.leaves[at]
    if now.short == 0:
        return [_unmet(answer, number, leaf.conditions)]
    slots = leaf.mask << problem.offsets[number]
    eligible = matching(problem, slots)
    reasons: list[Reason] = []
    if isinstance(leaf.node, Take):
        reasons += _missing(answer, number, at)
    elif not eligible:
        reasons.append(for_others(award, leaf.node.selector) or because("nothing-matches"))
    else:
        reasons.append(
            because("not-enough", **_figures(award, leaf.measure, now.reached, leaf.demand))
        )
    away = eligible & ~scope(answer.allocation, slots)
    return reasons + _elsewhere(answer, number, at, away) if away else reasons


def _unmet(answer: AnswerVerdict, number: int, conditions: Sequence[int]) -> Reason:
    """The conditions that a requirement with enough still lacks."""
    holds, known = answer.standings[number].condition_met, answer.problem.awards[number].conditions
    titles = tuple(known[at].title for at in conditions if not holds[at])
    return because("condition-short", conditions=titles)


def _missing(answer: AnswerVerdict, number: int, at: int) -> list[Reason]:
    """What a `take` lacks; one credential that alone fills other things short is said to."""
    award = answer.problem.awards[number]
    empty = missing(answer, number, at)
    if not empty:
        return []
    names = tuple(title_of(award, name) for name in empty)
    also = _filled_too(answer, number, at, empty[0]) if len(empty) == 1 else ()
    return [because("missing", credentials=names, **({"also": also} if also else {}))]


def _filled_too(answer: AnswerVerdict, number: int, at: int, name: CredentialId) -> tuple[str, ...]:
    """The floors that the credential of an empty slot would fill by itself."""
    award, standing = answer.problem.awards[number], answer.standings[number]
    plan = award.plan(name)
    if plan is None:
        return ()
    return tuple(
        condition.title
        for one, condition in enumerate(award.conditions)
        if condition.kind == "floor"
        and not standing.condition_met[one]
        and condition.mask & award.leaves[at].mask
        and plan.may_admit(condition.selector)
        and (condition.amount or 0) - standing.condition_reach[one]
        <= (plan.amount or 0 if condition.measure == "credits" else 1)
    )


def _elsewhere(answer: AnswerVerdict, number: int, at: int, items: int) -> list[Reason]:
    """What would match here but counts elsewhere, and what moving it would cost there."""
    problem, award = answer.problem, answer.problem.awards[number]
    standing = answer.standings[number]
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for index in bits(items):
        for other, leaf in enumerate(award.leaves):
            inside = scope(answer.allocation, leaf.mask << problem.offsets[number])
            if other == at or not inside >> index & 1:
                continue
            own = standing.credits[index] if leaf.measure == "credits" else 1
            cost = max(0, leaf.demand - (standing.reach[other] - own))
            where = leaf.node.title, amount(award, leaf.measure, cost)
            found[where] = (*found.get(where, ()), problem.items[index].credential.title)
    return [
        because("used-elsewhere", achievements=titles, elsewhere=elsewhere, cost=cost)
        for (elsewhere, cost), titles in found.items()
    ]


def _held_back(answer: AnswerVerdict, number: int, at: int, achievements: Outcomes) -> list[Reason]:
    """What would match and counts nowhere, by why that is."""
    held = [one for one in achievements if one.reason and one.reason.code in HOLDING]
    if not held:
        return []
    problem = answer.problem
    slots = problem.awards[number].leaves[at].mask << problem.offsets[number]
    here = {problem.items[index].achievement.id for index in bits(matching(problem, slots))}
    titles: dict[str, tuple[str, ...]] = {}
    for one in held:
        if one.id in here and one.reason:
            text = after_colon(one.reason).rstrip(".")
            titles[text] = (*titles.get(text, ()), one.title)
    return [because("held-back", achievements=own, because=why) for why, own in titles.items()]


def _missed(verdict: Verdict, number: int, leaf: Leaf, achievements: Outcomes) -> list[Reason]:
    """What is asked for, is held and may not count: what has a name, and what a window bars."""
    pool, award = verdict.pool, verdict.pool.awards[number]
    named, barred = isinstance(leaf.node, Take), 0
    if not (named or award.windows or award.orders):
        return []
    if not named:
        codes = {one.id: one.reason.code for one in achievements if one.reason}
        windowed = {name for name, code in codes.items() if code in WINDOWED}
        barred = sum(1 << item.at for item in pool.items if item.achievement.id in windowed)
    titles: dict[str, tuple[str, ...]] = {}
    again: list[str] = []
    for place in leaf.slots if named or barred else ():
        eligible = pool.eligible[number][place]
        left = pool.admitted[number][award.slot_selectors[place]] & ~eligible
        for index in bits(left & barred if not named else 0 if eligible else left):
            if index in verdict.now.problem.superseded[number]:
                continue
            item = pool.items[index]
            why = obstacles(pool, number, place, item)[0]
            if named or why.code in WINDOWED:
                text = after_colon(why).rstrip(".")
                titles[text] = (*titles.get(text, ()), item.credential.title)
            if named and retakable(verdict, number, place, item):
                again.append(item.credential.title)
    return [
        *(because("not-admitted", achievements=own, because=why) for why, own in titles.items()),
        *([because("retake", credentials=tuple(dict.fromkeys(again)))] if again else ()),
    ]


def _figures(award: CompiledAward, measure: Measure, reached: int, demanded: int) -> dict[str, str]:
    return {
        "reached": amount(award, measure, reached),
        "demanded": amount(award, measure, demanded),
        "short": amount(award, measure, max(0, demanded - reached)),
    }


def _step(verdict: Verdict, number: int, branch: StepBranch, parent: str) -> RequirementOutcome:
    now, projected, planned = three(verdict, lambda answer: step_outlook(answer, number, branch))
    node = branch.node
    reasons: tuple[Reason, ...] = ()
    if now.state != "met":
        reasons = (
            (because("step-not-recorded", milestone=node.milestone),)
            if isinstance(node, MilestoneStep)
            else (because("awaits-person", role=node.role),)
        )
    return RequirementOutcome(
        id=node.id,
        title=node.title,
        kind="milestone" if isinstance(node, MilestoneStep) else "attest",
        parent=parent,
        measure="choose",
        demanded=1,
        now=now,
        projected=projected,
        planned=planned,
        optional=node.optional,
        reasons=reasons,
        regulation=node.reason,
    )


def _group(verdict: Verdict, number: int, group: GroupBranch, parent: str) -> RequirementOutcome:
    now, projected, planned = three(verdict, lambda answer: group_outlook(answer, number, group))
    needed = now.reached + now.short if now.short else (group.need or len(group.parts))
    reasons: tuple[Reason, ...] = ()
    if now.short:
        reasons = (because("parts-missing", met=now.reached, needed=needed),)
    elif now.state != "met":
        reasons = (_unmet(verdict.now, number, group.conditions),)
    return RequirementOutcome(
        id=group.node.id,
        title=group.node.title,
        kind="all" if group.need is None else "some",
        parent=parent,
        measure="choose",
        demanded=needed,
        now=now,
        projected=projected,
        planned=planned,
        optional=group.node.optional,
        reasons=reasons,
        regulation=group.node.reason,
    )


def _condition(verdict: Verdict, number: int, at: int, parent: str) -> RequirementOutcome:
    award = verdict.pool.awards[number]
    condition = award.conditions[at]
    now, projected, planned = three(verdict, lambda answer: condition_outlook(answer, number, at))
    unmet = now.state != "met"
    of_record = record_reason(verdict.pool, verdict.now, number, at) if unmet else None
    reasons = (of_record or _condition_reason(award, condition, now),) if unmet else ()
    if condition.kind == "average" and not (now.reached or has_points(verdict.now, number, at)):
        reasons = (because("no-graded-credit"),)
    found = condition_fills(verdict, number, at, now) if unmet else ()
    return RequirementOutcome(
        id=condition.id,
        title=condition.title,
        kind="condition",
        parent=parent,
        measure="points" if condition.kind == "average" else condition.measure,
        demanded=condition.amount or 0,
        now=now,
        projected=projected,
        planned=planned,
        reasons=reasons,
        fills=tuple([one.name for one in found]),
        brings=tuple([one.brings for one in found]),
        regulation=condition.reason,
    )


def _condition_reason(award: CompiledAward, condition: Condition, now: Outlook) -> Reason:
    demanded = condition.amount or 0
    if condition.kind == "average":
        return because(
            "average-too-low",
            mean=points(now.reached, demanded),
            demanded=points(demanded, demanded),
        )
    if condition.kind == "breadth":
        return because(
            "breadth-not-reached", reached=now.reached, demanded=demanded, by=condition.by
        )
    if others := for_others(award, award.selectors[condition.selector]):
        return others
    figures = _figures(award, condition.measure, now.reached, demanded)
    if condition.kind == "latest":
        latest = amount(award, condition.latest_by, condition.latest)
        return because("latest-not-reached", latest=latest, **figures)
    if condition.kind == "ceiling":
        return because("not-allowed", title=condition.title, **figures)
    return because("floor-not-reached", **figures)
