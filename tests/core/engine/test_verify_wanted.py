"""The checker: wishes are honoured as claimed, and what is forced counts where it must."""

from __future__ import annotations

import json

import pytest

from app.core.engine.verify import verify
from app.core.explain.audits import audit_record
from app.core.model.certificate import (
    Certificate,
    CertificatePart,
    ForcedPlace,
    SupplyBound,
    WishClaim,
)
from app.core.model.credential import CredentialId
from app.core.model.credits import Credits
from app.core.model.errors import InvariantError
from app.core.model.record import AchievementId
from app.core.model.wish import Wanted, Wish
from app.interop.audit_json import certificate_to_plain
from app.interop.certificate_json import read_certificate
from tests.core.engine.builders import (
    POLICIES,
    TODAY,
    catalogue,
    choose,
    compiled,
    credential,
    every,
    held,
    record,
    rule,
    tagged,
)

KNOWN = catalogue(credential("a", 4, "core", "free"), credential("x", 4, "free"))
RULE = rule(every(choose("core", 1, tagged("core")), choose("free", 1, tagged("free"))))
HELD = record(held("a"), held("x"))
P, A = CredentialId("p"), AchievementId("a")


def audited(wanted: Wanted) -> Certificate:
    return audit_record([compiled(RULE, KNOWN)], HELD, TODAY, (), wanted)[0].certificate


def wrong_with(certificate: Certificate) -> str:
    """What the checker says, each sentence once."""
    said = verify([RULE], KNOWN, [POLICIES], HELD, TODAY, certificate)
    return "; ".join(dict.fromkeys(one.partition(": ")[2] for one in said))


def changed(certificate: Certificate, **changes: object) -> Certificate:
    (part,) = certificate.parts
    return Certificate((part._replace(**changes),))  # type: ignore[arg-type]


WISHED = audited(Wanted((Wish(A, "core"), Wish(A, "free"), Wish(A, "nowhere"))))
FORCED = audited(Wanted(forced=Wish(A, "free")))


def test_what_is_claimed_truly_is_accepted() -> None:
    assert (wrong_with(WISHED), wrong_with(FORCED)) == ("", "")
    assert [one.honoured for one in WISHED.parts[0].wishes] == [True, False, False]


@pytest.mark.parametrize(
    ("requirement", "honoured", "complaint"),
    [
        ("core", False, "`a` counts toward `core`, as it was wished"),
        ("free", True, "`a` does not count toward `free`, as it was wished"),
        ("nowhere", True, "`a` does not count toward `nowhere`, as it was wished"),
    ],
)
def test_a_wish_told_untruly_is_rejected(requirement: str, honoured: bool, complaint: str) -> None:
    claim = WishClaim(P, requirement, A, honoured)
    assert wrong_with(changed(WISHED, wishes=(claim,))) == complaint


def test_what_is_forced_has_to_count_there() -> None:
    elsewhere = changed(WISHED, forced=(ForcedPlace(P, "free", A),), proof="search", bounds=())
    assert wrong_with(elsewhere) == "`a` has to count toward `free`"


def test_a_proof_may_rest_on_what_is_forced_and_on_nothing_else() -> None:
    (part,) = FORCED.parts
    proof = (
        SupplyBound(P, ("core",), Credits(0), ()),
        SupplyBound(P, ("free",), Credits(4000), (A, AchievementId("x"))),
    )
    proven = part._replace(proof="bounds", bounds=proof)
    assert wrong_with(Certificate((proven,))) == ""
    assert "leaves out `a`, which is eligible" in wrong_with(
        Certificate((proven._replace(forced=()),))
    )


def test_a_certificate_is_read_back_as_it_was_written() -> None:
    for one in (WISHED, FORCED):
        assert read_certificate(json.loads(json.dumps(certificate_to_plain(one)))) == one
    plain = certificate_to_plain(Certificate((CertificatePart("now", (), (), "none"),)))
    assert {"wishes", "forced"}.isdisjoint(plain["parts"][0])


def test_a_damaged_certificate_is_not_passed_off() -> None:
    with pytest.raises(InvariantError, match="cannot be read"):
        read_certificate({"parts": [{"answer": "never"}]})
