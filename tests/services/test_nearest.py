"""The nearest awards of what is published, for learners who are kept and for records."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from app.core.engine.compiled import CompiledAward
from app.core.model.credential import CredentialId
from app.core.model.record import LearnerRecord
from app.core.search.nearest import Measured, Nearest, Sought, nearest
from app.interop.packs import read_pack
from app.services.errors import (
    BadLimitError,
    RecordRefusedError,
    TooManyError,
    UnknownLearnerError,
)
from app.services.measures import MeasureUnstatedError
from app.services.nearest import NearestAwards, Question, nearest_awards_to_plain
from app.services.prospectus import HoldingRefusedError
from app.services.reading import record_of
from app.wiring import Services
from tests.persistence.databases import ENGINES
from tests.services.builders import FILES, NOTE, edition

JUNE = date(2025, 6, 1)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Return each engine in turn."""
    return str(request.param)


def given(*names: str, earned: str = "2025-01-31") -> LearnerRecord:
    return record_of(
        {"achievements": [{"credential": name, "grade": "B", "earned": earned} for name in names]}
    )


def told(answer: NearestAwards) -> list[tuple[str, str, str]]:
    plain = nearest_awards_to_plain(answer)
    return [(one["award"], one["state"], one["missing"]) for one in plain["awards"]]


def ask(services: Services, record: LearnerRecord, by: Measured = "credits") -> NearestAwards:
    return services.nearest.of_record(record, Question(by=by), JUNE)


def test_the_awards_of_a_learner_are_ranked_by_what_lacks(services: Services) -> None:
    services.learners.create("ann", NOTE)
    for one in given("x/a", "x/b").achievements:
        services.records.put_achievement("ann", one, NOTE)
    found = services.nearest.of_learner("ann", Question(), JUNE)
    assert told(found) == [("x/cert", "open", "10"), ("x/dip", "open", "20")]
    assert told(services.nearest.of_learner("ann", Question(by="credentials"), JUNE)) == [
        ("x/cert", "open", "1"),
        ("x/dip", "open", "2"),
    ]


def test_what_is_earned_and_not_claimed_comes_first(services: Services) -> None:
    assert told(ask(services, given("x/a", "x/b", "x/c")))[0] == ("x/cert", "earned", "0")
    held = ask(services, given("x/a", "x/b", "x/c", "x/cert"))
    assert told(held) == [("x/dip", "open", "10")]
    assert held.found.held == 1


def test_who_holds_some_credentials_has_them_with_the_best_grade(services: Services) -> None:
    names = tuple(map(CredentialId, ("x/a", "x/b", "x/c")))
    found = services.nearest.of_record(None, Question(holding=names), JUNE)
    assert told(found)[0] == ("x/cert", "earned", "0")


def test_the_edition_that_binds_is_the_one_compared(services: Services) -> None:
    services.publishing.put_draft(edition("2025", "2025-01-01"), NOTE)
    services.publishing.publish("x/cert", "2025", NOTE)
    admitted = {"milestones": {"admission": "2024-02-01"}}
    (old, *_) = services.nearest.of_record(record_of(admitted), Question(), JUNE).found.near
    (new, *_) = services.nearest.of_record(given(), Question(), JUNE).found.near
    assert [one.award.rule.edition for one in (old, new)] == ["2024", "2025"]


def test_an_award_that_is_not_in_force_is_left_out(services: Services) -> None:
    found = services.nearest.of_record(given(), Question(), date(2023, 1, 1))
    assert (told(found), found.found.awards) == ([], 0)


def test_cost_and_time_are_what_credentials_state(services: Services) -> None:
    with pytest.raises(MeasureUnstatedError, match="declare a number attribute `price`"):
        ask(services, given("x/a"), "cost")
    priced = FILES["catalogue.yaml"].replace(b"since: date", b"since: date, price: number")
    for name, price in ((b"Algebra", 300), (b"Botany", 900), (b"Chemistry", 400), (b"Drama", 500)):
        said = b"title: %s, price: %d, workload: %d hours," % (name, price, price // 2)
        priced = priced.replace(b"title: %s," % name, said)
    services.packs.load(read_pack({**FILES, "catalogue.yaml": priced}, "x"), NOTE)
    found = ask(services, given("x/a"), "cost")
    assert told(found) == [("x/cert", "open", "900"), ("x/dip", "open", "1800")]
    assert found.found.near[0].completion.credentials == ("x/c", "x/d")
    assert told(ask(services, given("x/a"), "time"))[0] == ("x/cert", "open", "450")


def test_a_wrong_question_is_refused(services: Services) -> None:
    with pytest.raises(UnknownLearnerError):
        services.nearest.of_learner("bob", Question())
    with pytest.raises(BadLimitError, match="1 to 50"):
        services.nearest.of_record(given(), Question(limit=0))
    with pytest.raises(HoldingRefusedError, match="x/z"):
        services.nearest.of_record(None, Question(holding=(CredentialId("x/z"),)))
    with pytest.raises(TooManyError):
        services.nearest.of_record(None, Question(holding=(CredentialId("x/a"),) * 201))
    with pytest.raises(RecordRefusedError):
        ask(services, given("x/zz"))


def test_nobody_waits_for_what_is_searched_for_another(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2, timeout=10)

    def together(awards: Sequence[CompiledAward], who: LearnerRecord, sought: Sought) -> Nearest:
        both.wait()
        return nearest(awards, who, sought)

    monkeypatch.setattr("app.services.nearest.nearest", together)
    with ThreadPoolExecutor(2) as several:
        asked = [several.submit(ask, services, given("x/a", "x/b")) for _ in range(2)]
        found = [told(one.result()) for one in asked]
    assert found == [[("x/cert", "open", "10"), ("x/dip", "open", "20")]] * 2
