"""Upper bounds that the fast path reaches, and the checker accepts."""

from __future__ import annotations

from app.core.model.requirement import Group
from tests.core.engine.builders import (
    catalogue,
    choose,
    compiled,
    credential,
    every,
    held,
    judged,
    rule,
    tagged,
)

KNOWN = catalogue(
    credential("a", 4, "one", "two"),
    *(credential(name, 4, "two", "many") for name in ("b", "c")),
    *(credential(name, 4, "many") for name in ("d", "e", "f")),
)


def test_few_that_want_the_same_are_bounded_among_many_that_have_enough() -> None:
    root = every(
        choose("one", 1, tagged("one")),
        choose("also", 1, tagged("one")),
        choose("two", 2, tagged("two")),
        choose("many", 2, tagged("many")),
    )
    everything = [held(name) for name in ("a", "b", "c", "d", "e", "f")]
    found = judged([compiled(rule(root), KNOWN)], *everything).now
    assert (found.method, found.standings[0].met) == ("bounds", False)
    assert [part.leaves for part in found.bounds[0].parts if len(part.leaves) > 1] == [(0, 1)]


def test_what_is_summed_is_bounded_together_beside_a_choice() -> None:
    pick = Group(
        id="pick",
        title="Pick",
        parts=(choose("many", 1, tagged("many")), choose("none", 1, tagged("none"))),
        need=1,
    )
    root = every(choose("one", 1, tagged("one")), choose("also", 1, tagged("one")), pick)
    found = judged([compiled(rule(root), KNOWN)], held("a"), held("d")).now
    assert (found.method, found.standings[0].met) == ("bounds", False)
