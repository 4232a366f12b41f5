"""The API over a real database with the rule packs loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api.application import create_app
from app.services.stored import Note
from app.settings import Settings
from app.wiring import Services, open_services, packs_in
from tests.api.described import DescribedClient

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The services on a database of their own, with the packs of this repository."""
    path = tmp_path_factory.mktemp("api") / "cairn.db"
    settings = Settings(database=str(path), rules=ROOT / "rules")
    with open_services(settings) as services:
        for pack in packs_in(settings.rules):
            services.packs.load(pack, Note("tests"))
        yield services


@pytest.fixture(scope="session")
def client(joined: Services) -> DescribedClient:
    """A client of the whole application, which takes no answer that is not described."""
    return DescribedClient(create_app(joined))
