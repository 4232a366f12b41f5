"""The constructs that a problem is built around."""

from __future__ import annotations

from random import Random

# What a problem is built around. A few at a time: all at once, nothing is ever met.
BOUNDS = ("caps", "caps", "breadths", "windows", "windows", "each", "exclusions", "pairs")
CONDITIONS = ("floors", "averages", "breadths", "record", "last")
SHAPES = (
    "groups",
    "groups",
    "ranges",
    "parts-of-award",
    "values",
    "optional",
    "weights",
    "steps",
    "order",
    "prefer",
)
LEARNER = ("when", "when", "tracks", "changes", "changes", "own-number")
SHARED = ("shares-with", "group-sharing", "sharing-limits", "counted-in", "counted-in")
FACTS = (
    "attribute-ranges",
    "units",
    "levels",
    "levels",
    "grades",
    "retakes",
    "equivalents",
    "used-in",
    "own-credits",
)


def make_features(random: Random) -> frozenset[str]:
    """Return the constructs that a problem is built around."""
    drawn = {
        *random.sample(BOUNDS, random.choice((0, 1, 1, 2))),
        *random.sample(CONDITIONS, random.choice((0, 1, 1, 2))),
        *random.sample(SHAPES, random.choice((1, 1, 2))),
        *random.sample(FACTS, random.choice((0, 1, 2))),
    }
    if random.random() < 0.45:
        drawn |= {*random.sample(LEARNER, random.choice((1, 2)))}
    if random.random() < 0.4:
        drawn |= {*random.sample(SHARED, random.choice((1, 1, 2)))}
    if "order" in drawn and random.random() < 0.5:
        drawn.add("steps")
    if "groups" in drawn and random.random() < 0.3:
        drawn.add("used-parts")
    if "group-sharing" in drawn:
        drawn.add("groups")
    if random.random() < 0.5:
        drawn.add("unfinished")
    if "caps" in drawn and random.random() < 0.6:
        drawn.add("trim")
    if random.random() < 0.25:
        drawn |= {"joint", "sharing"}
        # The tighter of two statements binds: a number does where both awards state one.
        if random.random() < 0.5:
            drawn.add("number-shared")
    return frozenset(drawn)
