"""A request to every operation; `python -m tests.api.tour` keeps the answers as examples."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from httpx2 import Response

from app.api.application import create_app
from app.api.describing import ANSWERS, JSON, answer_key
from app.interop.graph_json import Form
from app.persistence.migrate import migrate
from app.persistence.storage import SqlStorage, open_engine
from app.services.stored import Note
from app.wiring import join, packs_in
from tests.api.described import DescribedClient
from tests.services.builders import ticking

LEARNER = "/v1/learners/amina"
DRAFT = "/v1/awards/ntu/masters/drafts/2030"
SECRET = "Zm9yIGV4YW1wbGUgb25seTsgbm8gb25lIGtub3dzIGl0"  # noqa: S105 -- an example
AMINA = {"X-Actor": "a.khan", "X-Reason": "Placement in May"}
# operation, address, headers; in the order in which one makes the next one possible
TOUR: Sequence[tuple[str, str, Mapping[str, str]]] = (
    ("live", "/health/live", {}),
    ("ready", "/health/ready", {}),
    ("list_problems", "/problems", {}),
    ("read_problem", "/problems/unknown-award", {}),
    ("search_credentials", "/v1/credentials?institution=nus&tag=core&limit=1", {}),
    ("read_credential", "/v1/credentials/passport/v1", {}),
    ("write_credential", "/v1/credentials/passport/ethics", {"If-Match": "*"}),
    ("list_issuers", "/v1/issuers?limit=2", {}),
    ("list_awards", "/v1/awards?institution=ntu", {}),
    ("read_award", "/v1/awards/sqa/hnc", {}),
    ("list_editions", "/v1/awards/sqa/hnc/editions", {}),
    ("read_edition", "/v1/awards/sqa/hnc/editions/2003", {}),
    ("list_combinations", "/v1/awards/sqa/hnc/combinations?limit=1", {}),
    ("sample_combinations", "/v1/awards/sqa/hnd/combinations/sample?limit=2&seed=7", {}),
    ("best_combinations", "/v1/awards/sqa/hnd/combinations/best?by=credentials&limit=2", {}),
    ("write_draft", DRAFT, {"Content-Type": "application/yaml"}),
    ("drop_draft", DRAFT, {}),
    ("write_draft", DRAFT, {"Content-Type": "application/yaml"}),
    ("check_draft", f"{DRAFT}/check", {}),
    ("test_draft", f"{DRAFT}/test", {}),
    ("create_learner", "/v1/learners", {"Idempotency-Key": "amina"}),
    ("list_learners", "/v1/learners", {}),
    ("write_milestone", f"{LEARNER}/milestones/admission", AMINA),
    ("write_achievement", f"{LEARNER}/achievements/r1", AMINA),
    ("change_achievement", f"{LEARNER}/achievements/r1", AMINA),
    ("write_achievements", f"{LEARNER}/achievements", AMINA),
    ("write_attestation", f"{LEARNER}/attestations", AMINA),
    ("write_attributes", f"{LEARNER}/attributes", AMINA),
    ("write_declared", f"{LEARNER}/declared", AMINA),
    ("write_adjustment", f"{LEARNER}/adjustments/w1", AMINA),
    ("list_adjustments", f"{LEARNER}/adjustments", {}),
    ("end_adjustment", f"{LEARNER}/adjustments/w1", AMINA),
    ("read_record", f"{LEARNER}/record", {}),
    ("read_history", f"{LEARNER}/history?achievement=r1", {}),
    ("read_changes", f"{LEARNER}/changes?limit=3", {}),
    ("audit_learner", f"{LEARNER}/audits", {}),
    ("list_audits", f"{LEARNER}/audits", {}),
    ("read_audit", "/v1/audits/{audit}", {}),
    ("repeat_audit", "/v1/audits/{audit}/repeat", {}),
    ("what_if", f"{LEARNER}/what-if", {}),
    ("single_changes", f"{LEARNER}/single-changes?award=ntu/masters&as_of=2026-11-01", {}),
    ("save_what_if", f"{LEARNER}/what-ifs", AMINA),
    ("list_what_ifs", f"{LEARNER}/what-ifs", {}),
    ("read_what_if", "{what_if}", {}),
    ("compare_what_if", "{what_if}/compare", AMINA),
    ("list_comparisons", "{what_if}/comparisons", {}),
    ("read_comparison", "{what_if}/comparisons/1", {}),
    ("share_what_if", "{what_if}/links", AMINA),
    ("list_links", "{what_if}/links", {}),
    ("read_shared", f"/v1/shared/{SECRET}", {}),
    ("withdraw_link", "{what_if}/links/{link}", AMINA),
    ("drop_what_if", "{what_if}", AMINA),
    ("find_routes", f"{LEARNER}/routes", {}),
    ("nearest_to_learner", f"{LEARNER}/nearest?limit=1", {}),
    ("end_achievement", f"{LEARNER}/achievements/r2", AMINA),
    ("end_milestone", f"{LEARNER}/milestones/admission", AMINA),
    ("write_record", f"{LEARNER}/record", {"If-Match": "*", **AMINA}),
    ("start_impact", "/v1/awards/ntu/masters/impact", AMINA),
    ("cancel_run", "/v1/runs/{run}/cancel", AMINA),
    ("start_impact", "/v1/awards/ntu/masters/impact", {"Idempotency-Key": "impact"}),
    ("list_runs", "/v1/runs?limit=1", {}),
    ("read_run", "/v1/runs/{run}", {}),
    ("list_run_learners", "/v1/runs/{run}/learners", {}),
    ("read_run_learner", "/v1/runs/{run}/learners/amina", {}),
    ("publish_draft", f"{DRAFT}/publish", {}),
    ("evaluate", "/v1/evaluate", {}),
    ("evaluate_what_if", "/v1/evaluate/what-if", {}),
    ("evaluate_single_changes", "/v1/evaluate/single-changes", {}),
    ("evaluate_routes", "/v1/evaluate/routes", {}),
    ("nearest_to_record", "/v1/evaluate/nearest", {}),
    ("read_insight", "/v1/graph/insight", {}),
    *(
        ("export_graph", f"/v1/graph/export?form={form}&award=passport/pgcert", {})
        for form in get_args(Form)
    ),
    ("read_leads_to", "/v1/graph/sqa/g1/leads-to", {}),
    ("read_prerequisites", "/v1/graph/passport/ethics/prerequisites", {}),
    ("read_made_of", "/v1/graph/sqa/hnc/made-of", {}),
)


def take(client: DescribedClient) -> Iterator[tuple[str, Response]]:
    """Send every request with the body that is described for it; give each answer."""
    known = {
        one["operationId"]: (pointer.rpartition("/")[2], one.get("requestBody", {}))
        for pointer, one in client.description.operations()
    }
    audit = run = what_if = link = ""
    for name, path, headers in TOUR:
        method, body = known[name]
        found = next(iter(body.get("content", {}).items()), None)
        kind, content = ("", None) if found is None else (found[0], found[1]["example"])
        if kind == "application/json":
            content = json.dumps(content)
        answer = client.request(
            method,
            path.format(audit=audit, run=run, what_if=what_if, link=link),
            content=content,
            headers={**({"Content-Type": kind} if kind else {}), **headers},
        )
        if name == "audit_learner":
            audit = answer.json()["id"]
        if name == "save_what_if":
            what_if = answer.headers["Location"]
        if name == "share_what_if":
            link = answer.json()["id"]
        if name == "start_impact":
            run = answer.json()["id"]
        yield name, answer
        if name == "list_runs":
            client.runner.work()


@contextmanager
def fresh_client() -> Iterator[DescribedClient]:
    """Give a client whose service has the packs of this repository and a clock of its own."""
    with TemporaryDirectory() as directory:
        engine = open_engine(f"sqlite:///{directory}/cairn.db")
        migrate(engine)
        rules = Path(__file__).resolve().parents[2] / "rules"
        clock = ticking(datetime(2026, 11, 2, 9, tzinfo=UTC))
        services = join(SqlStorage(engine), clock, rules, secret=lambda: SECRET)
        for pack in packs_in(rules):
            services.packs.load(pack, Note("cairn", "demonstration"))
        client = DescribedClient(create_app(services))
        client.runner = services.runner
        yield client
        engine.dispose()


def kept(name: str, answer: Response) -> tuple[str, object]:
    """Return an answer as it is kept, under its name."""
    kind = answer.headers["content-type"].partition(";")[0]
    value = answer.json() if kind == JSON else answer.text
    return answer_key(name, kind), value


def record() -> None:
    """Keep what is answered, by operation."""
    with fresh_client() as client:
        found = dict(kept(*one) for one in take(client) if one[1].content)
    ANSWERS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stderr.write(f"written: {ANSWERS}\n")


if __name__ == "__main__":
    record()
