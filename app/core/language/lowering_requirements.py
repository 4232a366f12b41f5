"""Requirements from their written form to the model."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from app.core.language.diagnostics import Place, did_you_mean
from app.core.language.form_requirements import (
    AllForm,
    AnyForm,
    AttestForm,
    ChooseForm,
    CountRangeForm,
    CreditsForm,
    MilestoneForm,
    QuantityRangeForm,
    RequirementForm,
    SomeForm,
    TakeForm,
    WeighedForm,
)
from app.core.language.form_requirements import Requirement as Written
from app.core.language.lowering_qualifiers import lower_qualifiers
from app.core.language.lowering_selectors import lower_selector
from app.core.language.made_names import made_title
from app.core.language.origin import Origin
from app.core.model.credential import CredentialId
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Attest,
    From,
    Group,
    Measure,
    MilestoneStep,
    Qualifiers,
    Quantity,
    Requirement,
    Take,
    walk,
)
from app.core.model.source import SourceSpan


class _NodeFields(TypedDict):
    """What every requirement has."""

    id: str
    title: str
    note: str
    reason: str
    optional: bool
    weight: int | None
    shares_with: tuple[str, ...]
    qualifiers: Qualifiers
    span: SourceSpan


def lower_tree(form: Written, place: Place, name: str, origin: Origin) -> Requirement:
    """Return the requirement with all that is below it; `name` is its id where none is given."""
    tree = replace(origin, sharing=[])
    root = _lower(form, place, name, tree)
    _check_sharing(root, tree)
    return root


def _lower(form: Written, place: Place, name: str, origin: Origin) -> Requirement:
    fields = _node_fields(form, place, name, origin)
    node = _node(form, place, fields, origin)
    return node if node.title else replace(node, title=made_title(node))


def _node(form: Written, place: Place, fields: _NodeFields, origin: Origin) -> Requirement:
    match form:
        case TakeForm():
            return Take(**fields, credentials=tuple(map(CredentialId, form.take)))
        case ChooseForm() | CreditsForm():
            selector = lower_selector(form.from_, (*place, "from"), origin)
            return From(**fields, quantity=_quantity(form), selector=selector)
        case MilestoneForm():
            return MilestoneStep(**fields, milestone=form.milestone)
        case AttestForm():
            return Attest(**fields, role=form.attest)
    return _group(form, place, fields, origin)


def _group(
    form: AllForm | AnyForm | SomeForm, place: Place, fields: _NodeFields, origin: Origin
) -> Group:
    forms, at, need = _parts(form)
    parts = (
        _lower(part, (*place, *at, index), f"{fields['id']}-{index + 1}", origin)
        for index, part in enumerate(forms)
    )
    return Group(**fields, parts=tuple(parts), need=need)


def _parts(form: AllForm | AnyForm | SomeForm) -> tuple[list[Written], Place, int | None]:
    """Return the parts, where they stand in the form, and how many of them are needed."""
    if isinstance(form, AllForm):
        return form.all, ("all",), None
    if isinstance(form, AnyForm):
        return form.any, ("any",), 1
    return form.some.of, ("some", "of"), form.some.choose


def _node_fields(form: Written, place: Place, name: str, origin: Origin) -> _NodeFields:
    made, title = origin.named(form, name, place)
    shared, said = None, NO_QUALIFIERS
    if isinstance(form, RequirementForm):
        shared, said = form.shares_with, lower_qualifiers(form, place, made, origin)
    if shared:
        origin.sharing.append((made, shared, place))
    return _NodeFields(
        id=made,
        title=title,
        note=form.note or "",
        reason=form.reason or "",
        optional=bool(form.optional),
        weight=form.weight if isinstance(form, WeighedForm) else None,
        shares_with=tuple(shared or ()),
        qualifiers=said,
        span=origin.at(place),
    )


def _quantity(form: ChooseForm | CreditsForm) -> Quantity:
    measure: Measure = "choose" if isinstance(form, ChooseForm) else "credits"
    written = form.choose if isinstance(form, ChooseForm) else form.credits
    if isinstance(written, CountRangeForm | QuantityRangeForm):
        return Quantity(measure, written.from_, written.to, plain=False)
    return Quantity(measure, written)


def _check_sharing(root: Requirement, origin: Origin) -> None:
    leaves = {node.id for node in walk(root) if isinstance(node, Take | From)}
    for owner, names, place in origin.sharing:
        for index, name in enumerate(names):
            complaint = _cannot_share(owner, name, leaves)
            if complaint:
                at = origin.item((*place, "shares_with"), index)
                message, remedy = complaint
                origin.found.error("CN0219", message, origin.at(at), path=at, remedy=remedy)


def _cannot_share(owner: str, name: str, leaves: set[str]) -> tuple[str, str] | None:
    if owner not in leaves:
        message = f"`{owner}` counts no achievements itself, so it cannot share them"
        return message, "say `shares_with` of the requirements in it that count them"
    if name == owner:
        return f"`{owner}` shares with itself", "name the other requirement"
    if name not in leaves:
        message = f"`{owner}` shares with `{name}`, which counts no achievements here"
        return message, did_you_mean(name, leaves - {owner})
    return None
