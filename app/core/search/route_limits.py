"""What binds a route beside the rules of its awards, each limit a thing that can be left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, TypeAlias

from app.core.engine.limits import Linear
from app.core.model.credential import CredentialId
from app.core.search.route_request import Load

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

LimitKind = Literal[
    "offered", "deadline", "prerequisite", "corequisite", "load", "take", "avoid", "only", "budget"
]


class Steps(Protocol):
    """A route as limits see it; `at` says whether a credential is taken in a term, or at all."""

    cp: CpModel
    at: dict[CredentialId, list[Linear]]
    taken: dict[CredentialId, Linear]
    count: int
    costs: Mapping[CredentialId, int]
    sizes: Mapping[CredentialId, int]
    unit: int

    def before(self, names: Iterable[CredentialId], term: int) -> Linear:
        """How many of some credentials are taken before a term."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A credential can be taken in these terms only; in none where nobody offers it."""

    kind: ClassVar[LimitKind] = "offered"
    credential: CredentialId
    terms: frozenset[int]

    def state(self, steps: Steps) -> None:
        """Bind a route."""
        for term, flag in enumerate(steps.at[self.credential]):
            if term not in self.terms:
                steps.cp.add(flag == 0)


@dataclass(frozen=True, slots=True)
class Due:
    """A credential can be taken up to a term."""

    kind: ClassVar[LimitKind] = "deadline"
    credential: CredentialId
    last: int

    def state(self, steps: Steps) -> None:
        """Bind a route."""
        for flag in steps.at[self.credential][self.last + 1 :]:
            steps.cp.add(flag == 0)


@dataclass(frozen=True, slots=True)
class Needs:
    """Before a credential its prerequisite, or what is equivalent to it, is earned.

    From the term `held` on it is there already. In the `same` term is early enough for a
    corequisite.
    """

    credential: CredentialId
    other: CredentialId
    ways: tuple[CredentialId, ...]
    held: int | None
    same: bool = False

    @property
    def kind(self) -> LimitKind:
        """What limit it is."""
        return "corequisite" if self.same else "prerequisite"

    def state(self, steps: Steps) -> None:
        """Bind a route."""
        ways = [name for name in self.ways if name in steps.at]
        terms = steps.count
        for term in range(terms if self.held is None else min(self.held, terms)):
            earlier = steps.before(ways, term + self.same)
            steps.cp.add(steps.before([self.credential], term + 1) <= earlier)


@dataclass(frozen=True, slots=True)
class Loaded:
    """In each term at most so much is taken."""

    kind: ClassVar[LimitKind] = "load"
    load: Load

    def state(self, steps: Steps) -> None:
        """Bind a route."""
        by_credits = self.load.measure == "credits"
        for term, most in enumerate(self.load.most[: steps.count]):
            if most is None:
                continue
            top = most // steps.unit if by_credits else most
            sizes = {
                name: steps.sizes[name] // steps.unit if by_credits else 1 for name in steps.at
            }
            load = sum(size * steps.at[name][term] for name, size in sizes.items())
            steps.cp.add(load <= min(top, sum(sizes.values())))


@dataclass(frozen=True, slots=True)
class Wished:
    """A credential has to be taken, or must not be."""

    credential: CredentialId
    take: bool

    @property
    def kind(self) -> LimitKind:
        """What limit it is."""
        return "take" if self.take else "avoid"

    def state(self, steps: Steps) -> None:
        """Bind a route."""
        steps.cp.add(steps.taken[self.credential] == int(self.take))


@dataclass(frozen=True, slots=True)
class Only:
    """Nothing but some credentials may be taken."""

    kind: ClassVar[LimitKind] = "only"
    names: frozenset[CredentialId]

    def state(self, steps: Steps) -> None:
        """Bind a route."""
        for name, flag in steps.taken.items():
            if name not in self.names:
                steps.cp.add(flag == 0)


@dataclass(frozen=True, slots=True)
class Budget:
    """All steps together cost at most so much."""

    kind: ClassVar[LimitKind] = "budget"
    most: int

    def state(self, steps: Steps) -> None:
        """Bind a route."""
        costs = (steps.costs.get(name, 0) * flag for name, flag in steps.taken.items())
        steps.cp.add(sum(costs) <= self.most)


Limit: TypeAlias = Offered | Due | Needs | Loaded | Wished | Only | Budget
