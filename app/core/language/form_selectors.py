"""The written form of selectors and circumstances: which achievements are meant, and for whom."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, Tag, model_validator
from pydantic import GetJsonSchemaHandler as Handler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.core.language.elsewhere import OUTSIDE, UNLESS, Elsewhere
from app.core.language.form_ranges import (
    AgeForm,
    AmountRange,
    AttributeValue,
    DayRange,
    DayRangeForm,
    GradeRange,
    Level,
    NumberRangeForm,
)
from app.core.language.form_values import (
    PATTERN_SCHEMA,
    Amount,
    Count,
    FactValue,
    Flag,
    Name,
    Pattern,
    Text,
)
from app.core.language.forms import (
    BY_SHAPE,
    Form,
    OneOrMany,
    exactly_one,
    refused,
    wrong,
)
from app.core.model.credential import Relation, Size
from app.core.model.record import Source, Status

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
        "with",
        "within",
    }
)


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
    elsewhere: ClassVar[Elsewhere] = {**dict.fromkeys(RESERVED, OUTSIDE), **UNLESS}
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
    earned: OneOrMany[DayRange] | None = Field(None, description="The day it was completed.")
    awarded: OneOrMany[DayRange] | None = Field(None, description="The certificate's day.")
    started: OneOrMany[DayRange] | None = Field(None, description="The day it was begun.")
    age: AgeForm | None = Field(None, description="How old it may be.")
    source: OneOrMany[Source] | None = Field(None, description="How it came into the record.")
    status: OneOrMany[Status] | None = Field(None, description="How it stands.")
    attempt: OneOrMany[Count] | None = Field(None, description="Which attempt it was.")
    registration: OneOrMany[Text] | None = Field(None, description="The learner's registration.")
    term: OneOrMany[Text] | None = Field(None, description="The term it was taken in.")
    used_in: OneOrMany[Text] | None = Field(None, description="Awards it counts in, or `any`.")
    when: CircumstanceForm | None = Field(None, description="Of whom it has to be so.")
    not_: Selector | None = Field(None, alias="not", description="What must not match.")
    any_: list[Selector] | None = Field(
        None, alias="any", min_length=1, description="One of these must match."
    )
    exactly: Flag | None = Field(None, description="Equivalents of `credential` do not match.")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        for key in self.model_extra or {}:
            if key in self.elsewhere:
                message = f"`{key}` says nothing in {self.noun}"
                raise refused("CN0201", message, self.elsewhere[key], key)
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
