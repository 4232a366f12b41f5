"""What a requirement prefers counts first, where nothing better speaks against it."""

from __future__ import annotations

from dataclasses import replace

from app.core.model.requirement import Requirement
from app.core.model.selector import EVERYTHING, OneOf, Selector
from tests.core.engine.builders import choose, credits_from, every, held, tagged, take
from tests.core.explain.saying import audited, why

B_THEN_C = tuple(Selector((OneOf("credential", (name,)),)) for name in "bc")


def counting(root: Requirement, *names: str, **statuses: str) -> set[str]:
    audit = audited(root, *(held(name, status=statuses.get(name, "earned")) for name in names))
    return {each.achievement for one in audit.requirements for each in one.now.counts}


def test_the_first_preference_counts_then_the_next() -> None:
    preferring = replace(choose("core", 1, tagged("core")), prefer=B_THEN_C)
    assert counting(preferring, "a", "b", "c") == {"b"}
    assert counting(preferring, "a", "c") == {"c"}
    assert counting(preferring, "a") == {"a"}


def test_a_preference_gives_way_to_what_is_met() -> None:
    preferring = replace(choose("core", 1, tagged("core")), prefer=B_THEN_C)
    assert counting(every(preferring, take("own", "b")), "a", "b") == {"a", "b"}


def test_a_preference_of_one_goes_before_how_little_is_spent() -> None:
    nine = credits_from("nine", 9, EVERYTHING)
    assert counting(nine, "large", "a", "b", "x") == {"large"}
    preferring = replace(nine, prefer=(tagged("other"),))
    assert counting(preferring, "a", "b", "x", "y", "c") == {"x", "y", "a"}


def test_what_is_left_out_is_told_what_counts_first() -> None:
    preferring = replace(choose("core", 1, tagged("core")), prefer=B_THEN_C)
    audit = audited(preferring, *map(held, "ab"))
    assert why(audit, "a") == (
        "in-excess: Enough counts toward Core without it, where B counts first."
    )
