"""What a rule is for one learner, as the checker reads it: docs/solver.md, section 1."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar, assert_never, cast

from app.core.engine.verify_facts import Reading, least, most
from app.core.engine.verify_selectors import admits, can_admit, fits
from app.core.model.change import Change
from app.core.model.credential import Fact
from app.core.model.errors import AuditError
from app.core.model.requirement import (
    Average,
    Bound,
    Distinct,
    Each,
    From,
    Group,
    Last,
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
    DateFact,
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

Looks = TypeVar("Looks", Bound, Average)


def personal(reading: Reading) -> RuleEdition:
    """Return the rule without circumstances, as it applies to the learner of the reading."""
    rule = reading.rule
    stripped = standing(reading, rule.root)
    never = Group(id=rule.root.id, title=rule.root.title, need=1)
    root = readdressed(stripped[0], addresses(reading, rule.root)) if stripped else never
    return replace(rule, root=root, whole=said_of(reading, rule.whole))


def addresses(reading: Reading, node: Requirement) -> dict[str, str]:
    """Return for every `when` that is asked the id of what stands in its place."""
    found: dict[str, str] = {}
    if isinstance(node, Group):
        for part in node.parts:
            found |= addresses(reading, part)
    if isinstance(node, When) and (side := side_of(reading, node)):
        found = addresses(reading, side)
        found[node.id] = found.get(side.id, side.id)
    return found


def side_of(reading: Reading, node: When) -> Requirement | None:
    """Return the side that applies, which may have a `when` for its own."""
    return node.then if so(reading, node.circumstance) else node.otherwise


def readdressed(node: Requirement, sides: dict[str, str]) -> Requirement:
    """Return a tree whose names of a `when` are those of what stands in its place."""

    def those(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sides.get(name, name) for name in names)

    limits = tuple(
        replace(one, requirements=those(one.requirements)) for one in node.sharing_limits
    )
    if isinstance(node, From):
        node = replace(node, counted_in=those(node.counted_in))
    if isinstance(node, Group):
        node = replace(node, parts=tuple(readdressed(part, sides) for part in node.parts))
    return replace(
        node,
        shares_with=those(node.shares_with),
        sharing_limits=limits,
        after=those(node.after),
    )


def standing(reading: Reading, node: Requirement) -> list[Requirement]:
    """Return the requirement in a list, or nothing where it does not apply."""
    if isinstance(node, When):
        side = side_of(reading, node)
        return standing(reading, side) if side else []
    said = said_of(reading, node.qualifiers)
    if isinstance(node, Take | From):
        node = replace(node, prefer=tuple(mine(reading, one) for one in node.prefer))
    if isinstance(node, From):
        node = replace(node, selector=mine(reading, node.selector))
        quantity = asked(reading, listing(reading, node))
        return [replace(node, quantity=quantity, qualifiers=said)]
    if not isinstance(node, Group):
        return [replace(node, qualifiers=said)]
    parts = tuple(one for part in node.parts for one in standing(reading, part))
    needs_nothing = node.need is None and not any(not part.optional for part in parts)
    if needs_nothing and len(parts) != len(node.parts):
        return []
    return [replace(node, parts=parts, qualifiers=said)]


def mine(reading: Reading, selector: Selector) -> Selector:
    """Return a selector with what it asks of the learner answered."""

    def answered(test: Test) -> Test:
        if isinstance(test, ForWhom):
            return AnyOf((EVERYTHING,) if so(reading, test.circumstance) else ())
        if isinstance(test, OwnTest):
            return against(reading, test)
        if isinstance(test, Not):
            return Not(mine(reading, test.inner))
        if isinstance(test, AnyOf):
            return AnyOf(tuple(mine(reading, option) for option in test.options))
        return test

    return Selector(tuple(map(answered, selector.tests)))


def against(reading: Reading, test: OwnTest) -> Test:
    """Return a test with what the learner states in the place of its own ends."""
    stated: list[Fact | None] = []
    for end in (test.low, test.high):
        stated.append(reading.record.attributes.get(end.key) if isinstance(end, Own) else end)
        if isinstance(end, Own) and stated[-1] is None:
            return AnyOf(())
    low, _ = stated
    equal = isinstance(test.low, Own) and test.low == test.high
    dated = test.key in {"earned", "awarded", "started"}
    if equal and not dated and low is not None:
        return OneOf(test.key, (low,))
    days = [one if isinstance(one, date) else None for one in stated]
    numbers = [one if type(one) is int else None for one in stated]
    if days == stated:
        fact = cast("DateFact", test.key)
        return DateTest(fact, *days) if dated else RangeTest(test.key, *days)
    return RangeTest(test.key, *numbers) if numbers == stated and not dated else AnyOf(())


def listing(reading: Reading, node: From) -> Quantity:
    """Return what a requirement asks for, every outcome that there is by its name."""
    if not node.quantity.every:
        return node.quantity
    taught: set[str] = set()
    # A rule asks the same of everybody: what one record describes makes nothing equivalent here.
    alone = replace(reading, record=replace(reading.record, credentials=()))
    for credential in reading.catalogue.credentials.values():
        if can_admit(alone, node.selector, credential):
            taught.update(credential.outcomes)
    return replace(node.quantity, low=len(taught), only=tuple(sorted(taught)))


def asked(reading: Reading, quantity: Quantity) -> Quantity:
    """Return a quantity in numbers."""
    low, high = quantity.low, quantity.high
    if quantity.share:
        low = least(reading.rule, quantity.share)
    if quantity.top and high is not None:
        high = most(reading.rule, quantity.top)
    if quantity.fact:
        own = reading.record.attributes.get(quantity.fact)
        if isinstance(own, bool) or not isinstance(own, int) or own < 0:
            raise AuditError("learner-fact-missing", f"The record has no number `{quantity.fact}`.")
        low = own
    low, high = changed(reading, quantity.changes, low, high)
    return replace(quantity, low=low, high=high, fact="", changes=())


def changed(
    reading: Reading, changes: tuple[Change, ...], low: int, high: int | None
) -> tuple[int, int | None]:
    """Return the ends of a quantity after the changes that apply, none below the other."""
    applying = [change for change in changes if so(reading, change.circumstance)]
    for change in applying:
        low = low + change.add if change.to is None else change.to
    if high is None:
        return low, None
    return low, max(low, high + sum(change.add for change in applying if change.to is None))


def said_of(reading: Reading, said: Qualifiers) -> Qualifiers:
    """Return what is said of a requirement, its amounts in numbers."""

    def bound(one: Bound) -> Bound:
        amount = one.amount
        for change in one.changes:
            if so(reading, change.circumstance):
                grown = amount + change.add if isinstance(amount, int) else amount
                amount = grown if change.to is None else change.to
        return looking(replace(one, amount=amount, changes=()))

    def looking(one: Looks) -> Looks:
        return replace(one, selector=mine(reading, one.selector))

    def each(one: Each) -> Each:
        return replace(one, selector=mine(reading, one.selector), must=mine(reading, one.must))

    def last(one: Last) -> Last:
        return replace(one, at_least=tuple(map(looking, one.at_least)))

    def distinct(one: Distinct) -> Distinct:
        if one.high is not None and one.low == 0:
            top, _ = changed(reading, one.changes, one.high, None)
            return replace(one, high=top, changes=())
        low, high = changed(reading, one.changes, one.low, one.high)
        return replace(one, low=low, high=high, changes=())

    return replace(
        said,
        at_least=tuple(map(bound, said.at_least)),
        at_most=tuple(map(bound, said.at_most)),
        distinct=tuple(map(distinct, said.distinct)),
        each=tuple(map(each, said.each)),
        averages=tuple(map(looking, said.averages)),
        last=tuple(map(last, said.last)),
    )


def so(reading: Reading, circumstance: Circumstance) -> bool:
    """Say whether a circumstance holds on the day of the reading, whatever its answer."""
    return all(test_holds(reading, test) for test in circumstance.tests)


def test_holds(reading: Reading, test: CircumstanceTest) -> bool:
    """Say whether one test holds."""
    match test:
        case Declared():
            declared = reading.record.declared
            return any(fits(one, own) for one in test.awards for own in declared)
        case LearnerFact():
            return fact_is(reading, test)
        case Holding():
            return held(reading, test) >= test.amount
        case Recorded():
            days = [
                each.on
                for each in reading.record.milestones
                if each.name == test.milestone and each.on <= reading.as_of
            ]
            return any((test.low or day) <= day <= (test.high or day) for day in days[-1:])
        case NotSo():
            return not so(reading, test.inner)
        case EitherSo():
            return any(so(reading, option) for option in test.options)
        case _:
            assert_never(test)


def fact_is(reading: Reading, test: LearnerFact) -> bool:
    """Say whether the learner's attribute is as a test wants it."""
    own = reading.record.attributes.get(test.key)
    if test.low is None and test.high is None:
        return any(type(own) is type(one) and own == one for one in test.values)
    if isinstance(own, bool) or not isinstance(own, int):
        return False
    return (test.low is None or test.low <= own) and (test.high is None or own <= test.high)


def held(reading: Reading, test: Holding) -> int:
    """Return how much the record holds of what a test asks for, each credential once."""
    wanted = mine(reading, test.selector)
    best: dict[str, int] = {}
    for one in reading.record.achievements:
        if not (speaks_of_status(test.selector) or one.status == "earned"):
            continue
        if one.credential in reading.known and admits(reading, wanted, one):
            own = reading.amount(one, decided=False) if test.measure == "credits" else 1
            best[one.credential] = max(own, best.get(one.credential, 0))
    return sum(best.values())


def speaks_of_status(selector: Selector) -> bool:
    """Say whether a selector tests the status, however deep inside it."""
    inner: list[Selector] = []
    for test in selector.tests:
        if isinstance(test, OneOf) and test.key == "status":
            return True
        inner += [test.inner] if isinstance(test, Not) else []
        inner += test.options if isinstance(test, AnyOf) else ()
    return any(map(speaks_of_status, inner))
