"""The documented shape of what is answered about catalogue, awards, graph and operations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from app.core.model.credential import Relation, Size
from app.services.stored import EditionStatus

Item = TypeVar("Item")
Decimal = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]
SignedDecimal = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256, in hexadecimal.")]
FactView = str | int | bool
StatedView = FactView | list[str]
Absent = SkipJsonSchema[None]
"""The default of a key that is left out rather than null."""


def _tidy(schema: dict[str, Any]) -> None:
    """Leave out titles that repeat the key, and defaults that stand for the key not being there."""
    for one in schema.get("properties", {}).values():
        one.pop("title", None)
        if "default" in one and not one["default"]:
            del one["default"]


class View(BaseModel):
    """A closed shape."""

    # Only described, never read or written by: built when the description is first asked for.
    model_config = ConfigDict(extra="forbid", json_schema_extra=_tidy, defer_build=True)


class ListView(View, Generic[Item]):
    """A page of a list in a stable order."""

    items: list[Item]
    next: str | None = Field(description="The `cursor` of the next page; null on the last one.")


class ProblemView(View):
    """Problem details (RFC 9457), and beside these keys what a program needs to react."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="An address that this service answers with what it means.")
    title: str
    status: int
    detail: str = Field(description="One sentence: what is wrong, and what would work.")
    instance: str = Field(description="The path of the request.")
    errors: list[FindingView | MisputView] | Absent = Field(
        default=None, description="Everything that is wrong in a body, or with the parameters."
    )


class FindingView(View):
    """Something wrong in a rule, a record or a body; a line of nought is no line."""

    code: str = Field(pattern="^CN[0-9]{4}$")
    severity: Literal["error", "warning", "note"]
    message: str
    help: str = Field(description="What would work.")
    file: str
    line: int
    column: int
    path: str = Field(description="Where it stands, such as `$.awards[0]`.")


class MisputView(View):
    """A parameter that cannot be used."""

    path: str
    message: str


class StatusView(View):
    """How the service is."""

    status: Literal["alive", "ready"]


class ProblemTypeView(View):
    """A kind of problem."""

    type: str
    status: int
    meaning: str


class ProblemTypesView(ListView[ProblemTypeView]):
    """Every kind of problem, by name."""


class LevelView(View):
    """A step of a framework of levels."""

    framework: str
    at: int


class IssuerView(View):
    """A body that awards credentials; `country` is its ISO 3166 code."""

    id: str
    title: str
    country: str


class IssuerListView(ListView[IssuerView]):
    """A page of issuers, by id."""


class ElementsView(View):
    """Which of the EU's mandatory elements a credential states, but for learner and day."""

    present: list[str]
    missing: list[str]


class CredentialView(View):
    """A credential as the catalogue keeps it."""

    id: str
    title: str
    institution: str
    issuer: IssuerView
    type: str
    credits: Decimal
    unit: str
    level: LevelView | None
    relation: Relation | None
    size: Size | None
    fields_: list[str] = Field(alias="fields", description="ISCED-F codes.")
    tags: list[str]
    outcomes: list[str]
    skills: list[str]
    assessment: str
    quality_assurance: str
    workload: str
    participation: str
    mode: str
    language: str
    prerequisites: list[str]
    equivalents: list[str]
    attributes: dict[str, StatedView]
    retired: date | None
    mandatory_elements: ElementsView


class CredentialListView(ListView[CredentialView]):
    """A page of credentials, by id."""


class PeriodView(View):
    """From a day until before another; null has no end."""

    from_: date = Field(alias="from")
    until: date | None


class EditionView(View):
    """An edition of an award's rule, without its text."""

    award: str
    edition: str
    title: str
    status: EditionStatus
    effective: PeriodView = Field(description="As the edition states it.")
    in_force: PeriodView = Field(description="Ends where a later edition begins.")
    sha256: Digest
    recorded_at: datetime
    published_at: datetime | None


class WholeEditionView(EditionView):
    """An edition in plain English and as it was written."""

    plain_english: str
    source: str


class DraftView(EditionView):
    """A draft, and what would stop its publishing."""

    findings: list[FindingView]


class EditionListView(ListView[EditionView]):
    """The editions of an award, by the day they begin."""


class AwardView(View):
    """An award with its editions."""

    id: str
    title: str
    institution: str
    editions: list[EditionView]


class AwardListView(ListView[AwardView]):
    """A page of awards, by id."""


class FindingsView(View):
    """All that is wrong with a rule."""

    findings: list[FindingView]


class CaseView(View):
    """A case, and where the audit differs from what it expects."""

    award: str
    edition: str
    name: str
    passed: bool
    differences: list[str]


class CasesView(View):
    """What became of a rule's cases; `cairn rules test --format json` prints the same."""

    passed: int
    failed: int
    cases: list[CaseView]


class CombinationView(View):
    """A minimal set of credentials that meets a rule."""

    number: str | Absent = Field(
        default=None, description="From nought, in the order of the list; not of the best."
    )
    credentials: list[str]
    credits: Decimal
    lacking: int | Absent = Field(
        default=None, description="How many of them the learner does not hold; of the best alone."
    )
    cost: int | Absent = Field(default=None, description="What it costs; of the best by it.")
    time: int | Absent = Field(default=None, description="Hours; of the best by it.")


class LeftOutView(View):
    """A credential that may count and is in no combination, and why."""

    credential: str
    why: str


class AllLeftOutView(View):
    """How many credentials are left out, and the first of them."""

    count: int
    first: list[LeftOutView]


class CombinationListView(ListView[CombinationView]):
    """Some combinations of an award, and how many there are."""

    award: str
    edition: str
    as_of: date
    unit: str
    count: str = Field(
        pattern="^[0-9]+$", description="Of all that the filters admit: no number is too large."
    )
    exact: bool = Field(description="Whether it is so many; else there are at least so many.")
    seed: int | Absent = Field(default=None, description="What drew a sample.")
    left_out: AllLeftOutView = Field(
        description="What may count and is in no combination, because it cannot be judged, or does"
        " not state the cost or time that is compared."
    )
