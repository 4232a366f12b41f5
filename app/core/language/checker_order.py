"""Order: whether the requirements that one comes after are there, and can come before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.core.language.checker_places import Spot, Stand, trees
from app.core.language.diagnostics import Diagnostic, did_you_mean
from app.core.model.requirement import Attest, From, MilestoneStep, Nested, Take, When, walk
from app.core.model.rule import RuleEdition

Tree = tuple[Stand, ...]
Below = Mapping[str, frozenset[str]]
"""By requirement, the leaves and milestones at or below it."""


def check_order(rule: RuleEdition) -> Iterator[Diagnostic]:
    """Yield each name in `after` of a requirement that cannot come before."""
    for tree in trees(rule):
        below = {stand.node.id: _completed(stand) for stand in tree}
        before = _before(tree, below)
        for stand, name in [(each, name) for each in tree for name in each.node.after]:
            complaint = _cannot_precede(stand, name, tree, below)
            complaint = complaint or _circle(stand.node.id, name, below, before)
            if complaint:
                spot = Spot(f"{stand.spot.path}.after", stand.spot.span)
                yield spot.error("CN0620", *complaint)


def _completed(stand: Stand) -> frozenset[str]:
    kinds = (Take, From, MilestoneStep, Nested)
    return frozenset(node.id for node in walk(stand.node) if isinstance(node, kinds))


def _cannot_precede(stand: Stand, name: str, tree: Tree, below: Below) -> tuple[str, str] | None:
    own = stand.node.id
    message = f"`{own}` comes after `{name}`"
    if name not in below:
        return f"{message}, which is no requirement here", did_you_mean(name, below.keys() - {own})
    if any(isinstance(other.node, When) and other.node.id == name for other in tree):
        return (
            f"{message}, which is one requirement or another by circumstance",
            "name what it holds under `then` and `else`",
        )
    if any(isinstance(other.node, Attest) and other.node.id == name for other in tree):
        return (
            f"{message}, which a person confirms and nothing completes",
            "name a milestone that is recorded with its day",
        )
    if not below[name]:
        return f"{message}, in which nothing counts", "name what is to be completed first"
    if below[name] & below[own]:
        return f"{message}, and the one lies in the other", "name requirements beside it"
    return None


def _before(tree: Tree, below: Below) -> dict[str, set[str]]:
    """Return by leaf what comes before it, in one step."""
    found: dict[str, set[str]] = {}
    for stand in tree:
        for name in stand.node.after:
            for leaf in below[stand.node.id]:
                found.setdefault(leaf, set()).update(below.get(name, ()))
    return found


def _circle(
    own: str, name: str, below: Below, before: Mapping[str, set[str]]
) -> tuple[str, str] | None:
    """What comes after itself could only be begun and completed on one day."""
    seen: set[str] = set()
    waiting = list(below[name])
    while waiting:
        leaf = waiting.pop()
        if leaf not in seen:
            seen.add(leaf)
            waiting.extend(before.get(leaf, ()))
    if not seen & below[own]:
        return None
    return f"`{own}` comes after `{name}`, and `{name}` after `{own}`", "drop one of the two"
