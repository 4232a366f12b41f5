"""Names say what a thing is: words that fit anything are not used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.tree import python_files, text_of

EMPTY_NOUNS = {"util", "utils", "helper", "helpers", "common", "manager", "handler", "data", "info"}
EMPTY_VERBS = {"process", "do"}
# Names that a library gives to what it calls.
GIVEN = {"process_bind_param", "process_result_value"}

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def is_empty(name: str) -> bool:
    """Whether a name is, ends in or begins with a word that says nothing."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_").split("_")
    return words[-1] in EMPTY_NOUNS | EMPTY_VERBS or words[0] in EMPTY_VERBS


def empty_names(path: str, source: str) -> Iterator[str]:
    """The names in a module, its own among them, that say nothing."""
    module = path.rpartition("/")[2].removesuffix(".py")
    defined = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, _Definition)]
    yield from (f"{path}: {name}" for name in sorted({module, *defined} - GIVEN) if is_empty(name))


def test_no_name_is_empty() -> None:
    found = [name for path in python_files("app") for name in empty_names(str(path), text_of(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source", "name"),
    [
        ("app/utils.py", "", "utils"),
        ("app/x.py", "class CreditManager: ...", "CreditManager"),
        ("app/x.py", "class C:\n    def process_rule(self): ...", "process_rule"),
        ("app/x.py", "def _rule_data(): ...", "_rule_data"),
    ],
)
def test_an_empty_name_is_found(path: str, source: str, name: str) -> None:
    assert list(empty_names(path, source)) == [f"{path}: {name}"]


@pytest.mark.parametrize("name", ["common_divisor", "database", "document", "redo"])
def test_a_word_inside_a_name_is_no_harm(name: str) -> None:
    assert not is_empty(name)
