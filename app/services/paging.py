"""Lists in parts: a cursor is the last key of a page, written so that nobody builds on it.

It begins with a mark of its list and key, so that what the list did not give is told from it.
The mark is no secret: who forges one gets what lies behind the key and no more.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

from app.services.errors import BadCursorError, BadLimitError
from app.services.stored import Entry, Page

MOST_LISTED = 200
LISTED = 50
MARK = 6
"""How many bytes a mark has."""


def page(
    of: str,
    fetch: Callable[[str, int], tuple[Entry, ...]],
    key: Callable[[Entry], str],
    cursor: str | None,
    limit: int,
    form: str = r"[^\0]*",
) -> Page[Entry]:
    """Return a page of what `fetch(after, count)` gives, and the next cursor.

    `of` names the list to which its cursors belong; `form` is a key's.
    """
    if not 1 <= limit <= MOST_LISTED:
        raise BadLimitError(limit, MOST_LISTED)
    found = fetch(_after(of, cursor, form), limit + 1)
    items = found[:limit]
    return Page(items, _cursor(of, key(items[-1])) if len(found) > limit else None)


def refuse_cursor(cursor: str | None) -> None:
    """Refuse any cursor: the list is given whole, and has none."""
    if cursor:
        raise BadCursorError(cursor)


def _cursor(of: str, after: str) -> str:
    mark = hashlib.sha256(f"{of}\0{after}".encode()).digest()[:MARK]
    return base64.urlsafe_b64encode(mark + after.encode()).decode().rstrip("=")


def _after(of: str, cursor: str | None, form: str) -> str:
    if not cursor:
        return ""
    try:
        found = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True)
        after = found[MARK:].decode()
    except ValueError as broken:
        raise BadCursorError(cursor) from broken
    if cursor != _cursor(of, after) or not re.fullmatch(form, after):
        raise BadCursorError(cursor)
    return after
