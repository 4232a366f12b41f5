"""Packs made of files in the Hanson format: what is written can be read, and nothing by halves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.core.language.diagnostics import is_error
from app.interop.hanson_pack import Imported, import_areas
from app.interop.packs import read_pack
from app.services.compiling import findings
from tests.interop.hanson import HEAD

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
EXAMPLE = re.compile(r"^```yaml\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
SIMPLE = f"{HEAD}result: {{all: [LAKE 101, {{ap: AP Rivers}}, {{crsid: '0000000042'}}]}}\n"


def editions(*years: str) -> Imported:
    """Import the same area from several catalogues."""
    return import_areas({f"areas/{year}/900.yaml": SIMPLE.encode() for year in years})


def test_what_is_written_is_a_pack() -> None:
    made = import_areas({"areas/2020-21/900.yaml": SIMPLE.encode()})
    pack = read_pack({path: text.encode() for path, text in made.files.items()}, "stolaf")
    assert pack.diagnostics == ()
    (rule,) = pack.rules.values()
    assert rule.edition is not None
    assert (rule.edition.award, rule.edition.title) == ("stolaf/900", "Lake Studies")
    assert (made.sources, made.whole, made.partial, made.failed) == (1, 1, 0, 0)


def test_the_catalogue_lists_what_the_rules_name() -> None:
    made = import_areas({"areas/2020-21/900.yaml": SIMPLE.encode()})
    pack = read_pack({path: text.encode() for path, text in made.files.items()}, "stolaf")
    found = pack.catalogue.credentials
    assert set(found) == {
        "stolaf/900",
        "stolaf/ap-rivers",
        "stolaf/crsid-0000000042",
        "stolaf/lake-101",
    }
    award, course = found["stolaf/900"], found["stolaf/lake-101"]  # type: ignore[index]
    assert (award.type, award.attributes) == ("major", {"degree": "B.A."})
    assert course.attributes == {"course": "LAKE 101", "is_stolaf": True}
    assert course.level is not None
    assert course.level.step == 100


def test_the_catalogue_lists_what_the_rules_tell_by_kind() -> None:
    text = HEAD + (
        "result:\n  all:\n"
        "    - {from: music recitals, assert: {count(recitals): {$gte: 2}}}\n"
        "    - {from: courses, where: {credits: {$eq: 0.5}}, assert: {count(courses): {$gte: 2}}}\n"
        "    - {from: courses, where: {level: {$gte: 200}}, assert: {count(courses): {$gte: 2}}}\n"
    )
    made = import_areas({"areas/2020-21/900.yaml": text.encode()})
    pack = read_pack({path: text.encode() for path, text in made.files.items()}, "stolaf")
    found = pack.catalogue.credentials
    assert {"stolaf/recital", "stolaf/course-of-0.5", "stolaf/course-of-level-200"} <= set(found)
    (rule,) = pack.rules.values()
    assert not any(map(is_error, findings(rule, pack.catalogue, pack.policies)))


def test_an_edition_ends_where_the_next_begins() -> None:
    made = editions("2014-15", "2020-21", "2017-18")
    pack = read_pack({path: text.encode() for path, text in made.files.items()}, "stolaf")
    found = [
        (rule.edition.edition, rule.edition.effective.until, rule.edition.replaces)
        for rule in pack.rules.values()
        if rule.edition is not None
    ]
    ends = [str(end) for _, end, _ in found]
    assert ends == ["2017-09-01", "2020-09-01", "None"]
    assert [before for _, _, before in found] == ["", "2014-15", "2017-18"]


def test_the_file_may_say_its_catalogue() -> None:
    made = import_areas({"lake.yaml": f"{SIMPLE}catalog: 2018-19\n".encode()})
    assert "awards/900/2018-19.yaml" in made.files


def test_a_file_that_fails_writes_nothing() -> None:
    good, bad = SIMPLE.encode(), f"{HEAD}result: {{all: [LAKE 101, {{}}]}}\n".encode()
    made = import_areas({"a/2014-15/900.yaml": good, "a/2020-21/900.yaml": bad})
    assert [path for path in made.files if path.startswith("awards")] == ["awards/900/2014-15.yaml"]
    assert (made.whole, made.failed) == (1, 1)
    assert "until" not in made.files["awards/900/2014-15.yaml"]
    (found,) = made.diagnostics
    assert (found.code, found.severity, found.span.line) == ("CN1102", "error", 5)


def test_where_all_fails_there_is_no_pack() -> None:
    assert import_areas({"a/2014-15/900.yaml": b"result: SEA 1\n"}).files == {}


def test_what_is_not_carried_over_is_told_with_its_place() -> None:
    text = f"{HEAD}result:\n  all:\n    - LAKE 101\n    - template: own_courses\n"
    made = import_areas({"a/2014-15/900.yaml": text.encode()})
    assert (made.whole, made.partial, dict(made.not_carried)) == (0, 1, {"template": 1})
    (found,) = made.diagnostics
    assert str(found.span) == "a/2014-15/900.yaml:8:7"
    assert (found.code, found.severity) == ("CN1101", "warning")


def test_an_edition_stands_in_one_file() -> None:
    made = import_areas(
        {name: SIMPLE.encode() for name in ("a/2014-15/x.yaml", "b/2014-15/x.yaml")}
    )
    assert (made.whole, made.failed) == (1, 1)
    assert "stands in `a/2014-15/x.yaml` too" in made.diagnostics[0].message


def test_what_makes_no_rule_fails_with_the_reason() -> None:
    text = SIMPLE.replace("Lake Studies", '"Lake\\ufeffStudies"')
    made = import_areas({"a/2014-15/900.yaml": text.encode()})
    assert (made.failed, made.diagnostics[0].code) == (1, "CN1103")


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"- a list\n",
        b"name: [\n",
        b"name: a\nname: b\n",
        b"name: \xff\n",
        b"a: &a [*a]\n",
        b"code: '../x'\nname: a\ntype: major\nresult: SEA 1\n",
        SIMPLE.encode() + b"catalog: next year\n",
        b"x: " + b"[" * 200 + b"]" * 200,
        (
            b"a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
            b"b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
            b"c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
            b"d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
            b"e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
        ),
    ],
)
def test_a_file_that_is_none_is_refused(source: bytes) -> None:
    made = import_areas({"a/2014-15/900.yaml": source})
    assert (made.failed, [one.code for one in made.diagnostics]) == (1, ["CN1102"])


@pytest.mark.parametrize("code", ["CN1101", "CN1102", "CN1103"])
def test_what_a_page_avoids_is_found_and_what_it_prefers_is_not(code: str) -> None:
    avoid, prefer = EXAMPLE.findall((PAGES / f"{code}.md").read_text())
    found = import_areas({"a/2014-15/900.yaml": avoid.encode()}).diagnostics
    assert {one.code for one in found} == {code}
    assert import_areas({"a/2014-15/900.yaml": prefer.encode()}).diagnostics == ()
