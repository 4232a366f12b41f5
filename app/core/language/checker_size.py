"""Size: rules that may take so long to decide that an audit is not proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.core.language.checker_matches import Matches
from app.core.language.checker_places import Spot, Stand, leaves, trees
from app.core.language.diagnostics import Diagnostic
from app.core.model.credential import CredentialId
from app.core.model.requirement import From
from app.core.model.rule import RuleEdition

HOSTILE = "CN1004"
# What audits are made for: the largest of two hundred published rule files stay below all of these.
MOST_REQUIREMENTS = 700
MOST_COMPETING = 60
DEEPEST = 16


def check_size(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """Yield what makes an audit take long, or stop at its limit without a proof."""
    for tree in trees(rule):
        spot = tree[0].spot
        if len(tree) > MOST_REQUIREMENTS:
            yield _hostile(
                spot,
                f"{len(tree)} requirements stand here, and audits are made for {MOST_REQUIREMENTS}",
                "split it into awards of which one asks for the other",
            )
        deepest = max(tree, key=lambda stand: len(stand.around))
        if len(deepest.around) > DEEPEST:
            yield _hostile(
                deepest.spot,
                f"{len(deepest.around)} groups stand around this, and audits are made for "
                f"{DEEPEST}",
                "leave out groups that say nothing, or join them",
            )
        yield from _contested(spot, tree, matches)


def _contested(spot: Spot, tree: tuple[Stand, ...], matches: Matches) -> Iterator[Diagnostic]:
    """How many requirements compete for one credential: what makes placing it hard."""
    wanted: Counter[CredentialId] = Counter()
    for leaf in leaves(tree):
        # What is counted elsewhere too competes for nothing.
        if not (isinstance(leaf.node, From) and leaf.node.counted_in):
            wanted.update(matches.of_leaf(leaf.node))
    if not wanted:
        return
    name, times = min(wanted.items(), key=lambda one: (-one[1], one[0]))
    if times > MOST_COMPETING:
        yield _hostile(
            spot,
            f"{times} requirements compete for `{name}`, and audits are made for {MOST_COMPETING}",
            "let fewer requirements admit the same credentials, or ask for more in one of them",
        )


def _hostile(spot: Spot, why: str, remedy: str) -> Diagnostic:
    message = f"{why}: one of a full record may end without a proof that it is the best"
    return spot.warning(HOSTILE, message, remedy)
