"""Rule files: one award's edition with its cases, from bytes to the model."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.language.blocks import unfold
from app.core.language.cases import Case, read_cases
from app.core.language.diagnostics import (
    Collector,
    Diagnostic,
    Place,
    beyond,
    is_error,
    listed,
)
from app.core.language.lowering import lower
from app.core.language.parser import parse, subject
from app.core.language.reader import DEEPEST, Document, Plain, Spans, read_yaml, span_at
from app.core.language.surface import AwardForm
from app.core.model.rule import RuleEdition

# The largest published rules have some seven hundred requirements.
MOST_VALUES = 20_000
# Room for as many values with long names, and for the cases; a catalogue may be far larger.
LARGEST_RULE = 512 * 1024
# With cases, and keys counted too, as the reader does.
MOST_IN_FILE = 100_000


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What a rule file holds; there is no edition where anything in the file is an error."""

    edition: RuleEdition | None
    cases: tuple[Case, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_rule(source: bytes, file: str, *, kept: bool = False) -> RuleFile:
    """Return the rule and the cases of a file, YAML or JSON, with all that is wrong in it.

    What is `kept` was let in by the limits of its day: a later, lower one does not bind it.
    """
    limits = {} if kept else {"largest": LARGEST_RULE, "most": MOST_IN_FILE}
    document, found = read_yaml(source, file, **limits)
    if document is None:
        return RuleFile(None, (), listed(found))
    return _rule_file(document, found)


def rule_from(value: Plain, spans: Spans | None = None) -> RuleFile:
    """Return the rule of a value that is decoded already, such as a part of a request."""
    return _rule_file(Document(value, spans or {}), ())


def _rule_file(document: Document, found: tuple[Diagnostic, ...]) -> RuleFile:
    rule, written = _apart(document.value)
    cases, of_cases = read_cases(written, document.spans, ("cases",))
    edition, of_rule = _edition(Document(rule, document.spans))
    everything = beyond(found, (*of_rule, *of_cases))
    whole = not any(map(is_error, everything))
    return RuleFile(edition if whole else None, cases, listed(everything))


def _apart(value: Plain) -> tuple[Plain, Plain]:
    if not isinstance(value, dict) or value.get("cases") is None:
        return value, []
    return {key: part for key, part in value.items() if key != "cases"}, value["cases"]


def _edition(document: Document) -> tuple[RuleEdition | None, tuple[Diagnostic, ...]]:
    found = Collector()
    if not _look_over(document, found):
        return None, found.sorted()
    unfolded = unfold(document, MOST_VALUES)
    form, problems = parse(AwardForm, unfolded.document)
    wrong = beyond(found.sorted(), unfolded.diagnostics)
    if form is None or wrong:
        return None, beyond(wrong, problems)
    return lower(form, unfolded)


def _look_over(document: Document, found: Collector) -> bool:
    """Report what has no value: a rule says nothing by leaving it out. False: it is too large."""
    waiting: list[tuple[Place, Plain]] = [((), document.value)]
    values = 0
    while waiting:
        place, value = waiting.pop()
        values += 1
        if values > MOST_VALUES or len(place) > DEEPEST:
            _too_large(document, place, found)
            return False
        if isinstance(value, dict):
            waiting.extend(((*place, key), part) for key, part in value.items())
        elif isinstance(value, list):
            waiting.extend(((*place, index), part) for index, part in enumerate(value))
        elif value is None and place:
            _no_value(document, place, found)
    return True


def _too_large(document: Document, place: Place, found: Collector) -> None:
    span = span_at(document.spans, place)
    if len(place) > DEEPEST:
        message = f"values are nested more than {DEEPEST} deep here"
        found.error("CN0118", message, span, path=place, remedy="nest less")
    else:
        message = f"the rule holds more than {MOST_VALUES} values besides its cases"
        remedy = "say what is meant by a selector"
        found.error("CN0117", message, span, path=place, remedy=remedy)


def _no_value(document: Document, place: Place, found: Collector) -> None:
    message = f"{subject(place)} has no value"
    span = span_at(document.spans, place)
    found.error("CN0217", message, span, path=place, remedy="write one, or delete the key")
