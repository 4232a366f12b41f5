"""Audits: given, stored, read again byte for byte, and made again from what is stored."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.model.credential import CredentialId, IssuerId
from app.core.model.errors import InvariantError
from app.core.model.record import AchievementId, Adjustment, LearnerRecord, Milestone
from app.interop.audit_json import audit_to_bytes
from app.interop.packs import read_pack
from app.persistence.storage import SqlStorage, open_engine
from app.services.errors import (
    NoEditionInForceError,
    NotAuditableError,
    NothingToAuditError,
    RecordRefusedError,
    RuleRefusedError,
    UnknownAuditError,
    UnknownAwardError,
    UnknownEditionError,
    UnknownLearnerError,
)
from app.services.reading import achievement_of, record_of
from app.services.stored import AwardChoice
from app.services.what_if import Hypothesis
from app.wiring import Services, join
from tests.persistence.databases import ENGINES
from tests.services.builders import CERTIFICATE, DIPLOMA, FILES, NOTE, edition, pack, ticking

CERT = AwardChoice(CredentialId("x/cert"))
DIP = AwardChoice(CredentialId("x/dip"))
JUNE = date(2025, 6, 1)


def given(*names: str, earned: str = "2025-01-31") -> LearnerRecord:
    entries = [{"credential": f"x/{name}", "grade": "B", "earned": earned} for name in names]
    return record_of({"achievements": entries})


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return each engine in turn: what is stored has to be the same on both."""
    return str(request.param)


@pytest.fixture
def ann(services: Services) -> Services:
    """Services that know a learner with two of three parts of the certificate."""
    services.learners.create("ann", NOTE)
    for achievement in given("a", "b").achievements:
        services.records.put_achievement("ann", achievement, NOTE)
    return services


def test_an_audit_is_stored_and_read_byte_for_byte(ann: Services) -> None:
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    assert ann.audits.read(stored.id) == stored
    body = json.loads(stored.body)
    assert ann.audits.read(stored.id).body == stored.body
    assert (body["id"], body["learner"], body["as_of"]) == (stored.id, "ann", "2025-06-01")
    (audit,) = body["audits"]
    assert (audit["award"], audit["edition"], audit["met"]) == ("x/cert", "2024", False)
    assert audit["progress"] == {"reached": "20", "of": "30", "percent": 66}
    assert [(one.met, one.percent) for one in stored.outputs] == [(False, 66)]


def test_awards_are_audited_together_in_the_order_asked(ann: Services) -> None:
    stored = ann.audits.audit("ann", [DIP, CERT], as_of=JUNE)
    assert [one.award for one in stored.outputs] == ["x/dip", "x/cert"]


def test_an_old_audit_is_repeated_whatever_was_changed_since(ann: Services) -> None:
    stored = ann.audits.audit("ann", [CERT, DIP], as_of=JUNE)
    retitled = FILES["catalogue.yaml"].replace(b"title: Algebra", b"title: Sums")
    policies = FILES["policies.yaml"].replace(b"retakes: best", b"retakes: last")
    changed = read_pack({**FILES, "catalogue.yaml": retitled, "policies.yaml": policies}, "x")
    assert ann.packs.load(changed, NOTE)
    ann.publishing.put_draft(edition("2025", "2025-01-01"), NOTE)
    ann.publishing.publish("x/cert", "2025", NOTE)
    ann.records.patch_achievement("ann", "x/a", {"grade": "F"}, NOTE)
    ann.records.remove("ann", "achievement", "x/b", NOTE)

    repetition = ann.audits.repeat(stored.id)
    assert repetition.same
    assert ann.audits.read(stored.id).body == stored.body
    again = ann.audits.audit("ann", [CERT, DIP], as_of=JUNE)
    assert [one.edition for one in again.outputs] == ["2025", "1"]
    assert again.outputs[1].output != stored.outputs[1].output
    assert ann.audits.repeat(again.id).same


def test_a_repetition_needs_nothing_kept_in_memory(ann: Services, database_url: str) -> None:
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    other = SqlStorage(open_engine(database_url))
    assert join(other, ticking(), Path("rules")).audits.repeat(stored.id).same
    other.close()


def test_another_process_repeats_the_same_bytes(ann: Services, database_url: str) -> None:
    stored = ann.audits.audit("ann", [CERT, DIP], as_of=JUNE)
    program = (
        "import sys; from pathlib import Path; from app.wiring import join, utc_now;"
        "from app.persistence.storage import SqlStorage, open_engine;"
        "services = join(SqlStorage(open_engine(sys.argv[1])), utc_now, Path('rules'));"
        "found = services.audits.repeat(sys.argv[2]); print(found.same)"
    )
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", program, database_url, stored.id],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout == "True\n"


def test_the_inputs_say_what_an_audit_was_made_from(ann: Services) -> None:
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    inputs = json.loads(stored.inputs)
    assert set(inputs) == {"as_of", "awards", "engine", "foreign", "higher", "record"}
    (award,) = inputs["awards"]
    assert award["rule"] == ann.awards.edition("x/cert", "2024").entry.sha256
    assert award["policies"]["retakes"] == "best"
    assert [one["award"] for one in inputs["higher"]] == ["x/dip"]
    assert [one["credential"] for one in inputs["record"]["achievements"]] == ["x/a", "x/b"]
    assert stored.engine.startswith("cairn ")


def test_the_same_inputs_have_the_same_hash(ann: Services) -> None:
    first = ann.audits.audit("ann", [CERT], as_of=JUNE)
    second = ann.audits.audit("ann", [CERT], as_of=JUNE)
    assert (first.input_hash, first.outputs) == (second.input_hash, second.outputs)
    assert first.id != second.id
    assert [one.id for one in ann.audits.list("ann").items] == [second.id, first.id]


def test_what_lies_after_the_day_is_left_out_of_view(ann: Services) -> None:
    late = achievement_of({"credential": "x/c", "grade": "B", "earned": "2025-06-02"})
    ann.records.put_achievement("ann", late, NOTE)
    begun = {"credential": "x/d", "status": "in-progress", "started": "2025-06-02"}
    ann.records.put_achievement("ann", achievement_of(begun), NOTE)
    ann.records.put_milestone("ann", Milestone(name="placement", on=date(2025, 6, 2)), NOTE)
    before = ann.audits.audit("ann", [CERT], as_of=JUNE)
    after = ann.audits.audit("ann", [CERT], as_of=date(2025, 6, 2))
    assert [one.met for one in (*before.outputs, *after.outputs)] == [False, True]
    seen = json.loads(before.inputs)["record"]
    assert [one["id"] for one in seen["achievements"]] == ["x/a", "x/b"]
    assert seen["milestones"] == []


def test_the_day_is_today_where_nobody_says(ann: Services) -> None:
    assert ann.audits.audit("ann", [CERT]).as_of == date(2026, 3, 2)


def test_a_learner_is_bound_by_the_edition_of_admission(ann: Services) -> None:
    ann.publishing.put_draft(edition("2026", "2026-01-01"), NOTE)
    ann.publishing.publish("x/cert", "2026", NOTE)
    assert ann.audits.audit("ann", [CERT]).outputs[0].edition == "2026"
    ann.records.put_milestone("ann", Milestone(name="admission", on=date(2025, 9, 1)), NOTE)
    assert ann.audits.audit("ann", [CERT]).outputs[0].edition == "2024"
    chosen = AwardChoice(CredentialId("x/cert"), "2026")
    assert ann.audits.audit("ann", [chosen]).outputs[0].edition == "2026"


def test_a_lower_award_is_not_given_once_the_higher_is_complete(ann: Services) -> None:
    for achievement in given("c", "d").achievements:
        ann.records.put_achievement("ann", achievement, NOTE)
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    admission = json.loads(stored.outputs[0].output)["answers"]["admission"]
    assert admission["state"] == "not-met"
    assert [one["code"] for one in admission["reasons"]] == ["higher-complete"]
    assert ann.audits.repeat(stored.id).same


def test_what_cannot_be_audited_says_why(ann: Services) -> None:
    with pytest.raises(UnknownLearnerError):
        ann.audits.audit("bob", [CERT])
    with pytest.raises(UnknownAwardError, match="did you mean `x/cert`"):
        ann.audits.audit("ann", [AwardChoice(CredentialId("x/certt"))])
    with pytest.raises(UnknownEditionError, match="there are `2024`"):
        ann.audits.audit("ann", [AwardChoice(CredentialId("x/cert"), "1999")])
    with pytest.raises(NothingToAuditError):
        ann.audits.audit("ann", [])
    with pytest.raises(NoEditionInForceError, match="ask for 2024-01-01 or later"):
        ann.audits.audit("ann", [CERT], as_of=date(2023, 12, 31))
    with pytest.raises(UnknownAuditError):
        ann.audits.read("none")
    with pytest.raises(UnknownLearnerError):
        ann.audits.list("bob")


def test_what_binds_can_be_told_for_one_evaluation(services: Services) -> None:
    services.publishing.put_draft(edition("2026", "2026-01-01"), NOTE)
    services.publishing.publish("x/cert", "2026", NOTE)
    record = replace(given("a"), milestones=(Milestone(name="admission", on=date(2025, 1, 1)),))
    for policy, bound in (("admission", "2024"), ("audit", "2026")):
        (audit,) = services.audits.evaluate(record, [CERT], policies={"edition": policy})
        assert audit.edition == bound


def test_a_draft_audits_nobody(ann: Services) -> None:
    ann.publishing.put_draft(edition("2026", "2026-01-01"), NOTE)
    with pytest.raises(UnknownEditionError):
        ann.audits.audit("ann", [AwardChoice(CredentialId("x/cert"), "2026")])


def test_a_record_that_nobody_keeps_is_evaluated_the_same(ann: Services) -> None:
    record = replace(given("a", "b"), learner=ann.learners.record("ann").record.learner)
    (audit,) = ann.audits.evaluate(record, [CERT], as_of=JUNE)
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    assert audit_to_bytes(audit) == stored.outputs[0].output
    assert len(ann.audits.list("ann").items) == 1


def test_a_rule_given_as_text_is_evaluated(services: Services) -> None:
    source = edition("own", "2030-01-01").replace(b"credits: 20", b"credits: 10")
    as_json = json.dumps({"award": "x/own", "title": "Own", "edition": "1", **RULE}).encode()
    audits = services.audits.evaluate(given("a", "b"), rules=[source, as_json], as_of=JUNE)
    assert [(one.award, one.now.met) for one in audits] == [("x/cert", True), ("x/own", True)]


RULE = {
    "effective": {"from": "2024-01-01"},
    "credit": {"total": 10, "unit": "ects"},
    "reference": {"title": "R"},
    "require": {"id": "core", "title": "Core", "take": "x/a"},
}


def test_a_rule_given_as_json_asks_for_a_declared_date_as_text(services: Services) -> None:
    asked = {"credits": 10, "from": {"since": "2024-01-01"}}
    rule = {"award": "x/own", "title": "Own", "edition": "1", **RULE, "require": asked}
    for day, met in (("2024-01-01", True), ("2024-01-02", False)):
        entry = {"credential": "x/a", "grade": "B", "attributes": {"since": day}}
        record = record_of({"earned": [entry]})
        rules = [json.dumps(rule).encode()]
        (audit,) = services.audits.evaluate(record, rules=rules, as_of=JUNE)
        assert audit.now.met is met


def test_one_award_is_not_audited_twice_at_once(ann: Services) -> None:
    own = edition("own", "2030-01-01")
    with pytest.raises(NotAuditableError, match="`x/cert` is named 2 times") as refused:
        ann.audits.audit("ann", [CERT, DIP, replace(CERT, edition="2024")], as_of=JUNE)
    assert refused.value.code == "award-twice"
    assert ann.audits.list("ann").items == ()
    with pytest.raises(NotAuditableError, match="named 2 times"):
        ann.audits.evaluate(given("a"), [CERT], rules=[own], as_of=JUNE)
    with pytest.raises(NotAuditableError, match="named 2 times"):
        ann.what_if.compare("ann", [CERT, DIP], Hypothesis(choices=(DIP, DIP)), JUNE)


def test_policies_of_one_evaluation_go_before_all_others(services: Services) -> None:
    (audit,) = services.audits.evaluate(
        given("a"), [CERT], as_of=JUNE, policies={"retakes": "each"}
    )
    assert audit.policies["retakes"] == "each"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (given("none"), "the catalogue has no credential `x/none`"),
        (given("a", earned="2025-06-02"), "after the audit's day"),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(
    services: Services, record: LearnerRecord, message: str
) -> None:
    with pytest.raises(RecordRefusedError, match=message):
        services.audits.evaluate(record, [CERT], as_of=JUNE)


def test_an_award_of_which_there_is_but_a_draft_is_told_as_one(services: Services) -> None:
    draft = CERTIFICATE.replace("award: x/cert", "award: x/new").encode()
    services.publishing.put_draft(draft, NOTE)
    for award, message in (
        ("x/new", "^`x/new` has no published rule, only a draft: publish that first$"),
        ("x/neww", "^`x/neww` has no rule: name one such as `x/cert`, `x/dip`$"),
        ("x/certt", "did you mean `x/cert`"),
    ):
        with pytest.raises(UnknownAwardError, match=message):
            services.audits.evaluate(given("a"), [AwardChoice(CredentialId(award))], as_of=JUNE)


def test_a_rule_with_errors_is_refused(services: Services) -> None:
    wrong = CERTIFICATE.replace("take: x/a", "take: x/none").encode()
    with pytest.raises(RuleRefusedError, match="`x/none`"):
        services.audits.evaluate(given("a"), rules=[wrong], as_of=JUNE)
    with pytest.raises(RuleRefusedError):
        services.audits.evaluate(given("a"), rules=[b"{"], as_of=JUNE)


def test_a_unit_that_nothing_converts_is_no_guess(services: Services) -> None:
    record = record_of({"earned": [{"credential": "x/a", "credits": 5, "unit": "cats"}]})
    with pytest.raises(RecordRefusedError, match="knows no unit of credit `cats`"):
        services.audits.evaluate(record, [CERT], as_of=JUNE)
    ethics = b"  - {id: x/e, title: Ethics, credits: 10, unit: cats, issuer: x, type: unit}"
    services.packs.load(pack(catalogue_yaml=FILES["catalogue.yaml"] + ethics), NOTE)
    with pytest.raises(NotAuditableError) as refused:
        services.audits.evaluate(given("e"), [DIP], as_of=JUNE)
    assert refused.value.facts()["code"] == "no-conversion"


def test_a_policy_that_names_nothing_is_no_guess(services: Services) -> None:
    with pytest.raises(NotAuditableError) as refused:
        services.audits.evaluate(given("a"), [CERT], as_of=JUNE, policies={"grade_scale": "none"})
    assert refused.value.facts()["code"] == "policy-unknown"


def test_what_is_decided_counts_from_its_day_and_is_told_before(ann: Services) -> None:
    waived = Adjustment(
        id="w1",
        kind="waive",
        award=CredentialId("x/cert"),
        requirement="core",
        reason="prior study",
        by="r1",
        on=JUNE,
    )
    ann.records.adjust("ann", waived, NOTE)
    then = ann.audits.audit("ann", [CERT], as_of=JUNE - timedelta(days=1))
    now = ann.audits.audit("ann", [CERT], as_of=JUNE)
    told = [json.loads(one.outputs[0].output) for one in (then, now)]
    assert [one["progress"]["of"] for one in told] == ["30", "20"]
    codes = [one["adjustments"][0]["reason"]["code"] for one in told]
    assert codes == ["lapsed", "adjusted"]
    assert ann.audits.repeat(now.id).same


def test_a_higher_award_without_an_edition_for_the_learner_is_left_out(ann: Services) -> None:
    ann.records.put_milestone("ann", Milestone(name="admission", on=date(2024, 1, 1)), NOTE)
    later = edition("9", "2030-01-01", DIPLOMA).replace(b"x/dip", b"x/hon").replace(b'"1"', b'"9"')
    catalogue = FILES["catalogue.yaml"] + HONOURS
    changed = {**FILES, "catalogue.yaml": catalogue, "awards/hon/9.yaml": later}
    ann.packs.load(read_pack(changed, "x"), NOTE)
    inputs = json.loads(ann.audits.audit("ann", [CERT], as_of=JUNE).inputs)
    assert [one["award"] for one in inputs["higher"]] == ["x/dip"]
    with ann.storage.reading() as unit:
        assert unit.editions.above(["x/cert"]) == ("x/dip", "x/hon")


HONOURS = b"  - {id: x/hon, title: Honours, credits: 40, unit: ects, issuer: x, type: award}\n"


def test_what_was_stored_and_then_damaged_is_not_passed_off(
    ann: Services, database_url: str
) -> None:
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    damaged = SqlStorage(open_engine(database_url))
    on = " ON catalogue_snapshots" if damaged.engine.dialect.name == "postgresql" else ""
    with damaged.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER catalogue_snapshots_refuse_update{on}"))
        connection.execute(
            text("UPDATE catalogue_snapshots SET content = :content"),
            {"content": zlib.compress(b"{}")},
        )
    with pytest.raises(InvariantError, match="is gone or was changed"):
        join(damaged, ticking(), Path("rules")).audits.repeat(stored.id)
    damaged.close()


OTHER = {
    "catalogue.yaml": FILES["catalogue.yaml"]
    .replace(b"institution: x", b"institution: y")
    .replace(b"id: x/", b"id: y/"),
    "policies.yaml": FILES["policies.yaml"],
}


def test_credentials_of_other_institutions_are_known_where_a_record_holds_them(
    ann: Services,
) -> None:
    ann.packs.load(read_pack(OTHER, "y"), NOTE)
    foreign = {"credential": "y/c", "grade": "B", "earned": "2025-01-31"}
    ann.records.put_achievement("ann", achievement_of(foreign), NOTE)
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    assert stored.outputs[0].met
    assert [one["id"] for one in json.loads(stored.inputs)["foreign"]] == ["y/c"]
    assert ann.audits.repeat(stored.id).same


def test_other_institutions_change_nothing_for_who_has_nothing_of_them(ann: Services) -> None:
    alone = ann.audits.audit("ann", [CERT], as_of=JUNE)
    ann.packs.load(read_pack(OTHER, "y"), NOTE)
    beside = ann.audits.audit("ann", [CERT], as_of=JUNE)
    assert (alone.input_hash, alone.outputs) == (beside.input_hash, beside.outputs)


LOGIC = {
    "id": "x/logic",
    "title": "Logic",
    "issuer": "elsewhere",
    "credits": 10,
    "unit": "ects",
    "tags": ["elective"],
}


def having_logic() -> LearnerRecord:
    held = [{"credential": f"x/{name}", "grade": "B", "earned": "2025-01-31"} for name in "ab"]
    logic = {"credential": "x/logic", "grade": "B", "earned": "2025-02-28"}
    return record_of({"credentials": [LOGIC], "achievements": [*held, logic]}, "ann")


def test_what_a_record_describes_counts_and_is_repeated_byte_for_byte(
    ann: Services, database_url: str
) -> None:
    ann.records.put_record(having_logic(), NOTE)
    stored = ann.audits.audit("ann", [CERT], as_of=JUNE)
    assert stored.outputs[0].met
    other = SqlStorage(open_engine(database_url))
    assert join(other, ticking(), Path("rules")).audits.repeat(stored.id).same
    other.close()
    (evaluated,) = ann.audits.evaluate(having_logic(), [CERT], as_of=JUNE)
    assert audit_to_bytes(evaluated) == stored.outputs[0].output
    without = Hypothesis(remove=(AchievementId("x/logic"),))
    comparison = ann.what_if.compare("ann", [CERT], without, JUNE)
    assert [one.now.met for one in (*comparison.before, *comparison.after)] == [True, False]


def test_what_one_record_describes_is_known_to_no_other(ann: Services) -> None:
    assert ann.audits.evaluate(having_logic(), [CERT], as_of=JUNE)[0].now.met
    undescribed = replace(having_logic(), credentials=())
    with pytest.raises(RecordRefusedError, match="no credential `x/logic`"):
        ann.audits.evaluate(undescribed, [CERT], as_of=JUNE)
    described = replace(having_logic().credentials[0], tags=())
    other = replace(having_logic(), credentials=(described,))
    assert not ann.audits.evaluate(other, [CERT], as_of=JUNE)[0].now.met


def test_what_a_catalogue_lists_later_counts_from_then_on(ann: Services) -> None:
    ann.records.put_record(having_logic(), NOTE)
    before = ann.audits.audit("ann", [CERT], as_of=JUNE)
    listed = replace(having_logic().credentials[0], issuer=IssuerId("x"), tags=())
    ann.catalogue.put(listed, NOTE)
    assert not ann.audits.audit("ann", [CERT], as_of=JUNE).outputs[0].met
    assert ann.audits.repeat(before.id).same
    with pytest.raises(RecordRefusedError, match="the catalogue lists `x/logic`"):
        ann.audits.evaluate(having_logic(), [CERT], as_of=JUNE)


def test_a_pack_that_is_there_already_changes_nothing(services: Services) -> None:
    assert not services.packs.load(pack(), NOTE)
