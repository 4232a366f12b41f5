"""What lowering remembers of the file: places, ids that are taken, and what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.language.diagnostics import Collector, Place
from app.core.language.form_measured import NamedForm
from app.core.language.reader import Spans, span_at
from app.core.model.requirement import Used
from app.core.model.source import SourceSpan

LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class Origin:
    """One file on its way to the model.

    `framework` is what its bare levels belong to, `total` what shares of the award are a part of,
    `taken` the ids so far, and `sharing` the requirements of a tree that say `shares_with`, `views`
    those that say `counted_in`, and `uses` those that came from blocks.
    """

    spans: Spans
    framework: str
    found: Collector
    total: int = 0
    taken: dict[str, SourceSpan] = field(default_factory=dict)
    sharing: list[tuple[str, list[str], Place]] = field(default_factory=list)
    views: list[tuple[str, list[str], Place]] = field(default_factory=list)
    uses: Mapping[Place, Used] = field(default_factory=dict)

    def at(self, place: Place) -> SourceSpan:
        """Return where the place stands in the file."""
        return span_at(self.spans, place)

    def item(self, place: Place, index: int) -> Place:
        """Return the place of an item; that of the list where its brackets were left out."""
        return (*place, index) if (*place, index) in self.spans else place

    def named(self, form: NamedForm, otherwise: str, place: Place) -> tuple[str, str]:
        """Return id and title; one is made from the other, else the id is `otherwise`."""
        key = ("id",) if form.id else ("title",) if form.title else ()
        name = form.id or slug(form.title or "") or otherwise
        title = form.title or (spoken(form.id) if form.id else "")
        return self.claim(name, (*place, *key)), title

    def claim(self, name: str, place: Place) -> str:
        """Return the id, and report it where it is taken."""
        span = self.at(place)
        if name in self.taken:
            line = self.taken[name].line
            message = f"the id `{name}` stands twice{f', first on line {line}' if line else ''}"
            remedy = "give one of them another `id`"
            self.found.error("CN0212", message, span, path=place, remedy=remedy)
        self.taken.setdefault(name, span)
        return name


def slug(title: str) -> str:
    """Return the title as an id: small letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")


def spoken(name: str) -> str:
    """Return an id as it is spoken: `graded-unit` is Graded unit."""
    return name.replace("-", " ").replace("_", " ").capitalize()
