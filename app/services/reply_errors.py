"""What can go wrong with idempotency keys."""

from __future__ import annotations

from app.core.language.diagnostics import shorten
from app.services.errors import ConflictError


class KeyReusedError(ConflictError):
    """An idempotency key came back with another request."""

    def __init__(self, key: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"the idempotency key `{shorten(key)}` was used for another request: use a new key",
            key=key,
        )


class StillAnsweringError(ConflictError):
    """The same request came under this idempotency key a moment ago and has no answer yet."""

    def __init__(self, key: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"the request with the idempotency key `{shorten(key)}` is still being answered: "
            "send it again in a second",
            key=key,
            retry_after=1,
        )
