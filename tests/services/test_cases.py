"""Cases: every expected key is compared, and every difference is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.engine.verify import verify
from app.core.explain.audits import audit_record
from app.core.model.audit import Audit
from app.core.model.record import LearnerRecord
from app.interop.packs import read_pack
from app.persistence.pack_files import read_packs
from app.services import cases
from app.services.cases import run_cases
from app.wiring import packs_in
from tests.services.builders import CERTIFICATE, DIPLOMA, pack

RULES = Path(__file__).parents[2] / "rules"
CASE = """
  - name: probe
    on: 2025-06-01
    record:
      like: everything
      without: [x/c]
      in_progress: [x/c]
      failed: [{credential: x/d, grade: F}]
    expect: {EXPECT}
"""


def differences(expect: str, extra: str = "") -> tuple[str, ...]:
    case = CASE.replace("{EXPECT}", expect).replace("    record", f"{extra}    record")
    found = pack(awards_cert_2024_yaml=(CERTIFICATE + case).encode())
    assert found.diagnostics == ()
    return next(one.differences for one in run_cases([found]) if one.name == "probe")


def test_a_case_may_have_adjustments_in_its_record() -> None:
    decided = (
        "adjustments: [{id: j1, kind: adjust-quantity, award: any, requirement: electives, "
        "amount: 10, reason: Board, by: registrar, on: 2025-01-01}]"
    )
    case = CASE.replace("{EXPECT}", "{met: true, progress: {reached: 20, of: 20}}")
    text = CERTIFICATE + case.replace("      like", f"      {decided}\n      like")
    found = pack(awards_cert_2024_yaml=text.encode())
    assert found.diagnostics == ()
    assert [one.differences for one in run_cases([found]) if one.name == "probe"] == [()]


@pytest.mark.parametrize("name", sorted(read_packs(RULES)))
def test_every_case_of_the_packs_passes(name: str) -> None:
    results = run_cases([read_pack(read_packs(RULES)[name], name)])
    assert results
    assert [(one.name, one.differences) for one in results if not one.passed] == []


@pytest.mark.parametrize(
    "expect",
    [
        "{met: false, progress: {reached: 20, of: 30}, edition: '2024', gates: {}, effects: []}",
        "{counts: {core: [x/a], electives: [x/b]}, short: {electives: {credits: 10}}}",
        "{counts: {electives: {x/b: 10}}, averages: {}, totals: {}}",
        "{refused: {x/c: not-finished, x/d: not-countable}}",
        "{because: [not-countable, not-enough, not-finished]}",
        "{projected: {met: true, progress: {reached: 30}, short: {}}}",
        "{projected: {counts: {electives: [x/b, x/c]}}}",
        "{planned: {met: true}}",
    ],
)
def test_what_the_audit_says_passes(expect: str) -> None:
    assert differences(expect) == ()


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("{met: true}", "`met` is expected to be true and is false"),
        ("{progress: {reached: 30}}", "`progress`: `reached` is expected to be `30` and is `20`"),
        ("{short: {}}", "`short`: `electives` is expected to be absent and is `10`"),
        (
            "{short: {electives: 10, core: 1}}",
            "`short`: `core` is expected to be `1` and is absent",
        ),
        (
            "{counts: {electives: [x/c]}}",
            '`counts`: `electives` is expected to be {"x/c": null} and is {"x/b": "10"}',
        ),
        (
            "{counts: {nowhere: [x/a]}}",
            '`counts`: `nowhere` is expected to be {"x/a": null} and is `no such requirement`',
        ),
        (
            "{refused: {x/d: not-countable}}",
            "`refused`: `x/c` is expected to be absent and is `not-finished`",
        ),
        (
            "{because: []}",
            '`because` is expected to be [] and is ["not-countable", "not-enough", "not-finished"]',
        ),
        ("{averages: {gpa: '3.00'}}", "`averages`: `gpa` is expected to be `3.00` and is absent"),
        (
            "{totals: {total: {of: 1}}}",
            '`totals`: `total` is expected to be {"of": "1"} and is absent',
        ),
        ("{admission: met}", "`admission` is expected to be `met` and is null"),
        ("{gates: {thesis: open}}", "`gates`: `thesis` is expected to be `open` and is absent"),
        (
            "{effects: [{award: x/dip, effect: superseded}]}",
            '`effects` is expected to be [{"award": "x/dip", "effect": "superseded"}] and is []',
        ),
        ("{error: no-conversion}", "the audit is not refused with `no-conversion`"),
        ("{projected: {met: false}}", "`projected`: `met` is expected to be false and is true"),
        (
            "{projected: {admission: met}}",
            "`projected`: `admission` is the same in all answers: expect it beside `projected`",
        ),
        (
            "{awards: {x/dip: {met: true}}}",
            "`awards`: `x/dip` is not audited, because `with` does not name it",
        ),
    ],
)
def test_what_the_audit_does_not_say_is_told(expect: str, told: str) -> None:
    assert differences(expect) == (told,)


def test_what_is_in_conflict_is_among_the_reasons() -> None:
    both = """require:
  all:
    - {id: first, title: First, choose: 1, from: {tag: elective}}
    - {id: second, title: Second, take: x/b}
"""
    case = CASE.replace("without: [x/c]", "without: [x/a, x/c]").replace(
        "      in_progress: [x/c]\n", ""
    )
    told = "in-conflict, not-countable, resolved-by, used-elsewhere"
    case = case.replace("{EXPECT}", f"{{because: [{told}]}}")
    head, _, cases = CERTIFICATE.partition("require:")
    text = head + both + "cases:\n" + cases.partition("cases:\n")[2] + case
    found = pack(awards_cert_2024_yaml=text.encode())
    assert found.diagnostics == ()
    assert [one.differences for one in run_cases([found]) if one.name == "probe"] == [()]


def test_awards_beside_are_judged_together() -> None:
    beside = "    with: [x/dip]\n"
    assert differences("{awards: {x/dip: {met: false, short: {credits: 20}}}}", beside) == ()
    assert differences("{awards: {x/dip: {met: true}}}", beside) == (
        "`x/dip`: `met` is expected to be true and is false",
    )


def test_an_award_beside_that_has_no_rule_is_told() -> None:
    assert differences("{met: false}", "    with: [x/none]\n") == (
        "the audit is refused with `unknown-award`: there is no rule of `x/none`",
    )


def test_policies_of_a_case_go_before_all_others() -> None:
    assert differences("{error: policy-unknown}", "    policies: {grade_scale: none}\n") == ()
    (told,) = differences("{met: false}", "    policies: {grade_scale: none}\n")
    assert told.startswith("the audit is refused with `policy-unknown`")


def test_a_record_that_makes_no_sense_is_told() -> None:
    case = CASE.replace("{EXPECT}", "{met: false}")
    late = case.replace("in_progress: [x/c]", "earned: [{credential: x/c, earned: 2026-01-01}]")
    found = pack(awards_cert_2024_yaml=(CERTIFICATE + late).encode())
    told = next(one.differences for one in run_cases([found]) if one.name == "probe")
    assert any("after the audit's day" in one for one in told)


def test_a_case_that_starts_from_nothing_known_is_told() -> None:
    lost = DIPLOMA.replace("like: all four", "like: all five").encode()
    results = run_cases([pack(awards_dip_1_yaml=lost)])
    told = next(one.differences for one in results if one.name == "three")
    assert told == ("there is no record `all five` to start from: did you mean `all four`?",)


def test_effects_and_editions_are_compared() -> None:
    more = (
        "  - name: held\n"
        "    on: 2025-06-01\n"
        "    record: {like: all four, earned: [{credential: x/cert, earned: 2025-02-01}]}\n"
        "    expect:\n"
        "      effects: [{award: x/cert, effect: superseded, on: 2025-06-01}]\n"
        "      edition: '1'\n"
    )
    results = run_cases([pack(awards_dip_1_yaml=(DIPLOMA + more).encode())])
    assert [one.differences for one in results if one.name == "held"] == [()]


def test_the_checker_accepts_the_certificate_of_every_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong: list[tuple[str, ...]] = []

    def checked(
        awards: Sequence[CompiledAward],
        learner: LearnerRecord,
        as_of: date,
        higher: Sequence[CompiledAward] = (),
    ) -> tuple[Audit, ...]:
        audits = audit_record(awards, learner, as_of, higher)
        rules, policies = [one.rule for one in awards], [one.policies for one in awards]
        known, certificate = awards[0].terms.catalogue, audits[0].certificate
        wrong.append(verify(rules, known, policies, learner, as_of, certificate))
        return audits

    monkeypatch.setattr(cases, "audit_record", checked)
    cases.run_cases(packs_in(RULES))
    assert len(wrong) > 70
    assert not any(wrong)
