"""Three problems over one pool: what binds all of them, and what each answer has for itself."""

from __future__ import annotations

from app.core.engine.decide import pooled
from app.core.engine.posing import Posing, pose
from app.core.model.requirement import Bound, Qualifiers
from app.core.model.selector import EVERYTHING
from tests.core.engine.builders import (
    TODAY,
    catalogue,
    choose,
    compiled,
    credential,
    held,
    record,
    rule,
    tagged,
)

SAID = Qualifiers(
    at_least=(
        Bound(id="", title="", measure="choose", amount=2, selector=EVERYTHING, over_record=True),
        Bound(id="", title="", measure="choose", amount=1, selector=tagged("lab")),
    ),
    at_most=(Bound(id="", title="", measure="choose", amount=1, selector=tagged("lab")),),
)


def test_an_answer_posed_after_others_is_as_posed_alone() -> None:
    known = catalogue(credential("a", 4, "lab"), credential("b"))
    award = compiled(rule(choose("any", 2, EVERYTHING), whole=SAID), known)
    pool = pooled([award], record(held("a"), held("b", "", None, "planned")), TODAY)
    posing = Posing(pool)
    now, planned = posing.problem("now"), posing.problem("planned")
    alone = pose(pool, "planned")
    assert (planned.eligible, planned.caps) == (alone.eligible, alone.caps)
    assert planned.conditions == alone.conditions
    assert [one.reach for one in now.conditions[0]] == [1, None]
    assert [one.reach for one in planned.conditions[0]] == [2, None]
