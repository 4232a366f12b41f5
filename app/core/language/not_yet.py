"""Words that the language has a place for and this version does not support, with what to write.

A value stands as `key: value`; the word alone is a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

NotYet: TypeAlias = Mapping[str, str]

CLAUSES: NotYet = {
    "after": "let a person confirm the order with `attest`",
    "prefer": "leave it out: it never changes whether the rule is met",
    "last": "select the days: from: {earned: {from: …}}",
    "share": "say how many `credits`, or state the share under `at_least` or `at_most`",
}
STEPS: NotYet = dict.fromkeys(
    ("at_least", "at_most", "each", "distinct", "average", "within", "shares_with"),
    "say it of a requirement that credentials count toward, or let a person confirm it",
)
BASES: NotYet = dict.fromkeys(
    ("of: smaller", "of: receiving"),
    "write `of: award`, or say under `sharing` how much may count in both awards",
)
SETS: NotYet = {
    "over: all-attempts": "write `over: record`",
    "over: not-transferred": "write `from: {not: {source: transferred}}`",
}
WHOLE_RECORD: NotYet = {"over": "leave it out: it looks at what counts here"}
POLICIES: NotYet = {
    "recency": "say in each `age` from which day to which",
    "window": "say in each `within` where its clock starts",
    "average": "say in each `average` what it is `over`",
    "block_credit": "list such credit in the catalogue, and name it where it may count",
}
