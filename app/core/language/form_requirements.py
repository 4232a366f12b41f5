"""The written forms of requirements."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from app.core.language.elsewhere import BASES, STEPS, WEIGHED, Elsewhere
from app.core.language.form_changes import AmountChangeForm, CountChangeForm
from app.core.language.form_measured import NamedForm
from app.core.language.form_qualifiers import QualifiedForm
from app.core.language.form_selectors import CircumstanceForm, Selector
from app.core.language.form_values import (
    UNIQUE,
    Amount,
    Count,
    CountOrFact,
    Flag,
    Identifier,
    Name,
    Pattern,
    Share,
    Text,
    once_each,
)
from app.core.language.forms import BY_SHAPE, Form, OneOrMany, RangeForm, exactly_one, refused

FORMS = (
    "take",
    "choose",
    "credits",
    "share",
    "terms",
    "fields",
    "issuers",
    "outcomes",
    "milestone",
    "attest",
    "all",
    "any",
    "some",
    "award",
    "tracks",
    "when",
    "use",
)


class CommonForm(NamedForm):
    """What requirements of every kind may say."""

    note: Text | None = Field(None, description="A word to the reader; means nothing to the audit.")
    optional: Flag | None = Field(None, description="It never blocks the group around it.")


class WeighedForm(Form):
    """What a requirement may say that is not counted in credits."""

    weight: Amount | None = Field(None, description="Credits it stands for in the progress.")


class StepForm(CommonForm, WeighedForm):
    """What every step without credit may say beside its form."""

    noun: ClassVar[str] = "a step"
    elsewhere: ClassVar[Elsewhere] = STEPS


class SharesCreditsForm(Form):
    """Requirements that share so many credits."""

    noun: ClassVar[str] = "a `shares_with`"
    with_: OneOrMany[Name] = Field(alias="with", description="Ids, or `everything`.")
    credits: Amount = Field(description="At most so many credits.")


class SharesChooseForm(Form):
    """Requirements that share so many credentials."""

    noun: ClassVar[str] = "a `shares_with`"
    with_: OneOrMany[Name] = Field(alias="with", description="Ids, or `everything`.")
    choose: Count = Field(description="At most so many credentials.")


def _share_shape(value: object) -> str:
    if not isinstance(value, dict):
        return "form:scalar"
    return "form:choose" if "choose" in value else "form:credits"


SharesWith: TypeAlias = Annotated[
    Annotated[Name, Tag("form:scalar")]
    | Annotated[SharesCreditsForm, Tag("form:credits")]
    | Annotated[SharesChooseForm, Tag("form:choose")],
    Discriminator(_share_shape),
]


class RequirementForm(QualifiedForm, CommonForm):
    """What every requirement that credentials count toward may say beside its form."""

    noun: ClassVar[str] = "a requirement"
    elsewhere: ClassVar[Elsewhere] = WEIGHED
    shares_with: OneOrMany[SharesWith] | None = Field(
        None, description="Where what counts here may count too: ids, or `everything`."
    )
    after: OneOrMany[Name] | None = Field(
        None, description="Ids of requirements that are completed before what counts here begins."
    )


class CountRangeForm(RangeForm):
    """A number of credentials, from so many, at most so many."""

    noun: ClassVar[str] = "a quantity"
    from_: Count = Field(alias="from", description="At least so many.")
    to: Count | None = Field(None, description="At most so many.")


class PartsRangeForm(RangeForm):
    """A number of parts, of which so many have to be met and so many may be used."""

    noun: ClassVar[str] = "a `some`"
    from_: Count = Field(alias="from", description="At least so many are met.")
    to: Count | None = Field(None, description="At most so many hold anything that counts.")


class QuantityRangeForm(RangeForm):
    """An amount of credits, from so much, at most so much."""

    noun: ClassVar[str] = "a quantity"
    from_: Amount = Field(alias="from", description="At least so much.")
    to: Amount | None = Field(None, description="At most so much.")


class ShareRangeForm(RangeForm):
    """A part of the award's credits, from such a part, at most such a part."""

    noun: ClassVar[str] = "a quantity"
    from_: Share = Field(alias="from", description="At least such a part.")
    to: Share | None = Field(None, description="At most such a part.")


class LeafForm(RequirementForm):
    """What a requirement that achievements count toward may say."""

    prefer: OneOrMany[Selector] | None = Field(
        None, description="What counts first, of equally good ways; of several, the first most."
    )


class FromForm(LeafForm):
    """What may be said of requirements that count what a selector means."""

    from_: Selector = Field(alias="from", description="Of which credentials.")
    counted_in: OneOrMany[Name] | None = Field(
        None, description="Only of what counts in these requirements too: ids, or `everything`."
    )


CountOrRange: TypeAlias = Annotated[
    Annotated[CountOrFact, Tag("form:scalar")] | Annotated[CountRangeForm, Tag("form:mapping")],
    BY_SHAPE,
]


class TakeForm(LeafForm, WeighedForm):
    """Every one of these credentials is held."""

    take: Annotated[OneOrMany[Identifier], AfterValidator(once_each), UNIQUE] = Field(
        description="Ids of credentials."
    )


class ChooseForm(FromForm, WeighedForm):
    """So many credentials of what the selector means."""

    choose: CountOrRange = Field(
        description="How many; a plain number takes no more than it needs."
    )
    changes: list[CountChangeForm] | None = Field(None, description="By how many it differs.")


class CreditsForm(FromForm):
    """So many credits of what the selector means."""

    credits: Annotated[
        Annotated[Amount, Tag("form:scalar")] | Annotated[QuantityRangeForm, Tag("form:mapping")],
        BY_SHAPE,
    ] = Field(description="How many; a plain amount takes no more than it needs.")
    changes: list[AmountChangeForm] | None = Field(None, description="By how much it differs.")


class ShareForm(FromForm):
    """Such a part of the award's credits, of what the selector means."""

    elsewhere: ClassVar[Elsewhere] = {**BASES, **WEIGHED}
    share: Annotated[
        Annotated[Share, Tag("form:scalar")] | Annotated[ShareRangeForm, Tag("form:mapping")],
        BY_SHAPE,
    ] = Field(description="Which part; a plain one takes no more than it needs.")
    of: Literal["award"] = Field(description="What it is a part of.")
    changes: list[AmountChangeForm] | None = Field(None, description="By how much it differs.")


class DifferentForm(FromForm, WeighedForm):
    """So many different values of a fact among what the selector means."""

    changes: list[CountChangeForm] | None = Field(None, description="By how many it differs.")


class TermsForm(DifferentForm):
    """Credentials of so many different terms."""

    terms: CountOrRange = Field(description="How many terms.")


class FieldsForm(DifferentForm):
    """Credentials of so many different fields."""

    fields: CountOrRange = Field(description="How many fields.")


class IssuersForm(DifferentForm):
    """Credentials of so many different issuers."""

    issuers: CountOrRange = Field(description="How many issuers.")


def _outcomes_shape(value: object) -> str:
    if isinstance(value, list):
        return "form:many"
    if value == "all":
        return "form:all"
    return "form:mapping" if isinstance(value, dict) else "form:scalar"


class OutcomesForm(DifferentForm):
    """Credentials that together teach so many learning outcomes, each of those listed, or all."""

    outcomes: Annotated[
        Annotated[CountOrFact, Tag("form:scalar")]
        | Annotated[CountRangeForm, Tag("form:mapping")]
        | Annotated[list[Text], Field(min_length=1), AfterValidator(once_each), Tag("form:many")]
        | Annotated[Literal["all"], Tag("form:all")],
        Discriminator(_outcomes_shape),
    ] = Field(description="How many outcomes, which, or `all`.")


class MilestoneForm(StepForm):
    """A step without credit is recorded."""

    milestone: Name = Field(description="The name of the step.")


class AttestForm(StepForm):
    """A person has confirmed it; until then it is pending."""

    attest: Text = Field(description="The person's role.")


class AllForm(RequirementForm):
    """Every one of these requirements is met."""

    all: list[Requirement] = Field(description="The parts.")


class AnyForm(RequirementForm):
    """One of these requirements is met."""

    any: list[Requirement] = Field(description="The parts.", min_length=1)


class SomeOfForm(Form):
    """How many of which requirements are met."""

    noun: ClassVar[str] = "a `some`"
    choose: Annotated[
        Annotated[Count, Tag("form:scalar")] | Annotated[PartsRangeForm, Tag("form:mapping")],
        BY_SHAPE,
    ] = Field(description="How many of the parts, and in how many of them anything may count.")
    of: list[Requirement] = Field(description="The parts.")

    @model_validator(mode="after")
    def _has_so_many(self) -> Self:
        need = self.choose.from_ if isinstance(self.choose, PartsRangeForm) else self.choose
        if need > len(self.of):
            message = f"`some` asks for {need} of {len(self.of)} parts"
            raise refused("CN0220", message, "ask for fewer, or add parts", "choose")
        return self


class SomeForm(RequirementForm):
    """So many of these requirements are met."""

    some: SomeOfForm = Field(description="How many of which parts.")


class NestedForm(RequirementForm):
    """An award is held, or its own rule is met here."""

    award: Identifier = Field(description="The id of the award.")
    edition: Text | None = Field(
        None, description="Which edition of its rule; if not said, the one of the day."
    )


class TrackForm(Form):
    """A track, which applies to who has declared it."""

    noun: ClassVar[str] = "a track"
    declared: OneOrMany[Pattern] = Field(description="What has to be declared.")
    require: Requirement = Field(description="What it asks for.")


class TracksOfForm(Form):
    """Tracks, and how many of those that are declared have to be met."""

    noun: ClassVar[str] = "a `tracks`"
    choose: Count | None = Field(None, description="How many; if not said, each that is declared.")
    of: list[TrackForm] = Field(min_length=1, description="The tracks.")


class TracksForm(RequirementForm):
    """What the tracks that the learner has declared ask for."""

    tracks: TracksOfForm = Field(description="The tracks, and how many have to be met.")


class WhenForm(NamedForm):
    """What is asked for by circumstance; without `else`, nothing of those it does not hold for."""

    noun: ClassVar[str] = "a `when`"
    note: Text | None = Field(None, description="A word to the reader; means nothing to the audit.")
    when: CircumstanceForm = Field(description="For whom `then` applies.")
    then: Requirement = Field(description="What they need.")
    else_: Requirement | None = Field(None, alias="else", description="What all others need.")


class UseForm(CommonForm):
    """A requirement that stands under `blocks`, with its parameters filled in."""

    noun: ClassVar[str] = "a `use`"
    use: Name = Field(description="The name of the block.")
    with_: dict[str, Any] | None = Field(
        None, alias="with", description="A value for each parameter of the block."
    )


Requirement: TypeAlias = Annotated[
    Annotated[TakeForm, Tag("form:take")]
    | Annotated[ChooseForm, Tag("form:choose")]
    | Annotated[CreditsForm, Tag("form:credits")]
    | Annotated[ShareForm, Tag("form:share")]
    | Annotated[TermsForm, Tag("form:terms")]
    | Annotated[FieldsForm, Tag("form:fields")]
    | Annotated[IssuersForm, Tag("form:issuers")]
    | Annotated[OutcomesForm, Tag("form:outcomes")]
    | Annotated[MilestoneForm, Tag("form:milestone")]
    | Annotated[AttestForm, Tag("form:attest")]
    | Annotated[AllForm, Tag("form:all")]
    | Annotated[AnyForm, Tag("form:any")]
    | Annotated[SomeForm, Tag("form:some")]
    | Annotated[NestedForm, Tag("form:award")]
    | Annotated[TracksForm, Tag("form:tracks")]
    | Annotated[WhenForm, Tag("form:when")]
    | Annotated[UseForm, Tag("form:use")],
    exactly_one(*FORMS),
]
