"""A catalogue in one order: made once, and asked by every rule that sees it the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.core.engine.applying import applied
from app.core.engine.compiled import CompiledAward
from app.core.engine.listing import Listing
from app.core.explain.audits import audit_record
from app.core.model.catalogue import Catalogue
from app.core.model.change import Change
from app.core.model.credential import Credential, CredentialId
from app.core.model.requirement import Quantity
from app.core.model.selector import Circumstance, CreditTest, Declared, OneOf, Selector, Test
from tests.core.engine.builders import (
    LETTERS,
    TODAY,
    catalogue,
    choose,
    compiled,
    credential,
    held,
    record,
    rule,
    tagged,
)

KNOWN = catalogue(
    credential("large", 9, "core"),
    credential("b", 4, "core"),
    credential("a", 4, "core"),
    credential("none", 0, "core"),
    credential("hours", 30, "core", unit="h"),
)


def listing(known: Catalogue = KNOWN) -> Listing:
    return compiled(rule(choose("core", 1, tagged("core"))), known).listing


def names(credentials: int, known: Listing) -> list[str]:
    return [name for at, name in enumerate(known.names) if credentials >> at & 1]


def admitted(known: Listing, *tests: Test, stated: bool = True) -> list[str]:
    return names(known.admitted(Selector(tests), stated=stated).may, known)


def test_credentials_stand_by_their_credits_then_their_ids() -> None:
    assert listing().names == ("hours", "none", "a", "b", "large")


def test_what_nothing_converts_is_left_open_by_a_test_of_credits() -> None:
    known = listing()
    found = known.admitted(Selector((CreditTest(5000, None),)), stated=True)
    assert names(found.sure, known) == ["large"]
    assert names(found.failed, known) == ["hours"]


def test_what_is_refused_before_is_not_judged_by_its_credits() -> None:
    known = listing()
    assert admitted(known, OneOf("tag", ("other",)), CreditTest(5000, None)) == []
    assert admitted(known, CreditTest(5000, None), OneOf("tag", ("other",))) == ["hours"]


def test_a_pattern_means_ids_and_their_equivalents() -> None:
    known = listing(
        catalogue(
            credential("x/math-101"),
            credential("x/math-301"),
            replace(credential("y/algebra"), equivalents=(CredentialId("x/math-301"),)),
        )
    )
    named = OneOf("credential", ("x/math-300..399",))
    assert admitted(known, named) == ["x/math-301", "y/algebra"]
    assert admitted(known, replace(named, exactly=True)) == ["x/math-301"]


def test_a_flag_is_no_number_and_what_is_not_stated_is_open_until_all_is() -> None:
    known = listing(
        catalogue(
            replace(credential("flag"), attributes={"lab": True}),
            replace(credential("number"), attributes={"lab": 1}),
            credential("silent"),
        )
    )
    assert admitted(known, OneOf("lab", (1,))) == ["number"]
    assert admitted(known, OneOf("lab", (1,)), stated=False) == ["number", "silent"]


def test_places_are_found_across_a_long_catalogue() -> None:
    several = [credential(f"c{number:04}", 4, f"t{number % 3}") for number in range(3000)]
    known = listing(catalogue(*several))
    found = known.admitted(tagged("t1"), stated=True).may
    places = [*known.smallest_first(found, 0)]
    assert [known.names[at] for at in places] == [one.id for one in several[1::3]]


class Watched(Mapping[CredentialId, Credential]):
    """Credentials that count how often somebody goes through them all."""

    def __init__(self, known: Mapping[CredentialId, Credential]) -> None:
        self.known = known
        self.looks = 0

    def __getitem__(self, name: CredentialId) -> Credential:
        return self.known[name]

    def __len__(self) -> int:
        return len(self.known)

    def __iter__(self) -> Iterator[CredentialId]:
        self.looks += 1
        return iter(self.known)


def changing(known: Catalogue) -> CompiledAward:
    """An award that asks one more of whoever declares it."""
    more = Change(Circumstance((Declared((CredentialId("p"),)),)), add=1)
    core = replace(
        choose("core", 1, tagged("core")), quantity=Quantity("choose", 1, changes=(more,))
    )
    return compiled(rule(core), known)


def test_no_later_award_reading_or_audit_goes_through_the_catalogue() -> None:
    watched = Watched(KNOWN.credentials)
    known = Catalogue(credentials=watched, scales={"letter": LETTERS})
    audit_record([changing(known)], record(held("a")), TODAY)
    before = watched.looks
    assert before
    award = changing(known)
    declaring = replace(record(held("b")), declared=(CredentialId("p"),))
    assert applied(award, declaring, TODAY).award.leaves[0].demand == 2
    (audit,) = audit_record([award], declaring, TODAY)
    assert audit.requirements[0].fills == ("a", "large")
    assert watched.looks == before


def test_a_wider_catalogue_has_a_listing_of_its_own() -> None:
    one = listing()
    more = {CredentialId("new"): credential("new", 4, "core")}
    wider = replace(KNOWN, credentials={**KNOWN.credentials, **more})
    assert listing() is one
    assert "new" in listing(wider).names
    assert "new" not in one.names


def test_another_unit_sees_another_order() -> None:
    hours = replace(rule(choose("core", 1, tagged("core"))), unit="h")
    assert compiled(hours, KNOWN).listing.names[-1] == "hours"
    assert listing().names[0] == "hours"


def test_a_number_that_a_rule_asks_for_is_no_flag_that_another_one_does() -> None:
    regular = replace(credential("regular", 4), attributes={"regular": True})
    known = listing(catalogue(regular))
    assert admitted(known, OneOf("regular", (1,))) == []
    assert admitted(known, OneOf("regular", (True,))) == ["regular"]
