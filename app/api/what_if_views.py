"""The documented shape of saved what-ifs, of links to them, and of single changes."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.audit_views import ComparisonView, DifferenceView
from app.api.request_shapes import WhatIfRequest
from app.api.views import Absent, ListView, View
from app.core.search.single import Kind


class WhatIfEntryView(View):
    """A saved what-if without what is asked and what came of it."""

    id: str
    learner: str
    name: str
    created_at: datetime
    compared: int = Field(description="How often it was compared.")


class WhatIfListView(ListView[WhatIfEntryView]):
    """A page of what-ifs, latest first."""


class ComparisonEntryView(View):
    """When a what-if was compared, for which day, by which version of the program."""

    number: int
    as_of: date
    compared_at: datetime
    engine: str


class ComparisonListView(ListView[ComparisonEntryView]):
    """A page of comparisons, first to last."""


class KeptComparisonView(ComparisonEntryView, ComparisonView):
    """What came of a what-if, and what has changed in that since the comparison before."""

    since: list[DifferenceView] | None = Field(description="None where it is the first.")


class SavedWhatIfView(WhatIfEntryView):
    """A saved what-if with one of its comparisons."""

    question: WhatIfRequest = Field(
        description="Without `as_of` it is asked for the day of each comparison."
    )
    comparison: KeptComparisonView


class SharedWhatIfView(SavedWhatIfView):
    """A saved what-if as a link shows it, until the link expires."""

    expires_at: datetime


class LinkView(View):
    """A link to a what-if; its address is told but once."""

    id: str
    created_at: datetime
    expires_at: datetime
    expired: bool


class LinkListView(ListView[LinkView]):
    """The links to a what-if, latest first."""


class NewLinkView(LinkView):
    """A new link with its address: whoever knows that sees the what-if."""

    path: str


class CompletedAwardView(View):
    """An award that is to be complete, and the edition it is judged by."""

    award: str
    title: str
    edition: str


class SingleChangeView(View):
    """One change by which the awards are complete; it has the keys that its kind needs.

    A milestone to `record`; a requirement to `attest` in a role; an achievement to `finish`, to
    have a better `grade`, or to `leave-out`; a credential to `take`; another `edition` to go by.
    """

    kind: Kind
    milestone: str | Absent = None
    requirement: str | Absent = None
    role: str | Absent = None
    achievement: str | Absent = None
    credential: str | Absent = None
    grade: str | Absent = None
    edition: str | Absent = None
    again: bool | Absent = Field(default=None, description="Where the record has it already.")
    text: str


class SingleChangesView(View):
    """Whether awards are complete by what is earned, and if not what one change completes them."""

    as_of: date
    awards: list[CompletedAwardView]
    complete: bool
    proven: bool = Field(description="No other single change completes them.")
    changes: list[SingleChangeView]
