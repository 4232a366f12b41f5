"""The credit graph of 100,000 credentials and 5,000 awards: building it, and each question."""

from __future__ import annotations

import random
from datetime import date
from time import perf_counter

from app.core.graph.build import build_graph
from app.core.graph.questions import leads_to, made_of
from app.core.graph.whole import insight
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.credits import Credits
from app.core.model.period import Period
from app.core.model.requirement import From, Group, Quantity, Requirement, Take
from app.core.model.rule import RuleEdition
from app.core.model.selector import OneOf, Selector
from benchmarks.timing import at, milliseconds

CREDENTIALS = 100_000
AWARDS = 5_000
TAGS = 10_000
WITH_PREREQUISITE = 0.3
LOWEST_AWARDS = 10
ASKED = 500
ROUNDS = 3


def generated(seed: int = 1) -> tuple[Catalogue, list[RuleEdition]]:
    """Return a catalogue and rules; the same seed gives the same."""
    chance = random.Random(seed)
    ids = [CredentialId(f"u/c{n}") for n in range(CREDENTIALS)]
    credentials = {
        name: Credential(
            id=name,
            title=f"Credential {n}",
            issuer=IssuerId(f"i{n % 20}"),
            credits=Credits(chance.choice([1000, 2500, 5000, 15_000])),
            unit="ects",
            tags=tuple(f"t{chance.randrange(TAGS)}" for _ in range(2)),
            prerequisites=(ids[chance.randrange(n)],)
            if n and chance.random() < WITH_PREREQUISITE
            else (),
        )
        for n, name in enumerate(ids)
    }
    rules = [_rule(chance, n, ids) for n in range(AWARDS)]
    awards = {one.award: _award(one) for one in rules}
    return Catalogue(credentials={**credentials, **awards}), rules


def _award(rule: RuleEdition) -> Credential:
    return Credential(
        id=rule.award,
        title=rule.title,
        issuer=IssuerId("i0"),
        type="award",
        credits=rule.total,
        unit=rule.unit,
    )


def _rule(chance: random.Random, number: int, ids: list[CredentialId]) -> RuleEdition:
    lower = [CredentialId(f"u/award{chance.randrange(number)}")] if number > LOWEST_AWARDS else []
    parts: tuple[Requirement, ...] = (
        Take(id="core", title="Core", credentials=(*chance.sample(ids, 4), *lower)),
        *(
            From(
                id=f"electives-{n}",
                title="Electives",
                quantity=Quantity("credits", 20_000),
                selector=Selector((OneOf("tag", (f"t{chance.randrange(TAGS)}",)),)),
            )
            for n in range(3)
        ),
    )
    return RuleEdition(
        award=CredentialId(f"u/award{number}"),
        title=f"Award {number}",
        edition="1",
        effective=Period(date(2026, 1, 1)),
        total=Credits(60_000),
        unit="ects",
        root=Group(id="require", title="All", parts=parts),
        policies={"retakes": "best"},
    )


def main() -> dict[str, float]:
    """Measure, print, and return milliseconds by name."""
    catalogue, rules = generated()
    start = perf_counter()
    graph = build_graph(catalogue, rules)
    found = {"build": (perf_counter() - start) * 1000}
    start = perf_counter()
    # Asked once: the service keeps the answer.
    insight(graph)
    found["insight"] = (perf_counter() - start) * 1000
    names = sorted(catalogue.credentials)[:: len(catalogue.credentials) // ASKED]
    for times in (
        milliseconds({"leads-to": lambda name: leads_to(graph, name)}, names, ROUNDS),
        milliseconds({"made-of": lambda name: made_of(graph, name)}, sorted(graph.rules), ROUNDS),
    ):
        for name, own in times.items():
            found |= {f"{name} p50": at(own.every, 50), f"{name} p99": at(own.every, 99)}
    print(f"credit graph, {CREDENTIALS} credentials, {AWARDS} awards")
    for name, value in found.items():
        print(f"  {name:14} {value:9.3f} ms")
    return found


if __name__ == "__main__":
    main()
