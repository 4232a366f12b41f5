"""The canonical form of a rule file: fixed order, fixed layout, as little as says the same.

Comments and blank lines are no part of a rule, so they are lost; see `comments`.
"""

from __future__ import annotations

from app.core.language.origin import spoken
from app.core.language.plain_words import share_in_words
from app.core.language.printer_cases import written_case
from app.core.language.printer_requirements import RequirementPrinter, as_written, said
from app.core.language.printer_selectors import amount, between
from app.core.language.printer_yaml import Open, Written, print_yaml
from app.core.language.rules import RuleFile
from app.core.model.requirement import Pair, Share
from app.core.model.rule import (
    NAMED_POLICIES,
    POLICIES,
    Exclusion,
    Gate,
    OnAward,
    RuleEdition,
    SharedWith,
    Sharing,
)


def print_rule(file: RuleFile) -> str:
    """Return the file's rule and cases; reading it gives the same, apart from places in the file.

    ValueError where the file has no rule to print.
    """
    if file.edition is None:
        msg = "a rule file with errors cannot be printed: correct what its diagnostics say"
        raise ValueError(msg)
    cases: dict[str, Written] = {"cases": Open([*map(written_case, file.cases)])}
    return print_yaml({**_rule(file.edition), **(cases if file.cases else {})})


def _rule(rule: RuleEdition) -> dict[str, Written]:
    printer = RequirementPrinter(rule.framework)
    admission, sharing = rule.admission, rule.sharing
    return said(
        award=rule.award,
        title=rule.title,
        edition=rule.edition,
        effective=between(rule.effective.start, None) | said(until=rule.effective.until),
        credit={"total": amount(rule.total), "unit": rule.unit},
        framework=rule.framework,
        reference=said(title=rule.reference.title, link=rule.reference.link) or None,
        replaces=rule.replaces,
        policies=_policies(rule),
        blocks=Open(as_written(rule.blocks)) if rule.blocks else None,
        require=printer.requirement(rule.root, "require"),
        **printer.qualifiers(rule.whole, ""),
        sharing=_sharing(sharing) if sharing else None,
        excludes=tuple(_exclusion(each, n) for n, each in enumerate(rule.excludes, start=1)),
        pairs=tuple(map(_pair, rule.pairs)),
        on_award=tuple(map(_on_award, rule.on_award)),
        admission=printer.requirement(admission, "admission") if admission else None,
        gates=tuple(_gate(each, n, printer) for n, each in enumerate(rule.gates, start=1)),
    )


def _policies(rule: RuleEdition) -> Written:
    ordered = [name for name in (*POLICIES, *NAMED_POLICIES) if name in rule.policies]
    return {name: rule.policies[name] for name in ordered} or None


def _sharing(sharing: Sharing) -> Written:
    others = tuple(map(_shared, sharing.shared_with))
    return said(awards=sharing.awards, with_=others, reason=sharing.reason)


def _shared(shared: SharedWith) -> Written:
    match shared.amount:
        case None:
            return {"award": shared.award}
        case Share(part, base):
            return {"award": shared.award, "share": share_in_words(part), "of": base}
        case number:
            written = number if shared.measure == "choose" else amount(number)
            return {"award": shared.award, shared.measure: written}


def _exclusion(exclusion: Exclusion, number: int) -> Written:
    return said(
        id=None if exclusion.id == f"excludes-{number}" else exclusion.id,
        credentials=exclusion.credentials,
        at_most=None if exclusion.at_most == 1 else exclusion.at_most,
        reason=exclusion.reason,
    )


def _pair(pair: Pair) -> Written:
    return said(credentials=pair.credentials, reason=pair.reason)


def _on_award(effect: OnAward) -> Written:
    return said(award=effect.award, effect=effect.effect, reason=effect.reason)


def _gate(gate: Gate, number: int, printer: RequirementPrinter) -> Written:
    title = None if gate.title == spoken(gate.id) else gate.title
    require = printer.requirement(gate.require, f"gate-{number}")
    return Open({**said(id=gate.id, title=title), "require": require})
