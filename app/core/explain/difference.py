"""What-if: the difference between two audits, in data and in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.language.plain_words import listed
from app.core.model.audit import Audit, State
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits, show_credits
from app.core.model.record import AchievementId


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """A requirement that stands otherwise; None where one of the audits does not know it."""

    id: str
    title: str
    before: State | None
    after: State | None
    short_before: int
    short_after: int


@dataclass(frozen=True, slots=True)
class PlacementChange:
    """An achievement that counts elsewhere, or no longer, or newly."""

    achievement: AchievementId
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one audit of an award to another; `text` is empty when nothing did."""

    award: CredentialId
    met_before: bool
    met_after: bool
    gained: Credits
    requirements: tuple[RequirementChange, ...]
    placements: tuple[PlacementChange, ...]
    text: str


def difference(before: Audit, after: Audit) -> Difference:
    """Return what changed, by what is earned, between two audits of one learner."""
    requirements = _requirements(before, after)
    placements = _placements(before, after)
    gained = Credits(after.now.progress.reached - before.now.progress.reached)
    return Difference(
        award=after.award,
        met_before=before.now.met,
        met_after=after.now.met,
        gained=gained,
        requirements=requirements,
        placements=placements,
        text=_text(before, after, gained, requirements, placements),
    )


def _requirements(before: Audit, after: Audit) -> tuple[RequirementChange, ...]:
    old = {one.id: one for one in before.requirements}
    new = {one.id: one for one in after.requirements}
    found = []
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name), new.get(name)
        own = now or was
        change = RequirementChange(
            id=name,
            title=own.title if own else name,
            before=was.now.state if was else None,
            after=now.now.state if now else None,
            short_before=was.now.short if was else 0,
            short_after=now.now.short if now else 0,
        )
        if (change.before, change.short_before) != (change.after, change.short_after):
            found.append(change)
    return tuple(found)


def _placements(before: Audit, after: Audit) -> tuple[PlacementChange, ...]:
    old = {one.id: one for one in before.achievements}
    new = {one.id: one for one in after.achievements}
    found = []
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name), new.get(name)
        own = now or was
        change = PlacementChange(
            achievement=name,
            title=own.title if own else name,
            before=was.counts_toward if was else (),
            after=now.counts_toward if now else (),
        )
        # Of an edition whose parts stand in another order nothing has moved.
        if set(change.before) != set(change.after):
            found.append(change)
    return tuple(found)


def _text(
    before: Audit,
    after: Audit,
    gained: Credits,
    requirements: tuple[RequirementChange, ...],
    placements: tuple[PlacementChange, ...],
) -> str:
    titles = {one.id: one.title for audit in (before, after) for one in audit.requirements}
    lines: list[str] = []
    if before.now.met != after.now.met:
        lines.append(
            f"{after.title} would {'now meet' if after.now.met else 'no longer meet'} the rule."
        )
    if gained:
        more = "more" if gained > 0 else "fewer"
        lines.append(f"{show_credits(abs(gained))} {more} {after.unit} would count.")
    newly = [one.title for one in requirements if one.after == "met" and one.before != "met"]
    lost = [one.title for one in requirements if one.before == "met" and one.after != "met"]
    if newly:
        lines.append(f"Newly met: {listed(newly, 'and')}.")
    if lost:
        lines.append(f"No longer met: {listed(lost, 'and')}.")
    lines += [_moved(one, titles) for one in placements]
    return "\n".join(lines)


def _moved(one: PlacementChange, titles: dict[str, str]) -> str:
    before = listed([titles.get(name, name) for name in one.before], "and")
    after = listed([titles.get(name, name) for name in one.after], "and")
    if not one.before:
        return f"{one.title} would count toward {after}."
    if not one.after:
        return f"{one.title} would no longer count toward {before}."
    return f"{one.title} would move from {before} to {after}."
