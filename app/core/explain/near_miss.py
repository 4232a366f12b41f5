"""Why an achievement may not stand in a leaf: the tests it fails, field by field."""

from __future__ import annotations

from app.core.engine.compiled import CompiledAward
from app.core.engine.prepare import Pool, first_applicable
from app.core.engine.problem import Item
from app.core.engine.selectors import failing
from app.core.explain.named import cited
from app.core.explain.phrases import because
from app.core.language.plain_selector import SelectorWords
from app.core.language.plain_words import Glossary, day_in_words
from app.core.model.level import level_in
from app.core.model.reason import Param, Reason
from app.core.model.requirement import Window
from app.core.model.selector import (
    AgeTest,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    Selector,
    Test,
)

# Facts of which a credential may state several, by the key that asks for one.
SEVERAL = {"tag": "tags", "field": "fields", "outcome": "outcomes", "skill": "skills"}
SINCE = {"earned": "It was earned", "awarded": "It was awarded", "started": "It was started"}
# When several tests fail, the one a learner can least change is told first.
ORDER = (
    "already-used",
    "grade-too-low",
    "too-old",
    "outside-window",
    "wrong-level",
    "does-not-match",
)


def obstacles(pool: Pool, number: int, place: int, item: Item) -> list[Reason]:
    """Return why `item` is not eligible for slot `place` of the award, one reason a failed test."""
    award = pool.awards[number]
    selector = award.selectors[award.slot_selectors[place]]
    # What the leaf itself asks for comes before what holds for everything that counts.
    own = sorted(_failed(pool, number, selector, item, place, ""), key=_rank)
    found: list[Reason] = []
    admitted = pool.admitted[number]
    for each in award.eaches:
        barred = admitted[each.selector] & ~admitted[each.must]
        if each.mask >> place & 1 and barred >> item.at & 1:
            found += _failed(pool, number, each.each.must, item, place, each.each.reason)
    for plan in award.windows:
        if plan.mask >> place & 1 and (
            reason := _outside(pool, award, plan.mask, plan.window, item)
        ):
            found.append(reason)
    return [*own, *sorted(found, key=_rank)]


def _rank(reason: Reason) -> int:
    return ORDER.index(reason.code)


def _failed(
    pool: Pool, number: int, selector: Selector, item: Item, place: int, regulation: str
) -> list[Reason]:
    award = pool.awards[number]
    extra = cited(regulation)
    return [
        _miss(pool, award, test, item, place, extra)
        for test in failing(selector, item.credential, item.achievement, award.terms, pool.days)
    ]


def _miss(
    pool: Pool, award: CompiledAward, test: Test, item: Item, place: int, extra: dict[str, Param]
) -> Reason:
    """One failed test as a reason; `extra` cites the regulation behind it."""
    one = item.achievement
    extra = {"requirement": award.leaves[award.slots[place].leaf].node.title, **extra}
    match test:
        case GradeTest():
            return because(
                "grade-too-low", has=one.grade or "none", needs=test.low or test.high or "", **extra
            )
        case AgeTest():
            return _too_old(pool, test, item, extra)
        case LevelTest():
            return because(
                "wrong-level", has=_level(award, item, test), needs=_needs(test), **extra
            )
        case OneOf(key="used_in") | Not(inner=Selector(tests=(OneOf(key="used_in"),))):
            return because("already-used", awards=one.used_in or ("no other award",), **extra)
        case OneOf():
            needs = " or ".join(str(value) for value in test.values)
            has = _fact(item, test.key)
            return because("does-not-match", fact=test.key, has=has, needs=needs, **extra)
        case _:
            words = SelectorWords(Glossary(award.rule, award.terms.catalogue))
            return because("does-not-match", wants=words.phrase(Selector((test,))), **extra)


def _too_old(pool: Pool, test: AgeTest, item: Item, extra: dict[str, Param]) -> Reason:
    day = getattr(item.achievement, test.since) or item.achievement.earned
    return because(
        "too-old",
        since=SINCE[test.since],
        day=day_in_words(day) if day else "an unknown day",
        span=str(test.span),
        until="the audit" if test.until == "audit" else test.until,
        until_day=day_in_words(pool.days.until(test.until)),
        **extra,
    )


def _level(award: CompiledAward, item: Item, test: LevelTest) -> str:
    own = item.credential.level
    if own is None:
        return "none"
    step = level_in(own, test.framework, award.terms.catalogue.levels)
    return str(own) if step is None else f"{test.framework.upper()} {step}"


def _needs(test: LevelTest) -> str:
    framework = test.framework.upper()
    if test.high is not None and test.high != test.low:
        return f"{framework} {test.low} to {test.high}"
    return f"{framework} {test.low}"


def _fact(item: Item, key: str) -> str:
    own: object = item.achievement.attributes.get(key, item.credential.attributes.get(key))
    if key == "credential":
        own = item.credential.id
    elif own is None:
        name = SEVERAL.get(key, key)
        own = getattr(item.credential, name, None) or getattr(item.achievement, name, None)
    if own is None or own == ():
        return "not stated"
    return ", ".join(own) if isinstance(own, tuple) else str(own)


def _outside(
    pool: Pool, award: CompiledAward, mask: int, window: Window, item: Item
) -> Reason | None:
    if window.anchor == "earliest-used":
        return None
    first = window.anchor == "first-applicable"
    anchor = (
        first_applicable(award, mask, pool.record, pool.days)
        if first
        else pool.days.until(window.anchor)
    )
    if anchor is None or item.end is None:
        return None
    last = window.length.after(anchor)
    if anchor <= item.end <= last:
        return None
    name = "the first applicable one" if first else window.anchor
    return because(
        "outside-window",
        span=str(window.length),
        anchor=f"{name} on {day_in_words(anchor)}",
        last=day_in_words(last),
        day=day_in_words(item.end),
        **cited(window.reason),
    )


def eligible_slots(pool: Pool, number: int, item: Item) -> list[int]:
    """Return the award's slots that would take the item."""
    masks = pool.eligible[number]
    return [place for place in range(len(masks)) if masks[place] >> item.at & 1]


def nearest(pool: Pool, number: int, item: Item) -> Reason:
    """Return the nearest miss: the first failure at the leaf whose tests the item fails least."""
    award, admitted = pool.awards[number], pool.admitted[number]
    misses = [
        (len(found), place, found)
        for place, slot in enumerate(award.slots)
        # A place for another credential by name is no near miss.
        if slot.credential is None or admitted[award.slot_selectors[place]] >> item.at & 1
        if (found := obstacles(pool, number, place, item))
    ]
    if not misses:
        return because("does-not-match")
    _, _, found = min(misses, key=lambda miss: (_by_name(miss[2]), miss[0], miss[1]))
    return found[0]


def _by_name(found: list[Reason]) -> bool:
    """A leaf that asks for other credentials by name is no near miss either."""
    return any(reason.params.get("fact") == "credential" for reason in found)
