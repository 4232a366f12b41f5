"""What a catalogue shows as a whole, in linear time: cycles, dead ends, the longest ladder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import networkx as nx

from app.core.model.credential import CredentialId


@dataclass(frozen=True, slots=True)
class Insight:
    """What a catalogue shows as a whole; a cycle is told by one round through it."""

    credentials: int
    awards: int
    prerequisite_cycles: tuple[tuple[CredentialId, ...], ...]
    award_cycles: tuple[tuple[CredentialId, ...], ...]
    dead_ends: tuple[CredentialId, ...]
    orphans: tuple[CredentialId, ...]
    longest_ladder: tuple[CredentialId, ...]


def look(
    credentials: Collection[CredentialId],
    stacking: Collection[CredentialId],
    ladder: nx.DiGraph[CredentialId],
    needs: nx.DiGraph[CredentialId],
) -> Insight:
    """Return the insight; `stacking` are the credentials that count toward some award."""
    dead = tuple(n for n in sorted(credentials) if n not in ladder and n not in stacking)
    return Insight(
        credentials=len(credentials),
        awards=len(ladder),
        prerequisite_cycles=_cycles(needs),
        award_cycles=_cycles(ladder),
        dead_ends=dead,
        orphans=tuple(name for name in dead if name not in needs),
        longest_ladder=_longest(ladder),
    )


def _cycles(graph: nx.DiGraph[CredentialId]) -> tuple[tuple[CredentialId, ...], ...]:
    """One round a strongly connected part; all rounds may be more than anybody could read."""
    found = []
    for part in nx.strongly_connected_components(graph):
        inside = graph.subgraph(sorted(part))
        if len(part) > 1 or any(inside.has_edge(one, one) for one in part):
            edges = nx.find_cycle(inside, min(part))
            found.append(tuple(edge[0] for edge in edges))
    return tuple(sorted(found))


def _longest(graph: nx.DiGraph[CredentialId]) -> tuple[CredentialId, ...]:
    """The longest chain of awards; awards in a round stand for one step."""
    if not graph:
        return ()
    condensed = nx.condensation(graph)
    longest = nx.dag_longest_path(condensed)
    return tuple(min(condensed.nodes[part]["members"]) for part in longest)
