"""The written forms of what may be said of a requirement, and of an award as a whole."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from app.core.language.elsewhere import BASES, COUNTED, LOOKS, Elsewhere
from app.core.language.form_changes import AmountChangeForm, CountChangeForm
from app.core.language.form_measured import MEASURES, Last, MeasuredForm, NamedForm
from app.core.language.form_selectors import Selector
from app.core.language.form_values import Amount, Count, Length, Name, Points, Share
from app.core.language.forms import Form, OneOrMany, RangeForm, exactly_one, refused
from app.core.model.requirement import AverageSet


class BoundForm(MeasuredForm):
    """At least or at most so much of what counts here."""

    over: Literal["record", "all-attempts"] | None = Field(
        None,
        description="Look at the whole `record`, not at what counts here, or at `all-attempts`, "
        "whatever came of them.",
    )


class CreditsFloor(BoundForm):
    """At least so many credits of what counts here."""

    noun: ClassVar[str] = "a floor"
    credits: Amount = Field(description="How many credits.")
    changes: list[AmountChangeForm] | None = Field(None, description="By how much it differs.")


class ChooseFloor(BoundForm):
    """At least so many credentials of what counts here."""

    noun: ClassVar[str] = "a floor"
    choose: Count = Field(description="How many credentials.")
    changes: list[CountChangeForm] | None = Field(None, description="By how many it differs.")


class ShareFloor(BoundForm):
    """At least such a part of the award's credits."""

    noun: ClassVar[str] = "a floor"
    share: Share = Field(description="Which part.")
    of: Literal["award"] = Field(description="What it is a part of.")


class CapForm(BoundForm):
    """What a cap on credits may say besides its amount."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["over", "items"]}})
    noun: ClassVar[str] = "a cap"
    items: Literal["whole", "trim"] | None = Field(
        None, description="Whether an achievement may count in part; else the policy `caps`."
    )

    @model_validator(mode="after")
    def _lets_count(self) -> Self:
        if self.items is not None and self.over is not None:
            raise refused("CN0201", "`items` says nothing beside `over`", LOOKS, "items")
        return self


class CreditsCap(CapForm, CreditsFloor):
    """At most so many credits of what counts here."""


class ChooseCap(ChooseFloor):
    """At most so many credentials of what counts here."""

    noun: ClassVar[str] = "a cap that counts credentials"
    elsewhere: ClassVar[Elsewhere] = {**BASES, **COUNTED}


class ShareCap(CapForm, ShareFloor):
    """At most such a part of the award's credits."""


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


class RecordForm(Form):
    """What may be said of the whole record, too."""

    over: Literal["record"] | None = Field(
        None, description="Look at the whole record, not at what counts here."
    )


class EachForm(NamedForm, RecordForm):
    """What everything that counts here must match as well."""

    noun: ClassVar[str] = "an `each`"
    must: Selector = Field(description="What it must match.")
    from_: Selector | None = Field(None, alias="from", description="Of which achievements.")


class DistinctForm(NamedForm, RecordForm, RangeForm):
    """How many different values of a fact there are among what counts here."""

    noun: ClassVar[str] = "a `distinct`"
    by: Name = Field(description="The fact: issuer, field, level, term, or a declared attribute.")
    from_: Count | None = Field(None, alias="from", description="At least so many.")
    to: Count | None = Field(None, description="At most so many.")
    changes: list[CountChangeForm] | None = Field(None, description="By how many it differs.")


class AverageForm(NamedForm):
    """The mean of grade points over what counts here, weighted by credits."""

    noun: ClassVar[str] = "an average"
    grade: Points | None = Field(None, description="The least mean; without it, only reported.")
    from_: Selector | None = Field(None, alias="from", description="Of which achievements.")
    over: AverageSet | None = Field(
        None,
        description="What counts here (`counted`), of that what is `not-transferred`, the whole "
        "`record`, or `all-attempts`, whatever came of them.",
    )


class WithinForm(NamedForm, RecordForm):
    """The span of time in which everything that counts here was completed."""

    noun: ClassVar[str] = "a window"
    span: Length = Field(description="How long it is.")
    from_: Name = Field(
        alias="from", description="`earliest-used`, `first-applicable`, or a milestone."
    )


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
    last: OneOrMany[Last] | None = Field(None, description="Floors on the latest of what counts.")
