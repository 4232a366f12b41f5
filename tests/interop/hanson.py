"""Invented areas in the Hanson format, read for the tests."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import Any

from app.interop.hanson_area import AreaFile, read_area
from app.interop.hanson_source import read_source

HEAD = "name: Lake Studies\ntype: major\ncode: '900'\ndegree: B.A.\n"
FILE = "areas/2020-21/900.yaml"


def area_file(text: str, head: str = HEAD) -> AreaFile:
    """Return an area whose head is the usual one."""
    return read_area(read_source((head + dedent(text)).encode(), FILE), FILE, "stolaf")


def required(text: str) -> dict[str, Any]:
    """Return what a file requires."""
    return dict(area_file(text).award["require"])


def rule(text: str) -> dict[str, Any]:
    """Return the requirement that a rule makes, alone in its file."""
    return required(f"result:\n{indent(dedent(text).strip(), '  ')}\n")


def admitted(where: str) -> dict[str, Any]:
    """Return the selector of a query of courses."""
    made = rule(f"from: courses\nwhere: {where}\nassert: {{count(courses): {{$gte: 1}}}}")
    return dict(made["from"])


def asserted(*assertions: str, where: str = "{subject: {$eq: LAKE}}") -> dict[str, Any]:
    """Return what several assertions make of a query, without its selector."""
    lines = "".join(f"\n  - {one}" for one in assertions)
    made = rule(f"from: courses\nwhere: {where}\nall:{lines}")
    return {key: value for key, value in made.items() if key != "from"}


def left(text: str) -> list[tuple[int, str]]:
    """Return the line and the name of everything that is not carried over."""
    found = area_file(text)
    return [(one.span.line, one.message.split("`")[1]) for one in found.found]
