"""Floors, caps, breadth, averages and windows from their written form to the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.core.language.diagnostics import Place
from app.core.language.form_measured import (
    LastChooseForm,
    LastCreditsForm,
    LatestChoose,
    LatestCredits,
    LatestShare,
)
from app.core.language.form_qualifiers import (
    AverageForm,
    Cap,
    CapForm,
    ChooseFloor,
    CreditsFloor,
    DistinctForm,
    EachForm,
    Floor,
    QualifiedForm,
    WithinForm,
)
from app.core.language.lowering_changes import lower_changes
from app.core.language.lowering_selectors import lower_selector
from app.core.language.made_names import (
    AVERAGE_TITLE,
    EACH_TITLE,
    WINDOW_TITLE,
    made_breadth_title,
    made_latest_title,
    made_limit_title,
)
from app.core.language.origin import Origin
from app.core.model.change import Change
from app.core.model.requirement import (
    Average,
    Bound,
    Distinct,
    Each,
    Last,
    Measure,
    Qualifiers,
    Share,
    Window,
)


def lower_qualifiers(form: QualifiedForm, place: Place, owner: str, origin: Origin) -> Qualifiers:
    """Return what is said of the requirement `owner`, or of the award where that is empty."""
    return _Lowering(f"{owner}-" if owner else "", place, origin).all_of(form)


class _Lowering:
    """Lowers the qualifiers of one requirement; `prefix` begins the ids that are not given."""

    def __init__(self, prefix: str, place: Place, origin: Origin) -> None:
        self._prefix = prefix
        self._place = place
        self._origin = origin

    def all_of(self, form: QualifiedForm) -> Qualifiers:
        return Qualifiers(
            at_least=tuple(self._bounds("at_least", form.at_least or [])),
            at_most=tuple(self._bounds("at_most", form.at_most or [])),
            each=tuple(self._each(form)),
            distinct=tuple(self._distinct(form.distinct or [])),
            averages=tuple(self._averages(form.average or [])),
            windows=tuple(self._windows(form.within or [])),
            last=tuple(self._last(form.last or [])),
        )

    def _item(self, key: str, index: int) -> Place:
        return self._origin.item((*self._place, key), index)

    def _made(self, key: str, index: int) -> str:
        return f"{self._prefix}{key.replace('_', '-')}-{index + 1}"

    def _bounds(self, key: str, forms: list[Floor] | list[Cap]) -> Iterator[Bound]:
        for index, form in enumerate(forms):
            place = self._item(key, index)
            measure, amount = _amount(form)
            name, title = self._origin.named(form, self._made(key, index), place)
            bound = Bound(
                id=name,
                title=title,
                measure=measure,
                amount=amount,
                selector=lower_selector(form.from_, (*place, "from"), self._origin),
                items=(form.items if isinstance(form, CapForm) else None) or "policy",
                over_record=form.over is not None,
                attempts=form.over == "all-attempts",
                changes=self._changes(form, place),
                reason=form.reason or "",
                span=self._origin.at(place),
            )
            yield bound if title else replace(bound, title=made_limit_title(bound, key))

    def _changes(self, form: Floor | Cap, place: Place) -> tuple[Change, ...]:
        if isinstance(form, CreditsFloor | ChooseFloor):
            return lower_changes(form.changes, place, self._origin)
        return ()

    def _each(self, form: QualifiedForm) -> Iterator[Each]:
        place = (*self._place, "each")
        match form.each:
            case None:
                return
            case EachForm():
                yield self._one_each(form.each, place)
            case list():
                for index, each in enumerate(form.each):
                    yield self._one_each(each, (*place, index), index)
            case bare:
                must = lower_selector(bare, place, self._origin)
                name = self._origin.claim(self._made("each", 0), place)
                yield Each(must=must, id=name, title=EACH_TITLE, span=self._origin.at(place))

    def _one_each(self, form: EachForm, place: Place, index: int = 0) -> Each:
        name, title = self._origin.named(form, self._made("each", index), place)
        return Each(
            id=name,
            title=title or EACH_TITLE,
            over_record=form.over == "record",
            must=lower_selector(form.must, (*place, "must"), self._origin),
            selector=lower_selector(form.from_, (*place, "from"), self._origin),
            reason=form.reason or "",
            span=self._origin.at(place),
        )

    def _distinct(self, forms: list[DistinctForm]) -> Iterator[Distinct]:
        for index, form in enumerate(forms):
            place = self._item("distinct", index)
            name, title = self._origin.named(form, self._made("distinct", index), place)
            yield Distinct(
                id=name,
                title=title or made_breadth_title(form.by),
                by=form.by,
                low=form.from_ or 0,
                high=form.to,
                changes=lower_changes(form.changes, place, self._origin),
                over_record=form.over == "record",
                reason=form.reason or "",
                span=self._origin.at(place),
            )

    def _averages(self, forms: list[AverageForm]) -> Iterator[Average]:
        for index, form in enumerate(forms):
            place = self._item("average", index)
            name, title = self._origin.named(form, self._made("average", index), place)
            yield Average(
                id=name,
                title=title or AVERAGE_TITLE,
                low=form.grade,
                selector=lower_selector(form.from_, (*place, "from"), self._origin),
                over=form.over or "counted",
                reason=form.reason or "",
                span=self._origin.at(place),
            )

    def _windows(self, forms: list[WithinForm]) -> Iterator[Window]:
        for index, form in enumerate(forms):
            place = self._item("within", index)
            name, title = self._origin.named(form, self._made("within", index), place)
            yield Window(
                id=name,
                title=title or WINDOW_TITLE,
                length=form.span,
                anchor=form.from_,
                over_record=form.over == "record",
                reason=form.reason or "",
                span=self._origin.at(place),
            )

    def _last(self, forms: list[LastCreditsForm | LastChooseForm]) -> Iterator[Last]:
        for index, form in enumerate(forms):
            place = self._item("last", index)
            measure, amount = _measured(form)
            last = Last(measure=measure, amount=amount, at_least=(), span=self._origin.at(place))
            made = f"{self._made('last', index)}-at-least"
            floors = (
                self._latest(
                    last, floor, self._origin.item((*place, "at_least"), at), f"{made}-{at + 1}"
                )
                for at, floor in enumerate(form.at_least)
            )
            yield replace(last, at_least=tuple(floors))

    def _latest(
        self,
        last: Last,
        form: LatestCredits | LatestChoose | LatestShare,
        place: Place,
        made: str,
    ) -> Bound:
        measure, amount = _amount(form)
        name, title = self._origin.named(form, made, place)
        floor = Bound(
            id=name,
            title=title,
            measure=measure,
            amount=amount,
            selector=lower_selector(form.from_, (*place, "from"), self._origin),
            reason=form.reason or "",
            span=self._origin.at(place),
        )
        return floor if title else replace(floor, title=made_latest_title(last, floor))


def _measured(form: LastCreditsForm | LastChooseForm) -> tuple[Measure, int]:
    if isinstance(form, LastCreditsForm):
        return "credits", form.credits
    return "choose", form.choose


def _amount(
    form: Floor | Cap | LatestCredits | LatestChoose | LatestShare,
) -> tuple[Measure, int | Share]:
    if isinstance(form, CreditsFloor | LatestCredits):
        return "credits", form.credits
    if isinstance(form, ChooseFloor | LatestChoose):
        return "choose", form.choose
    return "credits", Share(form.share, form.of)
