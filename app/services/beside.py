"""What may stand beside what a record holds: as the reader of whole records judges, one by one."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.language.diagnostics import Diagnostic, shorten
from app.core.language.records import MOST_ACHIEVEMENTS, Same, same_of
from app.core.model.record import Achievement
from app.services.errors import RecordRefusedError


class Beside:
    """The achievements of a record, while others are written beside them."""

    def __init__(self, held: Iterable[Achievement]) -> None:
        """Begin with what is held."""
        self._marks: dict[str, Same] = {}
        self._ids: dict[Same, str] = {}
        for one in held:
            self._keep(one)

    def add(self, one: Achievement) -> None:
        """Count one in; RecordRefusedError where the record could not be audited with it."""
        other = self._ids.get(same_of(one), one.id)
        if other != one.id:
            message = (
                f"`{shorten(one.credential)}` stands in the record as `{shorten(other)}` already, "
                "with the same day and attempt"
            )
            raise _refused("CN0701", message, "write to that one, or number the `attempt`")
        if one.id not in self._marks and len(self._marks) >= MOST_ACHIEVEMENTS:
            message = f"the record holds {MOST_ACHIEVEMENTS} achievements, and no more are taken"
            raise _refused("CN0702", message, "end those that no award asks for")
        self._keep(one)

    def _keep(self, one: Achievement) -> None:
        if one.id in self._marks:
            self._ids.pop(self._marks[one.id], None)
        self._marks[one.id] = same_of(one)
        self._ids[same_of(one)] = one.id


def _refused(code: str, message: str, remedy: str) -> RecordRefusedError:
    return RecordRefusedError([Diagnostic(code, "error", message, remedy)])
