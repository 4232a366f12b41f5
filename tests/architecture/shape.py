"""How long, how deep and how wide a module is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FILE_LINES = 400
FUNCTION_LINES = 50
NESTING = 3
PUBLIC_METHODS = 10

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


@dataclass(frozen=True, slots=True)
class Excess:
    """One measure over its limit, at a place such as `app/x.py::Class.method`."""

    place: str
    measure: str
    found: int
    limit: int

    def __str__(self) -> str:
        return f"{self.place}: {self.found} {self.measure}, {self.limit} at most"


def excesses(path: str, source: str) -> Iterator[Excess]:
    """Everything in a module that is over its limit."""
    yield from _over(path, {"file lines": (len(source.splitlines()), FILE_LINES)})
    for name, node in _definitions(ast.parse(source)):
        place = f"{path}::{name}"
        if isinstance(node, ast.ClassDef):
            yield from _over(place, {"public methods": (_public_methods(node), PUBLIC_METHODS)})
        else:
            lines, depth = lines_of(node), _depth(node.body)
            yield from _over(place, {"lines": (lines, FUNCTION_LINES), "nesting": (depth, NESTING)})


def function_lines(source: str) -> list[int]:
    """How long each function of a module is."""
    definitions = _definitions(ast.parse(source))
    return [lines_of(node) for _, node in definitions if isinstance(node, _Function)]


def lines_of(function: _Function) -> int:
    """The lines of a function from its `def`, without its docstring."""
    return (function.end_lineno or 0) - function.lineno + 1 - _docstring_lines(function)


def _over(place: str, measures: Mapping[str, tuple[int, int]]) -> Iterator[Excess]:
    for measure, (found, limit) in measures.items():
        if found > limit:
            yield Excess(place, measure, found, limit)


def _definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, _Function | ast.ClassDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function | ast.ClassDef):
            yield prefix + child.name, child
            yield from _definitions(child, f"{prefix}{child.name}.")
        else:
            yield from _definitions(child, prefix)


def _docstring_lines(function: _Function) -> int:
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return 0
    return (first.end_lineno or 0) - first.lineno + 1


def _public_methods(node: ast.ClassDef) -> int:
    if node.name.startswith("_"):
        return 0
    methods = [child for child in node.body if isinstance(child, _Function)]
    return sum(not method.name.startswith("_") for method in methods)


def _depth(body: list[ast.stmt]) -> int:
    return max(map(_depth_of, body), default=0)


def _depth_of(statement: ast.stmt) -> int:
    if not isinstance(statement, _BLOCKS):
        return 0
    branches = [getattr(statement, name, []) for name in ("body", "finalbody")]
    branches += [part.body for part in getattr(statement, "handlers", [])]
    branches += [part.body for part in getattr(statement, "cases", [])]
    deepest = 1 + max(map(_depth, branches))
    return max(deepest, _else_depth(statement))


def _else_depth(statement: ast.stmt) -> int:
    """An `elif` is a sibling of its `if`, not one level deeper."""
    orelse: list[ast.stmt] = getattr(statement, "orelse", [])
    if isinstance(statement, ast.If) and len(orelse) == 1 and isinstance(orelse[0], ast.If):
        return _depth_of(orelse[0])
    return 1 + _depth(orelse)
