"""Learners, audits, the catalogue, rules and the graph over REST."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from app.api.examples import ATTESTATION, RULE
from app.api.openapi import FILE, text


def made(client: TestClient, name: str) -> str:
    assert client.post("/v1/learners", json={"id": name}).status_code == 201
    return f"/v1/learners/{name}"


def test_a_learner_is_kept_audited_and_told_the_same_again(client: TestClient) -> None:
    at = made(client, "ada")
    assert client.put(f"{at}/milestones/admission", json={"on": "2026-01-12"}).status_code == 200
    own = {"credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"}
    assert client.put(f"{at}/achievements/r1", json=own).json()["outcome"] == "created"
    assert client.put(f"{at}/achievements/r1", json=own).json()["outcome"] == "unchanged"
    said = client.post(f"{at}/audits", json={"awards": ["ntu/masters"], "as_of": "2026-11-01"})
    assert said.status_code == 201
    again = client.get(said.headers["location"])
    assert again.content == said.content
    client.put(f"{at}/achievements/r1", json={**own, "grade": "A"})
    assert client.get(said.headers["location"]).content == said.content
    repeated = client.post(f"{said.headers['location']}/repeat").json()
    assert repeated["same"] is True
    assert [one["id"] for one in client.get(f"{at}/audits").json()["items"]] == [said.json()["id"]]
    history = client.get(f"{at}/history").json()["items"]
    assert [one["achievement"]["grade"] for one in history] == ["B", "A"]


def test_bulk_writes_say_what_became_of_each_line(client: TestClient) -> None:
    at = made(client, "bob")
    lines = [
        {"credential": "ntu/r1", "earned": "2026-05-20", "grade": "B"},
        {"credential": "ntu/r99"},
        {"x": 1},
    ]
    found = client.post(f"{at}/achievements", json=lines).json()["lines"]
    assert [one["outcome"] for one in found] == ["created", "refused", "refused"]
    assert len(client.get(f"{at}/record").json()["achievements"]) == 1


def test_the_same_key_gives_the_same_answer_once(client: TestClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = client.post("/v1/learners", json={"id": "cy"}, headers=headers)
    second = client.post("/v1/learners", json={"id": "cy"}, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["location"] == first.headers["location"]
    other = client.post("/v1/learners", json={"id": "cz"}, headers=headers)
    assert other.json()["type"] == "/problems/key-reused"


def test_confirming_and_publishing_are_done_once_under_a_key(client: TestClient) -> None:
    yaml = {"content-type": "application/yaml"}
    draft = "/v1/awards/ntu/masters/drafts/2033"
    client.put(draft, content=RULE.replace("2030", "2033"), headers=yaml)
    confirm = f"{made(client, 'gus')}/attestations"
    for at, body in ((confirm, ATTESTATION), (f"{draft}/publish", None)):
        first, again = (
            client.post(at, json=body, headers={"Idempotency-Key": f"k {at}"}) for _ in range(2)
        )
        assert first.status_code in {200, 201}
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["idempotency-replayed"] == "true"


def test_a_lost_race_is_refused(client: TestClient) -> None:
    at = made(client, "dan")
    tag = client.get(f"{at}/record").headers["etag"]
    own = {"credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"}
    first = client.put(f"{at}/achievements/r1", json=own, headers={"If-Match": tag})
    second = client.put(
        f"{at}/achievements/r2", json={**own, "credential": "ntu/r2"}, headers={"If-Match": tag}
    )
    assert (first.status_code, second.status_code) == (201, 412)
    assert client.get(f"{at}/record", headers={"If-None-Match": tag}).status_code == 200
    fresh = client.get(f"{at}/record").headers["etag"]
    assert client.get(f"{at}/record", headers={"If-None-Match": fresh}).status_code == 304


def test_what_if_compares_and_keeps_nothing(client: TestClient) -> None:
    at = made(client, "eve")
    own = {"credential": "ntu/r1", "grade": "B", "earned": "2026-05-20"}
    client.put(f"{at}/achievements/r1", json=own)
    body = {
        "awards": ["ntu/masters"],
        "as_of": "2026-11-01",
        "changes": {"add": [{"credential": "ntu/e1", "grade": "A", "earned": "2026-10-30"}]},
    }
    found = client.post(f"{at}/what-if", json=body).json()
    assert found["differences"][0]["gained"] == "2"
    assert "Newly met: General elective." in found["differences"][0]["text"]
    assert len(client.get(f"{at}/record").json()["achievements"]) == 1


def test_an_achievement_can_be_changed_and_ended(client: TestClient) -> None:
    at = made(client, "fay")
    client.put(
        f"{at}/achievements/r1", json={"credential": "ntu/r1", "earned": "2026-05-20", "grade": "C"}
    )
    assert client.patch(f"{at}/achievements/r1", json={"grade": "A"}).json()["grade"] == "A"
    assert client.delete(f"{at}/achievements/r1").status_code == 204
    assert client.delete(f"{at}/achievements/r1").json()["type"] == "/problems/unknown-entry"
    assert client.get(f"{at}/record").json()["achievements"] == []


def test_the_catalogue_is_searched_and_paged(client: TestClient) -> None:
    first = client.get(
        "/v1/credentials", params={"tag": "core", "institution": "nus", "limit": 4}
    ).json()
    rest = client.get(
        "/v1/credentials",
        params={"tag": "core", "institution": "nus", "limit": 4, "cursor": first["next"]},
    ).json()
    ids = [one["id"] for page in (first, rest) for one in page["items"]]
    assert ids == [f"nus/k{n}" for n in range(1, 7)]
    assert rest["next"] is None


def test_a_credential_tells_its_mandatory_elements(client: TestClient) -> None:
    found = client.get("/v1/credentials/passport/v1")
    assert found.json()["mandatory_elements"]["missing"] == []
    again = client.get(
        "/v1/credentials/passport/v1", headers={"If-None-Match": found.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_credential_is_written_with_a_precondition(client: TestClient) -> None:
    body = {"title": "Data Visualisation", "issuer": "passport", "credits": 10, "unit": "cats"}
    at = "/v1/credentials/passport/x9"
    assert client.put(at, json=body).status_code == 428
    made_new = client.put(at, json=body, headers={"If-Match": "*"})
    assert made_new.status_code == 201
    stale = client.put(at, json={**body, "title": "Other"}, headers={"If-Match": '"nought"'})
    assert stale.status_code == 412


@pytest.mark.parametrize(
    "name",
    ["sqa/x%00y", "sqa/Hello%20World!", "sqa/a*b", "sqa/", "sqa", f"sqa/{'x' * 3000}"],
)
def test_a_credential_is_not_written_under_what_is_no_id(client: TestClient, name: str) -> None:
    body = {"title": "Ethics", "issuer": "sqa"}
    answer = client.put(f"/v1/credentials/{name}", json=body, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/request-refused")
    assert [one["code"] for one in answer.json()["errors"]] == ["CN0206"]


@pytest.mark.parametrize(
    ("wrong", "code", "says"),
    [
        ({"prerequisites": ["sqa/zz"]}, "CN0802", "no catalogue lists the credential `sqa/zz`"),
        ({"equivalents": ["passport/zz"]}, "CN0802", "no catalogue lists the credential"),
        ({"equivalents": ["sqa/ethics"]}, "CN0802", "`sqa/ethics` names itself in `equivalents`"),
        ({"prerequisites": ["sqa/ethics"]}, "CN0802", "names itself in `prerequisites`"),
        ({"unit": "bananas"}, "CN0706", "the catalogue knows no unit of credit `bananas`"),
        ({"title": " "}, "CN0205", "a title has to say something"),
    ],
)
def test_a_credential_that_fits_no_catalogue_is_refused(
    client: TestClient, wrong: dict[str, object], code: str, says: str
) -> None:
    body = {"title": "Ethics", "issuer": "sqa", **wrong}
    at = "/v1/credentials/sqa/ethics"
    answer = client.put(at, json=body, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json()["errors"]] == [code]
    assert says in answer.json()["detail"]
    assert client.get(at).status_code == 404


def test_an_attribute_that_is_text_may_have_several_values(client: TestClient) -> None:
    body = {"title": "Logic", "issuer": "nus", "cluster": ["alpha", "beta"]}
    at, whatever = "/v1/credentials/nus/logic", {"If-Match": "*"}
    assert client.put(at, json=body, headers=whatever).status_code == 201
    assert client.get(at).json()["attributes"] == {"cluster": ["alpha", "beta"]}
    refused = client.put(at, json={**body, "cluster": 2}, headers=whatever)
    assert refused.status_code == 422
    assert "`cluster` has to be a text, as the catalogue declares it" in refused.json()["detail"]


def test_a_credential_may_name_what_lies_beyond_the_catalogues(client: TestClient) -> None:
    body = {"title": "Logic", "issuer": "sqa", "equivalents": ["elsewhere/logic", "ntu/f1"]}
    answer = client.put("/v1/credentials/sqa/logic", json=body, headers={"If-Match": "*"})
    assert answer.status_code == 201


def test_an_edition_is_told_in_english_and_as_written(client: TestClient) -> None:
    at = "/v1/awards/sqa/hnc/editions/2003"
    assert "Mandatory section" in client.get(at).json()["plain_english"]
    source = client.get(at, headers={"Accept": "application/yaml"})
    assert source.text.startswith("# yaml-language-server")
    assert client.get("/v1/awards/sqa/hnc").json()["editions"][0]["edition"] == "2003"


def test_a_rule_is_drafted_tested_published_and_then_frozen(client: TestClient) -> None:
    at, rule = "/v1/awards/ntu/masters/drafts/2031", RULE.replace("2030", "2031")
    yaml = {"content-type": "application/yaml"}
    assert client.put(at, content=rule, headers=yaml).status_code == 200
    assert client.post(f"{at}/test").json()["failed"] == 0
    assert client.post(f"{at}/publish").json()["status"] == "published"
    changed = client.put(at, content=rule.replace("credits: 8", "credits: 4"), headers=yaml)
    assert changed.json()["type"] == "/problems/already-published"


def test_a_draft_is_replaced_or_dropped_by_whoever_read_it(client: TestClient) -> None:
    at, rule = "/v1/awards/ntu/masters/drafts/2032", RULE.replace("2030", "2032")
    yaml = {"content-type": "application/yaml"}
    other = rule.replace("credits: 8", "credits: 4")
    first = client.put(at, content=rule, headers=yaml).headers["etag"]
    assert client.put(at, content=rule, headers=yaml).status_code == 200
    assert client.put(at, content=other, headers=yaml).status_code == 428
    second = client.put(at, content=other, headers={**yaml, "If-Match": first})
    assert second.status_code == 200
    assert client.put(at, content=rule, headers={**yaml, "If-Match": first}).status_code == 412
    assert client.delete(at, headers={"If-Match": first}).status_code == 412
    assert client.delete(at, headers={"If-Match": second.headers["etag"]}).status_code == 204


def test_a_rule_for_another_address_is_refused(client: TestClient) -> None:
    yaml = {"content-type": "application/yaml"}
    answer = client.put("/v1/awards/ntu/other/drafts/1", content=RULE, headers=yaml)
    assert answer.status_code == 422
    assert "edition `2030` of `ntu/masters`" in answer.json()["detail"]


def test_the_graph_answers(client: TestClient) -> None:
    leads = client.get("/v1/graph/sqa/g1/leads-to").json()["leads_to"]
    assert [(one["award"], one["steps"]) for one in leads] == [("sqa/hnc", 1), ("sqa/hnd", 1)]
    assert client.get("/v1/graph/sqa/hnc/made-of").json()["made_of"]["form"] == "all"
    before = client.get("/v1/graph/sqa/g1/prerequisites").json()
    assert before == {"credential": "sqa/g1", "prerequisites": []}
    whole = client.get("/v1/graph/insight?limit=1").json()
    assert whole["award_cycles"] == {"count": 0, "first": []}
    assert (len(whole["reach"]["first"]), whole["reach"]["count"] > 1) == (1, True)
    assert client.get("/v1/graph/sqa/zz/leads-to").json()["type"] == "/problems/unknown-credential"


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("graphml", "application/graphml+xml", "<?xml version="),
        ("dot", "text/vnd.graphviz", "digraph cairn {"),
        ("mermaid", "text/vnd.mermaid", "flowchart LR"),
        ("json", "application/json", "{"),
    ],
)
def test_the_graph_is_given_to_other_tools(
    client: TestClient, form: str, kind: str, begins: str
) -> None:
    answer = client.get(f"/v1/graph/export?form={form}&award=sqa/hnc")
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.text.startswith(begins)


def test_a_graph_that_a_form_cannot_show_is_a_problem(client: TestClient) -> None:
    answer = client.get("/v1/graph/export?form=mermaid")
    assert answer.json()["type"] == "/problems/too-large-to-draw"
    assert (answer.status_code, answer.json()["most"]) == (422, 500)
    assert client.get("/v1/graph/export").json()["multigraph"] is True
    unknown = client.get("/v1/graph/export?award=sqa/hncc").json()
    assert "did you mean `sqa/hnc`?" in unknown["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/evaluate", 405),
        ("GET", "/v1/learners/nobody/record", 404),
        ("GET", "/v1/audits/none", 404),
        ("GET", "/v1/credentials?limit=x", 422),
        ("GET", "/v1/credentials?limit=1000", 400),
        ("GET", "/v1/graph/insight?limit=0", 400),
        ("GET", "/v1/graph/export?form=png", 422),
        ("GET", "/v1/credentials?tga=core", 422),
        ("GET", "/v1/credentials?cursor=junk", 400),
        ("GET", "/v1/credentials?text=%00", 422),
        ("GET", "/v1/credentials?tag=core&tag=a%00b", 422),
        ("GET", "/v1/awards?institution=%00", 422),
        ("GET", "/v1/learners/ada/history?achievement=%00", 422),
        ("GET", "/v1/learners/ada/record?known_at=yesterday", 422),
    ],
)
def test_every_refusal_is_a_problem(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(answer.json()["type"]).json()["status"] == status


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/evaluate", "POST"),
        ("DELETE", "/v1/credentials/sqa/g1", "GET, HEAD, PUT"),
        ("HEAD", "/v1/evaluate", "POST"),
        ("POST", "/v1/learners/ada/achievements/a/b", "PUT, PATCH, DELETE"),
        ("PUT", "/docs", "GET, HEAD"),
        ("PUT", "/openapi.json", "GET, HEAD"),
        ("PUT", "/docs/assets/favicon.png", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_taken_is_told_those_that_are(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_health_is_told(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}
    assert client.get("/health/ready").json() == {"status": "ready"}


def test_the_page_and_its_assets_come_from_here(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "http://" not in page
    assert "https://" not in page
    assert client.get("/docs/assets/swagger-ui-bundle.js").status_code == 200


def test_the_committed_description_is_of_today() -> None:
    committed = FILE.read_text(encoding="utf-8")
    assert committed == text(), "run `make openapi`"
    assert json.loads(committed)["openapi"].startswith("3.1")


def test_a_learner_wishes_stays_and_asks_what_a_move_costs(client: TestClient) -> None:
    at = made(client, "wren")
    for name in ("r1", "e1"):
        own = {"credential": f"ntu/{name}", "grade": "B", "earned": "2026-05-20"}
        client.put(f"{at}/achievements/{name}", json=own)
    asked = {"awards": ["ntu/masters"], "as_of": "2026-11-01"}
    wishes = [
        {"achievement": "r1", "requirement": "courses"},
        {"achievement": "r1", "requirement": "elective", "award": "ntu/masters"},
    ]
    first = client.post(f"{at}/audits", json={**asked, "wishes": wishes})
    assert first.status_code == 201
    (audit,) = first.json()["audits"]
    assert [one["honoured"] for one in audit["wishes"]] == [True, False]
    assert audit["wishes"][1]["reason"]["code"] == "does-not-match"
    again = client.post(f"{at}/audits", json={**asked, "stay_with": first.json()["id"]})
    assert again.status_code == 201
    assert client.post(f"/v1/audits/{again.json()['id']}/repeat").json()["same"]
    move = {"changes": {"move": {"achievement": "e1", "requirement": "elective"}}}
    found = client.post(f"{at}/what-if", json={**asked, **move}).json()
    assert found["after"][0]["price"]["costs"] == "0"
    assert found["differences"][0]["text"] == ""


@pytest.mark.parametrize(
    ("more", "status", "slug", "said"),
    [
        ({"wishes": "r1"}, 422, "request-refused", "a list of wishes"),
        ({"wishes": [{"achievement": "r1"}]}, 422, "request-refused", "requirement"),
        (
            {"wishes": [{"achievement": "r1", "requirement": "courses"}] * 51},
            422,
            "request-refused",
            "51 wishes are too many",
        ),
        (
            {"wishes": [{"achievement": "r1", "requirement": "courses", "award": "ntu/x"}]},
            422,
            "not-auditable",
            "which is not audited here",
        ),
        ({"stay_with": "nowhere"}, 404, "unknown-audit", "nowhere"),
    ],
)
def test_what_cannot_be_wished_is_refused(
    client: TestClient, more: dict[str, object], status: int, slug: str, said: str
) -> None:
    at = made(client, f"gus {said}")
    refused = client.post(f"{at}/audits", json={"awards": ["ntu/masters"], **more})
    assert refused.status_code == status
    assert refused.json()["type"] == f"/problems/{slug}"
    assert said in refused.text


def test_a_move_that_cannot_be_is_refused_with_the_reason(client: TestClient) -> None:
    at = made(client, "yves")
    move = {"achievement": "r1", "requirement": "courses"}
    body = {"awards": ["ntu/masters"], "changes": {"move": move}}
    refused = client.post(f"{at}/what-if", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "cannot-move")
    assert refused.json()["detail"].endswith("the record has no r1")
