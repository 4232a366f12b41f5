"""What can go wrong for a caller, said without a word about HTTP.

A class says in its sentence what would work, and gives the same as data in `facts`.
The families between `ServiceError` and the single errors tell a caller what kind of answer fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.core.language.diagnostics import Diagnostic, did_you_mean, shorten
from app.core.model.errors import AuditError
from app.core.model.period import Period
from app.services.canonical import Json

NAMED = 8


class ServiceError(Exception):
    """A request that was understood and cannot be met."""

    def __init__(self, sentence: str, **facts: Json) -> None:
        """Keep the sentence and what a program needs to react."""
        super().__init__(sentence)
        self._facts = facts

    def facts(self) -> Mapping[str, Json]:
        """Return what a program needs to react, by name."""
        return self._facts

    def __reduce__(self) -> tuple[Callable[..., ServiceError], tuple[Any, ...], dict[str, Any]]:
        """Return how another process has the same error, whatever its kind is made from."""
        return _remade, (type(self), *self.args), self.__dict__


def _remade(kind: type[ServiceError], *args: Any) -> ServiceError:  # noqa: ANN401
    return kind.__new__(kind, *args)


class UnknownError(ServiceError):
    """What the request names is not there."""


class ConflictError(ServiceError):
    """What the request asks for does not fit what is there."""


class RefusedError(ServiceError):
    """What the request brings cannot be used as it is."""


def _ask(sentence: str, remedy: str) -> str:
    return f"{sentence}: {remedy}" if remedy else sentence


def _list(names: Iterable[str]) -> str:
    found = sorted(names)
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(f"`{name}`" for name in found[:NAMED]) + more


class UnknownCredentialError(UnknownError):
    """The catalogue has no such credential."""

    def __init__(self, credential: str, known: Iterable[str] = ()) -> None:
        """Say so, with the nearest of `known`."""
        sentence = f"the catalogue has no credential `{shorten(credential)}`"
        super().__init__(_ask(sentence, did_you_mean(credential, known)), credential=credential)


class UnknownIssuerError(RefusedError):
    """A credential names an issuer that is not kept."""

    def __init__(self, issuer: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"there is no issuer `{shorten(issuer)}`: name one that a rule pack brought",
            issuer=issuer,
        )


class UnknownInstitutionError(UnknownError):
    """No catalogue is kept for the institution."""

    def __init__(self, institution: str, known: Iterable[str] = ()) -> None:
        """Say so, and name those that have one."""
        there = _list(known)
        remedy = f"there are {there}" if there else "load a rule pack first"
        sentence = f"there is no catalogue of `{shorten(institution)}`"
        super().__init__(_ask(sentence, remedy), institution=institution)


class UnknownAwardError(UnknownError):
    """The award has no rule."""

    def __init__(self, award: str, known: Iterable[str] = (), *, drafted: bool = False) -> None:
        """Say so, with the nearest of `known`, or that there is a draft."""
        lacks = "no published rule, only a draft" if drafted else "no rule"
        remedy = "publish that first" if drafted else _like(award, [*known])
        super().__init__(_ask(f"`{shorten(award)}` has {lacks}", remedy), award=award)


def _like(award: str, known: Sequence[str]) -> str:
    """Name the award that is meant, else some of its institution, else some of all."""
    own = [one for one in known if one.partition("/")[0] == award.partition("/")[0]]
    some = ", ".join(f"`{one}`" for one in sorted(own or known)[:NAMED])
    return did_you_mean(award, known) or (f"name one such as {some}" if some else "")


class UnknownEditionError(UnknownError):
    """The award has no such edition."""

    def __init__(self, award: str, edition: str, known: Iterable[str] = ()) -> None:
        """Say so, and name the editions there are."""
        editions = sorted(known)
        remedy = f"there are {_list(editions)}" if editions else "none is published yet"
        super().__init__(
            f"`{shorten(award)}` has no edition `{shorten(edition)}`: {remedy}",
            award=award,
            edition=edition,
            editions=editions,
        )


class NoEditionInForceError(UnknownError):
    """No published edition of the award was in force on the day asked for."""

    def __init__(self, award: str, on: date, periods: Sequence[Period]) -> None:
        """Say so, and name the first day that would work; `periods` are those of its editions."""
        works = _day_that_works(on, periods)
        remedy = f"ask for {works[0]}{works[1]}" if works else "none is published yet"
        super().__init__(
            f"`{shorten(award)}` has no edition in force on {on}: {remedy}",
            award=award,
            on=on.isoformat(),
            works=works[0] if works else None,
        )


def _day_that_works(on: date, periods: Sequence[Period]) -> tuple[str, str] | None:
    later = [period.start for period in periods if period.start > on]
    if later:
        return min(later).isoformat(), " or later"
    ended = [period.until for period in periods if period.until is not None]
    return ((max(ended) - timedelta(days=1)).isoformat(), " or earlier") if ended else None


class UnknownLearnerError(UnknownError):
    """Nothing is kept of the learner."""

    def __init__(self, learner: str) -> None:
        """Say so."""
        super().__init__(f"there is no learner `{shorten(learner)}`", learner=learner)


class UnknownEntryError(UnknownError):
    """The learner's record has no such entry."""

    def __init__(self, learner: str, kind: str, name: str) -> None:
        """Say which kind of entry was asked for by which name."""
        sentence = f"the record of `{shorten(learner)}` has no {kind} `{shorten(name)}`"
        super().__init__(sentence, learner=learner, entry=name)


class UnknownAuditError(UnknownError):
    """No audit is stored by that name."""

    def __init__(self, audit: str) -> None:
        """Say so."""
        super().__init__(f"there is no stored audit `{shorten(audit)}`", audit=audit)


class LearnerExistsError(ConflictError):
    """The learner is there already."""

    def __init__(self, learner: str) -> None:
        """Say so, and what would work."""
        sentence = f"there is a learner `{shorten(learner)}` already: write to that record"
        super().__init__(sentence, learner=learner)


class RenamedError(RefusedError):
    """A change would give an achievement another id."""

    def __init__(self, achievement: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"the achievement `{shorten(achievement)}` keeps its id: remove it and add another one",
            achievement=achievement,
        )


class AlreadyPublishedError(ConflictError):
    """A published edition is not changed."""

    def __init__(self, award: str, edition: str) -> None:
        """Say so, and what to do instead."""
        super().__init__(
            f"edition `{shorten(edition)}` of `{shorten(award)}` is published and never changes: "
            "write a new edition",
            award=award,
            edition=edition,
        )


class EditionsOverlapError(ConflictError):
    """Two editions of one award would be in force on the same day."""

    def __init__(self, award: str, edition: str, other: str, on: date) -> None:
        """Name the other edition and the first day that both would hold."""
        super().__init__(
            f"edition `{shorten(edition)}` of `{shorten(award)}` would be in force on {on} beside "
            f"edition `{shorten(other)}`: change its `effective` period",
            award=award,
            edition=edition,
            other=other,
            on=on.isoformat(),
        )


class StaleRevisionError(ConflictError):
    """Somebody else changed it since it was read."""

    def __init__(self, what: str, expected: str, current: str) -> None:
        """Name the thing and both revisions; an empty `current` says that it is not there."""
        now = f"it is at revision `{current}` now" if current else "it does not exist"
        super().__init__(
            f"{what} is not at revision `{shorten(expected)}`: {now}, so read it again",
            expected=expected,
            current=current,
        )


class BadCursorError(RefusedError):
    """A cursor that this list has not given out."""

    def __init__(self, cursor: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"`{shorten(cursor)}` is not a cursor of this list: "
            "use `next` of an earlier page, or none",
            cursor=shorten(cursor),
        )


class BadLimitError(RefusedError):
    """More or fewer asked for than are told at once."""

    def __init__(self, limit: int, most: int) -> None:
        """Say what would work."""
        super().__init__(f"1 to {most} are told at once, not {limit}", limit=limit, most=most)


def diagnostic_facts(diagnostic: Diagnostic) -> Mapping[str, Json]:
    """Return a diagnostic as data."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": diagnostic.span.file,
        "line": diagnostic.span.line,
        "column": diagnostic.span.column,
        "path": diagnostic.path,
    }


class DiagnosedError(RefusedError):
    """Something written cannot be used; every finding is kept in `diagnostics`."""

    def __init__(self, sentence: str, diagnostics: Sequence[Diagnostic], **facts: Json) -> None:
        """Say so with the first finding, and count the others."""
        self.diagnostics = tuple(diagnostics)
        first = next(iter(diagnostics), None)
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        remedy = f"{first.message}{more}" if first else ""
        found: Json = [diagnostic_facts(one) for one in diagnostics]
        super().__init__(_ask(sentence, remedy), diagnostics=found, **facts)


class RuleRefusedError(DiagnosedError):
    """A rule that cannot be kept or published as it is written."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the findings."""
        super().__init__("the rule cannot be used", diagnostics)


class RecordRefusedError(DiagnosedError):
    """A record, or a part of one, that cannot be read."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the findings."""
        super().__init__("the record cannot be used", diagnostics)


class NoCasesError(RefusedError):
    """A rule without cases is not published."""

    def __init__(self, award: str, edition: str) -> None:
        """Say so, and what would work."""
        super().__init__(
            f"edition `{shorten(edition)}` of `{shorten(award)}` has no cases: "
            "add at least one under `cases`",
            award=award,
            edition=edition,
        )


class CasesFailedError(RefusedError):
    """A rule whose own cases fail is not published."""

    def __init__(self, award: str, edition: str, failed: Mapping[str, Sequence[str]]) -> None:
        """Name the cases that fail, each with its differences."""
        super().__init__(
            f"edition `{shorten(edition)}` of `{shorten(award)}` fails its own cases: "
            f"{_list(failed)}",
            award=award,
            edition=edition,
            failed=failed,
        )


class PolicyMissingError(RefusedError):
    """Nobody states an option that the answer depends on."""

    def __init__(self, policy: str, award: str, answers: Sequence[str]) -> None:
        """Name the option and the answers there are."""
        super().__init__(
            f"neither the institution nor the rule of `{shorten(award)}` states the policy "
            f"`{policy}`: state one of {', '.join(f'`{one}`' for one in answers)}",
            policy=policy,
            award=award,
        )


class NotAuditableError(RefusedError):
    """A record or a rule that cannot be judged as it stands; `code` is stable."""

    def __init__(self, cause: AuditError) -> None:
        """Pass on what the engine found, with its place in the record."""
        self.code = cause.code
        super().__init__(str(cause), code=cause.code, place=cause.place)


class NothingToAuditError(RefusedError):
    """An audit of no award."""

    def __init__(self) -> None:
        """Say what would work."""
        super().__init__("there is nothing to audit: name at least one award or give a rule")


class TooManyError(RefusedError):
    """More entries in one request than are taken at once."""

    def __init__(self, what: str, count: int, most: int) -> None:
        """Say how many are taken."""
        super().__init__(f"{count} {what} are too many: send at most {most} at once", most=most)


class NotReadyError(ServiceError):
    """The database does not answer or is not at the schema that this version needs."""

    def __init__(self, problem: str) -> None:
        """Say what is wrong and what would work."""
        super().__init__(problem)


class BusyError(ServiceError):
    """The database is away or kept busy by others for longer than we wait."""

    def __init__(self) -> None:
        """Say what would work."""
        super().__init__("the database does not answer in time: try again")


class UnstorableError(RefusedError):
    """Something holds a character or a number that no database takes."""

    def __init__(self) -> None:
        """Say what would work."""
        super().__init__(
            "the request holds a character or a number that cannot be stored: leave out control "
            "characters, and use numbers below a thousand million"
        )
