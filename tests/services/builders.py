"""A small institution with two awards, for tests of the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from app.interop.packs import Pack, read_pack
from app.services.stored import Note

NOTE = Note("registrar", "test")
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)

CATALOGUE = """
institution: x
title: X University
issuers: [{id: x, title: X University, country: IE}]
attributes: {cluster: text, since: date}
grades:
  letter:
    - {grade: A, points: "4.0"}
    - {grade: B, points: "3.0"}
    - {grade: F, points: "0", passes: false}
credentials:
  - {id: x/a, title: Algebra, credits: 10, unit: ects, issuer: x, type: unit, tags: [core]}
  - {id: x/b, title: Botany, credits: 10, unit: ects, issuer: x, type: unit, tags: [elective]}
  - {id: x/c, title: Chemistry, credits: 10, unit: ects, issuer: x, type: unit, tags: [elective]}
  - {id: x/d, title: Drama, credits: 10, unit: ects, issuer: x, type: unit, tags: [elective]}
  - {id: x/cert, title: Certificate, credits: 30, unit: ects, issuer: x, type: award}
  - {id: x/dip, title: Diploma, credits: 40, unit: ects, issuer: x, type: award}
"""
POLICIES = """
policies: {retakes: best, caps: whole, edition: admission, double_count: free,
           late_lower_award: refuse, grade_scale: letter}
"""
CERTIFICATE = """
award: x/cert
title: Certificate
edition: "2024"
effective: {from: 2024-01-01}
credit: {total: 30, unit: ects}
reference: {title: Regulation 1}
require:
  all:
    - {id: core, title: Core, take: x/a}
    - id: electives
      title: Electives
      credits: 20
      from: {tag: elective}
      each: {grade: {from: B}}
cases:
  - name: everything
    on: 2025-06-01
    record: {all: {grade: B, earned: 2025-01-31}, earned: [x/a, x/b, x/c]}
    expect: {met: true, progress: {reached: 30, of: 30}, short: {}, refused: {}}
  - name: one elective short
    on: 2025-06-01
    record: {like: everything, without: [x/c]}
    expect: {met: false, short: {electives: {credits: 10}}, because: [not-enough]}
  - name: from a sample
    on: 2025-06-01
    record: {like: algebra}
    expect: {met: false, counts: {core: [x/a]}}
"""
DIPLOMA = """
award: x/dip
title: Diploma
edition: "1"
effective: {from: 2024-01-01}
credit: {total: 40, unit: ects}
reference: {title: Regulation 2}
require: {id: credits, title: Credits, credits: 40, from: {type: unit}}
on_award: [{award: x/cert, effect: supersede, reason: Regulation 2.4}]
cases:
  - name: all four
    on: 2025-06-01
    record: {all: {grade: B, earned: 2025-01-31}, earned: [x/a, x/b, x/c, x/d]}
    expect: {met: true}
  - name: three
    on: 2025-06-01
    record: {like: all four, without: [x/d]}
    expect: {met: false, short: {credits: {credits: 10}}}
"""
SAMPLE = "earned: [{credential: x/a, grade: A, earned: 2025-01-31}]\n"


def edition(name: str, start: str, source: str = CERTIFICATE, *, until: str = "") -> bytes:
    """Return a rule as another edition of the same award."""
    period = f"{{from: {start}{f', until: {until}' if until else ''}}}"
    return (
        source.replace('edition: "2024"', f'edition: "{name}"')
        .replace("effective: {from: 2024-01-01}", f"effective: {period}")
        .encode()
    )


FILES: Mapping[str, bytes] = {
    "catalogue.yaml": CATALOGUE.encode(),
    "policies.yaml": POLICIES.encode(),
    "awards/cert/2024.yaml": CERTIFICATE.encode(),
    "awards/dip/1.yaml": DIPLOMA.encode(),
    "records/algebra.yaml": SAMPLE.encode(),
}


def pack(**changed: bytes) -> Pack:
    """Return the institution's pack; `changed` are other files, `/` and `.` written `_`."""
    by_name = {path.replace("/", "_").replace(".", "_"): path for path in FILES}
    files = {**FILES, **{by_name[name]: content for name, content in changed.items()}}
    return read_pack(files, "x")


def ticking(start: datetime = MARCH) -> Callable[[], datetime]:
    """Return a clock that moves on by a second each time it is read."""
    now = start

    def tick() -> datetime:
        nonlocal now
        now += timedelta(seconds=1)
        return now

    return tick
