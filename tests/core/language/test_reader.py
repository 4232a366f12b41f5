"""What the strict reader takes, refuses, and how it stays within bounds."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.language.diagnostics import Diagnostic
from app.core.language.reader import Plain, key_at, read_yaml, span_at
from app.core.language.text import LARGEST

# Far above what is measured (five, for the largest), far below what no bounds would take.
SECONDS = 90


def value_of(text: str) -> Plain:
    document, found = read_yaml(text.encode(), "rule.yaml")
    assert found == ()
    assert document is not None
    return document.value


def codes_of(source: bytes | str) -> list[str]:
    written = source.encode() if isinstance(source, str) else source
    return [diagnostic.code for diagnostic in read_yaml(written, "rule.yaml")[1]]


def found_in(text: str) -> Diagnostic:
    found = read_yaml(text.encode(), "rule.yaml")[1]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("123456789012345678", 123456789012345678),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2024-02-29", date(2024, 2, 29)),
        ('"2024-02-29"', "2024-02-29"),
        ("'7'", "7"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("NaN", "NaN"),
        ("12:30", "12:30"),
        ("1.2.3", "1.2.3"),
        ("C+", "C+"),
        ("-", None),
        ("50%", "50%"),
        ("1/3", "1/3"),
        ("=", "="),
        ("2025-autumn", "2025-autumn"),
    ],
)
def test_a_word_stands_for_what_yaml_1_2_says(written: str, value: Plain) -> None:
    expected: Plain = [None] if written == "-" else value
    assert value_of(f"key:\n  {written}") == {"key": expected}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("7.5", "CN0105"),
        (".5", "CN0105"),
        ("7.", "CN0105"),
        ("1e3", "CN0105"),
        ("-1.5E-3", "CN0105"),
        (".inf", "CN0105"),
        ("-.INF", "CN0105"),
        (".nan", "CN0105"),
        ("010", "CN0106"),
        ("-01", "CN0106"),
        ("+5", "CN0106"),
        ("0x1F", "CN0106"),
        ("0o17", "CN0106"),
        ("0b11", "CN0106"),
        ("1_000", "CN0106"),
        ("1234567890123456789", "CN0107"),
        ("2026-02-30", "CN0108"),
        ("2026-13-01", "CN0108"),
        ("2026-2-3", "CN0108"),
        ("0000-01-01", "CN0108"),
        ("2026-01-01T10:00:00Z", "CN0109"),
        ("2026-01-01 10:00", "CN0109"),
        ("True", "CN0120"),
        ("FALSE", "CN0120"),
        ("Null", "CN0120"),
        ("&a x", "CN0103"),
        ("*a", "CN0103"),
        ("!!str x", "CN0104"),
        ("!x y", "CN0104"),
        ('"\\ud800"', "CN0122"),
    ],
)
def test_a_word_that_readers_disagree_about_is_refused_at_its_place(
    written: str, code: str
) -> None:
    found = found_in(f"first: 1\nkey: {written}\n")
    assert found.code == code
    assert str(found.span) == "rule.yaml:2:6"
    assert found.help


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2", "CN0102"),
        ("<<: {a: 1}", "CN0103"),
        ("a: 1\n---\nb: 2", "CN0110"),
        ("a:\t1", "CN0112"),
        ("a: \x07", "CN0113"),
        ("a: x\u2028y", "CN0113"),
        ("a: x\ufeffy", "CN0113"),
        ("", "CN0114"),
        ("# nothing\n", "CN0114"),
        ("---\n", "CN0114"),
        ("7: x", "CN0115"),
        ("true: x", "CN0115"),
        ("2026-01-01: x", "CN0115"),
        (": x", "CN0115"),
        ("[a]: x", "CN0115"),
        ("{a: 1}: x", "CN0115"),
        ('"\\ud800": x', "CN0122"),
        ("%YAML 1.1\n---\na: 1", "CN0121"),
        ("a: [1", "CN0101"),
        ("a: {b: 1", "CN0101"),
        ("a: 'x", "CN0101"),
        ("a: b: c", "CN0101"),
        ("a: @x", "CN0101"),
        ("a: `x`", "CN0101"),
        ("a: 1\n b: 2", "CN0101"),
        ("- a\nb: 1", "CN0101"),
        ("a: |x\n  y", "CN0101"),
        ('a: "\\q"', "CN0101"),
        ('a: "\\u12"', "CN0101"),
        ("a: ]", "CN0101"),
        ("a: *", "CN0101"),
        ("a: !<x y", "CN0101"),
        ("a:\n  b\nc", "CN0101"),
    ],
)
def test_a_file_that_readers_disagree_about_is_refused(text: str, code: str) -> None:
    assert codes_of(text) == [code]


def test_an_escape_beyond_the_last_character_is_refused_where_it_stands() -> None:
    found = found_in('a: 1\nb: "x\\UFFFFFFFF"\n')
    assert found.code == "CN0122"
    assert str(found.span) == "rule.yaml:2:6"


def test_no_sentence_of_the_library_reaches_the_author() -> None:
    for text in ("a: [1", "a: 'x", "a: b: c", "a: @x", "- a\nb: 1", "a: |x\n  y", "a: !<x y"):
        sentence = found_in(text).message
        assert "expected" not in sentence
        assert "while" not in sentence
        assert "token" not in sentence


def test_all_problems_of_a_file_are_found_at_once_and_sorted_by_place() -> None:
    found = read_yaml(b"b: 7.5\na: 010\na: True\nc: [2026-02-30, &x 1]\n", "f")[1]
    assert [diagnostic.code for diagnostic in found] == [
        "CN0105",
        "CN0106",
        "CN0102",
        "CN0120",
        "CN0108",
        "CN0103",
    ]
    assert list(found) == sorted(found)


def test_what_is_refused_stands_as_text_so_that_the_rest_can_be_checked() -> None:
    document, _ = read_yaml(b"a: 7.5\na: 8\nb: *x\nc: 1\n", "f")
    assert document is not None
    assert document.value == {"a": "7.5", "b": None, "c": 1}


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (b"\xff\xfea\x00", (1, 1)),
        (b"\xfe\xff\x00a", (1, 1)),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", (1, 1)),
        (b"a: 1\nb: caf\xe9\n", (2, 7)),
        ("é: ".encode() + b"\x80", (1, 4)),
        (b"a: \xc0\xaf", (1, 4)),
        (b"a: \xed\xa0\x80", (1, 4)),
    ],
)
def test_bytes_that_are_not_utf_8_are_refused_at_their_place(
    source: bytes, place: tuple[int, int]
) -> None:
    (found,) = read_yaml(source, "f")[1]
    assert found.code == "CN0111"
    assert (found.span.line, found.span.column) == place


def test_the_mark_of_utf_8_and_the_line_ends_of_windows_are_taken() -> None:
    document, found = read_yaml(b"\xef\xbb\xbfa: 1\r\nb: 7.5\r\n", "f")
    assert document is not None
    assert document.value == {"a": 1, "b": "7.5"}
    assert str(found[0].span) == "f:2:4"


def test_json_is_read_with_its_escapes() -> None:
    text = '{"a":"\\ud83d\\ude00 \\/ \\u00e9\\n", "b":[1,-2,{"c":null}],"d":true,"e":{}}'
    assert value_of(text) == {"a": "😀 / é\n", "b": [1, -2, {"c": None}], "d": True, "e": {}}


def test_every_value_and_every_key_has_its_place() -> None:
    document, _ = read_yaml(b"award: x\nrequire:\n  all:\n    - {take: [a, b]}\n", "f")
    assert document is not None
    place = ("require", "all", 0, "take", 1)
    assert str(span_at(document.spans, place)) == "f:4:18"
    assert str(key_at(document.spans, place[:-1])) == "f:4:8"
    assert str(span_at(document.spans, (*place, "nowhere"))) == "f:4:18"
    assert str(key_at(document.spans, ("missing",))) == "f:1:1"


def test_a_problem_says_by_its_path_where_it_is() -> None:
    found = read_yaml(b"a: [&x 1, {b: 7.5, b: 2, 7: x}]\n", "f")[1]
    assert [each.path for each in found] == ["$.a[0]", "$.a[1].b", "$.a[1]", "$.a[1]"]


def test_what_is_quoted_from_a_file_cannot_drive_a_terminal() -> None:
    (found,) = read_yaml(b'"\\e[31mkey": 1\n"\\e[31mkey": 2\n', "f")[1]
    assert found.message == "the key `?[31mkey` stands twice, first on line 1"


def test_columns_count_characters_and_not_bytes() -> None:
    assert str(found_in("{é: ü, 漢字: 7.5}").span) == "rule.yaml:1:12"


def test_the_second_of_two_equal_keys_leaves_no_trace() -> None:
    document, _ = read_yaml(b"a: {b: 1}\na: {b: 2, c: 3}\n", "f")
    assert document is not None
    assert document.value == {"a": {"b": 1}}
    assert str(document.spans[("a", "b")]) == "f:1:8"
    assert ("a", "c") not in document.spans


def test_no_more_values_are_read_than_are_allowed() -> None:
    assert read_yaml(b"[1, 2]", "f", most=3)[1] == ()
    found = read_yaml(b"[1, 2, 3]", "f", most=3)[1]
    assert [one.message for one in found] == ["the file holds more than 3 values"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"[" * 10_000, "CN0118"),
        (b"{a: " * 10_000, "CN0118"),
        (b"- " * 10_000 + b"x", "CN0118"),
        (b"\n".join(b" " * depth + b"a:" for depth in range(1_500)), "CN0118"),
        (b"-\n" * 400_000, "CN0117"),
        (b"x" * 10_000_000, "CN0116"),
        (b"a" * 2_000 + b": 1", "CN0101"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_made_to_exhaust_the_reader_is_given_up_in_time(source: bytes, code: str) -> None:
    started = time.process_time()
    document, found = read_yaml(source, "f")
    assert time.process_time() - started < SECONDS
    assert document is None
    assert found[-1].code == code


@pytest.mark.parametrize(
    "source",
    [
        b"a: " + b"x" * 1_000_000,
        b'a: "' + b"x" * 1_000_000 + b'"',
        b"a: " + b"x " * 500_000,
        b"a: 1\n" + b"#" * 1_000_000,
        b"a: 1" + b"\n" * 1_000_000,
    ],
    ids=["plain", "quoted", "words", "comment", "lines"],
)
def test_a_long_line_is_read_in_time(source: bytes) -> None:
    started = time.process_time()
    document, found = read_yaml(source, "f")
    assert time.process_time() - started < SECONDS
    assert document is not None
    assert found == ()


def test_a_bomb_of_aliases_is_not_unfolded() -> None:
    levels = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 9)]
    document, found = read_yaml("\n".join(["l0: &l0 [x]", *levels]).encode(), "f")
    assert document is not None
    assert document.value == {"l0": ["x"], **{f"l{level}": [None] * 9 for level in range(1, 9)}}
    assert {diagnostic.code for diagnostic in found} == {"CN0103"}


def test_of_thousands_of_problems_no_more_are_kept_than_help() -> None:
    document, found = read_yaml(b"a: 1.5\n" * 50_000, "f")
    assert document is None
    assert len(found) == 1_000


def test_what_stands_under_a_key_that_is_no_text_is_left_out() -> None:
    document, found = read_yaml(b"a: &x 1\n*x : 2\n[b, c]: {d: 7.5}\n", "f")
    assert document is not None
    assert document.value == {"a": 1}
    assert [each.code for each in found] == ["CN0103", "CN0103", "CN0115", "CN0115", "CN0105"]


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not() -> None:
    start = b"a: 1 #"
    assert codes_of(start + b"x" * (LARGEST - len(start))) == []
    assert codes_of(start + b"x" * (LARGEST - len(start) + 1)) == ["CN0116"]
    assert codes_of(b"a: 1 # xx") == []
    assert read_yaml(b"a: 1 # xx", "f", largest=8)[0] is None


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_the_bytes_there_is_a_document_or_a_diagnostic(source: bytes) -> None:
    document, found = read_yaml(source, "f")
    assert document is not None or found


@given(st.text("ab:,-?[]{}#&*!|>'\"%@`\\ \n01._~<=\tx", max_size=40))
def test_whatever_the_signs_there_is_a_document_or_a_diagnostic(text: str) -> None:
    document, found = read_yaml(text.encode(), "f")
    assert document is not None or found
    assert all(diagnostic.span.line >= 1 for diagnostic in found)
