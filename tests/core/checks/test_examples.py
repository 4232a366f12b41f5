"""Whole award files: of each finding one that has it, and one like it that has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.checks.meetable import check_meetable
from app.core.engine.compile import compile_rule
from app.core.explain.audits import audit_record
from app.core.language.cases import case_record
from app.core.language.checker import check_rule
from app.core.language.rules import RuleFile, read_rule
from app.services.expectations import differences
from tests.core.language.checking import POLICIES, catalogue

EXAMPLES = Path(__file__).parent / "examples"
CODES = sorted(path.stem for path in EXAMPLES.glob("bad/*.yaml"))
# What a check looks for; prerequisites in a ring are a fault of catalogues and found in packs.
LOOKED_FOR = {
    "unknown or retired credentials": {"CN0401", "CN0402"},
    "a selector that matches nothing": {"CN0407"},
    "what can never be met, alone": {"CN0603", "CN0604", "CN1005"},
    "what can never be met, with its siblings": {"CN0620", "CN1006", "CN1007"},
    "what is always met": {"CN0613"},
    "what is always met by another": {"CN1002", "CN1003"},
    "a credential compulsory twice": {"CN0605"},
    "a cap below its floor": {"CN0601"},
    "credits that cannot add up to the award": {"CN0614"},
    "rules that are not monotone": {"CN1001"},
    "branches nobody can reach": {"CN0615"},
}


def read(kind: str, code: str) -> RuleFile:
    path = EXAMPLES / kind / f"{code}.yaml"
    return read_rule(path.read_bytes(), path.name)


def found(kind: str, code: str) -> set[str]:
    """Return the codes of what is found; notes only where one of them is looked for."""
    file = read(kind, code)
    assert file.edition is not None, file.diagnostics
    known = check_rule(file.edition, file.cases, catalogue(), POLICIES)
    several = (*known, *check_meetable(file.edition, catalogue(), POLICIES, known))
    return {one.code for one in several if one.severity != "note" or one.code == code}


def test_of_every_finding_there_is_a_bad_example_and_a_good_one() -> None:
    assert set().union(*LOOKED_FOR.values()) == set(CODES)
    assert sorted(path.stem for path in EXAMPLES.glob("good/*.yaml")) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_bad_example_has_the_finding_alone_and_a_good_one_has_none(code: str) -> None:
    assert found("bad", code) == {code}
    assert found("good", code) == set()


@pytest.mark.parametrize("code", CODES)
def test_the_cases_of_a_good_example_pass(code: str) -> None:
    file = read("good", code)
    assert file.edition is not None
    award = compile_rule(file.edition, catalogue(), {**POLICIES, **file.edition.policies})
    for case in file.cases:
        (audit,) = audit_record([award], case_record(case, {}, {}), case.on)
        assert list(differences(case.expect, audit)) == []
