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
MINE = always(learner=NAMES)
OWN_RANGES = always(from_=MINE, to=DAYS | MINE) | always(to=MINE)
ATTRIBUTES = TEXT | COUNTS | st.booleans() | DAYS | between(COUNTS) | between(DAYS) | OWN_RANGES
FACTS = optionally(
    credential=one_or_many(IDS),
    issuer=one_or_many(NAMES),
    field=one_or_many(FIELDS),
    tag=one_or_many(TEXT),
    level=one_or_many(LEVELS),
    credit=one_or_many(COUNTS | between(COUNTS)),
    grade=one_or_many(TEXT | always(from_=TEXT)),
    earned=one_or_many(between(DAYS) | OWN_RANGES),
    age=always(to=SPANS, from_=st.just("awarded"), until=NAMES),
    source=one_or_many(st.sampled_from(("taken", "transferred"))),
    used_in=one_or_many(IDS),
    cluster=one_or_many(ATTRIBUTES | MINE),
    weeks=one_or_many(COUNTS | between(COUNTS)),
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
        written["when"] = draw(circumstances(0))
        written["not"] = draw(selectors(0))
        written["any"] = draw(st.lists(selectors(0), min_size=1, max_size=2))
    return written


LEARNER_FACTS = st.dictionaries(
    NAMES, one_or_many(TEXT | COUNTS | st.booleans() | between(COUNTS)), min_size=1, max_size=2
)
HOLDINGS = always(choose=COUNTS, from_=selectors()) | always(credits=AMOUNTS, from_=selectors())
STEPS_ON_DAYS = together(always(name=NAMES), between(DAYS))


@st.composite
def circumstances(draw: st.DrawFn, depth: int = 1) -> Written:
    """Return a circumstance, with `not` and `any` inside now and then."""
    keys = {
        "declared": one_or_many(IDS | st.just("x/t-*")),
        "learner": LEARNER_FACTS,
        "holds": HOLDINGS,
        "milestone": one_or_many(NAMES | STEPS_ON_DAYS),
    }
    if depth:
        keys["not"] = circumstances(0)
        keys["any"] = st.lists(circumstances(0), min_size=1, max_size=2)
    chosen = draw(st.lists(st.sampled_from(sorted(keys)), min_size=1, max_size=2, unique=True))
    return {key: draw(keys[key]) for key in chosen}


def changes(amounts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return by how much an amount changes, and for whom."""
    whom = always(when=circumstances()) | always(unless=circumstances())
    by = always(add=amounts) | always(set=amounts)
    return st.lists(together(whom, by), min_size=1, max_size=2)


REASONED = optionally(title=TEXT, reason=TEXT)
FLOORS = together(
    REASONED, always(credits=AMOUNTS, from_=selectors()), optionally(changes=changes(AMOUNTS))
)
LOOKS = optionally(over=st.sampled_from(("record", "all-attempts")))
CAPS = together(
    REASONED,
    together(
        always(share=SHARES, of=st.just("award")),
        optionally(items=st.sampled_from(("whole", "trim"))) | LOOKS,
    )
    | together(always(choose=COUNTS), optionally(changes=changes(COUNTS)), LOOKS),
)
QUALIFIERS = optionally(
    at_least=st.lists(FLOORS, max_size=2),
    at_most=st.lists(CAPS, max_size=2),
    each=selectors() | st.lists(always(must=selectors(), reason=TEXT), min_size=1, max_size=2),
    distinct=one_or_many(
        together(REASONED, always(by=NAMES), between(COUNTS), optionally(changes=changes(COUNTS)))
    ),
    average=one_or_many(together(REASONED, always(grade=st.just("3.00"), over=st.just("counted")))),
    within=one_or_many(always(span=SPANS, from_=NAMES)),
    last=always(credits=AMOUNTS, at_least=one_or_many(always(share=SHARES, of=st.just("award")))),
)
SHARED_LEAVES = one_or_many(
    st.just("everything")
    | always(with_=st.just("everything"), credits=AMOUNTS)
    | always(with_=st.just("everything"), choose=COUNTS)
)
COMMON = optionally(
    id=NAMES, title=TEXT, note=TEXT, reason=TEXT, optional=st.booleans(), weight=AMOUNTS
)
RANGES = always(from_=st.integers(0, 9), to=st.integers(9, 20))
SHARE_RANGES = together(
    always(from_=st.sampled_from(("0%", "1/9", "12.5%"))),
    optionally(to=st.sampled_from(("12.5%", "1/3", "100%"))),
)
LEAVES: st.SearchStrategy[Written] = st.one_of(
    always(take=one_or_many(IDS)),
    together(
        always(choose=COUNTS | RANGES | NAMES, from_=selectors()),
        optionally(changes=changes(COUNTS), counted_in=st.just("everything")),
    ),
    together(
        always(credits=AMOUNTS | RANGES, from_=selectors()),
        optionally(changes=changes(AMOUNTS), counted_in=st.just("everything")),
    ),
    together(
        always(share=SHARES | SHARE_RANGES, of=st.just("award"), from_=selectors()),
        optionally(changes=changes(AMOUNTS), counted_in=st.just("everything")),
    ),
    always(outcomes=st.just("all") | st.lists(NAMES, min_size=1, unique=True), from_=selectors()),
    always(milestone=NAMES),
    always(attest=TEXT),
)
REFUSED = {"milestone": STEPS, "attest": STEPS, "credits": ("weight",), "share": ("weight",)}
# What may be said of a requirement by circumstance, and of the use of a block.
OWN = {
    "when": ("id", "title", "note", "reason"),
    "use": ("id", "title", "note", "reason", "optional"),
}
BLOCK = "drawn"


FORMS = ("leaf", "all", "any", "some", "when", "tracks", "use")


@st.composite
def requirements(draw: st.DrawFn, depth: int = 2) -> Written:
    """Return a tree of requirements."""
    common = draw(COMMON) | (draw(QUALIFIERS) if draw(st.booleans()) else {})
    form = draw(st.sampled_from(FORMS))
    if form == "leaf" or not depth:
        leaf = draw(LEAVES)
        if not leaf.keys() & {"milestone", "attest"} and draw(st.booleans()):
            common["shares_with"] = draw(SHARED_LEAVES)
        # A leaf with what it refuses would have to be thrown away, and the whole rule with it.
        refused = {key for word, keys in REFUSED.items() if word in leaf for key in keys}
        return {key: own for key, own in common.items() if key not in refused} | leaf
    common.pop("weight", None)
    if form in OWN:
        common = {key: own for key, own in common.items() if key in OWN[form]}
    return common | draw(above(form, depth - 1))


@st.composite
def above(draw: st.DrawFn, form: str, depth: int) -> Written:
    """Return what holds other requirements, or a block of them."""
    if form == "use":
        return {"use": BLOCK, "with": {"tag": draw(TEXT), "number": draw(COUNTS)}}
    parts = draw(st.lists(requirements(depth), min_size=1, max_size=3))
    if form == "when":
        sides = {"then": parts[0], **({"else": parts[1]} if len(parts) > 1 else {})}
        return {"when": draw(circumstances()), **sides}
    if form == "tracks":
        of = [{"declared": draw(one_or_many(IDS)), "require": part} for part in parts]
        return {"tracks": {**draw(optionally(choose=st.just(1))), "of": of}}
    if form != "some":
        return {form: parts}
    ends = st.sampled_from([len(parts), {"from": 1, "to": len(parts)}, {"from": 0, "to": 1}])
    return {"some": {"choose": draw(ends), "of": parts}}


# One block with a value in its own place and one inside other text.
BLOCKS = {
    BLOCK: {
        "parameters": ["tag", "number"],
        "require": {
            "all": [
                {"choose": "$number", "from": {"tag": "$tag"}},
                {"id": "again", "title": "Of ${number}", "choose": 1, "from": {"tag": "$tag"}},
            ]
        },
    }
}
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
        blocks=st.just(BLOCKS),
    ),
    QUALIFIERS,
    optionally(
        policies=always(retakes=st.just("best"), grade_scale=NAMES),
        sharing=always(awards=COUNTS, with_=st.lists(SHARED, max_size=2)),
        admission=requirements(1),
        gates=st.lists(always(id=NAMES, require=requirements(1)), max_size=2),
        cases=CASES,
    ),
)
