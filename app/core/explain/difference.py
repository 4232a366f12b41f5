"""What-if: the difference between two audits, in data and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

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


class Stand(NamedTuple):
    """How a requirement stands."""

    title: str
    state: State
    short: int


class Account(NamedTuple):
    """What of an audit a difference is told from; by their ids how requirements stand.

    `counts` gives the title of each achievement and what it counts toward.
    """

    award: CredentialId
    title: str
    unit: str
    met: bool
    reached: Credits
    requirements: Mapping[str, Stand]
    counts: Mapping[AchievementId, tuple[str, tuple[str, ...]]]


def account_of(audit: Audit) -> Account:
    """Return what of an audit a difference is told from."""
    return Account(
        award=audit.award,
        title=audit.title,
        unit=audit.unit,
        met=audit.now.met,
        reached=audit.now.progress.reached,
        requirements={
            one.id: Stand(one.title, one.now.state, one.now.short) for one in audit.requirements
        },
        counts={one.id: (one.title, one.counts_toward) for one in audit.achievements},
    )


def difference(before: Audit, after: Audit) -> Difference:
    """Return what changed, by what is earned, between two audits of one learner."""
    return between(account_of(before), account_of(after))


def between(before: Account, after: Account) -> Difference:
    """Return what changed from one account to another."""
    requirements = _requirements(before.requirements, after.requirements)
    placements = _placements(before.counts, after.counts)
    gained = Credits(after.reached - before.reached)
    return Difference(
        award=after.award,
        met_before=before.met,
        met_after=after.met,
        gained=gained,
        requirements=requirements,
        placements=placements,
        text=_text(before, after, gained, requirements, placements),
    )


def _requirements(
    old: Mapping[str, Stand], new: Mapping[str, Stand]
) -> tuple[RequirementChange, ...]:
    found = []
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name), new.get(name)
        own = now or was
        change = RequirementChange(
            id=name,
            title=own.title if own else name,
            before=was.state if was else None,
            after=now.state if now else None,
            short_before=was.short if was else 0,
            short_after=now.short if now else 0,
        )
        if (change.before, change.short_before) != (change.after, change.short_after):
            found.append(change)
    return tuple(found)


def _placements(
    old: Mapping[AchievementId, tuple[str, tuple[str, ...]]],
    new: Mapping[AchievementId, tuple[str, tuple[str, ...]]],
) -> tuple[PlacementChange, ...]:
    found = []
    for name in dict.fromkeys([*new, *old]):
        title, _ = new.get(name) or old[name]
        (_, before), (_, after) = old.get(name, ("", ())), new.get(name, ("", ()))
        # Of an edition whose parts stand in another order nothing has moved.
        if set(before) != set(after):
            found.append(PlacementChange(name, title, before, after))
    return tuple(found)


def _text(
    before: Account,
    after: Account,
    gained: Credits,
    requirements: tuple[RequirementChange, ...],
    placements: tuple[PlacementChange, ...],
) -> str:
    titles = {name: one.title for own in (before, after) for name, one in own.requirements.items()}
    lines: list[str] = []
    if before.met != after.met:
        lines.append(
            f"{after.title} would {'now meet' if after.met else 'no longer meet'} the rule."
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
