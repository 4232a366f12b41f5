"""Rules as authors may write them, drawn at random: every form, and text that needs its quotes."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from app.core.language.elsewhere import STEPS

Written = dict[str, Any]

TRICKY = (
    "null",
    "true",
    "No",
    "~",
    "2026-01-01",
    "1.5",
    "0x1F",
    "-",
    "- a",
    "a: b",
    "a #b",
    "é",
    "#",
)
TEXT = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=9),
    st.text("aé漢😀 \n", min_size=1, max_size=9),
).filter(str.strip)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,5}", fullmatch=True)
IDS = st.from_regex(r"[a-z]{1,3}/[a-z0-9]{1,4}", fullmatch=True)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(0, 40)
AMOUNTS = st.one_of(COUNTS, st.sampled_from(("7.5", "0.125", "12.50")))
SPANS = st.sampled_from(("1 year", "36 months", "90 days"))
SHARES = st.sampled_from(("20%", "1/3", "12.5%", "100%", "1/7"))
FIELDS = st.sampled_from(("061", "0542"))


def optionally(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Written]:
    """Return mappings with some of the keys; `from_` is written `from`."""
    written = {key.rstrip("_"): strategy for key, strategy in keys.items()}
    return st.fixed_dictionaries({}, optional=written)


def always(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Written]:
    """Return mappings with all of the keys; `from_` is written `from`."""
    return st.fixed_dictionaries({key.rstrip("_"): each for key, each in keys.items()})


def together(*parts: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    """Return mappings with the keys of all parts."""
    return st.tuples(*parts).map(lambda drawn: {k: v for part in drawn for k, v in part.items()})


def one_or_many(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return an item, or a list of different ones."""
    return items | st.lists(items, min_size=1, max_size=3, unique_by=repr)


def between(ends: st.SearchStrategy[Any]) -> st.SearchStrategy[Written]:
    """Return ranges that are not upside down, open at one end now and then."""
    whole = st.lists(ends, min_size=2, max_size=2).map(sorted)
    pair = whole.map(lambda both: {"from": both[0], "to": both[1]})
    return pair | always(from_=ends) | always(to=ends)


LEVELS = st.one_of(
    COUNTS, always(at=COUNTS), between(COUNTS), always(framework=NAMES, from_=COUNTS)
)
FACTS = optionally(
    credential=one_or_many(IDS),
    issuer=one_or_many(NAMES),
    field=one_or_many(FIELDS),
    tag=one_or_many(TEXT),
    level=one_or_many(LEVELS),
    credit=one_or_many(COUNTS | between(COUNTS)),
    grade=one_or_many(TEXT | always(from_=TEXT)),
    earned=one_or_many(between(DAYS)),
    age=always(to=SPANS, from_=st.just("awarded"), until=NAMES),
    source=one_or_many(st.sampled_from(("taken", "transferred"))),
    used_in=one_or_many(IDS),
    cluster=one_or_many(TEXT | COUNTS | st.booleans() | DAYS),
)


@st.composite
def selectors(draw: st.DrawFn, depth: int = 1) -> Any:  # noqa: ANN401 -- ids, or a mapping
    """Return a selector, with `not` and `any` inside now and then."""
    form = draw(st.sampled_from(("facts", "ids", "exactly", "nested")))
    if form == "ids":
        return draw(one_or_many(IDS))
    if form == "exactly":
        return {"credential": draw(IDS), "exactly": True}
    written = draw(FACTS)
    if form == "nested" and depth:
        written["not"] = draw(selectors(0))
        written["any"] = draw(st.lists(selectors(0), min_size=1, max_size=2))
    return written


REASONED = optionally(title=TEXT, reason=TEXT)
FLOORS = together(REASONED, always(credits=AMOUNTS, from_=selectors()))
CAPS = together(
    REASONED,
    always(share=SHARES, of=st.just("award")) | always(choose=COUNTS),
    optionally(items=st.sampled_from(("whole", "trim")), over=st.just("record")),
)
QUALIFIERS = optionally(
    at_least=st.lists(FLOORS, max_size=2),
    at_most=st.lists(CAPS, max_size=2),
    each=selectors() | st.lists(always(must=selectors(), reason=TEXT), min_size=1, max_size=2),
    distinct=one_or_many(together(REASONED, always(by=NAMES), between(COUNTS))),
    average=one_or_many(together(REASONED, always(grade=st.just("3.00"), over=st.just("counted")))),
    within=one_or_many(always(span=SPANS, from_=NAMES)),
)
COMMON = optionally(
    id=NAMES, title=TEXT, note=TEXT, reason=TEXT, optional=st.booleans(), weight=AMOUNTS
)
RANGES = always(from_=st.integers(0, 9), to=st.integers(9, 20))
LEAVES = st.one_of(
    always(take=one_or_many(IDS)),
    always(choose=COUNTS | RANGES, from_=selectors()),
    always(credits=AMOUNTS | RANGES, from_=selectors()),
    always(milestone=NAMES),
    always(attest=TEXT),
)
REFUSED = {"milestone": STEPS, "attest": STEPS, "credits": ("weight",)}


@st.composite
def requirements(draw: st.DrawFn, depth: int = 2) -> Written:
    """Return a tree of requirements."""
    common = draw(COMMON) | (draw(QUALIFIERS) if draw(st.booleans()) else {})
    form = draw(st.sampled_from(("leaf", "all", "any", "some")))
    if form == "leaf" or not depth:
        leaf = draw(LEAVES)
        # A leaf with what it refuses would have to be thrown away, and the whole rule with it.
        refused = {key for word, keys in REFUSED.items() if word in leaf for key in keys}
        return {key: own for key, own in common.items() if key not in refused} | leaf
    parts = draw(st.lists(requirements(depth - 1), min_size=1, max_size=3))
    common.pop("weight", None)
    return common | (
        {"some": {"choose": len(parts), "of": parts}} if form == "some" else {form: parts}
    )


CASES = st.lists(
    always(
        name=TEXT,
        on=DAYS,
        record=always(earned=st.lists(IDS | always(credential=IDS, grade=TEXT), max_size=3)),
        expect=always(met=st.booleans(), counts=st.dictionaries(TEXT, st.lists(IDS), max_size=2)),
    ),
    max_size=2,
    unique_by=lambda case: case["name"],
)
SHARED = st.one_of(
    always(award=IDS),
    always(award=IDS, credits=AMOUNTS),
    always(award=IDS, share=SHARES, of=st.just("smaller")),
)
RULES = together(
    always(
        award=IDS,
        title=TEXT,
        edition=TEXT,
        effective=always(from_=DAYS),
        credit=always(total=AMOUNTS, unit=NAMES),
        framework=NAMES,
        require=requirements(),
    ),
    QUALIFIERS,
    optionally(
        policies=always(retakes=st.just("best"), grade_scale=NAMES),
        sharing=always(awards=COUNTS, with_=st.lists(SHARED, max_size=2)),
        admission=requirements(),
        gates=st.lists(always(id=NAMES, require=requirements()), max_size=2),
        cases=CASES,
    ),
)
