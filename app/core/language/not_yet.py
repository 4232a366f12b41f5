"""Words that the language has a place for and this version does not support, with what to write.

A value stands as `key: value`; the word alone is a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

NotYet: TypeAlias = Mapping[str, str]

CLAUSES: NotYet = {
    "share": "say how many `credits`, or state the share under `at_least` or `at_most`",
}
STEPS: NotYet = dict.fromkeys(
    (
        *("at_least", "at_most", "each", "distinct", "average", "within", "last"),
        *("shares_with", "after", "prefer"),
    ),
    "say it of a requirement that credentials count toward, or let a person confirm it",
)
BASES: NotYet = dict.fromkeys(
    ("of: smaller", "of: receiving"),
    "write `of: award`, or say under `sharing` how much may count in both awards",
)
POLICIES: NotYet = {
    "recency": "say in each `age` from which day to which",
    "window": "say in each `within` where its clock starts",
    "average": "say in each `average` what it is `over`",
    "block_credit": "list such credit in the catalogue, and name it where it may count",
}
