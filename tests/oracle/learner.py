"""What a rule is for one learner: that part of section 1 of docs/solver.md, executed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import TypeVar, assert_never, cast

from app.core.model.change import Change
from app.core.model.credential import Fact
from app.core.model.errors import AuditError
from app.core.model.requirement import (
    Bound,
    Distinct,
    From,
    Group,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    When,
)
from app.core.model.rule import RuleEdition
from app.core.model.selector import (
    EVERYTHING,
    AnyOf,
    Circumstance,
    CircumstanceTest,
    DateTest,
    Declared,
    EitherSo,
    ForWhom,
    Holding,
    LearnerFact,
    Not,
    NotSo,
    OneOf,
    Own,
    OwnTest,
    RangeTest,
    Recorded,
    Selector,
    Test,
)
from tests.oracle.facts import View, admits, between, in_thousandths, outcomes_for

Said = TypeVar("Said")


def for_learner(view: View) -> View:
    """Return the view with the rule as it is for the learner of the record on the audit's day."""
    rule = view.rule
    root = there(view, rule.root)
    mine = replace(rule, root=nothing_to_meet(rule) if root is None else by_side(view, root))
    return replace(view, rule=replace(mine, whole=said_of(view, rule.whole)))


def nothing_to_meet(rule: RuleEdition) -> Group:
    """Return a choice of one among no parts, which cannot be met."""
    return Group(id=rule.root.id, title=rule.root.title, need=1)


def by_side(view: View, root: Requirement) -> Requirement:
    """Return a tree in which what stands in the place of a `when` is named instead of it."""
    asked = asked_about(view, view.rule.root)
    sides = {node.id: side.id for node in asked if (side := there(view, node))}

    def named(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(sides.get(name, name) for name in names)

    def renamed(node: Requirement) -> Requirement:
        limits = (replace(one, requirements=named(one.requirements)) for one in node.sharing_limits)
        node = replace(
            node,
            shares_with=named(node.shares_with),
            sharing_limits=tuple(limits),
            after=named(node.after),
        )
        if isinstance(node, From):
            node = replace(node, counted_in=named(node.counted_in))
        if isinstance(node, Group):
            node = replace(node, parts=tuple(renamed(part) for part in node.parts))
        return node

    return renamed(root)


def asked_about(view: View, node: Requirement) -> Iterator[When]:
    """Yield each `when` that is asked, which those on a side that does not apply are not."""
    if isinstance(node, When):
        yield node
        side = node.then if holds(view, node.circumstance) else node.otherwise
        yield from () if side is None else asked_about(view, side)
    if isinstance(node, Group):
        for part in node.parts:
            yield from asked_about(view, part)


def there(view: View, node: Requirement) -> Requirement | None:
    """Return what a requirement is for the learner, or None where it is not there."""
    match node:
        case When():
            side = node.then if holds(view, node.circumstance) else node.otherwise
            return None if side is None else there(view, side)
        case Group():
            return group_there(view, node)
        case Take():
            node = replace(node, prefer=answered(view, node.prefer))
        case From():
            selector, prefer = answered(view, node.selector), answered(view, node.prefer)
            node = replace(node, selector=selector, prefer=prefer)
            node = replace(node, quantity=asked(view, with_outcomes(view, node)))
    return replace(node, qualifiers=said_of(view, node.qualifiers))


def group_there(view: View, group: Group) -> Group | None:
    """Return a group with the parts that are there; an `all` is not there without any it needs."""
    found = [there(view, part) for part in group.parts]
    parts = tuple(part for part in found if part is not None)
    lost = len(parts) < len(group.parts)
    if lost and group.need is None and all(part.optional for part in parts):
        return None
    return replace(group, parts=parts, qualifiers=said_of(view, group.qualifiers))


def said_of(view: View, said: Qualifiers) -> Qualifiers:
    """Return qualifiers for the learner: their changes made, their selectors answered."""
    said = answered(view, said)
    return replace(
        said,
        at_least=tuple(bound_for(view, bound) for bound in said.at_least),
        at_most=tuple(bound_for(view, bound) for bound in said.at_most),
        distinct=tuple(breadth_for(view, each) for each in said.distinct),
    )


def answered(view: View, said: Said) -> Said:
    """Return anything that is said, its selectors with the questions about the learner answered."""
    return cast("Said", with_answers(view, said))


def with_answers(view: View, said: object) -> object:
    """Return the same; what holds of the learner is always so, what does not never."""
    if isinstance(said, ForWhom):
        return AnyOf((EVERYTHING,) if holds(view, said.circumstance) else ())
    if isinstance(said, OwnTest):
        return with_own_facts(view, said)
    if isinstance(said, tuple):
        return tuple(with_answers(view, each) for each in said)
    if not is_dataclass(said) or isinstance(said, Circumstance | type):
        return said
    parts = {each.name: with_answers(view, getattr(said, each.name)) for each in fields(said)}
    return replace(said, **parts)


def with_own_facts(view: View, test: OwnTest) -> Test:
    """Return a comparison with what the learner states; without it nothing passes."""
    ends = [
        view.record.attributes.get(end.key) if isinstance(end, Own) else end
        for end in (test.low, test.high)
    ]
    wanted = [end for end in (test.low, test.high) if end is not None]
    found = [end for end in ends if end is not None]
    low, high = ends
    if len(found) < len(wanted):
        return AnyOf(())
    if test.key in {"earned", "awarded", "started"}:
        dated = all(isinstance(end, date) for end in found)
        return DateTest(test.key, low, high) if dated else AnyOf(())  # type: ignore[arg-type]
    if isinstance(test.low, Own) and test.low == test.high:
        return OneOf(test.key, (found[0],))
    for kind in (int, date):
        if all(type(end) is kind for end in found):
            return RangeTest(test.key, low, high)  # type: ignore[arg-type]
    return AnyOf(())


def bound_for(view: View, bound: Bound) -> Bound:
    """Return a floor or a cap with its changes made; a share has none."""
    if not isinstance(bound.amount, int):
        return bound
    amount, _ = changed(view, bound.amount, None, bound.changes)
    return replace(bound, amount=amount, changes=())


def breadth_for(view: View, each: Distinct) -> Distinct:
    """Return what is said of different values with its changes made."""
    if each.high is not None and not each.low:
        high, _ = changed(view, each.high, None, each.changes)
        return replace(each, high=high, changes=())
    low, top = changed(view, each.low, each.high, each.changes)
    return replace(each, low=low, high=top, changes=())


def with_outcomes(view: View, node: From) -> Quantity:
    """Return the quantity; where it is every outcome, with those that the catalogue has for it."""
    if not node.quantity.every:
        return node.quantity
    every = outcomes_for(view, node.selector)
    return replace(node.quantity, low=len(every), only=tuple(every))


def asked(view: View, quantity: Quantity) -> Quantity:
    """Return a quantity with the learner's own number in it, and its changes made."""
    low = own_number(view, quantity.fact) if quantity.fact else quantity.low
    high = quantity.high
    if quantity.share:
        low = in_thousandths(view, quantity.share, up=True)
    if quantity.top and high is not None:
        high = in_thousandths(view, quantity.top, up=False)
    low, high = changed(view, low, high, quantity.changes)
    return replace(quantity, low=low, high=high, fact="", changes=())


def own_number(view: View, key: str) -> int:
    """Return a whole number among the learner's attributes."""
    found = whole_number(view.record.attributes.get(key))
    if found is None or found < 0:
        raise AuditError("learner-fact-missing", f"The record does not state `{key}`.")
    return found


def changed(
    view: View, low: int, high: int | None, changes: Sequence[Change]
) -> tuple[int, int | None]:
    """Return both ends of a quantity after what applies of its changes."""
    for change in changes:
        if not holds(view, change.circumstance):
            continue
        low = low + change.add if change.to is None else change.to
        high = None if high is None else high + (change.add if change.to is None else 0)
    return low, None if high is None else max(low, high)


def holds(view: View, circumstance: Circumstance) -> bool:
    """Say whether all tests of a circumstance hold."""
    return all(one_holds(view, test) for test in circumstance.tests)


def one_holds(view: View, test: CircumstanceTest) -> bool:
    """Say whether one test of a circumstance holds."""
    match test:
        case Declared():
            return any(fnmatchcase(own, one) for own in view.record.declared for one in test.awards)
        case LearnerFact():
            return fact_fits(test, view.record.attributes.get(test.key))
        case Holding():
            return held(view, test) >= test.amount
        case Recorded():
            return any(
                each.name == test.milestone
                and each.on <= view.as_of
                and between(test.low, each.on, test.high)
                for each in view.record.milestones
            )
        case NotSo():
            return not holds(view, test.inner)
        case EitherSo():
            return any(holds(view, option) for option in test.options)
        case _:
            assert_never(test)


def whole_number(value: Fact | None) -> int | None:
    """Return a value that is a whole number; yes and no are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def fact_fits(test: LearnerFact, value: Fact | None) -> bool:
    """Say whether an attribute is one of the values, or a whole number in the range."""
    if any(type(value) is type(each) and value == each for each in test.values):
        return True
    number = whole_number(value)
    if number is None or (test.low is None and test.high is None):
        return False
    return between(test.low, number, test.high)


def held(view: View, test: Holding) -> int:
    """Return how much the record holds of what a selector admits, each credential once."""
    of_all = "status" in keys_of(test.selector)
    sizes: dict[str, int] = {}
    wanted = answered(view, test.selector)
    for one in view.record.achievements:
        if (of_all or one.status == "earned") and admits(view, wanted, one):
            size = view.size(one) if test.measure == "credits" else 1
            sizes[one.credential] = max(size, sizes.get(one.credential, 0))
    return sum(sizes.values())


def keys_of(selector: Selector) -> Iterator[str]:
    """Yield the facts that the lists of a selector speak of, however deep."""
    for test in selector.tests:
        match test:
            case OneOf():
                yield test.key
            case Not():
                yield from keys_of(test.inner)
            case AnyOf():
                for option in test.options:
                    yield from keys_of(option)
