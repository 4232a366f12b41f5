"""What a credential leaves open of a selector says of an achievement what the whole says."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.core.engine.compile import compile_rule
from app.core.engine.selectors import Days, Judge, Verdict3
from app.core.model.errors import AuditError
from app.core.model.selector import AnyOf, GradeTest, Not, Selector, Test
from tests.properties.problem import Problem
from tests.properties.selectors import make_test
from tests.properties.strategies import problems

# `Q` stands on no scale: to ask for it is an error.
UNKNOWN = GradeTest("Q")
EVERY_FEATURE = frozenset({"levels", "grades", "used-in"})


@given(problem=problems(), seed=st.integers(0, 2**32))
def test_what_is_left_judges_as_the_whole_does(problem: Problem, seed: int) -> None:
    random = Random(seed)
    compiled = compile_rule(problem.rules[0], problem.catalogue, problem.policies[0])
    award = compiled.beside(problem.record.credentials)
    days = Days(problem.as_of)
    for one in problem.record.achievements:
        if one.attributes or one.credits is not None:
            continue
        credential = award.credential(one.credential)
        assert credential is not None
        selector = nested(random, 3)
        ahead, whole = (
            Judge(credential, None, award.terms),
            Judge(credential, one, award.terms, days),
        )
        verdict = judged(ahead, selector)
        if verdict is None:
            verdict = judged(whole, ahead.left(selector))
        # What is certain ahead is not judged again, so that less may stand in its way.
        if verdict != "no-conversion":
            assert judged(whole, selector) in {verdict, "unknown-grade"}


def nested(random: Random, depth: int) -> Selector:
    """Return a selector with choices and refusals inside each other."""
    return Selector(tuple(one_test(random, depth) for _ in range(random.randint(1, 3))))


def one_test(random: Random, depth: int) -> Test:
    """Return a test, often one that holds others."""
    chance = random.random()
    if depth and chance < 0.3:
        return AnyOf(tuple(nested(random, depth - 1) for _ in range(random.randint(1, 3))))
    if depth and chance < 0.5:
        return Not(nested(random, depth - 1))
    return UNKNOWN if chance < 0.55 else make_test(random, EVERY_FEATURE)


def judged(judge: Judge, selector: Selector) -> Verdict3 | str:
    """Return the verdict, or the code of what is in its way."""
    try:
        return judge.all_of(selector)
    except AuditError as failure:
        return failure.code
