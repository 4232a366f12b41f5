"""Small catalogues, rules and records, said in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.core.engine.certify import certify
from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import Verdict, decide
from app.core.engine.verify import verify
from app.core.language.rules import read_rule
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.credits import Credits, parse_credits
from app.core.model.grade import Grade, GradeScale
from app.core.model.level import Level
from app.core.model.period import Period
from app.core.model.record import Achievement, AchievementId, LearnerId, LearnerRecord
from app.core.model.requirement import (
    NO_QUALIFIERS,
    From,
    Group,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
)
from app.core.model.rule import RuleEdition, Sharing
from app.core.model.selector import OneOf, Selector

TODAY = date(2026, 6, 1)
EARNED = date(2025, 6, 30)
POLICIES = {"retakes": "best", "caps": "whole", "level": "at", "grade_scale": "letter"}
LETTERS = GradeScale(
    "letter",
    {
        symbol: Grade(symbol, 10 - place, points)
        for place, (symbol, points) in enumerate(
            [
                ("A", 4000),
                ("A-", 3700),
                ("B+", 3300),
                ("B", 3000),
                ("B-", 2700),
                ("C+", 2300),
                ("C", 2000),
            ]
        )
    }
    | {"S": Grade("S", 4, None)},
)


def credential(
    name: str, credits: str | int = 4, *tags: str, level: int = 7, unit: str = "au"
) -> Credential:
    return Credential(
        id=CredentialId(name),
        title=name.upper(),
        issuer=IssuerId("u"),
        credits=parse_credits(credits),
        unit=unit,
        tags=tags,
        level=Level("eqf", level),
    )


def catalogue(*credentials: Credential) -> Catalogue:
    return Catalogue(credentials={one.id: one for one in credentials}, scales={"letter": LETTERS})


def tagged(*tags: str) -> Selector:
    return Selector((OneOf("tag", tags),))


def take(name: str, *credentials: str) -> Take:
    return Take(
        id=name, title=name.title(), credentials=tuple(CredentialId(one) for one in credentials)
    )


def credits_from(
    name: str, amount: str | int, selector: Selector, said: Qualifiers = NO_QUALIFIERS
) -> From:
    quantity = Quantity("credits", parse_credits(amount))
    return From(id=name, title=name.title(), quantity=quantity, selector=selector, qualifiers=said)


def choose(name: str, number: int, selector: Selector, said: Qualifiers = NO_QUALIFIERS) -> From:
    return From(
        id=name,
        title=name.title(),
        quantity=Quantity("choose", number),
        selector=selector,
        qualifiers=said,
    )


def every(*parts: Requirement) -> Group:
    return Group(id="require", title="All", parts=parts)


def rule(
    root: Requirement,
    *,
    award: str = "p",
    total: int = 60,
    whole: Qualifiers = NO_QUALIFIERS,
    sharing: Sharing | None = None,
) -> RuleEdition:
    return RuleEdition(
        award=CredentialId(award),
        title=award.upper(),
        edition="1",
        effective=Period(date(2020, 1, 1)),
        total=Credits(total * 1000),
        unit="au",
        root=root,
        whole=whole,
        sharing=sharing,
    )


def held(
    name: str,
    grade: str = "B",
    earned: date | None = EARNED,
    status: str = "earned",
    started: date | None = None,
) -> Achievement:
    return Achievement(
        id=AchievementId(name),
        credential=CredentialId(name),
        grade=grade,
        started=started,
        earned=earned,
        status="planned"
        if status == "planned"
        else "in-progress"
        if status == "in-progress"
        else "earned",
    )


def record(*achievements: Achievement) -> LearnerRecord:
    return LearnerRecord(learner=LearnerId("l"), achievements=achievements)


def compiled(edition: RuleEdition, known: Catalogue, **policies: str) -> CompiledAward:
    stated = {name: answer for name, answer in {**POLICIES, **policies}.items() if answer}
    return compile_rule(edition, known, stated)


def judged(awards: Sequence[CompiledAward], *achievements: Achievement) -> Verdict:
    return decide(awards, record(*achievements), TODAY)


def written(require: str) -> RuleEdition:
    """A rule of which only what it requires matters."""
    text = f"""\
award: x/p
title: P
edition: "1"
effective: {{from: 2020-01-01}}
credit: {{total: 60, unit: au}}
require:
{require}
"""
    found = read_rule(text.encode(), "rule.yaml")
    assert found.diagnostics == ()
    assert found.edition is not None
    return found.edition


def certified(
    edition: RuleEdition, known: Catalogue, who: LearnerRecord, **policies: str
) -> Verdict:
    """The verdict, once the checker has agreed with its certificate."""
    verdict = decide([compiled(edition, known, **policies)], who, TODAY)
    stated = [{**POLICIES, **policies}]
    assert verify([edition], known, stated, who, TODAY, certify(verdict)) == ()
    return verdict
