"""Values in selectors: attributes, issuers, tags, levels and grades that nothing has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from app.core.language.checker_matches import SEVERAL, SINGLE, Matches, carries, facts_of
from app.core.language.checker_places import (
    Spot,
    Use,
    circumstances,
    said,
    stands,
    tests_in,
    uses,
)
from app.core.language.diagnostics import Diagnostic, did_you_mean, shorten
from app.core.model.catalogue import TYPES, AttributeType, Catalogue
from app.core.model.credential import Fact
from app.core.model.grade import GradeScale
from app.core.model.requirement import From
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    ACHIEVEMENT_KEYS,
    DAYS,
    EVERYTHING,
    GradeTest,
    LearnerFact,
    LevelTest,
    OneOf,
    Own,
    OwnTest,
    RangeTest,
    Test,
    fits,
    is_pattern,
)

KINDS: Mapping[type, AttributeType] = {kind: name for name, kind in TYPES.items()}
TESTED = frozenset({"credential", "grade", *SEVERAL, *SINGLE, *ACHIEVEMENT_KEYS})
COUNTED = (TESTED | {"level"}) - {"grade", "status", "attempt", "used_in"}


def check_values(rule: RuleEdition, matches: Matches) -> Iterator[Diagnostic]:
    """Yield what selectors ask for and nothing in the catalogue has."""
    values = _Values(matches)
    for use in uses(rule):
        yield from values.check(use)
    yield from values.check_learner(rule)
    for here in said(rule):
        for index, distinct in enumerate(here.qualifiers.distinct):
            known = {*COUNTED, *matches.catalogue.attributes}
            if distinct.by not in known:
                spot = Spot(f"{here.spot.path}.distinct[{index}]", distinct.span)
                yield _undeclared(spot, distinct.by, known)


@dataclass(frozen=True)
class _Values:
    """Looks at the values that selectors ask for."""

    matches: Matches
    _stated: dict[str, frozenset[Fact]] = field(default_factory=dict)

    @property
    def _catalogue(self) -> Catalogue:
        return self.matches.catalogue

    def check_learner(self, rule: RuleEdition) -> Iterator[Diagnostic]:
        """Yield attributes of the learner that the catalogue does not declare, or declares else."""
        declared = self._catalogue.attributes
        asked: list[tuple[Spot, str, tuple[Fact, ...]]] = [
            (spot, test.key, test.values or (test.low or test.high or 0,))
            for spot, test in circumstances(rule)
            if isinstance(test, LearnerFact)
        ]
        asked += [
            (stand.spot, stand.node.quantity.fact, (1,))
            for stand in stands(rule)
            if isinstance(stand.node, From) and stand.node.quantity.fact
        ]
        for spot, key, values in asked:
            if key in declared:
                yield from _of_the_learner(spot, key, values, declared[key])
            else:
                yield _undeclared(spot, key, set(declared))

    def check(self, use: Use) -> Iterator[Diagnostic]:
        tests = tuple(tests_in(use.selector))
        found = [one for test in tests for one in self._test(use.spot, test)]
        yield from found
        # What is wrong with a part of the selector is why the whole matches nothing.
        explained = found or any(map(self._names_unknown, tests))
        if not explained and use.selector != EVERYTHING and not self.matches.of(use.selector):
            yield _nothing_matches(use)

    def _names_unknown(self, test: Test) -> bool:
        return (
            isinstance(test, OneOf)
            and test.key == "credential"
            and not any(
                is_pattern(str(one)) or one in self._catalogue.credentials for one in test.values
            )
        )

    def _test(self, spot: Spot, test: Test) -> Iterator[Diagnostic]:
        match test:
            case LevelTest(framework=framework) if framework and framework not in self._frameworks:
                yield _no_framework(spot, framework, self._frameworks)
            case GradeTest(low=low, high=high):
                yield from self._grades(spot, tuple(grade for grade in (low, high) if grade))
                yield from self._upside_down(spot, low, high)
            case RangeTest():
                yield from self._range(spot, test)
            case OwnTest():
                yield from self._own(spot, test)
            case OneOf(key="grade", values=values):
                yield from self._grades(spot, tuple(map(str, values)))
            case OneOf(key="credential", values=values):
                yield from self._patterns(spot, values)
            case OneOf(key=key) if key not in ACHIEVEMENT_KEYS:
                yield from self._facts(spot, test)

    @cached_property
    def _frameworks(self) -> frozenset[str]:
        """The frameworks in which some credential has a level, by itself or through the table."""
        own = {each.level.framework for each in self._catalogue.credentials.values() if each.level}
        return frozenset(own | {into for start, _, into in self._catalogue.levels if start in own})

    @cached_property
    def _scale(self) -> GradeScale | None:
        return self._catalogue.scales.get(self.matches.policies.get("grade_scale", ""))

    def _grades(self, spot: Spot, symbols: tuple[str, ...]) -> Iterator[Diagnostic]:
        for symbol in symbols:
            if self._scale is not None and self._scale.get(symbol) is None:
                known = tuple(self._scale.grades)
                message = f"the grade scale `{self._scale.name}` has no grade `{shorten(symbol)}`"
                remedy = did_you_mean(symbol, known) or f"it has {', '.join(known[:20])}"
                yield spot.error("CN0409", f"{message}, so nothing can be compared with it", remedy)

    def _upside_down(self, spot: Spot, low: str | None, high: str | None) -> Iterator[Diagnostic]:
        least = self._scale.get(low) if self._scale and low else None
        best = self._scale.get(high) if self._scale and high else None
        if least and best and least.rank > best.rank:
            message = f"`{low}` is better than `{high}`, so no grade lies from the one to the other"
            yield spot.error("CN0609", message, "exchange `from` and `to`")

    def _patterns(self, spot: Spot, values: tuple[Fact, ...]) -> Iterator[Diagnostic]:
        for value in map(str, values):
            known = self._catalogue.credentials
            if is_pattern(value) and not any(fits(value, name) for name in known):
                message = f"no credential of the catalogue has an id like `{shorten(value)}`"
                yield spot.warning("CN0406", message, "correct the pattern, or delete it")

    def _facts(self, spot: Spot, test: OneOf) -> Iterator[Diagnostic]:
        key = test.key
        if key not in TESTED and key not in self._catalogue.attributes:
            yield _undeclared(spot, key, {*TESTED, "level", *self._catalogue.attributes})
            return
        for value in test.values:
            declared = self._catalogue.attributes.get(key) if key not in TESTED else None
            if declared and type(value) is not TYPES[declared]:
                message = f"`{key}` is declared as {declared}, so it can never be `{_shown(value)}`"
                yield spot.error("CN0408", message, f"write a {declared}")
            elif not self._carried(key, value):
                yield self._not_carried(spot, key, value)

    def _range(self, spot: Spot, test: RangeTest) -> Iterator[Diagnostic]:
        declared = self._catalogue.attributes.get(test.key)
        if declared is None:
            yield _undeclared(spot, test.key, {*TESTED, "level", *self._catalogue.attributes})
            return
        ends = [end for end in (test.low, test.high) if end is not None]
        for end in ends[:1]:
            if type(end) is not TYPES[declared]:
                message = f"`{test.key}` is declared as {declared}, so it is in no such range"
                remedy = "write a range of days" if declared == "date" else f"write a {declared}"
                yield spot.error("CN0408", message, remedy)

    def _own(self, spot: Spot, test: OwnTest) -> Iterator[Diagnostic]:
        """Both sides are declared, and of one kind; a range is of numbers or of days."""
        declared: dict[str, AttributeType] = {
            **self._catalogue.attributes,
            **dict.fromkeys(DAYS, "date"),
        }
        own = [end.key for end in (test.low, test.high) if isinstance(end, Own)]
        for key in dict.fromkeys((test.key, *own)):
            if key not in declared:
                yield _undeclared(spot, key, set(self._catalogue.attributes))
                return
        kinds = {declared[test.key], *(declared[key] for key in own)}
        kinds |= {KINDS[type(end)] for end in (test.low, test.high) if isinstance(end, int | date)}
        if len(kinds) > 1:
            message = f"`{test.key}` is {declared[test.key]}, and what it is compared with is not"
            yield spot.error("CN0408", message, f"compare it with a {declared[test.key]}")
        elif test.low != test.high and not kinds & {"number", "date"}:
            message = f"`{test.key}` is declared as {declared[test.key]}, so it is in no range"
            yield spot.error("CN0408", message, "compare it with one value")

    def _known(self, key: str) -> frozenset[Fact]:
        if key not in self._stated:
            every = self._catalogue.credentials.values()
            self._stated[key] = frozenset(fact for each in every for fact in facts_of(each, key))
        return self._stated[key]

    def _carried(self, key: str, value: Fact) -> bool:
        if key == "issuer":
            return any(value == issuer for issuer in self._catalogue.issuers)
        stated = self._known(key)
        # An attribute that no credential states is for the learner's achievements to state.
        silent = key not in TESTED and not stated
        return silent or any(carries(key, fact, value) for fact in stated)

    def _not_carried(self, spot: Spot, key: str, value: Fact) -> Diagnostic:
        written = shorten(_shown(value))
        if key == "issuer":
            close = did_you_mean(written, self._catalogue.issuers)
            remedy = close or "add the issuer to the catalogue"
            return spot.error("CN0405", f"no issuer `{written}` is in the catalogue", remedy)
        close = did_you_mean(written, (str(fact) for fact in self._known(key)))
        message = f"no credential of the catalogue has the {key} `{written}`, so it matches nothing"
        return spot.warning("CN0406", message, close or "correct it, or delete it")


def _of_the_learner(
    spot: Spot, key: str, values: tuple[Fact, ...], kind: AttributeType
) -> Iterator[Diagnostic]:
    for value in values:
        if type(value) is not TYPES[kind]:
            message = f"`{key}` is declared as {kind}, so it can never be `{_shown(value)}`"
            yield spot.error("CN0408", message, f"write a {kind}, or declare it otherwise")


def _nothing_matches(use: Use) -> Diagnostic:
    message = "no credential of the catalogue matches this selector"
    if use.role == "wanted":
        remedy = "widen the selector, or add the credentials to the catalogue"
        return use.spot.error("CN0407", f"{message}, so what asks for it cannot be met", remedy)
    return use.spot.warning("CN0407", f"{message}, so it says nothing", "correct it, or delete it")


def _no_framework(spot: Spot, framework: str, known: frozenset[str]) -> Diagnostic:
    message = f"no credential has a level in the framework `{framework}`, and no table leads to it"
    remedy = "give credentials such a level, or add the table to the catalogue's `levels`"
    return spot.error("CN0410", message, did_you_mean(framework, known) or remedy)


def _undeclared(spot: Spot, key: str, known: set[str]) -> Diagnostic:
    message = f"`{shorten(key)}` is neither a fact of credentials nor a declared attribute"
    remedy = did_you_mean(key, known) or f"declare it in the catalogue: attributes: {{{key}: text}}"
    return spot.error("CN0404", message, remedy)


def _shown(value: Fact) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
