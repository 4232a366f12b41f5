"""How diagnostics are gathered, sorted and shortened."""

from __future__ import annotations

import pytest

from app.core.language.diagnostics import (
    KEPT,
    Collector,
    Diagnostic,
    Severity,
    beyond,
    did_you_mean,
    listed,
    shorten,
    show_place,
)
from app.core.model.source import NOWHERE, SourceSpan


def one(line: int, column: int, text: str = "wrong") -> Diagnostic:
    return Diagnostic("CN0201", "error", text, "", SourceSpan("f.yaml", line, column))


def test_what_is_gathered_comes_back_by_place_and_without_end_is_cut_short() -> None:
    found = Collector()
    for line in range(2 * KEPT, 0, -1):
        found.error("CN0201", "wrong", SourceSpan("f.yaml", line, 1), path=("all", line))
    assert found.full
    assert len(found.sorted()) == KEPT
    assert list(found.sorted()) == sorted(found.sorted())


def test_without_a_line_the_tenth_entry_comes_after_the_second() -> None:
    found = Collector()
    for number, code in ((10, "CN0201"), (2, "CN0203"), (1, "CN0207")):
        found.error(code, "wrong", NOWHERE, path=("all", number, "²"))
    assert [one.path for one in found.sorted()] == ["$.all[1].²", "$.all[2].²", "$.all[10].²"]


def test_more_than_are_listed_are_counted_without_a_line_where_there_is_none() -> None:
    found = Collector()
    for number in range(30):
        found.error("CN0201", "wrong", NOWHERE, path=("all", number))
    assert listed(found.sorted())[-1].message == "10 more problems"


def test_what_is_counted_already_is_not_counted_as_one() -> None:
    def parts(name: str, count: int) -> list[Diagnostic]:
        paths = [f"$.{name}[{number}]" for number in range(count)]
        return [Diagnostic("CN0201", "error", "wrong", path=path) for path in paths]

    before = listed(parts("later", 30))
    found = listed([*parts("earlier", 5), *before])
    assert (len(found), found[-1].message) == (21, "at least 6 more problems")


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("ntu/mastres", "did you mean `ntu/masters`?"),
        ("ntv/masters", "did you mean `ntu/masters`?"),
        ("ntu/zz", ""),
        ("masters", "did you mean `ntu/masters`?"),
    ],
)
def test_ids_of_one_institution_are_compared_by_the_rest(name: str, question: str) -> None:
    assert did_you_mean(name, ["ntu/masters", "ntu/f1", "sqa/hnc"]) == question


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("tittle", "did you mean `title`?"),
        ("Title", "did you mean `title`?"),
        ("colour", ""),
        ("", ""),
        ("t" * 100_000, ""),
    ],
    ids=str,
)
def test_the_nearest_name_is_offered_where_there_is_one(name: str, question: str) -> None:
    assert did_you_mean(name, ["title", "take", "edition"]) == question


def test_a_place_and_a_name_are_written_for_a_reader() -> None:
    assert show_place(("require", "all", 0)) == "$.require.all[0]"
    assert show_place(()) == "$"
    assert shorten("a\n b") == "a b"
    assert shorten("x" * 100) == "x" * 59 + "…"


def test_twenty_problems_of_each_file_are_listed_and_the_rest_is_counted() -> None:
    many = [one(line, 1) for line in range(1, 51)]
    other = Diagnostic("CN0201", "error", "wrong", "", SourceSpan("g.yaml", 1, 1))
    found = listed([other, *reversed(many)])
    assert [each.span.line for each in found] == [*range(1, 21), 21, 1]
    assert found[20].message == "30 more problems in this file, from line 21 on"
    assert found[20].code == "CN0119"
    assert listed(found) == found
    assert len(listed(many[:21])) == 21


def test_of_more_than_can_be_kept_only_a_least_number_is_known() -> None:
    found = listed([one(line, 1) for line in range(1, 1_001)])
    assert found[-1].message.startswith("at least 980 more problems")


def test_what_is_left_out_is_as_grave_as_the_worst_of_it() -> None:
    def ends_in(severity: Severity) -> Severity:
        rest = [
            Diagnostic("CN0601", severity, "odd", "", SourceSpan("f.yaml", line, 1))
            for line in range(30, 40)
        ]
        return listed([*(one(line, 1) for line in range(1, 21)), *rest])[-1].severity

    assert ends_in("warning") == "warning"
    assert ends_in("error") == "error"


def test_one_place_is_reported_by_the_first_who_finds_it() -> None:
    assert beyond([one(1, 1)], [one(1, 1, "again"), one(2, 1)]) == (one(1, 1), one(2, 1))


def test_the_same_finding_twice_is_listed_once() -> None:
    assert listed([one(1, 1), one(1, 1)]) == (one(1, 1),)
