"""Award files from their written form to the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.core.language.blocks import Unfolded
from app.core.language.diagnostics import Collector, Diagnostic
from app.core.language.lowering_qualifiers import lower_qualifiers
from app.core.language.lowering_requirements import lower_tree
from app.core.language.origin import Origin, spoken
from app.core.language.surface import (
    AwardForm,
    ReferenceForm,
    Shared,
    SharedChooseForm,
    SharedCreditsForm,
    SharedPartForm,
    SharingForm,
)
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.period import Period
from app.core.model.requirement import Pair, Requirement, Share
from app.core.model.rule import (
    Exclusion,
    Gate,
    OnAward,
    Reference,
    RuleEdition,
    SharedWith,
    Sharing,
)


def lower(form: AwardForm, source: Unfolded) -> tuple[RuleEdition, tuple[Diagnostic, ...]]:
    """Return the rule, and what is wrong between its parts."""
    found = Collector()
    spans, total = source.document.spans, form.credit.total
    origin = Origin(spans, form.framework or "", found, total=total, uses=source.uses)
    return replace(_edition(form, origin), blocks=source.blocks), found.sorted()


def _edition(form: AwardForm, origin: Origin) -> RuleEdition:
    return RuleEdition(
        award=CredentialId(form.award),
        title=form.title,
        edition=form.edition,
        effective=Period(form.effective.from_, form.effective.until),
        total=Credits(form.credit.total),
        unit=form.credit.unit,
        root=lower_tree(form.require, ("require",), "require", origin),
        whole=lower_qualifiers(form, (), "", origin),
        framework=form.framework or "",
        reference=_reference(form.reference),
        replaces=form.replaces or "",
        policies=form.policies.model_dump(exclude_none=True) if form.policies else {},
        sharing=_sharing(form.sharing, origin),
        excludes=tuple(_exclusions(form, origin)),
        pairs=tuple(_pairs(form, origin)),
        on_award=tuple(_on_award(form, origin)),
        admission=_admission(form, origin),
        gates=tuple(_gates(form, origin)),
        span=origin.at(()),
    )


def _reference(form: ReferenceForm | None) -> Reference:
    return Reference(form.title, form.link or "") if form else Reference("")


def _sharing(form: SharingForm | None, origin: Origin) -> Sharing | None:
    if form is None:
        return None
    return Sharing(
        shared_with=tuple(map(_shared, form.with_ or ())),
        awards=form.awards,
        reason=form.reason or "",
        span=origin.at(("sharing",)),
    )


def _shared(form: Shared) -> SharedWith:
    award = CredentialId(form.award)
    match form:
        case SharedCreditsForm():
            return SharedWith(award=award, amount=form.credits)
        case SharedChooseForm():
            return SharedWith(award=award, measure="choose", amount=form.choose)
        case SharedPartForm():
            return SharedWith(award=award, amount=Share(form.share, form.of))
    return SharedWith(award=award)


def _exclusions(form: AwardForm, origin: Origin) -> Iterator[Exclusion]:
    for index, each in enumerate(form.excludes or ()):
        place = ("excludes", index)
        yield Exclusion(
            id=origin.claim(each.id or f"excludes-{index + 1}", place),
            credentials=tuple(map(CredentialId, each.credentials)),
            at_most=1 if each.at_most is None else each.at_most,
            reason=each.reason or "",
            span=origin.at(place),
        )


def _pairs(form: AwardForm, origin: Origin) -> Iterator[Pair]:
    for index, each in enumerate(form.pairs or ()):
        credentials = tuple(map(CredentialId, each.credentials))
        span = origin.at(("pairs", index))
        yield Pair(credentials=credentials, reason=each.reason or "", span=span)


def _on_award(form: AwardForm, origin: Origin) -> Iterator[OnAward]:
    for index, each in enumerate(form.on_award or ()):
        award, span = CredentialId(each.award), origin.at(("on_award", index))
        yield OnAward(award=award, effect=each.effect, reason=each.reason or "", span=span)


def _admission(form: AwardForm, origin: Origin) -> Requirement | None:
    if form.admission is None:
        return None
    return lower_tree(form.admission, ("admission",), "admission", origin)


def _gates(form: AwardForm, origin: Origin) -> Iterator[Gate]:
    # A gate may bear the name of the requirement that it opens: their ids are apart.
    gates = replace(origin, taken={})
    for index, each in enumerate(form.gates or ()):
        place = ("gates", index)
        name = gates.claim(each.id, (*place, "id"))
        require = lower_tree(each.require, (*place, "require"), f"gate-{index + 1}", origin)
        yield Gate(id=name, title=each.title or spoken(name), require=require)
