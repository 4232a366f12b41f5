"""The written form of an award file; the source of its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, Tag, WithJsonSchema, model_validator

from app.core.language.elsewhere import EFFECTS, EXCLUDED, POLICIES, Elsewhere
from app.core.language.form_measured import MEASURES
from app.core.language.form_qualifiers import QualifiedForm
from app.core.language.form_requirements import Requirement
from app.core.language.form_values import (
    UNIQUE,
    Address,
    Amount,
    Count,
    Day,
    Identifier,
    Name,
    Share,
    Text,
    once_each,
)
from app.core.language.forms import Form, exactly_one, refused
from app.core.model.rule import AwardEffect


class EffectiveForm(Form):
    """The days in which the edition is in force."""

    noun: ClassVar[str] = "an `effective`"
    from_: Day = Field(alias="from", description="The first day.")
    until: Day | None = Field(None, description="The first day on which it is no longer.")

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.until is not None and self.until <= self.from_:
            message = "the edition ends before it begins"
            raise refused("CN0213", message, "`until` is the first day after it", "until")
        return self


class TotalForm(Form):
    """The award's size."""

    noun: ClassVar[str] = "a `credit`"
    total: Amount = Field(description="How many credits the award has.")
    unit: Name = Field(description="In which unit: ects, cats, scqf, au …")


class ReferenceForm(Form):
    """The regulation that the rule rests on."""

    noun: ClassVar[str] = "a reference"
    title: Text = Field(description="What it is called.")
    link: Address | None = Field(None, description="Where it can be read.")


class PoliciesForm(Form):
    """Answers where the same words mean different things; each overrides the institution's."""

    noun: ClassVar[str] = "the policies"
    elsewhere: ClassVar[Elsewhere] = POLICIES
    retakes: Literal["best", "last", "first", "each"] | None = Field(
        None, description="Which of several attempts counts."
    )
    caps: Literal["whole", "trim"] | None = Field(
        None, description="Whether an achievement may count in part under a cap."
    )
    level: Literal["at", "at-least"] | None = Field(
        None, description="Whether `level: 7` is level 7 alone, or 7 and higher."
    )
    edition: Literal["admission", "first-credit", "audit"] | None = Field(
        None, description="Which day binds a learner to an edition."
    )
    double_count: Literal["none", "free"] | None = Field(
        None, description="Whether credit may count in an award that `sharing` does not name."
    )
    late_lower_award: Literal["refuse", "grant"] | None = Field(
        None, description="Whether a lower award is given once a higher one is complete."
    )
    conversion: Name | None = Field(None, description="The conversion between units of credit.")
    grade_scale: Name | None = Field(None, description="The scale that grades belong to.")


class SharedForm(Form):
    """An award with which credit may be shared, freely."""

    noun: ClassVar[str] = "a shared award"
    award: Identifier = Field(description="The other award.")


class SharedCreditsForm(SharedForm):
    """An award with which so many credits may be shared."""

    credits: Amount = Field(description="At most so many credits.")


class SharedChooseForm(SharedForm):
    """An award with which so many credentials may be shared."""

    choose: Count = Field(description="At most so many credentials.")


class SharedPartForm(SharedForm):
    """An award with which such a part of the credits may be shared."""

    share: Share = Field(description="At most such a part.")
    of: Literal["smaller", "receiving"] = Field(description="What it is a part of.")


Shared: TypeAlias = Annotated[
    Annotated[SharedForm, Tag("form:award")]
    | Annotated[SharedCreditsForm, Tag("form:credits")]
    | Annotated[SharedChooseForm, Tag("form:choose")]
    | Annotated[SharedPartForm, Tag("form:share")],
    exactly_one(*MEASURES, otherwise="award"),
]


class SharingForm(Form):
    """What may count in other awards as well."""

    noun: ClassVar[str] = "a `sharing`"
    awards: Count | None = Field(None, description="In how many awards one achievement may count.")
    with_: list[Shared] | None = Field(None, alias="with", description="With which awards.")
    reason: Text | None = Field(None, description="The regulation that it rests on.")


Identifiers: TypeAlias = Annotated[list[Identifier], AfterValidator(once_each), UNIQUE]


class ExclusionForm(Form):
    """Credentials that overlap, of which only so many count."""

    noun: ClassVar[str] = "an exclusion"
    elsewhere: ClassVar[Elsewhere] = EXCLUDED
    id: Name | None = Field(None, description="Stable name.")
    credentials: Identifiers = Field(min_length=2, description="Those that overlap.")
    at_most: Count | None = Field(None, description="How many of them count; 1 if not given.")
    reason: Text | None = Field(None, description="The regulation that it rests on.")


class PairForm(Form):
    """Credentials that count only together."""

    noun: ClassVar[str] = "a pair"
    credentials: Identifiers = Field(min_length=2, description="Those that belong together.")
    reason: Text | None = Field(None, description="The regulation that it rests on.")


class OnAwardForm(Form):
    """What conferring this award does to another one."""

    noun: ClassVar[str] = "an `on_award`"
    elsewhere: ClassVar[Elsewhere] = EFFECTS
    award: Identifier = Field(description="The other award.")
    effect: AwardEffect = Field(description="What happens to it.")
    reason: Text | None = Field(None, description="The regulation that it rests on.")


class GateForm(Form):
    """A condition of its own that opens something, such as the thesis."""

    noun: ClassVar[str] = "a gate"
    id: Name = Field(description="Stable name.")
    title: Text | None = Field(None, description="What people call it.")
    require: Requirement = Field(description="What must be met.")


class BlockForm(Form):
    """A requirement that is written once; `$name` stands for the value of a parameter."""

    noun: ClassVar[str] = "a block"
    parameters: list[Name] | None = Field(None, description="What each use gives a value to.")
    require: Annotated[Any, WithJsonSchema({"type": "object", "additionalProperties": True})] = (
        Field(description="What it asks for.")
    )


class AwardForm(QualifiedForm):
    """The stacking rule of an award: one edition, with its cases."""

    noun: ClassVar[str] = "an award file"
    award: Identifier = Field(description="The award's id, as the catalogue has it.")
    title: Text = Field(description="The award's title.")
    edition: Text = Field(description='The edition\'s name, quoted: "2026".')
    effective: EffectiveForm = Field(description="When the edition is in force.")
    credit: TotalForm = Field(description="The award's size.")
    framework: Name | None = Field(None, description="The framework of levels written `7`.")
    reference: ReferenceForm | None = Field(None, description="The regulation it rests on.")
    replaces: Text | None = Field(None, description="The edition before this one.")
    policies: PoliciesForm | None = Field(None, description="Where it differs from the others.")
    blocks: dict[str, BlockForm] | None = Field(
        None, description="Requirements that are used in several places."
    )
    require: Requirement = Field(description="What must be held.")
    sharing: SharingForm | None = Field(None, description="What may count elsewhere too.")
    excludes: list[ExclusionForm] | None = Field(None, description="Overlapping credentials.")
    pairs: list[PairForm] | None = Field(None, description="Credentials that count together only.")
    on_award: list[OnAwardForm] | None = Field(None, description="What it does to other awards.")
    admission: Requirement | None = Field(None, description="A condition of entry, by itself.")
    gates: list[GateForm] | None = Field(None, description="Conditions that open something.")
    cases: Annotated[Any, WithJsonSchema({"type": "array"})] = Field(
        None, description="Records with the audit that each is to have."
    )
