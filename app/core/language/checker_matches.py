"""Which credentials of a catalogue a selector may admit, whatever a learner brings.

True and False are final; None leaves it to the learner's own facts (docs/solver.md §3).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import assert_never

from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, Fact, each_of
from app.core.model.credits import ConversionPolicy, Credits
from app.core.model.level import level_in
from app.core.model.requirement import From, Requirement, Take
from app.core.model.selector import (
    ACHIEVEMENT_KEYS,
    AgeTest,
    AnyOf,
    CreditTest,
    DateTest,
    ForWhom,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    OwnTest,
    RangeTest,
    Selector,
    Test,
    fits,
    is_pattern,
)

SEVERAL: Mapping[str, str] = {
    "field": "fields",
    "tag": "tags",
    "outcome": "outcomes",
    "skill": "skills",
}
SINGLE = ("type", "issuer", "mode", "language", "relation", "size")


@dataclass(frozen=True)
class Matches:
    """Looks credentials up by selector; each selector is judged over the catalogue once."""

    catalogue: Catalogue
    unit: str
    policies: Mapping[str, str]
    _kept: dict[Selector, frozenset[CredentialId]] = field(default_factory=dict)

    def of(self, selector: Selector) -> frozenset[CredentialId]:
        """Return the credentials that the selector may admit."""
        if selector not in self._kept:
            self._kept[selector] = frozenset(
                credential.id
                for credential in self.catalogue.credentials.values()
                if self._all(selector, credential) is not False
            )
        return self._kept[selector]

    def surely(self, selector: Selector) -> frozenset[CredentialId]:
        """Return the credentials that the selector admits whatever a learner brings."""
        credentials = self.catalogue.credentials.values()
        return frozenset(one.id for one in credentials if self._all(selector, one) is True)

    def of_leaf(self, node: Requirement) -> frozenset[CredentialId]:
        """Return the credentials that may count toward a `take`, `choose` or `credits`."""
        if isinstance(node, Take):
            return self.of(Selector((OneOf("credential", node.credentials),)))
        return self.of(node.selector) if isinstance(node, From) else frozenset()

    def credits(self, name: CredentialId) -> Credits | None:
        """Return the credential's credits in the award's unit; None where nothing converts them."""
        credential = self.catalogue.credentials[name]
        if credential.unit in {self.unit, ""} or not credential.credits:
            return credential.credits
        if self._conversion is None:
            return None
        return self._conversion.convert(credential.credits, credential.unit, self.unit)

    @cached_property
    def _conversion(self) -> ConversionPolicy | None:
        return self.catalogue.conversions.get(self.policies.get("conversion", ""))

    @cached_property
    def _equivalents(self) -> Mapping[str, Collection[str]]:
        return equivalents_of(self.catalogue)

    def _all(self, selector: Selector, credential: Credential) -> bool | None:
        verdicts = {self._test(test, credential) for test in selector.tests}
        return False if False in verdicts else None if None in verdicts else True

    def _test(self, test: Test, credential: Credential) -> bool | None:
        match test:
            case OneOf():
                return self._one_of(test, credential)
            case LevelTest():
                return self._level(test, credential)
            case CreditTest():
                own = self.credits(credential.id)
                return None if own is None else _inside(own, test.low, test.high)
            case GradeTest() | DateTest() | AgeTest() | OwnTest() | ForWhom():
                return None
            case RangeTest():
                own_values = facts_of(credential, test.key)
                if not own_values and test.key not in credential.attributes:
                    return None
                return any(map(test.holds, own_values))
            case Not():
                inner = self._all(test.inner, credential)
                return None if inner is None else not inner
            case AnyOf():
                verdicts = {self._all(option, credential) for option in test.options}
                return True if True in verdicts else None if None in verdicts else False
            case _:
                assert_never(test)

    def _one_of(self, test: OneOf, credential: Credential) -> bool | None:
        if test.key == "credential":
            near = () if test.exactly else self._equivalents.get(credential.id, ())
            ids, patterns = _ids_and_patterns(test.values)
            called = {credential.id, *near}
            return not ids.isdisjoint(called) or any(
                fits(pattern, name) for pattern in patterns for name in called
            )
        if test.key in ACHIEVEMENT_KEYS or test.key == "grade":
            return None
        own = facts_of(credential, test.key)
        if not own and not {test.key} & {*SEVERAL, *SINGLE, *credential.attributes}:
            return None
        return any(carries(test.key, one, value) for one in own for value in test.values)

    def _level(self, test: LevelTest, credential: Credential) -> bool:
        level = credential.level
        step = level_in(level, test.framework, self.catalogue.levels) if level else None
        if step is None:
            return False
        reading = self.policies.get("level") if test.reading == "policy" else test.reading
        if reading == "at-least":
            return _inside(step, test.low, test.high)
        return step == test.low


def equivalents_of(catalogue: Catalogue) -> Mapping[str, Collection[str]]:
    """Return the direct equivalents of every credential that has any, both ways."""
    found: dict[str, set[str]] = {}
    for credential in catalogue.credentials.values():
        for other in credential.equivalents:
            found.setdefault(credential.id, set()).add(other)
            found.setdefault(other, set()).add(credential.id)
    return found


def facts_of(credential: Credential, key: str) -> tuple[Fact, ...]:
    """Return what a credential states under a key: a fact of its own, or an attribute."""
    if key in SEVERAL:
        return tuple(getattr(credential, SEVERAL[key]))
    if key not in SINGLE:
        return each_of(credential.attributes.get(key))
    value = getattr(credential, key)
    return (value,) if value else ()


def carries(key: str, own: Fact, value: Fact) -> bool:
    """Say whether a stated fact is the value asked for; a field's code may be a prefix."""
    if key == "field":
        return str(own).startswith(str(value))
    # `True == 1` in Python; a flag is never a number here.
    return type(own) is type(value) and own == value


@lru_cache(maxsize=1024)
def _ids_and_patterns(values: tuple[Fact, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    written = [str(value) for value in values]
    patterns = tuple(filter(is_pattern, written))
    return frozenset(written).difference(patterns), patterns


def _inside(own: int, low: int | None, high: int | None) -> bool:
    return (low is None or own >= low) and (high is None or own <= high)
