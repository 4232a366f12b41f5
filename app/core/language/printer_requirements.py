"""Requirements and qualifiers back to their written form, without ids and titles that are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never, cast

from app.core.language.made_names import (
    given_names,
    made_condition_title,
    made_latest_title,
    made_limit_title,
    made_title,
)
from app.core.language.plain_words import points_in_words, share_in_words
from app.core.language.printer_changes import written_changes
from app.core.language.printer_selectors import (
    amount,
    between,
    one_or_many,
    written_circumstance,
    written_selector,
)
from app.core.language.printer_yaml import Open, Written
from app.core.model.requirement import (
    EVERYWHERE,
    Attest,
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    Last,
    Measure,
    MilestoneStep,
    Nested,
    Qualifiers,
    Quantity,
    Requirement,
    Share,
    Take,
    When,
    Window,
)
from app.core.model.selector import EVERYTHING, Circumstance, Declared, Selector


def said(**keys: Written) -> dict[str, Written]:
    """Return the keys that say something; `from_` is written `from`."""
    return {
        key.rstrip("_"): value
        for key, value in keys.items()
        if value is not None and value != "" and value is not False and value != ()
    }


def as_written(said: Mapping[str, object]) -> dict[str, Written]:
    """Return what a file said in values of its own, to be printed as it stood."""
    return cast("dict[str, Written]", dict(said))


@dataclass(frozen=True, slots=True)
class RequirementPrinter:
    """Writes requirements for a file whose bare levels belong to `framework`."""

    framework: str

    def requirement(self, node: Requirement, made: str) -> Open:
        """Return the requirement; `made` is the id that it has where none is given."""
        if node.used is not None:
            return Open({"use": node.used.block, **as_written(node.used.said)})
        return Open(
            {
                **given_names(node.id, node.title, made, made_title(node)),
                **self._form(node),
                **self.qualifiers(node.qualifiers, node.id),
                **said(
                    optional=node.optional,
                    weight=None if node.weight is None else amount(node.weight),
                    shares_with=_unwrapped(tuple(_shared(node))),
                    after=_unwrapped(node.after),
                    prefer=self._prefer(node) if isinstance(node, Take | From) else None,
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
                return self._count(node)
            case MilestoneStep():
                return {"milestone": node.milestone}
            case Attest():
                return {"attest": node.role}
            case Group():
                return self._group(node)
            case When():
                return self._when(node)
            case Nested():
                return said(award=node.award, edition=node.edition)
            case _:
                assert_never(node)

    def _count(self, node: From) -> dict[str, Written]:
        quantity = node.quantity
        changes = written_changes(quantity.changes, self.framework, IN_MEASURE[quantity.measure])
        return {
            **_quantities(quantity),
            "from": written_selector(node.selector, self.framework),
            **said(changes=changes, counted_in=_unwrapped(tuple(map(_there, node.counted_in)))),
        }

    def _when(self, node: When) -> dict[str, Written]:
        sides: dict[str, Written] = {"then": self.requirement(node.then, f"{node.id}-then")}
        if node.otherwise is not None:
            sides["else"] = self.requirement(node.otherwise, f"{node.id}-else")
        return {"when": written_circumstance(node.circumstance, self.framework), **sides}

    def _tracks(self, node: Group) -> dict[str, Written]:
        tracks: list[Written] = []
        for number, part in enumerate(node.parts, start=1):
            if isinstance(part, When):
                require = self.requirement(part.then, f"{node.id}-{number}-then")
                declared = written_circumstance(part.circumstance, self.framework)
                tracks.append(Open({**declared, "require": require}))
        of = Open(tracks)
        return {
            "tracks": Open({"of": of} if node.need is None else {"choose": node.need, "of": of})
        }

    def _prefer(self, node: Take | From) -> Written:
        several = tuple(written_selector(each, self.framework) for each in node.prefer)
        # A list of ids by itself would be read as several preferences.
        return several if len(several) != 1 or isinstance(several[0], tuple) else several[0]

    def _group(self, node: Group) -> dict[str, Written]:
        if node.parts and all(_is_track(one, node.id, at) for at, one in enumerate(node.parts)):
            return self._tracks(node)
        numbered = enumerate(node.parts, start=1)
        parts = Open([self.requirement(part, f"{node.id}-{number}") for number, part in numbered])
        if node.need is None:
            return {"all": parts}
        if node.most is not None:
            return {"some": Open({"choose": between(node.need, node.most), "of": parts})}
        if node.need == 1 and node.parts:
            return {"any": parts}
        return {"some": Open({"choose": node.need, "of": parts})}

    def qualifiers(self, qualifiers: Qualifiers, owner: str) -> dict[str, Written]:
        """Return what is said of the requirement `owner`, or of the award where that is empty."""
        return said(
            at_least=tuple(self._bounds(qualifiers.at_least, owner, "at least")),
            at_most=tuple(self._bounds(qualifiers.at_most, owner, "at most")),
            each=self._eaches(qualifiers.each, owner),
            distinct=_unwrapped(tuple(self._distincts(qualifiers.distinct, owner))),
            average=_unwrapped(tuple(self._averages(qualifiers.averages, owner))),
            within=_unwrapped(tuple(_windows(qualifiers.windows, owner))),
            last=_unwrapped(tuple(self._last(qualifiers.last, owner))),
        )

    def _bounds(self, several: tuple[Bound, ...], owner: str, limit: str) -> Iterator[Written]:
        for number, bound in enumerate(several, start=1):
            made = _made(owner, limit.replace(" ", "-"), number)
            yield {
                **given_names(bound.id, bound.title, made, made_limit_title(bound, limit)),
                **_bound_quantity(bound),
                **said(
                    from_=self._unless_all(bound.selector),
                    over=_over(bound),
                    items=None if bound.items == "policy" else bound.items,
                    changes=written_changes(
                        bound.changes, self.framework, IN_MEASURE[bound.measure]
                    ),
                    reason=bound.reason,
                ),
            }

    def _last(self, several: tuple[Last, ...], owner: str) -> Iterator[Written]:
        for number, last in enumerate(several, start=1):
            made = f"{_made(owner, 'last', number)}-at-least"
            yield {
                **_measure(last.measure, last.amount),
                "at_least": tuple(
                    {
                        **given_names(
                            floor.id, floor.title, f"{made}-{at}", made_latest_title(last, floor)
                        ),
                        **_bound_quantity(floor),
                        **said(from_=self._unless_all(floor.selector), reason=floor.reason),
                    }
                    for at, floor in enumerate(last.at_least, start=1)
                ),
            }

    def _eaches(self, several: tuple[Each, ...], owner: str) -> Written:
        written = tuple(
            {
                **_names(each, owner, "each", number),
                **said(
                    from_=self._unless_all(each.selector),
                    must=written_selector(each.must, self.framework),
                    over="record" if each.over_record else None,
                    reason=each.reason,
                ),
            }
            for number, each in enumerate(several, start=1)
        )
        if len(written) == 1 and written[0].keys() == {"must"}:
            return written[0]["must"]
        return written

    def _averages(self, several: tuple[Average, ...], owner: str) -> Iterator[Written]:
        for number, average in enumerate(several, start=1):
            yield {
                **_names(average, owner, "average", number),
                **said(
                    grade=None if average.low is None else points_in_words(average.low),
                    from_=self._unless_all(average.selector),
                    over=average.over,
                    reason=average.reason,
                ),
            }

    def _distincts(self, several: tuple[Distinct, ...], owner: str) -> Iterator[Written]:
        for number, distinct in enumerate(several, start=1):
            low = None if distinct.high and not distinct.low else distinct.low
            yield {
                **_names(distinct, owner, "distinct", number),
                "by": distinct.by,
                **between(low, distinct.high),
                **said(
                    changes=written_changes(distinct.changes, self.framework, int),
                    over="record" if distinct.over_record else None,
                    reason=distinct.reason,
                ),
            }

    def _unless_all(self, selector: Selector) -> Written:
        return None if selector == EVERYTHING else written_selector(selector, self.framework)


def _windows(several: tuple[Window, ...], owner: str) -> Iterator[Written]:
    for number, window in enumerate(several, start=1):
        yield {
            **_names(window, owner, "within", number),
            **said(
                span=str(window.length),
                from_=window.anchor,
                over="record" if window.over_record else None,
                reason=window.reason,
            ),
        }


def _names(
    condition: Distinct | Average | Each | Window, owner: str, key: str, number: int
) -> dict[str, Written]:
    made, words = _made(owner, key, number), made_condition_title(condition)
    return {**given_names(condition.id, condition.title, made, words)}


def _made(owner: str, key: str, number: int) -> str:
    return f"{owner}-{key}-{number}" if owner else f"{key}-{number}"


# The key of a quantity that counts the different values of a fact.
QUANTITIES = {"term": "terms", "field": "fields", "issuer": "issuers", "outcome": "outcomes"}
IN_MEASURE: Mapping[Measure, Callable[[int], Written]] = {"credits": amount, "choose": int}


def _is_track(part: Requirement, group: str, at: int) -> bool:
    """Say whether a part of a group can stand among its `tracks`."""
    match part:
        case When(circumstance=Circumstance((Declared(),)), otherwise=None):
            bare = not (part.reason or part.note) and part.title == made_title(part)
            return bare and part.id == f"{group}-{at + 1}"
    return False


def _shared(node: Requirement) -> Iterator[Written]:
    yield from map(_there, node.shares_with)
    for limit in node.sharing_limits:
        others = one_or_many(tuple(map(_there, limit.requirements)))
        yield {"with": others, limit.measure: IN_MEASURE[limit.measure](limit.amount)}


def _there(name: str) -> str:
    return "everything" if name == EVERYWHERE else name


def _quantities(quantity: Quantity) -> dict[str, Written]:
    if quantity.share is None:
        return {QUANTITIES.get(quantity.by, quantity.measure): _quantity(quantity)}
    low = share_in_words(quantity.share.part)
    high = None if quantity.top is None else share_in_words(quantity.top.part)
    return {"share": low if quantity.plain else between(low, high), "of": quantity.share.base}


def _quantity(quantity: Quantity) -> Written:
    if quantity.every:
        return "all"
    if quantity.fact or quantity.only:
        return quantity.only or quantity.fact
    in_measure = IN_MEASURE[quantity.measure]
    if quantity.plain:
        return in_measure(quantity.low)
    return between(
        in_measure(quantity.low), None if quantity.high is None else in_measure(quantity.high)
    )


def _over(bound: Bound) -> Written:
    if bound.attempts:
        return "all-attempts"
    return "record" if bound.over_record else None


def _bound_quantity(bound: Bound) -> dict[str, Written]:
    if isinstance(bound.amount, Share):
        return {"share": share_in_words(bound.amount.part), "of": bound.amount.base}
    return _measure(bound.measure, bound.amount)


def _measure(measure: Measure, number: int) -> dict[str, Written]:
    return {measure: IN_MEASURE[measure](number)}


def _unwrapped(values: tuple[Written, ...]) -> Written:
    return one_or_many(values) if values else None
