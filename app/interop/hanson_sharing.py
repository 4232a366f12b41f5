"""Courses that may count twice within an area of the Hanson format: `multicountable`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.interop.hanson_algebra import Written, both, negated
from app.interop.hanson_rules import Tree
from app.interop.hanson_source import Node

Path: TypeAlias = tuple[str, ...]


def count_twice(root: Node, tree: Tree) -> None:
    """Let the courses that may count twice do so, in the two requirements that are named."""
    counted = root.get("multicountable")
    for course, places in {} if counted is None else counted.fields.items():
        for own, other in _pairs(places):
            if not _shared(Twice(course, tree, places), own, other):
                why = "the requirements that it names are not of a kind that can share"
                message = "say `shares_with` in the written rule"
                tree.area.leave("multicountable", places, why, message)


@dataclass(frozen=True, slots=True)
class Twice:
    """A course that may count twice, and where the file says so."""

    course: str
    tree: Tree
    places: Node


def _pairs(places: Node) -> Iterator[tuple[Path, Path]]:
    paths = [one.words for one in places.items]
    for at, first in enumerate(paths):
        for second in paths[at + 1 :]:
            yield first, second


def _shared(twice: Twice, own: Path, other: Path) -> bool:
    tree = twice.tree
    for here, there in ((own, other), (other, own)):
        leaves, target = _leaves(twice, here), tree.places.get(there)
        if leaves and target is not None:
            for leaf in leaves:
                _add(leaf, target["id"])
            return True
    split, kept = tree.places.get(own), tree.places.get(other)
    if split is None or kept is None or not _is_leaf(split):
        return False
    _split(split, twice, kept["id"])
    return True


def _leaves(twice: Twice, path: Path) -> list[Written]:
    """Return the requirements there that name the course alone; a number may stand for it."""
    below = [(name, leaf) for at, name, leaf in twice.tree.leaves if at[: len(path)] == path]
    named = [leaf for name, leaf in below if name == twice.course]
    numbered = [leaf for name, leaf in below if not name]
    return named or (numbered if len(below) == 1 else [])


def _add(leaf: Written, name: str) -> None:
    if leaf.get("shares_with") != "everything":
        leaf["shares_with"] = [*leaf.get("shares_with", []), name]


def _is_leaf(form: Written) -> bool:
    quantity = form.get("choose", form.get("credits"))
    return isinstance(quantity, int | str | dict) and "from" in form


def _split(form: Written, course: Twice, name: str) -> None:
    """Make of a leaf a group of two, of which one admits only the course that may count twice.

    What is asked is asked of both together.
    """
    measure = "choose" if "choose" in form else "credits"
    quantity = form.pop(measure)
    admitted = form.pop("from")
    changes = {"changes": form.pop("changes")} if "changes" in form else {}
    shares: Written = {k: form.pop(k) for k in ("shares_with", "counted_in") if k in form}
    low = quantity.get("from", 0) if isinstance(quantity, dict) else quantity
    high = quantity.get("to") if isinstance(quantity, dict) else None
    alone: Written = {"course": course.course}
    every: Written = {measure: {"from": 0}}
    twice: Written = {**every, "from": both(admitted, alone), "shares_with": [name]}
    rest: Written = {**every, "from": both(admitted, negated(alone)), **shares}
    for leaf, ending, title in ((rest, "other", "All other"), (twice, "twice", course.course)):
        identifier = course.tree.claim(f"{form['id']}.{ending}", course.places.span)
        leaf["id"], leaf["title"] = identifier, title
    form["all"] = [rest, twice]
    form["at_least"] = [{measure: low, **changes}, *form.get("at_least", [])]
    if high is not None or (measure == "choose" and not isinstance(quantity, dict)):
        most = low if high is None else high
        form["at_most"] = [{measure: most, **changes}, *form.get("at_most", [])]
