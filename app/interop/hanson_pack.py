"""Files in the Hanson format as a rule pack: every file that is written is read first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.language.diagnostics import Diagnostic
from app.core.language.printer import print_rule
from app.core.language.printer_yaml import print_yaml
from app.core.language.rules import RuleFile, read_rule
from app.core.model.period import Period
from app.core.model.source import SourceSpan
from app.interop.hanson_area import AreaFile, read_area
from app.interop.hanson_catalogue import catalogue_of, policies_of
from app.interop.hanson_facts import COLLEGE, COLLEGE_TITLE
from app.interop.hanson_size import weighed
from app.interop.hanson_source import MISSHAPEN, NO_RULE, MisshapenError, read_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A pack made of several files, and how each of these fared.

    `files` are those to write, by their path in the pack; one source that failed makes none.
    """

    institution: str
    files: Mapping[str, str]
    sources: int
    whole: int
    partial: int
    not_carried: Mapping[str, int]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> int:
        """Return how many files could not be imported."""
        return self.sources - self.whole - self.partial


def import_areas(sources: Mapping[str, bytes], institution: str = COLLEGE) -> Imported:
    """Return the pack that the files of areas make; their paths tell the catalogue's year."""
    found: list[Diagnostic] = []
    read = [*_read(sources, institution, found)]
    made = [*_made(read, found)]
    not_carried = Counter[str]()
    for area, _ in made:
        not_carried.update(area.not_carried)
        found += area.found
    title = COLLEGE_TITLE if institution == COLLEGE else institution
    areas = [area for area, _ in made]
    files = {
        "catalogue.yaml": print_yaml(catalogue_of(areas, institution, title)),
        "policies.yaml": print_yaml(policies_of()),
        **{f"awards/{one.code}/{one.edition}.yaml": text for one, text in _editions(made)},
    }
    partial = sum(bool(area.not_carried) for area in areas)
    return Imported(
        institution=institution,
        files=files if made else {},
        sources=len(sources),
        whole=len(made) - partial,
        partial=partial,
        not_carried=dict(sorted(not_carried.items())),
        diagnostics=tuple(sorted(found)),
    )


def _read(
    sources: Mapping[str, bytes], institution: str, found: list[Diagnostic]
) -> Iterator[AreaFile]:
    seen: dict[tuple[str, str], str] = {}
    for file, source in sorted(sources.items()):
        try:
            area = read_area(read_source(source, file), file, institution)
        except MisshapenError as misshapen:
            found.append(misshapen.diagnostic)
            continue
        first = seen.setdefault((area.code, area.edition), file)
        if first == file:
            yield area
        else:
            message = f"`{area.code}` of {area.edition} stands in `{first}` too"
            span = SourceSpan(file, 1, 1)
            found.append(Diagnostic(MISSHAPEN, "error", message, "import one of them", span))


def _made(
    areas: Sequence[AreaFile], found: list[Diagnostic]
) -> Iterator[tuple[AreaFile, RuleFile]]:
    for area in areas:
        award = {**area.award, "require": weighed(area.award["require"])}
        rule = read_rule(print_yaml(award).encode(), area.file)
        if rule.edition is not None:
            yield area, rule
            continue
        for one in rule.diagnostics:
            message = f"what is made of the file is no rule: {one.message}"
            span = SourceSpan(area.file)
            found.append(Diagnostic(NO_RULE, "error", message, one.help, span, one.path))


def _editions(made: Sequence[tuple[AreaFile, RuleFile]]) -> Iterator[tuple[AreaFile, str]]:
    """Yield each file as it is written: an edition is in force until the next one is."""
    by_code: dict[str, list[tuple[AreaFile, RuleFile]]] = {}
    for one in made:
        by_code.setdefault(one[0].code, []).append(one)
    for several in by_code.values():
        ordered = sorted(several, key=lambda one: one[0].start)
        starts = [area.start for area, _ in ordered]
        before = ""
        for (area, rule), until in zip(ordered, [*starts[1:], None], strict=True):
            if rule.edition is not None:
                period = Period(area.start, until)
                edition = replace(rule.edition, effective=period, replaces=before)
                yield area, print_rule(replace(rule, edition=edition))
            before = area.edition
