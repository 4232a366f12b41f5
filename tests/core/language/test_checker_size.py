"""Rules built to hurt are warned of when they are written."""

from __future__ import annotations

from app.core.language.diagnostics import Diagnostic
from tests.core.language.checking import POLICIES, check


def told(body: str) -> list[Diagnostic]:
    return [one for one in check(body, POLICIES) if one.code == "CN1004"]


def many(count: int, part: str) -> str:
    return f"require: {{all: [{', '.join([part] * count)}]}}"


def test_requirements_that_compete_for_one_credential_are_counted() -> None:
    (found,) = told(many(61, "{choose: 1, from: {tag: core}}"))
    assert (found.severity, found.path) == ("warning", "$.require")
    assert found.message == (
        "61 requirements compete for `atu/ethics`, and audits are made for 60: one of a full "
        "record may end without a proof that it is the best"
    )
    assert told(many(60, "{choose: 1, from: {tag: core}}")) == []


def test_what_only_looks_at_what_counts_elsewhere_competes_for_nothing() -> None:
    looking = "{choose: 1, from: {tag: core}, counted_in: everything}"
    assert told(many(80, looking)) == []


def test_very_many_requirements_are_told() -> None:
    (found,) = told(many(700, "{milestone: placement}"))
    assert found.message.startswith("701 requirements stand here, ")
    assert told(many(699, "{milestone: placement}")) == []


def test_very_deep_groups_are_told_where_they_are_deepest() -> None:
    def deep(groups: int) -> str:
        return f"require: {'{all: [' * groups}{{take: atu/ethics}}{']}' * groups}"

    (found,) = told(deep(17))
    assert found.path == f"$.require{'.all[0]' * 17}"
    assert told(deep(16)) == []
