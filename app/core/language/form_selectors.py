"""The written form of selectors: which credentials or achievements are meant."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic import GetJsonSchemaHandler as Handler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.core.language.form_values import (
    PATTERN_SCHEMA,
    Amount,
    Count,
    Day,
    FactValue,
    Flag,
    Length,
    Name,
    Pattern,
    Text,
)
from app.core.language.forms import BY_SHAPE, Form, OneOrMany, RangeForm, needs, refused, wrong
from app.core.model.credential import Relation, Size
from app.core.model.record import Source, Status
from app.core.model.selector import DateFact

# Keys of the forms around a selector: in one they are mistakes, never declared attributes.
RESERVED = frozenset(
    {
        "add",
        "admission",
        "after",
        "all",
        "at_least",
        "at_most",
        "attest",
        "average",
        "by",
        "choose",
        "credits",
        "distinct",
        "each",
        "else",
        "fields",
        "from",
        "gates",
        "id",
        "issuers",
        "items",
        "last",
        "milestone",
        "must",
        "note",
        "of",
        "optional",
        "outcomes",
        "over",
        "prefer",
        "reason",
        "require",
        "share",
        "shares_with",
        "some",
        "take",
        "terms",
        "then",
        "title",
        "to",
        "unless",
        "until",
        "use",
        "weight",
        "when",
        "with",
        "within",
    }
)


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


class SelectorForm(Form):
    """Which credentials or achievements are meant: every key must match, a list means any of these.

    Any other key is an attribute that the catalogue declares.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "propertyNames": {"not": {"enum": [*sorted(RESERVED)]}},
            "dependentRequired": {"exactly": ["credential"]},
        },
    )
    __pydantic_extra__: dict[str, OneOrMany[AttributeValue]]

    noun: ClassVar[str] = "a selector"
    credential: OneOrMany[Pattern] | None = Field(None, description="Ids, or patterns with `*`.")
    type: OneOrMany[Text] | None = Field(None, description="The kind of credential.")
    issuer: OneOrMany[Name] | None = Field(None, description="Who awards it.")
    field: OneOrMany[Text] | None = Field(None, description="ISCED-F codes or their prefixes.")
    mode: OneOrMany[Text] | None = Field(None, description="How it is taught.")
    language: OneOrMany[Text] | None = Field(None, description="The language of teaching.")
    tag: OneOrMany[Text] | None = Field(None, description="Tags that the catalogue gives it.")
    relation: OneOrMany[Relation] | None = Field(None, description="How it stands to awards.")
    size: OneOrMany[Size] | None = Field(None, description="Its size class.")
    outcome: OneOrMany[Text] | None = Field(None, description="A learning outcome it teaches.")
    skill: OneOrMany[Text] | None = Field(None, description="A skill it teaches.")
    level: OneOrMany[Level] | None = Field(None, description="`7` reads as the policies say.")
    credit: OneOrMany[AmountRange] | None = Field(None, description="Its size, in the rule's unit.")
    grade: OneOrMany[GradeRange] | None = Field(None, description="`B` is exactly a B.")
    earned: OneOrMany[DayRangeForm] | None = Field(None, description="The day it was completed.")
    awarded: OneOrMany[DayRangeForm] | None = Field(None, description="The certificate's day.")
    started: OneOrMany[DayRangeForm] | None = Field(None, description="The day it was begun.")
    age: AgeForm | None = Field(None, description="How old it may be.")
    source: OneOrMany[Source] | None = Field(None, description="How it came into the record.")
    status: OneOrMany[Status] | None = Field(None, description="How it stands.")
    attempt: OneOrMany[Count] | None = Field(None, description="Which attempt it was.")
    registration: OneOrMany[Text] | None = Field(None, description="The learner's registration.")
    term: OneOrMany[Text] | None = Field(None, description="The term it was taken in.")
    used_in: OneOrMany[Text] | None = Field(None, description="Awards it counts in, or `any`.")
    not_: Selector | None = Field(None, alias="not", description="What must not match.")
    any_: list[Selector] | None = Field(
        None, alias="any", min_length=1, description="One of these must match."
    )
    exactly: Flag | None = Field(None, description="Equivalents of `credential` do not match.")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        for key in self.model_extra or {}:
            if key in RESERVED:
                remedy = "close the selector above it, or indent it less"
                raise refused("CN0201", f"`{key}` is not a key of a selector", remedy, key)
        if self.exactly is not None and self.credential is None:
            raise refused("CN0215", "`exactly` needs `credential`", "name credentials", "exactly")
        return self


def _unfolded(value: object) -> object:
    if isinstance(value, str | list):
        return {"credential": value}
    if not isinstance(value, dict):
        raise wrong("CN0203", "a selector: an id, a list of ids, or a mapping")
    return value


class _Shorthand:
    """Lets an editor know that ids alone are a selector, too."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Handler) -> JsonSchemaValue:
        many = {"type": "array", "items": PATTERN_SCHEMA, "minItems": 1}
        return {"anyOf": [PATTERN_SCHEMA, many, handler(core)]}


Selector: TypeAlias = Annotated[SelectorForm, BeforeValidator(_unfolded), _Shorthand()]
"""A selector; ids alone are short for `credential:`."""
