"""The written form of circumstances: for whom something applies, and by how much it changes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import ConfigDict, Field, Tag, model_validator

from app.core.language.form_selectors import DayRangeForm, NumberRangeForm, Selector
from app.core.language.form_values import Amount, Count, FactValue, Name, Pattern
from app.core.language.forms import (
    BY_SHAPE,
    Form,
    OneOrMany,
    exactly_one,
    needs,
    refused,
)

LearnerValue: TypeAlias = Annotated[
    Annotated[FactValue, Tag("form:scalar")] | Annotated[NumberRangeForm, Tag("form:mapping")],
    BY_SHAPE,
]


class LearnerForm(Form):
    """What is so of the learner: attributes that the catalogue declares."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"minProperties": 1})
    __pydantic_extra__: dict[str, OneOrMany[LearnerValue]]
    noun: ClassVar[str] = "a `learner`"


class HoldsChooseForm(Form):
    """So many credentials that the record holds."""

    noun: ClassVar[str] = "a `holds`"
    choose: Count = Field(description="At least so many.")
    from_: Selector = Field(alias="from", description="Of what; of what is earned, if not said.")


class HoldsCreditsForm(Form):
    """So many credits that the record holds."""

    noun: ClassVar[str] = "a `holds`"
    credits: Amount = Field(description="At least so many.")
    from_: Selector = Field(alias="from", description="Of what; of what is earned, if not said.")


Holds: TypeAlias = Annotated[
    Annotated[HoldsChooseForm, Tag("form:choose")]
    | Annotated[HoldsCreditsForm, Tag("form:credits")],
    exactly_one("choose", "credits"),
]


class MilestoneDayForm(DayRangeForm):
    """A milestone that is recorded on a day of a range."""

    noun: ClassVar[str] = "a milestone with its days"
    name: Name = Field(description="The name of the step.")


MilestoneDay: TypeAlias = Annotated[
    Annotated[Name, Tag("form:scalar")] | Annotated[MilestoneDayForm, Tag("form:mapping")],
    BY_SHAPE,
]


class CircumstanceForm(Form):
    """For whom something applies: every key must hold, a list means any of these."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    noun: ClassVar[str] = "a circumstance"
    declared: OneOrMany[Pattern] | None = Field(None, description="Awards the learner declared.")
    learner: LearnerForm | None = Field(None, description="The learner's own attributes.")
    holds: Holds | None = Field(None, description="What the record holds.")
    milestone: OneOrMany[MilestoneDay] | None = Field(None, description="A step is recorded.")
    not_: CircumstanceForm | None = Field(None, alias="not", description="What must not hold.")
    any_: list[CircumstanceForm] | None = Field(
        None, alias="any", min_length=1, description="One of these must hold."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            remedy = "write `declared`, `learner`, `holds` or `milestone`"
            raise refused("CN0222", "a circumstance without keys holds for everybody", remedy)
        return self


class ChangeForm(Form):
    """By how much a quantity differs, and for whom."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [needs("when"), needs("unless")],
            "anyOf": [needs("add"), needs("set")],
        }
    )
    noun: ClassVar[str] = "a change"
    when: CircumstanceForm | None = Field(None, description="For whom it applies.")
    unless: CircumstanceForm | None = Field(None, description="For whom it does not apply.")

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.when is None) == (self.unless is None):
            raise refused("CN0221", "a change says once for whom it is", "write `when` or `unless`")
        if (getattr(self, "add", None) is None) == (getattr(self, "set", None) is None):
            raise refused("CN0221", "a change says once how much it is", "write `add` or `set`")
        return self


class CountChangeForm(ChangeForm):
    """By how many a number differs."""

    add: Count | None = Field(None, description="So many more.")
    set: Count | None = Field(None, description="So many instead.")


class AmountChangeForm(ChangeForm):
    """By how many credits an amount differs."""

    add: Amount | None = Field(None, description="So many more.")
    set: Amount | None = Field(None, description="So many instead.")
