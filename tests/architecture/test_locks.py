"""The locks say what pyproject.toml asks for, pinned and hashed; no network is needed to see it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tests.architecture.tree import ROOT

PROJECT: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["postgres"],
]
BUILD = PROJECT["dependency-groups"]["build"]
DEV = [one for one in PROJECT["dependency-groups"]["dev"] if isinstance(one, str)]

LOCKS = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": [*RUNTIME, *BUILD, *DEV],
    "docker/build.lock": BUILD,
}


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of one package in a lock."""

    requirement: Requirement
    hashes: int
    asked_for: bool

    @property
    def name(self) -> NormalizedName:
        """The name of the package, in the one spelling that compares."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The version, without its `==`."""
        return next(iter(self.requirement.specifier)).version


def read_pins(text: str) -> list[Pin]:
    """The pins of a lock, each with the number of its hashes."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    return [_pin(block) for block in blocks]


def _pin(block: str) -> Pin:
    requirement = Requirement(block.splitlines()[0].removesuffix("\\"))
    asked_for = re.search(r"^ +# .*\(pyproject\.toml", block, re.MULTILINE)
    return Pin(requirement, block.count("--hash=sha256:"), asked_for is not None)


def differences(asked: Iterable[str], pins: Iterable[Pin]) -> list[str]:
    """What a lock and the requirements behind it do not agree about."""
    wanted = {canonicalize_name(one.name): one for one in map(Requirement, asked)}
    direct = [pin for pin in pins if pin.asked_for]
    lacking = set(wanted) - {pin.name for pin in direct}
    return [
        *(f"`{name}` is asked for and not locked" for name in sorted(lacking)),
        *(f"`{pin.name}` is locked and not asked for" for pin in direct if pin.name not in wanted),
        *(
            f"`{pin.name}` is locked at {pin.version}, which is not what is asked for"
            for pin in direct
            if pin.name in wanted and pin.version not in wanted[pin.name].specifier
        ),
    ]


def _pins(lock: str) -> list[Pin]:
    return read_pins(Path(ROOT, lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_up_to_date(lock: str) -> None:
    assert differences(LOCKS[lock], _pins(lock)) == [], "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_is_exact_and_hashed(lock: str) -> None:
    pins = _pins(lock)
    assert pins
    assert all(str(pin.requirement.specifier).startswith("==") and pin.hashes for pin in pins)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    assert "://" not in Path(ROOT, lock).read_text()


def test_tests_run_on_the_versions_that_are_deployed() -> None:
    deployed = {(pin.name, pin.version) for pin in _pins("requirements.lock")}
    assert deployed <= {(pin.name, pin.version) for pin in _pins("requirements-dev.lock")}


SAMPLE = "one==1.0 \\\n    --hash=sha256:aa\n    # via cairn (pyproject.toml)\n"


@pytest.mark.parametrize(
    ("asked", "difference"),
    [
        (["one", "two"], "`two` is asked for and not locked"),
        ([], "`one` is locked and not asked for"),
        (["one>=2"], "`one` is locked at 1.0, which is not what is asked for"),
    ],
)
def test_a_lock_that_is_behind_is_found(asked: list[str], difference: str) -> None:
    assert differences(asked, read_pins(SAMPLE)) == [difference]
