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
    CommonForm,
    CountRangeForm,
    CreditsForm,
    DifferentForm,
    FieldsForm,
    FromForm,
    IssuersForm,
    LeafForm,
    MilestoneForm,
    NestedForm,
    OutcomesForm,
    PartsRangeForm,
    QuantityRangeForm,
    RequirementForm,
    ShareForm,
    ShareRangeForm,
    SharesChooseForm,
    SharesCreditsForm,
    SharesWith,
    SomeForm,
    TakeForm,
    TermsForm,
    TracksForm,
    UseForm,
    WeighedForm,
    WhenForm,
)
from app.core.language.form_requirements import Requirement as Written
from app.core.language.lowering_changes import lower_changes
from app.core.language.lowering_qualifiers import lower_qualifiers
from app.core.language.lowering_selectors import lower_circumstance, lower_selector
from app.core.language.made_names import made_title
from app.core.language.origin import Origin
from app.core.model.change import Change
from app.core.model.credential import CredentialId
from app.core.model.errors import InvariantError
from app.core.model.requirement import (
    EVERYWHERE,
    NO_QUALIFIERS,
    Attest,
    From,
    Group,
    Measure,
    MilestoneStep,
    Nested,
    Qualifiers,
    Quantity,
    Requirement,
    Share,
    SharingLimit,
    Take,
    Used,
    When,
    walk,
)
from app.core.model.selector import Circumstance, Declared, Selector
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
    sharing_limits: tuple[SharingLimit, ...]
    after: tuple[str, ...]
    qualifiers: Qualifiers
    used: Used | None
    span: SourceSpan


def lower_tree(form: Written, place: Place, name: str, origin: Origin) -> Requirement:
    """Return the requirement with all that is below it; `name` is its id where none is given."""
    tree = replace(origin, sharing=[], views=[])
    root = _lower(form, place, name, tree)
    _check_sharing(root, tree)
    _check_views(root, tree)
    return root


def _lower(form: Written, place: Place, name: str, origin: Origin) -> Requirement:
    fields = _node_fields(form, place, name, origin)
    node = _node(form, place, fields, origin)
    return node if node.title else replace(node, title=made_title(node))


def _node(form: Written, place: Place, fields: _NodeFields, origin: Origin) -> Requirement:
    match form:
        case TakeForm():
            prefer = _preferred(form, place, origin)
            return Take(**fields, credentials=tuple(map(CredentialId, form.take)), prefer=prefer)
        case ChooseForm() | CreditsForm() | ShareForm() | DifferentForm():
            return From(
                **fields,
                quantity=_quantity(form, place, origin),
                selector=lower_selector(form.from_, (*place, "from"), origin),
                counted_in=tuple(map(_there, form.counted_in or ())),
                prefer=_preferred(form, place, origin),
            )
        case MilestoneForm():
            return MilestoneStep(**fields, milestone=form.milestone)
        case AttestForm():
            return Attest(**fields, role=form.attest)
        case NestedForm():
            edition = form.edition or ""
            return Nested(**fields, award=CredentialId(form.award), edition=edition)
        case TracksForm():
            return _tracks(form, place, fields, origin)
        case WhenForm():
            return _when(form, place, fields, origin)
        case UseForm():
            msg = f"{origin.at(place)}: blocks are filled in before requirements are read"
            raise InvariantError(msg)
    return _group(form, place, fields, origin)


def _when(form: WhenForm, place: Place, fields: _NodeFields, origin: Origin) -> When:
    otherwise = None
    if form.else_ is not None:
        otherwise = _lower(form.else_, (*place, "else"), f"{fields['id']}-else", origin)
    return When(
        **fields,
        circumstance=lower_circumstance(form.when, (*place, "when"), origin),
        then=_lower(form.then, (*place, "then"), f"{fields['id']}-then", origin),
        otherwise=otherwise,
    )


def _tracks(form: TracksForm, place: Place, fields: _NodeFields, origin: Origin) -> Group:
    """A choice among what applies to who has declared it; without a number, all of that."""
    parts = []
    for index, track in enumerate(form.tracks.of):
        at = (*place, "tracks", "of", index)
        name = origin.claim(f"{fields['id']}-{index + 1}", at)
        then = _lower(track.require, (*at, "require"), f"{name}-then", origin)
        when = When(
            id=name,
            title="",
            circumstance=Circumstance((Declared(tuple(track.declared)),)),
            then=then,
            span=origin.at(at),
        )
        parts.append(replace(when, title=made_title(when)))
    return Group(**fields, parts=tuple(parts), need=form.tracks.choose)


def _preferred(form: LeafForm, place: Place, origin: Origin) -> tuple[Selector, ...]:
    several = enumerate(form.prefer or ())
    return tuple(
        lower_selector(each, origin.item((*place, "prefer"), at), origin) for at, each in several
    )


def _group(
    form: AllForm | AnyForm | SomeForm, place: Place, fields: _NodeFields, origin: Origin
) -> Group:
    forms, at, need, most = _parts(form)
    parts = (
        _lower(part, (*place, *at, index), f"{fields['id']}-{index + 1}", origin)
        for index, part in enumerate(forms)
    )
    return Group(**fields, parts=tuple(parts), need=need, most=most)


def _parts(
    form: AllForm | AnyForm | SomeForm,
) -> tuple[list[Written], Place, int | None, int | None]:
    """Return the parts, where they stand, how many are needed, and how many may be used."""
    if isinstance(form, AllForm):
        return form.all, ("all",), None, None
    if isinstance(form, AnyForm):
        return form.any, ("any",), 1, None
    some = form.some
    if isinstance(some.choose, PartsRangeForm):
        return some.of, ("some", "of"), some.choose.from_, some.choose.to
    return some.of, ("some", "of"), some.choose, None


def _node_fields(form: Written, place: Place, name: str, origin: Origin) -> _NodeFields:
    made, title = origin.named(form, name, place)
    shared: list[SharesWith] = []
    said = NO_QUALIFIERS
    if isinstance(form, RequirementForm):
        shared, said = form.shares_with or [], lower_qualifiers(form, place, made, origin)
    if isinstance(form, FromForm) and form.counted_in:
        origin.views.append((made, form.counted_in, place))
    for index, one in enumerate(shared):
        names = [one] if isinstance(one, str) else one.with_
        origin.sharing.append((made, names, origin.item((*place, "shares_with"), index)))
    return _NodeFields(
        id=made,
        title=title,
        note=form.note or "",
        reason=form.reason or "",
        optional=isinstance(form, CommonForm) and bool(form.optional),
        weight=form.weight if isinstance(form, WeighedForm) else None,
        shares_with=tuple(_there(one) for one in shared if isinstance(one, str)),
        sharing_limits=tuple(_limit(one) for one in shared if not isinstance(one, str)),
        after=tuple(form.after or ()) if isinstance(form, RequirementForm) else (),
        qualifiers=said,
        used=origin.uses.get(place),
        span=origin.at(place),
    )


def _there(name: str) -> str:
    return EVERYWHERE if name == "everything" else name


def _limit(form: SharesCreditsForm | SharesChooseForm) -> SharingLimit:
    requirements = tuple(map(_there, form.with_))
    if isinstance(form, SharesCreditsForm):
        return SharingLimit(requirements, "credits", form.credits)
    return SharingLimit(requirements, "choose", form.choose)


def _quantity(
    form: ChooseForm | CreditsForm | ShareForm | DifferentForm, place: Place, origin: Origin
) -> Quantity:
    if isinstance(form, ShareForm):
        return _part(form, lower_changes(form.changes, place, origin), origin.total)
    measure: Measure = "credits" if isinstance(form, CreditsForm) else "choose"
    written, by = _written(form)
    changes = lower_changes(form.changes, place, origin)
    if isinstance(form, OutcomesForm) and written == "all":
        return Quantity(measure, 0, changes=changes, by=by, every=True)
    if isinstance(written, list):
        return Quantity(measure, len(written), changes=changes, by=by, only=tuple(written))
    if isinstance(written, CountRangeForm | QuantityRangeForm):
        return Quantity(measure, written.from_, written.to, plain=False, changes=changes, by=by)
    if isinstance(written, str):
        return Quantity(measure, 0, fact=written, changes=changes, by=by)
    return Quantity(measure, written, changes=changes, by=by)


def _part(form: ShareForm, changes: tuple[Change, ...], total: int) -> Quantity:
    """Return a part of the award as the credits that it comes to; its top is not below it."""
    ranged = isinstance(form.share, ShareRangeForm)
    low = form.share.from_ if isinstance(form.share, ShareRangeForm) else form.share
    high = form.share.to if isinstance(form.share, ShareRangeForm) else None
    share, top = Share(low, form.of), None if high is None else Share(high, form.of)
    least = share.least(total)
    most = None if top is None else max(least, top.most(total))
    return Quantity("credits", least, most, plain=not ranged, changes=changes, share=share, top=top)


def _written(
    form: ChooseForm | CreditsForm | DifferentForm,
) -> tuple[int | str | CountRangeForm | QuantityRangeForm | list[str], str]:
    """Return the quantity as it is written, and the fact whose values it counts."""
    match form:
        case ChooseForm():
            return form.choose, ""
        case CreditsForm():
            return form.credits, ""
        case TermsForm():
            return form.terms, "term"
        case FieldsForm():
            return form.fields, "field"
        case IssuersForm():
            return form.issuers, "issuer"
        case OutcomesForm():
            return form.outcomes, "outcome"
    msg = f"{type(form).__name__} is no quantity"
    raise InvariantError(msg)


def _check_sharing(root: Requirement, origin: Origin) -> None:
    below = {node.id: {one.id for one in walk(node)} for node in walk(root)}
    leaves = {node.id for node in walk(root) if _counts(node)}
    counting = {name for name, inside in below.items() if inside & leaves}
    for owner, names, place in origin.sharing:
        for name in names:
            complaint = _cannot_share(owner, name, counting, below[owner])
            if complaint:
                message, remedy = complaint
                span = origin.at(place)
                origin.found.error("CN0219", message, span, path=place, remedy=remedy)


def _check_views(root: Requirement, origin: Origin) -> None:
    viewing = {owner for owner, _, _ in origin.views}
    counting = {
        node.id
        for node in walk(root)
        if any(_counts(one) and one.id not in viewing for one in walk(node))
    }
    for owner, names, place in origin.views:
        for index, name in enumerate(names):
            if name in {*counting, "everything"}:
                continue
            at = origin.item((*place, "counted_in"), index)
            message = f"`{owner}` counts what counts in `{name}`, where nothing counts by itself"
            remedy = did_you_mean(name, counting) or "name a requirement that counts by itself"
            origin.found.error("CN0225", message, origin.at(at), path=at, remedy=remedy)


def _counts(node: Requirement) -> bool:
    return isinstance(node, Take | From | Nested)


def _cannot_share(
    owner: str, name: str, counting: set[str], inside: set[str]
) -> tuple[str, str] | None:
    if owner not in counting:
        message = f"`{owner}` counts no achievements, so it cannot share them"
        return message, "say `shares_with` of a requirement that counts some"
    if name == owner:
        return f"`{owner}` shares with itself", "name the other requirement"
    if name in inside:
        return f"`{owner}` shares with `{name}`, which is a part of it", "name one outside it"
    if name not in {*counting, "everything"}:
        message = f"`{owner}` shares with `{name}`, which counts no achievements here"
        return message, did_you_mean(name, counting - {owner})
    return None
