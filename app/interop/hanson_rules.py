"""An area of study in the Hanson format as the requirements of an award."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.core.language.diagnostics import shorten
from app.core.language.origin import slug
from app.core.model.source import SourceSpan
from app.interop.hanson_algebra import Written, bare_fits, both
from app.interop.hanson_assertions import COUNTED, CREDITS, Assertion, assertions_of
from app.interop.hanson_conditions import Area, circumstance
from app.interop.hanson_courses import course_leaf, course_name, course_title, names_course
from app.interop.hanson_facts import COURSE, step_name
from app.interop.hanson_groups import (
    Group,
    alternatives,
    group_of,
    one_of,
    one_of_courses,
    within_sight,
)
from app.interop.hanson_predicates import Reading
from app.interop.hanson_queries import qualifiers, query
from app.interop.hanson_source import MisshapenError, Node

DEPARTMENT = "department"
DEFINED = frozenset({"name", "message", "result", "requirements", "optional", "label", "hidden"})
AUDITED = ("department_audited", "department-audited", "contract")
# A promise to the other engine's search, and what its average of an area leaves out.
HINTS = frozenset({"disjoint", "in_gpa"})
MOST_PARTS = 5_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in an area a rule stands: its id so far, and the requirements that it may name.

    `floors` are what floors and averages further up look at.
    """

    id: str
    path: tuple[str, ...] = ()
    defined: Mapping[str, Node] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    floors: tuple[Written, ...] = ()

    def below(self, name: str, definition: Node, identifier: str) -> Scope:
        """Return the scope of a requirement that is defined here."""
        own = definition.get("requirements")
        defined = {**self.defined, **({} if own is None else own.fields)}
        return replace(
            self,
            id=identifier,
            path=(*self.path, name),
            defined=defined,
            within=(*self.within, str(definition.span)),
        )


@dataclass(slots=True)
class Tree:
    """The requirements of an area on their way to an award.

    `counted` are the courses that may count twice, `places` named requirements by their path, and
    `leaves` the requirements that name one course, by path and course.
    """

    area: Area
    mixed: bool
    counted: frozenset[str] = frozenset()
    taken: set[str] = field(default_factory=set)
    places: dict[tuple[str, ...], Written] = field(default_factory=dict)
    leaves: list[tuple[tuple[str, ...], str, Written]] = field(default_factory=list)

    def claim(self, identifier: str, span: SourceSpan) -> str:
        """Return the id, numbered where it is taken."""
        found, number = identifier.lstrip("."), 1
        while found in self.taken:
            number += 1
            found = f"{identifier.lstrip('.')}-{number}"
        if len(self.taken) >= MOST_PARTS:
            raise MisshapenError(f"there are more than {MOST_PARTS} requirements", span)
        self.taken.add(found)
        return found

    def rule(self, rule: Node, scope: Scope) -> Written:
        """Return the requirement that a rule makes, wherever it stands."""
        if names_course(rule):
            return self._course(rule, scope)
        if rule.has("requirement"):
            return self._reference(rule, scope)
        if rule.has("$if"):
            return self._conditional(rule, scope)
        if rule.has("from"):
            return query(rule, self.area, scope.id)
        if rule.has("proficiency"):
            return self._proficiency(rule, scope)
        if rule.has("all", "any", "both", "either", "of"):
            return self._group(rule, scope)
        if rule.has("name"):
            return self.named(rule.need("name").text, rule, scope)
        if rule.has("template"):
            return self._template(rule)
        found = ", ".join(f"`{shorten(key)}`" for key in rule.fields) or "nothing"
        raise MisshapenError(f"a rule cannot be made of {found}", rule.span)

    def named(self, name: str, definition: Node, scope: Scope) -> Written:
        """Return the requirement that a definition makes, with its id, title and note."""
        if str(definition.span) in scope.within:
            raise MisshapenError(f"`{shorten(name)}` is part of itself", definition.span)
        self._foreign(definition)
        identifier = self.claim(f"{scope.id}.{slug(name) or 'unnamed'}", definition.span)
        own = scope.below(name, definition, identifier)
        form = self._body(definition, own)
        # What a condition chooses between has ids of its own, and this one has to stay.
        if "id" in form or "when" in form:
            form = {"all": [form]}
        message = definition.get("message")
        note = {} if message is None else {"note": " ".join(message.text.split())}
        made = {"id": identifier, "title": " ".join(name.split()), **form, **note}
        self.places.setdefault(own.path, made)
        return made

    def _foreign(self, definition: Node) -> None:
        for key in definition.fields.keys() - DEFINED - HINTS - set(AUDITED):
            why = "the mapping has no place for it"
            self.area.leave(key, definition.need(key), why, "mend the written rule")

    def _body(self, definition: Node, scope: Scope) -> Written:
        marks = (definition.get(key) for key in AUDITED)
        audited = any(one is not None and one.flag for one in marks)
        result = definition.get("result")
        if result is None and not audited:
            raise MisshapenError("a requirement has no `result`", definition.span)
        confirmed: Written = {"attest": DEPARTMENT}
        if result is None:
            return confirmed
        made = self.rule(result, scope)
        return {"all": [made, confirmed]} if audited else made

    def _course(self, rule: Node, scope: Scope) -> Written:
        leaf = course_leaf(rule, self.area)
        title = course_title(rule)
        made = {"id": self.claim(f"{scope.id}.{slug(title)}", rule.span), "title": title, **leaf}
        self.leaves.append((scope.path, course_name(rule), made))
        return made

    def _reference(self, rule: Node, scope: Scope) -> Written:
        name = rule.need("requirement").text
        definition = scope.defined.get(name)
        if definition is None:
            message = f"no requirement is called `{shorten(name)}`"
            raise MisshapenError(message, rule.span, "define it under `requirements`")
        optional = rule.get("optional")
        made = self.named(name, definition, scope)
        if optional is not None and optional.flag:
            made["optional"] = True
        return made

    def _conditional(self, rule: Node, scope: Scope) -> Written:
        otherwise = rule.get("$else")
        found: Written = {
            "when": circumstance(rule.need("$if"), self.area),
            "then": self.rule(rule.need("$then"), scope),
        }
        return found if otherwise is None else {**found, "else": self.rule(otherwise, scope)}

    def _proficiency(self, rule: Node, scope: Scope) -> Written:
        title = rule.need("proficiency").text
        identifier = self.claim(f"{scope.id}.{slug(title)}", rule.span)
        step: Written = {"milestone": step_name(title)}
        course = rule.get("course")
        if course is None:
            return {"id": identifier, "title": title, **step}
        shown = {"id": f"{identifier}.passed", "title": f"{title} passed", **step}
        parts = [shown, self.rule(course, replace(scope, id=identifier))]
        return {"id": identifier, "title": title, "any": parts}

    def _template(self, rule: Node) -> Written:
        why = "each learner has a list of courses of their own"
        self.area.leave("template", rule, why, "give the learner a rule of their own")
        return {"attest": DEPARTMENT, "note": "A list of courses that was approved for the learner"}

    def _group(self, rule: Node, scope: Scope) -> Written:
        group = group_of(rule, self.area)
        asserted = self._audit(rule)
        leaf = None if asserted else one_of_courses(group, self.counted, self.area)
        if leaf is not None:
            return leaf
        floors = [one.of or {} for one in asserted if one.floor]
        inner = replace(scope, floors=(*scope.floors, *floors))
        parts = [self._part(part, inner) for part in group.parts]
        seen = group.exact and any(within_sight(part, scope.floors) for part in parts)
        form = _grouped(group, parts, no_more=seen)
        said = qualifiers(asserted, Reading(self.area), scope.id or "all")
        return {**form, **{key: value for key, value in said.items() if value}}

    def _part(self, rule: Node, scope: Scope) -> Written:
        """Return a part of a group; a choice of one course is called by the courses."""
        made = self.rule(rule, scope)
        if "id" in made or "choose" not in made or not rule.has("any", "either", "of"):
            return made
        title = one_of(
            [course_title(one) for one in alternatives(group_of(rule, Area(self.area.code)))]
        )
        return {"id": self.claim(f"{scope.id}.{slug(title)}", rule.span), "title": title, **made}

    def _audit(self, rule: Node) -> list[Assertion]:
        audit = rule.get("audit")
        if audit is None:
            return []
        return [self._of_courses(one) for one in assertions_of(audit, Reading(self.area))]

    def _of_courses(self, one: Assertion) -> Assertion:
        """Where performances count as well, say that courses are meant."""
        counts = one.measure in COUNTED or one.measure == CREDITS
        of = one.of or {}
        blind = self.mixed and counts and bare_fits(of)
        return replace(one, of=both({"type": COURSE}, of)) if blind else one


def _grouped(group: Group, parts: Sequence[Written], *, no_more: bool) -> Written:
    """Return the parts of which some are needed, and with `no_more` no others are used."""
    if group.need is None:
        return {"all": list(parts)}
    if no_more and group.need < len(parts):
        ends = {"from": group.need, "to": group.need}
        return {"some": {"choose": ends, "of": list(parts)}}
    if group.need == 1:
        return {"any": list(parts)}
    return {"some": {"choose": group.need, "of": list(parts)}}
