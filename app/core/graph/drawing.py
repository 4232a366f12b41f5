"""The credit graph as points and arrows, for other tools to read and to draw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.core.graph.build import CreditGraph, RequirementNode, Stacks
from app.core.graph.questions import made_of
from app.core.model.credential import CredentialId

# Control characters but the end of a line, halves of characters, and what is no character.
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
PointKind = Literal["credential", "award", "requirement"]
ArrowKind = Literal["stacks", "below", "needed-by", "fills", "part-of"]


@dataclass(frozen=True, slots=True)
class Point:
    """A credential, an award or a requirement; `form` and `need` say what a requirement asks."""

    id: str
    title: str
    kind: PointKind
    form: str = ""
    need: int | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """From what leads on to where it leads; one that stacks says by which requirements."""

    source: str
    target: str
    kind: ArrowKind
    requirements: tuple[str, ...] = ()
    compulsory: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Points, and arrows between them, in a stable order; each point and each arrow once."""

    points: tuple[Point, ...]
    arrows: tuple[Arrow, ...]


def draw_whole(graph: CreditGraph) -> Drawing:
    """Return every credential and award by id, and every edge between them."""
    names = sorted({*graph.catalogue.credentials, *graph.rules, *graph.needs})
    points = tuple(_point(graph, name) for name in names)
    return Drawing(points, tuple(arrow for name in names for arrow in _from(graph, name)))


def draw_award(graph: CreditGraph, award: str) -> Drawing:
    """Return an award with its requirements and what may fill them; UnknownNodeError."""
    root = made_of(graph, award)
    name = CredentialId(award)
    tree = list(_below(award, root, award))
    filled = sorted({one for _, node, _ in tree for one in node.credentials} - {name})
    points = (
        _point(graph, name),
        *(
            Point(at, node.title or node.id, "requirement", node.form, node.need)
            for at, node, _ in tree
        ),
        *(_point(graph, one) for one in filled),
    )
    arrows = (
        *(Arrow(at, above, "part-of") for at, _, above in tree),
        *(Arrow(one, at, "fills") for at, node, _ in tree for one in node.credentials),
    )
    return Drawing(points, arrows)


def printable(text: str) -> str:
    """Return a text with a space for each character that shows nothing or that XML cannot write."""
    return UNPRINTABLE.sub(" ", text)


def _point(graph: CreditGraph, name: CredentialId) -> Point:
    return Point(name, graph.title(name), "award" if name in graph.rules else "credential")


def _from(graph: CreditGraph, name: CredentialId) -> Iterator[Arrow]:
    """The edges from one node, by where they lead, and from the closest kind on."""
    stacks = {way.award: way for way in graph.stacks.get(name, ())}
    above = set(graph.ladder.successors(name)) if name in graph.ladder else set()
    asking = set(graph.needs.successors(name)) if name in graph.needs else set()
    for other in sorted({*stacks, *above, *asking}):
        if other in stacks:
            yield _stacking(name, stacks[other])
        if other in above:
            yield Arrow(name, other, "below")
        if other in asking:
            yield Arrow(name, other, "needed-by")


def _stacking(name: CredentialId, way: Stacks) -> Arrow:
    return Arrow(name, way.award, "stacks", way.requirements, way.compulsory)


def _below(
    award: str, node: RequirementNode, above: str
) -> Iterator[tuple[str, RequirementNode, str]]:
    """Each requirement under a name that no credential has, with what it is part of."""
    at = f"{award}#{node.id}"
    yield at, node, above
    for part in node.parts:
        yield from _below(award, part, at)
