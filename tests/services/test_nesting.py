"""Rules that nest an award: drafted, published, audited, made again, loaded, run on files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from app.core.language.diagnostics import Diagnostic
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.interop.packs import Pack, read_pack
from app.services.canonical import canonical_json
from app.services.cases import run_cases
from app.services.compiling import every_finding
from app.services.errors import NotAuditableError, RuleRefusedError
from app.services.nesting import nestable
from app.services.reading import achievement_of, record_of
from app.services.shelf import Shelf
from app.services.stored import AwardChoice
from app.services.what_if import Hypothesis
from app.wiring import Services
from tests.services.builders import CERTIFICATE, FILES, NOTE, edition, pack

JUNE = date(2025, 6, 1)
LADDER = """
award: x/ladder
title: Ladder
edition: "1"
effective: {from: 2024-06-01}
credit: {total: 40, unit: ects}
require:
  all:
    - {id: cert, award: x/cert}
    - {id: more, title: More, credits: 10, from: {tag: elective}}
cases:
  - name: the certificate and more
    on: 2025-06-01
    record: {all: {grade: B, earned: 2025-01-31}, earned: [x/cert, x/b]}
    expect: {met: true, counts: {"cert:held": [x/cert], more: [x/b]}}
  - name: all that the certificate asks for and more
    on: 2025-06-01
    record: {all: {grade: B, earned: 2025-01-31}, earned: [x/a, x/b, x/c, x/d]}
    expect: {met: true, short: {"cert:held": 1}}
  - name: nothing counts twice
    on: 2025-06-01
    record: {like: all that the certificate asks for and more, without: [x/d]}
    expect: {met: false, short: {"cert:held": 1, more: {credits: 10}}}
"""
CHOICE = AwardChoice(CredentialId("x/ladder"))
HIGHER = LADDER.partition("cases:")[0].replace("x/ladder", "x/higher").replace("x/cert", "x/ladder")
CATALOGUE = FILES["catalogue.yaml"] + b"  - {id: x/ladder, title: Ladder, issuer: x, type: award}\n"


def given(*names: str) -> LearnerRecord:
    entries = [{"credential": f"x/{name}", "grade": "B", "earned": "2025-01-31"} for name in names]
    return record_of({"achievements": entries})


def ladder(source: str = LADDER, **changed: bytes) -> Pack:
    files = {**FILES, "catalogue.yaml": CATALOGUE, "awards/a-ladder/1.yaml": source.encode()}
    return read_pack({**files, **changed}, "x")


@pytest.fixture
def loaded(services: Services) -> Services:
    """Services with the ladder published, and a learner with its parts but one."""
    services.packs.load(ladder(), NOTE)
    services.learners.create("ann", NOTE)
    for achievement in given("a", "b", "c").achievements:
        services.records.put_achievement("ann", achievement, NOTE)
    return services


def other(name: str, start: str, old: bytes, new: bytes) -> bytes:
    """Return another edition of the certificate, with something else in it."""
    rule = edition(name, start).replace(old, new).partition(b"cases:")[0]
    return rule + b"cases: [{name: none, on: 2025-06-01, record: {}, expect: {met: false}}]\n"


def publish(services: Services, source: bytes) -> None:
    entry, _ = services.publishing.put_draft(source, NOTE)
    services.publishing.publish(entry.award, entry.edition, NOTE)


def test_a_pack_publishes_an_award_before_those_that_nest_it(empty: Services) -> None:
    empty.packs.load(ladder(), NOTE)
    assert empty.awards.get("x/ladder").editions[0].status == "published"


def test_packs_are_loaded_in_the_order_of_what_they_nest(empty: Services) -> None:
    catalogue = FILES["catalogue.yaml"].replace(b"institution: x", b"institution: y")
    catalogue = catalogue.replace(b"id: x/", b"id: y/").replace(b"y/cert", b"y/ladder")
    rule = LADDER.partition("cases:")[0].replace("x/ladder", "y/ladder")
    rule += "cases: [{name: none, on: 2025-06-01, record: {}, expect: {met: false}}]\n"
    files = {
        "catalogue.yaml": catalogue,
        "policies.yaml": FILES["policies.yaml"],
        "awards/ladder/1.yaml": rule.encode(),
    }
    empty.packs.load_all([read_pack(files, "y"), pack()], NOTE)
    (audit,) = empty.audits.evaluate(given("a", "b", "c"), [AwardChoice(CredentialId("y/ladder"))])
    by_name = {one.id: one for one in audit.requirements}
    assert by_name["cert"].now.state == "met"
    # Ten credits of algebra, which this institution's catalogue does not list, are worth ten.
    assert (audit.now.progress.reached, audit.now.progress.of) == (30_000, 40_000)


def test_an_audit_names_the_editions_that_were_nested(loaded: Services) -> None:
    stored = loaded.audits.audit("ann", [CHOICE], as_of=JUNE)
    (ground,) = json.loads(stored.inputs)["awards"]
    cert = loaded.awards.edition("x/cert", "2024").entry
    assert ground["nested"] == [{"award": "x/cert", "edition": "2024", "rule": cert.sha256}]
    assert loaded.audits.repeat(stored.id).same


def test_an_audit_is_made_again_though_another_edition_would_be_nested_by_now(
    loaded: Services,
) -> None:
    before = loaded.audits.audit("ann", [CHOICE], as_of=JUNE)
    publish(loaded, other("mid", "2024-05-01", b"credits: 20", b"credits: 10"))
    after = loaded.audits.audit("ann", [CHOICE], as_of=JUNE)
    assert [one.outputs[0].met for one in (before, after)] == [False, True]
    assert loaded.audits.repeat(before.id).same
    assert loaded.audits.repeat(after.id).same


def test_an_audit_of_before_there_were_nested_awards_is_made_again(loaded: Services) -> None:
    stored = loaded.audits.audit("ann", [AwardChoice(CredentialId("x/cert"))], as_of=JUNE)
    inputs = json.loads(stored.inputs)
    for ground in (*inputs["awards"], *inputs["higher"]):
        del ground["nested"]
    older = replace(stored, id="0" * len(stored.id), inputs=canonical_json(inputs))
    with loaded.storage.writing() as unit:
        unit.audits.add(older)
    assert loaded.audits.repeat(older.id).same


def test_a_what_if_sees_what_is_nested(loaded: Services) -> None:
    added = achievement_of({"credential": "x/d", "grade": "B", "earned": "2025-02-01"})
    found = loaded.what_if.compare("ann", [CHOICE], Hypothesis(add=(added,)), as_of=JUNE)
    assert [found.before[0].now.met, found.after[0].now.met] == [False, True]


def test_a_rule_that_is_only_tried_out_may_nest(loaded: Services) -> None:
    record = given("cert", "b")
    (audit,) = loaded.audits.evaluate(record, rules=[HIGHER.replace("x/ladder", "x/cert").encode()])
    assert audit.now.met


def test_a_draft_may_nest_a_draft_and_is_published_after_it(empty: Services) -> None:
    files = {name: own for name, own in FILES.items() if "awards" not in name}
    empty.packs.load(read_pack({**files, "catalogue.yaml": CATALOGUE}, "x"), NOTE)
    _, lacking = empty.publishing.put_draft(LADDER.encode(), NOTE)
    assert [one.code for one in lacking if one.severity == "error"] == ["CN0412"]
    empty.publishing.put_draft(CERTIFICATE.encode(), NOTE)
    assert errors(empty.publishing.check("x/ladder", "1")) == []
    assert all(one.passed for one in empty.publishing.test("x/ladder", "1"))
    with pytest.raises(RuleRefusedError) as refused:
        empty.publishing.publish("x/ladder", "1", NOTE)
    assert [one.code for one in refused.value.diagnostics] == ["CN0412"]
    empty.publishing.publish("x/cert", "2024", NOTE)
    assert empty.publishing.publish("x/ladder", "1", NOTE).status == "published"


def errors(found: tuple[Diagnostic, ...]) -> list[str]:
    return [one.code for one in found if one.severity == "error"]


def test_a_ring_of_awards_is_refused_when_it_would_be_closed(loaded: Services) -> None:
    ring = edition("2030", "2024-03-01").replace(b"take: x/a", b"award: x/ladder")
    _, found = loaded.publishing.put_draft(ring, NOTE)
    assert errors(found) == ["CN0623"]


def test_a_rule_whose_nested_award_came_to_count_otherwise_is_not_audited(
    loaded: Services,
) -> None:
    publish(loaded, other("mid", "2024-05-01", b"unit: ects", b"unit: cats"))
    with pytest.raises(NotAuditableError, match="counts in ects") as refused:
        loaded.audits.audit("ann", [CHOICE], as_of=JUNE)
    assert refused.value.code == "nested-unit"


def test_the_cases_of_a_pack_see_what_is_nested() -> None:
    results = run_cases([ladder()])
    assert [one.differences for one in results if one.award == "x/ladder"] == [(), (), ()]


def test_a_shelf_audits_what_is_nested() -> None:
    shelf = Shelf.of([ladder()])
    (audit,) = shelf.audit(given("cert", "b"), [CHOICE], JUNE)
    assert audit.now.met


def findings(source: str) -> list[tuple[str, str]]:
    """What is wrong with the ladder beyond notes, and where."""
    found = ladder(source)
    file = found.rules["awards/a-ladder/1.yaml"]
    told = every_finding(file, found.catalogue, found.policies, nestable([found]))
    return [(one.code, one.path) for one in told if one.severity != "note"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("award: x/cret", "CN0412"),
        ('award: x/cert, edition: "9"', "CN0412"),
        ("award: x/ladder", "CN0623"),
    ],
)
def test_what_keeps_an_award_from_being_nested_is_found(written: str, code: str) -> None:
    assert findings(LADDER) == []
    assert findings(LADDER.replace("award: x/cert", written)) == [(code, "$.require.all[0].award")]


def test_a_nested_rule_that_can_never_be_met_is_told_where_it_is_nested() -> None:
    capped = LADDER.replace("cases:", "at_most: [{choose: 2, from: {}}]\ncases:")
    assert findings(capped) == [("CN1007", "$.require.all[0]")]


def test_an_error_that_nesting_makes_is_told_where_it_is_nested() -> None:
    trims = "at_most: [{{id: {0}, credits: 40, from: {{}}, items: trim}}]\ncases:"
    outer = LADDER.replace("cases:", trims.format("outer"))
    assert findings(outer) == []
    cert = CERTIFICATE.replace("cases:", trims.format("inner")).encode()
    found = ladder(outer, **{"awards/cert/2024.yaml": cert})
    file = found.rules["awards/a-ladder/1.yaml"]
    told = every_finding(file, found.catalogue, found.policies, nestable([found]))
    assert ("CN0606", "$.require.all[0]") in [(one.code, one.path) for one in told]
