"""Small questions about routes, and an independent judge of what is a route and which is best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from random import Random

from app.core.engine.compiled import CompiledAward
from app.core.engine.decide import decide
from app.core.model.catalogue import Catalogue
from app.core.model.credential import CredentialId
from app.core.model.record import COUNTING, Achievement, AchievementId, LearnerRecord
from app.core.search.offers import best_grade
from app.core.search.route_basis import Step
from app.core.search.route_request import OBJECTIVES, Load, Objective, RouteRequest
from app.core.search.terms import Term
from tests.core.engine.builders import TODAY, catalogue, compiled, credential, held, record, written

Key = tuple[str, str, str]
Steps = tuple[Step, ...]
Way = tuple[Steps, set[Key]]
TERMS = (
    Term("autumn 2026", date(2026, 9, 1), date(2027, 1, 31)),
    Term("spring 2027", date(2027, 2, 1), date(2027, 7, 31)),
    Term("autumn 2027", date(2027, 9, 1), date(2028, 1, 31)),
)
NEVER = 99
OFTEN, SELDOM = 0.4, 0.25
RULES = (
    "  credits: 9\n  from: {tag: core}\n",
    "  all:\n    - {credits: 5, from: {tag: core}}\n    - {credits: 4, from: {tag: extra}}\n",
    "  all:\n    - {choose: 2, from: {tag: core}}\n    - {take: [x/c]}\n",
    "  all:\n    - {terms: 2, id: spread, title: Spread, from: {tag: core}}\n",
    "  credits: 8\n  from: {tag: [core, extra]}\n  within: {span: 8 months, from: earliest-used}\n",
    (
        "  all:\n    - {id: first, choose: 1, from: {tag: core}}\n"
        "    - {id: then, choose: 1, from: {tag: extra}, after: first}\n"
    ),
)
# What is asked depends on what the record holds: some of it, just so much of it, at some time.
OF_HOLDINGS = (
    (
        "  when: {holds: {choose: 1, from: {tag: extra}}}\n"
        "  then: {credits: 6, from: {}}\n  else: {credits: 9, from: {}}\n"
    ),
    (
        "  all:\n    - {credits: 4, from: {tag: core}}\n"
        "    - when: {holds: {choose: 2, from: {}}}\n      then: {choose: 1, from: {tag: extra}}\n"
    ),
    (
        "  when: {holds: {choose: 2, from: {}}, not: {holds: {choose: 3, from: {}}}}\n"
        "  then: {choose: 2, from: {}}\n  else: {credits: 12, from: {}}\n"
    ),
    (
        "  when: {holds: {choose: 1, from: {earned: {to: 2027-02-15}}}}\n"
        "  then: {credits: 9, from: {}}\n  else: {credits: 4, from: {}}\n"
    ),
    (
        "  when: {holds: {choose: 1, from: {earned: {to: 2020-01-01}}}}\n"
        "  then: {credits: 9, from: {}}\n  else: {credits: 4, from: {}}\n"
    ),
)


@dataclass(frozen=True)
class Question:
    """A question small enough for everything to be tried."""

    award: CompiledAward
    known: Catalogue
    who: LearnerRecord
    request: RouteRequest
    as_of: date = TODAY

    @property
    def offers(self) -> list[CredentialId]:
        there = {one.credential for one in self.who.achievements}
        return sorted(name for name in self.known.credentials if name not in there)


def question(random: Random, rules: Sequence[str] = RULES) -> Question:
    """A question of five credentials and at most three terms."""
    names = [CredentialId(f"x/{letter}") for letter in "abcde"]
    several = []
    for at, name in enumerate(names):
        tags = random.choice((("core",), ("extra",), ("core", "extra"), ("core",)))
        one = credential(name, random.choice((2, 3, 4, 5)), *tags)
        before = random.sample(names[:at], k=min(at, random.choice((0, 0, 1, 2))))
        several.append(replace(one, prerequisites=tuple(before)))
    known = catalogue(*several)
    count = random.choice((2, 3, 3))
    some = {name: _places(random, count) for name in names if random.random() < OFTEN}
    room = (4000, 6000, 9000, None)
    loads = [Load("credits", tuple(random.choice(room) for _ in range(count)))]
    if random.random() < OFTEN:
        loads.append(Load("credentials", (random.choice((1, 2)),) * count))
    request = RouteRequest(
        terms=TERMS[:count],
        loads=tuple(loads),
        offered=some,
        together={names[3]: (names[4],)} if random.random() < SELDOM else {},
        due={names[1]: 0} if random.random() < SELDOM else {},
        take=frozenset({names[2]}) if random.random() < SELDOM else frozenset(),
        avoid=frozenset({names[0]}) if random.random() < SELDOM else frozenset(),
        costs={name: random.choice((10, 20, 35)) for name in names},
        budget=random.choice((None, None, 60)),
        objectives=tuple(random.sample(OBJECTIVES, k=random.choice((1, 2, 3)))),
    )
    there = [held(random.choice(names), status=random.choice(("earned", "planned")))]
    who = record(*there[: random.choice((0, 1))])
    return Question(compiled(written(random.choice(rules)), known), known, who, request)


def _places(random: Random, count: int) -> frozenset[int]:
    return frozenset(random.sample(range(count), k=random.choice(range(count))))


def ways_of(asked: Question) -> Iterator[Way]:
    """Every way to spread offers over terms that meets the award, with the limits it breaks."""
    terms = [None, *range(len(asked.request.terms))]
    met = _Met(asked)
    for places in product(terms, repeat=len(asked.offers)):
        pairs = zip(places, asked.offers, strict=True)
        steps = tuple(sorted(Step(at, name) for at, name in pairs if at is not None))
        if met(steps):
            yield steps, broken(asked, steps)


class _Met:
    """Whether an audit finds the award met with steps earned at the end of their terms."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.grade = best_grade([asked.award])

    def __call__(self, steps: Sequence[Step]) -> bool:
        terms = self.asked.request.terms
        added = [
            Achievement(
                id=AchievementId(f"step {name}"),
                credential=name,
                started=terms[at].start,
                earned=terms[at].end,
                term=terms[at].name,
                grade=self.grade,
            )
            for at, name in steps
        ]
        wider = replace(self.asked.who, achievements=(*self.asked.who.achievements, *added))
        verdict = decide([self.asked.award], wider, self.asked.as_of)
        assert verdict.planned.proven
        return verdict.planned.standings[0].met


def broken(asked: Question, steps: Iterable[Step]) -> set[Key]:
    """The limits that a route breaks, each by its kind and what it is about."""
    request, when = asked.request, {name: at for at, name in steps}
    there = {one.credential for one in asked.who.achievements if one.status in COUNTING}
    found: set[Key] = set()
    for name, at in when.items():
        if name in request.offered and at not in request.offered[name]:
            found.add(("offered", name, ""))
        if at > request.due.get(name, at):
            found.add(("deadline", name, ""))
        if name in request.avoid:
            found.add(("avoid", name, ""))
        for other in asked.known.credentials[name].prerequisites:
            if other not in there and when.get(other, NEVER) >= at:
                found.add(("prerequisite", name, other))
        for other in request.together.get(name, ()):
            if other not in there and when.get(other, NEVER) > at:
                found.add(("corequisite", name, other))
    found |= {("take", name, "") for name in request.take - when.keys() - there}
    cost = sum(request.costs.get(name, 0) for name in when)
    if request.budget is not None and cost > request.budget:
        found.add(("budget", "", ""))
    return found | _overloads(asked, when)


def _overloads(asked: Question, when: Mapping[CredentialId, int]) -> set[Key]:
    found: set[Key] = set()
    for load in asked.request.loads:
        for at, most in enumerate(load.most):
            own = [name for name, place in when.items() if place == at]
            if most is not None and measured(asked, own)[load.measure] > most:
                found.add(("load", load.measure, ""))
    return found


def measured(asked: Question, names: Sequence[CredentialId]) -> dict[str, int]:
    return {
        "credits": sum(asked.known.credentials[name].credits for name in names),
        "credentials": len(names),
    }


def value(asked: Question, steps: Sequence[Step]) -> tuple[int, ...]:
    """What a route comes to by the objectives in their order."""
    names = [name for _, name in steps]
    terms = range(len(asked.request.terms))
    by_term = [measured(asked, [name for at, name in steps if at == term]) for term in terms]
    figures: dict[Objective, int] = {
        "terms": max((at + 1 for at, _ in steps), default=0),
        "cost": sum(asked.request.costs.get(name, 0) for name in names),
        "credits": measured(asked, names)["credits"],
        "credentials": len(names),
        "load": max(own["credits"] for own in by_term),
    }
    return tuple(figures[one] for one in asked.request.objectives)


def best(
    asked: Question, ways: Iterable[Way], apart: Callable[[Steps], bool] = lambda _: True
) -> tuple[int, ...] | None:
    """The best value of any way that breaks nothing; None where there is none."""
    fit = (value(asked, steps) for steps, wrong in ways if not wrong and apart(steps))
    return min(fit, default=None)
