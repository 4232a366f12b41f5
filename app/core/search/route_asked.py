"""A question about routes as it is asked: terms by their names, costs by an attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId, each_of
from app.core.search.route_request import Difference, Load, Objective, RouteError, RouteRequest
from app.core.search.terms import Term, terms_called

# The attribute that says in which terms a credential is offered, where a catalogue declares it.
OFFERED = "offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAsked:
    """What a caller asks; a term is named in full or by a word of its name, such as `autumn`.

    What is `offered` or costs goes before what the catalogue says: the attribute `offered` has the
    names of terms, and the attribute named by `cost` whole numbers. `out` is a step to do without,
    `into` what has to be taken in its place.
    """

    terms: tuple[Term, ...]
    loads: tuple[Load, ...] = ()
    offered: Mapping[CredentialId, tuple[str, ...]] = field(default_factory=dict)
    together: Mapping[CredentialId, tuple[CredentialId, ...]] = field(default_factory=dict)
    due: Mapping[CredentialId, str] = field(default_factory=dict)
    take: frozenset[CredentialId] = frozenset()
    avoid: frozenset[CredentialId] = frozenset()
    only: frozenset[CredentialId] | None = None
    costs: Mapping[CredentialId, int] = field(default_factory=dict)
    cost: str = ""
    budget: int | None = None
    objectives: tuple[Objective, ...] = ("terms",)
    count: int = 1
    differ: Difference = "credentials"
    out: CredentialId | None = None
    into: CredentialId | None = None

    def request(self, catalogue: Catalogue) -> RouteRequest:
        """Return the question over a catalogue; RouteError where it makes no sense."""
        offered = _stated_offers(catalogue, self.terms)
        offered |= {name: self._places(words) for name, words in self.offered.items()}
        costs = {**_stated_costs(catalogue, self.cost), **self.costs}
        if not costs and (self.budget is not None or "cost" in self.objectives):
            sentence = "nothing says what credentials cost: name an attribute, or give the costs"
            raise RouteError("no-costs", sentence)
        return RouteRequest(
            terms=self.terms,
            loads=self.loads,
            offered=offered,
            together=self.together,
            due={name: max(self._places((word,))) for name, word in self.due.items()},
            take=self.take,
            avoid=self.avoid,
            only=self.only,
            costs=costs,
            budget=self.budget,
            objectives=self.objectives,
            count=self.count,
            differ=self.differ,
        )

    def _places(self, words: Sequence[str]) -> frozenset[int]:
        found: frozenset[int] = frozenset()
        for word in words:
            places = terms_called(word, self.terms)
            if not places:
                names = ", ".join(f"`{term.name}`" for term in self.terms)
                raise RouteError("unknown-term", f"no term is called `{word}`: there are {names}")
            found |= places
        return found


def _stated_offers(
    catalogue: Catalogue, terms: Sequence[Term]
) -> dict[CredentialId, frozenset[int]]:
    """When the catalogue offers what it says that of; a term that nobody asked about is none."""
    if catalogue.attributes.get(OFFERED) != "text":
        return {}
    found = {}
    for name, credential in catalogue.credentials.items():
        words = each_of(credential.attributes.get(OFFERED))
        if words:
            found[name] = frozenset[int]().union(*(terms_called(str(one), terms) for one in words))
    return found


def _stated_costs(catalogue: Catalogue, attribute: str) -> dict[CredentialId, int]:
    if not attribute:
        return {}
    if catalogue.attributes.get(attribute) != "number":
        numbers = sorted(name for name, kind in catalogue.attributes.items() if kind == "number")
        there = ", ".join(f"`{name}`" for name in numbers) or "none"
        sentence = f"the catalogue declares no number `{attribute}`: of numbers there are {there}"
        raise RouteError("unknown-attribute", sentence)
    return {
        name: value
        for name, credential in catalogue.credentials.items()
        if isinstance(value := credential.attributes.get(attribute), int)
    }
