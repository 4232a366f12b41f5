"""The `where` of the Hanson format as a selector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.core.language.diagnostics import shorten
from app.interop.hanson_algebra import Written, bare_fits, both, either, negated
from app.interop.hanson_conditions import BRANCHES, Area, circumstance
from app.interop.hanson_facts import COURSE, DECLARATION, GRADES, PERFORMANCE, RECITAL
from app.interop.hanson_source import MisshapenError, Node

SOURCES: Mapping[str, str] = {
    "courses": COURSE,
    "claimed": COURSE,
    "areas": DECLARATION,
    "music performances": PERFORMANCE,
    "music recitals": RECITAL,
}
NAMES: Mapping[str, str] = {"attribute": "bucket", "attributes": "bucket", "gereqs": "gereq"}
OF_COURSES: Mapping[str, str] = {"type": "sub_type"}
OF_AREAS: Mapping[str, str] = {"type": "area_type"}
OF_PERFORMANCES: Mapping[str, str] = {"status": "exam_status"}
TEXTS = frozenset(
    {
        *("subject", "course", "crsid", "name", "sub_type", "course_type", "institution", "ap"),
        *("bucket", "gereq", "grade_option", "year", "semester", "section"),
        *("role", "exam_status", "area_type", "degree"),
    }
)
FLAGS = frozenset({"is_stolaf", "is_in_gpa"})
EQUAL, UNEQUAL = frozenset({"$eq", "$in"}), frozenset({"$neq", "$nin"})
HUNDRED, HIGHEST = 100, 400


@dataclass(frozen=True, slots=True)
class Reading:
    """How the predicates of one query are read: from which source."""

    area: Area
    source: str = "courses"

    @property
    def kind(self) -> str:
        """Return the type of the credentials in the source."""
        return SOURCES[self.source]


def selector_of(where: Node | None, reading: Reading) -> Written:
    """Return what a `where` admits, of the right kind of credential; none admits all of these."""
    found = {} if where is None else predicate(where, reading) or {}
    if reading.kind == COURSE and not bare_fits(found):
        return found
    return both({"type": reading.kind}, found)


def predicate(where: Node, reading: Reading) -> Written | None:
    """Return what a predicate admits; None where no test of it is carried over."""
    if where.has("$if"):
        return _whenever(where, reading)
    low, high, rest = _numbers(where)
    several = [_conjunct(node, reading) for node in rest]
    found = [one for one in several if one is not None]
    if low is not None or high is not None:
        found.append(_between(low or 0, HIGHEST if high is None else high))
    return both(*found) if found or not several else None


def _conjunct(node: Node, reading: Reading) -> Written | None:
    if node.has("$if"):
        return _whenever(node, reading)
    ((key, part),) = node.fields.items()
    return _one(key, part, reading)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What the sides of a `$if` admit of those for whom each is, and for whom there is none."""

    admitted: tuple[Written, ...]
    without: tuple[Written, ...]


ABSENT = _Sides((), ({},))


def _sides(node: Node, reading: Reading) -> _Sides:
    if not node.has("$if"):
        found = predicate(node, reading)
        return ABSENT if found is None else _Sides((found,), ())
    for key in node.fields:
        if key not in {*BRANCHES, "$args"}:
            raise MisshapenError(f"`{shorten(key)}` stands beside `$if`", node.fields[key].span)
    so = circumstance(node.need("$if"), reading.area)
    then, otherwise = node.need("$then"), node.get("$else")
    applies = _among(_sides(then, reading), so)
    left = _among(ABSENT if otherwise is None else _sides(otherwise, reading), negated(so))
    return _Sides((*applies.admitted, *left.admitted), (*applies.without, *left.without))


def _among(sides: _Sides, so: Written) -> _Sides:
    """Return the same of those of whom something is so."""
    admitted = [{**one, "when": both(so, one.get("when", {}))} for one in sides.admitted]
    return _Sides(tuple(admitted), tuple([both(so, one) for one in sides.without]))


def _whenever(node: Node, reading: Reading) -> Written | None:
    """Return what a `$if` admits; where it has no side, it is not there and admits everything."""
    sides = _sides(node, reading)
    if not sides.admitted:
        return None
    return either([*sides.admitted, *({"when": one} for one in sides.without)])


def _one_of(items: Sequence[Node], reading: Reading) -> Written | None:
    """Return what alternatives admit; where none of them is there, they admit everything."""
    several = [_sides(one, reading) for one in items]
    found = [one for sides in several for one in sides.admitted]
    if found and all(sides.without for sides in several):
        found.append({"when": both(*(either(sides.without) for sides in several))})
    return either(found) if found else None


def _one(key: str, part: Node, reading: Reading) -> Written | None:
    if key == "$or":
        return _one_of(part.items, reading)
    if key == "$and":
        several = (predicate(one, reading) for one in part.items)
        found = [one for one in several if one is not None]
        return both(*found) if found else None
    if key == "$not":
        # A side that is not there refuses nothing.
        refused = _sides(part, reading).admitted
        return negated(either(refused)) if refused else None
    return _test(_called(key, reading), part, reading)


def _called(key: str, reading: Reading) -> str:
    by_kind = {DECLARATION: OF_AREAS, PERFORMANCE: OF_PERFORMANCES}
    return by_kind.get(reading.kind, OF_COURSES).get(key, NAMES.get(key, key))


def _test(key: str, part: Node, reading: Reading) -> Written | None:
    if key == "grade":
        return _grade(part)
    operators = [one for one in part.fields if one.startswith("$")]
    if len(operators) != 1:
        raise MisshapenError(f"`{key}` needs one operator such as `$eq`", part.span)
    operator = operators[0]
    value = part.need(operator)
    if value.value == "$matriculation-year":
        return _since_matriculation(operator, part)
    positive = _positive(key, operator, value, reading)
    if positive is None:
        message = "no selector tests it"
        reading.area.leave(f"{key} {operator}", part, message, "let a person confirm it: `attest`")
        return None
    return negated(positive) if operator in UNEQUAL else positive


def _positive(key: str, operator: str, value: Node, reading: Reading) -> Written | None:
    if operator not in EQUAL | UNEQUAL:
        return _ordered(key, operator, value)
    readers: dict[str, Callable[[Node], Written]] = {
        "level": lambda value: {"level": _single([whole(one) for one in texts(value)])},
        "credits": lambda value: {"credit": _single([amount(one) for one in texts(value)])},
        "number": lambda value: {"number": _single([one.text for one in texts(value)])},
        "is_in_progress": _in_progress,
        **dict.fromkeys(FLAGS, lambda value: {key: value.flag}),
    }
    if key in readers:
        return readers[key](value)
    return _text(key, value, reading.area) if key in TEXTS else None


def _text(key: str, value: Node, area: Area) -> Written:
    words = [area.examination if one == EXAM else one for one in value.words]
    if key == "name" and MEDIUM in words:
        others = [{"name": one} for one in words if one != MEDIUM]
        return either([{"primary_medium": True}, *others])
    for one in words:
        if one.startswith("$"):
            raise MisshapenError(f"the constant `{shorten(one)}` is not known", value.span)
    return {key: _single(words)}


EXAM, MEDIUM = "$current-area-code-music-exam", "$primary-performing-medium"


def _in_progress(value: Node) -> Written:
    within: Written = {"status": "in-progress"}
    return within if value.flag else negated(within)


def _since_matriculation(operator: str, part: Node) -> Written:
    found: dict[str, Written] = {
        "$eq": {"in_first_year": True},
        "$gte": {"since_matriculation": True},
        "$neq": {"not": {"in_first_year": True}},
        "$lt": {"not": {"since_matriculation": True}},
    }
    if operator not in found:
        message = f"`{operator}` does not go with the year of matriculation"
        raise MisshapenError(message, part.span)
    return found[operator]


def _ordered(key: str, operator: str, value: Node) -> Written | None:
    ends = {"$gte": "from", "$lte": "to"}
    if operator not in ends or key not in {"level", "credits"}:
        return None
    end = ends[operator]
    return {"level": {end: whole(value)}} if key == "level" else {"credit": {end: amount(value)}}


def _numbers(where: Node) -> tuple[int | None, int | None, list[Node]]:
    """Take the bounds on the course number out of a conjunction, so that they are one range."""
    low: int | None = None
    high: int | None = None
    rest: list[Node] = []
    for node in _conjuncts(where):
        bounds = node.get("number") if set(node.fields) == {"number"} else None
        if bounds is None or not {"$gte", "$lte"} & bounds.fields.keys():
            rest.append(node)
            continue
        low = whole(bounds.need("$gte")) if bounds.has("$gte") else low
        high = whole(bounds.need("$lte")) if bounds.has("$lte") else high
    return low, high, rest


def _conjuncts(where: Node) -> Iterator[Node]:
    if where.has("$if"):
        yield where
        return
    for key, part in where.fields.items():
        if key == "$and":
            for one in part.items:
                yield from _conjuncts(one)
        else:
            yield Node({key: part}, part.span)


def _between(low: int, high: int) -> Written:
    """Return the course numbers of a range: what a selector tests of an attribute is a list.

    The hundreds of a number are the course's level, so whole hundreds need no list.
    """
    first, last = -(-low // HUNDRED) * HUNDRED, high // HUNDRED * HUNDRED
    if first >= last:
        return {"number": _listed(low, high)}
    options: list[Written] = []
    if low < first:
        options.append({"number": _listed(low, first - 1)})
    levels: Written = {"from": first}
    if high < HIGHEST:
        levels["to"] = last - HUNDRED
        options.append({"number": _listed(last, high)})
    return either([*options, {"level": levels}])


def _listed(low: int, high: int) -> list[str]:
    return [str(number) for number in range(low, high + 1)]


def _grade(part: Node) -> Written:
    usual = next((op for op in part.fields if op != "$during_covid"), "")
    ranges: Mapping[str, Callable[[str], Written]] = {
        "$gte": lambda grade: {"grade": {"from": grade}},
        "$lte": lambda grade: {"grade": {"to": grade}},
        "$lt": lambda grade: {"grade": {"to": _next(grade, 1)}},
        "$gt": lambda grade: {"grade": {"from": _next(grade, -1)}},
        "$eq": lambda grade: {"grade": grade},
    }
    if usual not in ranges:
        raise MisshapenError("a grade needs one operator such as `$gte`", part.span)
    written = ranges[usual]
    # What is in progress has no grade yet, which here is less than any.
    always = both(written(known_grade(part.need(usual))), {"status": "earned"})
    if not part.has("$during_covid"):
        return always
    then = both(written(known_grade(part.need("$during_covid"))), {"status": "earned"})
    covid: Written = {"during_covid": True}
    return either([both(always, negated(covid)), both(then, covid)])


def _next(grade: str, step: int) -> str:
    order = list(GRADES)
    return order[min(max(order.index(grade) + step, 0), len(order) - 1)]


def known_grade(node: Node) -> str:
    """Return the grade that stands here."""
    if node.text not in GRADES:
        message = f"`{shorten(node.text)}` is no grade"
        raise MisshapenError(message, node.span, f"the grades are {', '.join(GRADES)}")
    return node.text


def texts(value: Node) -> tuple[Node, ...]:
    """Return the items of a list; one value alone is a list of one."""
    return (value,) if isinstance(value.value, str) else value.items


def whole(node: Node) -> int:
    """Return the whole number that stands here."""
    if not (node.text.isascii() and node.text.isdigit()):
        raise MisshapenError(f"`{shorten(node.text)}` is not a whole number", node.span)
    return int(node.text)


def amount(node: Node) -> int | str:
    """Return the amount that stands here: a whole number, or a decimal as text."""
    try:
        value = Decimal(node.text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise MisshapenError(f"`{shorten(node.text)}` is not an amount", node.span)
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def _single(values: list[int] | list[str] | list[int | str]) -> object:
    return values[0] if len(values) == 1 else list(values)
