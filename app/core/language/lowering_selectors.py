"""Selectors and circumstances from their written form to the model: shorthand ends here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.language.diagnostics import Place
from app.core.language.form_ranges import (
    AgeForm,
    AttributeValue,
    DayRange,
    DayRangeForm,
    GradeRangeForm,
    LevelForm,
    NumberRangeForm,
    OwnForm,
    OwnRangeForm,
)
from app.core.language.form_selectors import (
    CircumstanceForm,
    Holds,
    HoldsCreditsForm,
    LearnerForm,
    MilestoneDay,
    SelectorForm,
)
from app.core.language.origin import Origin
from app.core.model.credential import Fact
from app.core.model.selector import (
    DAYS,
    EVERYTHING,
    AgeTest,
    AnyOf,
    Circumstance,
    CircumstanceTest,
    CreditTest,
    DateFact,
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
    Own,
    OwnTest,
    RangeTest,
    Recorded,
    Selector,
    Test,
)

# In this order the tests of a selector stand in the model, whatever order they are written in.
CREDENTIAL_FACTS = (
    "credential",
    "type",
    "issuer",
    "field",
    "mode",
    "language",
    "tag",
    "relation",
    "size",
    "outcome",
    "skill",
)
ACHIEVEMENT_FACTS = ("source", "status", "attempt", "registration", "term", "used_in")


def lower_selector(form: SelectorForm | None, place: Place, origin: Origin) -> Selector:
    """Return the selector; none is written where everything is meant."""
    if form is None:
        return EVERYTHING
    return Selector(tuple(_tests(form, place, origin)))


def _tests(form: SelectorForm, place: Place, origin: Origin) -> Iterator[Test]:
    yield from _one_of(form, CREDENTIAL_FACTS)
    yield from _any(_levels(form, (*place, "level"), origin))
    yield from _any(_credits(form))
    yield from _grades(form)
    for fact in DAYS:
        yield from _any(_days(fact, getattr(form, fact)))
    if form.age is not None:
        yield _age(form.age)
    yield from _one_of(form, ACHIEVEMENT_FACTS)
    for key, values in (form.model_extra or {}).items():
        yield from _attribute(key, values)
    if form.when is not None:
        yield ForWhom(lower_circumstance(form.when, (*place, "when"), origin))
    if form.not_ is not None:
        yield Not(lower_selector(form.not_, (*place, "not"), origin))
    if form.any_ is not None:
        options = enumerate(form.any_)
        yield AnyOf(tuple(lower_selector(o, (*place, "any", i), origin) for i, o in options))


def _one_of(form: SelectorForm, keys: Iterable[str]) -> Iterator[Test]:
    for key in keys:
        values = getattr(form, key)
        if values is not None:
            yield OneOf(key, tuple(values), exactly=key == "credential" and bool(form.exactly))


def _any(tests: Iterable[Test]) -> tuple[Test, ...]:
    found = tuple(tests)
    if len(found) <= 1:
        return found
    return (AnyOf(tuple(Selector((test,)) for test in found)),)


def _levels(form: SelectorForm, place: Place, origin: Origin) -> Iterator[LevelTest]:
    for index, level in enumerate(form.level or ()):
        yield _level(level, _framework(level, origin.item(place, index), origin))


def _framework(level: int | LevelForm, place: Place, origin: Origin) -> str:
    named = "" if isinstance(level, int) else level.framework or ""
    if not (named or origin.framework):
        origin.found.error(
            "CN0218",
            "a level stands here without its framework",
            origin.at(place),
            path=place,
            remedy="add `framework: eqf` (or another) to the file or to the level",
        )
    return named or origin.framework


def _level(level: int | LevelForm, framework: str) -> LevelTest:
    if isinstance(level, int):
        return LevelTest(framework, level, None, "policy")
    if level.at is not None:
        return LevelTest(framework, level.at, None, "at")
    return LevelTest(framework, level.from_, level.to, "at-least")


def _credits(form: SelectorForm) -> Iterator[CreditTest]:
    for size in form.credit or ():
        if isinstance(size, int):
            yield CreditTest(size, size)
        else:
            yield CreditTest(size.from_, size.to)


def _grades(form: SelectorForm) -> tuple[Test, ...]:
    symbols = tuple(grade for grade in form.grade or () if isinstance(grade, str))
    ranges = [grade for grade in form.grade or () if isinstance(grade, GradeRangeForm)]
    tests: list[Test] = [OneOf("grade", symbols)] if symbols else []
    return _any([*tests, *(GradeTest(grade.from_, grade.to) for grade in ranges)])


def _attribute(key: str, values: Iterable[AttributeValue]) -> tuple[Test, ...]:
    stated: list[Fact] = []
    ranges: list[Test] = []
    for value in values:
        if isinstance(value, DayRangeForm | NumberRangeForm):
            ranges.append(RangeTest(key, value.from_, value.to))
        elif isinstance(value, OwnForm | OwnRangeForm):
            ranges.append(_own(key, value))
        else:
            stated.append(value)
    return _any([*([OneOf(key, tuple(stated))] if stated else []), *ranges])


def _own(key: str, form: OwnForm | OwnRangeForm) -> OwnTest:
    if isinstance(form, OwnForm):
        return OwnTest(key, Own(form.learner), Own(form.learner))
    low, high = (
        Own(end.learner) if isinstance(end, OwnForm) else end for end in (form.from_, form.to)
    )
    return OwnTest(key, low, high)


def _days(fact: DateFact, ranges: Iterable[DayRange] | None) -> Iterator[Test]:
    for days in ranges or ():
        if isinstance(days, OwnRangeForm):
            yield _own(fact, days)
        else:
            yield DateTest(fact, days.from_, days.to)


def _age(age: AgeForm) -> AgeTest:
    return AgeTest(age.to, age.from_, age.until)


def lower_circumstance(form: CircumstanceForm, place: Place, origin: Origin) -> Circumstance:
    """Return the circumstance."""
    return Circumstance(tuple(circumstance_tests(form, place, origin)))


def circumstance_tests(
    form: CircumstanceForm, place: Place, origin: Origin
) -> Iterator[CircumstanceTest]:
    """Yield the tests of a circumstance."""
    if form.declared is not None:
        yield Declared(tuple(form.declared))
    yield from _learner_facts(form.learner)
    if form.holds is not None:
        yield _holding(form.holds, (*place, "holds"), origin)
    yield from _either(map(_recorded, form.milestone or ()))
    if form.not_ is not None:
        yield NotSo(lower_circumstance(form.not_, (*place, "not"), origin))
    if form.any_ is not None:
        options = enumerate(form.any_)
        yield EitherSo(
            tuple(lower_circumstance(one, (*place, "any", at), origin) for at, one in options)
        )


def _learner_facts(form: LearnerForm | None) -> Iterator[CircumstanceTest]:
    for key, values in (form.model_extra or {} if form else {}).items():
        plain = tuple(one for one in values if not isinstance(one, NumberRangeForm))
        ranges = [one for one in values if isinstance(one, NumberRangeForm)]
        tests = [LearnerFact(key, plain)] if plain else []
        yield from _either([*tests, *(LearnerFact(key, (), one.from_, one.to) for one in ranges)])


def _holding(form: Holds, place: Place, origin: Origin) -> Holding:
    selector = lower_selector(form.from_, (*place, "from"), origin)
    if isinstance(form, HoldsCreditsForm):
        return Holding("credits", form.credits, selector)
    return Holding("choose", form.choose, selector)


def _recorded(form: MilestoneDay) -> Recorded:
    if isinstance(form, str):
        return Recorded(form)
    return Recorded(form.name, form.from_, form.to)


def _either(tests: Iterable[CircumstanceTest]) -> tuple[CircumstanceTest, ...]:
    found = tuple(tests)
    if len(found) <= 1:
        return found
    return (EitherSo(tuple(Circumstance((test,)) for test in found)),)
