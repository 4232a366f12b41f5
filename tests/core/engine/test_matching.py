"""Items given out to slots, and who goes without."""

from __future__ import annotations

from app.core.engine.matching import match


def test_as_many_are_given_out_as_can_be() -> None:
    assert match([(1, 0b01), (1, 0b11)]) == (2, frozenset())
    assert match([(1, 0b11), (1, 0b01)]) == (2, frozenset())


def test_slots_that_together_want_more_than_their_items_are_named() -> None:
    assert match([(1, 0b001), (1, 0b001), (1, 0b110)]) == (2, frozenset({0, 1}))
    assert match([(2, 0b011), (1, 0b010), (1, 0b110)]) == (3, frozenset({0, 1}))
