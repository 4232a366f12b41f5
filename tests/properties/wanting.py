"""What may be wanted beside the rules: wishes, an earlier placement, and a forced place."""

from __future__ import annotations

from random import Random

from app.core.model.certificate import AnswerName, Certificate, CertificatePart, Placement
from app.core.model.credits import NOUGHT
from app.core.model.requirement import Requirement, walk
from app.core.model.wish import Wanted, Wish
from tests.properties.problem import ANSWERS, Problem


def make_wanted(random: Random, problem: Problem, *, forced: bool) -> Wanted:
    """Return what is wanted of a problem; most of it can be, some of it cannot."""
    if not problem.record.achievements:
        return Wanted()
    wishes = tuple(_wish(random, problem) for _ in range(random.choice((0, 1, 1, 2))))
    earlier = _earlier(random, problem) if random.random() < 0.6 else None
    return Wanted(wishes, earlier, _wish(random, problem) if forced else None)


def _wish(random: Random, problem: Problem) -> Wish:
    """Half of them where the achievement has a place, if it has any."""
    one, rule = random.choice(problem.record.achievements), random.choice(problem.rules)
    name = _node(random, rule.root).id
    if random.random() < 0.5:
        (sheet,) = (one for one in problem.sheets("planned") if one.view.rule.award == rule.award)
        places = sheet.places.get(one.id, ())
        name = random.choice(places).leaf if places else name
    return Wish(one.id, name, rule.award)


def _node(random: Random, root: Requirement) -> Requirement:
    return random.choice(list(walk(root)))


def _earlier(random: Random, problem: Problem) -> Certificate:
    names = [name for name in ANSWERS if name == "now" or random.random() < 0.4]
    return Certificate(tuple(_part(random, problem, name) for name in names))


def _part(random: Random, problem: Problem, name: AnswerName) -> CertificatePart:
    several = (_wish(random, problem) for _ in range(random.choice((1, 2, 4))))
    placed = dict.fromkeys((one.award, one.requirement, one.achievement) for one in several)
    placements = tuple(
        Placement(award, requirement, achievement, NOUGHT)
        for award, requirement, achievement in placed
        if award is not None
    )
    return CertificatePart(name, (), placements, "none")
