"""The command line: results on stdout, everything else on stderr, and the exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = str(ROOT / "rules")
RECORD = str(ROOT / "rules" / "ntu" / "records" / "fleximasters.yaml")
AUDIT = ("audit", "--award", "ntu/masters", "--rules", RULES, "--as-of", "2026-11-01")
COMBINATIONS = ("combinations", "--award", "sqa/hnd", "--rules", RULES)


def cairn(
    *words: str, given: bytes = b"", rules: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [str(Path(sys.executable).with_name("cairn")), *words]
    told = {**os.environ, "CAIRN_RULES": str(rules)} if rules else None
    return subprocess.run(
        command, input=given, capture_output=True, timeout=120, check=False, env=told
    )


def test_an_audit_is_printed_as_text() -> None:
    done = cairn(*AUDIT, "--record", RECORD)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Does not meet the rule: 16 of 32 au (50 %)." in done.stdout


def test_an_audit_as_json_has_the_fixed_names() -> None:
    audit = json.loads(cairn(*AUDIT, "--record", RECORD, "--format", "json").stdout)
    verdict = {"award", "edition", "as_of", "met", "proven", "progress"}
    parts = {"now", "projected", "planned", "requirements", "achievements", "answers"}
    assert verdict | parts | {"certificate", "text"} <= set(audit)
    assert set(audit["planned"]["progress"]) == {"reached", "of", "percent"}
    assert {"id", "title", "state", "counts", "short", "reasons"} <= set(audit["requirements"][0])
    assert {"id", "counts_toward", "reason"} <= set(audit["achievements"][0])
    assert set(audit["answers"]) == {"rule", "admission", "gates", "effects"}


DESCRIBED = b"""
credentials: [{id: elsewhere/logic, title: Logic, issuer: elsewhere, credits: 2, unit: au, tags: [fleximasters]}]
earned: [{credential: elsewhere/logic, grade: B, earned: 2026-05-20}]
milestones: {admission: 2026-01-12}
"""  # noqa: E501


def test_what_a_record_describes_is_audited_and_borne_out(tmp_path: Path) -> None:
    record = tmp_path / "record.yaml"
    record.write_bytes(DESCRIBED)
    done = cairn(*AUDIT, "--record", str(record), "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    (logic,) = json.loads(done.stdout)["achievements"]
    assert logic["title"] == "Logic"
    checked = cairn("verify", "-", "--record", str(record), "--rules", RULES, given=done.stdout)
    assert (checked.returncode, checked.stdout) == (0, b"the certificate holds\n")


def test_every_case_of_the_packs_passes() -> None:
    done = cairn("rules", "test", RULES, "--format", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["failed"]) == (0, 0)
    assert set(found["cases"][0]) == {"award", "edition", "name", "passed", "differences"}
    rows = {case["name"].split()[0] for case in found["cases"]}
    table = {1: 8, 2: 6, 3: 6, 4: 8, 5: 6, 6: 7, 7: 7, 8: 9}
    assert {f"C{n}.{row}" for n, most in table.items() for row in range(1, most + 1)} <= rows


def copied(folder: Path, old: str = "", new: str = "") -> Path:
    """A copy of one pack, its rule changed."""
    for path in (ROOT / "rules" / "sqa").rglob("*.yaml"):
        target = folder / path.relative_to(ROOT / "rules")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text().replace(old, new) if old else path.read_text())
    return folder


def test_a_case_that_fails_ends_with_one(tmp_path: Path) -> None:
    old, new = (f"credits: {number}\n    from: {{level: 7}}" for number in (48, 49))
    done = cairn("rules", "test", str(copied(tmp_path, old, new)))
    assert done.returncode == 1
    assert b"C3.1" in done.stderr
    assert b"failed" in done.stdout


def test_a_rule_with_errors_ends_with_one(tmp_path: Path) -> None:
    done = cairn("rules", "check", str(copied(tmp_path, "take: [sqa/m1,", "take: [sqa/m9,")))
    assert done.returncode == 1
    assert b"did you mean" in done.stderr


def test_a_rule_with_errors_is_not_audited_by(tmp_path: Path) -> None:
    packs = str(copied(tmp_path, "take: [sqa/m1,", "take: [sqa/m9,"))
    done = cairn("audit", "--award", "sqa/hnc", "--rules", packs, "--record", RECORD)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"the rule cannot be used" in done.stderr


def test_a_policy_that_is_told_chooses_the_edition_too() -> None:
    record = str(ROOT / "rules" / "nus" / "records" / "intake-2021.yaml")
    audit = ("audit", "--award", "nus/msc-dsml", "--rules", RULES, "--record", record)
    on = ("--as-of", "2026-11-01", "--format", "json")
    bound = json.loads(cairn(*audit, *on).stdout)
    told = json.loads(cairn(*audit, *on, "--policy", "edition=audit").stdout)
    assert (bound["edition"], told["edition"]) == ("AY2021", "AY2022")


def test_a_broken_catalogue_is_told_and_not_what_follows_from_it(tmp_path: Path) -> None:
    packs = copied(tmp_path)
    catalogue = packs / "sqa" / "catalogue.yaml"
    catalogue.write_text(catalogue.read_text() + "credentails: []\n")
    done = cairn("rules", "check", str(packs))
    assert done.returncode == 1
    assert done.stderr.count(b"error CN") == 1
    assert b"did you mean `credentials`?" in done.stderr


def test_packs_that_contradict_one_another_are_neither_checked_nor_used(tmp_path: Path) -> None:
    shutil.copytree(copied(tmp_path / "packs") / "sqa", tmp_path / "packs" / "twin")
    packs = str(tmp_path / "packs")
    done = cairn("rules", "check", packs)
    assert (done.returncode, done.stderr.count(b"two packs list the credential")) == (1, 20)
    done = cairn("audit", "--award", "sqa/pda", "--rules", packs, "--record", RECORD)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"contradict one another" in done.stderr


def test_the_packs_check_without_errors() -> None:
    done = cairn("rules", "check", RULES)
    assert done.returncode == 0
    assert b"0 errors" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("rules", "check"),
        ("rules", "test"),
        ("rules", "explain", "sqa/hnc"),
        ("graph", "leads-to", "sqa/m1"),
        ("audit", "--award", "sqa/hnc", "--record", "-", "--as-of", "2026-11-01"),
    ],
)
def test_every_command_reads_the_packs_that_the_environment_names(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    record, packs = b"earned: [sqa/m1]\n", copied(tmp_path)
    assert cairn(*words, given=record, rules=packs).returncode == 0
    nowhere = cairn(*words, given=record, rules=tmp_path / "nowhere")
    assert (nowhere.returncode, NO_PLACE in nowhere.stderr) == (2, True)


def test_what_the_command_line_names_goes_before_the_environment(tmp_path: Path) -> None:
    assert cairn("rules", "check", RULES, rules=tmp_path / "nowhere").returncode == 0


def test_a_rule_is_explained_and_printed() -> None:
    assert b"Mandatory section" in cairn("rules", "explain", "sqa/hnc", "--rules", RULES).stdout
    schema = json.loads(cairn("rules", "schema").stdout)
    assert schema["$schema"].endswith("2020-12/schema")
    record = json.loads(cairn("rules", "schema", "--record").stdout)
    assert (schema["title"], record["title"]) == ("an award file", "a learner record")
    file = str(ROOT / "rules" / "sqa" / "awards" / "hnc" / "2003.yaml")
    done = cairn("rules", "format", file)
    assert b"\naward: sqa/hnc\n" in done.stdout
    assert cairn("rules", "format", file, "--check").returncode == 0


def test_a_rule_is_written_in_its_canonical_form_with_the_comments_at_its_head(
    tmp_path: Path,
) -> None:
    file = tmp_path / "rule.yaml"
    tidy = (ROOT / "rules" / "sqa" / "awards" / "hnc" / "2003.yaml").read_bytes()
    file.write_bytes(tidy.replace(b"award: sqa/hnc\n", b"\naward: 'sqa/hnc'\n"))
    assert cairn("rules", "format", str(file), "--check").returncode == 1
    assert cairn("rules", "format", str(file), "--write").returncode == 0
    assert file.read_bytes() == tidy


def test_a_file_with_comments_further_down_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    tidy = (ROOT / "rules" / "sqa" / "awards" / "hnc" / "2003.yaml").read_bytes()
    file.write_bytes(commented := tidy.replace(b"cases:\n", b"cases: # as published\n"))
    done = cairn("rules", "format", str(file), "--write")
    assert (done.returncode, file.read_bytes()) == (2, commented)
    assert f"a comment on line {commented[: commented.index(b'cases:')].count(10) + 1}," in str(
        done.stderr
    )


def test_the_graph_is_followed() -> None:
    done = cairn("graph", "leads-to", "sqa/m1", "--rules", RULES)
    assert done.stdout.startswith(b"1 step   sqa/hnc")
    assert b"sqa/g1" in cairn("graph", "made-of", "sqa/hnc", "--rules", RULES).stdout
    assert cairn("graph", "leads-to", "sqa/zz", "--rules", RULES).returncode == 2


def test_the_whole_graph_is_seen_through() -> None:
    done = cairn("graph", "insight", "--rules", RULES, "--limit", "2")
    assert done.stdout.startswith(b"159 credentials, 22 awards\n\nWhat leads to most (2 of ")
    assert b"\nNo way round" in done.stdout
    found = json.loads(cairn("graph", "insight", "--rules", RULES, "--format", "json").stdout)
    assert found["bottlenecks"]["count"] >= len(found["bottlenecks"]["first"]) == 10
    assert cairn("graph", "insight", "--rules", RULES, "--limit", "0").returncode == 2


def test_the_graph_is_written_for_other_tools() -> None:
    whole = json.loads(cairn("graph", "export", "--form", "json", "--rules", RULES).stdout)
    assert len(whole["nodes"]) == 159
    done = cairn("graph", "export", "--form", "mermaid", "--award", "sqa/hnc", "--rules", RULES)
    assert done.stdout.startswith(b"flowchart LR\n  n0[[")
    refused = cairn("graph", "export", "--form", "mermaid", "--rules", RULES)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"Mermaid draws at most 500 edges" in refused.stderr
    unknown = cairn("graph", "export", "--form", "dot", "--award", "sqa/hncc", "--rules", RULES)
    assert b"did you mean `sqa/hnc`?" in unknown.stderr


NEAREST = ("nearest", "--rules", RULES, "--as-of", "2026-11-01")


def test_the_nearest_awards_are_listed_with_what_completes_them() -> None:
    record = str(ROOT / "rules" / "harvard" / "records" / "four-courses.yaml")
    done = cairn(*NEAREST, "--record", record, "--limit", "2")
    assert (done.returncode, done.stderr) == (0, b"")
    first, second, *_ = done.stdout.decode().splitlines()
    assert first.startswith("1. Microcertificate in Management (harvard/micro, 2020): met, and not")
    assert second.startswith("2. Cyber Security Certificate, 9 units (arizona/q9, 2020): 0 % done")


def test_the_nearest_awards_of_credentials_are_told_as_json() -> None:
    done = cairn(*NEAREST, "--holding", "harvard/a1, harvard/a2", "--format", "json")
    first = json.loads(done.stdout)["awards"][0]
    assert (first["award"], first["state"], first["missing"]) == ("harvard/micro", "earned", "0")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), b"nothing is held"),
        (("--holding", "sqa/zz"), b"the catalogue has no credential `sqa/zz`"),
        (("--holding", "sqa/m1", "--limit", "51"), b"1 to 50 are told at once"),
        (("--holding", "sqa/m1", "--by", "luck"), b"luck"),
        (("--holding", "sqa/m1", "--by", "cost"), b"no credential of the catalogue states its"),
    ],
)
def test_a_wrong_question_of_what_is_nearest_is_refused(
    words: tuple[str, ...], says: bytes
) -> None:
    done = cairn(*NEAREST, *words)
    assert done.returncode == 2
    assert says in done.stderr


BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (b"earned: [ntu/f1\n", b"CN0101"),
        (b"earnd: [ntu/f1]\n", b"did you mean `earned`?"),
        (b"earned: {ntu/f1: 4}\nplaned: []\n", b"did you mean `planned`?"),
        (BOMB, b"CN0103"),
        (b"[" * 10_000 + b"]" * 10_000, b"CN0118"),
        (b"earned: [{credential: ntu/f1, credits: .nan}]\n", b"CN0105"),
        (b"earned: [{credential: ntu/f1, credits: -4}]\n", b"is not an amount of credits"),
        (b"earned: [{credential: ntu/f1, credits: '12345678901234567890'}]\n", b"out of range"),
        (b"earned: [ntu/f99]\n", b"the catalogue has no credential `ntu/f99`"),
        (b"earned: [{credential: ntu/f1, earned: 2030-01-01}]\n", b"after the audit's day"),
        (b"earned: [ntu/f1, ntu/f1]\n", b"listed twice"),
        (b"earned: [{credential: ntu/f1, grade: Z}]\n", b"no grade scale knows the grade `Z`"),
        (b"\xff\xfe\x00", b"CN0111"),
        (b"", b"CN0114"),
    ],
    ids=["broken", "key", "two", "alias", "deep", "nan", "negative", "digits", "unknown", "future",
         "duplicate", "grade", "bytes", "empty"],
)  # fmt: skip
def test_a_bad_record_is_told_what_would_work(record: bytes, says: bytes) -> None:
    done = cairn(*AUDIT, "--record", "-", given=record)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("record", "place"),
    [
        (b"learner: a\nearned: [ntu/f1,\n  ntu/f99]\n", b"-:3:3: error CN0703"),
        (b"planned: ntu/f99\n", b"-:1:10: error CN0703"),
        (b"in_progress: [ntu/f1]\nearned:\n- {credential: ntu/f2, grade: Z}\n", b"-:3:31: error"),
        (b"milestones:\n  admission: 2030-01-01\n", b"-:2:14: error CN0704"),
        (b'{"attributes": {"rout": "x"}}', b"-:1:25: error CN0707"),
    ],
)
def test_what_the_catalogue_refuses_in_a_record_is_told_with_its_line(
    record: bytes, place: bytes
) -> None:
    done = cairn(*AUDIT, "--record", "-", given=record)
    assert done.returncode == 2
    assert place in done.stderr


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"# " + b"x" * 10_000_000)
    done = cairn(*AUDIT, "--record", str(file))
    assert done.returncode == 2
    assert b"larger than 2 MiB" in done.stderr


ON_RECORD = ("--record", RECORD)
NO_PLACE = b"neither a file nor a directory"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("audit", "--award", "ntu/mastres", "--rules", RULES, *ON_RECORD), b"mean `ntu/masters`?"),
        ((*AUDIT, *ON_RECORD, "--edition", "1999"), b"no edition `1999`: there are `2026`"),
        ((*AUDIT, "--record", "nowhere.yaml"), b"says what a learner has achieved"),
        (("audit", "--award", "a", *ON_RECORD, "--as-of", "soon"), b"is not a date"),
        (("audit", "--award", "a", *ON_RECORD, "--rules", "nowhere"), NO_PLACE),
        ((*AUDIT, *ON_RECORD, "--policy", "cap=whole"), b"did you mean `caps`?"),
        (("audit", *ON_RECORD), b"--award"),
        ((*AUDIT, *ON_RECORD, "--award", "ntu/masters"), b"`ntu/masters` is named 2 times"),
        (("rules", "test", "nowhere"), NO_PLACE),
    ],
)
def test_wrong_use_ends_with_two(words: tuple[str, ...], says: bytes) -> None:
    done = cairn(*words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


def test_mixed_units_without_a_policy_are_an_error_and_not_a_guess() -> None:
    record = str(ROOT / "rules" / "passport" / "records" / "mixed-units.yaml")
    ask = (
        "audit",
        "--award",
        "passport/pgcert",
        "--rules",
        RULES,
        "--record",
        record,
        "--as-of",
        "2026-06-30",
    )
    done = cairn(*ask)
    assert done.returncode == 2
    assert b"name a `conversion` policy" in done.stderr
    assert b"57.5 of 60" in cairn(*ask, "--policy", "conversion=hours-25").stdout


def test_a_credential_of_another_institution_stops_no_audit_with_an_admission(
    tmp_path: Path,
) -> None:
    held = tmp_path / "record.yaml"
    held.write_text("earned: [{credential: harvard/b1, grade: A, earned: 2023-12-20}]\n")
    words = ("--award", "boulder/ms-cs", "--rules", RULES, "--as-of", "2025-06-30")
    done = cairn("audit", *words, "--record", str(held))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"0 of 30 credits" in done.stdout


def test_a_lower_award_is_not_granted_where_the_higher_one_is_held(tmp_path: Path) -> None:
    held = tmp_path / "record.yaml"
    held.write_text("earned: [{credential: northfield/gd, earned: 2025-02-01}]\n")
    words = ("--award", "northfield/gc", "--rules", RULES, "--as-of", "2025-06-30")
    said = cairn("audit", *words, "--record", str(held)).stdout
    assert b"The requirements of the higher award Graduate Diploma are complete." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rules", "check", f"{RULES}/sqa/README.md"), "is no file of its pack"),
        (("rules", "test", f"{RULES}/sqa/README.md"), "is no rule file"),
        (("rules", "check", "a" * 300), "cannot be used: file name too long"),
        (("rules", "format", "-", "--write"), "the input cannot be written back"),
        (("rules", "explain", f"{RULES}/sqa/awards/hnc/2003.yaml", "--edition", "x"), "goes with"),
        ((*AUDIT[:-1], "20261101", "--record", RECORD), "`20261101` is not a date"),
        ((*COMBINATIONS, "--best", "cost", "--sample"), "ask for different combinations"),
        ((*COMBINATIONS, "--best", "cost", "--first", "5"), "`--first` goes with the list"),
        ((*COMBINATIONS, "--best", "held"), "nobody says what is held"),
        ((*COMBINATIONS, "--first", "547"), "there is no combination 547: the last one is 546"),
    ],
)
def test_what_would_be_passed_over_is_refused(words: tuple[str, ...], said: str) -> None:
    done = cairn(*words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()


def test_a_rule_is_not_checked_against_a_broken_catalogue(tmp_path: Path) -> None:
    rules = copied(tmp_path)
    (rules / "sqa" / "catalogue.yaml").write_text("institution: sqa\ntitle: [\n")
    for path in ("catalogue.yaml", "awards/hnc/2003.yaml"):
        done = cairn("rules", "check", str(rules / "sqa" / path))
        assert done.returncode == 1
        assert b"catalogue.yaml" in done.stderr


@pytest.mark.parametrize(("redirection", "code"), [(">/dev/full", 2), (">&-", 2), ("| head -1", 0)])
def test_an_output_that_takes_nothing_is_no_failed_case(redirection: str, code: int) -> None:
    command = f"{Path(sys.executable).with_name('cairn')} rules schema {redirection}"
    whole = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(whole, capture_output=True, timeout=120, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_wishes_an_earlier_audit_and_a_move_are_asked_for(tmp_path: Path) -> None:
    record = b"earned: [{id: r1, credential: ntu/r1, grade: B, earned: 2026-05-20}]\n"
    asked = (*AUDIT, "--record", "-")
    wished = cairn(*asked, "--wish", "r1=courses@ntu/masters", "--format", "json", given=record)
    assert [one["honoured"] for one in json.loads(wished.stdout)["wishes"]] == [True]
    earlier, learner = tmp_path / "earlier.json", tmp_path / "record.yaml"
    earlier.write_bytes(wished.stdout)
    learner.write_bytes(record)
    verified = cairn("verify", str(earlier), "--record", str(learner), "--rules", RULES)
    assert verified.stdout == b"the certificate holds\n"
    stayed = cairn(*asked, "--stay-with", str(earlier), "--format", "json", given=record)
    parts = [json.loads(one.stdout)["certificate"]["parts"] for one in (wished, stayed)]
    assert parts[0][0]["placements"] == parts[1][0]["placements"]
    moved = cairn(*asked, "--move", "r1=courses", given=record)
    assert b"Moving Research Methods to Courses costs nothing." in moved.stdout
    refused = cairn(*asked, "--move", "r1=elective", given=record)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"`r1` cannot count toward `elective`" in refused.stderr


@pytest.mark.parametrize("place", ["r1", "=courses", "r1=", "r1=courses@"])
def test_what_says_no_place_is_refused(place: str) -> None:
    done = cairn(*AUDIT, "--record", "-", "--wish", place, given=b"earned: []\n")
    assert (done.returncode, b"says no place for an achievement" in done.stderr) == (2, True)


def test_combinations_are_counted_and_listed() -> None:
    done = cairn("combinations", "--award", "nus/msc-dsml", "--as-of", "2026-01-31", "--limit", "1")
    assert done.stdout.splitlines()[0] == b"nus/msc-dsml, rules of AY2022: 4,752 combinations"
    as_json = cairn("combinations", "--award", "sqa/hnd", "--best", "credits", "--format", "json")
    assert json.loads(as_json.stdout)["count"] == "547"


def test_a_combination_that_cannot_be_asked_for_is_bad_input() -> None:
    done = cairn("combinations", "--award", "sqa/hnd", "--must", "sqa/zz")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"the catalogue has no credential `sqa/zz`" in done.stderr
