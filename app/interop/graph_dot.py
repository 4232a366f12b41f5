"""A drawing in the DOT language of Graphviz."""

from __future__ import annotations

import re

from app.core.graph.drawing import Arrow, ArrowKind, Drawing, Point, PointKind, printable

ENTITY = re.compile(r"&(?=#?\w+;)")
SHAPES: dict[PointKind, str] = {"credential": "ellipse", "award": "box", "requirement": "note"}
STYLES: dict[ArrowKind, str] = {
    "stacks": "solid",
    "below": "bold",
    "needed-by": "dashed",
    "fills": "solid",
    "part-of": "bold",
}


def to_dot(drawing: Drawing) -> str:
    """Return the text of a DOT file; the kind of each arrow stands as its class, and as a style."""
    lines = (*map(_point, drawing.points), *map(_arrow, drawing.arrows))
    return "\n".join(("digraph cairn {", "  rankdir=LR;", *lines, "}", ""))


def _point(point: Point) -> str:
    # In labels Graphviz reads what looks like a character of HTML as that.
    label = _quoted(ENTITY.sub("&amp;", point.title))
    return f"  {_quoted(point.id)} [label={label}, shape={SHAPES[point.kind]}];"


def _arrow(arrow: Arrow) -> str:
    said = f"class={_quoted(arrow.kind)}, style={STYLES[arrow.kind]}"
    return f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)} [{said}];"


def _quoted(text: str) -> str:
    """A quoted string; in labels a backslash begins an escape, so that one stands for itself."""
    return f'"{"".join(map(_escaped, printable(text)))}"'


def _escaped(one: str) -> str:
    return {"\\": "\\\\", '"': '\\"', "\n": "\\n"}.get(one, one)
