"""Rules from draft to published."""

from __future__ import annotations

from datetime import date

import pytest

from app.interop.packs import Pack, read_pack
from app.services.errors import (
    AlreadyPublishedError,
    CasesFailedError,
    EditionsOverlapError,
    NoCasesError,
    RuleRefusedError,
    StaleRevisionError,
    UnknownAwardError,
    UnknownEditionError,
    UnknownInstitutionError,
)
from app.wiring import Services
from tests.services.builders import CERTIFICATE, DIPLOMA, FILES, NOTE, edition

NEXT = edition("2026", "2026-01-01")
DIPLOMA_SOURCE = DIPLOMA.encode()


def without_rules() -> Pack:
    return read_pack({name: own for name, own in FILES.items() if "awards" not in name}, "x")


def test_a_draft_is_kept_byte_for_byte_and_published(services: Services) -> None:
    source = NEXT.replace(b"\n", b"\r\n")
    entry, problems = services.publishing.put_draft(source, NOTE)
    assert (entry.status, problems) == ("draft", ())
    assert services.publishing.publish("x/cert", "2026", NOTE).status == "published"
    stored = services.awards.edition("x/cert", "2026")
    assert stored.source == source
    editions = services.awards.get("x/cert").editions
    assert [(one.edition, one.in_force.until) for one in editions] == [
        ("2024", date(2026, 1, 1)),
        ("2026", None),
    ]


def test_a_published_edition_outlives_a_limit_that_is_lowered(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.language.rules.LARGEST_RULE", 10)
    assert services.awards.plain_english("x/cert", "2024")
    with pytest.raises(RuleRefusedError):
        services.publishing.put_draft(NEXT, NOTE)


def test_a_rule_that_cannot_be_read_is_not_kept(services: Services) -> None:
    with pytest.raises(RuleRefusedError, match="the rule cannot be used") as refused:
        services.publishing.put_draft(b"award: x/cert\nwants: [\n", NOTE)
    assert refused.value.diagnostics
    assert len(services.awards.get("x/cert").editions) == 1


def test_all_problems_of_a_draft_are_told_at_once(services: Services) -> None:
    source = NEXT.replace(b"x/a", b"x/none").replace(b"tag: elective", b"tag: electve")
    entry, problems = services.publishing.put_draft(source, NOTE)
    assert {"`x/none`" in one.message for one in problems} == {True, False}
    checked = services.publishing.check("x/cert", "2026")
    assert [(one.code, one.path) for one in checked] == [(one.code, one.path) for one in problems]
    with pytest.raises(RuleRefusedError):
        services.publishing.publish("x/cert", "2026", NOTE)
    assert services.awards.edition(entry.award, "2026").entry.status == "draft"


def test_a_rule_of_an_unknown_institution_is_refused(services: Services) -> None:
    with pytest.raises(UnknownInstitutionError, match="there are `x`"):
        services.publishing.put_draft(NEXT.replace(b"award: x/", b"award: y/"), NOTE)


def test_a_rule_without_cases_is_not_published(services: Services) -> None:
    services.publishing.put_draft(NEXT.partition(b"cases:")[0], NOTE)
    with pytest.raises(NoCasesError, match="add at least one under `cases`"):
        services.publishing.publish("x/cert", "2026", NOTE)


def test_a_rule_that_fails_its_cases_is_not_published(services: Services) -> None:
    services.publishing.put_draft(NEXT.replace(b"of: 30}", b"of: 31}"), NOTE)
    with pytest.raises(CasesFailedError, match="fails its own cases: `everything`") as refused:
        services.publishing.publish("x/cert", "2026", NOTE)
    assert refused.value.facts()["failed"] == {
        "everything": ("`progress`: `of` is expected to be `31` and is `30`",)
    }
    results = services.publishing.test("x/cert", "2026")
    assert [(one.name, one.passed) for one in results] == [
        ("everything", False),
        ("one elective short", True),
        ("from a sample", True),
    ]
    assert results[0].plain() == {
        "award": "x/cert",
        "edition": "2026",
        "name": "everything",
        "passed": False,
        "differences": ("`progress`: `of` is expected to be `31` and is `30`",),
    }


def test_editions_of_one_award_do_not_overlap(services: Services) -> None:
    services.publishing.put_draft(edition("2023", "2023-01-01", until="2024-01-02"), NOTE)
    with pytest.raises(EditionsOverlapError, match="on 2024-01-01 beside edition `2024`"):
        services.publishing.publish("x/cert", "2023", NOTE)


def test_a_published_edition_never_changes(services: Services) -> None:
    with pytest.raises(AlreadyPublishedError, match="write a new edition"):
        services.publishing.put_draft(edition("2024", "2024-02-01"), NOTE)
    with pytest.raises(AlreadyPublishedError):
        services.publishing.publish("x/cert", "2024", NOTE)
    with pytest.raises(AlreadyPublishedError):
        services.publishing.drop_draft("x/cert", "2024", NOTE)


def test_the_same_draft_again_changes_nothing(services: Services) -> None:
    first, _ = services.publishing.put_draft(NEXT, NOTE)
    again, _ = services.publishing.put_draft(NEXT, NOTE)
    assert again == first


def test_a_draft_changes_only_from_the_revision_that_was_read(services: Services) -> None:
    first, _ = services.publishing.put_draft(NEXT, NOTE, expected="")
    newer = NEXT.replace(b"title: Core", b"title: Heart")
    with pytest.raises(StaleRevisionError, match="so read it again"):
        services.publishing.put_draft(newer, NOTE, expected="abc")
    with pytest.raises(StaleRevisionError):
        services.publishing.put_draft(newer, NOTE, expected="")
    services.publishing.put_draft(newer, NOTE, expected=first.sha256)
    with pytest.raises(StaleRevisionError):
        services.publishing.publish("x/cert", "2026", NOTE, expected=first.sha256)


def test_a_draft_can_be_dropped(services: Services) -> None:
    services.publishing.put_draft(NEXT, NOTE)
    services.publishing.drop_draft("x/cert", "2026", NOTE)
    with pytest.raises(UnknownEditionError, match="there are `2024`"):
        services.awards.edition("x/cert", "2026")
    with pytest.raises(UnknownAwardError, match="did you mean `x/cert`"):
        services.publishing.drop_draft("x/crt", "2026", NOTE)


def test_cases_see_drafts_of_awards_that_are_not_published_yet(empty: Services) -> None:
    empty.packs.load(without_rules(), NOTE)
    beside = CERTIFICATE.replace(
        "    expect: {met: true,",
        "    with: [x/dip]\n    expect: {awards: {x/dip: {met: false}}, met: true,",
    )
    empty.publishing.put_draft(beside.encode(), NOTE)
    with pytest.raises(CasesFailedError):
        empty.publishing.publish("x/cert", "2024", NOTE)
    empty.publishing.put_draft(DIPLOMA_SOURCE, NOTE)
    assert empty.publishing.publish("x/cert", "2024", NOTE).status == "published"


def test_every_step_leaves_who_when_what_and_why(services: Services) -> None:
    services.publishing.put_draft(NEXT, NOTE)
    services.publishing.publish("x/cert", "2026", NOTE)
    with services.storage.reading() as unit:
        found = [change for _, change in unit.changes.page("x/cert", "", 10)]
    changes = [one for one in found if one.what != "credential.created"]
    assert [(one.who, one.what, one.why, one.facts["edition"]) for one in changes] == [
        ("registrar", what, "test", name)
        for name in ("2024", "2026")
        for what in ("draft.written", "edition.published")
    ]
