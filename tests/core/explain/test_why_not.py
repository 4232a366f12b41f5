"""Why an achievement does not count: the one reason that is true."""

from __future__ import annotations

from dataclasses import replace

from app.core.model.credential import CredentialId
from app.core.model.requirement import Bound, Qualifiers
from app.core.model.rule import RuleEdition, SharedWith, Sharing
from tests.core.engine.builders import choose, credits_from, held, rule, tagged
from tests.core.explain.saying import audited, together, why

CORE = tagged("core")


def sharing(award: str, need: int, *others: str, amount: int | None = None) -> RuleEdition:
    """An award of so many core credentials that shares with others: all, or up to an amount."""
    shared = tuple(SharedWith(award=CredentialId(other), amount=amount) for other in others)
    root = choose("core", need, tagged("core"))
    return rule(root, award=award, sharing=Sharing(shared_with=shared))


def test_what_a_met_requirement_has_no_need_of_is_in_excess_whatever_is_shared() -> None:
    both = held("a"), held("b")
    free, _ = together(sharing("p", 1, "q"), sharing("q", 2, "p"), held=both)
    assert why(free, "b") == "in-excess: Enough counts toward Core without it."
    scarce, _ = together(
        sharing("p", 1, "q", amount=4000), sharing("q", 2, "p", amount=4000), held=both
    )
    assert why(scarce, "b") == "in-excess: Enough counts toward Core without it."


def test_what_a_met_requirement_has_no_need_of_is_not_held_back_by_a_cap() -> None:
    cap = Bound(id="cap", title="Cap", measure="choose", amount=1)
    audit = audited(choose("core", 1, tagged("core"), Qualifiers(at_most=(cap,))), *map(held, "ab"))
    assert why(audit, "b") == "in-excess: Enough counts toward Core without it."


def test_a_cap_is_told_where_an_open_condition_would_gain() -> None:
    cap = Bound(id="cap", title="Cap", measure="credits", amount=4000, selector=CORE)
    floor = Bound(
        id="floor", title="Floor", measure="credits", amount=8000, selector=tagged("core")
    )
    said = Qualifiers(at_most=(cap,), at_least=(floor,))
    audit = audited(credits_from("any", 8, tagged("core", "other"), said), *map(held, "abx"))
    assert why(audit, "b") == "cap-reached: Cap lets at most 4 au count, and 4 au of that is used."


def test_what_may_be_shared_is_told_only_of_awards_whose_limit_binds() -> None:
    # R says nothing of the others nor they of it, and what double counts is free.
    awards = sharing("p", 3, "q", amount=4000), sharing("q", 3, "p", amount=4000), sharing("r", 3)
    _, second, _ = together(*awards, held=tuple(map(held, "abc")), double_count="free")
    assert {why(second, name) for name in "abc"} == {
        "",
        "not-shareable: It counts in P, and what the awards may share is used up.",
    }


def test_awards_that_share_nothing_are_said_to() -> None:
    root = choose("core", 1, tagged("core"))
    audits = together(rule(root), rule(root, award="q"), held=(held("a"),))
    assert why(audits[1], "a") == "not-shareable: It counts in P, and the awards share nothing."


def test_how_many_awards_one_achievement_may_count_in_is_told() -> None:
    names = ("p", "q", "r")
    rules = [sharing(name, 1, *(other for other in names if other != name)) for name in names]
    bound = [replace(one, sharing=replace(one.sharing or Sharing(), awards=2)) for one in rules]
    audits = together(*bound, held=(held("a"),))
    assert why(audits[2], "a") == (
        "not-shareable: It counts in P and Q, and may count in 2 of the awards at most."
    )
