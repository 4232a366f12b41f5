"""What credentials state of their cost and of the hours that they take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from app.core.model.credential import Credential, CredentialId
from app.core.search.completion import Cost
from app.services.errors import RefusedError

PRICE = "price"
HOURS = re.compile(r"([0-9]{1,6}) hours?")
Stated = Literal["cost", "time"]


class MeasureUnstatedError(RefusedError):
    """No credential states what is to be compared by."""

    def __init__(self, by: Stated, which: str = "of the catalogue") -> None:
        """Say where it would have to be stated; `which` credentials were looked at."""
        where = (
            f"declare a number attribute `{PRICE}` and state it of credentials"
            if by == "cost"
            else "state a `workload` such as `150 hours` of credentials"
        )
        super().__init__(
            f"no credential {which} states its {by}: {where}, or compare by credits",
            by=by,
        )


def stated_costs(credentials: Iterable[Credential], by: Stated) -> Cost:
    """Return the cost or the time of those credentials that state it."""
    found: dict[CredentialId, int] = {}
    for one in credentials:
        own = stated(one, by)
        if own is not None:
            found[one.id] = own
    return found


def stated(credential: Credential, by: Stated) -> int | None:
    """Return what a credential states of its cost or of the hours that it takes."""
    if by == "cost":
        price = credential.attributes.get(PRICE)
        return price if type(price) is int and price >= 0 else None
    hours = HOURS.fullmatch(credential.workload)
    return None if hours is None else int(hours[1])
