"""DOT, Mermaid and JSON of the graph: what stands in a title breaks none of them."""

from __future__ import annotations

import html
import json
import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph.drawing import Arrow, Drawing, Point, draw_award, draw_whole, printable
from app.interop.graph_forms import write_drawing
from app.interop.graph_mermaid import MOST_EDGES, MOST_TEXT, TooLargeError
from tests.core.graph.test_graphml import AWKWARD, small

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
ENTITY = re.compile(r"#(\d+);")


def of_title(title: str) -> Drawing:
    return Drawing(
        (Point("a", title, "credential"), Point("b", "B", "award")), (Arrow("a", "b", "stacks"),)
    )


def from_dot(quoted: str) -> str:
    """What Graphviz shows for a label: backslashes escape, and HTML's characters are read."""
    read = re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), quoted)
    return re.sub(r"&#?\w+;", lambda found: html.unescape(found[0]), read)


@given(st.text() | st.sampled_from((AWKWARD, "R&amp;D &lt;b&gt; &#38;copy; & more;")))
def test_a_title_survives_dot(title: str) -> None:
    lines = write_drawing(of_title(title), "dot").split("\n")
    assert lines[:2] == ["digraph cairn {", "  rankdir=LR;"]
    assert lines[4:] == ['  "a" -> "b" [class="stacks", style=solid];', "}", ""]
    point = re.fullmatch(rf'  "a" \[label={QUOTED.pattern}, shape=ellipse\];', lines[2])
    assert point
    assert from_dot(point[1]) == printable(title)


@given(st.text() | st.just(AWKWARD))
def test_a_title_survives_mermaid(title: str) -> None:
    lines = write_drawing(of_title(title), "mermaid").split("\n")
    assert (lines[0], lines[2:]) == ("flowchart LR", ['  n1[["B"]]', "  n0 --> n1", ""])
    point = re.fullmatch(r'  n0\(\["([^"<>&`\[\]{}|:]+)"\]\)', lines[1])
    assert point
    shown = ENTITY.sub(lambda found: chr(int(found[1])), point[1])
    assert shown == (printable(title).replace("\n", " ") or " ")


@pytest.mark.parametrize("award", ["", "cert"])
def test_json_is_read_as_node_link(award: str) -> None:
    drawing = draw_award(small(), award) if award else draw_whole(small())
    found = nx.node_link_graph(json.loads(write_drawing(drawing, "json")), edges="edges")
    assert isinstance(found, nx.MultiDiGraph)
    assert {name: one["title"] for name, one in found.nodes(data=True)} == {
        one.id: one.title for one in drawing.points
    }
    assert sorted(found.edges(keys=True)) == sorted(
        (one.source, one.target, one.kind) for one in drawing.arrows
    )


def test_mermaid_refuses_what_it_would_not_draw_and_names_the_limit() -> None:
    points = tuple(Point(f"p{at}", "P", "credential") for at in range(MOST_EDGES + 2))
    arrows = tuple(Arrow("p0", one.id, "needed-by") for one in points[1:])
    says = "Mermaid draws at most 500 edges, and here are 501"
    with pytest.raises(TooLargeError, match=says) as refused:
        write_drawing(Drawing(points, arrows), "mermaid")
    assert refused.value.remedy == "name one award, or take another form"
    assert len(write_drawing(Drawing(points, arrows[1:]), "mermaid")) < MOST_TEXT
    long = Drawing((Point("a", "x" * MOST_TEXT, "credential"),), ())
    with pytest.raises(TooLargeError, match="at most 50,000 characters"):
        write_drawing(long, "mermaid")
    assert len(write_drawing(long, "dot")) > MOST_TEXT
