"""The written form of what selectors compare with: levels, amounts, grades, days, numbers, ages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from app.core.language.form_values import (
    Amount,
    Count,
    Day,
    FactValue,
    Length,
    Name,
    Text,
)
from app.core.language.forms import BY_SHAPE, Form, RangeForm, needs, refused
from app.core.model.selector import DateFact


class LevelForm(Form):
    """A level of a framework, or a range of them."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [needs("at"), {"anyOf": [needs("from"), needs("to")]}]}
    )
    noun: ClassVar[str] = "a level"
    framework: Name | None = Field(None, description="The framework, if not the file's own.")
    at: Count | None = Field(None, description="Exactly this level.")
    from_: Count | None = Field(None, alias="from", description="This level or a higher one.")
    to: Count | None = Field(None, description="This level or a lower one.")

    @model_validator(mode="after")
    def _one_reading(self) -> Self:
        ends = [end for end in (self.from_, self.to) if end is not None]
        if (self.at is None) == (not ends):
            remedy = "write `at`, or `from` and `to`"
            raise refused("CN0214", "a level is one level or a range of levels", remedy)
        if ends != sorted(ends):
            raise refused("CN0213", "a level ends before it begins", "exchange `from` and `to`")
        return self


class AmountRangeForm(RangeForm):
    """Credits from one amount up to another, both inside."""

    noun: ClassVar[str] = "a range of credits"
    from_: Amount | None = Field(None, alias="from", description="At least as many credits.")
    to: Amount | None = Field(None, description="At most as many credits.")


class GradeRangeForm(RangeForm):
    """Grades from one up to another, both inside, by their order on the scale."""

    noun: ClassVar[str] = "a range of grades"
    from_: Text | None = Field(None, alias="from", description="This grade or a better one.")
    to: Text | None = Field(None, description="This grade or a lesser one.")


class DayRangeForm(RangeForm):
    """Days from one up to another, both inside."""

    noun: ClassVar[str] = "a range of days"
    from_: Day | None = Field(None, alias="from", description="On this day or later.")
    to: Day | None = Field(None, description="On this day or earlier.")


class NumberRangeForm(RangeForm):
    """A whole number from one up to another, both inside."""

    noun: ClassVar[str] = "a range of numbers"
    from_: Count | None = Field(None, alias="from", description="This number or more.")
    to: Count | None = Field(None, description="This number or less.")


class AgeForm(Form):
    """How old an achievement may be, measured from which day to which; both ends are inside."""

    noun: ClassVar[str] = "an age"
    to: Length = Field(description="The greatest age.")
    from_: DateFact = Field(alias="from", description="The day of the achievement that counts.")
    until: Name = Field(description="`audit`, or the name of a milestone.")


Level: TypeAlias = Annotated[
    Annotated[Count, Tag("form:scalar")] | Annotated[LevelForm, Tag("form:mapping")], BY_SHAPE
]
AmountRange: TypeAlias = Annotated[
    Annotated[Amount, Tag("form:scalar")] | Annotated[AmountRangeForm, Tag("form:mapping")],
    BY_SHAPE,
]
GradeRange: TypeAlias = Annotated[
    Annotated[Text, Tag("form:scalar")] | Annotated[GradeRangeForm, Tag("form:mapping")], BY_SHAPE
]


def _attribute_shape(value: object) -> str:
    if not isinstance(value, dict):
        return "form:scalar"
    # In JSON days are text.
    dated = any(isinstance(value.get(end), date | str) for end in ("from", "to"))
    return "form:days" if dated else "form:numbers"


AttributeValue: TypeAlias = Annotated[
    Annotated[FactValue, Tag("form:scalar")]
    | Annotated[DayRangeForm, Tag("form:days")]
    | Annotated[NumberRangeForm, Tag("form:numbers")],
    Discriminator(_attribute_shape),
]
