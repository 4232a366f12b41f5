"""A catalogue and its rules to a graph: nodes are credentials, edges say what leads where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from app.core.engine.compiled import may_admit
from app.core.engine.selectors import Terms, equivalents_of
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, each_of
from app.core.model.nesting import Editions, NestingError, link, nested_in
from app.core.model.requirement import (
    Each,
    From,
    Group,
    Nested,
    Requirement,
    Take,
    When,
    parts_of,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import OneOf, Selector, fits, is_pattern

# Facts by which a credential can be looked up rather than tested one by one.
SEVERAL: Mapping[str, Callable[[Credential], Iterable[object]]] = {
    "tag": lambda one: one.tags,
    "outcome": lambda one: one.outcomes,
    "skill": lambda one: one.skills,
}
INDEXED = frozenset({"type", "issuer", "mode", "language", "relation", "size", *SEVERAL})


@dataclass(frozen=True, slots=True)
class Stacks:
    """One way in which a credential counts toward an award."""

    award: CredentialId
    edition: str
    requirements: tuple[str, ...]
    compulsory: bool


@dataclass(frozen=True, slots=True)
class RequirementNode:
    """A requirement with what may fill it, as an award is made of them."""

    id: str
    title: str
    form: str
    need: int | None
    credentials: tuple[CredentialId, ...]
    parts: tuple[RequirementNode, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CreditGraph:
    """The graph, with what every question asks for worked out once.

    `stacks` goes from credentials to awards, `ladder` from awards to higher awards, `needs` from a
    prerequisite to what asks for it. `roots` are the requirements of which `made_of` tells what may
    fill them.
    """

    catalogue: Catalogue
    rules: Mapping[CredentialId, RuleEdition]
    stacks: Mapping[CredentialId, tuple[Stacks, ...]]
    roots: Mapping[CredentialId, Requirement]
    made_of: Mapping[CredentialId, RequirementNode]
    ladder: nx.DiGraph[CredentialId]
    needs: nx.DiGraph[CredentialId]

    def title(self, name: CredentialId) -> str:
        """Return the title of an award or a credential; the id where it has none."""
        if name in self.rules:
            return self.rules[name].title
        known = self.catalogue.credentials.get(name)
        return known.title if known else name


def build_graph(catalogue: Catalogue, rules: Sequence[RuleEdition]) -> CreditGraph:
    """Build the graph of a catalogue; of several editions of an award the latest one stands.

    The policies of a rule are taken to be all that apply to it, its institution's among them.
    """
    latest: dict[CredentialId, RuleEdition] = {}
    editions: dict[CredentialId, list[RuleEdition]] = {}
    for rule in sorted(rules, key=lambda one: one.effective.start):
        latest[rule.award] = rule
        editions.setdefault(rule.award, []).append(rule)
    index = _Index(catalogue)
    stacks: dict[CredentialId, list[Stacks]] = {}
    roots = {award: _whole(rule, editions).root for award, rule in sorted(latest.items())}
    made_of: dict[CredentialId, RequirementNode] = {}
    for award, root in roots.items():
        rule = latest[award]
        tree = _Tree(rule, index)
        made_of[award] = tree.node(root, rule.whole.each, compulsory=True)
        for name, (requirements, compulsory) in sorted(tree.found.items()):
            way = Stacks(award, rule.edition, tuple(requirements), compulsory)
            stacks.setdefault(name, []).append(way)
    return CreditGraph(
        catalogue=catalogue,
        rules=latest,
        stacks={name: tuple(ways) for name, ways in stacks.items()},
        roots=roots,
        made_of=made_of,
        ladder=_ladder(latest, stacks),
        needs=_needs(catalogue),
    )


def _whole(rule: RuleEdition, editions: Editions) -> RuleEdition:
    """The rule with what it nests; as it is written where that cannot be put into it."""
    try:
        return link(rule, editions).rule
    except NestingError:
        return rule


def _needs(catalogue: Catalogue) -> nx.DiGraph[CredentialId]:
    graph: nx.DiGraph[CredentialId] = nx.DiGraph()
    for credential in catalogue.credentials.values():
        graph.add_edges_from((before, credential.id) for before in credential.prerequisites)
    return graph


def _ladder(
    rules: Mapping[CredentialId, RuleEdition], stacks: Mapping[CredentialId, Sequence[Stacks]]
) -> nx.DiGraph[CredentialId]:
    """Award to higher award: it admits or nests it, says that it is below, or admits its parts.

    Or the lower one says that it opens it.
    """
    graph: nx.DiGraph[CredentialId] = nx.DiGraph()
    graph.add_nodes_from(sorted(rules))
    for award, rule in sorted(rules.items()):
        graph.add_edges_from((award, way.award) for way in stacks.get(award, ()))
        graph.add_edges_from((lower, award) for lower in rule.lower if lower in rules)
        opened = (said.award for said in rule.on_award if said.effect == "open")
        graph.add_edges_from((award, higher) for higher in opened if higher in rules)
        graph.add_edges_from((node.award, award) for node in nested_in(rule) if node.award in rules)
    graph.add_edges_from(
        (lower, award)
        for lower, above in sorted(_containing(stacks).items())
        for award in sorted(above)
        if rules[lower].total < rules[award].total
    )
    return graph


def _containing(
    stacks: Mapping[CredentialId, Sequence[Stacks]],
) -> Mapping[CredentialId, set[CredentialId]]:
    """For each award those that admit everything that it admits."""
    found: dict[CredentialId, set[CredentialId]] = {}
    for ways in stacks.values():
        awards = {way.award for way in ways}
        for award in awards:
            found[award] = found[award] & awards if award in found else awards - {award}
    return found


class _Index:
    """Credentials by the facts that selectors name most."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.equivalents = equivalents_of(catalogue)
        self.found: dict[str, dict[object, set[CredentialId]]] = {}

    def candidates(self, selector: Selector) -> Iterable[CredentialId]:
        """The credentials worth a test: those that carry the rarest fact that is asked for."""
        everything: Iterable[CredentialId] = self.catalogue.credentials
        size = len(self.catalogue.credentials)
        for test in selector.tests:
            if not isinstance(test, OneOf):
                continue
            hits = self.hits(test)
            if hits is not None and len(hits) < size:
                everything, size = hits, len(hits)
        return everything

    def hits(self, test: OneOf) -> set[CredentialId] | None:
        if test.key == "credential":
            return self.named(test)
        if test.key in INDEXED or test.key in self.catalogue.attributes:
            found = self.by(test.key)
            return set().union(*(found.get(value, set()) for value in test.values))
        return None

    def by(self, key: str) -> Mapping[object, set[CredentialId]]:
        """The credentials by one fact, listed when it is first asked for."""
        if key not in self.found:
            found = self.found[key] = {}
            for credential in self.catalogue.credentials.values():
                for value in _values(credential, key):
                    found.setdefault(value, set()).add(credential.id)
        return self.found[key]

    def named(self, test: OneOf) -> set[CredentialId] | None:
        values = [str(value) for value in test.values]
        if any(map(is_pattern, values)):
            known = self.catalogue.credentials
            plain = {name for name in known if any(fits(value, name) for value in values)}
        else:
            plain = {CredentialId(value) for value in values if value in self.catalogue.credentials}
        more = set() if test.exactly else {o for n in plain for o in self.equivalents.get(n, ())}
        return plain | more


def _values(credential: Credential, key: str) -> Iterable[object]:
    """What a credential states of a fact: a declared attribute, one of several, or one."""
    if key in SEVERAL:
        return SEVERAL[key](credential)
    if key in INDEXED:
        return (getattr(credential, key),)
    return each_of(credential.attributes.get(key))


class _Tree:
    """The requirements of one rule, each with the credentials that may fill it."""

    def __init__(self, rule: RuleEdition, index: _Index) -> None:
        self.index = index
        self.found: dict[CredentialId, tuple[tuple[str, ...], bool]] = {}
        self.terms = Terms(
            catalogue=index.catalogue,
            unit=rule.unit,
            level_reading=rule.policies.get("level", ""),
            scale=None,
            conversion=None,
            equivalents=index.equivalents,
        )

    def node(
        self, node: Requirement, each: tuple[Each, ...], *, compulsory: bool
    ) -> RequirementNode:
        each = (*each, *node.qualifiers.each)
        compulsory = compulsory and not node.optional
        if isinstance(node, Group):
            every = compulsory and node.need is None
            parts = tuple(self.node(part, each, compulsory=every) for part in node.parts)
            form = "all" if node.need is None else "some"
            return RequirementNode(node.id, node.title, form, node.need, (), parts)
        if isinstance(node, When):
            parts = tuple(self.node(part, each, compulsory=False) for part in parts_of(node))
            return RequirementNode(node.id, node.title, "when", None, (), parts)
        if isinstance(node, Take):
            filled = self.taken(node)
            self.count(node.id, filled, compulsory=compulsory)
            return RequirementNode(node.id, node.title, "take", len(node.credentials), filled)
        if isinstance(node, From):
            filled = tuple(sorted(self.admitted(node.selector, each)))
            self.count(node.id, filled, compulsory=False)
            counted = node.quantity.measure == "choose" and not node.quantity.fact
            need = node.quantity.low if counted else None
            return RequirementNode(node.id, node.title, node.quantity.measure, need, filled)
        form = "award" if isinstance(node, Nested) else "step"
        return RequirementNode(node.id, node.title, form, None, ())

    def taken(self, node: Take) -> tuple[CredentialId, ...]:
        known = self.index.catalogue.credentials
        listed = [name for name in node.credentials if name in known]
        others = {other for name in listed for other in self.index.equivalents.get(name, ())}
        return (*listed, *sorted(others - set(listed)))

    def admitted(self, selector: Selector, each: tuple[Each, ...]) -> Iterator[CredentialId]:
        for name in self.index.candidates(selector):
            credential = self.index.catalogue.credentials[name]
            if self.may(selector, credential) and all(self.keeps(one, credential) for one in each):
                yield name

    def keeps(self, each: Each, credential: Credential) -> bool:
        # Where it is open whether the condition applies, the credential may still count.
        applies = may_admit(each.selector, credential, self.terms) is True
        return not applies or self.may(each.must, credential)

    def may(self, selector: Selector, credential: Credential) -> bool:
        return may_admit(selector, credential, self.terms) is not False

    def count(self, requirement: str, filled: Iterable[CredentialId], *, compulsory: bool) -> None:
        own = ((requirement,), compulsory)
        for name in filled:
            if name not in self.found:
                self.found[name] = own
                continue
            before, already = self.found[name]
            # One that is listed and stands for another one fills the same requirement twice.
            named = before if requirement in before else (*before, requirement)
            self.found[name] = named, already or compulsory
