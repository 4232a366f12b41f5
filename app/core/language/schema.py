"""The JSON Schema of award files, made from the written forms, so that an editor can help."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from app.core.language.schema_cases import CASE_PARTS
from app.core.language.schema_records import DIALECT, ref
from app.core.language.surface import AwardForm


def rule_schema() -> dict[str, Any]:
    """Return the schema that an award file has to fit, dates written as text."""
    schema = AwardForm.model_json_schema(schema_generator=_Generator)
    # Cases are read by hand and not by a form, so that they are described apart.
    schema["properties"]["cases"]["items"] = ref("case")
    return {"$schema": DIALECT, **schema, "$defs": {**schema["$defs"], **CASE_PARTS}}


class _Generator(GenerateJsonSchema):
    """Says what authors may write: a key is left out rather than null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: a key without a value is refused."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave the default out: it stands for the key not being there."""
        return self.generate_inner(schema["schema"])

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Let any of the forms match: they are told apart by their keys."""
        return {"anyOf": super().tagged_union_schema(schema)["oneOf"]}

    def field_title_should_be_set(self, _schema: object) -> bool:
        """Leave titles out that only repeat the key."""
        return False
