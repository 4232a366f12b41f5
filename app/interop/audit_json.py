"""An audit as JSON: the shape that the command line prints and REST returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.core.model.audit import (
    AchievementOutcome,
    AdjustmentOutcome,
    Answer,
    Answers,
    Audit,
    Conflict,
    Outlook,
    Price,
    RequirementOutcome,
    Standing,
    WishOutcome,
)
from app.core.model.certificate import Certificate, CertificatePart
from app.core.model.credits import show_credits
from app.core.model.reason import Reason

Plain = dict[str, Any]


def audit_to_plain(audit: Audit) -> Plain:
    """Return an audit as plain values; credits are decimal strings, days ISO 8601."""
    return {
        "award": audit.award,
        "title": audit.title,
        "edition": audit.edition,
        "as_of": audit.as_of.isoformat(),
        "unit": audit.unit,
        "policies": dict(sorted(audit.policies.items())),
        **_answer(audit.now),
        "now": _answer(audit.now),
        "projected": _answer(audit.projected),
        "planned": _answer(audit.planned),
        "requirements": [_requirement(one) for one in audit.requirements],
        "achievements": [_achievement(one) for one in audit.achievements],
        "conflict": None if audit.conflict is None else _conflict(audit.conflict),
        "adjustments": [_adjustment(one) for one in audit.adjustments],
        "answers": _answers(audit.answers),
        "certificate": certificate_to_plain(audit.certificate),
        # What nobody asked for has no place.
        **({"wishes": [_wish(one) for one in audit.wishes]} if audit.wishes else {}),
        **({"price": _price(audit.price)} if audit.price else {}),
        "text": audit.text,
    }


def audit_to_bytes(audit: Audit) -> bytes:
    """Return an audit as canonical JSON: the same audit gives the same bytes."""
    return to_bytes(audit_to_plain(audit))


def to_bytes(plain: object) -> bytes:
    """Return plain values as compact UTF-8 JSON in their own order."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def _conflict(conflict: Conflict) -> Plain:
    return {
        "requirements": list(conflict.requirements),
        "limits": list(conflict.limits),
        "minimal": conflict.minimal,
        "reasons": [_reason(reason) for reason in conflict.reasons],
    }


def _answer(answer: Answer) -> Plain:
    progress = answer.progress
    found: Plain = {
        "met": answer.met,
        "proven": answer.proven,
        "progress": {
            "reached": show_credits(progress.reached),
            "of": show_credits(progress.of),
            "percent": progress.percent,
        },
    }
    if not answer.proven:
        found["gap"] = show_credits(answer.gap)
    return found


def _measured(measure: str, amount: int) -> str | int:
    return amount if measure == "choose" else show_credits(amount)


def _requirement(one: RequirementOutcome) -> Plain:
    return {
        "id": one.id,
        "title": one.title,
        "kind": one.kind,
        "parent": one.parent or None,
        "measure": one.measure,
        "demanded": _measured(one.measure, one.demanded),
        "optional": one.optional,
        **_outlook(one.measure, one.now),
        "projected": None if one.projected is None else _outlook(one.measure, one.projected),
        "planned": None if one.planned is None else _outlook(one.measure, one.planned),
        "reasons": [_reason(reason) for reason in one.reasons],
        "fills": list(one.fills),
        "regulation": one.regulation,
        "adjusted": [_reason(reason) for reason in one.adjusted],
    }


def _outlook(measure: str, outlook: Outlook) -> Plain:
    return {
        "state": outlook.state,
        "reached": _measured(measure, outlook.reached),
        "short": _measured(measure, outlook.short),
        "counts": [
            {
                "achievement": count.achievement,
                "credential": count.credential,
                "credits": show_credits(count.credits),
            }
            for count in outlook.counts
        ],
    }


def _achievement(one: AchievementOutcome) -> Plain:
    return {
        "id": one.id,
        "credential": one.credential,
        "title": one.title,
        "status": one.status,
        "counts_toward": list(one.counts_toward),
        "later": list(one.later),
        "credits": show_credits(one.credits),
        "reason": None if one.reason is None else _reason(one.reason),
        "adjusted": [_reason(reason) for reason in one.adjusted],
    }


def _adjustment(one: AdjustmentOutcome) -> Plain:
    return {
        "id": one.id,
        "kind": one.kind,
        "requirement": one.requirement or None,
        "achievement": one.achievement,
        "credential": one.credential,
        "applies": one.applies,
        "reason": _reason(one.reason),
    }


def _reason(reason: Reason) -> Plain:
    return {"code": reason.code, "params": _params(reason.params), "text": reason.text}


def _params(params: Mapping[str, Any]) -> Plain:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in params.items()
    }


def _answers(answers: Answers) -> Plain:
    return {
        "rule": answers.rule,
        "admission": None if answers.admission is None else _standing(answers.admission),
        "gates": [_standing(gate) for gate in answers.gates],
        "effects": [
            {
                "award": effect.award,
                "effect": effect.effect,
                "on": effect.on.isoformat() if effect.on else None,
                "text": effect.text,
            }
            for effect in answers.effects
        ],
    }


def _wish(one: WishOutcome) -> Plain:
    return {
        "achievement": one.achievement,
        "requirement": one.requirement,
        "honoured": one.honoured,
        "reason": None if one.reason is None else _reason(one.reason),
    }


def _price(price: Price) -> Plain:
    return {
        "achievement": price.achievement,
        "requirement": price.requirement,
        "award": price.award,
        "answer": price.answer,
        "costs": show_credits(price.costs),
        "losses": [
            {
                "award": one.award,
                "requirement": one.requirement,
                "title": one.title,
                "measure": one.measure,
                "amount": _measured(one.measure, one.amount),
                "met": one.met,
            }
            for one in price.losses
        ],
        "moved": list(price.moved),
        "reason": _reason(price.reason),
    }


def _standing(standing: Standing) -> Plain:
    return {
        "id": standing.id,
        "title": standing.title,
        "state": standing.state,
        "reasons": [_reason(reason) for reason in standing.reasons],
    }


def certificate_to_plain(certificate: Certificate) -> Plain:
    """Return a certificate as plain values."""
    return {"parts": [_part(part) for part in certificate.parts]}


def _part(part: CertificatePart) -> Plain:
    return {
        "answer": part.answer,
        "proof": part.proof,
        "claims": [
            {
                "award": claim.award,
                "met": claim.met,
                "reached": show_credits(claim.reached),
                "of": show_credits(claim.of),
                "unmet": list(claim.unmet),
            }
            for claim in part.claims
        ],
        "placements": [
            {
                "award": one.award,
                "requirement": one.requirement,
                "achievement": one.achievement,
                "credits": show_credits(one.credits),
            }
            for one in part.placements
        ],
        "bounds": [
            {
                "award": one.award,
                "requirements": list(one.requirements),
                "limit": show_credits(one.limit),
                "achievements": list(one.achievements),
                "caps": list(one.caps),
            }
            for one in part.bounds
        ],
        **({"wishes": [one._asdict() for one in part.wishes]} if part.wishes else {}),
        **({"forced": [one._asdict() for one in part.forced]} if part.forced else {}),
    }
