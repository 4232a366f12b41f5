"""Runs the cases that stand with the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from app.core.engine.compile import compile_rule
from app.core.engine.compiled import CompiledAward
from app.core.engine.prepare import first_credit
from app.core.explain.audits import audit_record
from app.core.language.cases import Case, Expectation, UnknownRecordError, case_record
from app.core.language.record_checks import check_record
from app.core.language.rules import RuleFile
from app.core.model.audit import Audit
from app.core.model.catalogue import Catalogue
from app.core.model.errors import AuditError
from app.core.model.nesting import Editions, link
from app.core.model.record import LearnerRecord
from app.core.model.rule import RuleEdition
from app.interop.packs import Pack
from app.services.binding import anchor_day, bound_edition
from app.services.bounded import Bounded
from app.services.canonical import Json, canonical_json
from app.services.errors import NoEditionInForceError, ServiceError
from app.services.expectations import differences
from app.services.nesting import nestable

COMPILED = 64


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case; `differences` is empty where it passed."""

    award: str
    edition: str
    name: str
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the audit says all that is expected and nothing else."""
        return not self.differences

    def plain(self) -> dict[str, Json]:
        """Return the result as data."""
        return {
            "award": self.award,
            "edition": self.edition,
            "name": self.name,
            "passed": self.passed,
            "differences": self.differences,
        }


class CaseBook:
    """The rules of one institution, and what their cases are run with."""

    def __init__(
        self,
        rules: Iterable[RuleEdition],
        catalogue: Catalogue,
        policies: Mapping[str, str],
        samples: Mapping[str, LearnerRecord],
        editions: Editions,
    ) -> None:
        """Keep the rules by award and edition; `editions` are those that they may nest."""
        self.rules: dict[str, dict[str, RuleEdition]] = {}
        for rule in rules:
            self.rules.setdefault(rule.award, {})[rule.edition] = rule
        self.catalogue = catalogue
        self.policies = policies
        self.samples = samples
        self.editions = editions
        self._compiled: Bounded[tuple[str, str, bytes], CompiledAward] = Bounded(COMPILED)

    def run(self, rule_file: RuleFile) -> tuple[CaseResult, ...]:
        """Run the cases of one file."""
        rule = rule_file.edition
        if rule is None:
            return ()
        earlier: dict[str, Case] = {}
        results = []
        for case in rule_file.cases:
            found = tuple(_Run(self, rule, case, earlier).differences())
            results.append(CaseResult(rule.award, rule.edition, case.name, found))
            earlier[case.name] = case
        return tuple(results)

    def award(self, rule: RuleEdition, policies: Mapping[str, str]) -> CompiledAward:
        """Return a rule ready to audit, with what a case says of policies."""
        key = (rule.award, rule.edition, canonical_json(policies))
        return self._compiled.get(key, lambda: self._compile(rule, policies))

    def _compile(self, rule: RuleEdition, policies: Mapping[str, str]) -> CompiledAward:
        told = replace(link(rule, self.editions).rule, policies={**rule.policies, **policies})
        return compile_rule(told, self.catalogue, self.policies)

    def bound(self, award: str, record: LearnerRecord, case: Case) -> RuleEdition:
        """Return the edition of `award` that binds the learner of a case."""
        editions = self.rules[award]
        compiled = (self.award(one, case.policies) for one in editions.values())

        def anchor(policy: str) -> date:
            return anchor_day(
                policy, record, case.on, lambda: first_credit(compiled, record, case.on)
            )

        return bound_edition(award, editions, self.policies, case.policies, anchor)


class _Run:
    """One case, being run."""

    def __init__(
        self, book: CaseBook, rule: RuleEdition, case: Case, earlier: Mapping[str, Case]
    ) -> None:
        self.book = book
        self.rule = rule
        self.case = case
        self.earlier = earlier

    def differences(self) -> Iterator[str]:
        """Yield where the audit differs; what stops the audit is a difference unless expected."""
        given = self.case.expect.given
        try:
            record = case_record(self.case, self.earlier, self.book.samples)
            problems = [] if "error" in given else self._problems(record)
            audits = self._audits(self._rules(record), record)
        except AuditError as cause:
            if cause.code != given.get("error"):
                yield f"the audit is refused with `{cause.code}`: {cause}"
            return
        except (UnknownRecordError, ServiceError) as cause:
            yield str(cause)
            return
        if "error" in given:
            yield f"the audit is not refused with `{given['error']}`"
        yield from problems
        yield from differences(self.case.expect, audits[0])
        for award, expected in given.get("awards", {}).items():
            yield from self._beside(award, expected, audits[1:])

    def _problems(self, record: LearnerRecord) -> list[str]:
        found = check_record(record, self.book.catalogue, self.case.on)
        return [f"the record: {problem.message}" for problem in found]

    def _rules(self, record: LearnerRecord) -> list[RuleEdition]:
        """The rules to judge by; a case that expects an edition goes through the choice of one."""
        own = self.rule
        if "edition" in self.case.expect.given:
            own = self.book.bound(own.award, record, self.case)
        return [own, *(self._other(award, record) for award in self.case.together)]

    def _other(self, award: str, record: LearnerRecord) -> RuleEdition:
        editions = self.book.rules.get(award, {})
        if len(editions) == 1:
            return next(iter(editions.values()))
        if not editions:
            raise AuditError("unknown-award", f"there is no rule of `{award}`", "with")
        return self.book.bound(award, record, self.case)

    def _audits(self, rules: Sequence[RuleEdition], record: LearnerRecord) -> tuple[Audit, ...]:
        awards = [self.book.award(rule, self.case.policies) for rule in rules]
        below = {rule.award for rule in rules}
        above = [self.book.award(rule, self.case.policies) for rule in self._above(below, record)]
        return audit_record(awards, record, self.case.on, above)

    def _above(self, below: Collection[str], record: LearnerRecord) -> Iterator[RuleEdition]:
        """The awards whose conferral touches these; one of which no edition binds does not."""
        for award, editions in self.book.rules.items():
            if any(lower in below for one in editions.values() for lower in one.lower):
                with suppress(NoEditionInForceError):
                    yield self._other(award, record)

    def _beside(self, award: str, expected: Expectation, audits: Sequence[Audit]) -> Iterator[str]:
        audit = next((one for one in audits if one.award == award), None)
        if audit is None:
            yield f"`awards`: `{award}` is not audited, because `with` does not name it"
            return
        for difference in differences(expected, audit):
            yield f"`{award}`: {difference}"


def book_of(pack: Pack, editions: Editions) -> CaseBook:
    """Return the rules of a pack, ready to run their cases."""
    rules = [one.edition for one in pack.rules.values() if one.edition is not None]
    return CaseBook(rules, pack.catalogue, pack.policies, pack.samples, editions)


def run_cases(packs: Sequence[Pack]) -> tuple[CaseResult, ...]:
    """Run every case of every rule, in the order of packs and files."""
    editions = nestable(packs)
    return tuple(
        result
        for pack in packs
        for book in [book_of(pack, editions)]
        for path in sorted(pack.rules)
        for result in book.run(pack.rules[path])
    )
