"""Rule packs: the files of an institution, read together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

from app.core.language.cases import Case
from app.core.language.catalogues import read_catalogue, read_policies
from app.core.language.checker_supply import compulsory
from app.core.language.diagnostics import Collector, Diagnostic, Place, is_error, listed, shorten
from app.core.language.records import read_record
from app.core.language.rules import RuleFile, read_rule
from app.core.language.values import Nearest
from app.core.model.catalogue import Catalogue
from app.core.model.credential import Credential, CredentialId
from app.core.model.record import LearnerRecord
from app.core.model.source import SourceSpan

ENDINGS = {".yaml", ".yml", ".json"}


@dataclass(frozen=True, slots=True)
class Pack:
    """An institution's catalogue, policies, rules and sample records.

    `rules`, `samples` and `sources` are by path; `sources` holds every file as it was read.
    """

    institution: str
    title: str
    catalogue: Catalogue
    policies: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, RuleFile] = field(default_factory=dict)
    samples: Mapping[str, LearnerRecord] = field(default_factory=dict)
    sources: Mapping[str, bytes] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def broken(self) -> bool:
        """Say whether anything in it is an error."""
        return any(map(is_error, self.diagnostics))

    @property
    def known(self) -> bool:
        """Say whether its catalogue could be read: else nothing can be said against it."""
        return not any(
            one.code == "CN0807" or PurePosixPath(one.span.file).name == "catalogue.yaml"
            for one in self.diagnostics
            if is_error(one)
        )


def read_pack(files: Mapping[str, bytes], name: str = "") -> Pack:
    """Return the pack in the files below one institution's directory; paths are relative to it.

    `name` stands before the paths in what is reported.
    """
    where = {path: str(PurePosixPath(name) / path) for path in files}
    found: list[Diagnostic] = []
    institution, title, catalogue = _catalogue(files, where, found)
    policies: Mapping[str, str] = {}
    if "policies.yaml" in files:
        read = read_policies(files["policies.yaml"], where["policies.yaml"])
        policies = read.policies
        found.extend(read.diagnostics)
    rules = {path: read_rule(files[path], where[path]) for path in sorted(files) if _is_rule(path)}
    samples: dict[str, LearnerRecord] = {}
    for path in sorted(files):
        if _is_sample(path):
            sample = read_record(files[path], where[path])
            found.extend(sample.diagnostics)
            if sample.record is not None:
                samples[PurePosixPath(path).stem] = sample.record
    found.extend(one for rule in rules.values() for one in rule.diagnostics)
    found.extend(_foreign(institution, rules, where))
    found.extend(one for rule in rules.values() for one in _lost(rule.cases, samples))
    sources = {where[path]: content for path, content in files.items()}
    return Pack(
        institution, title, catalogue, policies, rules, samples, sources, tuple(sorted(found))
    )


def _catalogue(
    files: Mapping[str, bytes], where: Mapping[str, str], found: list[Diagnostic]
) -> tuple[str, str, Catalogue]:
    if "catalogue.yaml" not in files:
        place = next(iter(sorted(where.values())), "")
        message = "the directory has no catalogue.yaml"
        remedy = "add one that lists the institution's credentials"
        found.append(Diagnostic("CN0807", "error", message, remedy, SourceSpan(place)))
        return "", "", Catalogue()
    read = read_catalogue(files["catalogue.yaml"], where["catalogue.yaml"])
    found.extend(read.diagnostics)
    return read.institution, read.title, read.catalogue or Catalogue()


def _is_rule(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.parts[0] == "awards" and parts.suffix in ENDINGS


def _is_sample(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.parts[0] == "records" and parts.suffix in ENDINGS


def _foreign(
    institution: str, rules: Mapping[str, RuleFile], where: Mapping[str, str]
) -> Sequence[Diagnostic]:
    """Awards of other institutions do not belong in a pack."""
    return [
        Diagnostic(
            "CN0806",
            "error",
            f"the award `{rule.edition.award}` does not begin with `{institution}/`",
            "move the file to the pack of its institution, or mend the id",
            SourceSpan(where[path], 1, 1),
            "$.award",
        )
        for path, rule in rules.items()
        if rule.edition is not None and not rule.edition.award.startswith(f"{institution}/")
    ]


def _lost(cases: Sequence[Case], samples: Iterable[str]) -> tuple[Diagnostic, ...]:
    """A case starts from the record of an earlier one of its file, or from a sample."""
    found = Collector()
    known = set(samples)
    nearest = Nearest(known)
    for case in cases:
        like = case.record.like
        if like and like not in known:
            message = f"there is no record `{shorten(like)}` to start from"
            remedy = nearest.remedy(like, "name an earlier case of the file or a sample record")
            found.error("CN0902", message, case.span, path=("cases",), remedy=remedy)
        known.add(case.name)
    return listed(found.sorted())


def merge_catalogues(catalogues: Sequence[Catalogue]) -> Catalogue:
    """Return one catalogue of several; of what they define alike the first stands."""
    merged = Catalogue()
    for one in catalogues:
        merged = replace(
            merged,
            credentials={**one.credentials, **merged.credentials},
            issuers={**one.issuers, **merged.issuers},
            scales={**one.scales, **merged.scales},
            conversions={**one.conversions, **merged.conversions},
            levels={**one.levels, **merged.levels},
            attributes={**one.attributes, **merged.attributes},
        )
    return merged


def check_packs(packs: Sequence[Pack]) -> tuple[Diagnostic, ...]:
    """Return where the ids of several packs meet or lead nowhere."""
    merged = merge_catalogues([pack.catalogue for pack in packs])
    found = Collector()
    institutions = {pack.institution for pack in packs}
    nearest = Nearest(merged.credentials)
    for pack in packs:
        span = _catalogue_file(pack)
        for index, one in enumerate(pack.catalogue.credentials.values()):
            place: Place = ("credentials", index)
            if merged.credentials[one.id] is not one:
                message = f"two packs list the credential `{one.id}`"
                found.error("CN0801", message, span, path=place, remedy="keep it in one of them")
            for name in _unlisted(one, merged, institutions):
                message = f"`{one.id}` names `{name}`, which no pack lists"
                remedy = nearest.remedy(name, "add it to the catalogue of its institution")
                found.error("CN0802", message, span, path=place, remedy=remedy)
        for issuer in pack.catalogue.issuers.values():
            if merged.issuers[issuer.id] != issuer:
                message = f"two packs describe the issuer `{issuer.id}` differently"
                found.error("CN0801", message, span, path=("issuers",), remedy="make them agree")
    _before_themselves(packs, merged, found)
    return listed(found.sorted())


def _before_themselves(packs: Sequence[Pack], merged: Catalogue, found: Collector) -> None:
    """Report credentials that can only be had by who has them already, one ring of them."""
    needs = {one.id: {*one.prerequisites} for one in merged.credentials.values()}
    for award, taken in _taken(packs).items():
        needs.setdefault(award, set()).update(taken)
    # An equivalent may stand for what is named, and leads out of the ring.
    replaced = {name for one in merged.credentials.values() for name in one.equivalents}
    replaced |= {one.id for one in merged.credentials.values() if one.equivalents}
    try:
        TopologicalSorter({one: several - replaced for one, several in needs.items()}).prepare()
    except CycleError as cycle:
        ring = [f"`{name}`" for name in cycle.args[1]]
        message = f"of {', '.join(ring[1:])} each is needed before the next, and so before itself"
        first = cycle.args[1][0].partition("/")[0]
        pack = next((pack for pack in packs if pack.institution == first), packs[0])
        remedy = "leave one of them out of the prerequisites or of the `take` that needs it"
        found.error("CN0808", message, _catalogue_file(pack), remedy=remedy)


def _taken(packs: Sequence[Pack]) -> Mapping[CredentialId, frozenset[CredentialId]]:
    """Return by award what every edition of it cannot be met without."""
    taken: dict[CredentialId, frozenset[CredentialId]] = {}
    editions = (file.edition for pack in packs for file in pack.rules.values() if file.edition)
    for edition in editions:
        own = frozenset(compulsory(edition))
        taken[edition.award] = taken.get(edition.award, own) & own
    return taken


def _unlisted(one: Credential, merged: Catalogue, institutions: Collection[str]) -> list[str]:
    """What a credential names and no pack lists; institutions without a pack are left out."""
    return [
        name
        for name in (*one.prerequisites, *one.equivalents)
        if name not in merged.credentials and name.partition("/")[0] in institutions
    ]


def _catalogue_file(pack: Pack) -> SourceSpan:
    files = (path for path in pack.sources if PurePosixPath(path).name == "catalogue.yaml")
    return SourceSpan(next(files, ""))
