"""Two editions of an award side by side: gathered once, and found again by their digests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.core.model.record import LearnerRecord
from app.services.audits import in_view
from app.services.awards import edition_of, known_editions
from app.services.basis import institution_of
from app.services.binding import edition_on
from app.services.canonical import Json, canonical_json
from app.services.compiling import (
    CatalogueView,
    Compiler,
    Ground,
    findings,
    refuse_errors,
    usable,
)
from app.services.grounds import ground_to_plain, stored_ground
from app.services.impact import ImpactBasis
from app.services.nesting import StoredRules
from app.services.ports import Unit
from app.services.run_errors import SameEditionError


@dataclass(frozen=True, slots=True)
class Compared:
    """Two editions with every institution's catalogue as it is now."""

    old: Ground
    new: Ground
    views: Mapping[str, CatalogueView]
    as_of: date

    @property
    def basis(self) -> ImpactBasis:
        """What records are judged by."""
        return ImpactBasis(
            old=self.old.rule,
            new=self.new.rule,
            catalogues={name: view.catalogue for name, view in self.views.items()},
            policies=self.new.policies,
            as_of=self.as_of,
        )

    @property
    def digests(self) -> Mapping[str, str]:
        """The digests of the catalogues, by institution."""
        return {name: view.sha256 for name, view in self.views.items()}

    def inputs(self, engine: str) -> bytes:
        """Return all that it rests on, by digests, as canonical JSON."""
        digests: Json = self.digests
        return canonical_json(
            {
                "as_of": self.as_of.isoformat(),
                "catalogues": digests,
                "engine": engine,
                "new": ground_to_plain(self.new),
                "old": ground_to_plain(self.old),
            }
        )

    def texts(self, unit: Unit) -> Mapping[str, bytes]:
        """Return the texts of its rules, by digest: drafts do not stay."""
        nested = (one.sha256 for ground in (self.old, self.new) for one in ground.nested)
        names = dict.fromkeys((self.old.sha256, self.new.sha256, *nested))
        found = {name: unit.editions.source(name) for name in names}
        return {name: source for name, source in found.items() if source is not None}


def compared(
    unit: Unit, compiler: Compiler, award: str, edition: str, against: str | None, as_of: date
) -> Compared:
    """Gather two editions; without `against` the one that is in force on the day.

    A draft with errors is refused; one may nest drafts.
    """
    new = _ground(unit, compiler, award, edition)
    other = against or _in_force(unit, award, as_of)
    if other == edition:
        raise SameEditionError(award, edition)
    institutions = [one.id for one in unit.catalogue.institutions()]
    views = {name: compiler.view(unit, name) for name in institutions}
    return Compared(_ground(unit, compiler, award, other), new, views, as_of)


def _in_force(unit: Unit, award: str, as_of: date) -> str:
    entries = known_editions(unit, award)
    published = {one.edition: one.effective for one in entries if one.status == "published"}
    return edition_on(award, published, as_of)


def _ground(unit: Unit, compiler: Compiler, award: str, edition: str) -> Ground:
    stored = edition_of(unit, award, edition)
    rule_file = compiler.rule_file(stored)
    view = compiler.view(unit, institution_of(award))
    policies = unit.catalogue.policies(view.institution)
    rules = StoredRules(unit, compiler, drafts=True)
    if stored.entry.status == "draft":
        refuse_errors(findings(rule_file, view.catalogue, policies, rules))
    return rules.ground(usable(rule_file), stored.entry.sha256, view, policies)


def stored_basis(unit: Unit, compiler: Compiler, inputs: bytes) -> ImpactBasis:
    """Return what `Compared.inputs` wrote, its texts and catalogues looked up by their digests."""
    plain: Mapping[str, Any] = json.loads(inputs)
    old, new = (stored_ground(unit, compiler, plain[side]) for side in ("old", "new"))
    digests: Mapping[str, str] = plain["catalogues"]
    return ImpactBasis(
        old=old.rule,
        new=new.rule,
        catalogues={
            name: compiler.snapshot(unit, sha256).catalogue for name, sha256 in digests.items()
        },
        policies=new.policies,
        as_of=date.fromisoformat(plain["as_of"]),
    )


def as_judged(record: LearnerRecord, basis: ImpactBasis) -> LearnerRecord:
    """Return a kept record as audits take it: without what catalogues list, and what is to come."""
    own = tuple(
        one
        for one in record.credentials
        if not any(one.id in known.credentials for known in basis.catalogues.values())
    )
    return in_view(replace(record, credentials=own), basis.as_of)
