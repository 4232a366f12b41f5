"""Selectors and circumstances in words: which achievements are meant, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from app.core.language.plain_ranges import compared, compared_with_own
from app.core.language.plain_words import (
    Glossary,
    counted,
    credits_in_words,
    day_in_words,
    fact_in_words,
    listed,
    ranged,
    spoken,
)
from app.core.model.change import Change
from app.core.model.credential import Fact
from app.core.model.selector import (
    ACHIEVEMENT_KEYS,
    DAYS,
    AgeTest,
    AnyOf,
    Circumstance,
    CircumstanceTest,
    CreditTest,
    DateTest,
    Declared,
    EitherSo,
    ForWhom,
    GradeTest,
    Holding,
    LearnerFact,
    LevelTest,
    Not,
    NotSo,
    OneOf,
    OwnTest,
    RangeTest,
    Recorded,
    Selector,
    Test,
    is_pattern,
    of_learner,
)

Joint = Literal["and", "or"]

# What follows the noun: "credentials tagged core", or "not tagged core".
PHRASES: Mapping[str, str] = {
    "type": "of type {}",
    "issuer": "issued by {}",
    "field": "in ISCED-F field {}",
    "mode": "taught in mode {}",
    "language": "taught in language {}",
    "tag": "tagged {}",
    "relation": "of relation {}",
    "size": "of size {}",
    "outcome": "teaching {}",
    "skill": "teaching the skill {}",
    "source": "gained by {}",
    "status": "recorded as {}",
    "attempt": "taken on attempt {}",
    "registration": "taken under registration {}",
    "term": "taken in term {}",
    "used_in": "already used in {}",
    "grade": "with grade {}",
}
SOURCES: Mapping[str, str] = {
    "taken": "study",
    "transferred": "transfer",
    "recognised-prior-learning": "recognition of prior learning",
    "examination": "examination",
}


@dataclass(frozen=True, slots=True)
class SelectorWords:
    """Puts selectors in words; a bare level is read as the rule says, where it says."""

    glossary: Glossary

    def phrase(self, selector: Selector, joint: Joint = "or", noun: str = "credentials") -> str:
        """Return a noun phrase; credentials that are named are joined by `joint`."""
        return self.subject(selector, joint, noun).removesuffix(",")

    def subject(self, selector: Selector, joint: Joint = "or", noun: str = "credentials") -> str:
        """Return the noun phrase with the comma that it needs before a verb."""
        options = self._alternatives(selector)
        if options:
            return listed([self.phrase(option, noun=noun) for option in options], "or")
        named = self.named(selector)
        rest = [test for test in selector.tests if test is not named]
        head = self._names(named, joint) if named else noun
        return self._described(head, rest, set_apart=named is not None)

    def named(self, selector: Selector) -> OneOf | None:
        """Return the test that lists credentials by id, where the selector has one."""
        tests = (test for test in selector.tests if isinstance(test, OneOf))
        return next((test for test in tests if _lists_ids(test)), None)

    def _alternatives(self, selector: Selector) -> tuple[Selector, ...]:
        """Return the options of a selector that is nothing but a choice between different nouns."""
        match selector.tests:
            case (AnyOf(options),) if any(self.named(option) for option in options):
                return options
        return ()

    def _names(self, test: OneOf, joint: Joint) -> str:
        title = self.glossary.credential if test.exactly else self.glossary.with_equivalents
        names = listed([title(str(name)) for name in test.values], joint)
        return f"{names} (no equivalents)" if test.exactly else names

    def _described(self, head: str, tests: Iterable[Test], *, set_apart: bool) -> str:
        tests = [one for test in tests for one in _apart(test)]
        published = [self._modifier(test) for test in tests if _is_published(test)]
        whose = [self._modifier(test) for test in tests if isinstance(test, ForWhom)]
        own = [test for test in tests if not (_is_published(test) or isinstance(test, ForWhom))]
        learners = [self._modifier(test) for test in own]
        added = ""
        for number, modifier in enumerate(published):
            # A comma keeps "tagged a or b" apart from what comes before and after it.
            choice = modifier.startswith("either ") or " or " in published[number - 1]
            apart = choice if number else set_apart
            added += f"{',' if apart else ''} {modifier}"
        if learners:
            added += f"{',' if set_apart or published else ''} {listed(learners, 'and')}"
        if whose:
            added += f"{',' if set_apart or added else ''} {listed(whose, 'and')}"
        return f"{head}{added}{',' if ',' in added else ''}"

    def _modifier(self, test: Test) -> str:
        match test:
            case OneOf():
                return self._one_of(test)
            case LevelTest():
                return self._level(test)
            case CreditTest() | GradeTest() | DateTest() | RangeTest() | AgeTest():
                return compared(test)
            case OwnTest():
                return compared_with_own(test)
            case ForWhom():
                return f"for learners {CircumstanceWords(self.glossary).who(test.circumstance)}"
            case Not():
                return self._negated(test.inner)
            case AnyOf():
                return self._either(test)
            case _:
                assert_never(test)

    def _either(self, test: AnyOf) -> str:
        options = [self._option(option) for option in test.options]
        # A comma keeps "at level 7, or tagged a or b and in field 061" apart.
        comma = "," if any(" or " in option or " and " in option for option in options) else ""
        return f"either {f'{comma} or '.join(options)}"

    def _option(self, option: Selector) -> str:
        """What is so of the achievement, then for whom."""
        tests = [one for test in option.tests for one in _apart(test)]
        own = [self._modifier(one) for one in tests if not isinstance(one, ForWhom)]
        whose = [self._modifier(one) for one in tests if isinstance(one, ForWhom)]
        return " ".join([*([listed(own, "and")] if own else []), *whose])

    def _negated(self, inner: Selector) -> str:
        plain = len(inner.tests) == 1 and not isinstance(inner.tests[0], Not | AnyOf)
        if not plain or self.named(inner):
            return f"other than {self.phrase(inner)}"
        modifier = self._modifier(inner.tests[0])
        if modifier.startswith("with "):
            return f"without {modifier.removeprefix('with ')}"
        return f"not {modifier}"

    def _one_of(self, test: OneOf) -> str:
        key = test.key
        if key == "credential":
            return self._identified(test)
        values = listed([self._value(key, value) for value in test.values], "or")
        if key in PHRASES:
            return PHRASES[key].format(values)
        if test.values in {(True,), (False,)}:
            return f"marked {'' if test.values[0] else 'not '}{spoken(key)}"
        return f"with {spoken(key)} {values}"

    def _identified(self, test: OneOf) -> str:
        if _lists_ids(test):
            return self._names(test, "or")
        patterns = listed([str(value) for value in test.values], "or")
        return f"with an id like {patterns}{' (no equivalents)' if test.exactly else ''}"

    def _value(self, key: str, value: Fact) -> str:
        if key == "issuer":
            return self.glossary.issuer(str(value))
        if key == "used_in":
            return "another award" if value == "any" else self.glossary.credential(str(value))
        if key == "source":
            return SOURCES.get(str(value), str(value))
        return fact_in_words(value)

    def _level(self, test: LevelTest) -> str:
        reading = test.reading
        if reading == "policy":
            reading = "at-least" if self.glossary.rule.policies.get("level") == "at-least" else "at"
        framework = f"{test.framework.upper()} " if test.framework else ""
        if reading == "at" or test.low == test.high:
            return f"at {framework}level {test.low}"
        if test.low is None or test.high is None:
            end = "above" if test.high is None else "below"
            return f"at {framework}level {test.high if test.low is None else test.low} or {end}"
        return f"at {framework}levels {test.low} to {test.high}"


def _lists_ids(test: OneOf) -> bool:
    return test.key == "credential" and not any(is_pattern(str(value)) for value in test.values)


def _apart(test: Test) -> Iterator[Test]:
    """A test, with what a choice asks of the learner alone as a test of its own."""
    match test:
        case AnyOf() if (asked := of_learner(Selector((test,)))) is not None:
            yield ForWhom(asked)
        case Not(Selector((AnyOf(options),))):
            whose = [asked for one in options if (asked := of_learner(one)) is not None]
            rest = [one for one in options if of_learner(one) is None]
            if whose and rest:
                yield Not(rest[0] if len(rest) == 1 else Selector((AnyOf(tuple(rest)),)))
            if whose:
                either = whose[0] if len(whose) == 1 else Circumstance((EitherSo(tuple(whose)),))
                yield Not(Selector((ForWhom(either),)))
            else:
                yield test
        case _:
            yield test


def _is_published(test: Test) -> bool:
    match test:
        case OneOf():
            return test.key not in ACHIEVEMENT_KEYS | {"grade"}
        case LevelTest() | CreditTest() | RangeTest():
            return True
        case OwnTest():
            return test.key not in DAYS
        case Not():
            return all(map(_is_published, test.inner.tests))
        case AnyOf():
            return all(_is_published(one) for option in test.options for one in option.tests)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class CircumstanceWords:
    """Puts circumstances in words, as they follow "learners"."""

    glossary: Glossary

    def who(self, circumstance: Circumstance) -> str:
        """Return a clause: who have declared Physics, whose cohort is 2026."""
        return listed([self._test(test, so=True) for test in circumstance.tests], "and")

    def changes(self, changes: tuple[Change, ...], in_words: Callable[[int], str]) -> Iterator[str]:
        """Yield a sentence for each change."""
        for one in changes:
            much = f"{in_words(one.add)} more" if one.to is None else f"{in_words(one.to)} instead"
            yield f"For learners {self.who(one.circumstance)}, {much}."

    def _test(self, test: CircumstanceTest, *, so: bool) -> str:
        never = "" if so else "not "
        match test:
            case Declared():
                return (
                    f"who have {never}declared {listed(list(map(self._award, test.awards)), 'or')}"
                )
            case LearnerFact():
                return f"whose {spoken(test.key)} is {never}{_learners_value(test)}"
            case Holding():
                return f"who {'hold' if so else 'do not hold'} at least {self._held(test)}"
            case Recorded():
                step = f"the step “{spoken(test.milestone)}”"
                return f"for whom {step} is {never}recorded{_recorded_days(test)}"
            case NotSo():
                return self._negated(test.inner, so=so)
            case EitherSo():
                if not so and all(len(one.tests) == 1 for one in test.options):
                    return listed([self._negated(one, so=True) for one in test.options], "and")
                choice = listed([self.who(one) for one in test.options], "or")
                return choice if so else f"of whom this is not so: {choice}"
            case _:
                assert_never(test)

    def _negated(self, inner: Circumstance, *, so: bool) -> str:
        if len(inner.tests) == 1:
            return self._test(inner.tests[0], so=not so)
        return self.who(inner) if not so else f"of whom this is not so: {self.who(inner)}"

    def _award(self, name: str) -> str:
        return f"an award like {name}" if is_pattern(name) else self.glossary.credential(name)

    def _held(self, test: Holding) -> str:
        words = SelectorWords(self.glossary)
        if test.measure == "credits":
            return f"{credits_in_words(test.amount)} from {words.phrase(test.selector)}"
        if words.named(test.selector):
            return f"{test.amount} of {words.phrase(test.selector, 'and')}"
        return f"{counted(test.amount, 'credential')} of {words.phrase(test.selector)}"


def _learners_value(test: LearnerFact) -> str:
    if test.values:
        return listed([fact_in_words(value) for value in test.values], "or")
    low = None if test.low is None else str(test.low)
    return ranged(low, None if test.high is None else str(test.high))


def _recorded_days(test: Recorded) -> str:
    if test.low is not None and test.high is not None:
        return f" from {day_in_words(test.low)} to {day_in_words(test.high)}"
    if test.low is not None:
        return f" on or after {day_in_words(test.low)}"
    return f" on or before {day_in_words(test.high)}" if test.high is not None else ""
