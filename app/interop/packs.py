"""Rule packs: the files of an institution, read together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from app.core.language.catalogues import read_catalogue, read_policies
from app.core.language.diagnostics import Diagnostic, is_error
from app.core.language.records import read_record
from app.core.language.rules import RuleFile, read_rule
from app.core.model.catalogue import Catalogue
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
