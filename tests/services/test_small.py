"""The small parts: the graph, the bounded store, settings and wiring."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from app.services.bounded import Bounded
from app.services.canonical import canonical_json, digest
from app.services.errors import UnknownAwardError, UnknownCredentialError
from app.services.setup_errors import SettingsError
from app.settings import Settings
from app.wiring import Services, open_services
from tests.services.builders import FILES, NOTE, edition


def test_the_graph_follows_what_is_published(services: Services) -> None:
    assert {one.award for one in services.graph.leads_to("x/d")} == {"x/cert", "x/dip"}
    kept = services.graph.graph()
    assert services.graph.graph() is kept
    narrower = edition("2026", "2026-01-01").replace(b"take: x/a", b"take: [x/a, x/b]")
    services.publishing.put_draft(narrower, NOTE)
    assert services.graph.graph() is kept
    node = services.graph.made_of("x/cert")
    assert node.parts[0].credentials == ("x/a",)
    assert services.graph.prerequisites("x/a") == ()
    assert services.graph.insight(1).insight.awards == 2


def test_the_graph_knows_what_it_does_not_know(services: Services) -> None:
    with pytest.raises(UnknownCredentialError, match="did you mean"):
        services.graph.leads_to("x/certt")
    with pytest.raises(UnknownAwardError, match="did you mean `x/dip`"):
        services.graph.made_of("x/dp")


def test_a_bounded_store_forgets_what_was_used_least_recently() -> None:
    store: Bounded[int, int] = Bounded(2)
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 2, 1, 3, 1, 2):
        assert store.get(number, lambda number=number: make(number)) == number  # type: ignore[misc]
    assert made == [1, 2, 3, 2]
    assert len(store) == 2


def test_a_bounded_store_keeps_its_size_among_threads() -> None:
    store: Bounded[int, int] = Bounded(8)

    def use(offset: int) -> None:
        for number in range(500):
            key = (number * 7 + offset) % 20
            assert store.get(key, lambda key=key: key) == key  # type: ignore[misc]

    threads = [Thread(target=use, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store) == 8


def test_canonical_json_has_one_way_to_write_a_value() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("database", "url"),
    [
        ("var/cairn.db", "sqlite:///var/cairn.db"),
        ("/data/cairn.db", "sqlite:////data/cairn.db"),
        ("sqlite:///x.db", "sqlite:///x.db"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_a_database_is_a_file_or_an_address(database: str, url: str) -> None:
    assert Settings(database=database).database_url == url


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "CAIRN_PORT", "CAIRN_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    assert (Settings.read().port, Settings.read().host) == (8000, "127.0.0.1")
    assert Settings.read().database_url == "sqlite:///var/cairn.db"
    monkeypatch.setenv("PORT", "9000")
    assert Settings.read().port == 9000
    monkeypatch.setenv("CAIRN_PORT", "9001")
    monkeypatch.setenv("CAIRN_DEMO", "true")
    monkeypatch.setenv("CAIRN_RULES", "elsewhere")
    settings = Settings.read()
    assert (settings.port, settings.demo, settings.rules) == (9001, True, Path("elsewhere"))


def test_settings_that_make_no_sense_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIRN_PORT", "many")
    monkeypatch.setenv("CAIRN_DEMO", "perhaps")
    with pytest.raises(SettingsError) as refused:
        Settings.read()
    assert "`CAIRN_PORT` cannot be `many`" in str(refused.value)
    assert "`CAIRN_DEMO` cannot be `perhaps`" in str(refused.value)


def test_opening_the_services_brings_the_database_up_to_date(tmp_path: Path) -> None:
    settings = Settings(database=str(tmp_path / "new" / "cairn.db"))
    for _ in range(2):
        with open_services(settings) as services:
            services.ready()
            assert services.learners.list().items == ()


def test_a_demonstration_is_there_at_the_start(tmp_path: Path) -> None:
    rules = tmp_path / "rules" / "x"
    for name, content in FILES.items():
        (rules / name).parent.mkdir(parents=True, exist_ok=True)
        (rules / name).write_bytes(content)
    database = str(tmp_path / "cairn.db")
    with open_services(Settings(database=database, rules=rules.parent, demo=True)) as services:
        assert [one.award for one in services.awards.list().items] == ["x/cert", "x/dip"]
        assert len(services.learners.list(limit=200).items) == 200
