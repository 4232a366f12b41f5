"""The checker accepts what the engine certifies, and no proof of less than the best."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import event, given

from app.core.engine.verify import verify
from app.core.model.certificate import AwardClaim, Certificate, CertificatePart, SupplyBound
from app.core.model.credits import Credits
from app.core.model.requirement import Bound, Qualifiers
from app.core.model.selector import EVERYTHING
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    choose,
    credential,
    every,
    held,
    record,
    rule,
    tagged,
)
from tests.oracle.sheet import Sheet
from tests.oracle.weighing import weigh
from tests.properties.asked import rejected
from tests.properties.problem import Problem
from tests.properties.strategies import problems


@given(problem=problems(adjusted=True))
def test_every_certificate_is_accepted(problem: Problem) -> None:
    assert rejected(problem) == ()


@given(problem=problems())
def test_that_nothing_can_count_is_proven_only_where_it_is_so(problem: Problem) -> None:
    event(f"accepted: {check_nothing(problem)}")


def test_a_cap_whose_items_another_one_trims_can_be_filled_to_the_brim() -> None:
    caps = [
        Bound(id=f"cap-{at}", title="Cap", measure="credits", amount=1500, selector=EVERYTHING)
        for at in (1, 2)
    ]
    group = Qualifiers(at_most=(caps[0],))
    whole = Qualifiers(at_most=(replace(caps[1], items="whole"),))
    root = replace(every(choose("one", 1, tagged("x"))), qualifiers=group)
    problem = Problem(
        rules=(rule(root, whole=whole),),
        catalogue=catalogue(credential("a", "2.5", "x")),
        policies=({"caps": "trim", "level": "at", "retakes": "best", "grade_scale": "letter"},),
        record=record(held("a")),
        as_of=TODAY,
    )
    assert problem.judged("now").objective[0] == (True,)
    assert not check_nothing(problem)


def check_nothing(problem: Problem) -> bool:
    """Say whether the checker accepts that nothing can count; only where the oracle says so."""
    one = replace(problem, rules=problem.rules[:1], policies=problem.policies[:1])
    (sheet,) = one.sheets("now")
    certificate = with_nothing(one, sheet)
    (claim,) = certificate.parts[0].claims
    found = verify(one.rules, one.catalogue, one.policies, one.record, one.as_of, certificate)
    wrong = [sentence for sentence in found if sentence.startswith("now")]
    best = one.judged("now")
    if not wrong:
        assert best.objective[:2] == ((claim.met,), claim.reached)
    return not wrong


def with_nothing(problem: Problem, sheet: Sheet) -> Certificate:
    """A certificate without placements, whose bounds say that no leaf can reach anything."""
    (rule,) = problem.rules
    worth = weigh(sheet, ())
    conditions = [
        *(each.measured.id for node in sheet.floors for each in sheet.floors[node]),
        *(each.measured.id for node in sheet.means for each in sheet.means[node]),
        *(each.measured.id for node in sheet.record_caps for each in sheet.record_caps[node]),
        *(
            each.measured.id
            for node in sheet.breadths
            for each in sheet.breadths[node]
            if each.low or each.measured.seen is not None
        ),
        *(each.measured.id for node in sheet.latest for each in sheet.latest[node]),
        *(name for node in sheet.record_rules for name in sheet.record_rules[node]),
    ]
    unmet = {*conditions, *sheet.leaves} - worth.fulfilled
    caps = (
        *(exclusion.id for exclusion in rule.excludes),
        *(cap.id for cap in rule.whole.at_most if not cap.over_record),
    )
    achievements = tuple(one.id for one in problem.record.achievements)
    return Certificate(
        (
            CertificatePart(
                answer="now",
                claims=(
                    AwardClaim(
                        rule.award,
                        worth.met,
                        Credits(worth.reached),
                        Credits(worth.of),
                        tuple(sorted(unmet)),
                    ),
                ),
                placements=(),
                proof="bounds",
                bounds=tuple(
                    SupplyBound(rule.award, (leaf,), Credits(0), achievements, caps)
                    for leaf in sheet.leaves
                ),
            ),
        )
    )
