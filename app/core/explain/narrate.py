"""The audit as a learner reads it: the result first, then what is missing and why."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TypeAlias

from app.core.engine.compiled import CompiledAward
from app.core.explain.named import title_of
from app.core.explain.phrases import after_colon, points, shown
from app.core.language.plain_words import day_in_words, listed
from app.core.model.audit import (
    GROUPS,
    AdjustmentOutcome,
    Answer,
    Answers,
    Audit,
    Count,
    Outlook,
    Price,
    RequirementOutcome,
)
from app.core.model.credential import CredentialId
from app.core.model.credits import show_credits
from app.core.model.reason import Reason
from app.core.model.record import COUNTING, AchievementId

Titles: TypeAlias = Mapping[AchievementId, str]

LATER = (
    ("projected", "with what is in progress"),
    ("planned", "with what is planned too"),
)

ABOVE = frozenset({"not-enough", "floor-not-reached", "no-graded-credit"})


def narrate(award: CompiledAward, audit: Audit) -> str:
    """Return the audit as text; the same audit gives the same text, byte for byte."""
    rule, three = award.rule, (audit.now, audit.projected, audit.planned)
    requirements, achievements = audit.requirements, audit.achievements
    titles = {one.id: one.title for one in achievements}
    lines = [
        f"{rule.title}, rules of {rule.edition}, on {day_in_words(audit.as_of)}",
        *_result(three, audit.answers, rule.unit),
    ]
    needed, spare = _apart(requirements)
    tops = frozenset({one.id for one in award.conditions if one.kind == "ceiling"})
    if needed:
        lines += ["", "Still needed"]
        held = {one.credential for one in achievements if one.status in COUNTING}
        told: set[CredentialId] = set()
        for one, depth in needed:
            indent = "  " * depth
            lines += [indent + line for line in _unmet(one, award.rule.unit, titles, tops)]
            # What a requirement has asked for already, a condition does not ask for again.
            if (
                one.kind != "take"
                and one.fills
                and (one.kind != "condition" or told.isdisjoint(one.fills))
            ):
                lines += [f"{indent}    {line}" for line in _helpful(award, one, held)]
            if one.kind != "condition":
                told.update(one.fills)
    if audit.conflict is not None:
        lines += ["", "In conflict", *(f"  {reason.text}" for reason in audit.conflict.reasons)]
    met = [one for one in requirements if one.now.state == "met" and one.kind not in GROUPS]
    if met:
        lines += ["", "Met"]
        lines += [f"  {one.title}: {_content(one, rule.unit, titles, tops)}" for one in met]
    if spare:
        lines += ["", "Not needed: optional, or another way is met"]
        lines += [f"  {one.title}: {_of(one, one.now, rule.unit)}." for one in spare]
    idle = [one for one in achievements if one.reason is not None]
    if idle:
        lines += ["", "Does not count"]
        lines += [f"  {one.title}: {after_colon(one.reason)}" for one in idle if one.reason]
    lines += _wished(audit)
    lines += _decided(audit.adjustments)
    lines += _beside(audit.answers)
    return "\n".join(lines) + "\n"


def told_of_price(audit: Audit, price: Price) -> Audit:
    """Return the audit with the price of a placement, told before all else but the result."""
    head, gap, rest = audit.text.partition("\n\n")
    text = f"{head.rstrip()}\n{price.reason.text}\n{gap[1:]}{rest}"
    return audit._replace(price=price, text=text)


def _wished(audit: Audit) -> list[str]:
    """What became of each wish."""
    if not audit.wishes:
        return []
    titles = {one.id: one.title for one in audit.achievements}
    places = {one.id: one.title for one in audit.requirements}
    lines = ["", "Wishes"]
    for one in audit.wishes:
        what = titles.get(one.achievement, one.achievement)
        where = places.get(one.requirement, one.requirement)
        said = after_colon(one.reason) if one.reason else "honoured."
        lines.append(f"  {what} toward {where}: {said}")
    return lines


def _apart(
    requirements: Sequence[RequirementOutcome],
) -> tuple[list[tuple[RequirementOutcome, int]], list[RequirementOutcome]]:
    """What is needed, with its depth below the choices it belongs to; and what is not needed."""
    needed: list[tuple[RequirementOutcome, int]] = []
    spare: list[RequirementOutcome] = []
    depths: dict[str, int | None] = {"": 0}
    choices: set[str] = set()
    settled: set[str] = set()
    for one in requirements:
        depth = depths[one.parent]
        enough = one.parent in settled and one.kind != "condition"
        if enough or one.optional or one.now.state == "met":
            # Nothing below it is needed any more.
            depth = None
        # Groups are told of where one has to choose: the choice, and each way that is several.
        told = one.kind == "some" or (one.kind == "all" and one.parent in choices)
        if one.kind == "some":
            choices.add(one.id)
        if one.kind == "some" and not one.now.short:
            # Enough parts are met: what it lacks is a condition.
            settled.add(one.id)
            told = False
        if one.now.state != "met" and one.kind not in GROUPS and depth is None:
            spare.append(one)
        elif depth is not None and (told or one.kind not in GROUPS):
            needed.append((one, depth))
        depths[one.id] = depth if depth is None else depth + told
    return needed, spare


def _result(three: tuple[Answer, Answer, Answer], answers: Answers, unit: str) -> list[str]:
    now, projected, planned = three
    verdict = {
        "met": "Meets the rule",
        "pending": "Waits for a confirmation",
        "not-met": "Does not meet the rule",
    }
    lines = [f"{verdict[answers.rule]}: {_figures(now, unit)}."]
    if not now.proven:
        lines.append(
            "This is the best found; it is not proven, and may fall short by up to "
            f"{show_credits(now.gap)} {unit}."
        )
    for answer, before, (_, name) in ((projected, now, LATER[0]), (planned, projected, LATER[1])):
        if answer != before:
            lines.append(
                f"{name.capitalize()}: {'meets' if answer.met else 'does not meet'} the rule, "
                f"{_figures(answer, unit)}."
            )
    return lines


def _figures(answer: Answer, unit: str) -> str:
    progress = answer.progress
    reached, of = show_credits(progress.reached), show_credits(progress.of)
    return f"{reached} of {of} {unit} ({progress.percent} %)"


def measured(one: RequirementOutcome, amount: int, unit: str) -> str:
    """Return an amount in a requirement's own measure, as it is read."""
    if one.measure == "points":
        return points(amount, one.demanded)
    return f"{show_credits(amount)} {unit}".strip() if one.measure == "credits" else str(amount)


def _unmet(
    one: RequirementOutcome, unit: str, titles: Titles, tops: Container[str]
) -> Iterable[str]:
    now = one.now
    if one.kind in GROUPS:
        how = "all" if one.kind == "all" else f"{now.short} more" if now.reached else str(now.short)
        yield f"  {one.title}: {how} of these."
        return
    head = f"  {one.title}: {_of(one, now, unit)}"
    # What a mean is short of is told from what is shown of it.
    short = (
        one.demanded - shown(now.reached, one.demanded) if one.measure == "points" else now.short
    )
    if one.id in tops:
        yield f"  {one.title}: {_below(one, unit)}"
    elif _ungraded(one):
        yield f"  {one.title}: no graded credit, {measured(one, one.demanded, unit)} needed."
    else:
        yield f"{head}, {measured(one, short, '')} short." if short else f"{head}."
    if now.counts:
        yield f"    So far: {_counted(now, titles)}."
    for reason in _told(one.reasons):
        yield f"    {reason.text}"
    yield from _later(one, unit)


def _helpful(award: CompiledAward, one: RequirementOutcome, held: Container[str]) -> Iterable[str]:
    """What would fill it: each alone where that is enough, else with what each brings."""
    if any(look and look.state == "met" for look in (one.projected, one.planned)):
        return
    named = {
        name: title_of(award, name) + (", retaken" if name in held else "") for name in one.fills
    }
    brings = dict(zip(one.fills, one.brings, strict=True))
    alone = [title for name, title in named.items() if brings[name] >= one.now.short]
    if alone:
        which = "This" if len(alone) == 1 else "Any one of these"
        yield f"{which} would fill it: {'; '.join(alone)}."
        return
    if one.measure == "credits":
        named = {name: f"{title} ({show_credits(brings[name])})" for name, title in named.items()}
    yield f"Would help: {'; '.join(named.values())}."


def _told(reasons: Sequence[Reason]) -> list[Reason]:
    # What the line above says already is left out.
    return [reason for reason in reasons if reason.code not in ABOVE]


def _later(one: RequirementOutcome, unit: str) -> Iterable[str]:
    """How it stands later, where that is nearer."""
    before = one.now
    for outlook, (_, name) in zip((one.projected, one.planned), LATER, strict=True):
        if outlook is None:
            continue
        if outlook.state == "met":
            yield f"    Met {name}."
        elif outlook.reached != before.reached:
            yield f"    {name.capitalize()}: {_of(one, outlook, unit)}."
        before = outlook


def _counted(now: Outlook, titles: Titles) -> str:
    return listed([titles[one.achievement] + _trimmed(one) for one in now.counts], "and")


def _trimmed(one: Count) -> str:
    """How much of it counts, where a cap cuts it."""
    if one.credits == one.size:
        return ""
    return f" ({show_credits(one.credits)} of {show_credits(one.size)})"


def _ungraded(one: RequirementOutcome) -> bool:
    return one.measure == "points" and any(
        reason.code == "no-graded-credit" for reason in one.reasons
    )


def _of(one: RequirementOutcome, outlook: Outlook, unit: str) -> str:
    return f"{measured(one, outlook.reached, '')} of {measured(one, one.demanded, unit)}"


def _below(one: RequirementOutcome, unit: str) -> str:
    """How much there is of what may not be more."""
    return f"{measured(one, one.now.reached, unit)}, at most {measured(one, one.demanded, unit)}."


def _content(one: RequirementOutcome, unit: str, titles: Titles, tops: Container[str]) -> str:
    if one.kind in {"milestone", "attest"}:
        return "recorded."
    if one.id in tops:
        return _below(one, unit)
    reached = "no graded credit" if _ungraded(one) else measured(one, one.now.reached, unit)
    if one.kind == "condition":
        return (
            f"{reached}, {measured(one, one.demanded, unit)} needed."
            if one.demanded
            else f"{reached}."
        )
    counted = _counted(one.now, titles)
    figures = _of(one, one.now, unit) if one.demanded else reached
    return f"{figures}: {counted}." if counted else f"{figures}."


def _decided(adjustments: Sequence[AdjustmentOutcome]) -> list[str]:
    """What was decided for the learner, and apart from it what of that does not apply."""
    lines: list[str] = []
    for head, applies in (("Decided", True), ("Decided, and not applied", False)):
        told = [one for one in adjustments if one.applies is applies]
        lines += ["", head, *(f"  {one.reason.text}" for one in told)] if told else ()
    return lines


def _beside(answers: Answers) -> list[str]:
    lines: list[str] = []
    said = {"met": "met", "not-met": "not met", "pending": "waits for a confirmation"}
    if answers.admission is not None:
        texts = " ".join(reason.text for reason in answers.admission.reasons)
        lines += [
            "",
            f"Admission, a question of its own: {said[answers.admission.state]}. {texts}".rstrip(),
        ]
    for gate in answers.gates:
        lines += [
            "",
            f"{gate.title}: {'open' if gate.state == 'met' else 'closed'}. "
            f"{' '.join(reason.text for reason in gate.reasons)}".rstrip(),
        ]
    if answers.effects:
        lines += ["", *(effect.text for effect in answers.effects)]
    return lines
