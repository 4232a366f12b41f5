"""The documented shape of request bodies; they are taken apart by hand, in `requests`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union

from pydantic import ConfigDict, Field, RootModel, create_model

from app.api.views import Absent, Decimal, FactView, StatedView, View
from app.core.model.credential import Relation, Size
from app.core.model.record import AdjustmentKind, Source, Status

Item = TypeVar("Item")
OneOrMore: TypeAlias = Item | list[Item]
Amount = Annotated[int, Field(ge=0)] | Decimal
Attributes = Annotated[
    dict[str, StatedView],
    Field(description="Those that the catalogue declares; a day is text, texts may be several."),
]
Day = Annotated[date | Absent, Field(description="The day to audit for; today where nobody says.")]


class LevelRequest(View):
    """A step of a framework of levels."""

    framework: str
    at: int


class CredentialRequest(View):
    """A credential, and any attribute that the institution's catalogue declares."""

    model_config = ConfigDict(extra="allow")

    title: str
    issuer: str
    type: str = Field(default="micro-credential")
    credits: Amount = 0
    unit: str = ""
    level: LevelRequest | Absent = None
    relation: Relation | Absent = None
    size: Size | Absent = None
    fields_: OneOrMore[str] | Absent = Field(
        default=None, alias="fields", description="ISCED-F codes."
    )
    tags: OneOrMore[str] | Absent = None
    outcomes: OneOrMore[str] | Absent = None
    skills: OneOrMore[str] | Absent = None
    assessment: str = ""
    quality_assurance: str = ""
    workload: str = ""
    participation: str = ""
    mode: str = ""
    language: str = ""
    prerequisites: OneOrMore[str] | Absent = None
    equivalents: OneOrMore[str] | Absent = None
    retired: date | Absent = None


class LearnerRequest(View):
    """A learner to keep; an id without a slash, and neither `.` nor `..`."""

    id: str = Field(pattern="^[^/]+$")


class EntryRequest(View):
    """One learner's instance of a credential."""

    id: str = Field(default="", description="Made from the credential where it is not given.")
    credential: str
    credits: Amount | Absent = Field(default=None, description="If not what the credential says.")
    unit: str = ""
    grade: str = Field(default="", description="Of one of the catalogue's scales.")
    started: date | Absent = None
    earned: date | Absent = Field(default=None, description="The day it was completed.")
    awarded: date | Absent = Field(default=None, description="The day on the certificate.")
    term: str = ""
    source: Source = "taken"
    attempt: Annotated[int, Field(ge=0)] = 1
    registration: str = ""
    used_in: OneOrMore[str] | Absent = Field(
        default=None, description="Awards it counts in already."
    )
    attributes: Attributes | Absent = None


class AchievementRequest(EntryRequest):
    """One learner's instance of a credential, and how it stands."""

    status: Status = "earned"


CHANGES: dict[str, Any] = {
    name: (Union[field.annotation, None], None)  # noqa: UP007 -- mypy takes no `|` here
    for name, field in AchievementRequest.model_fields.items()
}
AchievementChangeRequest = create_model(
    "AchievementChangeRequest",
    __base__=View,
    __doc__="The keys to write anew; null takes a key's usual value.",
    **CHANGES,
)


class StepRequest(View):
    """The day of a step without credit."""

    on: date


class MilestoneRequest(StepRequest):
    """A step without credit, and its day."""

    name: str


class AttestationRequest(View):
    """A person's confirmation, in a role, of what no record can show."""

    requirement: str
    role: str
    by: str
    on: date


class AttributesRequest(RootModel[dict[str, FactView]]):
    """A learner's attributes; those that a catalogue declares."""


class DeclaredRequest(RootModel[OneOrMore[str]]):
    """The awards that a learner works toward."""


class DecisionRequest(View):
    """A person's dated, reasoned, scoped decision that changes audits."""

    kind: AdjustmentKind
    award: str
    requirement: str | Absent = None
    reason: str
    by: str
    on: date
    expires: date | Absent = None
    achievement: str | Absent = None
    credential: str | Absent = None
    amount: Amount | Absent = None


class AdjustmentRequest(DecisionRequest):
    """A decision with its id, as a record holds it."""

    id: str


Entries: TypeAlias = OneOrMore[str | EntryRequest] | Absent


class DescribedRequest(CredentialRequest):
    """A credential that no catalogue lists, with any attribute that the catalogue declares."""

    id: str


class RecordRequest(View):
    """What a learner brings: achievements by their status or in groups, and what is beside them."""

    learner: str = ""
    credentials: OneOrMore[DescribedRequest] | Absent = Field(
        default=None, description="What no catalogue lists: credit from elsewhere, local courses."
    )
    achievements: OneOrMore[str | AchievementRequest] | Absent = None
    earned: Entries = None
    in_progress: Entries = None
    planned: Entries = None
    failed: Entries = None
    withdrawn: Entries = None
    expired: Entries = None
    revoked: Entries = None
    surrendered: Entries = None
    milestones: dict[str, date] | OneOrMore[MilestoneRequest] | Absent = None
    attestations: OneOrMore[AttestationRequest] | Absent = None
    adjustments: OneOrMore[AdjustmentRequest] | Absent = None
    attributes: dict[str, FactView] | Absent = Field(
        default=None, description="The learner's own, of those that the catalogue declares."
    )
    declared: OneOrMore[str] | Absent = Field(default=None, description="The awards worked toward.")


class ChoiceRequest(View):
    """An award to judge by; without `edition` by the one that binds the learner."""

    award: str
    edition: str = ""


Choices = Annotated[list[str | ChoiceRequest], Field(max_length=20)]


class PlaceRequest(View):
    """Where an achievement shall count; `award` may be left out where one is audited."""

    achievement: str = Field(description="Its id in the record.")
    requirement: str = Field(description="The id of a requirement: a leaf, or a group around it.")
    award: str = ""


Places = Annotated[
    list[PlaceRequest] | Absent,
    Field(max_length=50, description="What is wished beside the rules, where it costs nothing."),
]


class AuditRequest(View):
    """The awards to audit together, and what is wished beside what the rules say.

    Of what is equally good by the rules what honours most wishes is chosen, then what keeps most of
    an earlier placement.
    """

    awards: Choices
    as_of: Day = None
    wishes: Places = None
    stay_with: str | Absent = Field(
        default=None, description="An audit of the learner whose placement shall stay."
    )


class EvaluateRequest(View):
    """A record, and what to judge it by: published awards, inline rules, or both."""

    record: RecordRequest
    awards: Choices | Absent = None
    rules: list[str | dict[str, Any]] | Absent = Field(
        default=None,
        max_length=20,
        description="YAML as text, or objects as in rules/schema/rule.v1.json.",
    )
    as_of: Day = None
    wishes: Places = None
    policies: dict[str, str] | Absent = Field(
        default=None, description="Answers to named options, before those of rule and institution."
    )


class ChangesRequest(View):
    """What would be otherwise; `awards` are to judge by instead, one for each in the question."""

    add: OneOrMore[str | AchievementRequest] | Absent = None
    remove: OneOrMore[str] | Absent = Field(default=None, description="Ids of achievements.")
    replace: OneOrMore[str | AchievementRequest] | Absent = None
    grades: dict[str, str] | Absent = Field(default=None, description="By the ids of achievements.")
    awards: Choices | Absent = None
    move: PlaceRequest | Absent = Field(
        default=None, description="Where an achievement must count; the audit tells the price."
    )


class WhatIfRequest(AuditRequest):
    """The awards to audit before and after hypothetical changes."""

    changes: ChangesRequest


class EvaluateWhatIfRequest(View):
    """A record, and the awards to audit it by before and after hypothetical changes."""

    record: RecordRequest
    awards: Choices
    as_of: Day = None
    wishes: Places = None
    changes: ChangesRequest


class SaveWhatIfRequest(WhatIfRequest):
    """A what-if, and the name under which it is kept."""

    name: str = Field(max_length=200)


class LinkRequest(View):
    """How long a link lasts."""

    days: int | Absent = Field(default=None, ge=1, le=366, description="14 where nobody says.")


class EvaluateSingleChangesRequest(View):
    """A record, and the awards that one change shall complete."""

    record: RecordRequest
    awards: Choices
    as_of: Day = None


class EvaluateNearestRequest(View):
    """A record, credentials held beside it, or both; and how awards are compared."""

    record: RecordRequest | Absent = None
    holding: list[str] | Absent = Field(
        default=None, max_length=200, description="Credentials, held with the best grade."
    )
    by: Literal["credits", "credentials", "cost", "time"] | Absent = None
    limit: int | Absent = Field(default=None, ge=1, le=50, description="10 where nobody says.")
    held: bool | Absent = Field(default=None, description="Awards that are held, too.")
    as_of: Day = None
