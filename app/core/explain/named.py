"""What things are called and how amounts are written, for every sentence alike."""

from __future__ import annotations

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import AnswerVerdict
from app.core.engine.problem import bits
from app.core.model.credential import CredentialId
from app.core.model.credits import show_credits
from app.core.model.reason import Param
from app.core.model.requirement import Measure


def title_of(award: CompiledAward, name: CredentialId) -> str:
    """Return a credential's title, or its id where nobody describes it."""
    credential = award.credential(name)
    return credential.title if credential else name


def titles_of(answer: AnswerVerdict, items: int) -> tuple[str, ...]:
    """Return the titles of the items of a mask."""
    return tuple(answer.problem.items[index].credential.title for index in bits(items))


def cited(regulation: str) -> dict[str, Param]:
    """Return the regulation behind a reason as its parameter, where there is one."""
    return {"regulation": regulation} if regulation else {}


def amount(award: CompiledAward, measure: Measure, own: int) -> str:
    """Return an amount with the award's unit, or a plain number."""
    return f"{show_credits(own)} {award.rule.unit}" if measure == "credits" else str(own)
