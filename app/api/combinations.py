"""The combinations of an award."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.api.dependencies import Cursor, Limit, ServicesDep
from app.api.describing import answers
from app.api.problems import problems
from app.api.replying import reply
from app.api.views import CombinationListView
from app.core.model.credential import CredentialId, IssuerId
from app.core.search.combinations import Filters
from app.services.combination_errors import (
    CannotCountError,
    ContradictoryFiltersError,
    LearnerNeededError,
    NobodyHoldsError,
    NoSuchFilterValueError,
    StaleCursorError,
    TooManyIssuersError,
    UncountableRuleError,
    UnknownMeasureError,
)
from app.services.combining import told_to_plain
from app.services.errors import (
    BadCursorError,
    BadLimitError,
    NoEditionInForceError,
    NotAuditableError,
    UnknownAwardError,
    UnknownCredentialError,
    UnknownEditionError,
    UnknownLearnerError,
)
from app.services.measures import MeasureUnstatedError
from app.services.stored import AwardChoice

router = APIRouter(tags=["combinations"])
REFUSES = (
    UnknownAwardError,
    UnknownEditionError,
    NoEditionInForceError,
    NotAuditableError,
    UncountableRuleError,
    LearnerNeededError,
    UnknownCredentialError,
    CannotCountError,
    ContradictoryFiltersError,
    NoSuchFilterValueError,
    UnknownLearnerError,
)
Several = Annotated[list[str], Query()]
Edition = Annotated[str | None, Query(description="Else the edition in force on the day.")]
Day = Annotated[date | None, Query(description="Else today.")]
Learner = Annotated[
    str | None,
    Query(
        description="For whom: by what they state and have declared, and by the edition that binds"
        " them; each combination says how many of it they do not hold."
    ),
]
Few = Annotated[int, Query(description="How many, up to 100.")]


def filters(
    must: Several = [],  # noqa: B006 -- FastAPI copies a default
    without: Several = [],  # noqa: B006
    issuer: Several = [],  # noqa: B006
    mode: Several = [],  # noqa: B006
) -> Filters:
    """Return which combinations are wanted: every filter may be given several times."""
    return Filters(
        must=frozenset(map(CredentialId, must)),
        without=frozenset(map(CredentialId, without)),
        issuers=frozenset(map(IssuerId, issuer)),
        modes=frozenset(mode),
    )


FiltersDep = Annotated[Filters, Depends(filters)]


@router.get(
    "/awards/{award_id:path}/combinations/sample",
    summary="Combinations drawn evenly",
    responses={
        **answers(CombinationListView, "So many different combinations."),
        **problems(*REFUSES, BadLimitError),
    },
)
def sample_combinations(
    award_id: str,
    services: ServicesDep,
    wanted: FiltersDep,
    edition: Edition = None,
    as_of: Day = None,
    limit: Few = 10,
    seed: Annotated[int, Query(description="The same seed draws the same ones again.")] = 0,
    learner: Learner = None,
) -> Response:
    """Return combinations of which each is as likely as any other."""
    choice = AwardChoice(CredentialId(award_id), edition)
    return reply(
        told_to_plain(services.combinations.sample(choice, limit, seed, wanted, as_of, learner))
    )


@router.get(
    "/awards/{award_id:path}/combinations/best",
    summary="The best combinations",
    responses={
        **answers(CombinationListView, "The best combinations, the best first."),
        **problems(
            *REFUSES,
            UnknownMeasureError,
            NobodyHoldsError,
            MeasureUnstatedError,
            BadLimitError,
            TooManyIssuersError,
        ),
    },
)
def best_combinations(
    award_id: str,
    services: ServicesDep,
    wanted: FiltersDep,
    by: Annotated[
        str,
        Query(
            description="`credits`, `credentials`, `cost`, `time`, `issuers`, or `held`: the fewest"
            " that `learner` does not hold. By `cost` and `time` only of credentials that state"
            " theirs."
        ),
    ] = "credits",
    edition: Edition = None,
    as_of: Day = None,
    limit: Few = 10,
    learner: Learner = None,
) -> Response:
    """Return the best combinations by a measure; where `count` is not `exact`, of those counted.

    Of equals those with lower numbers; by `issuers` those of fewer credentials, then by their ids.
    """
    choice = AwardChoice(CredentialId(award_id), edition)
    return reply(
        told_to_plain(services.combinations.best(choice, by, limit, learner, wanted, as_of))
    )


@router.get(
    "/awards/{award_id:path}/combinations",
    summary="The combinations of an award",
    responses={
        **answers(CombinationListView, "A page of the combinations, and how many there are."),
        **problems(*REFUSES, BadCursorError, StaleCursorError, BadLimitError),
    },
)
def list_combinations(
    award_id: str,
    services: ServicesDep,
    wanted: FiltersDep,
    edition: Edition = None,
    as_of: Day = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    learner: Learner = None,
) -> Response:
    """Return the minimal sets of catalogue credentials that meet a rule, in a stable order.

    `count` is how many there are of all that the filters admit; where it is not `exact`, there are
    at least so many.
    """
    choice = AwardChoice(CredentialId(award_id), edition)
    return reply(
        told_to_plain(services.combinations.list(choice, wanted, as_of, cursor, limit, learner))
    )
