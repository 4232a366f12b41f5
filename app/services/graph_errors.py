"""What can go wrong with the credit graph alone."""

from __future__ import annotations

from app.services.errors import RefusedError


class TooLargeToDrawError(RefusedError):
    """The graph is larger than the asked form can show."""

    def __init__(self, sentence: str, remedy: str, found: int, most: int) -> None:
        """Name the limit, and what would work."""
        super().__init__(f"{sentence}: {remedy}", found=found, most=most)
