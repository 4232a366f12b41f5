"""For whom something applies, and by how much it changes: drawn so that often it does."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from app.core.model.change import Change
from app.core.model.credential import Credential
from app.core.model.requirement import Measure
from app.core.model.selector import (
    Circumstance,
    CircumstanceTest,
    Declared,
    EitherSo,
    Holding,
    LearnerFact,
    NotSo,
    OneOf,
    Recorded,
    Selector,
)
from tests.properties.selectors import make_selector
from tests.properties.worlds import COHORTS, DAYS, TRACKS


class CircumstanceMaker:
    """Draws circumstances and changes for one rule."""

    def __init__(
        self, random: Random, features: frozenset[str], several: Sequence[Credential]
    ) -> None:
        """Keep what is drawn from."""
        self.random = random
        self.features = features
        self.several = several

    def draw(self) -> Circumstance:
        """Return a circumstance of one test, of two now and then."""
        count = self.random.choice((1, 1, 1, 2))
        return Circumstance(tuple(self.test(depth=2) for _ in range(count)))

    def test(self, depth: int) -> CircumstanceTest:
        """Return one test, which holds others now and then."""
        if depth and self.random.random() < 0.2:
            return NotSo(Circumstance((self.test(depth - 1),)))
        if depth and self.random.random() < 0.15:
            return EitherSo(tuple(Circumstance((self.test(depth - 1),)) for _ in range(2)))
        return self.random.choice((self.declared, self.fact, self.holding, self.recorded))()

    def declared(self) -> Declared:
        """Return a test of what is declared: by name, by pattern, or one of two."""
        return Declared(
            self.random.choice(((TRACKS[0],), (TRACKS[1],), ("u/t-*",), (TRACKS[0], "x/*")))
        )

    def fact(self) -> LearnerFact:
        """Return a test of an attribute: text, a number, a range, yes or no, or one that lacks."""
        return self.random.choice(
            (
                LearnerFact("cohort", (self.random.choice(COHORTS),)),
                LearnerFact("cohort", COHORTS[:2]),
                LearnerFact("year", (self.random.choice((1, 2)),)),
                LearnerFact("year", low=2),
                LearnerFact("year", low=0, high=self.random.choice((1, 2))),
                LearnerFact("keen", (self.random.choice((True, False)),)),
                # Yes is no number, whatever it equals elsewhere.
                LearnerFact("keen", (1,), low=0),
                LearnerFact("lacking", low=0),
            )
        )

    def holding(self) -> Holding:
        """Return a test of what the record holds, at times of what is not earned yet."""
        selector = make_selector(self.random, self.features, self.several)
        if self.random.random() < 0.3:
            planned = OneOf("status", self.random.choice((("planned", "in-progress"), ("failed",))))
            selector = Selector((*selector.tests, planned))
        if self.random.random() < 0.5:
            return Holding("choose", self.random.choice((0, 1, 1, 2)), selector)
        return Holding("credits", self.random.choice(self.several).credits + 1000, selector)

    def recorded(self) -> Recorded:
        """Return a test of a milestone, on any day or on some."""
        name = self.random.choice(("admission", "placement", "interview"))
        low, high = self.random.choice(((None, None), (DAYS[2], None), (None, DAYS[3])))
        return Recorded(name, low, high)

    def changes(self, measure: Measure, usual: int) -> tuple[Change, ...]:
        """Return one to three changes of a quantity that is about `usual`."""
        step = 1 if measure == "choose" else 1000
        several = (0, usual, usual + step, max(usual - step, 0))
        return tuple(
            Change(self.draw(), add=step)
            if self.random.random() < 0.5
            else Change(self.draw(), to=self.random.choice(several))
            for _ in range(self.random.choice((1, 1, 2, 3)))
        )
