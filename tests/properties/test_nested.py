"""A nested award means what it would mean written out: linked by the engine, read by the oracle."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from app.core.model.requirement import walk
from tests.properties.asked import rejected, unequal
from tests.properties.generator import make_problem, small
from tests.properties.nested import Nesting, make_nesting
from tests.properties.problem import ANSWERS


def make(name: str) -> Nesting:
    random = Random(name)
    nesting = make_nesting(random, make_problem(random, 50, adjusted=False))
    record = small(nesting.linked(), 300).record
    return replace(nesting, written=replace(nesting.written, record=record))


@pytest.mark.parametrize("seed", range(4))
def test_linking_and_reading_say_the_same(seed: int) -> None:
    for number in range(40):
        nesting = make(f"{seed}/{number}")
        linked, read = nesting.linked(), nesting.read()
        assert [[node.id for node in walk(rule.root)] for rule in linked.rules] == [
            [node.id for node in walk(rule.root)] for rule in read.rules
        ]
        for answer in ANSWERS:
            assert linked.judged(answer).objective == read.judged(answer).objective


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_equals_the_oracle_on_nested_awards(seed: int) -> None:
    for number in range(40):
        linked = make(f"{seed}/{number}").linked()
        assert unequal(linked) == []
        assert rejected(linked) == ()
