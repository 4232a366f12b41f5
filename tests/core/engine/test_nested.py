"""Audits of rules that nest an award: held, or met by its own rule, and each achievement once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.engine.certify import certify
from app.core.engine.compile import compile_rule
from app.core.engine.decide import Verdict, decide
from app.core.engine.verify import verify
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.errors import InvariantError
from app.core.model.nesting import link
from app.core.model.record import Achievement
from app.core.model.requirement import (
    NO_QUALIFIERS,
    Bound,
    Nested,
    Pair,
    Qualifiers,
    Requirement,
)
from app.core.model.rule import Exclusion, RuleEdition
from tests.core.engine.builders import (
    POLICIES,
    TODAY,
    catalogue,
    choose,
    compiled,
    credential,
    credits_from,
    every,
    held,
    record,
    rule,
    tagged,
    take,
)

KNOWN = catalogue(
    *(credential(name, 10, "core") for name in "ab"),
    *(credential(name, 10, "free") for name in "cdef"),
    credential("cert", 30),
    credential("dip", 60),
)
CERT = rule(every(take("core", "a", "b"), credits_from("more", 10, tagged("free"))), award="cert")
CERT = replace(CERT, total=Credits(30_000))


def nested(award: str = "cert") -> Nested:
    return Nested(id="n", title=award, award=CredentialId(award))


def audited(
    root: Requirement,
    *achievements: Achievement,
    inner: RuleEdition = CERT,
    whole: Qualifiers = NO_QUALIFIERS,
) -> Verdict:
    """Audit a rule with its nested award, and have the certificate checked."""
    outer = link(rule(root, award="dip", whole=whole), {inner.award: [inner]}).rule
    award = compiled(outer, KNOWN)
    verdict = decide([award], record(*achievements), TODAY)
    wrong = verify(
        [outer],
        KNOWN,
        [award.policies],
        record(*achievements),
        TODAY,
        certify(verdict),
    )
    assert wrong == ()
    return verdict


def met(verdict: Verdict) -> bool:
    return verdict.now.standings[0].met


def counted(verdict: Verdict) -> dict[str, set[str]]:
    """What counts where, by requirement."""
    problem = verdict.now.problem
    award = problem.awards[0]
    found: dict[str, set[str]] = {}
    for place, inside in enumerate(verdict.now.allocation):
        name = award.leaves[award.slots[place].leaf].node.id
        for item in problem.items:
            if inside >> item.at & 1:
                found.setdefault(name, set()).add(item.achievement.id)
    return found


def test_whoever_holds_the_award_meets_the_requirement() -> None:
    verdict = audited(every(nested()), held("cert"))
    assert met(verdict)
    assert counted(verdict) == {"n:held": {"cert"}}


def test_whoever_meets_its_rule_meets_the_requirement() -> None:
    verdict = audited(every(nested()), held("a"), held("b"), held("c"))
    assert met(verdict)
    assert counted(verdict) == {"n/core": {"a", "b"}, "n/more": {"c"}}


def test_a_part_of_either_way_is_not_enough() -> None:
    verdict = audited(every(nested()), held("a"), held("c"))
    assert not met(verdict)
    assert verdict.now.standings[0].reached == 20_000


def test_what_counts_in_the_nested_award_counts_nowhere_else() -> None:
    root = every(nested(), credits_from("rest", 20, tagged("free")))
    short = audited(root, *map(held, "abcd"))
    assert not met(short)
    assert met(audited(root, *map(held, "abcde")))


def test_who_holds_the_award_has_its_parts_for_the_rest() -> None:
    root = every(nested(), credits_from("rest", 20, tagged("free")))
    assert met(audited(root, held("cert"), held("c"), held("d")))


def test_floors_of_the_outer_award_see_what_counts_within() -> None:
    floor = Bound(
        id="core", title="Core", measure="credits", amount=20_000, selector=tagged("core")
    )
    root = every(nested(), credits_from("rest", 10, tagged("free")))
    said = Qualifiers(at_least=(floor,))
    assert met(audited(root, *map(held, "abcd"), whole=said))
    assert not met(audited(root, held("cert"), held("c"), whole=said))


def test_what_the_nested_rule_caps_is_capped_there_alone() -> None:
    cap = Bound(id="free", title="Free", measure="choose", amount=1, selector=tagged("free"))
    inner = replace(
        CERT,
        root=every(take("core", "a", "b"), choose("more", 2, tagged("free"))),
        whole=Qualifiers(at_most=(cap,)),
    )
    root = every(nested(), choose("rest", 2, tagged("free")))
    verdict = audited(root, *map(held, "abcdef"), inner=inner)
    assert not met(verdict)
    assert len(counted(verdict)["n/more"]) == 1
    assert len(counted(verdict)["rest"]) == 2


def test_overlaps_of_the_nested_rule_bind_there_alone() -> None:
    both = (CredentialId("c"), CredentialId("d"))
    inner = replace(
        CERT,
        root=every(choose("more", 2, tagged("free"))),
        excludes=(Exclusion(id="x", credentials=both),),
    )
    assert not met(audited(every(nested()), held("c"), held("d"), inner=inner))
    root = every(nested(), choose("rest", 2, tagged("free")))
    assert met(audited(root, *map(held, "cdef"), inner=inner))
    assert not met(audited(root, *map(held, "cde"), inner=inner))


def test_pairs_of_the_nested_rule_bind_there_alone() -> None:
    both = (CredentialId("c"), CredentialId("d"))
    inner = replace(
        CERT, root=every(choose("more", 1, tagged("free"))), pairs=(Pair(credentials=both),)
    )
    outer = every(nested(), choose("rest", 1, tagged("free")))
    assert not met(audited(every(nested()), held("c"), inner=inner))
    assert counted(audited(outer, held("c"), held("e"), inner=inner)) == {
        "n/more": {"e"},
        "rest": {"c"},
    }


def test_pairs_that_share_a_credential_hold_together() -> None:
    first = Pair(credentials=(CredentialId("c"), CredentialId("d")))
    second = Pair(credentials=(CredentialId("c"), CredentialId("e")))
    root = take("more", "c", "d")
    inner = replace(CERT, root=root, pairs=(first,))
    assert met(audited(every(nested()), held("c"), held("d"), inner=inner))
    both = replace(CERT, root=root, pairs=(first, second))
    assert not met(audited(every(nested()), held("c"), held("d"), inner=both))
    three = replace(CERT, root=choose("more", 3, tagged("free")), pairs=(first, second))
    assert met(audited(every(nested()), *map(held, "cde"), inner=three))


def test_an_optional_nested_award_stops_nothing() -> None:
    root = every(replace(nested(), optional=True), choose("rest", 1, tagged("free")))
    assert met(audited(root, held("c")))


def test_a_rule_that_is_not_linked_is_not_compiled() -> None:
    unlinked = rule(every(nested()), award="dip")
    with pytest.raises(InvariantError):
        compile_rule(unlinked, KNOWN, POLICIES)


def test_the_edition_of_the_day_decides_what_is_asked_for() -> None:
    later = replace(
        CERT,
        edition="2",
        effective=replace(CERT.effective, start=date(2024, 1, 1)),
        root=every(take("core", "a")),
    )
    outer = rule(every(nested()), award="dip")
    moved = replace(outer, effective=replace(outer.effective, start=date(2024, 6, 1)))
    answers = [
        decide(
            [compiled(link(one, {CERT.award: [CERT, later]}).rule, KNOWN)], record(held("a")), TODAY
        )
        for one in (outer, moved)
    ]
    assert [one.now.standings[0].met for one in answers] == [False, True]
