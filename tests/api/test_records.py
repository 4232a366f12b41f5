"""Records written over REST, whole and in parts."""

from __future__ import annotations

import pytest

from app.api.examples import ADJUSTMENT, ATTESTATION, RECORD
from tests.api.described import DescribedClient


def made(client: DescribedClient, name: str) -> str:
    assert client.post("/v1/learners", json={"id": name}).status_code == 201
    return f"/v1/learners/{name}"


def test_what_was_read_can_be_written_back(client: DescribedClient) -> None:
    at = f"{made(client, 'gil')}/record"
    first = client.put(at, json=RECORD, headers={"If-Match": "*"})
    assert first.status_code == 200
    assert client.get(at).json() == first.json()
    again = client.put(at, json=first.json(), headers={"If-Match": first.headers["etag"]})
    assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])


def test_what_no_catalogue_lists_is_described_in_the_record(client: DescribedClient) -> None:
    logic = {
        "id": "elsewhere/logic",
        "title": "Logic",
        "issuer": "elsewhere",
        "type": "micro-credential",
        "credits": "2",
        "unit": "au",
        "level": {"framework": "eqf", "at": 7},
        "tags": ["fleximasters"],
    }
    at = f"{made(client, 'flo')}/record"
    body = {"credentials": [logic], "earned": [{"credential": "elsewhere/logic", "grade": "B"}]}
    first = client.put(at, json=body, headers={"If-Match": "*"})
    assert first.status_code == 200, first.json()
    assert client.get(at).json()["credentials"] == [logic]
    again = client.put(at, json=first.json(), headers={"If-Match": first.headers["etag"]})
    assert again.headers["etag"] == first.headers["etag"]
    asked = {"record": body, "awards": ["ntu/masters"], "as_of": "2026-11-01"}
    audit = client.post("/v1/evaluate", json=asked).json()["audits"][0]
    assert [one["title"] for one in audit["achievements"]] == ["Logic"]


def test_a_whole_record_needs_a_precondition_that_holds(client: DescribedClient) -> None:
    at = f"{made(client, 'hal')}/record"
    read = client.get(at).headers["etag"]
    assert client.put(at, json=RECORD).status_code == 428
    assert client.put(at, json=RECORD, headers={"If-Match": read}).status_code == 200
    assert client.put(at, json=RECORD, headers={"If-Match": read}).status_code == 412


def test_a_record_of_somebody_else_is_refused(client: DescribedClient) -> None:
    at = f"{made(client, 'ivy')}/record"
    answer = client.put(at, json={"learner": "jon"}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "$.learner")
    nobody = client.put("/v1/learners/nobody/record", json={}, headers={"If-Match": "*"})
    assert nobody.json()["type"] == "/problems/unknown-learner"


def test_everything_that_is_wrong_in_a_record_is_told(client: DescribedClient) -> None:
    at = f"{made(client, 'kim')}/record"
    for wrong, paths in (
        ({"earned": [{"credential": 5}], "x": 1}, {"$.earned[0].credential", "$.x"}),
        (
            {"earned": ["ntu/f99"], "declared": ["ntu/mastres"]},
            {"$.achievements[0].credential", "$.declared[0]"},
        ),
        ([], {"$"}),
    ):
        answer = client.put(at, json=wrong, headers={"If-Match": "*"})
        assert answer.json()["type"] == "/problems/record-refused"
        assert {one["path"] for one in answer.json()["errors"]} == paths


def test_attributes_and_declared_awards_are_written_as_a_whole(client: DescribedClient) -> None:
    at = made(client, "lee")
    tag = client.get(f"{at}/record").headers["etag"]
    facts = {"route": "fleximasters"}
    assert client.put(f"{at}/attributes", json=facts).json() == {"outcome": "changed"}
    assert client.put(f"{at}/attributes", json=facts).json() == {"outcome": "unchanged"}
    assert client.put(f"{at}/declared", json=["ntu/masters"]).json() == {"outcome": "changed"}
    record = client.get(f"{at}/record").json()
    assert (record["attributes"], record["declared"]) == (facts, ["ntu/masters"])
    late = client.put(f"{at}/declared", json=[], headers={"If-Match": tag})
    assert late.status_code == 412
    assert client.put(f"{at}/attributes", json=[1]).status_code == 422
    assert client.put(f"{at}/declared", json=[1]).status_code == 422


def test_adjustments_are_kept_listed_followed_and_ended(client: DescribedClient) -> None:
    at = made(client, "mia")
    assert client.put(f"{at}/adjustments/w1", json=ADJUSTMENT).json() == {"outcome": "created"}
    listed = client.get(f"{at}/adjustments").json()["items"]
    assert listed == [{"id": "w1", **ADJUSTMENT}]
    asked = {"awards": ["ntu/masters"], "as_of": "2026-11-01"}
    (audit,) = client.post(f"{at}/audits", json=asked).json()["audits"]
    (told,) = audit["adjustments"]
    assert (told["id"], told["applies"], told["reason"]["code"]) == ("w1", True, "adjusted")
    assert told["reason"]["params"]["by"] == "a.khan"
    waived = next(one for one in audit["requirements"] if one["id"] == "elective")
    assert (waived["state"], waived["adjusted"]) == ("met", [told["reason"]])
    assert told["reason"]["text"] in audit["text"]
    assert client.delete(f"{at}/adjustments/w1").status_code == 204
    assert client.get(f"{at}/adjustments").json()["items"] == []
    (without,) = client.post(f"{at}/audits", json=asked).json()["audits"]
    assert without["adjustments"] == []


def test_a_decision_says_by_whom_and_why(client: DescribedClient) -> None:
    at = made(client, "ned")
    answer = client.put(f"{at}/adjustments/w1", json={"kind": "forgive"})
    paths = {one["path"] for one in answer.json()["errors"]}
    assert paths == {"$.kind", "$"}
    misfit = client.put(f"{at}/adjustments/w1", json={**ADJUSTMENT, "amount": 5})
    assert [(one["code"], one["path"]) for one in misfit.json()["errors"]] == [
        ("CN0711", "$.amount")
    ]
    assert client.delete(f"{at}/adjustments/w1").json()["type"] == "/problems/unknown-entry"


def test_a_milestone_can_be_ended(client: DescribedClient) -> None:
    at = made(client, "ola")
    client.put(f"{at}/milestones/admission", json={"on": "2026-01-12"})
    assert client.delete(f"{at}/milestones/admission").status_code == 204
    assert client.delete(f"{at}/milestones/admission").status_code == 404


@pytest.mark.parametrize(
    "at",
    [
        *("2026-01-01", "2026-01-01T00:00:00", "1767225600", "20260101", "yesterday"),
        *("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00+01:00"),
    ],
)
def test_what_is_no_instant_is_refused(client: DescribedClient, at: str) -> None:
    answer = client.get(f"{made(client, f'pat {at}')}/record?known_at={at}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/wrong-parameter")
    assert "`query.known_at`" in answer.json()["detail"]


def test_an_instant_is_the_same_in_every_zone(client: DescribedClient) -> None:
    at = f"{made(client, 'quin')}/record"
    client.put(at, json=RECORD, headers={"If-Match": "*"})
    found = {
        client.get(f"{at}?known_at={one}").headers["etag"]
        for one in ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00%2B01:00")
    }
    assert len(found) == 1
    assert client.get(f"{at}?known_at=2026-01-01T00:00:00Z").json()["achievements"] == []


@pytest.mark.parametrize("name", ["%20", "x%00", "y" * 3000, "%20x", "x%0ay"])
def test_a_milestone_has_a_name_that_can_be_seen(client: DescribedClient, name: str) -> None:
    client.post("/v1/learners", json={"id": "sia"})
    answer = client.put(f"/v1/learners/sia/milestones/{name}", json={"on": "2026-01-12"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/request-refused")
    assert client.get("/v1/learners/sia/record").json() == {"learner": "sia", "achievements": []}


def test_what_lies_ahead_is_neither_reached_nor_confirmed(client: DescribedClient) -> None:
    at = made(client, "tom")
    said = {"requirement": "essay", "role": "tutor", "by": "a.khan", "on": "2999-01-01"}
    for answer in (
        client.put(f"{at}/milestones/admission", json={"on": "2999-01-01"}),
        client.post(f"{at}/attestations", json=said),
        client.put(
            f"{at}/record",
            json={"milestones": {"admission": "2999-01-01"}},
            headers={"If-Match": "*"},
        ),
    ):
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/record-refused")
        assert [one["code"] for one in answer.json()["errors"]] == ["CN0704"]
    assert client.get(f"{at}/record").json() == {"learner": "tom", "achievements": []}


@pytest.mark.parametrize("name", [".", ".."])
def test_a_learner_is_not_named_as_a_place(client: DescribedClient, name: str) -> None:
    answer = client.post("/v1/learners", json={"id": name})
    assert answer.status_code == 422
    assert f"`{name}` means another place" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "achievements/r1", None),
        ("DELETE", "milestones/admission", None),
        ("DELETE", "adjustments/w1", None),
        ("PUT", "milestones/admission", {"on": "2026-01-13"}),
        ("POST", "attestations", ATTESTATION),
        ("POST", "achievements", []),
    ],
)
def test_no_part_is_written_over_a_record_that_changed(
    client: DescribedClient, method: str, path: str, body: object
) -> None:
    at = made(client, f"una {method} {path.replace('/', ' ')}")
    client.put(f"{at}/achievements/r1", json={"credential": "ntu/r1"})
    client.put(f"{at}/milestones/admission", json={"on": "2026-01-12"})
    client.put(f"{at}/adjustments/w1", json=ADJUSTMENT)
    before = client.get(f"{at}/record")
    for tag, status in (('"stale"', {412}), (before.headers["etag"], {200, 201, 204})):
        assert client.get(f"{at}/record").content == before.content
        answer = client.request(method, f"{at}/{path}", json=body, headers={"If-Match": tag})
        assert answer.status_code in status


WRITES: list[tuple[str, str, object]] = [
    ("PUT", "achievements/r1", {"credential": "ntu/r1"}),
    ("PUT", "achievements/r1", {"credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"}),
    ("PATCH", "achievements/r1", {"grade": "A"}),
    ("POST", "achievements", [{"credential": "ntu/r2"}, {"credential": "ntu/r99"}]),
    ("DELETE", "achievements/r1", None),
    ("PUT", "milestones/admission", {"on": "2026-01-12"}),
    ("DELETE", "milestones/admission", None),
    ("POST", "attestations", ATTESTATION),
    ("PUT", "attributes", {"route": "fleximasters"}),
    ("PUT", "declared", ["ntu/masters"]),
    ("PUT", "adjustments/w1", ADJUSTMENT),
    ("DELETE", "adjustments/w1", None),
]


def test_each_write_of_a_part_tells_the_etag_that_the_next_one_needs(
    client: DescribedClient,
) -> None:
    at = made(client, "vic")
    tag = client.get(f"{at}/record").headers["etag"]
    for method, path, body in WRITES:
        answer = client.request(method, f"{at}/{path}", json=body, headers={"If-Match": tag})
        assert answer.status_code in {200, 201, 204}, (path, answer.text)
        late = client.request(method, f"{at}/{path}", json=body, headers={"If-Match": tag})
        assert (late.status_code, late.json()["type"]) == (412, "/problems/stale-revision")
        tag = answer.headers["etag"]
        assert tag == client.get(f"{at}/record").headers["etag"]
    whole = client.put(f"{at}/record", json={}, headers={"If-Match": tag})
    assert whole.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "achievements/r1", {"credential": "ntu/r1"}),
        ("PATCH", "achievements/r1", {"credential": "ntu/r1"}),
        ("POST", "achievements", [{"id": "r1", "credential": "ntu/r1"}]),
        ("PUT", "milestones/admission", {"on": "2026-01-12"}),
        ("PUT", "attributes", {}),
        ("PUT", "declared", []),
    ],
)
def test_a_write_that_changes_nothing_leaves_the_etag_as_it_was(
    client: DescribedClient, method: str, path: str, body: object
) -> None:
    at = made(client, f"wyn {method} {path.replace('/', ' ')}")
    client.put(f"{at}/achievements/r1", json={"credential": "ntu/r1"})
    tag = client.put(f"{at}/milestones/admission", json={"on": "2026-01-12"}).headers["etag"]
    answer = client.request(method, f"{at}/{path}", json=body, headers={"If-Match": tag})
    assert (answer.status_code, answer.headers["etag"]) == (200, tag)


def test_a_confirmation_sent_again_under_its_key_tells_its_etag_again(
    client: DescribedClient,
) -> None:
    at = f"{made(client, 'xia')}/attestations"
    first = client.post(at, json=ATTESTATION, headers={"Idempotency-Key": "xia"})
    client.put("/v1/learners/xia/declared", json=["ntu/masters"])
    again = client.post(at, json=ATTESTATION, headers={"Idempotency-Key": "xia"})
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    late = client.put(
        "/v1/learners/xia/declared", json=[], headers={"If-Match": again.headers["etag"]}
    )
    assert late.status_code == 412
