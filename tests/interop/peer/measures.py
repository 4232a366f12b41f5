"""What an assertion of the Hanson format measures of a set of rows, and whether it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from tests.interop.peer.where import (
    POINTS,
    Row,
    Rule,
    Student,
    admits,
    course_of,
    holds,
    in_progress,
    subject_of,
)

Measure = Callable[[Sequence[Row]], Decimal]
CENT = Decimal("0.01")


def assertions_of(rule: Rule) -> list[Rule]:
    """Return what a query or an `audit` asserts, each with its own `where`."""
    if "assert" in rule:
        own = {} if "from" in rule else {k: rule[k] for k in ("where", "any") if k in rule}
        return [{"assert": {key: one}, **own} for key, one in rule["assert"].items()]
    return [
        {**one, "assert": {key: limit}}
        for one in rule.get("all", ())
        for key, limit in one["assert"].items()
    ]


def holds_of(assertion: Rule, rows: Sequence[Row], student: Student) -> bool:
    """Say whether an assertion holds of a set."""
    ((measure, limit),) = assertion["assert"].items()
    own = [one for one in rows if _speaks_of(assertion, one, student)]
    reached, asked = MEASURES[measure](own), asked_of(limit, student)
    ways: dict[str, bool] = {
        "$gte": reached >= asked,
        "$lte": reached <= asked,
        "$eq": reached == asked,
    }
    return all(holding for key, holding in ways.items() if key in limit)


def _speaks_of(assertion: Rule, row: Row, student: Student) -> bool:
    if not admits(assertion.get("where"), row, student):
        return False
    several = assertion.get("any")
    return several is None or any(_is_one(one, row, student) for one in several)


def _is_one(option: Rule, row: Row, student: Student) -> bool:
    named = option.get("course")
    if isinstance(named, str):
        return course_of(row) == named
    return admits(option.get("where", option), row, student)


def asked_of(limit: Rule, student: Student) -> Decimal:
    """Return the threshold, as it is for the student."""
    value = next(limit[key] for key in ("$gte", "$lte", "$eq") if key in limit)
    if value == "$terms-since-declaring-major":
        return Decimal(student.terms_since_declaring or 0)
    asked = Decimal(str(value))
    for condition, change in limit.get("$changes", ()):
        if holds(condition, student):
            asked = Decimal(change["set"]) if "set" in change else asked + Decimal(change["add"])
    return asked


def _number(rows: Sequence[Row]) -> Decimal:
    return Decimal(len(rows))


def _credits(rows: Sequence[Row]) -> Decimal:
    return sum((Decimal(one["credits"]) for one in rows), Decimal(0))


def _different(values: Callable[[Row], Iterator[object]]) -> Measure:
    return lambda rows: Decimal(len({value for row in rows for value in values(row)}))


def _term(row: Row) -> Iterator[object]:
    yield row["year"], row["term"]


def _buckets(start: str) -> Callable[[Row], Iterator[object]]:
    def found(row: Row) -> Iterator[object]:
        return (one for one in row["attributes"] if one.startswith(start))

    return found


def _most_common(name: Callable[[Row], object]) -> Measure:
    def terms(rows: Sequence[Row]) -> Decimal:
        by_name: dict[object, set[object]] = defaultdict(set)
        for row in rows:
            by_name[name(row)].update(_term(row))
        return Decimal(max(map(len, by_name.values()), default=0))

    return terms


def _most_credits(rows: Sequence[Row]) -> Decimal:
    by_subject: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        by_subject[subject_of(row)] += Decimal(row["credits"])
    return max(by_subject.values(), default=Decimal(0))


def _average(rows: Sequence[Row]) -> Decimal:
    """Return the average by credits of what is graded, cut to two decimals."""
    graded = [
        (Decimal(one["credits"]), Decimal(POINTS[one["grade_code"]]))
        for one in rows
        if one["flag_gpa"] and not in_progress(one) and one["grade_code"] in POINTS
    ]
    credits = sum((amount for amount, _ in graded), Decimal(0))
    points = sum((amount * each for amount, each in graded), Decimal(0))
    return (points / credits).quantize(CENT, ROUND_DOWN) if credits else Decimal(0)


MEASURES: Mapping[str, Measure] = {
    **dict.fromkeys(
        ("count(courses)", "count(areas)", "count(performances)", "count(recitals)"), _number
    ),
    "sum(credits)": _credits,
    "sum(credits_from_single_subject)": _most_credits,
    "count(terms)": _different(_term),
    "count(subjects)": _different(lambda row: iter([subject_of(row)])),
    "count(distinct_courses)": _different(lambda row: iter([row["crsid"]])),
    "count(math_perspectives)": _different(_buckets("math_perspective_")),
    "count(religion_traditions)": _different(_buckets("rel_tradition_")),
    "count(terms_from_most_common_course)": _most_common(lambda row: row["crsid"]),
    "count(terms_from_most_common_course_by_name)": _most_common(
        lambda row: (row["subject"], row["name"])
    ),
    "average(grades)": _average,
}
