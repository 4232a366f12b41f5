"""`cairn verify`: what `cairn audit` printed, checked again without the solver."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import AUDIT, RECORD, ROOT, RULES, cairn

SHARED = str(ROOT / "rules" / "arizona" / "records" / "two-certificates.yaml")


@pytest.fixture(scope="module")
def audit() -> bytes:
    return cairn(*AUDIT, "--record", RECORD, "--format", "json").stdout


def verified(audit: bytes, record: str = RECORD) -> tuple[int, str, str]:
    done = cairn("verify", "-", "--record", record, "--rules", RULES, given=audit)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_an_audit_holds_as_it_was_printed(audit: bytes) -> None:
    assert verified(audit) == (0, "the certificate holds\n", "")


def test_two_awards_asked_together_hold_together() -> None:
    words = ("--award", "arizona/p12", "--award", "arizona/q9", "--rules", RULES)
    both = cairn("audit", *words, "--record", SHARED, "--format", "json").stdout
    assert len(json.loads(both)["audits"]) == 2
    assert verified(both, SHARED)[0] == 0


def set_met(audit: dict[str, Any]) -> None:
    audit["met"] = True


def claim_more(audit: dict[str, Any]) -> None:
    audit["certificate"]["parts"][0]["claims"][0]["reached"] = "20"


def drop_a_placement(audit: dict[str, Any]) -> None:
    audit["certificate"]["parts"][0]["placements"].pop()


def loosen_a_bound(audit: dict[str, Any]) -> None:
    audit["certificate"]["parts"][0]["bounds"][0]["limit"] = "30"


def swap_an_achievement(audit: dict[str, Any]) -> None:
    placements = audit["certificate"]["parts"][0]["placements"]
    placements[0]["achievement"] = placements[1]["achievement"]


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (set_met, "`met` of an audit is not what its certificate claims"),
        (claim_more, "the progress of `ntu/masters` is 16 of 32, not what is claimed"),
        (drop_a_placement, "the progress of `ntu/masters` is 12 of 32, not what is claimed"),
        (loosen_a_bound, "the bounds leave room for more progress of `ntu/masters`"),
        (swap_an_achievement, "is placed twice in"),
    ],
)
def test_what_was_tampered_with_does_not_hold(
    audit: bytes, tamper: Callable[[dict[str, Any]], None], said: str
) -> None:
    changed = json.loads(audit)
    tamper(changed)
    code, out, err = verified(json.dumps(changed).encode())
    assert (code, out) == (1, "the certificate does not hold\n")
    assert said in err


def test_an_audit_does_not_hold_for_another_record(audit: bytes, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("earned: []\n")
    assert verified(audit, str(other))[0] == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"{", "is not JSON"),
        (b'{"award": 3}', "`3` is not an id"),
        (b'{"audits": []}', "does not hold one joint audit"),
        (b"[" * 100_000, "is not JSON"),
        (b"null", "is not an audit"),
    ],
)
def test_what_is_no_audit_is_refused(given: bytes, said: str) -> None:
    code, out, err = verified(given)
    assert (code, out) == (2, "")
    assert said in err


def test_an_audit_given_twice_is_refused(audit: bytes) -> None:
    twice = json.dumps({"audits": [json.loads(audit)] * 2}).encode()
    assert "does not hold one joint audit" in verified(twice)[2]
