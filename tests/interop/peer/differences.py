"""Where our answer and the other engine's differ, and what explains it: decided by rule.

The neutral checker judges both engines' claims first. What it says of them settles whether a
verdict is right for its claims; what is left is that the claims differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from tests.interop.peer.answers import Line, Ours
from tests.interop.peer.checker import Checker, Judged
from tests.interop.peer.leaves import Claims, Leaf, Path, names_course, written
from tests.interop.peer.measures import assertions_of
from tests.interop.peer.standing import State
from tests.interop.peer.where import Rule, holds, in_progress

Answer = Literal["now", "projected"]
ANSWERS: tuple[Answer, Answer] = ("now", "projected")
DONE = frozenset({"done", "waived"})
PENDING = frozenset({"pending-current", "pending-registered"})
OURS: Mapping[str | None, State | None] = {
    "met": "met",
    "pending": "people",
    "not-met": "unmet",
    None: None,
}


@dataclass(frozen=True)
class Difference:
    """What the engines say differently of a requirement, and why; `kind` is empty if unknown."""

    line: Line
    path: Path
    answer: Answer
    theirs: State
    ours: State | None
    kind: str

    def __str__(self) -> str:
        name = " > ".join(self.path)
        return f"{self.line.where}, {name}: {self.theirs} there, {self.ours} here ({self.answer})"


@dataclass(frozen=True)
class Pair:
    """Both answers to one question about one student, and what the checker says of them."""

    line: Line
    ours: Ours
    answer: Answer

    @cached_property
    def our_claims(self) -> Claims:
        return self.ours.claims(self.answer)

    @cached_property
    def their_claims(self) -> Claims:
        claimed = self.line.claimed
        if self.answer == "projected":
            return claimed
        courses = self.line.student.courses
        return {name: paths for name, paths in claimed.items() if not in_progress(courses[name])}

    @cached_property
    def our_judged(self) -> Judged:
        return self._judge(self.our_claims)

    @cached_property
    def their_judged(self) -> Judged:
        return self._judge(self.their_claims)

    def _judge(self, claims: Claims) -> Judged:
        student = replace(self.line.student, finished_only=self.answer == "now")
        return Checker(self.line.area, student, claims).judge()

    def our_state(self, path: Path) -> State | None:
        return OURS[self.ours.state(path, self.answer)]

    def their_state(self, path: Path) -> State:
        status = self.line.theirs[path]
        if status == "pending-approval":
            return "people"
        met = DONE if self.answer == "now" else DONE | PENDING
        return "met" if status in met else "unmet"

    def misjudged(self) -> Iterator[str]:
        """Yield where our state is not what the neutral checker makes of our claims."""
        for path, state in self.our_judged.states.items():
            if path and self.our_state(path) != state and not self._unused(path):
                yield f"{self.line.where}, {' > '.join(path)}: {self.our_state(path)}, not {state}"

    def _unused(self, path: Path) -> bool:
        """Say whether it is left out where no more may be used; borrowed courses could meet it."""
        left_out = path in self.our_judged.spare and self.our_state(path) == "unmet"
        return left_out and not any(_below(path, at) for at in self.our_claims.values())

    def differences(self) -> Iterator[Difference]:
        for path in self.line.theirs:
            theirs, ours = self.their_state(path), self.our_state(path)
            if theirs != ours:
                kind = next((kind.name for kind in KINDS if kind.explains(self, path)), "")
                yield Difference(self.line, path, self.answer, theirs, ours, kind)


def differences_of(line: Line, ours: Ours) -> list[Difference]:
    """Return one difference for each requirement that has any; that of the later answer."""
    found: dict[Path, Difference] = {}
    for answer in ANSWERS:
        found.update((one.path, one) for one in Pair(line, ours, answer).differences())
    return list(found.values())


def _leaves(pair: Pair, path: Path) -> list[Leaf]:
    """Return the rules of a requirement and of those below it."""
    own = pair.our_judged.leaves.items()
    return [leaf for at, leaves in own if at[: len(path)] == path for leaf in leaves]


def _not_asked(pair: Pair, path: Path) -> bool:
    return pair.our_state(path) is None and path not in pair.their_judged.states


def _people(pair: Pair, path: Path) -> bool:
    asked = pair.our_state(path) == "people" and pair.their_state(path) == "unmet"
    return asked and pair.their_judged.states[path] == "people"


def _unread(pair: Pair, path: Path) -> bool:
    """By what it claims the requirement is not met, and an assertion has an `any`."""
    asserted = [
        one for leaf in _leaves(pair, path) if leaf.query for one in assertions_of(leaf.rule)
    ]
    wrong = pair.their_state(path) == "met" and pair.their_judged.states[path] == "unmet"
    return wrong and any("any" in one for one in asserted)


def _finished_suffice(pair: Pair, path: Path) -> bool:
    pending = pair.answer == "now" and pair.line.theirs[path] in PENDING
    return pending and _gained(pair, path) and pair.their_judged.states[path] == "met"


def _one_allocation(pair: Pair, path: Path) -> bool:
    pending = pair.answer == "now" and pair.line.theirs[path] in PENDING
    return pending and _gained(pair, path) and pair.their_judged.states[path] == "unmet"


def _hidden(pair: Pair, path: Path) -> bool:
    """We count for a query what a chain of `all` requires, which it hides from every query."""
    required = set(required_courses(pair.line))
    mine = {name for name, paths in pair.our_claims.items() if _below(path, paths)}
    queried = {
        name
        for name in mine & required
        for leaf in _leaves(pair, path)
        if leaf.query and leaf.admits(pair.line.student.courses[name], pair.line.student)
    }
    return _gained(pair, path) and _sound(pair, path) and bool(queried)


def _alternative(pair: Pair, path: Path) -> bool:
    gained = _gained(pair, path) and _sound(pair, path)
    return gained and path in pair.our_judged.choices and _parts(pair) >= 0


def _better(pair: Pair, path: Path) -> bool:
    return _sound(pair, path) and _moved(pair, path) and _parts(pair) > 0


def _as_good(pair: Pair, path: Path) -> bool:
    return (
        _sound(pair, path) and _moved(pair, path) and _parts(pair) == 0 and not _group(pair, path)
    )


def _as_good_above(pair: Pair, path: Path) -> bool:
    return _sound(pair, path) and _moved(pair, path) and _parts(pair) == 0 and _group(pair, path)


def _group(pair: Pair, path: Path) -> bool:
    """Say whether nothing is claimed for the requirement itself, but for those below it."""
    return not pair.our_judged.leaves[path]


def _gained(pair: Pair, path: Path) -> bool:
    return pair.our_state(path) == "met" and pair.their_state(path) == "unmet"


def _sound(pair: Pair, path: Path) -> bool:
    """Say whether each verdict is right for its claims."""
    return pair.their_judged.states[path] == pair.their_state(path) and pair.our_judged.states[
        path
    ] == pair.our_state(path)


def _moved(pair: Pair, path: Path) -> bool:
    """Say whether a course counts there with one engine, and not with the other."""
    return any(
        _below(path, ours.get(name, frozenset())) != _below(path, theirs.get(name, frozenset()))
        for ours, theirs in [(pair.our_claims, pair.their_claims)]
        for name in ours.keys() | theirs.keys()
    )


def _below(path: Path, paths: frozenset[Path]) -> bool:
    return any(at[: len(path)] == path for at in paths)


def _parts(pair: Pair) -> int:
    """Return how many more requirements our claims meet."""
    return pair.our_judged.met - pair.their_judged.met


def required_courses(line: Line) -> Iterator[str]:
    """Yield what a chain of `all` requires and only one enrolment can be: hidden from queries."""
    yield from _required(line.area["result"], line.area.get("requirements", {}), line)


def _required(rule: Any, scope: Mapping[str, Rule], line: Line) -> Iterator[str]:  # noqa: ANN401
    if names_course(rule):
        yield from _only(written(rule), line)
    elif "requirement" in rule or "name" in rule:
        below = scope[rule["requirement"]] if "requirement" in rule else rule
        if "result" in below:
            yield from _required(below["result"], {**scope, **below.get("requirements", {})}, line)
    elif "$if" in rule:
        branch = rule["$then"] if holds(rule["$if"], line.student) else rule.get("$else")
        if branch is not None:
            yield from _required(branch, scope, line)
    else:
        every = rule.get("all") or rule.get("both")
        if every is None and rule.get("count") in {"all", len(rule.get("of", ()))}:
            every = rule["of"]
        for part in every if every is not None and "from" not in rule else ():
            yield from _required(part, scope, line)


def _only(rule: Rule, line: Line) -> Iterator[str]:
    if rule.get("from_claimed"):
        return
    # It looks at the grade only later.
    bare = {key: part for key, part in rule.items() if key not in {"grade", "grade_option"}}
    courses = line.student.courses.items()
    meant = [name for name, row in courses if Leaf(bare, "").admits(row, line.student)]
    if len(meant) == 1:
        yield from meant


@dataclass(frozen=True)
class Kind:
    """A kind of difference: the rule that recognises it, and why our answer is right."""

    name: str
    explains: Callable[[Pair, Path], bool]
    why: str


KINDS = (
    Kind(
        "condition that does not hold",
        _not_asked,
        "it lists the requirement as empty; here nobody is asked for it",
    ),
    Kind(
        "only confirmations are missing",
        _people,
        "a group of them is empty there, and pending here, as each of them is",
    ),
    Kind(
        "`any` of an assertion is not read",
        _unread,
        "what it claims has none of the courses that the assertion wants",
    ),
    Kind(
        "pending though what is finished suffices",
        _finished_suffice,
        "one course in progress more makes it pending; by the checker its finished claims suffice",
    ),
    Kind(
        "one allocation for all answers",
        _one_allocation,
        "what is in progress takes a place that something finished could have; "
        "here the answers are separate",
    ),
    Kind(
        "required course hidden",
        _hidden,
        "a course that a chain of `all` requires is hidden from every query, also from one that "
        "may reuse it",
    ),
    Kind(
        "alternative not tried",
        _alternative,
        "one of several alternatives; those that it does not choose stay empty, met or not",
    ),
    Kind(
        "allocation that is not the best",
        _better,
        "it adds fractions and takes the first best; here more requirements are met",
    ),
    Kind(
        "another allocation, as good",
        _as_good,
        "as many requirements are met, others",
    ),
    Kind(
        "another allocation, as good below",
        _as_good_above,
        "as many requirements are met that courses count for; of the groups around them it meets "
        "this one",
    ),
)
