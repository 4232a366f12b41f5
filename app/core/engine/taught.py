"""Quantities of every outcome there is: which these are is for the catalogue to say."""

from __future__ import annotations

from dataclasses import replace

from app.core.engine.compiled import may_admit
from app.core.engine.selectors import Terms
from app.core.model.requirement import From, Group, Requirement, When, walk
from app.core.model.rule import RuleEdition
from app.core.model.selector import Selector


def with_outcomes(rule: RuleEdition, terms: Terms) -> RuleEdition:
    """Return a rule that lists the outcomes where it asks for all that its credentials teach."""
    if not any(_asks_for_all(node) for node in walk(rule.root)):
        return rule
    return replace(rule, root=_listing(rule.root, terms))


def _asks_for_all(node: Requirement) -> bool:
    return isinstance(node, From) and node.quantity.every


def _listing(node: Requirement, terms: Terms) -> Requirement:
    match node:
        case From() if node.quantity.every:
            taught = _taught(node.selector, terms)
            return replace(node, quantity=replace(node.quantity, low=len(taught), only=taught))
        case Group():
            return replace(node, parts=tuple([_listing(part, terms) for part in node.parts]))
        case When():
            otherwise = None if node.otherwise is None else _listing(node.otherwise, terms)
            return replace(node, then=_listing(node.then, terms), otherwise=otherwise)
        case _:
            return node


def _taught(selector: Selector, terms: Terms) -> tuple[str, ...]:
    """The outcomes of the catalogue's credentials that a selector does not refuse for certain."""
    found = (
        credential.outcomes
        for credential in terms.catalogue.credentials.values()
        if may_admit(selector, credential, terms) is not False
    )
    return tuple(sorted({outcome for several in found for outcome in several}))
