"""What is said of combinations, however many there are."""

from __future__ import annotations

from math import comb

import pytest

from app.cli.combinations import lines
from app.core.search.combinations import ALL
from app.services.combination_errors import NoSuchNumberError
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
    first, _ = lines(numbered(found, TODAY, many - 1, 1))
    assert first.startswith("x/p, rules of 1: 4,515,323,148,")
    assert number_of(first.split()[-2].replace(",", "")) == many > 10**4300
    last = told_to_plain(numbered(found, TODAY, many - 2, 2))["items"][-1]
    assert number_of(last["number"]) == many - 1
    page = listed(found, ALL, None, 1)
    assert told_to_plain(told(found, TODAY, page))["next"]


def test_a_number_past_the_last_one_is_told_the_last_one() -> None:
    known = catalogue(credential("x/a", 1), credential("x/b", 1))
    award = compiled(written("  choose: 1\n  from: {}\n"), known)
    found = find(award, TODAY, ALL)
    assert len(numbered(found, TODAY, 1, 5).page.items) == 1
    with pytest.raises(NoSuchNumberError, match="no combination 2: the last one is 1"):
        numbered(found, TODAY, 2, 5)


def test_of_no_combinations_the_list_is_empty_from_its_beginning_alone() -> None:
    award = compiled(written("  choose: 2\n  from: {}\n"), catalogue(credential("x/a", 1)))
    found = find(award, TODAY, ALL)
    assert numbered(found, TODAY, 0, 5).page.items == ()
    with pytest.raises(NoSuchNumberError, match="no combination 1: there is none at all"):
        numbered(found, TODAY, 1, 5)
