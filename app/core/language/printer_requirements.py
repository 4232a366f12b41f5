"""Requirements and qualifiers back to their written form, without ids and titles that are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from app.core.language.made_names import (
    given_names,
    made_condition_title,
    made_limit_title,
    made_title,
)
from app.core.language.plain_words import points_in_words, share_in_words
from app.core.language.printer_selectors import amount, between, one_or_many, written_selector
from app.core.language.printer_yaml import Open, Written
from app.core.model.requirement import (
    Attest,
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    MilestoneStep,
    Qualifiers,
    Quantity,
    Requirement,
    Share,
    Take,
    Window,
)
from app.core.model.selector import EVERYTHING, Selector


def said(**keys: Written) -> dict[str, Written]:
    """Return the keys that say something; `from_` is written `from`."""
    return {
        key.rstrip("_"): value
        for key, value in keys.items()
        if value is not None and value != "" and value is not False and value != ()
    }


@dataclass(frozen=True, slots=True)
class RequirementPrinter:
    """Writes requirements for a file whose bare levels belong to `framework`."""

    framework: str

    def requirement(self, node: Requirement, made: str) -> Open:
        """Return the requirement; `made` is the id that it has where none is given."""
        return Open(
            {
                **given_names(node.id, node.title, made, made_title(node)),
                **self._form(node),
                **self.qualifiers(node.qualifiers, node.id),
                **said(
                    optional=node.optional,
                    weight=None if node.weight is None else amount(node.weight),
                    shares_with=_unwrapped(node.shares_with),
                    reason=node.reason,
                    note=node.note,
                ),
            }
        )

    def _form(self, node: Requirement) -> dict[str, Written]:
        match node:
            case Take():
                return {"take": one_or_many(node.credentials)}
            case From():
                source = written_selector(node.selector, self.framework)
                return {node.quantity.measure: _quantity(node.quantity), "from": source}
            case MilestoneStep():
                return {"milestone": node.milestone}
            case Attest():
                return {"attest": node.role}
            case Group():
                return self._group(node)
            case _:
                assert_never(node)

    def _group(self, node: Group) -> dict[str, Written]:
        numbered = enumerate(node.parts, start=1)
        parts = Open([self.requirement(part, f"{node.id}-{number}") for number, part in numbered])
        if node.need is None:
            return {"all": parts}
        if node.need == 1 and node.parts:
            return {"any": parts}
        return {"some": Open({"choose": node.need, "of": parts})}

    def qualifiers(self, qualifiers: Qualifiers, owner: str) -> dict[str, Written]:
        """Return what is said of the requirement `owner`, or of the award where that is empty."""
        return said(
            at_least=tuple(self._bounds(qualifiers.at_least, owner, "at least")),
            at_most=tuple(self._bounds(qualifiers.at_most, owner, "at most")),
            each=self._eaches(qualifiers.each),
            distinct=_unwrapped(tuple(_distincts(qualifiers.distinct, owner))),
            average=_unwrapped(tuple(self._averages(qualifiers.averages, owner))),
            within=_unwrapped(tuple(map(_window, qualifiers.windows))),
        )

    def _bounds(self, several: tuple[Bound, ...], owner: str, limit: str) -> Iterator[Written]:
        for number, bound in enumerate(several, start=1):
            made = _made(owner, limit.replace(" ", "-"), number)
            yield {
                **given_names(bound.id, bound.title, made, made_limit_title(bound, limit)),
                **_bound_quantity(bound),
                **said(
                    from_=self._unless_all(bound.selector),
                    over="record" if bound.over_record else None,
                    items=None if bound.items == "policy" else bound.items,
                    reason=bound.reason,
                ),
            }

    def _eaches(self, several: tuple[Each, ...]) -> Written:
        if len(several) == 1 and several[0].selector == EVERYTHING and not several[0].reason:
            return written_selector(several[0].must, self.framework)
        return tuple(
            said(
                from_=self._unless_all(each.selector),
                must=written_selector(each.must, self.framework),
                reason=each.reason,
            )
            for each in several
        )

    def _averages(self, several: tuple[Average, ...], owner: str) -> Iterator[Written]:
        for number, average in enumerate(several, start=1):
            made = _made(owner, "average", number)
            yield {
                **given_names(average.id, average.title, made, made_condition_title(average)),
                **said(
                    grade=None if average.low is None else points_in_words(average.low),
                    from_=self._unless_all(average.selector),
                    over="record" if average.over_record else "counted",
                    reason=average.reason,
                ),
            }

    def _unless_all(self, selector: Selector) -> Written:
        return None if selector == EVERYTHING else written_selector(selector, self.framework)


def _distincts(several: tuple[Distinct, ...], owner: str) -> Iterator[Written]:
    for number, distinct in enumerate(several, start=1):
        made = _made(owner, "distinct", number)
        yield {
            **given_names(distinct.id, distinct.title, made, made_condition_title(distinct)),
            "by": distinct.by,
            **between(None if distinct.high and not distinct.low else distinct.low, distinct.high),
            **said(reason=distinct.reason),
        }


def _window(window: Window) -> Written:
    return said(span=str(window.length), from_=window.anchor, reason=window.reason)


def _made(owner: str, key: str, number: int) -> str:
    return f"{owner}-{key}-{number}" if owner else f"{key}-{number}"


def _quantity(quantity: Quantity) -> Written:
    in_measure = amount if quantity.measure == "credits" else int
    if quantity.plain:
        return in_measure(quantity.low)
    return between(
        in_measure(quantity.low), None if quantity.high is None else in_measure(quantity.high)
    )


def _bound_quantity(bound: Bound) -> dict[str, Written]:
    if isinstance(bound.amount, Share):
        return {"share": share_in_words(bound.amount.part), "of": bound.amount.base}
    return {bound.measure: amount(bound.amount) if bound.measure == "credits" else bound.amount}


def _unwrapped(values: tuple[Written, ...]) -> Written:
    return one_or_many(values) if values else None
