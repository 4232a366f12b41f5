"""Many learners at once: whom a run goes through, and their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from app.core.model.record import LearnerId, LearnerRecord
from app.persistence.record_rows import read_records
from app.persistence.tables import audit_outputs, audits, declarations, learners
from app.persistence.versions import known
from app.services.stored_runs import Population


class SqlPopulationRepository:
    """Many learners at once. Only reads."""

    def __init__(self, connection: Connection) -> None:
        """Read through `connection`."""
        self._connection = connection

    def size(self, population: Population) -> int:
        """Return how many learners there are."""
        statement = select(func.count()).select_from(learners).where(_in(population))
        return self._connection.scalar(statement) or 0

    def members(self, population: Population, after: str, limit: int) -> tuple[LearnerId, ...]:
        """Return at most `limit` learners in the order of ids, behind `after`."""
        statement = select(learners.c.id).where(_in(population), learners.c.id > after)
        found = self._connection.scalars(statement.order_by(learners.c.id).limit(limit))
        return tuple(map(LearnerId, found))

    def records(
        self, learners: Sequence[str], known_at: datetime
    ) -> Mapping[LearnerId, LearnerRecord]:
        """Return the records of learners as they were known at an instant."""
        found = read_records(self._connection, learners, known_at)
        return {LearnerId(name): record for name, record in found.items()}


def _in(population: Population) -> ColumnElement[bool]:
    there = learners.c.recorded_at <= population.known_at
    if population.members == "declared":
        own = and_(
            declarations.c.learner == learners.c.id, declarations.c.award == population.award
        )
        declared = select(declarations.c.seq).where(own, known(declarations, population.known_at))
        return and_(there, declared.exists())
    if population.members == "audited":
        told = select(audits.c.id).join(audit_outputs, audit_outputs.c.audit == audits.c.id)
        own = and_(audits.c.learner == learners.c.id, audit_outputs.c.award == population.award)
        return and_(there, told.where(own, audits.c.recorded_at <= population.known_at).exists())
    return there
