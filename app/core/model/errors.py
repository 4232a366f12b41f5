"""The two failures of the core: a broken promise of its own, and a record it cannot judge."""

from __future__ import annotations


class InvariantError(Exception):
    """The program is wrong; never caught, never shown as somebody else's mistake."""


class AuditError(Exception):
    """A record that cannot be audited as it stands; `code` is stable, the text names a remedy."""

    def __init__(self, code: str, sentence: str, place: str = "") -> None:
        """Keep the code, the sentence and the place in the record that it is about."""
        super().__init__(sentence)
        self.code = code
        self.place = place
