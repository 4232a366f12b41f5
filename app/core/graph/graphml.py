"""A drawing as GraphML, which most tools for graphs read."""

from __future__ import annotations

import networkx as nx

from app.core.graph.drawing import Drawing, printable

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def to_graphml(drawing: Drawing) -> str:
    """Return the text of a GraphML file; several requirements of one arrow stand in one text."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for point in drawing.points:
        asks = {"form": point.form} if point.form else {}
        need = {} if point.need is None else {"need": point.need}
        title = printable(point.title)
        graph.add_node(point.id, title=title, kind=point.kind, **asks, **need)
    for number, arrow in enumerate(drawing.arrows):
        said = (
            {"requirements": " ".join(arrow.requirements), "compulsory": arrow.compulsory}
            if arrow.kind == "stacks"
            else {}
        )
        graph.add_edge(arrow.source, arrow.target, key=f"e{number}", kind=arrow.kind, **said)
    return "\n".join((DECLARATION, *nx.generate_graphml(graph), ""))
