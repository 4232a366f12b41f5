"""Lists in parts: a cursor is the last key of a page, written so that nobody builds on it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from app.services.errors import BadCursorError, BadLimitError
from app.services.stored import Entry, Page

MOST_LISTED = 200
LISTED = 50


def page(
    fetch: Callable[[str, int], tuple[Entry, ...]],
    key: Callable[[Entry], str],
    cursor: str | None,
    limit: int,
) -> Page[Entry]:
    """Return a page of what `fetch(after, count)` gives, and the cursor of the next one."""
    if not 1 <= limit <= MOST_LISTED:
        raise BadLimitError(limit, MOST_LISTED)
    found = fetch(_after(cursor), limit + 1)
    items = found[:limit]
    return Page(items, _cursor(key(items[-1])) if len(found) > limit else None)


def _cursor(after: str) -> str:
    return base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")


def _after(cursor: str | None) -> str:
    if not cursor:
        return ""
    try:
        found = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True)
        return found.decode()
    except (binascii.Error, ValueError) as broken:
        raise BadCursorError(cursor) from broken
