"""The written forms of what has a name and an amount, and of floors on the latest that counts."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, Tag

from app.core.language.elsewhere import BASES, Elsewhere
from app.core.language.form_selectors import Selector
from app.core.language.form_values import Amount, Count, Name, Share, Text
from app.core.language.forms import Form, OneOrMany, exactly_one

MEASURES = ("credits", "choose", "share")


class NamedForm(Form):
    """What can be referred to by an id."""

    id: Name | None = Field(None, description="Stable name; made from the title if not given.")
    title: Text | None = Field(None, description="What people call it.")
    reason: Text | None = Field(None, description="The regulation that it rests on.")


class MeasuredForm(NamedForm):
    """So much of what is looked at."""

    elsewhere: ClassVar[Elsewhere] = BASES
    from_: Selector | None = Field(None, alias="from", description="Of which achievements.")


class LatestCredits(MeasuredForm):
    """At least so many credits of the latest."""

    noun: ClassVar[str] = "a floor"
    credits: Amount = Field(description="How many credits.")


class LatestChoose(MeasuredForm):
    """At least so many credentials of the latest."""

    noun: ClassVar[str] = "a floor"
    choose: Count = Field(description="How many credentials.")


class LatestShare(MeasuredForm):
    """At least such a part of the award's credits among the latest."""

    noun: ClassVar[str] = "a floor"
    share: Share = Field(description="Which part.")
    of: Literal["award"] = Field(description="What it is a part of.")


LatestFloor: TypeAlias = Annotated[
    Annotated[LatestCredits, Tag("form:credits")]
    | Annotated[LatestChoose, Tag("form:choose")]
    | Annotated[LatestShare, Tag("form:share")],
    exactly_one(*MEASURES),
]


class LastForm(Form):
    """What is said of the latest that counts here."""

    noun: ClassVar[str] = "a `last`"
    at_least: OneOrMany[LatestFloor] = Field(description="How much of it has to be what.")


class LastCreditsForm(LastForm):
    """What is said of the latest so many credits."""

    credits: Amount = Field(description="Of how many credits; the one that crosses, in part.")


class LastChooseForm(LastForm):
    """What is said of the latest so many credentials."""

    choose: Count = Field(description="Of how many credentials.")


Last: TypeAlias = Annotated[
    Annotated[LastCreditsForm, Tag("form:credits")] | Annotated[LastChooseForm, Tag("form:choose")],
    exactly_one("credits", "choose"),
]
