"""How diagnostics look to an author, and to a program."""

from __future__ import annotations

import json

from app.core.language.diagnostics import Diagnostic
from app.core.language.render import render_plain, render_text
from app.core.language.rules import read_rule
from app.core.model.source import SourceSpan


def one(line: int, column: int, text: str = "wrong") -> Diagnostic:
    return Diagnostic("CN0201", "error", text, "", SourceSpan("f.yaml", line, column))


def shown(source: str, line: int, column: int) -> list[str]:
    text = render_text([one(line, column)], {"f.yaml": source.encode()})
    return text.splitlines()[2:]


def test_a_diagnostic_says_where_what_and_what_would_work() -> None:
    source = b'award: x/a\ntittle: "A"\nedition: 2026\n'
    found = read_rule(source, "f.yaml").diagnostics
    chosen = [each for each in found if each.code in {"CN0201", "CN0203"}]
    assert render_text(chosen, {"f.yaml": source}) == (
        "f.yaml:2:1: error CN0201\n"
        "  unknown key `tittle` in an award file\n"
        '     2 | tittle: "A"\n'
        "       | ~~~~~^\n"
        "  help: did you mean `title`?\n"
        "f.yaml:3:10: error CN0203\n"
        "  `edition` must be text, not `2026`\n"
        "     3 | edition: 2026\n"
        "       |          ~~~^\n"
        '  help: quote it: "2026"\n'
    )


def test_the_mark_covers_quoted_text_words_and_single_signs() -> None:
    assert shown("a: 'x, y'\n", 1, 4)[1] == "       |    ~~~~~^"
    assert shown("a: [five years, b]\n", 1, 5)[1] == "       |     ~~~~~~~~~^"
    assert shown("a: {b: 1}\n", 1, 4)[1] == "       |    ^"
    assert shown("a:\n", 1, 3)[1] == "       |   ^"
    assert shown("a\n", 1, 40)[1] == "       |  ^"


def test_wide_letters_and_tabs_do_not_move_the_mark() -> None:
    assert shown("漢: x\n", 1, 4) == ["     1 | 漢: x", "       |     ^"]
    assert shown("a:\tx\n", 1, 4) == ["     1 | a: x", "       |    ^"]


def test_of_a_long_line_only_what_is_near_is_shown() -> None:
    line, mark = shown("x" * 1_000_000 + "[here]" + "y" * 1_000_000, 1, 1_000_002)
    assert line == f"     1 | …{'x' * 49}[here]{'y' * 45}…"
    assert mark == f"       | {' ' * 51}~~~^"


def test_without_its_line_a_diagnostic_is_whole() -> None:
    found = Diagnostic("CN0116", "error", "the file is too large", "split it", SourceSpan("f.yaml"))
    expected = "f.yaml: error CN0116\n  the file is too large\n  help: split it\n"
    assert render_text([found], {}) == expected
    assert render_text([one(9, 1)], {"f.yaml": b"a: 1\n"}).splitlines()[1:] == ["  wrong"]
    found = Diagnostic("CN0703", "error", "odd", path="$.achievements[1]")
    assert render_text([found], {}).startswith("$.achievements[1]: error CN0703\n")
    found = Diagnostic("CN0801", "error", "odd", "", SourceSpan("f.yaml"), "$.issuers")
    assert render_text([found], {}).startswith("f.yaml $.issuers: error CN0801\n")
    nowhere = Diagnostic("CN0201", "warning", "odd")
    assert render_text([nowhere], {}) == "warning CN0201\n  odd\n"


def test_as_plain_values_a_diagnostic_is_the_same_with_its_path() -> None:
    found = read_rule(b"award: [x/a]\n", "f.yaml").diagnostics
    values = render_plain(found)
    assert json.loads(json.dumps(values)) == values
    assert {
        "code": "CN0203",
        "severity": "error",
        "message": "`award` must be text, not a list of 1",
        "help": "",
        "file": "f.yaml",
        "line": 1,
        "column": 8,
        "path": "$.award",
    } in values
