"""Awards and their editions."""

from __future__ import annotations

from datetime import date

import pytest

from app.services.errors import (
    BadCursorError,
    BadLimitError,
    UnknownAwardError,
    UnknownEditionError,
)
from app.wiring import Services
from tests.services.builders import CERTIFICATE, NOTE, edition


def test_awards_are_listed_with_their_editions(services: Services) -> None:
    services.publishing.put_draft(edition("2026", "2026-01-01"), NOTE)
    listed = services.awards.list()
    assert [(one.award, one.title, one.institution) for one in listed.items] == [
        ("x/cert", "Certificate", "x"),
        ("x/dip", "Diploma", "x"),
    ]
    assert [(one.edition, one.status) for one in listed.items[0].editions] == [
        ("2024", "published"),
        ("2026", "draft"),
    ]
    assert services.awards.list(institution="y").items == ()


def test_a_list_is_read_page_by_page(services: Services) -> None:
    first = services.awards.list(limit=1)
    assert first.next is not None
    second = services.awards.list(cursor=first.next, limit=1)
    assert [one.award for one in (*first.items, *second.items)] == ["x/cert", "x/dip"]
    assert second.next is None


@pytest.mark.parametrize("cursor", ["!", "é", "A", "_w", "eC9kaXA"])
def test_what_no_list_gave_out_is_no_cursor(services: Services, cursor: str) -> None:
    with pytest.raises(BadCursorError, match="is not a cursor"):
        services.awards.list(cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_a_size(services: Services, limit: int) -> None:
    with pytest.raises(BadLimitError, match="1 to 200"):
        services.awards.list(limit=limit)


def test_a_draft_ends_no_period(services: Services) -> None:
    services.publishing.put_draft(edition("2026", "2026-01-01"), NOTE)
    assert services.awards.get("x/cert").editions[0].in_force.until is None
    services.publishing.publish("x/cert", "2026", NOTE)
    assert services.awards.get("x/cert").editions[0].in_force.until == date(2026, 1, 1)


def test_a_rule_is_told_in_plain_english(services: Services) -> None:
    told = services.awards.plain_english("x/cert", "2024")
    assert told.startswith("Certificate\nEdition 2024, in force from 1 January 2024.")
    assert "Algebra" in told


def test_the_text_of_an_edition_is_as_written(services: Services) -> None:
    assert services.awards.edition("x/cert", "2024").source == CERTIFICATE.encode()


def test_what_is_not_there_is_named_with_what_is(services: Services) -> None:
    with pytest.raises(UnknownAwardError, match="did you mean `x/cert`"):
        services.awards.get("x/cret")
    with pytest.raises(UnknownEditionError, match="there are `2024`"):
        services.awards.plain_english("x/cert", "2025")
