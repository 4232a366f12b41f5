"""Stored audits in the database; triggers there refuse to change one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, insert, or_, select

from app.core.model.credential import CredentialId
from app.persistence.columns import AnyRow
from app.persistence.tables import audit_outputs, audits
from app.services.stored import AuditOutput, StoredAudit


class SqlAuditRepository:
    """Stored audits; they are written once and never changed. Never commits."""

    def __init__(self, connection: Connection) -> None:
        """Read and write through `connection`."""
        self._connection = connection

    def add(self, audit: StoredAudit) -> None:
        """Keep an audit; kept already, nothing happens: its id says what it was made from."""
        if self.get(audit.id) is not None:
            return
        row = {column.name: getattr(audit, column.name) for column in audits.c}
        self._connection.execute(insert(audits).values(row))
        rows = [
            {
                "audit": audit.id,
                "place": place,
                "award": output.award,
                "edition": output.edition,
                "catalogue": output.catalogue,
                "met": output.met,
                "percent": output.percent,
                "output": output.output,
            }
            for place, output in enumerate(audit.outputs)
        ]
        self._connection.execute(insert(audit_outputs), rows)

    def get(self, audit: str) -> StoredAudit | None:
        """Return an audit, or None."""
        found = self._read([audit])
        return found[0] if found else None

    def page(self, learner: str, after: str, limit: int) -> tuple[StoredAudit, ...]:
        """Return at most `limit` audits of a learner, latest first, behind the audit `after`."""
        statement = select(audits.c.id).where(audits.c.learner == learner)
        if after:
            at = select(audits.c.recorded_at).where(audits.c.id == after).scalar_subquery()
            earlier = audits.c.recorded_at < at
            beside = and_(audits.c.recorded_at == at, audits.c.id < after)
            statement = statement.where(or_(earlier, beside))
        order = (audits.c.recorded_at.desc(), audits.c.id.desc())
        return self._read(self._connection.scalars(statement.order_by(*order).limit(limit)).all())

    def _read(self, ids: Sequence[str]) -> tuple[StoredAudit, ...]:
        """Return the audits of `ids`, in that order."""
        of_audit: dict[str, list[AuditOutput]] = {}
        outputs = select(audit_outputs).where(audit_outputs.c.audit.in_(ids))
        order = (audit_outputs.c.audit, audit_outputs.c.place)
        for row in self._connection.execute(outputs.order_by(*order)):
            of_audit.setdefault(row.audit, []).append(_output(row))
        rows = self._connection.execute(select(audits).where(audits.c.id.in_(ids))).mappings()
        found = {row["id"]: StoredAudit(**row, outputs=tuple(of_audit[row["id"]])) for row in rows}
        return tuple(found[one] for one in ids if one in found)


def _output(row: AnyRow) -> AuditOutput:
    return AuditOutput(
        award=CredentialId(row.award),
        edition=row.edition,
        catalogue=row.catalogue,
        met=row.met,
        percent=row.percent,
        output=row.output,
    )
