"""Functions, classes and files keep to their size, or say why not."""

from __future__ import annotations

import statistics
from collections.abc import Mapping

import pytest

from tests.architecture.shape import Excess, excesses, function_lines
from tests.architecture.tree import python_files, text_of

MEDIAN_LINES = 8
NINETIETH_PERCENTILE_LINES = 30

MANY_QUESTIONS = "one repository for what changes together; each method is one question to storage"

# place, as a finding names it: why it may be larger
EXCEPTIONS: Mapping[str, str] = {
    "app/api/dependencies.py::Services": "a property a use case, each of one line",
    "app/services/ports.py::CatalogueRepository": MANY_QUESTIONS,
    "app/services/shelf.py::Shelf": "what a directory of packs is asked, without a database",
    "app/services/ports.py::LearnerRepository": MANY_QUESTIONS,
    "app/persistence/catalogue.py::SqlCatalogueRepository": MANY_QUESTIONS,
    "app/persistence/learners.py::SqlLearnerRepository": MANY_QUESTIONS,
}


def _all_excesses() -> list[Excess]:
    return [found for path in python_files("app") for found in excesses(str(path), text_of(path))]


def test_everything_keeps_to_its_size_or_has_a_reason() -> None:
    unexcused = [found for found in _all_excesses() if found.place not in EXCEPTIONS]
    assert not unexcused, "\n".join(map(str, unexcused))


def test_every_exception_is_still_needed_and_says_why() -> None:
    assert set(EXCEPTIONS) <= {found.place for found in _all_excesses()}
    assert all(reason.strip() for reason in EXCEPTIONS.values())


def test_functions_are_short_as_a_rule() -> None:
    lines = [n for path in python_files("app") for n in function_lines(text_of(path))]
    assert statistics.median(lines) <= MEDIAN_LINES
    assert statistics.quantiles(lines, n=10)[-1] <= NINETIETH_PERCENTILE_LINES


LONG_FILE = "x = 1\n" * 401
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 50
WIDE_CLASS = "class C:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(11))
DEEP_FUNCTION = (
    "def f():\n"
    "    for a in ():\n"
    "        if a:\n"
    "            pass\n"
    "        elif not a:\n"
    "            with a:\n"
    "                while a:\n"
    "                    pass\n"
)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param(LONG_FILE, Excess("x.py", "file lines", 401, 400), id="long file"),
        pytest.param(LONG_FUNCTION, Excess("x.py::f", "lines", 51, 50), id="long function"),
        pytest.param(WIDE_CLASS, Excess("x.py::C", "public methods", 11, 10), id="wide class"),
        pytest.param(DEEP_FUNCTION, Excess("x.py::f", "nesting", 4, 3), id="deep function"),
    ],
)
def test_an_excess_is_found(source: str, found: Excess) -> None:
    assert list(excesses("x.py", source)) == [found]


def test_a_docstring_and_an_elif_cost_nothing() -> None:
    docstring = '    """One line.\n' + "    More.\n" * 50 + '    """\n'
    branches = "    if a:\n        pass\n" + "    elif a:\n        pass\n" * 4
    assert list(excesses("x.py", f"def f(a):\n{docstring}{branches}")) == []
