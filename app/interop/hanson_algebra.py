"""Written selectors and circumstances combined: both, either, not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Written: TypeAlias = dict[str, Any]
"""A selector or a circumstance as a rule writes it: all keys must hold; `any` and `not` nest."""


def both(*several: Written) -> Written:
    """Return what holds where all of them hold."""
    found: Written = {}
    for one in several:
        found = _and(found, one)
    return found


def either(several: Sequence[Written]) -> Written:
    """Return what holds where one of them holds; tests of one key become a list of values."""
    options: list[Written] = []
    for one in several:
        if not one:
            return {}
        for option in _options(one):
            _add(options, option)
    return options[0] if len(options) == 1 else {"any": options}


def negated(one: Written) -> Written:
    """Return what holds where it does not."""
    return dict(one["not"]) if set(one) == {"not"} else {"not": one}


def bare_fits(selector: Mapping[str, Any]) -> bool:
    """Say whether something without any of the facts would match."""
    for key, value in selector.items():
        if key == "not":
            fits = not bare_fits(value)
        elif key == "any":
            fits = any(map(bare_fits, value))
        else:
            # For whom it is says nothing of what it is.
            fits = key == "when"
        if not fits:
            return False
    return True


def fits(selector: Mapping[str, Any], known: Mapping[str, Any]) -> bool | None:
    """Say whether something of which these facts are known would match; None where it may."""
    return _all([_fits(key, value, known) for key, value in selector.items()])


def _fits(key: str, value: Any, known: Mapping[str, Any]) -> bool | None:  # noqa: ANN401 -- a test
    if key == "not":
        return _not(fits(value, known))
    if key == "any":
        return _not(_all([_not(fits(option, known)) for option in value]))
    if key not in known:
        return None
    return any(_within(known[key], test) for test in _listed(value))


def _within(fact: Any, test: Any) -> bool:  # noqa: ANN401 -- facts of every kind
    if not isinstance(test, dict):
        return bool(fact == test)
    low, high = test.get("from", fact), test.get("to", fact)
    return bool(low <= fact <= high)


def _all(several: Sequence[bool | None]) -> bool | None:
    if False in several:
        return False
    return None if None in several else True


def _not(one: bool | None) -> bool | None:  # noqa: FBT001 -- a truth value of three
    return None if one is None else not one


def _options(one: Written) -> list[Written]:
    return list(one["any"]) if set(one) == {"any"} else [one]


def _add(options: list[Written], option: Written) -> None:
    """Add an option, into one that tests the same key alone if there is one."""
    # A list means any of its items, but of milestones all of them.
    if len(option) == 1 and not {"not", "any", "milestone"} & set(option):
        ((key, value),) = option.items()
        for known in options:
            if set(known) == {key} and not isinstance(value, dict):
                merged = [*_listed(known[key]), *_listed(value)]
                known[key] = list({repr(each): each for each in merged}.values())
                return
    if option not in options:
        options.append(dict(option))


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _and(first: Written, second: Written) -> Written:
    """Return the conjunction: a key that both have goes into a nested mapping."""
    if "not" in first and "not" in second:
        ruled_out = either([first["not"], second["not"]])
        rest = {key: value for key, value in second.items() if key != "not"}
        return _and({**first, "not": ruled_out}, rest)
    clash = {key for key in first.keys() & second.keys() if first[key] != second[key]}
    if not clash:
        return {**first, **second}
    apart = {key: value for key, value in second.items() if key in clash}
    found = {**first, **{key: value for key, value in second.items() if key not in clash}}
    if "any" not in found:
        return {**found, "any": [apart]}
    # Of two lists of options, the one that fails rules the whole out.
    return _and(found, {"not": negated(apart)}) if apart else found
