"""The credit graph of what is published: what leads where, and what awards are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from app.core.graph.build import CreditGraph, RequirementNode, build_graph
from app.core.graph.drawing import draw_award, draw_whole
from app.core.graph.questions import (
    Lead,
    UnknownNodeError,
    leads_to,
    made_of,
    prerequisites_of,
)
from app.core.graph.whole import Insight, insight
from app.core.model.credential import CredentialId
from app.interop.graph_forms import write_drawing
from app.interop.graph_json import Form
from app.interop.graph_mermaid import TooLargeError
from app.interop.packs import merge_catalogues
from app.services.basis import institution_of
from app.services.bounded import Bounded
from app.services.compiling import Compiler, Mark, mark_of, with_policies
from app.services.errors import (
    BadLimitError,
    UnknownAwardError,
    UnknownCredentialError,
)
from app.services.graph_errors import TooLargeToDrawError
from app.services.paging import MOST_LISTED
from app.services.ports import Storage, Unit

KEPT = 2
Answer = TypeVar("Answer")


class Shown(NamedTuple):
    """What the whole shows, and what gives titles to what it names."""

    insight: Insight
    title: Callable[[CredentialId], str]


class GraphService:
    """Answers questions about the whole; the graph is built anew when the catalogue has changed."""

    def __init__(self, storage: Storage, compiler: Compiler) -> None:
        """Keep where things are stored."""
        self._storage = storage
        self._compiler = compiler
        self._graphs: Bounded[Mark, CreditGraph] = Bounded(KEPT)
        self._insights: Bounded[Mark, Insight] = Bounded(KEPT)

    def leads_to(self, credential: str) -> tuple[Lead, ...]:
        """Return every award that a credential can become part of, through how many steps."""
        return self._of_credential(leads_to, credential)

    def prerequisites(self, credential: str) -> tuple[CredentialId, ...]:
        """Return what has to be held before a credential can be taken."""
        return self._of_credential(prerequisites_of, credential)

    def made_of(self, award: str) -> RequirementNode:
        """Return an award's requirements with what may fill each."""
        graph = self.graph()
        try:
            return made_of(graph, award)
        except UnknownNodeError as unknown:
            raise UnknownAwardError(award, graph.made_of) from unknown

    def insight(self, limit: int) -> Shown:
        """Return what only the whole shows; it is worked out when it is first asked for."""
        if not 1 <= limit <= MOST_LISTED:
            raise BadLimitError(limit, MOST_LISTED)
        mark, graph = self._marked()
        return Shown(self._insights.get(mark, lambda: insight(graph)), graph.title)

    def export(self, form: Form, award: str | None) -> str:
        """Return the whole graph in a form, or one award with what it is made of."""
        graph = self.graph()
        try:
            drawing = draw_whole(graph) if award is None else draw_award(graph, award)
            return write_drawing(drawing, form)
        except UnknownNodeError as unknown:
            raise UnknownAwardError(unknown.name, graph.made_of) from unknown
        except TooLargeError as large:
            found = str(large), large.remedy, large.found, large.most
            raise TooLargeToDrawError(*found) from large

    def graph(self) -> CreditGraph:
        """Return the graph of what is published now."""
        return self._marked()[1]

    def _marked(self) -> tuple[Mark, CreditGraph]:
        with self._storage.reading() as unit:
            mark = mark_of(unit)
            return mark, self._graphs.get(mark, lambda: self._build(unit))

    def _of_credential(self, ask: Callable[[CreditGraph, str], Answer], credential: str) -> Answer:
        graph = self.graph()
        try:
            return ask(graph, credential)
        except UnknownNodeError as unknown:
            raise UnknownCredentialError(credential, graph.catalogue.credentials) from unknown

    def _build(self, unit: Unit) -> CreditGraph:
        views = [self._compiler.view(unit, one.id) for one in unit.catalogue.institutions()]
        policies = {view.institution: unit.catalogue.policies(view.institution) for view in views}
        rules = [
            with_policies(
                self._compiler.rule(unit, one.award, one.edition, one.sha256),
                policies.get(institution_of(one.award), {}),
            )
            for one in unit.editions.published()
        ]
        return build_graph(merge_catalogues([view.catalogue for view in views]), rules)
