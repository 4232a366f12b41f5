"""Lists in parts: a cursor is the last key of a page, written so that nobody builds on it."""

from __future__ import annotations

import base64
import binascii
import re
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
    form: str = r"[^\0]*",
) -> Page[Entry]:
    """Return a page of what `fetch(after, count)` gives, and the next cursor; `form` is a key's."""
    if not 1 <= limit <= MOST_LISTED:
        raise BadLimitError(limit, MOST_LISTED)
    found = fetch(_after(cursor, form), limit + 1)
    items = found[:limit]
    return Page(items, _cursor(key(items[-1])) if len(found) > limit else None)


def _cursor(after: str) -> str:
    return base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")


def _after(cursor: str | None, form: str) -> str:
    if not cursor:
        return ""
    try:
        found = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True)
        after = found.decode()
    except (binascii.Error, ValueError) as broken:
        raise BadCursorError(cursor) from broken
    if not re.fullmatch(form, after):
        raise BadCursorError(cursor)
    return after
