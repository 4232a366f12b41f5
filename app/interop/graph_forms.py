"""The forms in which the credit graph is written for other tools."""

from __future__ import annotations

import json
from typing import Any

from app.core.graph.drawing import Arrow, Drawing, Point
from app.core.graph.graphml import to_graphml
from app.interop.graph_dot import to_dot
from app.interop.graph_json import Form
from app.interop.graph_mermaid import to_mermaid

Plain = dict[str, Any]


def write_drawing(drawing: Drawing, form: Form) -> str:
    """Return a drawing in a form; TooLargeError where Mermaid would not draw it."""
    match form:
        case "graphml":
            return to_graphml(drawing)
        case "dot":
            return to_dot(drawing)
        case "mermaid":
            return to_mermaid(drawing)
        case "json":
            return json.dumps(drawing_to_plain(drawing), ensure_ascii=False, indent=1) + "\n"


def drawing_to_plain(drawing: Drawing) -> Plain:
    """Return a drawing as the node-link format has it, which networkx and D3 read."""
    return {
        "directed": True,
        "multigraph": True,
        "graph": {},
        "nodes": [_point(one) for one in drawing.points],
        "edges": [_arrow(one) for one in drawing.arrows],
    }


def _point(point: Point) -> Plain:
    asks = {"form": point.form, "need": point.need} if point.kind == "requirement" else {}
    return {"id": point.id, "title": point.title, "kind": point.kind, **asks}


def _arrow(arrow: Arrow) -> Plain:
    said = (
        {"requirements": list(arrow.requirements), "compulsory": arrow.compulsory}
        if arrow.kind == "stacks"
        else {}
    )
    return {"source": arrow.source, "target": arrow.target, "key": arrow.kind, **said}
