"""What an award asks for is put in the place of the requirement that names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.language.rules import read_rule
from app.core.model.nesting import Editions, NestingError, link
from app.core.model.requirement import Bound, From, Group, Nested, Requirement, Take, walk
from app.core.model.rule import RuleEdition

HEAD = {
    "edition": '"1"',
    "effective": "{from: 2026-01-01}",
    "credit": "{total: 60, unit: ects}",
    "policies": "{retakes: best, caps: whole}",
}
CERT = """
require:
  all:
    - {id: core, take: x/a}
    - {id: more, credits: 20, from: {tag: t}, shares_with: core, after: core}
    - {id: look, choose: 1, from: {tag: u}, counted_in: everything}
at_most: [{id: outside, share: 1/3, of: award, from: {issuer: y}}]
at_least: [{id: inside, share: 1/7, of: award, from: {issuer: x}}]
excludes: [{credentials: [x/a, x/b], reason: One subject}]
pairs: [{credentials: [x/c, x/d]}]
"""
OUTER = "require: {all: [{id: cert, award: x/cert}, {id: rest, credits: 40, from: {tag: r}}]}"


def rule(award: str, body: str, **head: str) -> RuleEdition:
    said = "\n".join(f"{key}: {value}" for key, value in {**HEAD, **head}.items())
    read = read_rule(f"award: {award}\ntitle: {award}\n{said}\n{body}".encode(), "rule.yaml")
    assert read.edition is not None, read.diagnostics
    return read.edition


def editions(*rules: RuleEdition) -> Editions:
    return {one.award: [each for each in rules if each.award == one.award] for one in rules}


def linked(outer: RuleEdition, *others: RuleEdition) -> dict[str, Requirement]:
    return {node.id: node for node in walk(link(outer, editions(*others)).rule.root)}


def nest(award: str, inner: str, **head: str) -> RuleEdition:
    return rule(award, f"require: {{id: n, award: {inner}}}", **head)


def test_the_award_or_its_own_requirements_stand_in_the_place_of_the_requirement() -> None:
    found = linked(rule("x/dip", OUTER), rule("x/cert", CERT))
    cert = found["cert"]
    assert isinstance(cert, Group)
    assert cert.need == 1
    assert [one.id for one in cert.parts] == ["cert:held", "cert:rule"]
    held = found["cert:held"]
    assert isinstance(held, Take)
    assert (held.credentials, held.weight) == (("x/cert",), 60_000)
    assert [name for name in found if name.startswith("cert/")] == [
        "cert/require",
        "cert/core",
        "cert/more",
        "cert/look",
    ]


def test_requirements_of_the_nested_rule_name_each_other_as_before() -> None:
    found = linked(rule("x/dip", OUTER), rule("x/cert", CERT))
    look = found["cert/look"]
    assert isinstance(look, From)
    assert (found["cert/more"].shares_with, found["cert/more"].after) == (
        ("cert/core",),
        ("cert/core",),
    )
    assert look.counted_in == ("cert:rule",)


def test_what_the_nested_rule_says_of_its_whole_is_said_of_its_requirements() -> None:
    said = linked(rule("x/dip", OUTER), rule("x/cert", CERT))["cert:rule"].qualifiers
    amounts = {one.id: one.amount for one in (*said.at_most, *said.at_least)}
    assert amounts == {"cert/outside": 20_000, "cert/excludes-1": 1, "cert/inside": 8572}
    assert [one.credentials for one in said.pairs] == [("x/c", "x/d")]
    overlap = said.at_most[1]
    assert isinstance(overlap, Bound)
    assert (overlap.measure, overlap.reason) == ("choose", "One subject")


def test_a_share_of_what_is_nested_is_of_its_own_total() -> None:
    outer = rule("x/dip", OUTER, credit="{total: 120, unit: ects}")
    assert linked(outer, rule("x/cert", CERT))["cert:rule"].qualifiers.at_most[0].amount == 20_000


def test_a_requirement_that_asks_for_a_share_asks_for_that_of_its_own_award() -> None:
    part = rule("x/cert", "require: {id: part, share: 1/7, of: award, from: {tag: t}}")
    node = linked(nest("x/dip", "x/cert", credit="{total: 120, unit: ects}"), part)["n/part"]
    assert isinstance(node, From)
    assert (node.quantity.low, node.quantity.share) == (8572, None)


def test_what_is_said_of_the_requirement_is_said_of_whichever_way_is_taken() -> None:
    said = "optional: true, reason: Regulation 2, note: N, shares_with: rest"
    outer = rule("x/dip", OUTER.replace("award: x/cert", f"award: x/cert, {said}"))
    cert = linked(outer, rule("x/cert", CERT))["cert"]
    assert (cert.optional, cert.reason, cert.note) == (True, "Regulation 2", "N")
    assert cert.shares_with == ("rest",)


def test_nested_in_nested_works() -> None:
    found = linked(nest("x/msc", "x/dip"), rule("x/dip", OUTER), rule("x/cert", CERT))
    assert {"n", "n:held", "n/cert", "n/cert:held", "n/cert/core", "n/rest"} <= set(found)
    assert not any(isinstance(node, Nested) for node in found.values())


def test_the_editions_that_were_put_in_are_named() -> None:
    outer, dip, cert = nest("x/msc", "x/dip"), rule("x/dip", OUTER), rule("x/cert", CERT)
    assert {one.award for one in link(outer, editions(dip, cert)).nested} == {"x/dip", "x/cert"}
    assert link(cert, editions(dip)).nested == ()


def test_admission_and_gates_may_nest_too() -> None:
    body = "require: {take: x/a}\nadmission: {id: in, award: x/cert}\n"
    body += "gates: [{id: g, require: {id: t, award: x/cert}}]"
    whole = link(rule("x/dip", body), editions(rule("x/cert", CERT))).rule
    assert isinstance(whole.admission, Group)
    assert isinstance(whole.gates[0].require, Group)


@pytest.mark.parametrize(
    ("start", "stated", "chosen"),
    [
        ("2026-06-01", "", "2026"),
        ("2025-12-31", "", "2025"),
        ("2024-01-01", "", "2025"),
        ("2027-01-01", ', edition: "2025"', "2025"),
    ],
)
def test_the_edition_is_the_stated_one_or_that_of_the_day_or_the_next(
    start: str, stated: str, chosen: str
) -> None:
    several = [
        rule("x/cert", CERT, edition=f'"{year}"', effective=f"{{from: {year}-01-01}}")
        for year in (2025, 2026)
    ]
    body = f"require: {{id: n, award: x/cert{stated}}}"
    outer = rule("x/dip", body, effective=f"{{from: {start}}}")
    assert [one.edition for one in link(outer, editions(*several)).nested] == [chosen]


def test_dropping_an_edition_that_was_not_chosen_changes_nothing() -> None:
    several = [
        rule("x/cert", CERT, edition=f'"{year}"', effective=f"{{from: {year}-01-01}}")
        for year in (2024, 2025, 2026)
    ]
    outer = rule("x/dip", OUTER, effective="{from: 2025-06-01}")
    whole = link(outer, editions(*several))
    assert link(outer, editions(*whole.nested)).rule == whole.rule


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ([], "nested-unknown"),
        (
            [rule("x/cert", CERT, effective="{from: 2020-01-01, until: 2021-01-01}")],
            "nested-unknown",
        ),
        ([rule("x/cert", CERT, credit="{total: 60, unit: cats}")], "nested-unit"),
        ([nest("x/cert", "x/dip")], "nested-cycle"),
        ([nest("x/cert", "x/third"), nest("x/third", "x/cert")], "nested-cycle"),
    ],
)
def test_what_cannot_be_nested_is_refused(others: list[RuleEdition], code: str) -> None:
    with pytest.raises(NestingError) as refused:
        link(rule("x/dip", OUTER), editions(*others))
    assert refused.value.code == code
    assert refused.value.remedy


def test_awards_that_nest_one_another_may_not_grow_without_bound() -> None:
    twice = "require: {{all: [{{id: a, award: x/l{0}}}, {{id: b, award: x/l{0}}}]}}"
    ladder = [rule(f"x/l{step}", twice.format(step - 1)) for step in range(1, 40)]
    with pytest.raises(NestingError) as refused:
        link(ladder[-1], editions(rule("x/l0", CERT), *ladder[:-1]))
    assert refused.value.code == "nested-size"


def test_a_long_ladder_of_awards_is_refused_and_not_walked_down_for_ever() -> None:
    ladder = [nest(f"x/l{step}", f"x/l{step - 1}") for step in range(1, 2000)]
    with pytest.raises(NestingError) as refused:
        link(ladder[-1], editions(rule("x/l0", CERT), *ladder[:-1]))
    assert refused.value.code == "nested-size"


def test_a_rule_without_nested_awards_is_left_as_it_is() -> None:
    cert = rule("x/cert", CERT)
    assert link(cert, {}).rule is cert
    later = replace(cert, effective=replace(cert.effective, start=date(2030, 1, 1)))
    assert link(later, {}).rule is later
