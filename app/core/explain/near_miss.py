"""Why an achievement may not stand in a leaf: the tests it fails, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from app.core.engine.compiled import CompiledAward, EachPlan
from app.core.engine.prepare import Pool
from app.core.engine.problem import Item
from app.core.explain.adjustments import against
from app.core.explain.for_whom import only_for
from app.core.explain.named import cited, title_of
from app.core.explain.order import not_after_steps
from app.core.explain.phrases import because
from app.core.language.plain_selector import CircumstanceWords, SelectorWords
from app.core.language.plain_words import Glossary, day_in_words, listed, spoken
from app.core.model.credential import CredentialId
from app.core.model.level import level_in
from app.core.model.reason import Param, Reason
from app.core.model.requirement import Window
from app.core.model.selector import (
    AgeTest,
    AnyOf,
    Circumstance,
    DateFact,
    DateTest,
    ForWhom,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    Selector,
    Test,
    of_learner,
)

# Facts of which a credential may state several, by the key that asks for one.
SEVERAL = {"tag": "tags", "field": "fields", "outcome": "outcomes", "skill": "skills"}
SINCE = {"earned": "It was earned", "awarded": "It was awarded", "started": "It was started"}
# When several tests fail, the one a learner can least change is told first.
ORDER = (
    "already-used",
    "not-used",
    "not-for-learner",
    "grade-too-low",
    "grade-too-high",
    "too-old",
    "outside-window",
    "too-long",
    "no-day",
    "out-of-order",
    "wrong-level",
    "does-not-match",
)

# One test alone, and not that for an id: nothing is nearer.
NEAREST = (False, 1)


def obstacles(pool: Pool, number: int, place: int, item: Item) -> list[Reason]:
    """Return why `item` is not eligible for slot `place` of the award, one reason a failed test."""
    award = pool.awards[number]
    # What the leaf itself asks for comes before what holds for everything that counts.
    own = _told(pool, number, award.slot_selectors[place], item, place, "")
    own.sort(key=_rank)
    found: list[Reason] = []
    for plan in _barring(pool, number, place, item):
        found += _told(pool, number, plan.must, item, place, plan.each.reason)
    found += _untested(pool, number, place, item)
    found.sort(key=_rank)
    decision = against(pool, number, item) if not (own or found) else None
    return [decision] if decision else own + found


def failed(pool: Pool, number: int, place: int, item: Item) -> list[Test]:
    """Return the tests that keep `item` out of slot `place`, of its selector and of each `each`."""
    found = _failed(pool, number, pool.awards[number].slot_selectors[place], item)
    for plan in _barring(pool, number, place, item):
        found += _failed(pool, number, plan.must, item)
    return found


def _failed(pool: Pool, number: int, selector: int, item: Item) -> list[Test]:
    """The tests of a selector that an item fails for certain."""
    return pool.awards[number].tests.of(selector, pool.failing(number, item.at))


def _barring(pool: Pool, number: int, place: int, item: Item) -> Sequence[EachPlan]:
    """What each of the counted must be, and the item is not."""
    admitted, eaches = pool.admitted[number], pool.awards[number].eaches
    return eaches and [
        plan
        for plan in eaches
        if plan.mask >> place & 1
        and (admitted[plan.selector] & ~admitted[plan.must]) >> item.at & 1
    ]


def _untested(pool: Pool, number: int, place: int, item: Item) -> list[Reason]:
    """What keeps an item out of a slot beside tests: windows, and milestones to come first."""
    award, found = pool.awards[number], list[Reason]()
    for plan, anchor in zip(award.windows, pool.anchors[number], strict=True):
        if plan.mask >> place & 1:
            found += _outside(pool, plan.window, anchor, item)
    if award.orders:
        found += not_after_steps(pool, number, place, item)
    return found


def _rank(reason: Reason) -> int:
    return ORDER.index(reason.code)


def _told(
    pool: Pool, number: int, selector: int, item: Item, place: int, regulation: str
) -> list[Reason]:
    award, extra = pool.awards[number], cited(regulation)
    tests = _failed(pool, number, selector, item)
    return [_miss(pool, award, test, item, place, extra) for test in tests]


def _miss(
    pool: Pool, award: CompiledAward, test: Test, item: Item, place: int, extra: dict[str, Param]
) -> Reason:
    """One failed test as a reason; `extra` cites the regulation behind it."""
    one = item.achievement
    extra = {"requirement": award.leaves[award.slots[place].leaf].node.title, **extra}
    match test:
        case GradeTest():
            return _grade(award, test, one.grade, extra)
        case AgeTest():
            return _too_old(pool, test, item, extra)
        case DateTest() if _day(item, test.fact) is None:
            return because("no-day", fact=test.fact, **extra)
        case LevelTest():
            return because(
                "wrong-level", has=_level(award, item, test), needs=_needs(test), **extra
            )
        case Not(inner=Selector(tests=(OneOf(key="used_in"),))):
            titles = tuple(title_of(award, name) for name in one.used_in)
            return because("already-used", awards=titles, **extra)
        case OneOf(key="used_in"):
            named = tuple(CredentialId(str(value)) for value in test.values if value != "any")
            titles = tuple(title_of(award, name) for name in named)
            return because("not-used", **({"awards": titles} if titles else {}), **extra)
        case OneOf():
            needs = listed([_value(award, test.key, str(value)) for value in test.values], "or")
            has = _fact(award, item, test.key)
            return because("does-not-match", fact=test.key, has=has, needs=needs, **extra)
        case ForWhom() | Not() | AnyOf() if (others := _others(test)) is not None:
            whose = CircumstanceWords(_glossary(award.base or award)).who(others)
            return because("not-for-learner", whose=whose, **extra)
        case _:
            wants = SelectorWords(_glossary(award.base or award)).phrase(Selector((test,)))
            return because("does-not-match", wants=wants, **extra)


def _others(test: Test) -> Circumstance | None:
    """For whom alone a test holds; of a choice only where it asks nothing of achievements."""
    one = Selector((test,))
    mixed = isinstance(test, AnyOf) and of_learner(one) is None
    return None if mixed else only_for(one)


def _grade(award: CompiledAward, test: GradeTest, own: str, extra: dict[str, Param]) -> Reason:
    """A grade on the wrong side of what is asked for, or none at all."""
    scale = award.terms.scale
    has, top = (scale.get(symbol) if scale and symbol else None for symbol in (own, test.high))
    if has and top and has.rank > top.rank:
        return because("grade-too-high", has=own, needs=top.symbol, **extra)
    return because("grade-too-low", has=own or "none", needs=test.low or test.high or "", **extra)


def _day(item: Item, fact: DateFact) -> date | None:
    """The day of the fact; where nobody states the day awarded, it is the day earned."""
    day: date | None = getattr(item.achievement, fact)
    return item.achievement.earned if day is None and fact == "awarded" else day


def _too_old(pool: Pool, test: AgeTest, item: Item, extra: dict[str, Param]) -> Reason:
    day = _day(item, test.since)
    if day is None:
        return because("no-day", fact=test.since, **extra)
    until, own = test.until, _unrecorded(pool, test.until)
    return because(
        "too-old",
        since=SINCE[test.since],
        day=day_in_words(day),
        span=str(test.span),
        until="the audit" if until == "audit" else spoken(until),
        until_day=day_in_words(pool.days.until(until)),
        **own,
        **extra,
    )


def _unrecorded(pool: Pool, name: str) -> dict[str, Param]:
    """The milestone for which the audit's day stands in, where that is so."""
    known = name == "audit" or name in pool.days.milestones
    return {} if known else {"unrecorded": spoken(name)}


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


def _fact(award: CompiledAward, item: Item, key: str) -> str:
    own: object = item.achievement.attributes.get(key, item.credential.attributes.get(key))
    if key == "credential":
        own = item.credential.id
    elif own is None:
        name = SEVERAL.get(key, key)
        own = getattr(item.credential, name, None) or getattr(item.achievement, name, None)
    if own is None or own == ():
        return "not stated"
    return ", ".join(own) if isinstance(own, tuple) else _value(award, key, str(own))


def _value(award: CompiledAward, key: str, value: str) -> str:
    """A value as it is read: credentials and issuers by their titles."""
    if key == "credential":
        return title_of(award, CredentialId(value))
    return _glossary(award.base or award).issuer(value) if key == "issuer" else value


@lru_cache(maxsize=32)
def _glossary(award: CompiledAward) -> Glossary:
    """The titles behind an award's ids; counting who bears which takes the whole catalogue."""
    return Glossary(award.rule, award.terms.catalogue)


def _outside(pool: Pool, window: Window, anchor: date | None, item: Item) -> list[Reason]:
    """Why a window does not hold the item, if it does not."""
    regulation = cited(window.reason)
    if item.start is None or item.end is None:
        return [because("no-day", fact="earned", **regulation)]
    if window.anchor == "earliest-used":
        if item.end <= window.length.after(item.start):
            return []
        days = {"started": day_in_words(item.start), "ended": day_in_words(item.end)}
        return [because("too-long", span=str(window.length), **days, **regulation)]
    first = window.anchor == "first-applicable"
    if anchor is None:
        return []
    last = window.length.after(anchor)
    if anchor <= item.end <= last:
        return []
    own = {} if first else _unrecorded(pool, window.anchor)
    return [
        because(
            "outside-window",
            span=str(window.length),
            anchor=_anchored(
                "the first applicable one" if first else spoken(window.anchor), anchor, own
            ),
            last=day_in_words(last),
            day=day_in_words(item.end),
            **own,
            **regulation,
        )
    ]


def _anchored(name: str, anchor: date, unrecorded: Mapping[str, Param]) -> str:
    day = day_in_words(anchor)
    return (
        f"{day}, the audit's day, while {name} is not recorded"
        if unrecorded
        else f"{name} on {day}"
    )


def eligible_slots(pool: Pool, number: int, item: Item) -> list[int]:
    """Return the award's slots that would take the item."""
    masks = pool.eligible[number]
    return [place for place in range(len(masks)) if masks[place] >> item.at & 1]


def nearest(pool: Pool, number: int, item: Item) -> Reason:
    """Return the nearest miss: the first failure at the leaf whose tests the item fails least.

    Of an item that nothing was decided against.
    """
    award, admitted = pool.awards[number], pool.admitted[number]
    limited = bool(award.eaches or award.windows or award.orders)
    failing = pool.failing(number, item.at)
    best: tuple[bool, int, int] | None = None
    for place in award.unlike:
        selector = award.slot_selectors[place]
        # A place for another credential by name is no near miss.
        named = award.slots[place].credential is not None
        if named and not admitted[selector] >> item.at & 1:
            continue
        tests, failures = award.tests.of(selector, failing), 0
        if limited:
            tests = failed(pool, number, place, item)
            failures = len(_untested(pool, number, place, item))
        failures += len(tests)
        # A leaf that asks for other credentials by name is no near miss either.
        miss = any(map(_by_name, tests)), failures, place
        if failures and (best is None or miss < best):
            best = miss
            if miss[:2] == NEAREST:
                break
    if best is None:
        return because("does-not-match")
    return obstacles(pool, number, best[2], item)[0]


def _by_name(test: Test) -> bool:
    return isinstance(test, OneOf) and test.key == "credential"
