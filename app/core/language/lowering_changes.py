"""Changes from their written form to the model."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.language.diagnostics import Place
from app.core.language.form_changes import AmountChangeForm, ChangeForm, CountChangeForm
from app.core.language.lowering_selectors import circumstance_tests, lower_circumstance
from app.core.language.origin import Origin
from app.core.model.change import Change
from app.core.model.selector import Circumstance, CircumstanceTest, NotSo


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
        tests.extend(circumstance_tests(form.when, (*place, "when"), origin))
    if form.unless is not None:
        tests.append(NotSo(lower_circumstance(form.unless, (*place, "unless"), origin)))
    return Circumstance(tuple(tests))
