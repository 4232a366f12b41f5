"""A query of the Hanson format as a requirement: one chosen set, and what has to hold of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.language.diagnostics import shorten
from app.interop.hanson_algebra import Written, both, negated
from app.interop.hanson_assertions import (
    COUNTED,
    CREDITS,
    GRADES,
    OF_ONE_SUBJECT,
    REPEATED,
    VALUES,
    Assertion,
    assertions_of,
)
from app.interop.hanson_conditions import Area
from app.interop.hanson_facts import COURSE
from app.interop.hanson_limits import Limits, limits_of, titled
from app.interop.hanson_predicates import SOURCES, Reading, selector_of
from app.interop.hanson_source import MisshapenError, Node

READ = frozenset(
    {"from", "where", "limit", "assert", "all", "claim", "allow_claimed", "include_failed"}
)
# What is only shown, and `load_potentials`, which spares the other engine a list of suggestions.
HINTS = frozenset({"load_potentials", "message", "name", "label", "hidden", "optional"})
EVERYTHING = "everything"
# What was withdrawn from or is repeated is never looked at.
ATTEMPTED = ["earned", "in-progress", "failed"]


def query(node: Node, area: Area, name: str) -> Written:
    """Return the requirement that a query makes; `name` is the id that it will have."""
    for key in node.fields.keys() - READ - HINTS:
        area.leave(key, node.need(key), "the mapping has no place for it", "mend the written rule")
    source = node.need("from")
    if source.text not in SOURCES:
        remedy = f"the sources are {', '.join(SOURCES)}"
        raise MisshapenError(f"`{shorten(source.text)}` is no source", source.span, remedy)
    return _Query(node, Reading(area, source.text), name).requirement()


@dataclass(frozen=True, slots=True)
class _Query:
    """A query and how its predicates are read."""

    node: Node
    reading: Reading
    name: str

    def requirement(self) -> Written:
        """Return the leaf, or a group of it and of leaves that count only what counts in it."""
        asserted = assertions_of(self.node, self.reading)
        main = _main(asserted)
        limits = limits_of(self.node, self.reading, self.name)
        admitted = self._admitted(limits)
        leaf = {**_quantity(main, asserted), "from": admitted, **self._weight()}
        rest = [_once_a_term(one, main) for one in asserted if one is not main]
        beside = [one for one in rest if _stands_beside(one)]
        within = [one for one in rest if not _stands_beside(one)]
        if self._records and not any(one.floor and one.measure != GRADES for one in asserted):
            kept = [one for one in within if self._of_record(one)]
            said = self._over_record(qualifiers(kept, self.reading, self.name), admitted)
        else:
            said = qualifiers(within, self.reading, self.name)
            self._failed(asserted)
        distinct = [*_distinct_of(main), *said.pop("distinct", [])]
        said["at_most"] = [*limits.caps, *said.get("at_most", [])]
        leaf |= {key: value for key, value in said.items() if value}
        leaf |= {"distinct": distinct} if distinct else {}
        leaf |= self._claims()
        if not beside:
            return leaf
        chosen = {"id": f"{self.name}.chosen", "title": "What is chosen", **leaf}
        parts = [self._beside(one, admitted) for one in beside]
        return {"all": [chosen, *parts]}

    def _admitted(self, limits: Limits) -> Written:
        where = selector_of(self.node.get("where"), self.reading)
        return both(where, *map(negated, limits.excluded))

    def _weight(self) -> Written:
        """What is no course has no credit, and so no part in the progress."""
        return {} if self.reading.kind == COURSE else {"weight": 0}

    def _claims(self) -> Written:
        if self.node.need("from").text == "claimed":
            return {"counted_in": EVERYTHING}
        allowed = self.node.get("allow_claimed")
        shares = self._records or (allowed is not None and allowed.flag)
        return {"shares_with": EVERYTHING} if shares else {}

    @property
    def _records(self) -> bool:
        """Say whether it looks at courses without claiming them."""
        claim = self.node.get("claim")
        return claim is not None and (claim.text == "record" or not claim.flag)

    def _of_record(self, one: Assertion) -> bool:
        """Say whether it can be said of what a query looks at on the record; told where not."""
        if one.measure not in VALUES:
            return True
        why = "a breadth of the record cannot be asked of a part of it"
        self.reading.area.leave(one.measure, one.node, why, "write the requirement by hand")
        return False

    def _over_record(self, said: Written, admitted: Written) -> Written:
        """Where nothing is claimed, and nothing asked for, the whole record is looked at."""
        over = "all-attempts" if self._with_failed else "record"
        graded = {"status": ATTEMPTED} if self._with_failed else {}
        tests = {"at_most": both(admitted, graded), "average": admitted}
        return {
            key: [
                {**one, "from": both(tests[key], one.get("from", {})), "over": over}
                for one in several
            ]
            for key, several in said.items()
        }

    @property
    def _with_failed(self) -> bool:
        """Say whether it looks at what was failed as well."""
        failed = self.node.get("include_failed")
        return failed is not None and failed.flag

    def _failed(self, asserted: Sequence[Assertion]) -> None:
        """Where something has to count, what was failed does not."""
        failed = self.node.get("include_failed")
        if failed is None or not failed.flag or all(one.measure == GRADES for one in asserted):
            return
        why = "a requirement counts what was earned, and what was failed was not"
        self.reading.area.leave("include_failed", failed, why, "count by hand what was failed")

    def _beside(self, one: Assertion, admitted: Written) -> Written:
        """Return the leaf of what counts in the chosen set and is measured apart."""
        leaf = {**_quantity(one, []), "from": both(admitted, one.of or {})}
        title = {"note": one.message} if one.message else {}
        distinct = _distinct_of(one)
        return {
            **leaf,
            **({"distinct": distinct} if distinct else {}),
            "counted_in": f"{self.name}.chosen",
            **title,
        }


def _main(asserted: Sequence[Assertion]) -> Assertion | None:
    """Return what the set is chosen for: the first demand on the whole set, counts before sums.

    A demand on a part of the set is one on the whole set as well, so the largest will do.
    """
    floors = [one for one in asserted if one.floor]
    for measures in (COUNTED, {CREDITS, OF_ONE_SUBJECT}, VALUES, REPEATED):
        for one in floors:
            if one.whole and one.measure in measures:
                return one
    return None


def _quantity(one: Assertion | None, asserted: Sequence[Assertion]) -> Written:
    if one is None:
        return _implied(asserted)
    changes = {"changes": list(one.changes)} if one.changes else {}
    return {_measure(one): _amount(one), **changes}


def _implied(asserted: Sequence[Assertion]) -> Written:
    """Return what demands on parts ask of the whole: at least as much as the largest of them."""
    counts = [int(one.amount) for one in asserted if one.floor and one.measure in COUNTED]
    return {"choose": {"from": max(counts, default=0)}}


def _measure(one: Assertion) -> str:
    if one.measure in {CREDITS, OF_ONE_SUBJECT}:
        return "credits"
    return "terms" if one.measure == "count(terms)" or one.measure in REPEATED else "choose"


def _amount(one: Assertion) -> object:
    if one.exact or not str(one.amount)[:1].isdigit():
        return one.amount
    ends = {"from": one.amount}
    return {**ends, "to": one.amount} if "at_most" in one.ends else ends


def _once_a_term(one: Assertion, main: Assertion | None) -> Assertion:
    """Count courses instead of terms where one course of each term is chosen."""
    chosen = main is not None and main.measure == "count(terms)" and main.exact
    cap = one.measure == "count(terms)" and not one.floor
    return replace(one, measure="count(courses)") if chosen and cap else one


def _stands_beside(one: Assertion) -> bool:
    """Say whether a breadth is asked of a part of the set, which a leaf cannot say of itself."""
    part = one.measure in VALUES and not one.whole and one.floor
    return part or one.measure in REPEATED or one.measure == OF_ONE_SUBJECT


def _distinct_of(one: Assertion | None) -> list[Written]:
    if one is None:
        return []
    if one.measure == OF_ONE_SUBJECT:
        return [{"by": "subject", "to": 1}]
    if one.measure in REPEATED:
        return [{"by": REPEATED[one.measure], "to": 1}]
    if one.measure == "count(distinct_courses)":
        return [{"by": "crsid", "from": one.amount}]
    breadth = one.measure in VALUES and one.measure != "count(terms)"
    return [{"by": VALUES[one.measure], "from": one.amount}] if breadth else []


def qualifiers(asserted: Sequence[Assertion], reading: Reading, name: str) -> Written:
    """Return what is asserted of all that counts in a requirement or below it."""
    found: Written = {"at_least": [], "at_most": [], "distinct": [], "average": []}
    for number, one in enumerate(asserted, start=1):
        said = titled(one.message, f"{name}.asserted-{number}") if one.message else {}
        for key, value in _said_of(one, reading):
            found[key].append({**said, **value})
            said = {}
    return {key: several for key, several in found.items() if several}


def _said_of(one: Assertion, reading: Reading) -> Iterator[tuple[str, Written]]:
    changes = {"changes": list(one.changes)} if one.changes else {}
    of = {} if one.of is None else {"from": one.of}
    if one.measure == GRADES:
        yield "average", {"grade": one.amount, "over": "counted", **_in_gpa(one)}
    elif one.measure in VALUES and one.whole:
        ends = {"at_least": "from", "at_most": "to"}
        limits = {ends[end]: one.amount for end in one.ends}
        yield "distinct", {"by": VALUES[one.measure], **limits, **changes}
    elif one.measure in COUNTED or one.measure == CREDITS:
        measure = "credits" if one.measure == CREDITS else "choose"
        for end in one.ends:
            yield end, {measure: one.amount, **of, **changes}
    else:
        why = "a breadth cannot be asked of a part of what counts"
        reading.area.leave(one.measure, one.node, why, "write the requirement by hand")


def _in_gpa(one: Assertion) -> Written:
    return {"from": both(one.of or {}, {"is_in_gpa": True})}
