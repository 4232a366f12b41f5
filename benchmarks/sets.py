"""Audits of generated rules, and of contested ones; the same seed gives the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward, may_admit
from app.core.engine.selectors import Terms
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId, IssuerId
from app.core.model.credits import Credits
from app.core.model.level import Level
from app.core.model.period import Period
from app.core.model.record import (
    COUNTING,
    Achievement,
    AchievementId,
    LearnerId,
    LearnerRecord,
    Source,
)
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Attest,
    Bound,
    From,
    Group,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    walk,
)
from app.core.model.rule import RuleEdition, Sharing
from app.core.model.selector import EVERYTHING, LevelTest, OneOf, Selector

DAY = date(2026, 11, 1)
POLICIES = {"retakes": "best", "caps": "whole", "level": "at-least", "double_count": "none"}


@dataclass(frozen=True, slots=True)
class Case:
    """One audit: awards judged together, and a record."""

    label: str
    awards: tuple[CompiledAward, ...]
    record: LearnerRecord
    as_of: date = DAY


# -- generated rules: of any size, most of their leaves with a few candidates -----------------

SMALLEST, LARGEST = 8, 700
BUCKET = 10
"""About so many credentials carry a tag, as courses do a bucket of a curriculum."""


def generated(count: int, seed: int = 1) -> Iterator[Case]:
    """Yield audits of rules of 8 to 700 nodes, records of 10 to 120, one to five awards."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        # Small rules are as common as large ones; a third is judged jointly.
        nodes = round(SMALLEST * (LARGEST / SMALLEST) ** chance.random())
        several = chance.choices((1, 2, 3, 4, 5), (12, 3, 2, 2, 1))[0]
        catalogue = _catalogue(chance, nodes)
        rules = [
            _Rules(chance, catalogue).rule(CredentialId(f"u/award{at}"), nodes)
            for at in range(several)
        ]
        awards = tuple(compile_rule(rule, catalogue, POLICIES) for rule in rules)
        yield Case(f"generated {number}", awards, _record(chance, awards))


def _catalogue(chance: random.Random, nodes: int) -> Catalogue:
    """Return what a faculty offers: it grows with its rules."""
    size = 100 + 2 * nodes
    credentials = [
        Credential(
            id=CredentialId(f"u/c{number}"),
            title=f"C{number}",
            issuer=IssuerId("u"),
            credits=Credits(chance.choices((1000, 3000, 4000, 6000), (1, 4, 4, 1))[0]),
            unit="au",
            level=Level("eqf", chance.choice((4, 5, 6, 7))),
            fields=(f"{chance.randrange(10):04}",),
            tags=tuple(
                f"t{chance.randrange(size // BUCKET)}" for _ in range(chance.choice((0, 1, 1, 2)))
            ),
        )
        for number in range(size)
    ]
    return Catalogue(credentials={one.id: one for one in credentials})


class _Rules:
    """Draws one rule."""

    def __init__(self, chance: random.Random, catalogue: Catalogue) -> None:
        self.chance = chance
        self.names = list(catalogue.credentials)
        self.tags = sorted({tag for one in catalogue.credentials.values() for tag in one.tags})
        self.made = 0

    def rule(self, award: CredentialId, nodes: int) -> RuleEdition:
        """Return a rule of about so many nodes."""
        root = self.group(nodes, need=False)
        leaves = sum(not isinstance(node, Group) for node in walk(root))
        whole = Qualifiers(
            at_least=(self.bound(1000 * leaves, Selector((_level(6),))),),
            at_most=(self.bound(1500 * leaves, Selector((OneOf("source", ("transferred",)),))),),
        )
        return RuleEdition(
            award=award,
            title=award,
            edition="1",
            effective=Period(date(2020, 1, 1)),
            total=Credits(3000 * leaves),
            unit="au",
            root=root,
            whole=whole if self.chance.random() < 0.5 else NO_QUALIFIERS,
            sharing=Sharing(awards=2) if self.chance.random() < 0.3 else None,
            policies={"double_count": self.chance.choice(("none", "free"))},
        )

    def name(self) -> str:
        """Return an id that is not taken yet."""
        self.made += 1
        return f"r{self.made}"

    def bound(self, amount: int, selector: Selector) -> Bound:
        """Return a floor or cap in credits."""
        name = self.name()
        return Bound(id=name, title=name, measure="credits", amount=amount, selector=selector)

    def group(self, nodes: int, *, need: bool) -> Group:
        """Return a group of so many nodes, itself among them."""
        chance, name, left = self.chance, self.name(), nodes - 1
        parts: list[Requirement] = []
        while left > 0:
            if left > 3 and chance.random() < 0.45:
                size = min(left, chance.randint(3, max(3, nodes // 3)))
                parts.append(self.group(size, need=chance.random() < 0.6))
            else:
                size = 1
                parts.append(self.leaf())
            left -= size
        bound = self.bound(2000 * len(parts), Selector((OneOf("field", ("0001",)),)))
        return Group(
            id=name,
            title=name,
            parts=tuple(parts),
            need=chance.randint(1, (len(parts) + 1) // 2) if need else None,
            qualifiers=Qualifiers(at_most=(bound,)) if chance.random() < 0.05 else NO_QUALIFIERS,
        )

    def leaf(self) -> Requirement:
        """Return a leaf: mostly named credentials, else so many or so many credits of a kind."""
        chance, name = self.chance, self.name()
        kind = chance.choices(("take", "choose", "credits", "attest"), (12, 4, 3, 1))[0]
        if kind == "take":
            several = chance.sample(self.names, chance.choice((1, 1, 1, 1, 2, 4)))
            return Take(id=name, title=name, credentials=tuple(several))
        if kind == "attest":
            return Attest(id=name, title=name, role="adviser")
        low = chance.randint(1, 3) if kind == "choose" else chance.choice((3000, 4000, 8000, 12000))
        quantity = Quantity("choose" if kind == "choose" else "credits", low)
        return From(id=name, title=name, quantity=quantity, selector=self.selector())

    def selector(self) -> Selector:
        """Return a tag, a list, a field from a level on."""
        chance = self.chance
        field = OneOf("field", (f"{chance.randrange(10):04}",))
        drawn: tuple[Selector, ...] = (
            Selector((OneOf("tag", (chance.choice(self.tags),)),)),
            Selector((OneOf("credential", tuple(chance.sample(self.names, 6))),)),
            Selector((field, _level(chance.choice((5, 6, 7))))),
        )
        return chance.choices(drawn, (5, 3, 1))[0]


def _level(low: int) -> LevelTest:
    return LevelTest("eqf", low, None, "at-least")


def _record(chance: random.Random, awards: Sequence[CompiledAward]) -> LearnerRecord:
    """Return 10 to 120 achievements of a learner who followed the rules, or of one who did not.

    Who follows takes what each requirement asks for, or a sixth more; the rest is anything. Who
    does not has half of what some requirement asks for, and half of anything.
    """
    wanted, terms = chance.randint(10, 120), awards[0].terms
    known = list(terms.catalogue.credentials)
    if chance.random() < 2 / 3:
        followed = [name for one in awards for name in _walk(chance, terms, one.rule.root)]
        taken = chance.sample(followed, min(len(followed), wanted * 5 // 6))
    else:
        asked = sorted(
            {name for one in awards for node in walk(one.rule.root) for name in _asked(terms, node)}
        )
        taken = chance.sample(asked, min(len(asked), wanted // 2))
    taken = list(dict.fromkeys([*taken, *chance.sample(known, min(len(known), wanted))]))[:wanted]
    return LearnerRecord(
        learner=LearnerId("learner"),
        achievements=tuple(_achievement(chance, number, name) for number, name in enumerate(taken)),
    )


def _walk(chance: random.Random, terms: Terms, node: Requirement) -> Iterator[CredentialId]:
    """Yield credentials that would meet a requirement, were each free to count there."""
    if isinstance(node, Group):
        number = len(node.parts) if node.need is None else node.need
        for part in chance.sample(node.parts, number):
            yield from _walk(chance, terms, part)
        return
    asked = _asked(terms, node)
    if not isinstance(node, From):
        yield from asked
        return
    by_number, left = node.quantity.measure == "choose", node.quantity.low
    for name in chance.sample(asked, len(asked)):
        if left > 0:
            yield name
            left -= 1 if by_number else terms.catalogue.credentials[name].credits or 0


def _asked(terms: Terms, node: Requirement) -> Sequence[CredentialId]:
    """The credentials that a leaf names or describes."""
    if isinstance(node, Take):
        return node.credentials
    if not isinstance(node, From):
        return ()
    known = terms.catalogue.credentials
    return [name for name, one in known.items() if may_admit(node.selector, one, terms)]


def _achievement(chance: random.Random, number: int, name: CredentialId) -> Achievement:
    status = chance.choices(COUNTING, (8, 1, 1))[0]
    day = DAY - timedelta(days=chance.randrange(30, 1500))
    sources: tuple[Source, ...] = ("taken", "transferred")
    return Achievement(
        id=AchievementId(f"a{number:03}"),
        credential=name,
        status=status,
        earned=day if status == "earned" else None,
        source=chance.choices(sources, (9, 1))[0],
    )


# -- the contested set: everything wanted in several places, little to spare ------------------

ITEMS = 30
LEAVES = 12
KINDS = ("complete",) * 4 + ("over-constrained",) * 2 + ("near",) * 2 + ("mid-way",) * 2


def contested(count: int, seed: int = 1) -> Iterator[Case]:
    """Yield audits of 30 achievements and 12 leaves, each achievement eligible for 1 to 4.

    Of ten, four can be completed, and two are asked for more than there is; of the others one or
    two, or half of the achievements are not earned yet.
    """
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        yield _contested(random.Random(f"{seed}/{number}"), f"{kind} {number}", kind)


def _contested(chance: random.Random, label: str, kind: str) -> Case:
    fits = [sorted(chance.sample(range(LEAVES), chance.choice((1, 2, 3, 4)))) for _ in range(ITEMS)]
    sizes = [500 * chance.randint(2, 12) for _ in range(ITEMS)]
    transferred = [chance.random() < 0.25 for _ in range(ITEMS)]
    catalogue = Catalogue(
        credentials={
            (name := CredentialId(f"u/c{at}")): Credential(
                id=name,
                title=name,
                issuer=IssuerId("u"),
                credits=Credits(sizes[at]),
                unit="au",
                level=Level("eqf", chance.choice((5, 6))),
                tags=tuple(f"t{leaf}" for leaf in fits[at]),
            )
            for at in range(ITEMS)
        }
    )
    # What one placement of everything gives is what can be asked for.
    placed: list[list[int]] = [[] for _ in range(LEAVES)]
    for at, leaves in enumerate(fits):
        if chance.random() < 0.9:
            placed[chance.choice(leaves)].append(at)
    parts = tuple(
        _leaf(chance, leaf, kind, own, [sizes[at] for at in own]) for leaf, own in enumerate(placed)
    )
    moved = sum(size for size, over in zip(sizes, transferred, strict=True) if over)
    cap = Bound(
        id="transfer",
        title="transfer",
        measure="credits",
        amount=moved if kind == "complete" else moved * 3 // 4,
        selector=Selector((OneOf("source", ("transferred",)),)),
    )
    rule = RuleEdition(
        award=CredentialId("u/award"),
        title="Award",
        edition="1",
        effective=Period(date(2020, 1, 1)),
        total=Credits(60_000),
        unit="au",
        root=Group(id="all", title="All", parts=parts),
        whole=Qualifiers(at_most=(cap,)) if chance.random() < 0.5 else NO_QUALIFIERS,
    )
    held = [
        Achievement(
            id=AchievementId(f"a{at:02}"),
            credential=CredentialId(f"u/c{at}"),
            earned=DAY - timedelta(days=30 + at),
            source="transferred" if transferred[at] else "taken",
        )
        for at in range(ITEMS)
    ]
    missing = {"near": chance.randint(1, 2), "mid-way": ITEMS // 2}.get(kind, 0)
    for at in chance.sample(range(ITEMS), missing):
        held[at] = replace(held[at], status=chance.choice(("in-progress", "planned")), earned=None)
    record = LearnerRecord(learner=LearnerId("learner"), achievements=tuple(held))
    return Case(label, (compile_rule(rule, catalogue, POLICIES),), record)


def _leaf(
    chance: random.Random, leaf: int, kind: str, own: Sequence[int], sizes: Sequence[int]
) -> From:
    """A leaf asks for what stands in it, or a little less; one that is asked for too much, more."""
    name, over = f"l{leaf}", kind == "over-constrained"
    at_most: tuple[Bound, ...] = ()
    if chance.random() < 0.3:
        number = max(1, len(own) + chance.choice((0, 1 if over else -1, 0)))
        quantity = Quantity("choose", number)
    else:
        whole = max(1000, sum(sizes) - chance.choice((0, 0, 500, 1000)))
        quantity = Quantity("credits", whole * (13 if over else 10) // 10 // 500 * 500)
    if chance.random() < 0.25:
        at_most = (
            Bound(
                id=f"cap-{leaf}",
                title=name,
                measure="credits",
                amount=max(sum(sizes), 1000)
                if kind == "complete"
                else max(sum(sizes) * 3 // 4, 1000),
                selector=Selector((LevelTest("eqf", 5, 5, "at"),))
                if chance.random() < 0.5
                else EVERYTHING,
            ),
        )
    return From(
        id=name,
        title=name,
        quantity=quantity,
        selector=Selector((OneOf("tag", (f"t{leaf}",)),)),
        qualifiers=Qualifiers(at_most=at_most),
    )
