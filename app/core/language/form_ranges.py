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


class OwnForm(Form):
    """What the learner states of an attribute that the catalogue declares."""

    noun: ClassVar[str] = "a fact of the learner"
    learner: Name = Field(description="The attribute.")


def _end_shape(value: object) -> str:
    if isinstance(value, dict):
        return "form:own"
    return "form:days" if isinstance(value, date | str) else "form:numbers"


OwnEnd: TypeAlias = Annotated[
    Annotated[OwnForm, Tag("form:own")]
    | Annotated[Day, Tag("form:days")]
    | Annotated[Count, Tag("form:numbers")],
    Discriminator(_end_shape),
]


class OwnRangeForm(Form):
    """A range with an end of the learner's own, both ends inside."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [*map(needs, ("from", "to"))]})
    noun: ClassVar[str] = "a range by a fact of the learner"
    from_: OwnEnd | None = Field(None, alias="from", description="No less, or no earlier.")
    to: OwnEnd | None = Field(None, description="No more, or no later.")


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


def _is_own(value: object) -> bool:
    """Say whether an end of a range is the learner's own."""
    ends = value if isinstance(value, dict) else {}
    return any(isinstance(ends.get(end), dict) for end in ("from", "to"))


def _day_shape(value: object) -> str:
    return "form:own-range" if _is_own(value) else "form:days"


def _attribute_shape(value: object) -> str:
    if not isinstance(value, dict):
        return "form:scalar"
    if "learner" in value:
        return "form:own"
    if _is_own(value):
        return "form:own-range"
    # In JSON days are text.
    dated = any(isinstance(value.get(end), date | str) for end in ("from", "to"))
    return "form:days" if dated else "form:numbers"


AttributeValue: TypeAlias = Annotated[
    Annotated[FactValue, Tag("form:scalar")]
    | Annotated[DayRangeForm, Tag("form:days")]
    | Annotated[NumberRangeForm, Tag("form:numbers")]
    | Annotated[OwnForm, Tag("form:own")]
    | Annotated[OwnRangeForm, Tag("form:own-range")],
    Discriminator(_attribute_shape),
]
DayRange: TypeAlias = Annotated[
    Annotated[DayRangeForm, Tag("form:days")] | Annotated[OwnRangeForm, Tag("form:own-range")],
    Discriminator(_day_shape),
]
