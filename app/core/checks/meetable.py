"""Whether a rule can be met: by the engine's verdict on the best that the catalogue can give.

A learner may bring other credits than the catalogue states, and credentials that it does not list:
what is found is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from app.core.checks.best_record import best_of
from app.core.engine.compiled import Branch, CompiledAward, GroupBranch, LeafBranch
from app.core.engine.conflict import (
    Conflict,
    Decider,
    Demand,
    Limit,
    demands_in,
    demands_of,
    limits_of,
    smallest,
)
from app.core.engine.posing import pose
from app.core.engine.prepare import pool
from app.core.engine.problem import (
    ApartLimit,
    CapLimit,
    CeilingLimit,
    ChoiceLimit,
    ExclusionLimit,
    OverlapLimit,
    PairLimit,
)
from app.core.language.checker_matches import Matches
from app.core.language.checker_places import Spot, said
from app.core.language.checker_size import HOSTILE
from app.core.language.diagnostics import Diagnostic, is_error
from app.core.language.plain_words import credits_in_words, listed
from app.core.model.catalogue import Catalogue
from app.core.model.errors import AuditError
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Average,
    Bound,
    Distinct,
    Qualifiers,
    Requirement,
)
from app.core.model.rule import RuleEdition

NO_CHOICE = "CN1007"
# So many ways of a rule are tried; a rule with more is warned of by its size.
MOST_WAYS = 100
# Deterministic seconds of CP-SAT for all questions about one tree of requirements.
LIMIT = 2.0
# Placements that may be looked at for them: a second or two.
WORK = 1_000_000


def check_meetable(
    rule: RuleEdition,
    catalogue: Catalogue,
    policies: Mapping[str, str],
    known: Sequence[Diagnostic] = (),
) -> Iterator[Diagnostic]:
    """Yield what can never be met, alone or with the rest.

    Nothing where errors are `known`, or that the rule is too much to decide; what is known of a
    place already is not told again.
    """
    matches = Matches(catalogue, rule.unit, {**policies, **rule.policies})
    # Where every attempt counts, there is no end to what a learner can hold.
    if matches.policies.get("retakes", "each") == "each":
        return
    if any(is_error(one) or one.code == HOSTILE for one in known):
        return
    told = [one.path for one in known if one.severity == "warning"]
    for path, edition in _editions(rule):
        for found in _Check(path, edition, matches).findings():
            if not any(place.startswith(found.path) for place in told):
                yield found


def _editions(rule: RuleEdition) -> Iterator[tuple[str, RuleEdition]]:
    """The rule, and its admission and gates as rules of their own."""
    yield "$.require", rule
    roots: list[tuple[str, Requirement]] = []
    if rule.admission is not None:
        roots.append(("$.admission", rule.admission))
    roots += [(f"$.gates[{at}].require", gate.require) for at, gate in enumerate(rule.gates)]
    for path, root in roots:
        yield path, replace(rule, root=root, whole=NO_QUALIFIERS, excludes=(), pairs=())


class _Check:
    """One tree of requirements, and the engine's decisions on it."""

    def __init__(self, path: str, rule: RuleEdition, matches: Matches) -> None:
        self.spots = _spots(path, rule)
        self.rule = rule
        self.matches = matches

    def findings(self) -> Iterator[Diagnostic]:
        """Yield what the engine cannot meet."""
        try:
            best = best_of(self.rule, self.matches)
            ready = pool((best.award,), best.record, self.rule.effective.start, ((),))
        except AuditError:
            # What keeps it from being audited at all is told of by other checks.
            return
        problem = pose(ready, "now")
        decider = Decider(problem, 0, LIMIT, WORK)
        limits = limits_of(problem, 0)
        whole = decider.decided(problem)
        if whole is False and best.complete:
            yield from self._never(best.award, decider, limits)
        elif whole and best.complete:
            yield from self._ways(best.award, decider, limits)

    def _never(
        self, award: CompiledAward, decider: Decider, limits: Sequence[Limit]
    ) -> Iterator[Diagnostic]:
        """What cannot be met by itself, and else what cannot be met together."""
        demands = demands_of(award)
        alone = [one for one in demands if decider.can((one,), limits) is False]
        for one in alone:
            conflict = smallest(decider, (one,), limits)
            name = _name(award, one)
            message = f"`{name}` can never be met{self._under(conflict)}"
            have = f"{message}: {self._reached(conflict)}"
            yield self.spots[name].warning("CN1005", have, self._remedy(conflict))
        rest = [one for one in demands if one not in alone]
        if len(rest) > 1 and decider.can(rest, limits) is False:
            conflict = smallest(decider, rest, limits)
            names = [_name(award, one) for one in conflict.demands]
            together = listed([f"`{name}`" for name in names], "and")
            message = f"{together} can never all be met{self._under(conflict)}"
            have = f"{message}: {self._reached(conflict)}"
            remedy = self._remedy(conflict, "let them share by `shares_with`")
            yield self.spots[names[-1]].warning("CN1006", have, remedy)

    def _under(self, conflict: Conflict) -> str:
        named = [self._limit(one) for one in conflict.limits]
        return f" beside {listed(named, 'and')}" if named else ""

    def _limit(self, limit: Limit) -> str:
        match limit:
            case CapLimit(cap=cap):
                return f"`{cap.id}`"
            case CeilingLimit(ceiling=ceiling):
                return f"`{ceiling.id}`"
            case ChoiceLimit(plan=plan):
                return f"the number of parts that `{plan.group.id}` lets be used"
            case ExclusionLimit(exclusion=exclusion):
                return f"`{exclusion.id}`"
            case PairLimit(pair=pair):
                return f"the pair {listed([f'`{name}`' for name in pair.credentials], 'and')}"
            case ApartLimit():
                return "a window"
            case OverlapLimit():
                return "what may be shared"

    def _reached(self, conflict: Conflict) -> str:
        """How far all credentials of the catalogue lead, where that is told in credits."""
        once = "each credential of the catalogue counts once"
        if conflict.reached < conflict.of:
            most, asked = (credits_in_words(one) for one in (conflict.reached, conflict.of))
            return f"{once}, and that brings {most} of {asked}"
        return f"not even who held all credentials of the catalogue would meet it, for {once}"

    def _remedy(self, conflict: Conflict, *first: str) -> str:
        raised = ("raise what binds it",) if conflict.limits else ()
        return listed([*first, *raised, "ask for less", "let more count"], "or")

    def _ways(
        self, award: CompiledAward, decider: Decider, limits: Sequence[Limit]
    ) -> Iterator[Diagnostic]:
        """What may be chosen and can never be met, by itself or with what is compulsory."""
        dead: list[Branch] = []
        around = tuple([Demand(0, None, at) for at in award.whole])
        for way, beside in islice(_choices(award, award.root, around, dead), MOST_WAYS):
            own = tuple(demands_in(award, 0, way))
            if decider.can(own, limits) is False:
                message = "can never be met, so it is no choice"
            elif decider.can((*own, *beside), limits) is False:
                message = "can never be met with what the rule asks for beside it"
            else:
                continue
            dead.append(way)
            name = _branch_name(award, way)
            remedy = "leave it out, ask for less, or let more count"
            yield self.spots[name].warning(NO_CHOICE, f"`{name}` {message}", remedy)


def _choices(
    award: CompiledAward, branch: Branch, beside: tuple[Demand, ...], dead: Sequence[Branch]
) -> Iterator[tuple[Branch, tuple[Demand, ...]]]:
    """Yield each part that may be left out, with all that has to be met beside it, parents first.

    What stands in a part that turned out `dead` is not looked at.
    """
    if not isinstance(branch, GroupBranch):
        return
    asked = [(part, tuple(demands_in(award, 0, part))) for part in branch.parts]
    said = tuple([Demand(0, None, at) for at in branch.conditions])
    for part in branch.parts:
        if branch.need is None:
            others = [own for one, own in asked if one is not part and not one.optional]
            around = (*beside, *said, *(demand for own in others for demand in own))
        else:
            around = (*beside, Demand(0, branch))
        if part.optional or (branch.need is not None and branch.need < len(branch.parts)):
            yield part, around
        if not any(part is one for one in dead):
            yield from _choices(award, part, around, dead)


def _name(award: CompiledAward, demand: Demand) -> str:
    if demand.condition is not None:
        return award.conditions[demand.condition].id
    return _branch_name(award, demand.branch) if demand.branch else ""


def _branch_name(award: CompiledAward, branch: Branch) -> str:
    return award.leaves[branch.leaf].node.id if isinstance(branch, LeafBranch) else branch.node.id


def _spots(path: str, rule: RuleEdition) -> dict[str, Spot]:
    """Where each requirement and each condition of a tree stands, by id."""
    found: dict[str, Spot] = {}
    for here in said(rule):
        if here.stand is not None:
            found.setdefault(here.stand.node.id, _under(path, here.spot))
        for key, named in _named(here.qualifiers):
            for at, one in enumerate(named):
                spot = Spot(f"{here.spot.path}.{key}[{at}]", one.span)
                found.setdefault(one.id, _under(path, spot))
    return found


def _named(qualifiers: Qualifiers) -> Iterator[tuple[str, Sequence[Bound | Distinct | Average]]]:
    """What is said that has an id, by the key that it is said with."""
    yield "at_least", qualifiers.at_least
    yield "at_most", qualifiers.at_most
    yield "distinct", qualifiers.distinct
    yield "average", qualifiers.averages


def _under(path: str, spot: Spot) -> Spot:
    return replace(spot, path=spot.path.replace("$.require", path, 1))
