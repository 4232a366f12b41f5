"""Circumstances and changes from their written form to the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.core.language.diagnostics import Place
from app.core.language.form_circumstances import (
    AmountChangeForm,
    ChangeForm,
    CircumstanceForm,
    CountChangeForm,
    Holds,
    HoldsCreditsForm,
    LearnerForm,
    MilestoneDay,
)
from app.core.language.form_selectors import NumberRangeForm
from app.core.language.lowering_selectors import lower_selector
from app.core.language.origin import Origin
from app.core.model.circumstance import (
    Change,
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    Holding,
    LearnerFact,
    NotSo,
    Recorded,
)


def lower_circumstance(form: CircumstanceForm, place: Place, origin: Origin) -> Circumstance:
    """Return the circumstance."""
    return Circumstance(tuple(_tests(form, place, origin)))


def lower_changes(
    forms: Sequence[CountChangeForm | AmountChangeForm] | None, place: Place, origin: Origin
) -> tuple[Change, ...]:
    """Return the changes of a quantity; `unless` is `when` of what does not hold."""
    return tuple(
        Change(_for_whom(form, (*place, "changes", at), origin), form.add or 0, form.set)
        for at, form in enumerate(forms or ())
    )


def _for_whom(form: ChangeForm, place: Place, origin: Origin) -> Circumstance:
    tests: list[CircumstanceTest] = []
    if form.when is not None:
        tests.extend(_tests(form.when, (*place, "when"), origin))
    if form.unless is not None:
        tests.append(NotSo(lower_circumstance(form.unless, (*place, "unless"), origin)))
    return Circumstance(tuple(tests))


def _tests(form: CircumstanceForm, place: Place, origin: Origin) -> Iterator[CircumstanceTest]:
    if form.declared is not None:
        yield Declared(tuple(form.declared))
    yield from _facts(form.learner)
    if form.holds is not None:
        yield _holding(form.holds, (*place, "holds"), origin)
    yield from _any(map(_recorded, form.milestone or ()))
    if form.not_ is not None:
        yield NotSo(lower_circumstance(form.not_, (*place, "not"), origin))
    if form.any_ is not None:
        options = enumerate(form.any_)
        yield EitherSo(
            tuple(lower_circumstance(one, (*place, "any", at), origin) for at, one in options)
        )


def _facts(form: LearnerForm | None) -> Iterator[CircumstanceTest]:
    for key, values in (form.model_extra or {} if form else {}).items():
        plain = tuple(one for one in values if not isinstance(one, NumberRangeForm))
        ranges = [one for one in values if isinstance(one, NumberRangeForm)]
        tests = [LearnerFact(key, plain)] if plain else []
        yield from _any([*tests, *(LearnerFact(key, (), one.from_, one.to) for one in ranges)])


def _holding(form: Holds, place: Place, origin: Origin) -> Holding:
    selector = lower_selector(form.from_, (*place, "from"), origin)
    if isinstance(form, HoldsCreditsForm):
        return Holding("credits", form.credits, selector)
    return Holding("choose", form.choose, selector)


def _recorded(form: MilestoneDay) -> Recorded:
    if isinstance(form, str):
        return Recorded(form)
    return Recorded(form.name, form.from_, form.to)


def _any(tests: Iterable[CircumstanceTest]) -> tuple[CircumstanceTest, ...]:
    found = tuple(tests)
    if len(found) <= 1:
        return found
    return (EitherSo(tuple(Circumstance((test,)) for test in found)),)
