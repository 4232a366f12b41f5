"""Routes: generated questions over 8 terms and 60 candidates, by the commonest objectives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from random import Random
from time import perf_counter
from typing import NamedTuple

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.language.rules import read_rule
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.credits import Credits
from app.core.model.period import Span
from app.core.model.record import LearnerId, LearnerRecord
from app.core.search.route_request import Load, Objective, RouteRequest
from app.core.search.routes import Routes, find_routes
from app.core.search.terms import terms_after, terms_called
from benchmarks.sets import DAY
from benchmarks.timing import at

QUESTIONS = 12
CANDIDATES = 60
TERMS = 8
OBJECTIVES: tuple[tuple[Objective, ...], ...] = (("terms",), ("terms", "cost"))
TAGS = ("core", "lab", "theory", "elective", "extra")
SIZES = (3000, 4000, 5000, 5000, 6000, 10000)
LOAD = 20_000
RULE = b"""\
award: x/p
title: P
edition: "1"
effective: {from: 2020-01-01}
credit: {total: 60, unit: au}
policies: {retakes: best, caps: whole}
require:
  all:
    - {credits: 30, from: {tag: core}}
    - {choose: 4, from: {tag: lab}}
    - {credits: 20, from: {tag: theory}}
    - some:
        choose: 1
        of:
          - {credits: 15, from: {tag: elective}}
          - {credits: 15, from: {tag: extra}}
"""


class Asked(NamedTuple):
    """One question: an award over a catalogue of its own."""

    award: CompiledAward
    request: RouteRequest


def main() -> dict[str, Mapping[str, float]]:
    """Ask all, print what was found, and return the figures."""
    nobody = LearnerRecord(learner=LearnerId("bench"))
    questions = [made(Random(f"route {number}")) for number in range(QUESTIONS)]
    figures: dict[str, float] = {}
    # The first one of a process imports the solver.
    answered(questions[0], nobody, OBJECTIVES[0])
    for objectives in OBJECTIVES:
        times, proven = list[float](), 0
        for one in questions:
            start = perf_counter()
            found = answered(one, nobody, objectives)
            times.append((perf_counter() - start) * 1000)
            proven += found.status == "impossible" or all(own.proven for own in found.routes)
        times.sort()
        name = ", ".join(objectives)
        figures[f"{name}: p50 ms"] = at(times, 50)
        figures[f"{name}: max ms"] = times[-1]
        figures[f"{name}: share proven"] = proven / len(questions)
    print("== routes, 8 terms and 60 candidates")
    for figure, value in figures.items():
        print(f"  {figure:<50} {value:12.3f}")
    return {"routes": figures}


def answered(asked: Asked, record: LearnerRecord, objectives: tuple[Objective, ...]) -> Routes:
    """Answer one question by some objectives."""
    request = replace(asked.request, objectives=objectives)
    return find_routes([asked.award], record, request, DAY)


def made(random: Random) -> Asked:
    """Return a question: half of what is offered in one season only, half with prerequisites."""
    names = [CredentialId(f"x/{number:02}") for number in range(CANDIDATES)]
    known = {
        name: Credential(
            id=name,
            title=name,
            issuer=IssuerId("x"),
            credits=Credits(random.choice(SIZES)),
            unit="au",
            tags=tuple(random.sample(TAGS, k=random.choice((1, 1, 2)))),
            prerequisites=tuple(random.sample(names[:at], k=min(at, random.choice((0, 0, 1, 2))))),
        )
        for at, name in enumerate(names)
    }
    rule = read_rule(RULE, "rule.yaml").edition
    if rule is None:
        msg = "the benchmark's rule cannot be read"
        raise ValueError(msg)
    seasons = [f"{season} {year}" for year in range(4) for season in ("autumn", "spring")]
    terms = terms_after(date(2026, 9, 1), Span(6, "month"), seasons[:TERMS])
    half = random.sample(names, k=CANDIDATES // 2)
    return Asked(
        compile_rule(rule, Catalogue(credentials=known), {"level": "at"}),
        RouteRequest(
            terms=terms,
            loads=(Load("credits", (LOAD,) * TERMS),),
            offered={
                name: terms_called(random.choice(("autumn", "spring")), terms) for name in half
            },
            costs={name: random.choice((100, 200, 300, 450)) for name in names},
        ),
    )


if __name__ == "__main__":
    main()
