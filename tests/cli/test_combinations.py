"""What is said of combinations, however many there are."""

from __future__ import annotations

from math import comb

from app.cli.combinations import lines
from app.core.search.combinations import ALL
from app.services.combinations import listed, numbered
from app.services.combining import find, told, told_to_plain
from app.services.digits import number_of
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, written

MANY = 14_400
"""Half of so many credentials make a count of more digits than Python writes."""


def test_a_count_of_more_digits_than_python_writes_is_told_exactly() -> None:
    known = catalogue(*(credential(f"x/{at:05}", 1) for at in range(MANY)))
    award = compiled(written(f"  choose: {MANY // 2}\n  from: {{}}\n"), known)
    found, many = find(award, TODAY, ALL), comb(MANY, MANY // 2)
    (first,) = lines(numbered(found, TODAY, many, 1))
    assert first.startswith("x/p, rules of 1: 4,515,323,148,")
    assert number_of(first.split()[-2].replace(",", "")) == many > 10**4300
    last = told_to_plain(numbered(found, TODAY, many - 2, 2))["items"][-1]
    assert number_of(last["number"]) == many - 1
    page = listed(found, ALL, None, 1)
    assert told_to_plain(told(found, TODAY, page))["next"]
