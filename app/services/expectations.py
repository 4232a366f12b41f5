"""What a case expects of an audit, and where the audit says something else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from app.core.language.cases import Expectation
from app.core.model.audit import GROUPS, Answer, Audit, Outlook, RequirementOutcome
from app.core.model.credits import show_credits

Figure: TypeAlias = Callable[[Audit, Any, str], Any]
"""Gives what an audit says in an answer; the expected value only tells which names it uses."""


def _outlook(one: RequirementOutcome, answer: str) -> Outlook:
    """Return how a requirement stands in an answer; a later one that says nothing is as before."""
    looks = {"now": (), "projected": (one.projected,), "planned": (one.planned, one.projected)}
    return next((look for look in looks[answer] if look is not None), one.now)


def _shown(measure: str, amount: int) -> str:
    """Return an amount as a case writes it: whole for a number of things, decimal for credits."""
    return str(amount) if measure == "choose" else show_credits(amount)


def _progress(audit: Audit, expected: Mapping[str, str], answer: str) -> dict[str, str]:
    """Return the progress, under those of its keys that are expected."""
    found = _answer(audit, answer).progress
    figures = {"reached": show_credits(found.reached), "of": show_credits(found.of)}
    return {key: figures[key] for key in expected}


def _counts(audit: Audit, expected: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """Return all that counts toward the requirements that are expected.

    Credits are given where the case states them, and achievement ids where it uses these.
    """
    outcomes = {one.id: one for one in audit.requirements}
    found: dict[str, Any] = {}
    for name, own in expected.items():
        if name not in outcomes:
            found[name] = "no such requirement"
            continue
        totals: dict[str, int] = {}
        looked = _outlook(outcomes[name], answer).counts
        by_id = {one.achievement for one in looked} - {one.credential for one in looked}
        for one in looked:
            key = one.achievement if by_id & set(own) else one.credential
            totals[key] = totals.get(key, 0) + one.credits
        found[name] = {
            key: None if own.get(key) is None and key in own else show_credits(amount)
            for key, amount in totals.items()
        }
    return found


def _short(audit: Audit, answer: str) -> dict[str, str]:
    """Return all leaves, steps and conditions that lack something, and how much.

    A leaf that only lacks its own condition lacks nothing itself; means have a key of their own.
    """
    looks = (
        (one, _outlook(one, answer))
        for one in audit.requirements
        if one.kind not in GROUPS and one.measure != "points"
    )
    return {
        one.id: _shown(one.measure, look.short)
        for one, look in looks
        if look.state != "met" and look.short
    }


def _refused(audit: Audit, expected: Mapping[str, str]) -> dict[str, str]:
    """Return all achievements that count nowhere, each with the code of its reason."""
    return {
        one.id if one.id in expected or one.credential not in expected else one.credential: (
            one.reason.code
        )
        for one in audit.achievements
        if one.reason is not None
    }


def _because(audit: Audit) -> list[str]:
    """Return all codes among the reasons of what is not met, counts nowhere, or is in conflict.

    Admission is among it. For whom a requirement is there is no reason for how it stands.
    """
    reasons = [
        reason
        for one in audit.requirements
        if one.kind not in GROUPS and one.now.state != "met"
        for reason in one.reasons
        if reason.code != "applies"
    ]
    standing = audit.answers.admission
    reasons += standing.reasons if standing is not None and standing.state != "met" else ()
    reasons += [one.reason for one in audit.achievements if one.reason is not None]
    reasons += audit.conflict.reasons if audit.conflict is not None else ()
    return sorted({reason.code for reason in reasons})


def _averages(audit: Audit) -> dict[str, str]:
    """Return all reported means: two decimals, rounded down."""
    return {
        one.id: f"{one.now.reached // 1000}.{one.now.reached % 1000 // 10:02d}"
        for one in audit.requirements
        if one.measure == "points"
    }


def _totals(audit: Audit, expected: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the figures of the conditions that are expected."""
    found = {one.id: one for one in audit.requirements if one.kind == "condition"}
    return {name: _total(found[name], own) for name, own in expected.items() if name in found}


def _total(one: RequirementOutcome, expected: Mapping[str, str]) -> dict[str, str]:
    figures = {"reached": one.now.reached, "of": one.demanded}
    return {key: _shown(one.measure, figures[key]) for key in expected}


def _admission(audit: Audit) -> str | None:
    """Return how admission stands, or None where nothing is said of it."""
    standing = audit.answers.admission
    return None if standing is None else standing.state


def _gates(audit: Audit) -> dict[str, str]:
    """Return all gates: open where their condition is met."""
    return {one.id: "open" if one.state == "met" else "closed" for one in audit.answers.gates}


def _effects(audit: Audit, expected: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return all effects on other awards, by award; the day only where one is expected."""
    dated = {one["award"] for one in expected if "on" in one}
    return sorted(
        (
            {"award": one.award, "effect": one.effect}
            | ({"on": one.on} if one.award in dated else {})
            for one in audit.answers.effects
        ),
        key=_award,
    )


def _answer(audit: Audit, answer: str) -> Answer:
    return {"now": audit.now, "projected": audit.projected, "planned": audit.planned}[answer]


FIGURES: Mapping[str, Figure] = {
    "met": lambda audit, _, answer: _answer(audit, answer).met,
    "progress": _progress,
    "counts": _counts,
    "short": lambda audit, _, answer: _short(audit, answer),
    "refused": lambda audit, expected, _: _refused(audit, expected),
    "because": lambda audit, *_: _because(audit),
    "averages": lambda audit, *_: _averages(audit),
    "totals": lambda audit, expected, _: _totals(audit, expected),
    "admission": lambda audit, *_: _admission(audit),
    "gates": lambda audit, *_: _gates(audit),
    "effects": lambda audit, expected, _: _effects(audit, expected),
    "edition": lambda audit, *_: audit.edition,
}
LATER = ("met", "progress", "counts", "short")
NOTHING = object()


def differences(expected: Expectation, audit: Audit, answer: str = "now") -> Iterator[str]:
    """Yield a sentence for each expected key under which the audit says something else."""
    for key, own in expected.given.items():
        if isinstance(own, Expectation):
            for difference in differences(own, audit, key):
                yield f"`{key}`: {difference}"
        elif key in FIGURES and (answer == "now" or key in LATER):
            yield from _difference(key, _ordered(key, own), FIGURES[key](audit, own, answer))
        elif key in FIGURES:
            yield f"`{key}` is the same in all answers: expect it beside `{answer}`"


def _ordered(key: str, expected: Any) -> Any:  # noqa: ANN401
    if key == "because":
        return sorted(set(expected))
    return sorted(expected, key=_award) if key == "effects" else expected


def _award(effect: Mapping[str, Any]) -> str:
    return str(effect["award"])


def _difference(key: str, expected: object, found: object) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name in dict.fromkeys([*expected, *found]):
            said, says = expected.get(name, NOTHING), found.get(name, NOTHING)
            if said != says:
                yield f"`{key}`: `{name}` is expected to be {_show(said)} and is {_show(says)}"
    elif expected != found:
        yield f"`{key}` is expected to be {_show(expected)} and is {_show(found)}"


def _show(value: object) -> str:
    if value is NOTHING:
        return "absent"
    if isinstance(value, str):
        return f"`{value}`"
    return json.dumps(value, ensure_ascii=False, default=str)
