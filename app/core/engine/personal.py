"""Selectors to what they are for one learner: what they ask of the learner is answered.

A test of the learner that holds is left out, unless it stands alone in a `not` or `any`; one that
does not stays and admits nothing. So what was found out for a catalogue about selectors without it
goes for them still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar

from app.core.model.credential import Fact
from app.core.model.requirement import (
    Average,
    Bound,
    Each,
    From,
    Group,
    Qualifiers,
    Requirement,
    Take,
    When,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    DAYS,
    AnyOf,
    Circumstance,
    DateTest,
    ForWhom,
    Not,
    OneOf,
    Own,
    OwnTest,
    RangeTest,
    Selector,
    Test,
)

Looking = TypeVar("Looking", Bound, Average)
Answers = Callable[[Circumstance], bool | None]
Facts = Callable[[str], Fact | None]


def asked_in(selector: Selector) -> Iterator[ForWhom | OwnTest]:
    """Yield each test of a selector that looks at the learner."""
    for test in selector.tests:
        match test:
            case ForWhom() | OwnTest():
                yield test
            case Not():
                yield from asked_in(test.inner)
            case AnyOf():
                for option in test.options:
                    yield from asked_in(option)


def circumstances_of(selector: Selector) -> Iterator[Circumstance]:
    """Yield each circumstance that a selector asks about."""
    for test in asked_in(selector):
        if isinstance(test, ForWhom):
            yield test.circumstance


def selectors_of(said: Qualifiers) -> Iterator[Selector]:
    """Yield each selector of what is said of a requirement."""
    yield from (bound.selector for bound in (*said.at_least, *said.at_most))
    yield from (average.selector for average in said.averages)
    for each in said.each:
        yield from (each.selector, each.must)
    for last in said.last:
        yield from (floor.selector for floor in last.at_least)


def for_learner(rule: RuleEdition, answers: Answers, facts: Facts) -> RuleEdition:
    """Return a rule as its selectors are for one learner; itself where they ask nothing.

    Where there is no answer nobody has asked, and the selector stands where nothing applies.
    """
    reader = _Reader(answers, facts)
    root, whole = reader.node(rule.root), reader.said(rule.whole)
    if root is rule.root and whole is rule.whole:
        return rule
    return replace(rule, root=root, whole=whole)


def selector_for_learner(selector: Selector, answers: Answers, facts: Facts) -> Selector:
    """Return a selector for one learner; itself where it asks nothing of the learner."""
    return _Reader(answers, facts).selector(selector)


class _Reader:
    """Reads selectors for one learner; what holds none that asks anything is returned as it is."""

    def __init__(self, answers: Answers, facts: Facts) -> None:
        self.answers = answers
        self.facts = facts

    def selector(self, selector: Selector) -> Selector:
        if not any(True for _ in asked_in(selector)):
            return selector
        return Selector(tuple([one for test in selector.tests for one in self.test(test)]))

    def inner(self, selector: Selector) -> Selector:
        """A selector inside another: where nothing else is asked, it is told by whom it is for."""
        own = self.selector(selector)
        return own if own.tests else Selector(tuple(map(_so, selector.tests)))

    def test(self, test: Test) -> Iterator[Test]:
        match test:
            case ForWhom():
                so = self.answers(test.circumstance)
                if not so:
                    yield replace(test, so=so)
            case OwnTest():
                yield self.compared(test)
            case Not():
                yield Not(self.inner(test.inner))
            case AnyOf():
                yield AnyOf(tuple(map(self.inner, test.options)))
            case _:
                yield test

    def compared(self, test: OwnTest) -> Test:
        """A test with what the learner states in it; as it is where nothing fit is stated."""
        if test.low == test.high and isinstance(test.low, Own) and test.key not in DAYS:
            stated = self.facts(test.low.key)
            lacks = replace(test, lacks=test.low.key)
            return lacks if stated is None else OneOf(test.key, (stated,))
        kinds, ends = set[type](), list[int | date | None]()
        for end in (test.low, test.high):
            own = self.facts(end.key) if isinstance(end, Own) else end
            if isinstance(end, Own) and (own is None or isinstance(own, str | bool)):
                return replace(test, lacks=end.key)
            ends.append(own)  # type: ignore[arg-type]
            kinds |= set() if own is None else {type(own)}
        return _between(test, ends[0], ends[1], kinds)

    def node(self, node: Requirement) -> Requirement:
        own: dict[str, object] = {"qualifiers": self.said(node.qualifiers)}
        match node:
            case From():
                own["selector"] = self.selector(node.selector)
                own["prefer"] = tuple(map(self.selector, node.prefer))
            case Take():
                own["prefer"] = tuple(map(self.selector, node.prefer))
            case Group():
                own["parts"] = tuple(map(self.node, node.parts))
            case When():
                own["then"] = self.node(node.then)
                own["otherwise"] = None if node.otherwise is None else self.node(node.otherwise)
        same = all(_is_same(getattr(node, name), value) for name, value in own.items())
        return node if same else replace(node, **own)  # type: ignore[arg-type]

    def said(self, said: Qualifiers) -> Qualifiers:
        if not any(True for one in selectors_of(said) for _ in asked_in(one)):
            return said
        last = [replace(one, at_least=tuple(map(self.looking, one.at_least))) for one in said.last]
        return replace(
            said,
            at_least=tuple(map(self.looking, said.at_least)),
            at_most=tuple(map(self.looking, said.at_most)),
            averages=tuple(map(self.looking, said.averages)),
            each=tuple(map(self.each, said.each)),
            last=tuple(last),
        )

    def looking(self, one: Looking) -> Looking:
        return replace(one, selector=self.selector(one.selector))

    def each(self, each: Each) -> Each:
        selector, must = self.selector(each.selector), self.selector(each.must)
        return replace(each, selector=selector, must=must)


def _between(
    test: OwnTest, low: int | date | None, high: int | date | None, kinds: set[type]
) -> Test:
    """A range with the learner's ends; a day is never before a number, nor the other way round."""
    if len(kinds) > 1 or (test.key in DAYS and kinds != {date}):
        own = (end.key for end in (test.low, test.high) if isinstance(end, Own))
        return replace(test, lacks=next(own))
    if test.key in DAYS:
        return DateTest(test.key, _day(low), _day(high))
    return RangeTest(test.key, low, high)


def _day(end: int | date | None) -> date | None:
    return end if isinstance(end, date) else None


def _so(test: Test) -> Test:
    return replace(test, so=True) if isinstance(test, ForWhom) else test


def _is_same(one: object, other: object) -> bool:
    """Say whether nothing was read otherwise, without comparing what is below."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return one is other
