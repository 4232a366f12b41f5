"""What a what-if asks, as it is asked over REST and kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.language.values import Readers, Values, any_name, day
from app.core.model.errors import InvariantError
from app.core.model.wish import Wish
from app.interop.record_json import achievement_to_plain
from app.services.asking import changes, choices, wishes
from app.services.canonical import canonical_json
from app.services.stored import AwardChoice
from app.services.wanted import NO_WISHES, Wishes
from app.services.what_if import Hypothesis

QUESTION: Readers = {
    "awards": choices,
    "as_of": day,
    "wishes": wishes,
    "stay_with": any_name,
    "changes": changes,
}
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfQuestion:
    """Awards to audit before and after changes; without `as_of` on the day of each comparison."""

    choices: tuple[AwardChoice, ...]
    hypothesis: Hypothesis
    as_of: date | None = None
    wishes: Wishes = NO_WISHES

    @classmethod
    def of(cls, taken: Plain) -> WhatIfQuestion:
        """Return the question of a body that was taken apart."""
        return cls(
            choices=taken["awards"],
            hypothesis=taken["changes"],
            as_of=taken.get("as_of"),
            wishes=Wishes(taken.get("wishes", ()), taken.get("stay_with")),
        )

    @classmethod
    def read(cls, source: bytes) -> WhatIfQuestion:
        """Return the question that `written` wrote."""
        values = Values()
        taken = values.take(json.loads(source), (), QUESTION, "the question")
        found = values.found.sorted()
        if found:
            msg = f"what was saved cannot be read back: {found[0].message}"
            raise InvariantError(msg)
        return cls.of(taken)

    def written(self) -> bytes:
        """Return the question as canonical JSON; what it does not say is left out."""
        return canonical_json(
            _stated(
                awards=[_choice(one) for one in self.choices],
                as_of=self.as_of and self.as_of.isoformat(),
                wishes=[_wish(one) for one in self.wishes.places],
                stay_with=self.wishes.stay_with,
            )
            | {"changes": _changes(self.hypothesis)}
        )


def _stated(**keys: Any) -> Plain:  # noqa: ANN401
    return {name: value for name, value in keys.items() if value}


def _choice(one: AwardChoice) -> Plain:
    return _stated(award=one.award, edition=one.edition)


def _wish(one: Wish) -> Plain:
    return _stated(**one._asdict())


def _changes(one: Hypothesis) -> Plain:
    return _stated(
        add=[achievement_to_plain(own) for own in one.add],
        remove=list(one.remove),
        replace=[achievement_to_plain(own) for own in one.replace],
        grades=dict(one.grades),
        awards=[_choice(own) for own in one.choices],
        move=one.move and _wish(one.move),
    )
