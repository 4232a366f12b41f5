"""Domain objects as the values that REST returns; audits have their shape in `interop`."""

from __future__ import annotations

from typing import Any

from app.core.language.render import render_plain
from app.core.model.credits import show_credits
from app.core.model.period import Period
from app.interop.record_json import achievement_to_plain, stated_to_plain
from app.services.stored import (
    AchievementVersion,
    AwardEntry,
    CatalogueEntry,
    Change,
    EditionEntry,
    LearnerEntry,
    LineResult,
    StoredAudit,
    spoken_instant,
)

Plain = dict[str, Any]


def credential(entry: CatalogueEntry) -> Plain:
    """Return a credential with its issuer and which mandatory elements are there."""
    own = entry.credential
    plain: Plain = {
        "id": own.id,
        "title": own.title,
        "institution": entry.institution,
        "issuer": {"id": own.issuer, "title": "", "country": ""},
        "type": own.type,
        "credits": show_credits(own.credits),
        "unit": own.unit,
        "level": None
        if own.level is None
        else {"framework": own.level.framework, "at": own.level.step},
        "relation": own.relation,
        "size": own.size,
        "fields": list(own.fields),
        "tags": list(own.tags),
        "outcomes": list(own.outcomes),
        "skills": list(own.skills),
        "assessment": own.assessment,
        "quality_assurance": own.quality_assurance,
        "workload": own.workload,
        "participation": own.participation,
        "mode": own.mode,
        "language": own.language,
        "prerequisites": list(own.prerequisites),
        "equivalents": list(own.equivalents),
        "attributes": {name: stated_to_plain(stated) for name, stated in own.attributes.items()},
        "retired": own.retired.isoformat() if own.retired else None,
        "mandatory_elements": {"present": list(entry.present), "missing": list(entry.missing)},
    }
    if entry.issuer is not None:
        plain["issuer"] = {
            "id": own.issuer,
            "title": entry.issuer.title,
            "country": entry.issuer.country,
        }
    return plain


def period(one: Period) -> Plain:
    """Return a period."""
    return {"from": one.start.isoformat(), "until": one.until.isoformat() if one.until else None}


def edition(one: EditionEntry) -> Plain:
    """Return an edition without its text."""
    return {
        "award": one.award,
        "edition": one.edition,
        "title": one.title,
        "status": one.status,
        "effective": period(one.effective),
        "in_force": period(one.in_force),
        "sha256": one.sha256,
        "recorded_at": spoken_instant(one.recorded_at),
        "published_at": spoken_instant(one.published_at) if one.published_at else None,
    }


def award(one: AwardEntry) -> Plain:
    """Return an award with its editions."""
    return {
        "id": one.award,
        "title": one.title,
        "institution": one.institution,
        "editions": [edition(entry) for entry in one.editions],
    }


def learner(one: LearnerEntry) -> Plain:
    """Return a learner."""
    return {"id": one.id, "revision": one.revision, "recorded_at": spoken_instant(one.recorded_at)}


def version(one: AchievementVersion) -> Plain:
    """Return one state of an achievement, with when it was what we knew."""
    return {
        "achievement": achievement_to_plain(one.achievement),
        "recorded_at": spoken_instant(one.recorded_at),
        "superseded_at": spoken_instant(one.superseded_at) if one.superseded_at else None,
    }


def change(one: Change) -> Plain:
    """Return who changed what, when and why."""
    return {
        "at": spoken_instant(one.at),
        "who": one.who,
        "what": one.what,
        "subject": one.subject,
        "why": one.why,
        "facts": dict(one.facts),
    }


def line(one: LineResult) -> Plain:
    """Return what happened to one line of a bulk write."""
    return {
        "line": one.line,
        "outcome": one.outcome,
        "achievement": one.achievement,
        "errors": render_plain(one.problems),
    }


def audit_entry(one: StoredAudit) -> Plain:
    """Return a stored audit without its answers' texts."""
    return {
        "id": one.id,
        "learner": one.learner,
        "as_of": one.as_of.isoformat(),
        "recorded_at": spoken_instant(one.recorded_at),
        "engine": one.engine,
        "input_hash": one.input_hash,
        "awards": [
            {"award": own.award, "edition": own.edition, "met": own.met, "percent": own.percent}
            for own in one.outputs
        ],
    }
