"""Problems without what was decided for the learner, what awards share, or one value of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.core.model.credential import Stated
from app.core.model.record import AdjustmentKind
from app.core.model.requirement import Requirement, Share
from app.core.model.rule import RuleEdition, SharedWith
from tests.properties.edits import with_rules
from tests.properties.problem import Problem


def with_first_values(problem: Problem) -> Problem:
    """Return the problem with one value at most where attributes have several."""
    known = problem.catalogue.credentials
    single = {name: replace(one, attributes=first(one.attributes)) for name, one in known.items()}
    record = problem.record
    described = [replace(one, attributes=first(one.attributes)) for one in record.credentials]
    held = [replace(one, attributes=first(one.attributes)) for one in record.achievements]
    return replace(
        problem,
        catalogue=replace(problem.catalogue, credentials=single),
        record=replace(record, credentials=tuple(described), achievements=tuple(held)),
    )


def first(stated: Mapping[str, Stated]) -> Mapping[str, Stated]:
    """Return attributes with the first of several values."""
    return {key: own[:1] if isinstance(own, tuple) else own for key, own in stated.items()}


def undecided(kind: AdjustmentKind) -> Callable[[Problem], Problem]:
    """Return an edit after which no adjustment of one kind was decided."""

    def edit(problem: Problem) -> Problem:
        kept = tuple(one for one in problem.record.adjustments if one.kind != kind)
        return replace(problem, record=replace(problem.record, adjustments=kept))

    return edit


def shared_freely(test: Callable[[SharedWith], bool]) -> Callable[[Problem], Problem]:
    """Return an edit after which awards share without some of their amounts."""

    def edit(rule: RuleEdition) -> RuleEdition:
        if rule.sharing is None:
            return rule
        freed = [
            replace(one, amount=None) if test(one) else one for one in rule.sharing.shared_with
        ]
        return replace(rule, sharing=replace(rule.sharing, shared_with=tuple(freed)))

    return lambda problem: with_rules(problem, edit)


def based_on(base: str) -> Callable[[SharedWith], bool]:
    """Return a test of whether a part of such an award may be shared."""
    return lambda one: isinstance(one.amount, Share) and one.amount.base == base


def after_no_step(node: Requirement) -> Requirement:
    """Return a requirement that does not wait for milestones."""
    return replace(node, after=tuple(name for name in node.after if not name.startswith("m")))
