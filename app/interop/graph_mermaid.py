"""A drawing as a Mermaid flowchart, for documents."""

from __future__ import annotations

from app.core.graph.drawing import Arrow, ArrowKind, Drawing, Point, PointKind, printable

# What Mermaid draws as it is set up: `maxEdges` and `maxTextSize` of its configuration.
MOST_EDGES = 500
MOST_TEXT = 50_000

SHAPES: dict[PointKind, tuple[str, str]] = {
    "credential": ("([", "])"),
    "award": ("[[", "]]"),
    "requirement": ("[", "]"),
}
LINES: dict[ArrowKind, str] = {
    "stacks": "-->",
    "below": "==>",
    "needed-by": "-.->",
    "fills": "-->",
    "part-of": "==>",
}
# Not the colon: after `style` and a colon Mermaid takes the end of a number for that of a line.
PLAIN = frozenset(" .,'/-")


class TooLargeError(ValueError):
    """A drawing that Mermaid would refuse to draw."""

    def __init__(self, what: str, found: int, most: int) -> None:
        """Name the limit, and what would work."""
        self.found = found
        self.most = most
        self.remedy = "name one award, or take another form"
        super().__init__(f"Mermaid draws at most {most:,} {what}, and here are {found:,}")


def to_mermaid(drawing: Drawing) -> str:
    """Return the text of a flowchart; TooLargeError."""
    if len(drawing.arrows) > MOST_EDGES:
        raise TooLargeError("edges", len(drawing.arrows), MOST_EDGES)
    names = {point.id: f"n{number}" for number, point in enumerate(drawing.points)}
    points = (_point(names[point.id], point) for point in drawing.points)
    arrows = (_arrow(names, arrow) for arrow in drawing.arrows)
    text = "\n".join(("flowchart LR", *points, *arrows, ""))
    if len(text) > MOST_TEXT:
        raise TooLargeError("characters", len(text), MOST_TEXT)
    return text


def _point(name: str, point: Point) -> str:
    begin, end = SHAPES[point.kind]
    # Mermaid cannot read a text of nothing.
    return f'  {name}{begin}"{_escaped(point.title) or " "}"{end}'


def _arrow(names: dict[str, str], arrow: Arrow) -> str:
    return f"  {names[arrow.source]} {LINES[arrow.kind]} {names[arrow.target]}"


def _escaped(text: str) -> str:
    """Whatever may mean something to Mermaid, to Markdown or to HTML, by its number."""
    return "".join(
        one if one.isalnum() or one in PLAIN or not one.isascii() else f"#{ord(one)};"
        for one in printable(text).replace("\n", " ")
    )
