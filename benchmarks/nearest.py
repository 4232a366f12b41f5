"""The nearest of 2,500 awards for one record: what is prepared once, and each record's list."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.credits import Credits
from app.core.model.level import Level
from app.core.model.period import Period
from app.core.model.record import Achievement, AchievementId, LearnerId, LearnerRecord, Status
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Bound,
    From,
    Group,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import LevelTest, OneOf, Selector
from app.core.search.nearest import Nearest, Ranking, Sought, nearest
from benchmarks.timing import at, milliseconds

CREDENTIALS = 5000
SUBJECTS = 100
AWARDS = 2500
RECORDS = 40
LISTED = 10
ROUNDS = 2
DAY = date(2026, 6, 1)
POLICIES = {"retakes": "best", "caps": "whole", "level": "at-least"}


def catalogue(chance: random.Random) -> Catalogue:
    """Return what many institutions offer together: a hundred subjects on four levels."""
    credentials = [
        Credential(
            id=CredentialId(f"u/c{n}"),
            title=f"C{n}",
            issuer=IssuerId(f"i{n % 50}"),
            credits=Credits(chance.choices((2500, 5000, 7500, 10_000, 15_000), (2, 6, 3, 4, 1))[0]),
            unit="ects",
            level=Level("eqf", chance.choice((4, 5, 6, 7))),
            tags=(f"t{chance.randrange(SUBJECTS)}", f"t{chance.randrange(SUBJECTS)}"),
        )
        for n in range(CREDENTIALS)
    ]
    return Catalogue(credentials={one.id: one for one in credentials})


class Rules:
    """Draws the rules of awards: micro-credentials that stack, certificates, degrees."""

    def __init__(self, chance: random.Random, known: Catalogue) -> None:
        """Find what each subject offers."""
        self.chance = chance
        self.offered: dict[str, list[CredentialId]] = {}
        for one in known.credentials.values():
            for tag in one.tags:
                self.offered.setdefault(tag, []).append(one.id)

    def rule(self, number: int) -> RuleEdition:
        """Return one rule of a subject and its neighbours."""
        chance, subject = self.chance, self.chance.randrange(SUBJECTS)
        tags = [f"t{(subject + step) % SUBJECTS}" for step in range(3)]
        total = chance.choices((15, 30, 60, 90), (3, 4, 2, 1))[0] * 1000
        core = self.core(tags[0])
        parts: list[Requirement] = [core] if core else []
        parts.append(_from("main", total * 2 // 5, (tags[0],)))
        if total > 15_000 and chance.random() < 0.4:
            parts.append(self.choice(tags, total))
        parts.append(_from("free", total // 5, tuple(tags)))
        return RuleEdition(
            award=CredentialId(f"u/award{number:04}"),
            title=f"Award {number}",
            edition="1",
            effective=Period(date(2020, 1, 1)),
            total=Credits(total),
            unit="ects",
            root=Group(id="all", title="All", parts=tuple(parts)),
            whole=self.said(total),
        )

    def core(self, tag: str) -> Take | None:
        """Return what is compulsory, if anything is."""
        several = self.chance.sample(sorted(self.offered[tag]), self.chance.choice((0, 1, 2, 3)))
        return Take(id="core", title="Core", credentials=tuple(several)) if several else None

    def choice(self, tags: list[str], total: int) -> Group:
        """Return a choice of one of two specialisations."""
        parts = [_from(f"special-{tag}", total // 5, (tag,)) for tag in tags[1:]]
        return Group(id="special", title="Special", parts=tuple(parts), need=1)

    def said(self, total: int) -> Qualifiers:
        """Return what holds for the whole award: of half of them so much at a higher level."""
        if self.chance.random() < 0.5:
            return NO_QUALIFIERS
        level = Selector((LevelTest("eqf", 6, None, "at-least"),))
        bound = Bound(id="high", title="High", measure="credits", amount=total // 4, selector=level)
        return Qualifiers(at_least=(bound,))


def _from(name: str, amount: int, tags: tuple[str, ...]) -> From:
    selector = Selector((OneOf("tag", tags),))
    quantity = Quantity("credits", max(amount // 2500, 1) * 2500)
    return From(id=name, title=name.title(), quantity=quantity, selector=selector)


def awards(seed: int = 1) -> tuple[Catalogue, list[CompiledAward]]:
    """Return a catalogue and its awards, ready to audit."""
    chance = random.Random(seed)
    known = catalogue(chance)
    rules = Rules(chance, known)
    return known, [compile_rule(rules.rule(n), known, POLICIES) for n in range(AWARDS)]


def records(known: Catalogue, seed: int = 1) -> list[LearnerRecord]:
    """Return learners who took 0 to 40 credentials, most of them of a few subjects."""
    return [_record(random.Random(f"{seed}/{n}"), known, n) for n in range(RECORDS)]


def _record(chance: random.Random, known: Catalogue, number: int) -> LearnerRecord:
    subject, count = chance.randrange(SUBJECTS), number
    near = {f"t{(subject + step) % SUBJECTS}" for step in range(3)}
    names = sorted(known.credentials)
    own = [name for name in names if near & set(known.credentials[name].tags)]
    taken = [*chance.sample(own, min(len(own), count * 3 // 4)), *chance.sample(names, count // 4)]
    return LearnerRecord(
        learner=LearnerId(f"l{number}"),
        achievements=tuple(
            _achievement(chance, n, name) for n, name in enumerate(dict.fromkeys(taken))
        ),
    )


def _achievement(chance: random.Random, number: int, name: CredentialId) -> Achievement:
    status: Status = chance.choices(("earned", "in-progress", "planned"), (8, 1, 1))[0]
    day = DAY - timedelta(days=chance.randrange(30, 1500)) if status == "earned" else None
    return Achievement(
        id=AchievementId(f"a{number:03}"), credential=name, status=status, earned=day
    )


def measure() -> Mapping[str, float]:
    """Rank the awards for each record, and say how long that takes."""
    known, every = awards()
    several = records(known)
    ranking = Ranking("credits")
    sought = Sought(ranking=ranking, limit=LISTED, as_of=DAY)

    def rank(record: LearnerRecord) -> Nearest:
        return nearest(every, record, sought)

    start = perf_counter()
    rank(replace(several[0], achievements=()))
    prepared = perf_counter() - start
    found = [rank(one) for one in several]
    listed = [one for own in found for one in own.near]
    times = milliseconds({"nearest": rank}, several, ROUNDS)["nearest"]
    return {
        "prepared once, s": prepared,
        "p50, ms": at(times.every, 50),
        "p99, ms": at(times.every, 99),
        "max, ms": times.every[-1],
        "completed one by one, p50": at(sorted(float(one.completed) for one in found), 50),
        "completed one by one, most": max(float(one.completed) for one in found),
        "proven, %": 100 * sum(one.completion.proven for one in listed) / len(listed),
    }


def main() -> Mapping[str, float]:
    """Measure and print."""
    found = measure()
    print(
        f"== nearest: {AWARDS} awards, {CREDENTIALS} credentials, the first {LISTED} for a record"
    )
    for name, value in found.items():
        print(f"{name:>30}  {value:10.2f}")
    return found


if __name__ == "__main__":
    main()
