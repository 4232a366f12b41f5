"""Drawings of the graph, and GraphML that other tools read."""

from __future__ import annotations

import io
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph.build import CreditGraph, build_graph
from app.core.graph.drawing import Drawing, draw_award, draw_whole, printable
from app.core.graph.graphml import to_graphml
from app.core.graph.questions import UnknownNodeError
from app.core.model.credential import CredentialId
from tests.core.engine.builders import catalogue, choose, credential, every, rule, tagged, take

AWKWARD = 'Say "so" ] < & > #quot; \\n | `end`\nand %% {more} é'


def small(title: str = AWKWARD) -> CreditGraph:
    """A certificate that counts in a diploma, and a credential that needs another one."""
    known = [
        replace(credential("a"), title=title),
        replace(credential("b", 4, "x"), prerequisites=(CredentialId("a"), CredentialId("far"))),
        credential("cert"),
    ]
    cert = rule(every(take("core", "a"), choose("one", 1, tagged("x"))), award="cert")
    return build_graph(catalogue(*known), [cert, rule(take("core", "cert", "a"), award="dip")])


def read(text: str) -> nx.MultiDiGraph[str]:
    found = nx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
    assert isinstance(found, nx.MultiDiGraph)
    return found


def as_read(drawing: Drawing) -> tuple[dict[str, tuple[str, str]], list[tuple[str, str, str]]]:
    points = {one.id: (printable(one.title), str(one.kind)) for one in drawing.points}
    return points, sorted((one.source, one.target, one.kind) for one in drawing.arrows)


@pytest.mark.parametrize("award", ["", "cert", "dip"])
def test_graphml_is_read_back_as_it_was_drawn(award: str) -> None:
    drawing = draw_award(small(), award) if award else draw_whole(small())
    found = read(to_graphml(drawing))
    points = {name: (one["title"], one["kind"]) for name, one in found.nodes(data=True)}
    arrows = sorted((*ends, one["kind"]) for *ends, one in found.edges(data=True))
    assert (points, arrows) == as_read(drawing)


@given(st.text())
def test_any_title_can_be_written(title: str) -> None:
    found = read(to_graphml(draw_whole(small(title))))
    assert found.nodes["a"]["title"] == printable(title)


def test_the_whole_has_every_edge_once_and_in_order() -> None:
    drawing = draw_whole(small())
    assert [one.id for one in drawing.points] == ["a", "b", "cert", "dip", "far"]
    assert [(one.source, one.target, one.kind) for one in drawing.arrows] == [
        ("a", "b", "needed-by"),
        ("a", "cert", "stacks"),
        ("a", "dip", "stacks"),
        ("b", "cert", "stacks"),
        ("cert", "dip", "stacks"),
        ("cert", "dip", "below"),
        ("far", "b", "needed-by"),
    ]
    found = read(to_graphml(drawing)).get_edge_data("a", "cert")
    assert [*found.values()] == [{"kind": "stacks", "requirements": "core", "compulsory": True}]


def test_an_award_is_drawn_with_its_requirements_and_what_fills_them() -> None:
    drawing = draw_award(small(), "cert")
    assert [one.id for one in drawing.points] == [
        *("cert", "cert#require", "cert#core", "cert#one", "a", "b"),
    ]
    assert [(one.source, one.target, one.kind) for one in drawing.arrows] == [
        ("cert#require", "cert", "part-of"),
        ("cert#core", "cert#require", "part-of"),
        ("cert#one", "cert#require", "part-of"),
        ("a", "cert#core", "fills"),
        ("b", "cert#one", "fills"),
    ]
    assert [(one.form, one.need) for one in drawing.points[1:4]] == [
        ("all", None),
        ("take", 1),
        ("choose", 1),
    ]


def test_an_unknown_award_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNodeError) as unknown:
        draw_award(small(), "certt")
    assert unknown.value.remedy == "did you mean `cert`?"
