"""The written forms of requirements, and of what may be said of one or of an award as a whole."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from app.core.language.form_selectors import Selector
from app.core.language.form_values import (
    UNIQUE,
    Amount,
    Count,
    Flag,
    Identifier,
    Length,
    Name,
    Points,
    Share,
    SharedName,
    Text,
    once_each,
)
from app.core.language.forms import BY_SHAPE, Form, OneOrMany, RangeForm, exactly_one, refused
from app.core.language.not_yet import BASES, CLAUSES, CONDITIONS, SETS, STEPS, WHOLE_RECORD, NotYet

MEASURES = ("credits", "choose", "share")
FORMS = ("take", "choose", "credits", "milestone", "attest", "all", "any", "some")


class NamedForm(Form):
    """What can be referred to by an id."""

    id: Name | None = Field(None, description="Stable name; made from the title if not given.")
    title: Text | None = Field(None, description="What people call it.")
    reason: Text | None = Field(None, description="The regulation that it rests on.")


class BoundForm(NamedForm):
    """At least or at most so much of what counts here."""

    not_yet: ClassVar[NotYet] = {**CLAUSES, **BASES}
    from_: Selector | None = Field(None, alias="from", description="Of which achievements.")
    over: Literal["record"] | None = Field(
        None, description="Look at the whole record, not at what counts here."
    )


class CreditsFloor(BoundForm):
    """At least so many credits of what counts here."""

    noun: ClassVar[str] = "a floor"
    credits: Amount = Field(description="How many credits.")


class ChooseFloor(BoundForm):
    """At least so many credentials of what counts here."""

    noun: ClassVar[str] = "a floor"
    choose: Count = Field(description="How many credentials.")


class ShareFloor(BoundForm):
    """At least such a part of the award's credits."""

    noun: ClassVar[str] = "a floor"
    share: Share = Field(description="Which part.")
    of: Literal["award"] = Field(description="What it is a part of.")


class CapForm(Form):
    """What a cap may say besides its amount."""

    items: Literal["whole", "trim"] | None = Field(
        None, description="Whether an achievement may count in part; else the policy `caps`."
    )


class CreditsCap(CreditsFloor, CapForm):
    """At most so many credits of what counts here."""

    noun: ClassVar[str] = "a cap"


class ChooseCap(ChooseFloor, CapForm):
    """At most so many credentials of what counts here."""

    noun: ClassVar[str] = "a cap"


class ShareCap(ShareFloor, CapForm):
    """At most such a part of the award's credits."""

    noun: ClassVar[str] = "a cap"


Floor: TypeAlias = Annotated[
    Annotated[CreditsFloor, Tag("form:credits")]
    | Annotated[ChooseFloor, Tag("form:choose")]
    | Annotated[ShareFloor, Tag("form:share")],
    exactly_one(*MEASURES),
]
Cap: TypeAlias = Annotated[
    Annotated[CreditsCap, Tag("form:credits")]
    | Annotated[ChooseCap, Tag("form:choose")]
    | Annotated[ShareCap, Tag("form:share")],
    exactly_one(*MEASURES),
]


class EachForm(Form):
    """What everything that counts here must match as well."""

    noun: ClassVar[str] = "an `each`"
    not_yet: ClassVar[NotYet] = WHOLE_RECORD
    must: Selector = Field(description="What it must match.")
    from_: Selector | None = Field(None, alias="from", description="Of which achievements.")
    reason: Text | None = Field(None, description="The regulation that it rests on.")


class DistinctForm(NamedForm, RangeForm):
    """How many different values of a fact there are among what counts here."""

    noun: ClassVar[str] = "a `distinct`"
    not_yet: ClassVar[NotYet] = WHOLE_RECORD
    by: Name = Field(description="The fact: issuer, field, level, term, or a declared attribute.")
    from_: Count | None = Field(None, alias="from", description="At least so many.")
    to: Count | None = Field(None, description="At most so many.")


class AverageForm(NamedForm):
    """The mean of grade points over what counts here, weighted by credits."""

    noun: ClassVar[str] = "an average"
    not_yet: ClassVar[NotYet] = SETS
    grade: Points | None = Field(None, description="The least mean; without it, only reported.")
    from_: Selector | None = Field(None, alias="from", description="Of which achievements.")
    over: Literal["counted", "record"] | None = Field(
        None, description="What counts here (`counted`), or the whole record."
    )


class WithinForm(Form):
    """The span of time in which everything that counts here was completed."""

    noun: ClassVar[str] = "a window"
    not_yet: ClassVar[NotYet] = WHOLE_RECORD
    span: Length = Field(description="How long it is.")
    from_: Name = Field(
        alias="from", description="`earliest-used`, `first-applicable`, or a milestone."
    )
    reason: Text | None = Field(None, description="The regulation that it rests on.")


def _each_shape(value: object) -> str:
    if isinstance(value, dict) and "must" in value:
        return "form:one"
    many = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    return "form:many" if many else "form:selector"


Each: TypeAlias = Annotated[
    Annotated[EachForm, Tag("form:one")]
    | Annotated[list[EachForm], Tag("form:many")]
    | Annotated[Selector, Tag("form:selector")],
    Discriminator(_each_shape),
]


class QualifiedForm(Form):
    """What may be said of any requirement, and of an award as a whole."""

    at_least: list[Floor] | None = Field(None, description="Floors on what counts here or below.")
    at_most: list[Cap] | None = Field(None, description="Caps on what counts here or below.")
    each: Each | None = Field(None, description="What everything that counts here must match.")
    distinct: OneOrMany[DistinctForm] | None = Field(None, description="Breadth of what counts.")
    average: OneOrMany[AverageForm] | None = Field(None, description="Mean of its grades.")
    within: OneOrMany[WithinForm] | None = Field(None, description="The time it was completed in.")


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
    not_yet: ClassVar[NotYet] = {**CLAUSES, **STEPS}


class RequirementForm(QualifiedForm, CommonForm):
    """What every requirement that credentials count toward may say beside its form."""

    noun: ClassVar[str] = "a requirement"
    not_yet: ClassVar[NotYet] = {
        **CLAUSES,
        "award": "name it as a credential: {take: …}",
        "weight": "leave it out: it weighs the credits that it asks for",
    }
    shares_with: OneOrMany[SharedName] | None = Field(
        None, description="Ids of requirements where the same achievement may count too."
    )


class CountRangeForm(RangeForm):
    """A number of credentials, from so many, at most so many."""

    noun: ClassVar[str] = "a quantity"
    not_yet: ClassVar[NotYet] = CONDITIONS
    from_: Count = Field(alias="from", description="At least so many.")
    to: Count | None = Field(None, description="At most so many.")


class QuantityRangeForm(RangeForm):
    """An amount of credits, from so much, at most so much."""

    noun: ClassVar[str] = "a quantity"
    not_yet: ClassVar[NotYet] = CONDITIONS
    from_: Amount = Field(alias="from", description="At least so much.")
    to: Amount | None = Field(None, description="At most so much.")


class TakeForm(RequirementForm, WeighedForm):
    """Every one of these credentials is held."""

    take: Annotated[OneOrMany[Identifier], AfterValidator(once_each), UNIQUE] = Field(
        description="Ids of credentials."
    )


class ChooseForm(RequirementForm, WeighedForm):
    """So many credentials of what the selector means."""

    choose: Annotated[
        Annotated[Count, Tag("form:scalar")] | Annotated[CountRangeForm, Tag("form:mapping")],
        BY_SHAPE,
    ] = Field(description="How many; a plain number takes no more than it needs.")
    from_: Selector = Field(alias="from", description="Of which credentials.")


class CreditsForm(RequirementForm):
    """So many credits of what the selector means."""

    credits: Annotated[
        Annotated[Amount, Tag("form:scalar")] | Annotated[QuantityRangeForm, Tag("form:mapping")],
        BY_SHAPE,
    ] = Field(description="How many; a plain amount takes no more than it needs.")
    from_: Selector = Field(alias="from", description="Of which credentials.")


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
    choose: Count = Field(description="How many of the parts.")
    of: list[Requirement] = Field(description="The parts.")

    @model_validator(mode="after")
    def _has_so_many(self) -> Self:
        if self.choose > len(self.of):
            message = f"`some` asks for {self.choose} of {len(self.of)} parts"
            raise refused("CN0220", message, "ask for fewer, or add parts", "choose")
        return self


class SomeForm(RequirementForm):
    """So many of these requirements are met."""

    some: SomeOfForm = Field(description="How many of which parts.")


Requirement: TypeAlias = Annotated[
    Annotated[TakeForm, Tag("form:take")]
    | Annotated[ChooseForm, Tag("form:choose")]
    | Annotated[CreditsForm, Tag("form:credits")]
    | Annotated[MilestoneForm, Tag("form:milestone")]
    | Annotated[AttestForm, Tag("form:attest")]
    | Annotated[AllForm, Tag("form:all")]
    | Annotated[AnyForm, Tag("form:any")]
    | Annotated[SomeForm, Tag("form:some")],
    exactly_one(*FORMS),
]
