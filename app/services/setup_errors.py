"""What can go wrong with how the service is set up: its settings and its rule packs."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.language.diagnostics import Diagnostic, shorten
from app.services.errors import ConflictError, DiagnosedError, RefusedError


class RulesDirectoryError(RefusedError):
    """The directory of rule packs cannot be read."""

    def __init__(self, directory: str, problem: str) -> None:
        """Name the directory and what is wrong with it."""
        super().__init__(f"`{directory}`: {problem}", directory=directory)


class SettingsError(RefusedError):
    """Settings that cannot be used."""

    def __init__(self, findings: Sequence[str]) -> None:
        """Name all that is wrong."""
        super().__init__("; ".join(findings), findings=findings)


class PackRefusedError(DiagnosedError):
    """A rule pack with errors in its files."""

    def __init__(self, institution: str, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the findings and the pack's name."""
        sentence = f"the pack `{shorten(institution)}` cannot be loaded"
        super().__init__(sentence, diagnostics, institution=institution)


class PackOverwritesError(ConflictError):
    """A rule pack changes what somebody else changed since it was loaded."""

    def __init__(self, institution: str, entries: Sequence[str]) -> None:
        """Name the entries, each as its kind and its id."""
        named = ", ".join(f"`{shorten(one)}`" for one in entries)
        super().__init__(
            f"the pack `{shorten(institution)}` would overwrite what was written here since: "
            f"{named}: make both say the same, here or in the pack",
            institution=institution,
            entries=entries,
        )


class PacksRefusedError(DiagnosedError):
    """Rule packs that contradict one another."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the findings."""
        super().__init__("the packs contradict one another", diagnostics)
