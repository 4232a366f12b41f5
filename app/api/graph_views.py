"""The documented shape of what is answered about the credit graph."""

from __future__ import annotations

from typing import Any, Generic, Literal

from pydantic import Field

from app.api.views import Absent, Item, View


class WayView(View):
    """How a credential counts toward an award."""

    award: str
    edition: str
    requirements: list[str]
    compulsory: bool


class LeadView(View):
    """An award that a credential can become part of, in `steps`, by the awards on the way."""

    award: str
    title: str
    steps: int
    by: list[str]
    ways: list[WayView]


class LeadsToView(View):
    """Where a credential leads, nearest first; `cairn graph leads-to` prints the same."""

    credential: str
    leads_to: list[LeadView]


class PrerequisitesView(View):
    """All that comes before a credential, directly or not, by id."""

    credential: str
    prerequisites: list[str]


class NodeView(View):
    """A requirement with what may fill it, and its parts."""

    id: str
    title: str
    form: str
    need: int | None
    credentials: list[str]
    parts: list[NodeView]


class MadeOfView(View):
    """What an award is made of; `cairn graph made-of --format json` prints the same."""

    award: str
    made_of: NodeView


class PointView(View):
    """A credential, an award or a requirement."""

    id: str
    title: str
    kind: Literal["credential", "award", "requirement"]
    form: str | Absent = Field(default=None, description="Of requirements: what kind it is.")
    need: int | Absent | None = Field(
        default=None, description="How many of its parts, or of its credentials."
    )


class ArrowView(View):
    """From what leads on to where it leads."""

    source: str
    target: str
    key: Literal["stacks", "below", "needed-by", "fills", "part-of"]
    requirements: list[str] | Absent = Field(
        default=None, description="Of what stacks: the requirements toward which it counts."
    )
    compulsory: bool | Absent = Field(default=None, description="Of what stacks.")


class DrawingView(View):
    """A graph in the node-link format; `cairn graph export` prints the same."""

    directed: Literal[True]
    multigraph: Literal[True]
    graph: dict[str, Any]
    nodes: list[PointView]
    edges: list[ArrowView]


class FirstView(View, Generic[Item]):
    """How many there are, and the first of them."""

    count: int
    first: list[Item]


class TowardView(View):
    """Of how many awards, and of how many other credentials, it is said."""

    id: str
    title: str
    awards: int
    credentials: int


class PlaceView(View):
    """Where a credential stands among prerequisites."""

    id: str
    title: str
    delay: int = Field(description="How many steps the longest path through it has.")
    blocking: int = Field(description="How many credentials ask for it, directly or not.")


class UnreachableView(View):
    """An award that nobody can reach, by what lacks supply."""

    id: str
    title: str
    requirements: list[str]
    prerequisites: list[str]


class TowardsView(FirstView[TowardView]):
    """Credentials and awards, by toward how many something is said of them."""


class PlacesView(FirstView[PlaceView]):
    """Credentials by where they stand among prerequisites."""


class UnreachablesView(FirstView[UnreachableView]):
    """Awards that nobody can reach."""


class NamesView(FirstView[str]):
    """Credentials, by id."""


class ChainsView(FirstView[list[str]]):
    """Chains or rounds of ids."""


class InsightView(View):
    """What the catalogue shows as a whole; `cairn graph insight --format json` prints the same."""

    credentials: int
    awards: int
    reach: TowardsView = Field(description="What each leads to, the most first.")
    bottlenecks: TowardsView = Field(
        description="What there is no way round, toward the most first."
    )
    delay: PlacesView = Field(description="The longest delay first.")
    blocking: PlacesView = Field(description="What blocks most first.")
    ladders: ChainsView = Field(
        description="The longest to each award that is below no other, longest first."
    )
    unreachable: UnreachablesView
    dead_ends: NamesView = Field(description="Credentials that count toward no award.")
    orphans: NamesView = Field(description="Dead ends without any prerequisite's link.")
    prerequisite_cycles: ChainsView = Field(description="One round through each.")
    award_cycles: ChainsView = Field(description="One round through each.")
