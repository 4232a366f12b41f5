"""Questions about a learner, taken apart: which awards, what is wished, what would be otherwise."""

from __future__ import annotations

from app.core.language.diagnostics import Place
from app.core.language.records import achievement_from
from app.core.language.values import Readers, Value, Values, any_name, identifier
from app.core.model.credential import CredentialId
from app.core.model.record import Achievement, AchievementId
from app.core.model.wish import Wish
from app.services.stored import AwardChoice
from app.services.what_if import Hypothesis

MOST_AWARDS = 20
MOST_WISHES = 50


def _choice(values: Values, value: Value, place: Place) -> AwardChoice | None:
    if isinstance(value, str):
        read = identifier(values, value, place)
        return None if read is None else AwardChoice(CredentialId(read))
    readers: Readers = {"award": identifier, "edition": any_name}
    taken = values.take(value, place, readers, "an award to audit", ("award",))
    return AwardChoice(taken["award"], taken.get("edition")) if "award" in taken else None


def choices(values: Values, value: Value, place: Place) -> tuple[AwardChoice, ...]:
    """Read the awards to judge by."""
    if not isinstance(value, list):
        values.wrong(place, "a list of awards", 'write ["atu/msc"]')
        return ()
    if len(value) > MOST_AWARDS:
        values.refuse(
            "CN0702", place, f"{len(value)} awards are too many", f"at most {MOST_AWARDS}"
        )
        return ()
    read = [_choice(values, one, (*place, index)) for index, one in enumerate(value)]
    return tuple(one for one in read if one is not None)


def _wish(values: Values, value: Value, place: Place) -> Wish | None:
    readers: Readers = {"achievement": any_name, "requirement": any_name, "award": identifier}
    needed = ("achievement", "requirement")
    taken = values.take(value, place, readers, "a place for an achievement", needed)
    if any(name not in taken for name in needed):
        return None
    return Wish(taken["achievement"], taken["requirement"], taken.get("award"))


def wishes(values: Values, value: Value, place: Place) -> tuple[Wish, ...]:
    """Read where achievements shall count."""
    if not isinstance(value, list):
        values.wrong(place, "a list of wishes")
        return ()
    if len(value) > MOST_WISHES:
        values.refuse(
            "CN0702", place, f"{len(value)} wishes are too many", f"at most {MOST_WISHES}"
        )
        return ()
    read = [_wish(values, one, (*place, index)) for index, one in enumerate(value)]
    return tuple(one for one in read if one is not None)


def changes(values: Values, value: Value, place: Place) -> Hypothesis:
    """Read what would be otherwise."""
    readers: Readers = {
        "add": _achievements,
        "remove": _ids,
        "replace": _achievements,
        "grades": _grades,
        "awards": choices,
        "move": _wish,
    }
    if not isinstance(value, dict):
        values.wrong(place, "keys and values", f"the keys are {', '.join(readers)}")
        return Hypothesis()
    taken = values.take(value, place, readers, "the changes")
    return Hypothesis(
        add=taken.get("add", ()),
        remove=taken.get("remove", ()),
        replace=taken.get("replace", ()),
        grades=taken.get("grades", {}),
        choices=taken.get("awards", ()),
        move=taken.get("move"),
    )


def _achievements(values: Values, value: Value, place: Place) -> tuple[Achievement, ...]:
    found = []
    for index, one in enumerate(values.entries(value)):
        read, problems = achievement_from(one)
        if read is not None:
            found.append(read)
        for problem in problems:
            values.refuse(problem.code, (*place, index), problem.message, problem.help)
    return tuple(found)


def _ids(values: Values, value: Value, place: Place) -> tuple[AchievementId, ...]:
    read = [any_name(values, one, (*place, n)) for n, one in enumerate(values.entries(value))]
    return tuple(AchievementId(one) for one in read if one is not None)


def _grades(values: Values, value: Value, place: Place) -> dict[AchievementId, str]:
    pairs = values.mapping(value, place, "the grades").items()
    read = {name: any_name(values, own, (*place, name)) for name, own in pairs}
    return {AchievementId(name): own for name, own in read.items() if own is not None}
