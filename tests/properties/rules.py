"""Small rules to make problems of: each is built around a few constructs, so that they meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import TypeVar

from app.core.model.catalogue import Catalogue
from app.core.model.change import Change
from app.core.model.credential import Credential, CredentialId
from app.core.model.credits import Credits
from app.core.model.period import Period
from app.core.model.requirement import (
    Attest,
    From,
    Group,
    Measure,
    MilestoneStep,
    Pair,
    Quantity,
    Requirement,
    Share,
    Take,
    When,
)
from app.core.model.rule import Exclusion, RuleEdition, SharedWith, Sharing
from app.core.model.selector import Circumstance, Declared, Selector
from tests.properties.circumstances import CircumstanceMaker
from tests.properties.qualifiers import QualifierMaker
from tests.properties.selectors import make_selector
from tests.properties.sharing import with_sharing
from tests.properties.worlds import AWARDS, OUTCOMES, TRACKS

Chosen = TypeVar("Chosen")


class RuleMaker:
    """Makes one rule over a catalogue and what a learner has of it."""

    def __init__(
        self,
        random: Random,
        features: frozenset[str],
        catalogue: Catalogue,
        taken: Sequence[CredentialId],
    ) -> None:
        """Keep what is drawn from; two awards have requirements of the same names."""
        self.random = random
        self.features = features
        self.several = [each for each in catalogue.credentials.values() if each.type != "award"]
        self.taken = [catalogue.credentials[each] for each in taken]
        self.circumstances = CircumstanceMaker(random, features, self.several)
        self.qualifiers = QualifierMaker(random, features, self.several, self.circumstances)
        self.leaves: list[str] = []
        self.total = 0

    def chance(self, feature: str, probability: float = 0.5) -> bool:
        """Say whether to use a construct here."""
        return feature in self.features and self.random.random() < probability

    def rule(self, award: CredentialId, total: int) -> RuleEdition:
        """Return a rule of two to five leaves in a tree of one to three floors."""
        self.total = total
        count = self.random.choice((1, 2) if "joint" in self.features else (1, 2, 2, 3))
        root: Requirement = Group(
            id="require",
            title="All",
            parts=tuple(self.part(depth=1) for _ in range(count)),
            qualifiers=self.qualifiers.draw(0.2),
        )
        if self.chance("when", 0.1):
            root = self.when(root, self.part(depth=2))
        return RuleEdition(
            award=award,
            title=award,
            edition="1",
            effective=Period(date(2020, 1, 1)),
            total=Credits(total),
            unit="cats",
            framework="rqf",
            root=with_sharing(self.random, self.features, root),
            whole=self.qualifiers.draw(0.5),
            sharing=self.sharing(award),
            excludes=self.exclusions(),
            pairs=self.pairs(),
        )

    def part(self, depth: int) -> Requirement:
        """Return a leaf, a step or a group."""
        if self.chance("steps", 0.3):
            return self.step()
        if depth < 3 and self.chance("when", 0.5):
            return self.when(self.part(depth + 1), self.part(depth + 1))
        if depth < 3 and self.chance("tracks", 0.4):
            return self.tracks(depth)
        if depth < 3 and self.chance("groups", 0.55 / depth):
            return self.group(depth)
        return self.leaf()

    def group(self, depth: int) -> Group:
        """Return a group; of `some n` the parts differ in size, which makes their shares uneven."""
        after = self.earlier()
        parts = tuple(self.part(depth + 1) for _ in range(self.random.choice((2, 2, 3))))
        need = self.random.choice(
            (None, 1, 1, 2, len(parts), 0 if self.random.random() < 0.2 else 1)
        )
        most = None
        if need is not None and self.chance("used-parts", 0.8):
            need = min(need, self.random.choice((0, 1, 1)))
            most = min(len(parts) - 1, max(need, self.random.choice((1, 1, 1, 2))))
        return Group(
            id=self.name("g"),
            title="Group",
            parts=parts,
            need=need,
            most=most,
            optional=self.chance("optional", 0.3),
            after=after,
            qualifiers=self.qualifiers.draw(0.25),
        )

    def when(self, then: Requirement, otherwise: Requirement) -> When:
        """Return a requirement by circumstance, half of the time without the other side."""
        return When(
            id=self.name("w"),
            title="By circumstance",
            circumstance=self.circumstances.draw(),
            then=then,
            otherwise=otherwise if self.random.random() < 0.5 else None,
        )

    def tracks(self, depth: int) -> Group:
        """Return what each of two tracks asks for; so many of those declared, or all."""
        parts = tuple(
            When(
                id=self.name("w"),
                title=track,
                circumstance=Circumstance((Declared((track,)),)),
                then=self.part(depth + 1),
            )
            for track in TRACKS
        )
        need = self.random.choice((None, 1, 1, 2))
        return Group(id=self.name("t"), title="Tracks", parts=parts, need=need)

    def step(self) -> Requirement:
        """Return a milestone or an attestation, with and without weight."""
        weight = self.random.choice((None, 1000, 2500))
        if self.random.random() < 0.5:
            name = self.random.choice(("admission", "placement", "interview"))
            return MilestoneStep(id=self.name("m"), title=name, milestone=name, weight=weight)
        return Attest(id=self.name("a"), title="Attested", role="tutor", weight=weight)

    def leaf(self) -> Take | From:
        """Return a leaf that some of what the learner has can fill, but perhaps not enough."""
        form = self.random.choice(("take", "choose", "choose", "credits", "credits", "credits"))
        after = self.earlier()
        name, optional = self.name("r"), self.chance("optional", 0.2)
        weight = self.random.choice((500, 2000)) if self.chance("weights") else None
        said = self.qualifiers.draw(0.3)
        if form == "take":
            return Take(
                id=name,
                title=name,
                credentials=tuple(each.id for each in self.sample(self.wanted(), 1, 2)),
                optional=optional,
                weight=weight,
                after=after,
                prefer=self.preferred(),
                qualifiers=said,
            )
        return From(
            id=name,
            title=name,
            quantity=self.choice_of() if form == "choose" else self.credits_of(),
            selector=make_selector(self.random, self.features, self.wanted()),
            optional=optional,
            weight=weight if form == "choose" else None,
            after=after,
            prefer=self.preferred(),
            qualifiers=said,
        )

    def preferred(self) -> tuple[Selector, ...]:
        """Return what counts first, and what next."""
        if not self.chance("prefer", 0.8):
            return ()
        return tuple(
            make_selector(self.random, self.features, self.taken)
            for _ in range(self.random.choice((1, 1, 2)))
        )

    def choice_of(self) -> Quantity:
        """Return a number to choose; a range, or the learner's own, now and then."""
        if self.chance("values", 0.7):
            return self.values_of()
        if self.chance("own-number", 0.6):
            return Quantity("choose", 0, fact="terms", changes=self.changes("choose", 1))
        low = self.random.choice((0, 1, 1, 1, 1, 2, 2, 3))
        return self.ranged("choose", low, self.random.choice((None, low, low + 1)))

    def values_of(self) -> Quantity:
        """Return how many different values there have to be: a number, a range, or which."""
        form = self.random.choice(("number", "range", "listed", "every", "every"))
        by = self.random.choice(("issuer", "term", "field")) if form == "number" else "outcome"
        low = self.random.choice((1, 2, 2, 3))
        changes = self.changes("choose", low)
        if form == "every":
            return Quantity("choose", 0, by=by, every=True, changes=changes)
        if form == "listed":
            only = tuple(self.random.sample(OUTCOMES, k=self.random.choice((1, 2))))
            return Quantity("choose", len(only), by=by, only=only, changes=changes)
        if form == "range":
            return Quantity("choose", low, low + 1, plain=False, by=by, changes=changes)
        return Quantity("choose", low, by=by, changes=changes)

    def credits_of(self) -> Quantity:
        """Return an amount that a few of what the learner has make exactly, or nearly."""
        if self.chance("parts-of-award", 0.6):
            return self.part_of_award()
        few = self.sample(self.taken, 1, self.random.choice((1, 2, 2, 3)))
        low = sum(each.credits for each in few) + self.random.choice((0, 0, -500, -500, 500))
        return self.ranged(
            "credits", max(low, 0), self.random.choice((None, low + 1000, low + 3000))
        )

    def part_of_award(self) -> Quantity:
        """Return such a part of the award's total, plain or from one to another."""
        low, high = self.random.choice(((7, 4), (7, 6), (5, 3), (4, 4), (3, 2)))
        share, top = (Share(Fraction(1, part), "award") for part in (low, high))
        least = share.least(self.total)
        changes = self.changes("credits", least)
        if self.chance("ranges"):
            most = max(least, top.most(self.total))
            return Quantity(
                "credits", least, most, plain=False, changes=changes, share=share, top=top
            )
        return Quantity("credits", least, changes=changes, share=share)

    def ranged(self, measure: Measure, low: int, high: int | None) -> Quantity:
        """Return a plain quantity, or a range from it."""
        changes = self.changes(measure, low)
        if self.chance("ranges"):
            return Quantity(measure, low, high, plain=False, changes=changes)
        return Quantity(measure, low, changes=changes)

    def changes(self, measure: Measure, usual: int) -> tuple[Change, ...]:
        """Return by how much a quantity changes, where that is in play."""
        return self.circumstances.changes(measure, usual) if self.chance("changes") else ()

    def earlier(self) -> tuple[str, ...]:
        """Return one or two requirements that stand before and are to be completed first."""
        several = [name for name in self.leaves if not name.startswith("a")]
        if not several or not self.chance("order", 0.8):
            return ()
        return tuple(self.random.sample(several, min(len(several), self.random.choice((1, 1, 2)))))

    def sharing(self, award: CredentialId) -> Sharing | None:
        """Return what the award says of counting in others too, by every form of amount."""
        if not self.chance("sharing", 0.8):
            return None
        amounts: tuple[tuple[Measure, int | Share | None], ...] = (
            ("credits", None),
            ("credits", 1500),
            ("credits", 3000),
            ("credits", Share(Fraction(1, 5), "smaller")),
            ("credits", Share(Fraction(1, 6), "receiving")),
            ("choose", 1),
        )
        if "number-shared" in self.features:
            amounts = (("credits", None), ("choose", 1), ("choose", 1))
        others = [each for each in AWARDS if each != award]
        named = (
            SharedWith(award=other, measure=measure, amount=amount)
            for other in others
            for measure, amount in (self.random.choice(amounts),)
            if self.random.random() < 0.85
        )
        return Sharing(shared_with=tuple(named), awards=self.random.choice((None, None, 1, 2)))

    def exclusions(self) -> tuple[Exclusion, ...]:
        """Return credentials of which only one or two may count."""
        if not self.chance("exclusions", 0.9):
            return ()
        return (
            Exclusion(
                id="x1",
                credentials=self.few_taken(2, 3),
                at_most=self.random.choice((1, 1, 1, 2)),
            ),
        )

    def pairs(self) -> tuple[Pair, ...]:
        """Return two credentials which count together only."""
        if not self.chance("pairs", 0.9) or len({each.id for each in self.taken}) < 2:
            return ()
        return (Pair(credentials=self.few_taken(2, self.random.choice((2, 2, 3)))),)

    def wanted(self) -> Sequence[Credential]:
        """Return what to ask for: mostly what the learner has, else nothing would ever be met."""
        different = list({each.id: each for each in self.taken}.values())
        return different if len(different) > 1 and self.random.random() < 0.75 else self.several

    def few_taken(self, low: int, high: int) -> tuple[CredentialId, ...]:
        """Return a few credentials that the learner has."""
        return tuple(each.id for each in self.sample(self.taken, low, high))

    def sample(self, several: Sequence[Credential], low: int, high: int) -> list[Credential]:
        """Return some different credentials, where there are so many."""
        different = list({each.id: each for each in several}.values())
        return self.random.sample(different, k=min(len(different), self.random.randint(low, high)))

    def name(self, prefix: str) -> str:
        """Return an id that is free in this rule."""
        return self.noted(f"{prefix}{len(self.leaves) + 1}")

    def noted(self, name: str) -> str:
        """Keep a name as used."""
        self.leaves.append(name)
        return name
