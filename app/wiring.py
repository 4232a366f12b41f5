"""The one place where the parts are joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from uuid import uuid4

from app.interop.packs import Pack, read_pack
from app.persistence.migrate import migrate
from app.persistence.pack_files import read_packs
from app.persistence.storage import SqlStorage, open_engine
from app.services.audits import AuditService
from app.services.awards import AwardService
from app.services.catalogue import CatalogueService
from app.services.combinations import CombinationService
from app.services.compiling import Compiler
from app.services.demo import DemoService
from app.services.learners import LearnerService
from app.services.nearest import NearestService
from app.services.packs import PackService
from app.services.ports import Clock, Storage
from app.services.publishing import PublishingService
from app.services.records import RecordService
from app.services.replies import ReplyService
from app.services.routes import RouteService
from app.services.running import Runner
from app.services.runs import RunService
from app.services.saved_what_ifs import SavedWhatIfService
from app.services.shared_what_ifs import SharedWhatIfService
from app.services.single import SingleChangeService
from app.services.what_if import WhatIfService
from app.settings import Settings

if TYPE_CHECKING:
    from app.services.graph import GraphService


@dataclass(frozen=True)
class Services:
    """Every use case, ready to be called from any thread."""

    storage: Storage
    compiler: Compiler
    catalogue: CatalogueService
    awards: AwardService
    publishing: PublishingService
    learners: LearnerService
    records: RecordService
    audits: AuditService
    what_if: WhatIfService
    saved_what_ifs: SavedWhatIfService
    shared_what_ifs: SharedWhatIfService
    single_changes: SingleChangeService
    combinations: CombinationService
    routes: RouteService
    nearest: NearestService
    packs: PackService
    demo: DemoService
    replies: ReplyService
    runs: RunService
    runner: Runner

    @cached_property
    def graph(self) -> GraphService:
        """Questions about the whole; networkx takes a tenth of a start and waits for the first."""
        from app.services.graph import GraphService  # noqa: PLC0415

        return GraphService(self.storage, self.compiler)

    def ready(self) -> None:
        """Raise NotReadyError where the database cannot be used."""
        self.storage.check()


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Bring the database up to date and join the parts; everything is given back at the end."""
    engine = open_engine(settings.database_url)
    try:
        migrate(engine)
        services = join(SqlStorage(engine), utc_now, settings.rules, settings.workers)
        if settings.demo:
            services.demo.load()
        yield services
    finally:
        engine.dispose()


def join(
    storage: Storage,
    clock: Clock,
    rules: Path,
    workers: int = 1,
    secret: Callable[[], str] = token_urlsafe,
) -> Services:
    """Return the services on a storage and a clock; rule packs are read from `rules`.

    Runs over a population are worked through by so many `workers`, once the runner works. Each
    `secret` opens what it is a link to.
    """
    compiler = Compiler()
    runner = Runner(storage, clock, compiler, uuid4().hex, workers)
    publishing = PublishingService(storage, clock, compiler)
    packs = PackService(storage, clock)
    what_if = WhatIfService(storage, clock, compiler)
    return Services(
        storage=storage,
        compiler=compiler,
        catalogue=CatalogueService(storage, clock, compiler),
        awards=AwardService(storage, compiler),
        publishing=publishing,
        learners=LearnerService(storage, clock),
        records=RecordService(storage, clock, compiler),
        audits=AuditService(storage, clock, compiler, engine_name()),
        what_if=what_if,
        saved_what_ifs=SavedWhatIfService(storage, clock, what_if, engine_name()),
        shared_what_ifs=SharedWhatIfService(storage, clock, secret),
        single_changes=SingleChangeService(storage, clock, compiler),
        combinations=CombinationService(storage, clock, compiler),
        routes=RouteService(storage, clock, compiler),
        nearest=NearestService(storage, clock, compiler),
        packs=packs,
        demo=DemoService(storage, clock, packs, lambda: packs_in(rules)),
        replies=ReplyService(storage, clock),
        runs=RunService(storage, clock, compiler, engine_name(), runner.wake),
        runner=runner,
    )


def packs_in(rules: Path) -> list[Pack]:
    """Return the rule packs in a directory."""
    return [read_pack(files, name) for name, files in read_packs(rules).items()]


def engine_name() -> str:
    """Return the name under which this version signs the audits it stores."""
    return f"cairn {version('cairn')}"


def utc_now() -> datetime:
    """Return the instant it is: the clock is read here and nowhere else."""
    return datetime.now(UTC)
