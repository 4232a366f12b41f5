"""What the graph is asked: where a credential leads, what comes before, what makes an award."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx

from app.core.graph.build import CreditGraph, RequirementNode, Stacks
from app.core.language.diagnostics import did_you_mean, shorten
from app.core.model.credential import CredentialId


class UnknownNodeError(LookupError):
    """The graph has no such credential or award."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        """Name it, with the nearest that there is."""
        self.name = name
        self.remedy = did_you_mean(name, known)
        super().__init__(f"there is no {kind} `{shorten(name)}`")


@dataclass(frozen=True, slots=True)
class Lead:
    """An award that a credential can become part of, in `steps`, by the awards on the way.

    `ways` says how the credential counts toward the first award on the way.
    """

    award: CredentialId
    title: str
    steps: int
    by: tuple[CredentialId, ...]
    ways: tuple[Stacks, ...]


def leads_to(graph: CreditGraph, credential: str) -> tuple[Lead, ...]:
    """Return every award that a credential can become part of, nearest first."""
    name = _known(graph, credential)
    came: dict[CredentialId, tuple[CredentialId, ...]] = {}
    waiting: deque[CredentialId] = deque()
    first = [way.award for way in graph.stacks.get(name, ())]
    first += sorted(graph.ladder.successors(name)) if name in graph.ladder else []
    for award in first:
        if award not in came and award != name:
            came[award] = ()
            waiting.append(award)
    while waiting:
        at = waiting.popleft()
        for award in sorted(graph.ladder.successors(at)):
            if award not in came and award != name:
                came[award] = (*came[at], at)
                waiting.append(award)
    return tuple(_lead(graph, name, award, by) for award, by in came.items())


def _lead(
    graph: CreditGraph, name: CredentialId, award: CredentialId, by: tuple[CredentialId, ...]
) -> Lead:
    first = by[0] if by else award
    ways = tuple(way for way in graph.stacks.get(name, ()) if way.award == first)
    return Lead(award, graph.rules[award].title, len(by) + 1, by, ways)


def made_of(graph: CreditGraph, award: str) -> RequirementNode:
    """Return the requirements of an award, each with the credentials that may fill it."""
    if award not in graph.rules:
        raise UnknownNodeError("award", award, graph.rules)
    return graph.made_of[CredentialId(award)]


def prerequisites_of(graph: CreditGraph, credential: str) -> tuple[CredentialId, ...]:
    """Return all that comes before a credential, directly or not."""
    name = _known(graph, credential)
    return tuple(sorted(nx.ancestors(graph.needs, name))) if name in graph.needs else ()


def _known(graph: CreditGraph, credential: str) -> CredentialId:
    if credential not in graph.catalogue.credentials and credential not in graph.rules:
        raise UnknownNodeError("credential", credential, graph.catalogue.credentials)
    return CredentialId(credential)
