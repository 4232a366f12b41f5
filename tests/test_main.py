"""The entry for any ASGI server."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create


def test_the_application_opens_its_database_when_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIRN_DATABASE", str(tmp_path / "cairn.db"))
    with TestClient(create()) as client:
        assert client.get("/health/ready").json() == {"status": "ready"}
    assert (tmp_path / "cairn.db").is_file()
