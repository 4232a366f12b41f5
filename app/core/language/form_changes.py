"""The written form of changes: by how much a quantity differs, and for whom."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import ConfigDict, Field, model_validator

from app.core.language.form_selectors import CircumstanceForm
from app.core.language.form_values import Amount, Count
from app.core.language.forms import (
    Form,
    needs,
    refused,
)


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
