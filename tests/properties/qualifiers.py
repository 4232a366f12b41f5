"""What is said beside a quantity: bounds and conditions for small rules."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Literal

from app.core.model.change import Change
from app.core.model.credential import Credential
from app.core.model.period import Span
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Average,
    AverageSet,
    Bound,
    Distinct,
    Each,
    Items,
    Last,
    Measure,
    Qualifiers,
    Share,
    Window,
)
from app.core.model.selector import EVERYTHING, Selector
from tests.properties.circumstances import CircumstanceMaker
from tests.properties.selectors import grade_test, level_test, make_selector, make_test


class QualifierMaker:
    """Draws qualifiers for one rule; at most one cap of it trims, as the meaning demands."""

    def __init__(
        self,
        random: Random,
        features: frozenset[str],
        several: Sequence[Credential],
        circumstances: CircumstanceMaker,
    ) -> None:
        """Keep what is drawn from."""
        self.random = random
        self.features = features
        self.several = several
        self.circumstances = circumstances
        self.count = 0
        self.trimmed = False

    def draw(self, probability: float) -> Qualifiers:
        """Return what is said at one place: of each construct in play, with this probability."""

        def here(feature: str) -> bool:
            return feature in self.features and self.random.random() < probability

        said = Qualifiers(
            at_least=(self.floor(),) if here("floors") else (),
            at_most=(self.cap(),) if here("caps") else (),
            each=(self.each(),) if here("each") else (),
            distinct=(self.breadth(),) if here("breadths") else (),
            averages=(self.average(),) if here("averages") else (),
            windows=(self.window(),) if here("windows") else (),
            last=(self.last(),) if here("last") else (),
        )
        return NO_QUALIFIERS if said == NO_QUALIFIERS else said

    def name(self, prefix: str) -> str:
        """Return an id that is free in this rule."""
        self.count += 1
        return f"{prefix}-{self.count}"

    def selector(self) -> Selector:
        """Return what a bound or condition looks at: everything now and then."""
        if self.random.random() < 0.25:
            return EVERYTHING
        return make_selector(self.random, self.features, self.several)

    def amount(self) -> tuple[Measure, int | Share]:
        """Return how much: credits about one or two achievements, a number, or a share."""
        if self.random.random() < 0.35:
            return "choose", self.random.choice((0, 1, 1, 2))
        if self.random.random() < 0.2:
            return "credits", Share(self.random.choice((Fraction(1, 3), Fraction(1, 2))), "award")
        size = self.random.choice(self.several).credits
        return "credits", max(
            0, self.random.choice((size, size, 2 * size, size + 500, 2 * size - 500))
        )

    def changes(self, measure: Measure, amount: int | Share) -> tuple[Change, ...]:
        """Return by how much it changes, where that is in play; a share never does."""
        if "changes" in self.features and isinstance(amount, int) and self.random.random() < 0.5:
            return self.circumstances.changes(measure, amount)
        return ()

    def over_record(self) -> bool:
        """Say whether the whole record is looked at."""
        return "record" in self.features and self.random.random() < 0.5

    def floor(self) -> Bound:
        """Return a floor."""
        measure, amount = self.amount()
        over_record = self.over_record()
        return Bound(
            id=self.name("floor"),
            title="Floor",
            measure=measure,
            amount=amount,
            selector=self.selector(),
            over_record=over_record,
            attempts=over_record and self.random.random() < 0.4,
            changes=self.changes(measure, amount),
        )

    def cap(self) -> Bound:
        """Return a cap; the first one trims where trimming is in play."""
        measure, amount = self.amount()
        items: Items = "whole"
        if "trim" in self.features and not self.trimmed:
            self.trimmed, measure, items = True, "credits", self.random.choice(("trim", "policy"))
            amount = amount if amount not in {0, 1, 2} else 2500
        over_record = items == "whole" and self.over_record()
        return Bound(
            id=self.name("cap"),
            title="Cap",
            measure=measure,
            amount=amount,
            selector=self.selector(),
            items=items,
            over_record=over_record,
            attempts=over_record and self.random.random() < 0.4,
            changes=self.changes(measure, amount),
        )

    def each(self) -> Each:
        """Return what everything counted must be too; of some only, now and then."""
        make = self.random.choice((grade_test, level_test, lambda r: make_test(r, self.features)))
        must = Selector((make(self.random),))
        return Each(
            id=self.name("each"),
            must=must,
            selector=self.selector() if self.random.random() < 0.4 else EVERYTHING,
            over_record=self.over_record(),
        )

    def breadth(self) -> Distinct:
        """Return a lower end, an upper end or both, by facts with one value, several or none."""
        by = self.random.choice(("cluster", "cluster", "issuer", "field", "level", "source", "tag"))
        low, high = self.random.choice(((2, None), (3, None), (0, 1), (2, 2), (1, 2)))
        return Distinct(
            id=self.name("breadth"),
            title="Breadth",
            by=by,
            low=low,
            high=high,
            over_record=self.over_record(),
            changes=self.changes("choose", low),
        )

    def average(self) -> Average:
        """Return an average that grades around B decide; without a floor it is only reported."""
        return Average(
            id=self.name("average"),
            title="Average",
            low=self.random.choice((2500, 3000, 3000, 3250, 3500, None)),
            selector=self.selector() if self.random.random() < 0.3 else EVERYTHING,
            over=self.average_set(),
        )

    def average_set(self) -> AverageSet:
        """Return what an average is over."""
        if "record" in self.features:
            return self.random.choice(
                ("counted", "record", "record", "all-attempts", "all-attempts")
            )
        return self.random.choice(("counted", "counted", "not-transferred"))

    def last(self) -> Last:
        """Return a floor or two on the latest, in measures of their own."""
        measure, amount = self.quantity()
        floors = [self.latest() for _ in range(self.random.choice((1, 1, 2)))]
        return Last(
            measure=measure,
            amount=amount,
            at_least=tuple(
                Bound(
                    id=self.name("latest"),
                    title="Latest",
                    measure=measure,
                    amount=amount,
                    selector=self.selector(),
                )
                for measure, amount in floors
            ),
        )

    def latest(self) -> tuple[Measure, int | Share]:
        """Return how much of the latest: an amount, a number, or a share of the award."""
        if self.random.random() < 0.2:
            return "credits", Share(self.random.choice((Fraction(1, 7), Fraction(1, 4))), "award")
        return self.quantity()

    def quantity(self) -> tuple[Measure, int]:
        """Return an amount or a number that one or two achievements come to."""
        if self.random.random() < 0.4:
            return "choose", self.random.choice((1, 1, 2))
        size = self.random.choice(self.several).credits
        return "credits", self.random.choice((size, size, 2 * size, size + 500))

    def window(self) -> Window:
        """Return a window; most are anchored at what is used, which only the allocation decides."""
        anchors: tuple[Literal["earliest-used", "first-applicable", "admission"], ...] = (
            "earliest-used",
            "earliest-used",
            "first-applicable",
            "admission",
        )
        length = self.random.choice((Span(1, "year"), Span(2, "year"), Span(36, "month")))
        return Window(
            id=self.name("window"),
            length=length,
            anchor=self.random.choice(anchors),
            over_record=self.over_record(),
        )
