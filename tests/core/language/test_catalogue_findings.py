"""Catalogues: each thing that is wrong is told with its place, its message and a remedy."""

# ruff: noqa: E501 -- a finding stands in one line, as it is told

from __future__ import annotations

import time

import pytest

from app.core.language.catalogues import read_catalogue
from app.core.model.catalogue import Catalogue

HEAD = "institution: x\ntitle: X\nissuers: [{id: x, title: X}]\n"
RATE = 'write a whole number, or a quoted decimal or fraction such as "2.5" or "10/3"'
AMOUNT = 'write a whole number up to 100000, or a quoted decimal such as "7.5"'
# Far above what is measured (five), far below what no bounds would take.
SECONDS = 90


def told_of(text: str, head: str = HEAD) -> list[str]:
    read = read_catalogue((head + text).encode(), "c.yaml")
    assert (read.catalogue is None) == bool(read.diagnostics)
    return [
        f"{one.code} {one.span} {one.path}: {one.message}: {one.help}" for one in read.diagnostics
    ]


def catalogue(text: str) -> Catalogue:
    read = read_catalogue((HEAD + text).encode(), "c.yaml")
    assert read.diagnostics == ()
    assert read.catalogue is not None
    return read.catalogue


def one(keys: str) -> str:
    return f"credentials: [{{id: x/a, title: A, issuer: x, {keys}}}]"


def rated(rates: str) -> str:
    return f'conversions: {{c: {{version: "1", rates: [{rates}], rounding: down}}}}'


def scale(grades: str) -> str:
    return f"grades: {{letter: [{grades}]}}"


def levels(*pairs: str) -> str:
    written = [pair.split() for pair in pairs]
    return "levels: " + str(
        [
            f"{{framework: {a}, step: {b}, same: {{framework: {c}, step: {d}}}}}"
            for a, b, c, d in written
        ]
    ).replace("'", "")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("credentials: [{id: x/a, title: A, issuer: x}, {id: x/a, title: B, issuer: x}]", "CN0801 c.yaml:4:52 $.credentials[1].id: the credential `x/a` stands twice: keep one"),
        (scale("{grade: A}, {grade: A}"), "CN0801 c.yaml:4:31 $.grades.letter[1]: the grade `A` stands twice: keep one"),
        (rated("{from: a, to: b, rate: 2}, {from: a, to: b, rate: 3}"), "CN0801 c.yaml:4:68 $.conversions.c.rates[1]: the rate from `a` to `b` stands twice: keep one"),
        (levels("eqf 6 scqf 9", "eqf 6 scqf 10"), "CN0801 c.yaml:4:71 $.levels[1]: `EQF 6` stands twice, as different levels of `scqf`: keep one"),
        (one("prerequisites: [x/b]"), "CN0802 c.yaml:4:61 $.credentials[0].prerequisites: the file lists no credential `x/b`: add it under `credentials`"),
        (one("equivalents: x/zzzz"), "CN0802 c.yaml:4:59 $.credentials[0].equivalents: the file lists no credential `x/zzzz`: add it under `credentials`"),
        ("credentials: [{id: x/a, title: A, issuer: q}]", "CN0802 c.yaml:4:43 $.credentials[0].issuer: the file lists no issuer `q`: add it under `issuers`"),
        ("attributes: {title: text}", "CN0803 c.yaml:4:21 $.attributes.title: `title` is a key of every credential already: choose another name"),
        ("attributes: {earned: date}", "CN0803 c.yaml:4:22 $.attributes.earned: `earned` is a key of selectors already: choose another name"),
        (scale("{grade: S, like: C}, {grade: C}"), "CN0804 c.yaml:4:36 $.grades.letter[0].like: `S` ranks like `C`, which does not stand above it: name a grade that stands above it"),
        (scale("{grade: Pass}, {grade: S, like: Pas}"), "CN0804 c.yaml:4:51 $.grades.letter[1].like: `S` ranks like `Pas`, which does not stand above it: did you mean `Pass`?"),
        (rated("{from: a, to: b, rate: 0}"), f"CN0805 c.yaml:4:64 $.conversions.c.rates[0].rate: `0` is not a rate above nought: {RATE}"),
        (rated("{from: a, to: b, rate: 0/5}"), f"CN0805 c.yaml:4:64 $.conversions.c.rates[0].rate: `0/5` is not a rate above nought: {RATE}"),
        (rated("{from: a, to: b, rate: 1/0}"), f"CN0805 c.yaml:4:64 $.conversions.c.rates[0].rate: `1/0` is not a rate above nought: {RATE}"),
        (rated("{from: a, to: b, rate: -1}"), f"CN0805 c.yaml:4:64 $.conversions.c.rates[0].rate: `-1` is not a rate above nought: {RATE}"),
        (rated("{from: a, to: b, rate: true}"), f"CN0805 c.yaml:4:64 $.conversions.c.rates[0].rate: `true` is not a rate above nought: {RATE}"),
        (rated("{from: a, to: b, rate: half}"), f"CN0805 c.yaml:4:64 $.conversions.c.rates[0].rate: `half` is not a rate above nought: {RATE}"),
        (rated("{from: a, to: b, rate: 2.5}"), 'CN0105 c.yaml:4:64 $.conversions.c.rates[0].rate: `2.5` is not a whole number: quote it to keep it exact: "2.5"'),
        (rated("{from: a, to: b}"), "CN0202 c.yaml:4:41 $.conversions.c.rates[0]: a rate has no `rate`: add `rate`"),
        ("credentials: [{id: q/a, title: A, issuer: x}]", "CN0806 c.yaml:4:20 $.credentials[0].id: the id `q/a` does not begin with `x/`: write `x/a`"),
        (one("cluster: alpha"), "CN0201 c.yaml:4:46 $.credentials[0].cluster: unknown key `cluster` in a credential: the keys are id, title, issuer, type, credits, unit, level, relation, size, fields, tags, outcomes, skills, assessment, quality_assurance, workload, participation, mode, language, prerequisites, equivalents, retired"),
        (one("clustr: alpha") + "\nattributes: {cluster: text}", "CN0201 c.yaml:4:46 $.credentials[0].clustr: unknown key `clustr` in a credential: did you mean `cluster`?"),
        (one("cluster: 7") + "\nattributes: {cluster: text}", "CN0203 c.yaml:4:55 $.credentials[0].cluster: `cluster` has to be a text, as the catalogue declares it: "),
        (one("lab: 1") + "\nattributes: {lab: flag}", "CN0203 c.yaml:4:51 $.credentials[0].lab: `lab` has to be a flag, as the catalogue declares it: "),
        (one("size_m2: true") + "\nattributes: {size_m2: number}", "CN0203 c.yaml:4:55 $.credentials[0].size_m2: `size_m2` has to be a number, as the catalogue declares it: "),
        ("attributes: {cluster: txt}", "CN0204 c.yaml:4:23 $.attributes.cluster: `txt` is not one of the words for it: did you mean `text`?"),
        (scale('{grade: A, points: "x"}'), f"CN0207 c.yaml:4:38 $.grades.letter[0].points: `x` is not a number of grade points: {AMOUNT}"),
        (scale("{grade: A, points: true}"), f"CN0207 c.yaml:4:38 $.grades.letter[0].points: `true` is not a number of grade points: {AMOUNT}"),
        (scale("A"), "CN0203 c.yaml:4:19 $.grades.letter[0]: entry 1 has to be a grade: keys and values: "),
        ("levels: [{framework: eqf, step: 7}]", "CN0202 c.yaml:4:10 $.levels[0]: a pair of levels has no `same`: add `same`"),
        (levels("eqf seven rqf 7"), "CN0203 c.yaml:4:33 $.levels[0].step: `step` has to be a whole number from 0 to 1000000: "),
        (one("level: 7"), "CN0203 c.yaml:4:53 $.credentials[0].level: `level` has to be a level: keys and values: "),
        (one("level: {framework: eqf}"), "CN0202 c.yaml:4:53 $.credentials[0].level: a level has no `at`: add `at`"),
        (one("credits: 7.5"), 'CN0105 c.yaml:4:55 $.credentials[0].credits: `7.5` is not a whole number: quote it to keep it exact: "7.5"'),
        (one("credits: -5"), f"CN0207 c.yaml:4:55 $.credentials[0].credits: `-5` is not an amount of credits: {AMOUNT}"),
        (one("retired: 2026-02-30"), "CN0108 c.yaml:4:55 $.credentials[0].retired: `2026-02-30` is not a date: write an existing day as year-month-day: 2026-02-28"),
        ("credentials: null", "CN0203 c.yaml:4:14 $.credentials: `credentials` has to be a credential: keys and values: "),
        ("isuers: []", "CN0201 c.yaml:4:1 $.isuers: unknown key `isuers` in a catalogue: did you mean `issuers`?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_a_remedy(text: str, finding: str) -> None:
    assert told_of(text) == [finding]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("institution: x\n", "CN0202 c.yaml:1:1 $: a catalogue has no `title`: add `title`"),
        ("- x\n", "CN0203 c.yaml:1:1 $: it has to be a catalogue: keys and values: "),
        ("institution: x\ntitle: X\nissuers: [{id: y, title: Y}, {id: y, title: Z}]", "CN0801 c.yaml:3:30 $.issuers[1]: the issuer `y` stands twice: keep one"),
        ("institution: a b\ntitle: X\n", "CN0206 c.yaml:1:14 $.institution: `a b` is not an id: write letters, digits, `-` and `/`, such as atu/ml-1"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_head_is_told(text: str, finding: str) -> None:
    assert told_of(text, head="") == [finding]


def test_a_credential_that_cannot_be_read_does_not_move_the_places_of_others() -> None:
    found = told_of(
        "credentials: [{id: x/a}, {id: x/b, title: B, issuer: x, prerequisites: [x/q]}]"
    )
    assert [line.split(":")[3] for line in found] == [
        " a credential has no `issuer`",
        " a credential has no `title`",
        " the file lists no credential `x/q`",
    ]
    assert "$.credentials[1].prerequisites" in found[-1]


def test_what_another_institution_lists_is_not_missed_here() -> None:
    assert catalogue(one("equivalents: [q/b]")).credentials["x/a"].equivalents == ("q/b",)  # type: ignore[index]


def test_points_may_be_null_and_a_rank_may_be_shared() -> None:
    letter = catalogue(scale('{grade: A, points: "4.30"}, {grade: P, like: A, points: null}'))
    grades = letter.scales["letter"].grades
    assert (grades["A"].points, grades["P"].points) == (4300, None)
    assert grades["A"].rank == grades["P"].rank


def test_levels_are_read_both_ways_and_not_back_where_several_are_the_same_as_one() -> None:
    assert catalogue(levels("scqf 9 eqf 6", "scqf 10 eqf 6", "scqf 11 eqf 7")).levels == {
        ("scqf", 9, "eqf"): 6,
        ("scqf", 10, "eqf"): 6,
        ("scqf", 11, "eqf"): 7,
        ("eqf", 7, "scqf"): 11,
    }


def test_a_way_that_is_stated_goes_before_the_way_back_of_another() -> None:
    table = catalogue(levels("eqf 6 scqf 9", "scqf 10 eqf 6")).levels
    assert table[("eqf", 6, "scqf")] == 9


def listing(count: int, reference: str) -> bytes:
    rows = (
        f"  - {{id: x/c{n}, title: C, issuer: x, credits: 5, prerequisites: {reference}{n}}}"
        for n in range(count)
    )
    return (HEAD + "credentials:\n" + "\n".join(rows)).encode()


def test_ten_thousand_credentials_are_read_in_time() -> None:
    started = time.process_time()
    read = read_catalogue(listing(10_000, "x/c"), "c.yaml")
    assert time.process_time() - started < SECONDS
    assert read.catalogue is not None
    assert len(read.catalogue.credentials) == 10_000


def test_thousands_of_references_that_lead_nowhere_are_told_in_time() -> None:
    started = time.process_time()
    read = read_catalogue(listing(3000, "x/d"), "c.yaml")
    assert time.process_time() - started < SECONDS
    assert (len(read.diagnostics), read.diagnostics[0].help) == (21, "add it under `credentials`")
