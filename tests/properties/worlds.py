"""Small catalogues and records to make problems of; everything is drawn from one `Random`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, Fact, Issuer, IssuerId, Stated
from app.core.model.credits import ConversionPolicy, Credits
from app.core.model.grade import Grade, GradeScale
from app.core.model.level import Level
from app.core.model.record import (
    Achievement,
    AchievementId,
    Attestation,
    LearnerId,
    LearnerRecord,
    Milestone,
    Source,
    Status,
)

AS_OF = date(2026, 1, 15)
# Whole years before the audit, so that spans end on the day itself, one day off now and then.
DAYS = tuple(date(year, 1, 15) for year in range(2020, 2026))
AWARDS = (CredentialId("u/p"), CredentialId("u/q"), CredentialId("u/r"))
# Equal sizes make matchings, halves exact sums that greedy filling misses; then knapsacks, and
# what has no credits at all.
SIZES = (
    (3000,),
    (1000, 1500, 2000, 2500),
    (2000, 3000, 4000, 5000),
    (5000, 10000, 15000),
    (0, 1000, 3000),
)
TRACKS = (CredentialId("u/t-one"), CredentialId("u/t-two"))
COHORTS = ("autumn", "spring", "summer")
OUTCOMES = ("plan", "report", "argue")
WEEKS = (5, 10, 15)
TERMS = ("", "2024-1", "2024-2", "2025-1")
CLUSTERS = ("alpha", "beta", "gamma")
GRADES = ("A", "B", "C", "D", "S")
SCALE_OF_LETTERS = GradeScale(
    "letter",
    {
        "A": Grade("A", 4, 4000),
        "B": Grade("B", 3, 3000),
        "C": Grade("C", 2, 2000),
        # S ranks with C and has no points: averages must leave it out, floors must not.
        "S": Grade("S", 2, None),
        "D": Grade("D", 1, 1000),
    },
)
CONVERSIONS = {
    # An uneven rate, so that what is brought over is rounded.
    "hours": ConversionPolicy(
        name="hours",
        version="1",
        rates={("ects", "cats"): Fraction(5, 3), ("cats", "ects"): Fraction(3, 5)},
    ),
    "convention": ConversionPolicy(
        name="convention",
        version="1",
        rates={("ects", "cats"): Fraction(2), ("cats", "ects"): Fraction(1, 2)},
        rounding="up",
    ),
}
LEVELS = {("eqf", 6, "rqf"): 6, ("eqf", 7, "rqf"): 7, ("rqf", 6, "eqf"): 6}


def make_catalogue(random: Random, features: frozenset[str]) -> Catalogue:
    """Return a few credentials that differ in what rules look at, and the awards themselves."""
    sizes = random.choice(SIZES)
    credentials = [
        make_credential(random, features, number, sizes) for number in range(random.randint(4, 7))
    ]
    if "equivalents" in features:
        first, second, *_ = credentials
        credentials[0] = replace(first, equivalents=(second.id,))
    awards = [
        Credential(id=award, title=award, issuer=IssuerId("u"), type="award", unit="cats")
        for award in AWARDS
    ]
    return Catalogue(
        credentials={each.id: each for each in (*credentials, *awards)},
        issuers={IssuerId(name): Issuer(id=IssuerId(name), title=name) for name in ("u", "x")},
        scales={"letter": SCALE_OF_LETTERS},
        conversions=CONVERSIONS,
        levels=LEVELS,
        attributes={
            "cluster": "text",
            "regular": "flag",
            "cohort": "text",
            "year": "number",
            "terms": "number",
            "weeks": "number",
            "opened": "date",
            "keen": "flag",
        },
    )


def make_credential(
    random: Random, features: frozenset[str], number: int, sizes: tuple[int, ...]
) -> Credential:
    """Return one credential; some facts are missing now and then, which fails tests of them."""
    foreign = "units" in features and random.random() < 0.4
    framework = "eqf" if "levels" in features and random.random() < 0.4 else "rqf"
    level = Level(framework, random.choice((6, 7, 8))) if random.random() < 0.9 else None
    cluster = {"cluster": make_clusters(random)} if random.random() < 0.85 else {}
    ranged: dict[str, Stated] = {}
    if "attribute-ranges" in features:
        ranged = {"weeks": random.choice(WEEKS), "opened": random.choice(DAYS)}
        ranged = {key: value for key, value in ranged.items() if random.random() < 0.85}
    return Credential(
        id=CredentialId(f"{'x' if number % 3 == 2 else 'u'}/c{number}"),
        title=f"C{number}",
        issuer=IssuerId("x" if number % 3 == 2 else "u"),
        type="unit" if random.random() < 0.7 else "module",
        credits=Credits(random.choice(sizes)),
        unit="ects" if foreign else "cats",
        level=level,
        tags=tuple(tag for tag in ("core", "elective") if random.random() < 0.55),
        fields=tuple(code for code in ("0611", "0612", "03") if random.random() < 0.4),
        attributes={**cluster, **ranged},
        outcomes=make_outcomes(random, features),
    )


def make_outcomes(random: Random, features: frozenset[str]) -> tuple[str, ...]:
    """Return what a credential teaches, where that is looked at."""
    if "values" not in features:
        return ()
    return tuple(random.sample(OUTCOMES, random.choice((0, 1, 1, 1, 2))))


def make_clusters(random: Random) -> Stated:
    """Return the cluster that a credential lies in; several now and then, or none of them."""
    if random.random() < 0.7:
        return random.choice(CLUSTERS)
    return tuple(random.sample(CLUSTERS, random.choice((0, 1, 2, 2, 2, 3))))


def make_record(random: Random, features: frozenset[str], catalogue: Catalogue) -> LearnerRecord:
    """Return a record of some of the credentials, a second attempt or two among them."""
    several = [each for each in catalogue.credentials.values() if each.type != "award"]
    taken = random.sample(several, k=min(len(several), random.randint(3, 6)))
    if "retakes" in features:
        taken += [random.choice(taken) for _ in range(random.randint(1, 2))]
    attempts: dict[CredentialId, int] = {}
    achievements = []
    for number, credential in enumerate(taken):
        attempts[credential.id] = attempts.get(credential.id, 0) + 1
        made = make_achievement(random, features, number, credential)
        achievements.append(replace(made, attempt=attempts[credential.id]))
    return LearnerRecord(
        learner=LearnerId("learner"),
        achievements=tuple(achievements),
        milestones=tuple(make_milestones(random)),
        attestations=tuple(
            Attestation(
                requirement=name,
                role=random.choice(("tutor", "tutor", "chair")),
                by="person",
                on=random.choice((DAYS[-1], AS_OF, AS_OF + timedelta(days=1))),
            )
            for name in ("a1", "a2", "a3", "a4")
            if random.random() < 0.6
        ),
        attributes=make_learner_facts(random),
        declared=tuple(track for track in TRACKS if random.random() < 0.45),
    )


def make_learner_facts(random: Random) -> dict[str, Fact]:
    """Return what is so of the learner; but for the number that rules ask for, it may lack."""
    facts: dict[str, Fact] = {
        "cohort": random.choice(COHORTS),
        "year": random.choice((1, 2, 3)),
        "keen": random.choice((True, False)),
    }
    stated = {name: fact for name, fact in facts.items() if random.random() < 0.8}
    return {**stated, "terms": random.choice((0, 1, 1, 2))}


def make_milestones(random: Random) -> list[Milestone]:
    """Return the milestones that rules ask for; one lies after the audit, and is not met yet."""
    days = {
        "admission": random.choice(DAYS),
        "placement": random.choice((DAYS[-1], AS_OF, AS_OF + timedelta(days=1))),
    }
    return [Milestone(name=name, on=on) for name, on in days.items() if random.random() < 0.75]


def make_achievement(
    random: Random, features: frozenset[str], number: int, credential: Credential
) -> Achievement:
    """Return one achievement; unfinished ones have no grade, and mostly no day."""
    status = make_status(random, features)
    unfinished = status in {"in-progress", "planned"}
    earned = random.choice(DAYS) + timedelta(days=random.choice((0, 0, 0, 1, -1)))
    if unfinished:
        earned = AS_OF + timedelta(days=random.choice((0, 90, 400)))
    dated = random.random() < (0.2 if unfinished else 0.93)
    started = earned - timedelta(days=random.choice((100, 365, 366)))
    # The ids run against the order of the record, so that no tie-break can hide behind it.
    return Achievement(
        id=AchievementId(f"a{9 - number}"),
        credential=credential.id,
        status=status,
        grade="" if unfinished or random.random() < 0.05 else random.choice(GRADES),
        started=started if random.random() < 0.3 else None,
        earned=earned if dated else None,
        awarded=earned + timedelta(days=30) if dated and random.random() < 0.2 else None,
        credits=Credits(1250) if "own-credits" in features and random.random() < 0.3 else None,
        source=make_source(random),
        used_in=(AWARDS[2],) if "used-in" in features and random.random() < 0.3 else (),
        attributes=make_attributes(random, features),
        term=random.choice(TERMS) if "values" in features else "",
    )


def make_attributes(random: Random, features: frozenset[str]) -> dict[str, Stated]:
    """Return what an achievement states itself, over what its credential does now and then."""
    own: dict[str, Stated] = {"regular": True} if random.random() < 0.2 else {}
    if "attribute-ranges" in features and random.random() < 0.2:
        own["weeks"] = random.choice(WEEKS)
    return {**own, "cluster": make_clusters(random)} if random.random() < 0.1 else own


def make_status(random: Random, features: frozenset[str]) -> Status:
    """Return a status; mostly earned, more often unfinished where later answers are looked at."""
    finished = 0.5 if "unfinished" in features else 0.9
    if random.random() < finished:
        return "earned"
    statuses: tuple[Status, ...] = ("in-progress", "planned", "in-progress", "failed", "withdrawn")
    return random.choice(statuses)


def make_source(random: Random) -> Source:
    """Return where an achievement comes from."""
    sources: tuple[Source, ...] = ("taken", "taken", "transferred", "recognised-prior-learning")
    return random.choice(sources)
