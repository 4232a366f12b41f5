"""Single changes: each completes the award, and none is missed."""

from __future__ import annotations

from dataclasses import replace

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.record import AchievementId, Adjustment, Attestation, LearnerRecord, Milestone
from app.core.search.single import SingleChange, complete, said, single_changes
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, held, record, written

KNOWN = catalogue(
    credential("x/a", 4, "core"),
    credential("x/b", 3, "core"),
    credential("x/c", 2, "core"),
    credential("x/d", 5, "extra"),
)

B, D = CredentialId("x/b"), CredentialId("x/d")


def award(require: str, name: str = "x/p") -> CompiledAward:
    found = compiled(written(require), KNOWN)
    return replace(found, rule=replace(found.rule, award=CredentialId(name)))


def changes(one: CompiledAward, who: LearnerRecord) -> list[SingleChange]:
    assert not complete([one], who, TODAY)
    found = single_changes([one], who, TODAY)
    assert found.proven
    return list(found.changes)


SEVEN = award("  credits: 7\n  from: {tag: core}\n")


def test_whatever_is_enough_by_itself_may_be_taken() -> None:
    found = changes(SEVEN, record(held("x/a")))
    assert found == [SingleChange("take", credential=B)]


def test_nothing_is_told_where_two_things_are_missing() -> None:
    assert changes(award("  credits: 9\n  from: {tag: core}\n"), record(held("x/c"))) == []


def test_what_is_under_way_may_be_finished() -> None:
    going = replace(held("x/b"), status="in-progress", earned=None, grade="")
    found = changes(SEVEN, record(held("x/a"), going))
    assert SingleChange("finish", achievement=going.id, credential=B) in found


def test_the_lowest_better_grade_that_does_is_told() -> None:
    graded = award("  credits: 7\n  from: {tag: core, grade: {from: B}}\n")
    poor = replace(held("x/b"), grade="C")
    found = changes(graded, record(replace(held("x/a"), grade="A"), poor))
    assert SingleChange("grade", achievement=poor.id, credential=B, grade="B") in found


def test_a_failed_attempt_may_be_passed_or_its_credential_taken_again() -> None:
    failed = replace(held("x/b"), status="failed", grade="")
    found = changes(SEVEN, record(held("x/a"), failed))
    assert SingleChange("grade", achievement=failed.id, credential=B, grade="C") in found
    again = SingleChange("take", credential=B, again=True)
    assert again in found
    assert said(again, [SEVEN]) == "X/B taken again."


def test_a_step_without_credit_may_be_recorded_or_confirmed() -> None:
    both = "  all:\n    - {id: met, milestone: interview}\n    - {id: said, attest: board}\n"
    one = award(both)
    asked = record(held("x/a"))
    assert changes(one, asked) == []
    met = replace(asked, milestones=(Milestone(name="interview", on=TODAY),))
    assert changes(one, met) == [SingleChange("attest", requirement="said", role="board")]
    said = Attestation(requirement="said", role="board", by="a.khan", on=TODAY)
    assert changes(one, replace(asked, attestations=(said,))) == [
        SingleChange("record", milestone="interview")
    ]


def test_a_mean_may_be_reached_without_what_pulls_it_down() -> None:
    most = "  average: [{grade: '3.50', over: record}]\n"
    mean = award(f"  credits: 4\n  from: {{tag: core}}\n{most}")
    good, poor = replace(held("x/a"), grade="A"), replace(held("x/d"), grade="C")
    found = changes(mean, record(good, poor))
    assert SingleChange("leave-out", achievement=poor.id, credential=D) in found
    assert SingleChange("grade", achievement=poor.id, credential=D, grade="B+") in found


def test_of_several_awards_all_have_to_be_complete() -> None:
    other = award("  credits: 5\n  from: {tag: extra}\n", "x/q")
    half = record(held("x/a"), held("x/b"))
    found = single_changes([SEVEN, other], half, TODAY)
    assert found.changes == (SingleChange("take", credential=D),)
    assert single_changes([SEVEN, other], record(held("x/a")), TODAY).changes == ()


def test_a_milestone_on_which_depends_what_is_asked_may_be_recorded() -> None:
    exempt = award("""  all:
    - {credits: 4, from: {tag: core}}
    - when: {not: {milestone: exemption}}
      then: {credits: 100, from: {tag: extra}}
""")
    fewer = award("""  credits: 40
  from: {tag: core}
  changes: [{when: {milestone: exemption}, set: 4}]
""")
    for one in (exempt, fewer):
        (found,) = changes(one, record(held("x/a")))
        assert found == SingleChange("record", milestone="exemption")
        assert said(found, [one]) == "The step “exemption” recorded."


def test_what_a_decision_lets_in_may_be_taken() -> None:
    core = award("  id: core\n  credits: 7\n  from: {tag: core}\n")
    allowed = Adjustment(
        id="1",
        kind="also-allow",
        award=core.rule.award,
        requirement="core",
        reason="agreed",
        by="a.khan",
        on=TODAY,
        credential=D,
    )
    found = changes(core, replace(record(held("x/a")), adjustments=(allowed,)))
    assert [one.credential for one in found] == [B, D]


def test_a_step_is_called_by_its_own_title() -> None:
    one = award("""  all:
    - {id: interview, title: Verdict, attest: board}
    - {id: met, title: Interview, milestone: interview}
""")
    verdict = Attestation(requirement="interview", role="board", by="a.khan", on=TODAY)
    (found,) = changes(one, replace(record(), attestations=(verdict,)))
    assert said(found, [one]) == "Interview recorded."
    met = Milestone(name="interview", on=TODAY)
    (found,) = changes(one, replace(record(), milestones=(met,)))
    assert said(found, [one]) == "Verdict confirmed by board."


def test_of_two_attempts_it_is_said_which_one() -> None:
    mean = "  average: [{grade: '3.00', over: record}]\n"
    one = award(f"  credits: 4\n  from: {{tag: core}}\n{mean}")
    first = replace(held("x/d", "C"), id=AchievementId("d1"))
    second = replace(held("x/d", "C+"), id=AchievementId("d2"), attempt=2)
    found = changes(one, record(held("x/a", "B+"), first, second))
    told = [said(change, [one]) for change in found if change.kind == "grade"]
    assert told == ["X/A with grade A.", "X/D (d1) with grade B.", "X/D (d2) with grade B."]


def test_an_equivalent_that_only_the_record_describes_stands_in_for_one_alone() -> None:
    same = catalogue(*(credential(f"x/{name}", 4, "core") for name in "abcd"))
    one = compiled(written("  credits: 12\n  from: {tag: core}\n"), same)
    for twin, left in (("x/b", ["x/c", "x/d"]), ("x/c", ["x/b", "x/d"])):
        own = replace(credential("own/e", 4, "core"), equivalents=(CredentialId(twin),))
        who = replace(record(held("x/a"), held("own/e")), credentials=(own,))
        assert [change.credential for change in changes(one, who)] == left
