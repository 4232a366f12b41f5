"""Members of a run judged where their records are read."""

from __future__ import annotations

import json
import pickle
from datetime import timedelta

import pytest

from app.services.comparing import stored_basis
from app.services.errors import BusyError, ServiceError, UnknownEditionError
from app.services.impact import ImpactBasis
from app.services.member_judge import Judging, MemberJudge
from app.services.run_errors import NotInRunError
from app.wiring import Services
from tests.services.builders import MARCH
from tests.services.population import keep_draft, keep_learners
from tests.services.test_runs import start


def basis_of(services: Services, run: str) -> ImpactBasis:
    with services.storage.reading() as unit:
        return stored_basis(unit, services.compiler, services.runs.get(run).inputs)


def test_members_are_judged_in_their_order_and_counted(services: Services) -> None:
    keep_draft(services)
    members = [one.learner for one in keep_learners(services, 20)]
    run = start(services)
    services.runner.work()
    ended = services.runs.get(run.id)
    judge = MemberJudge(Judging(services.storage, run.created_at, basis_of(services, run.id)))
    found = judge(members)
    kept = services.runs.results(run.id).items
    assert tuple(one.document for one in found.results) == kept
    assert found.counts == ended.counts
    turned = judge(members[::-1])
    assert turned.results == found.results[::-1]


def test_members_are_judged_by_what_was_known_then(services: Services) -> None:
    keep_draft(services)
    members = [one.learner for one in keep_learners(services, 20)]
    basis = basis_of(services, start(services).id)
    reached = []
    for known_at in (MARCH - timedelta(days=1), MARCH):
        found = MemberJudge(Judging(services.storage, known_at, basis))(members).results
        sides = [json.loads(one.document)["before"] for one in found]
        reached.append({one["reached"] for one in sides if one})
    assert reached == [{"0"}, {"0", "10", "20"}]


@pytest.mark.parametrize(
    "error",
    [
        BusyError(),
        UnknownEditionError("x/cert", "2099", ["2024"]),
        NotInRunError("r1", "ann", ended=True),
    ],
)
def test_an_error_is_the_same_in_another_process(error: ServiceError) -> None:
    other = pickle.loads(pickle.dumps(error))  # noqa: S301 -- of our own
    assert (type(other), str(other), other.facts()) == (type(error), str(error), error.facts())
