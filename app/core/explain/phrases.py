"""The words for each reason: one sentence a code, made from its parameters alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.core.language.plain_words import listed, points_in_words
from app.core.model.reason import Param, Reason, ReasonCode

Params = Mapping[str, Param]
FEW = 3


def shown(thousandths: int, floor: int) -> int:
    """Return a mean rounded down to two decimals, or to three where its floor has three."""
    return thousandths if floor % 10 else thousandths - thousandths % 10


def points(thousandths: int, floor: int = 0) -> str:
    """Return a mean as it is printed beside its floor."""
    return points_in_words(shown(thousandths, floor))


def after_colon(reason: Reason) -> str:
    """Return the sentence of a reason as it stands after a colon; a name stays as it is."""
    said = [one if isinstance(one, tuple) else (str(one),) for one in reason.params.values()]
    if reason.text.startswith(tuple([name for names in said for name in names if name])):
        return reason.text
    return reason.text[:1].lower() + reason.text[1:]


def because(code: ReasonCode, **params: Param) -> Reason:
    """Return the reason with its sentence."""
    sentence = SENTENCES[code](params)
    regulation = params.get("regulation")
    return Reason(code, params, f"{sentence} ({regulation})." if regulation else f"{sentence}.")


def _plain(status: Param) -> str:
    return str(status).replace("-", " ")


def _many(value: Param, last: str = "and") -> str:
    return listed(value, last) if isinstance(value, tuple) else str(value)


def _counts(names: Param) -> str:
    return "counts" if isinstance(names, tuple) and len(names) == 1 else "count"


def _does(names: Param) -> str:
    return "does" if _counts(names) == "counts" else "do"


def _several(fact: Param) -> str:
    """The name of a fact in the plural: clusters, fields."""
    return f"{_plain(fact)}s"


def _capped(params: Params) -> str:
    """What a cap lets count, what of that is used, and what does not fit beside it."""
    amount, used, room = (str(params[name]) for name in ("amount", "used", "room"))
    if _none(amount):
        return f"The limit {params['cap']} lets none of it count"
    limit = f"{params['cap']} lets at most {amount} count"
    if _none(room) or "own" not in params:
        return f"{limit}, and {used} of that is used"
    if _none(used):
        return f"{limit}, and it has {params['own']}"
    return f"{limit}; {used} of that is used, and it has {params['own']}"


def _parts_used(params: Params) -> str:
    """How many parts of a group may be used, and which are."""
    group, most = params["group"], params["most"]
    if most == 0:
        return f"None of the parts of {group} can be used"
    used = f"{_many(params['used'])} {_are(params['used'])}"
    return f"Only {most} of the parts of {group} can be used, and {used}"


def _not_shareable(params: Params) -> str:
    """Where it counts, or would once it is finished, and that this is all the awards allow."""
    awards, late = _many(params["awards"]), "status" in params
    where = f"It is {_plain(params['status'])} and would count" if late else "It counts"
    if params.get("most") == 0:
        return f"{where} in {awards}, and the awards share nothing"
    if "most" in params:
        return f"{where} in {awards}, and may count in {params['most']} of the awards at most"
    used = "would be" if late else "is"
    return f"{where} in {awards}, and what the awards may share {used} used up"


def _in_conflict(params: Params) -> str:
    """What cannot be met together, how much is missing, what it competes for, and what binds it."""
    named = params["requirements"]
    both = isinstance(named, tuple) and len(named) == len(("one", "other"))
    held = "even with all that is planned" if params["held"] == "planned" else "with what is held"
    why = []
    if "demanded" in params:
        asked, reached = params["demanded"], params["reached"]
        why.append(f"they ask for {asked} together, and {reached} can be reached")
    if "achievements" in params:
        own = params["achievements"]
        why.append(f"{_few(own)} would serve more than one of them and {_counts(own)} once")
    if "limits" in params:
        why.append(f"they are bound by {_many(params['limits'])}")
    why = why or ["whatever counts toward one leaves another unmet"]
    head = f"{_many(named)} cannot {'both' if both else 'all'} be met, {held}"
    return f"{head}: {'; '.join(why)}"


def _few(names: Param) -> str:
    """A list that is read aloud: of many, the first and how many more there are."""
    if not isinstance(names, tuple) or len(names) <= FEW + 1:
        return _many(names)
    return listed([*names[:FEW], f"{len(names) - FEW} more"], "and")


def _out_of_order(params: Params) -> str:
    """What should have been completed before it was begun, or begun after it was completed."""
    if "next" in params:
        if "begun" not in params:
            return f"{params['next']} comes after it and has no day that shows so"
        return (
            f"It was completed on {params['completed']}, and {params['next']}, which is to come "
            f"after it, was begun on {params['begun']}"
        )
    if "begun" not in params:
        lacks = "has no day" if "requirement" in params else "is not recorded"
        return f"It has to come after {params['first']}, which {lacks}"
    done = "completed" if "requirement" in params else "recorded"
    return (
        f"It was begun on {params['begun']}, before {params['first']} was {done} on "
        f"{params['completed']}"
    )


def _moving(params: Params) -> str:
    """What a placement costs and brings, what is then not met, and what else moves."""
    head = f"Moving {params['achievement']} to {params['requirement']}"
    costs = [_many(params["costs"])] if "costs" in params else []
    if "late" in params:
        costs.append(f"{params['late']} more of what is {_plain(params['status'])}")
    if "behind" in params:
        costs.append("what is preferred")
    told = f"{head} costs {listed(costs, 'and')}" if costs else f"{head} costs nothing"
    if "brings" in params:
        told += f" and brings {_many(params['brings'])}"
    if "unmet" in params:
        told += f", and {_many(params['unmet'])} {_are(params['unmet'])} then not met"
    if not costs and "moved" in params:
        told += f": {_few(params['moved'])} {_moves(params['moved'])}"
    return told


def _are(names: Param) -> str:
    return "is" if _counts(names) == "counts" else "are"


def _moves(names: Param) -> str:
    return "moves" if _counts(names) == "counts" else "move"


def _none(measured: str) -> bool:
    return measured.partition(" ")[0] == "0"


def _lapsed(params: Params) -> str:
    """What was decided, by whom, and why it does not apply."""
    kind, why = str(params["kind"]), str(params["lapse"])
    decided = DECISIONS[kind](params)
    return f"{decided} by {params['by']} on {params['on']} does not apply: {LAPSES[why](params)}"


def _adjusted(params: Params) -> str:
    """What an adjustment does, who decided it, when and why."""
    done = ADJUSTED[str(params["kind"])](params)
    return f"{done}, decided by {params['by']} on {params['on']}: {params['why']}"


def _from(params: Params) -> str:
    return f" from {params['requirement']}" if "requirement" in params else ""


def _toward(params: Params) -> str:
    return f" toward {params['requirement']}" if "requirement" in params else ""


ADJUSTED: Mapping[str, Callable[[Params], str]] = {
    "waive": lambda p: f"{p['requirement']} is waived",
    "adjust-quantity": lambda p: f"For {p['requirement']} {p['amount']} is the amount",
    "also-allow": lambda p: f"{p['credential']} may count toward {p['requirement']} too",
    "substitute": lambda p: (
        f"{p['achievement']} stands for {p['credential']} in {p['requirement']}"
    ),
    "apply-here": lambda p: f"{p['achievement']} counts toward {p['requirement']} or not at all",
    "exclude": lambda p: f"{p['achievement']} does not count{_toward(p)}",
    "adjust-credits": lambda p: f"{p['achievement']} counts with {p['amount']}",
}
DECISIONS: Mapping[str, Callable[[Params], str]] = {
    "waive": lambda p: f"The waiver of {p['requirement']}",
    "adjust-quantity": lambda p: f"The amount of {p['amount']} for {p['requirement']}",
    "also-allow": lambda p: f"The allowance of {p['credential']} for {p['requirement']}",
    "substitute": lambda p: (
        f"The substitution of {p['achievement']} for {p['credential']} in {p['requirement']}"
    ),
    "apply-here": lambda p: f"The assignment of {p['achievement']} to {p['requirement']}",
    "exclude": lambda p: f"The exclusion of {p['achievement']}{_from(p)}",
    "adjust-credits": lambda p: f"The amount of {p['amount']} for {p['achievement']}",
}
LAPSES: Mapping[str, Callable[[Params], str]] = {
    "not-yet": lambda _: "it is not in force yet",
    "expired": lambda p: f"it expired on {p['expires']}",
    "no-requirement": lambda p: f"this edition has no {p['requirement']}",
    "not-there": lambda p: f"{p['requirement']} is not asked of this learner",
    "wrong-kind": lambda p: f"{p['requirement']} is nothing to which this can be done",
    "wrong-amount": lambda p: f"{p['requirement']} cannot ask for {p['amount']}",
    "no-achievement": lambda p: f"the record has no {p['achievement']}",
    "not-countable": lambda p: f"{p['achievement']} does not count as it stands",
    "no-credential": lambda p: f"no {p['credential']} is asked for there",
    "waived": lambda p: f"{p['requirement']} is waived",
    "overruled": lambda _: "a later decision stands in its place",
}
SENTENCES: Mapping[ReasonCode, Callable[[Params], str]] = {
    "does-not-match": lambda p: (
        f"It does not match {p['requirement']}: {p['fact']} is {p['has']}, needs {p['needs']}"
        if "fact" in p
        else f"It does not match {p['requirement']}, which takes {p['wants']}"
        if "wants" in p
        else "It does not match any requirement"
    ),
    "grade-too-low": lambda p: (
        f"It has no grade, needs {p['needs']}"
        if p["has"] == "none"
        else f"Grade {p['has']} is below {p['needs']}"
    ),
    "grade-too-high": lambda p: f"Grade {p['has']} is above {p['needs']}",
    "too-old": lambda p: (
        f"{p['since']} on {p['day']}, more than {p['span']} before "
        + (
            f"{p['until_day']}, the audit's day, while {p['unrecorded']} is not recorded"
            if "unrecorded" in p
            else f"{p['until']} on {p['until_day']}"
        )
    ),
    "outside-window": lambda p: f"It lies outside the {p['span']} that run from {p['anchor']}",
    "too-long": lambda p: f"It ran from {p['started']} to {p['ended']}, longer than {p['span']}",
    "no-day": lambda p: f"The day on which it was {p['fact']} is not recorded",
    "out-of-order": _out_of_order,
    "wrong-level": lambda p: f"Its level is {p['has']}, needs {p['needs']}",
    "already-used": lambda p: f"It already counts in {_many(p['awards'])}",
    "not-used": lambda p: (
        f"It does not count in {_many(p['awards'], 'or')}, as {p['requirement']} asks"
        if "awards" in p
        else f"It counts in no other award, as {p['requirement']} asks"
    ),
    "not-for-learner": lambda p: (
        f"It counts toward {p['requirement']} only for learners {p['whose']}"
        if "requirement" in p
        else f"What matches it counts only for learners {p['whose']}"
    ),
    "in-excess": lambda p: (
        f"Enough counts toward {_many(p['requirement'])} without it"
        + (f", where {_many(p['first'])} {_counts(p['first'])} first" if "first" in p else "")
    ),
    "cap-reached": _capped,
    "trimmed": lambda p: (
        f"{p['achievement']} counts with {p['counted']} of its {p['size']}, as {p['cap']} lets "
        f"at most {p['amount']} count"
    ),
    "no-gain": lambda p: f"Counting it toward {p['requirement']} would bring the award no further",
    "not-chosen": lambda p: (
        f"{p['group']} counts by the part nearest to being met, and {p['requirement']} is not it"
        if p["needed"] == 1
        else f"{p['group']} counts by the {p['needed']} parts nearest to being met, and "
        f"{p['requirement']} is none of them"
    ),
    "parts-used": _parts_used,
    "would-lower": lambda p: (
        f"With it the average would be {p['mean']}, and {p['condition']} needs {p['demanded']}"
    ),
    "no-credit": lambda p: f"It brings no credit to {_many(p['requirement'])}",
    "duplicates": lambda p: f"It duplicates {_many(p['other'])}, which counts",
    "pair-incomplete": lambda p: f"It counts only together with {_many(p['missing'])}",
    "not-shareable": _not_shareable,
    "superseded": lambda p: f"Another attempt stands for it: {p['by']}",
    "not-countable": lambda p: f"What is {_plain(p['status'])} does not count",
    "not-finished": lambda p: (
        f"It is {_plain(p['status'])} and would count toward {_many(p['requirement'])}"
    ),
    "used-elsewhere": lambda p: (
        f"{_many(p['achievements'])} would match but {_counts(p['achievements'])} toward "
        f"{p['elsewhere']}; moving {'it' if _counts(p['achievements']) == 'counts' else 'one'} "
        f"here would leave that {p['cost']} short"
    ),
    "missing": lambda p: (
        f"Missing: {_many(p['credentials'])}"
        + (f", which would fill {_many(p['also'])} too" if "also" in p else "")
    ),
    "nothing-matches": lambda _: "Nothing that is earned matches it",
    "not-enough": lambda p: f"What matches comes to {p['reached']} of {p['demanded']}",
    "held-back": lambda p: f"{_many(p['achievements'])} would match: {p['because']}",
    "not-admitted": lambda p: (
        f"{_many(p['achievements'])} {_does(p['achievements'])} not count toward it: {p['because']}"
    ),
    "retake": lambda p: f"Retake {_many(p['credentials'])}",
    "floor-not-reached": lambda p: f"What counts comes to {p['reached']} of {p['demanded']}",
    "latest-not-reached": lambda p: (
        f"Of the latest {p['latest']} that count, {p['reached']} of {p['demanded']} are as asked"
    ),
    "breadth-not-reached": lambda p: (
        f"What counts covers {p['reached']} of {p['demanded']} different {_several(p['by'])}"
    ),
    "average-too-low": lambda p: f"The average is {p['mean']}, needs {p['demanded']}",
    "no-graded-credit": lambda _: "Nothing that counts here has a grade with points",
    "step-not-recorded": lambda p: f"The step {_plain(p['milestone'])} is not recorded",
    "awaits-person": lambda p: f"It waits for the {p['role']} to confirm it",
    "parts-missing": lambda p: f"{p['met']} of {p['needed']} parts are met",
    "condition-short": lambda p: (
        f"Enough of it is met, but {_many(p['conditions'])} "
        f"{'is' if _counts(p['conditions']) == 'counts' else 'are'} not"
    ),
    "not-allowed": lambda p: (
        f"{p['title']}: at most {p['demanded']} may be on the record, and it holds {p['reached']}"
    ),
    "applies": lambda p: f"It applies to learners {p['who']}",
    "in-conflict": _in_conflict,
    "resolved-by": lambda p: (
        f"Holding {_many(p['credentials'])} too would resolve it"
        if _counts(p["credentials"]) == "counts"
        else f"Holding any one of these too would resolve it: {_many(p['credentials'], 'or')}"
    ),
    "limit-binds": lambda p: (
        f"A decision to lift any of these would resolve it: {_many(p['limits'], 'or')}"
        if "limits" in p
        else f"A decision to ask for more parts of {_many(p['choices'], 'or')} lets more be used"
        if "choices" in p
        else f"No decision lifts this: {_many(p['fixed'])}"
    ),
    "not-all-match": lambda p: (
        f"All on the record has to be as asked, and {_many(p['achievements'])} "
        f"{'is' if _counts(p['achievements']) == 'counts' else 'are'} not"
    ),
    "record-out-of-time": lambda p: (
        f"{_many(p['achievements'])} "
        f"{'lies' if _counts(p['achievements']) == 'counts' else 'lie'} outside the {p['span']} "
        f"that run from {p['from']}" + (f" on {p['anchor']}" if "anchor" in p else "")
    ),
    "too-many-values": lambda p: (
        f"There are {p['reached']} different {_several(p['by'])} on the record, "
        f"and at most {p['most']} may be"
    ),
    "adjusted": _adjusted,
    "lapsed": _lapsed,
    "moving": _moving,
    "move-impossible": lambda p: (
        f"Under the limits of the rules it cannot count toward {p['requirement']}, whatever else "
        "counts"
    ),
    "no-such-place": lambda p: (
        f"This edition has no requirement {p['requirement']}, or not for this learner"
    ),
    "takes-nothing": lambda p: f"No achievement counts toward {p['requirement']}",
    "not-on-record": lambda p: f"The record has no {p['achievement']}",
    "wish-instead": lambda _: "Another wish is honoured in its place",
    "wish-open": lambda _: "Whether it can count there too was not settled within the limit",
    "price-not-asked": lambda _: "What it would cost is told where it is asked for by itself",
    "barred": lambda p: f"Accepting {p['award']} ended the right to this award",
    "higher-complete": lambda p: f"The requirements of the higher award {p['award']} are complete",
}
