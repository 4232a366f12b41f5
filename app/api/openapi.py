"""Writes docs/openapi.json: `python -m app.api.openapi`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from app.api.application import create_app

FILE = Path("docs") / "openapi.json"


def text() -> str:
    """Return the API's description as it is committed."""
    return json.dumps(create_app().openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.stderr.write(f"written: {FILE}\n")
