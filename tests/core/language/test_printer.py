"""The canonical form of rule files, and that nothing is lost on the way there and back."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given

from app.core.language.comments import comments_of
from app.core.language.printer import print_rule
from app.core.language.printer_yaml import WIDTH, print_yaml
from app.core.language.rules import RuleFile, read_rule
from app.core.model.source import NOWHERE, SourceSpan
from tests.core.language.written_rules import RULES, Written

GOOD = sorted(Path(__file__).parent.joinpath("good").glob("*.yaml"))


def without_places(value: Any) -> Any:  # noqa: ANN401 -- any part of the model
    if isinstance(value, SourceSpan):
        return NOWHERE
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: without_places(getattr(value, each.name)) for each in fields(value)}
        return type(value)(**parts)
    return tuple(map(without_places, value)) if isinstance(value, tuple) else value


def read(text: str) -> RuleFile:
    file = read_rule(text.encode(), "printed.yaml")
    assert file.diagnostics == ()
    return file


def assert_comes_back(file: RuleFile) -> None:
    printed = print_rule(file)
    again = read(printed)
    assert without_places(again.edition) == without_places(file.edition)
    assert without_places(again.cases) == without_places(file.cases)
    assert print_rule(again) == printed


@given(RULES)
def test_a_printed_rule_reads_back_the_same(written: Written) -> None:
    file = read_rule(json.dumps(written, default=str, ensure_ascii=False).encode(), "drawn.json")
    assume(file.edition is not None)
    assert_comes_back(file)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_file_of_the_language_reads_back_the_same(path: Path) -> None:
    file = read_rule(path.read_bytes(), path.name)
    assert file.edition is not None
    assert_comes_back(file)


CHANGED = """
award: x/c
title: Certificate
edition: "2026"
effective: {from: 2026-09-01}
credit: {total: 30, unit: ects}
require: {choose: 1, from: {}, changes: [{when: WHEN, add: 1}]}
"""


@pytest.mark.parametrize(
    "circumstance",
    [
        "{milestone: [a, b], any: [{milestone: c}, {milestone: d}]}",
        "{not: {milestone: a}, any: [{milestone: c}, {milestone: d}]}",
        "{learner: {y: [1, {from: 3}]}, any: [{learner: {y: 2}}, {learner: {y: {to: 5}}}]}",
        "{milestone: a, any: [{learner: {year: 2}}, {learner: {year: {to: 5}}}]}",
        "{any: [{learner: {year: 2}}, {learner: {year: {to: 5}}}]}",
    ],
)
def test_a_choice_of_alike_circumstances_loses_none_of_them(circumstance: str) -> None:
    assert_comes_back(read(CHANGED.replace("WHEN", circumstance)))


UNTIDY = b"""
# Comments are no part of a rule.
title: "Certificate"
award: x/c
edition: '2026'
credit: {unit: ects, total: "30.0"}
effective:
  from: 2026-09-01
require:
  all:
  - take: [x/a]
    title: Core
    reason: "Regulation 4: core"
  - from: {credential: [x/b, x/c-*]}
    credits: {to: 20, from: "7.50"}
    id: options
    title: Options
    at_most:
    - {credits: 5, title: "At most 5 credits", id: options-at-most-1}
    shares_with: [core]
cases:
- {expect: {met: true}, record: sample, on: 2026-10-01, name: old}
- record: {earned: [{grade: B, credential: x/a}], planned: {grade: B, credential: x/b}, like: old,
    credentials: [{issuer: e, title: Logic, id: e/logic}]}
  name: one
  expect:
    awards: {x/d: {short: {}, met: true}}
    projected: {short: {}, met: true}
    short: {options: {credits: "7.5"}}
    met: false
  on: 2026-10-01
"""

TIDY = """\
award: x/c
title: Certificate
edition: "2026"
effective: {from: 2026-09-01}
credit: {total: 30, unit: ects}
require:
  all:
    - id: core
      take: x/a
      reason: "Regulation 4: core"
    - id: options
      credits: {from: "7.5", to: 20}
      from: [x/b, x/c-*]
      at_most: [{credits: 5}]
      shares_with: core
cases:
  - name: old
    on: 2026-10-01
    record: sample
    expect: {met: true}
  - name: one
    on: 2026-10-01
    record:
      like: old
      credentials: [{id: e/logic, title: Logic, issuer: e}]
      earned: [{credential: x/a, grade: B}]
      planned: {credential: x/b, grade: B}
    expect:
      met: false
      short: {options: {credits: "7.5"}}
      projected: {met: true, short: {}}
      awards: {x/d: {met: true, short: {}}}
"""


def test_blocks_are_numbered_the_same_however_a_file_is_arranged() -> None:
    gates = "gates: [{id: g, require: {else: {use: b}, when: {declared: x/d}, then: {use: b}}}]"
    head = 'title: A\nedition: "1"\naward: x/a\neffective: {from: 2026-01-01}\n'
    blocks = "credit: {total: 5, unit: ects}\nblocks: {b: {require: {take: x/b}}}\n"
    assert_comes_back(read(f"{gates}\n{head}admission: {{use: b}}\n{blocks}require: {{use: b}}\n"))


def test_an_untidy_file_takes_the_canonical_form() -> None:
    file = read_rule(UNTIDY, "untidy.yaml")
    assert file.diagnostics == ()
    assert print_rule(file) == TIDY


SELECTORS = (
    "{level: [7, {at: 8}]}",
    "{any: [{level: 7}, {level: {at: 8}}]}",
    "{source: taken, any: [{level: 7}, {level: {at: 8}}]}",
    "{grade: [A, B, {from: C}]}",
    "{any: [{grade: {from: C}}, {grade: A}]}",
    "{any: [{grade: A}, {grade: B}]}",
    "{any: [{tag: a}, {tag: b}]}",
    "{any: [x/a]}",
    "{earned: [{to: 2020-01-01}, {from: 2021-01-01}]}",
    "{not: {any: [{not: {}}, {credential: x/a, exactly: true}]}}",
)


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_choice_of_tests_comes_back_as_it_was(selector: str) -> None:
    source = UNTIDY.replace(b"{credential: [x/b, x/c-*]}", selector.encode())
    assert_comes_back(read(f"framework: eqf\n{source.decode()}"))


def test_names_that_do_not_fit_on_their_line_go_on_below_it() -> None:
    names = ", ".join(f"x/course-{number}" for number in range(12))
    printed = print_rule(read_rule(UNTIDY.replace(b"[x/a]", f"[{names}]".encode()), "long.yaml"))
    assert "      take: [x/course-0, x/course-1, " in printed
    assert "x/course-8,\n        x/course-9, x/course-10, x/course-11]\n" in printed
    assert max(map(len, printed.splitlines())) <= WIDTH


def test_mappings_that_do_not_fit_on_one_line_stand_one_below_the_other() -> None:
    bounds = ", ".join(f"{{choose: {number}, from: {{tag: tag-{number}}}}}" for number in range(5))
    printed = print_rule(read_rule(UNTIDY + f"at_most: [{bounds}]\n".encode(), "long.yaml"))
    assert "\nat_most:\n  - {choose: 0, from: {tag: tag-0}}\n" in printed


def test_text_needs_its_quotes_in_brackets_alone() -> None:
    assert print_yaml({"a": "x, y [z]"}) == "a: x, y [z]\n"
    assert print_yaml({"a": ["x, y"]}) == 'a: ["x, y"]\n'


SHIPPED = sorted(Path(__file__).parents[3].glob("rules/*/awards/*/*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: "/".join(path.parts[-4:]))
def test_a_shipped_rule_stands_in_its_canonical_form(path: Path) -> None:
    source = path.read_bytes()
    file = read_rule(source, path.name)
    assert comments_of(source)[0] + print_rule(file) == source.decode()
    assert_comes_back(file)


def test_comments_at_the_head_are_told_from_those_further_down() -> None:
    source = b'# one\n\n#two  \na: 1 # three\nb: "# no"\nc: no#ne\n# four\nd: [x, # five\n y]\n'
    assert comments_of(source) == ("# one\n#two\n", (4, 7, 8))
    assert comments_of(b"a: |\n  # text\n  more\n") == ("", ())
    assert comments_of(b"# one\n\na: 1\n") == ("# one\n", ())


def test_a_file_with_errors_is_not_printed() -> None:
    broken = read_rule(UNTIDY.replace(b"award: x/c", b"award: 7"), "broken.yaml")
    with pytest.raises(ValueError, match="cannot be printed"):
        print_rule(broken)
