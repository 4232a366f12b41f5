"""Words that say nothing where they stand, with where to say it (decision 13).

A value stands as `key: value`; the word alone is a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Elsewhere: TypeAlias = Mapping[str, str]

STEPS: Elsewhere = dict.fromkeys(
    (
        *("at_least", "at_most", "each", "distinct", "average", "within", "last"),
        *("shares_with", "after", "prefer"),
    ),
    "say it of a requirement that credentials count toward, or let a person confirm it",
)
BASES: Elsewhere = dict.fromkeys(
    ("of: smaller", "of: receiving"),
    "write `of: award`, or say under `sharing` how much may count in both awards",
)
COUNTED: Elsewhere = {"items": "leave it out: credentials are counted in full"}
LOOKS = "leave it out: a look at the record lets nothing count, in full or in part"
OUTSIDE = "close the selector above it, or indent it less"
UNLESS: Elsewhere = {"unless": "write `when: {not: {…}}` with what must not be so of the learner"}
WEIGHED: Elsewhere = {"weight": "leave it out: what it asks for weighs its own credits"}
EXCLUDED: Elsewhere = {"credits": "say with `at_most` how many count, or how many credits in a cap"}
EFFECTS: Elsewhere = {"opens": "name what it opens as the `award`, and write `effect: open`"}
POLICIES: Elsewhere = {
    "recency": "say in each `age` from which day to which",
    "window": "say in each `within` where its clock starts",
    "average": "say in each `average` what it is `over`",
    "block_credit": "list such credit in the catalogue, and name it where it may count",
}
