"""Small audits, and what they say."""

from __future__ import annotations

from app.core.explain.audits import audit_record
from app.core.model.audit import Audit
from app.core.model.record import Achievement, AchievementId
from app.core.model.requirement import NO_QUALIFIERS, Bound, Qualifiers, Requirement
from app.core.model.rule import RuleEdition
from app.core.model.wish import Wanted, Wish
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, record, rule

KNOWN = catalogue(
    *(credential(name, 4, "core") for name in ("a", "b", "c")),
    *(credential(name, 4, "other") for name in ("x", "y")),
    credential("large", 9, "core"),
    credential("none", 0, "core"),
)


def audited(root: Requirement, *held: Achievement, whole: Qualifiers = NO_QUALIFIERS) -> Audit:
    return together(rule(root, whole=whole), held=held)[0]


def together(*rules: RuleEdition, held: tuple[Achievement, ...], **policies: str) -> list[Audit]:
    """The audits of one record against several awards of the small catalogue."""
    awards = [compiled(one, KNOWN, **policies) for one in rules]
    return list(audit_record(awards, record(*held), TODAY))


def wishing(
    root: Requirement,
    *held: Achievement,
    wishes: tuple[tuple[str, str], ...],
    whole: Qualifiers = NO_QUALIFIERS,
) -> Audit:
    """The audit where achievements are wished to count toward requirements."""
    award = compiled(rule(root, whole=whole), KNOWN)
    wanted = Wanted(tuple(Wish(AchievementId(one), place) for one, place in wishes))
    return audit_record([award], record(*held), TODAY, (), wanted)[0]


def wished(audit: Audit) -> list[str]:
    """What became of each wish: the code and the sentence, or that it is honoured."""
    return [f"{one.reason.code}: {one.reason.text}" if one.reason else "" for one in audit.wishes]


def why(audit: Audit, name: str) -> str:
    """Why an achievement does not count: the code and the sentence."""
    reason = next(one.reason for one in audit.achievements if one.id == name)
    return f"{reason.code}: {reason.text}" if reason else ""


def reasons(audit: Audit, name: str) -> list[str]:
    found = next(one for one in audit.requirements if one.id == name)
    return [f"{one.code}: {one.text}" for one in found.reasons]


def needed(audit: Audit) -> list[str]:
    """What stands below `Still needed`."""
    _, _, after = audit.text.partition("Still needed\n")
    return after.partition("\n\n")[0].splitlines()


def at_most(credits: int) -> Qualifiers:
    bound = Bound(id="cap", title="Cap", measure="credits", amount=credits * 1000)
    return Qualifiers(at_most=(bound,))
