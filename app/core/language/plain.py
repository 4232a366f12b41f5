"""A rule in plain English, as a registrar could paste it in a handbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from app.core.language.checker_matches import Matches
from app.core.language.checker_policies import policies_needed
from app.core.language.plain_qualifiers import QualifierWords
from app.core.language.plain_requirements import RequirementWords
from app.core.language.plain_words import (
    Glossary,
    because,
    counted,
    credits_in_words,
    day_in_words,
    headed,
    listed,
    share_in_words,
)
from app.core.model.catalogue import Catalogue
from app.core.model.credits import show_credits
from app.core.model.period import Period
from app.core.model.requirement import Share
from app.core.model.rule import (
    NAMED_POLICIES,
    POLICIES,
    OnAward,
    RuleEdition,
    SharedWith,
    Sharing,
)

EFFECTS: Mapping[str, str] = {
    "keep": "{}, if held, stands when this award is conferred.",
    "supersede": "{}, if held, loses its validity when this award is conferred.",
    "surrender": "{}, if held, must be surrendered before this award is conferred.",
    "bar": "Whoever has accepted {} cannot be given this award.",
    "open": "{} opens when this award is conferred.",
}
STATED: Mapping[tuple[str, str], str] = {
    ("retakes", "best"): "Of several attempts at one credential the best counts.",
    ("retakes", "last"): "Of several attempts at one credential the last counts.",
    ("retakes", "first"): "Of several attempts at one credential the first counts.",
    ("retakes", "each"): "Every attempt at a credential counts.",
    ("caps", "whole"): "At a limit a credential counts in full or not at all.",
    ("caps", "trim"): "The credential that crosses a limit counts in part.",
    ("level", "at"): "A level named alone means that level only.",
    ("level", "at-least"): "A level named alone means that level or above.",
    ("edition", "admission"): "Learners follow the edition in force on the day of admission.",
    ("edition", "first-credit"): "Learners follow the edition in force on the day of first credit.",
    ("edition", "audit"): "Learners follow the edition in force on the day of the audit.",
    ("double_count", "none"): "What counts here counts in no award that is not named here.",
    ("double_count", "free"): "What counts here may count in any other award that allows it.",
    ("late_lower_award", "refuse"): "A lower award is not given once a higher one is complete.",
    ("late_lower_award", "grant"): "A lower award is given even once a higher one is complete.",
}
NAMED: Mapping[str, str] = {
    "conversion": "Credits in other units are converted as “{}” says.",
    "grade_scale": "Grades are read on the scale “{}”.",
}
OPEN: Mapping[str, str] = {
    "retakes": "which of several attempts at one credential counts",
    "caps": "whether a credential may count in part at a limit",
    "level": "whether a level named alone includes the levels above it",
    "grade_scale": "which scale grades are read on",
    "conversion": "how credits in other units are converted",
    "double_count": "whether what counts here may count in awards that are not named here",
    "late_lower_award": "whether a lower award is given once a higher one is complete",
}


PLAIN_UNITS = ("credits", "points", "units")


def explain_rule(rule: RuleEdition, catalogue: Catalogue) -> str:
    """Return the rule in full sentences, section by section."""
    glossary = Glossary(rule, catalogue)
    sections = (
        ("", _opening(rule)),
        ("Requirements", RequirementWords(glossary).root(rule.root)),
        ("The award as a whole", _whole(glossary)),
        (_sharing_title(rule.sharing), _sharing(glossary)),
        ("Other awards", _effects(glossary)),
        ("Admission (decided by itself)", _admission(glossary)),
        ("Gates (each decided by itself)", _gates(glossary)),
        ("Policies", _policies(rule, catalogue)),
    )
    written = ((title, list(lines)) for title, lines in sections)
    return "\n\n".join(_section(title, lines) for title, lines in written if lines) + "\n"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([title, *lines] if title else lines)


def _opening(rule: RuleEdition) -> Iterator[str]:
    yield rule.title
    replaces = f", replaces edition {rule.replaces}" if rule.replaces else ""
    yield f"Edition {rule.edition}, {_period(rule.effective)}{replaces}."
    yield f"{_total(rule)} in total."
    if rule.reference.title:
        link = f", {rule.reference.link}" if rule.reference.link else ""
        yield f"Rests on: {rule.reference.title}{link}"


def _total(rule: RuleEdition) -> str:
    """Return the total in its unit: 90 ECTS credits, 150 points."""
    if rule.unit in PLAIN_UNITS:
        return f"{show_credits(rule.total)} {rule.unit}"
    return f"{show_credits(rule.total)} {rule.unit.upper()} credits"


def _period(period: Period) -> str:
    start = f"in force from {day_in_words(period.start)}"
    if period.until is None:
        return start
    return f"{start} to {day_in_words(period.until - timedelta(days=1))}"


def _whole(glossary: Glossary) -> Iterator[str]:
    for sentence in QualifierWords(glossary, "in the award").sentences(glossary.rule.whole):
        yield f"- {sentence}"
    for exclusion in glossary.rule.excludes:
        names = listed([glossary.credential(name) for name in exclusion.credentials], "and")
        number = "one" if exclusion.at_most == 1 else str(exclusion.at_most)
        yield because(f"- Of {names}, at most {number} may count.", exclusion.reason)
    for pair in glossary.rule.pairs:
        names = listed([glossary.credential(name) for name in pair.credentials], "and")
        yield because(f"- {names} count only together, in the same requirement.", pair.reason)


def _sharing(glossary: Glossary) -> Iterator[str]:
    sharing = glossary.rule.sharing
    if sharing is None:
        return
    for shared in sharing.shared_with:
        other = glossary.credential(shared.award)
        yield f"- {_shared(shared)} may count both here and in {other}."
    if sharing.awards is not None:
        yield f"- One credential may count in at most {counted(sharing.awards, 'award')}."


def _sharing_title(sharing: Sharing | None) -> str:
    reason = sharing.reason.rstrip(". ") if sharing else ""
    return f"Sharing with other awards{f' ({reason})' if reason else ''}"


def _shared(shared: SharedWith) -> str:
    match shared.amount:
        case None:
            return "Everything"
        case Share(part, base):
            whose = "the smaller award" if base == "smaller" else "this award"
            return f"At most {share_in_words(part)} of the credits of {whose}"
        case int(number) if shared.measure == "choose":
            return f"At most {counted(number, 'credential')}"
        case amount:
            return f"At most {credits_in_words(amount)}"


def _effects(glossary: Glossary) -> Iterator[str]:
    for effect in glossary.rule.on_award:
        yield because(f"- {_effect(effect, glossary)}", effect.reason)


def _effect(effect: OnAward, glossary: Glossary) -> str:
    return EFFECTS[effect.effect].format(glossary.credential(effect.award))


def _admission(glossary: Glossary) -> Iterator[str]:
    if glossary.rule.admission is not None:
        yield from RequirementWords(glossary).root(glossary.rule.admission)


def _gates(glossary: Glossary) -> Iterator[str]:
    for gate in glossary.rule.gates:
        yield f"- {headed(gate.title or gate.id, 'It opens when this is met:')}"
        for line in RequirementWords(glossary).root(gate.require):
            yield f"  {line}"


def _policies(rule: RuleEdition, catalogue: Catalogue) -> Iterator[str]:
    for name in (*POLICIES, *NAMED_POLICIES):
        if name in rule.policies:
            answer = rule.policies[name]
            yield f"- {STATED.get((name, answer)) or NAMED[name].format(answer)}"
    needed = policies_needed(rule, Matches(catalogue, rule.unit, rule.policies))
    silent = [name for name in needed if name not in rule.policies]
    if silent:
        yield "Where this rule says nothing the institution's policies apply:"
        yield from (f"- {OPEN[name]};" for name in silent[:-1])
        yield f"- {OPEN[silent[-1]]}."
