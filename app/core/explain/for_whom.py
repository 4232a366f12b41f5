"""For whom alone a selector admits anything, where the learner it was read for is not of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.engine.compiled import CompiledAward
from app.core.explain.phrases import because
from app.core.language.plain_selector import CircumstanceWords
from app.core.language.plain_words import Glossary
from app.core.model.reason import Reason
from app.core.model.selector import (
    AnyOf,
    Circumstance,
    CircumstanceTest,
    EitherSo,
    ForWhom,
    Not,
    NotSo,
    Selector,
    Test,
)


def for_others(award: CompiledAward, selector: Selector) -> Reason | None:
    """Return for whom alone counts what a selector would match; None where it matches for all."""
    others = only_for(selector)
    if others is None:
        return None
    words = CircumstanceWords(Glossary(award.rule, award.terms.catalogue))
    return because("not-for-learner", whose=words.who(others))


def only_for(selector: Selector) -> Circumstance | None:
    """Return what would have to be so of the learner; None where more than that is asked for."""
    needed = [one for test in selector.tests for one in _needed(test)]
    return Circumstance(tuple(needed)) if needed else None


def _needed(test: Test) -> tuple[CircumstanceTest, ...]:
    """What would have to be so for a test to hold of anything."""
    match test:
        case ForWhom() if not test.so:
            return test.circumstance.tests
        case Not():
            kept = _kept(test.inner)
            return () if kept is None else (NotSo(kept),)
        case AnyOf():
            return _either([only_for(option) for option in test.options])
        case _:
            return ()


def _kept(selector: Selector) -> Circumstance | None:
    """What is so of the learner by which a selector admits everything; None where it does not."""
    found: list[CircumstanceTest] = []
    for test in selector.tests:
        own = _so(test)
        if not own:
            return None
        found += own
    return Circumstance(tuple(found)) if found else None


def _so(test: Test) -> tuple[CircumstanceTest, ...]:
    """What is so by which a test holds of everything."""
    match test:
        case ForWhom() if test.so:
            return test.circumstance.tests
        case Not():
            needed = only_for(test.inner)
            return () if needed is None else (NotSo(needed),)
        case AnyOf():
            kept = [one for option in test.options if (one := _kept(option)) is not None]
            return _either(kept)
        case _:
            return ()


def _either(options: Sequence[Circumstance | None]) -> tuple[CircumstanceTest, ...]:
    """One of these, where every one of them is known."""
    known = [one for one in options if one is not None]
    if not known or len(known) < len(options):
        return ()
    return known[0].tests if len(known) == 1 else (EitherSo(tuple(known)),)
