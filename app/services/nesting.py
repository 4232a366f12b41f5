"""Nested awards: where the rules come from that another one has in it, and which they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.errors import AuditError
from app.core.model.nesting import Editions, Linked, link, nested_in
from app.core.model.requirement import Take, walk
from app.core.model.rule import RuleEdition
from app.interop.packs import Pack
from app.services.compiling import CatalogueView, Compiler, Ground
from app.services.errors import NotAuditableError
from app.services.ports import Unit
from app.services.stored import NestedEdition


class StoredRules(Mapping[CredentialId, Sequence[RuleEdition]]):
    """The rules that may be nested, by award: published ones, read as they are asked for.

    With `drafts` those of awards that have no published rule yet are among them.
    """

    def __init__(self, unit: Unit, compiler: Compiler, *, drafts: bool = False) -> None:
        """Look rules up in `unit`."""
        self._unit = unit
        self._compiler = compiler
        self._drafts = drafts
        self._known: dict[CredentialId, tuple[RuleEdition, ...]] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def __getitem__(self, award: CredentialId) -> Sequence[RuleEdition]:
        """Return the editions of an award; KeyError where there is none."""
        if award not in self._known:
            self._known[award] = tuple(self._read(award))
        if not self._known[award]:
            raise KeyError(award)
        return self._known[award]

    def __iter__(self) -> Iterator[CredentialId]:
        """Yield every award that has a published rule."""
        return iter(dict.fromkeys(one.award for one in self._unit.editions.published()))

    def __len__(self) -> int:
        """Return how many awards have a published rule."""
        return sum(1 for _ in self)

    def ground(
        self, rule: RuleEdition, sha256: str, view: CatalogueView, policies: Mapping[str, str]
    ) -> Ground:
        """Return what to judge by a rule, with every nested award in it; NotAuditableError."""
        linked = linked_by(rule, self)
        nested = tuple(
            NestedEdition(one.award, one.edition, self._texts[one.award, one.edition])
            for one in linked.nested
        )
        return Ground(linked.rule, sha256, view, policies, nested)

    def _read(self, award: CredentialId) -> Iterator[RuleEdition]:
        entries = self._unit.editions.entries([award])
        published = [one for one in entries if one.status == "published"]
        for one in published or (entries if self._drafts else ()):
            self._texts[one.award, one.edition] = one.sha256
            yield self._compiler.rule(self._unit, one.award, one.edition, one.sha256)


def linked_by(rule: RuleEdition, editions: Editions) -> Linked:
    """Return a rule with every nested award in it; NotAuditableError."""
    try:
        return link(rule, editions)
    except AuditError as cause:
        raise NotAuditableError(cause) from cause


def named_beyond(rule: RuleEdition, catalogue: Catalogue) -> set[CredentialId]:
    """Return what a linked rule takes and its own institution's catalogue does not list."""
    named = (
        name for node in walk(rule.root) if isinstance(node, Take) for name in node.credentials
    )
    return set(named) - set(catalogue.credentials)


def by_award(rules: Iterable[RuleEdition]) -> Editions:
    """Return rules by award."""
    found: dict[CredentialId, list[RuleEdition]] = {}
    for rule in rules:
        found.setdefault(rule.award, []).append(rule)
    return found


def nested_first(rules: Iterable[RuleEdition], name: Callable[[str], str] = str) -> list[str]:
    """Return awards in an order in which each stands behind those that its rules nest.

    With another `name` it is the order of what that says of awards, such as their institutions.
    Awards that nest one another have no such order; they are refused when one is checked.
    """
    needs: dict[str, set[str]] = {}
    for rule in rules:
        own = name(rule.award)
        inside = {name(node.award) for node in nested_in(rule)} - {own}
        needs.setdefault(own, set()).update(inside)
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError:
        return list(needs)


def needed_by(rules: Iterable[RuleEdition], editions: Editions) -> Editions:
    """Return of some editions those that the rules nest, at any depth."""
    found: dict[CredentialId, Sequence[RuleEdition]] = {}
    waiting = list(rules)
    while waiting:
        for node in nested_in(waiting.pop()):
            if node.award not in found:
                found[node.award] = editions.get(node.award, ())
                waiting.extend(found[node.award])
    return found


def nestable(packs: Iterable[Pack]) -> Editions:
    """Return the rules of some packs, by award."""
    files = (file for pack in packs for file in pack.rules.values())
    return by_award(file.edition for file in files if file.edition is not None)
