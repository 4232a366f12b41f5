"""`cairn route`: what to take in which term."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import RULES, cairn

HARVARD = Path(RULES) / "harvard" / "records" / "four-courses.yaml"
ROUTE = ("route", "--award", "harvard/alm", "--rules", RULES, "--record", str(HARVARD))
DAY = ("--as-of", "2026-11-01", "--first", "2027-01-01")


def test_a_route_is_printed_term_by_term() -> None:
    done = cairn(*ROUTE, *DAY, "--terms", "6", "--number", "2", "--name", "spring")
    assert (done.returncode, done.stderr) == (0, b"")
    first, term, *_ = done.stdout.decode().splitlines()
    assert first.startswith("Route 1: 4 terms, 32 credits, 8 credentials, at most 8 credits a term")
    assert first.endswith("proven best.")
    assert term == "  spring 1 (2027-01-01 to 2027-06-30)"


def test_a_question_may_come_from_a_file_and_be_swapped(tmp_path: Path) -> None:
    asked = {
        "terms": {"first": "2027-01-01", "count": 6, "names": ["spring", "autumn"]},
        "load": {"credentials": [2, 3]},
        "offered": {"harvard/b1": "autumn"},
        "objectives": ["terms", "credits"],
    }
    file = tmp_path / "question.yaml"
    file.write_text(json.dumps(asked))
    words = ("--question", str(file), "--routes", "2", "--swap", "harvard/b1", "--format", "json")
    done = cairn(*ROUTE, *DAY, *words)
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    best = found["routes"][0]
    assert best["proven"]
    assert best["gaps"] == {"terms": 0, "credits": "0"}
    assert [len(one["steps"]) for one in best["terms"]] == [2, 3, 3]
    where = {step["credential"]: one["name"] for one in best["terms"] for step in one["steps"]}
    assert where["harvard/b1"].startswith("autumn")
    assert found["swap"]["status"] in {"found", "impossible"}


def test_a_way_that_is_too_short_is_told_by_its_reason() -> None:
    done = cairn(*ROUTE, *DAY, "--terms", "2", "--number", "2")
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == [
        "It cannot be done in 2 terms because:",
        "A term takes at most 2 credentials.",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--terms", "99"), "a whole number from 1 to 24"),
        (("--terms", "-2"), "a whole number from 1 to 24"),
        (("--terms", "0"), "a whole number from 1 to 24"),
        (("--terms", "3", "--routes", "-3"), "a whole number from 1 to 10"),
        (("--terms", "3", "--routes", "0"), "a whole number from 1 to 10"),
        (("--terms", "3", "--take", "harvard/b1", "--avoid", "harvard/b1"), "drop one of the two"),
        (("--terms", "3", "--cost", "price"), "declares no number `price`"),
        ((), "has no `terms`"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(words: tuple[str, ...], said: str) -> None:
    done = cairn(*ROUTE, *DAY, *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
