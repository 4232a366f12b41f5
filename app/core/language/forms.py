"""What all written forms share: closed mappings, one or a list, exactly one of several keys."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    model_validator,
)
from pydantic import GetJsonSchemaHandler as Handler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from app.core.language.elsewhere import Elsewhere

T = TypeVar("T")

NO_FORM = "CN0210"
TAG = "form:"
"""Begins the tags of unions, which stand in pydantic's locations beside the keys of a file."""


class Form(BaseModel):
    """A mapping with fixed keys; `noun` is what authors call it.

    `elsewhere` are words that say nothing here, with where to say it.
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        # The forms nest: built one by one, each would build all that it holds again.
        defer_build=True,
        model_title_generator=lambda form: getattr(form, "noun", form.__name__),
    )
    noun: ClassVar[str] = "a mapping"
    elsewhere: ClassVar[Elsewhere] = {}

    @classmethod
    def needed(cls) -> list[str]:
        """Return the keys that must be there."""
        fields = cls.model_fields.items()
        return [field.alias or name for name, field in fields if field.is_required()]


def needs(key: str) -> dict[str, JsonValue]:
    """Return the schema of a mapping that has the key."""
    return {"required": [key]}


class RangeForm(Form):
    """A mapping with `from` and `to`, both inside the range; it needs one of them."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [*map(needs, ("from", "to"))]})

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low, high = (getattr(self, key, None) for key in ("from_", "to"))
        if low is None and high is None:
            raise refused("CN0214", f"{self.noun} without ends says nothing", "add `from` or `to`")
        # Grades are text here; their order is known to the scale alone.
        if not (low is None or high is None or isinstance(low, str) or low <= high):
            message = f"{self.noun} ends before it begins"
            raise refused("CN0213", message, "exchange `from` and `to`")
        return self


class _OneOrMany:
    """Lets an editor know that a list of one may be written without its brackets."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: Handler) -> JsonSchemaValue:
        many = handler(core)
        return {"anyOf": [many["items"], many]}


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


OneOrMany: TypeAlias = Annotated[
    list[T], Field(min_length=1), BeforeValidator(_listed), _OneOrMany()
]
"""A value, or a list of such values."""


def exactly_one(*keys: str, otherwise: str = "") -> Discriminator:
    """Tell forms apart by the one of `keys` that they have; `otherwise` is the tag of none."""

    def tag(value: object) -> str | None:
        if not isinstance(value, dict):
            return None
        present = [key for key in keys if key in value]
        if not present and otherwise:
            return TAG + otherwise
        return TAG + present[0] if len(present) == 1 else None

    return Discriminator(tag, custom_error_type=NO_FORM, custom_error_message=" ".join(keys))


def _by_shape(value: object) -> str:
    return f"{TAG}mapping" if isinstance(value, dict) else f"{TAG}scalar"


BY_SHAPE = Discriminator(_by_shape)
"""Tells a mapping from a single value; the two are tagged `form:mapping` and `form:scalar`."""


def wrong(code: str, expected: str, remedy: str = "") -> PydanticCustomError:
    """Say what a value must be; the place and the value itself are added where it is reported."""
    return PydanticCustomError(code, "wrong value", {"expected": expected, "remedy": remedy})


def refused(code: str, sentence: str, remedy: str = "", key: str = "") -> PydanticCustomError:
    """Say in a sentence of its own why a value, or the `key` of a mapping, is refused."""
    about = {"sentence": sentence, "remedy": remedy, "key": key}
    return PydanticCustomError(code, "wrong value", about)
