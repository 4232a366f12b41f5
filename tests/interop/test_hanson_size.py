"""What an imported rule weighs: a course is one credit, whatever the catalogue lists."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from app.interop.hanson_pack import import_areas
from app.interop.hanson_size import weighed
from app.interop.packs import read_pack
from tests.interop.hanson import HEAD

LEAF = {"choose": 2, "from": {"subject": "LAKE"}}
WEIGHED = {**LEAF, "weight": 1}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param(LEAF, WEIGHED, id="so many courses"),
        pytest.param({**LEAF, "weight": 0}, {**LEAF, "weight": 0}, id="no course"),
        pytest.param({"credits": 2, "from": {}}, {"credits": 2, "from": {}}, id="credits"),
        pytest.param({"milestone": "exam"}, {"milestone": "exam"}, id="a step"),
        pytest.param({"all": [{"any": [LEAF]}]}, {"all": [{"any": [WEIGHED]}]}, id="groups"),
        pytest.param(
            {"some": {"choose": 1, "of": [LEAF]}, "at_least": [LEAF]},
            {"some": {"choose": 1, "of": [WEIGHED]}, "at_least": [LEAF]},
            id="so many parts, and a floor",
        ),
        pytest.param(
            {"when": {"declared": "a"}, "then": LEAF, "else": LEAF},
            {"when": {"declared": "a"}, "then": WEIGHED, "else": WEIGHED},
            id="a condition",
        ),
        pytest.param(
            {"tracks": {"of": [{"declared": "a", "require": LEAF}]}},
            {"tracks": {"of": [{"declared": "a", "require": WEIGHED}]}},
            id="a track",
        ),
    ],
)
def test_a_course_weighs_one_credit(form: dict[str, Any], expected: dict[str, Any]) -> None:
    assert weighed(form) == expected


def test_what_is_written_states_the_weight() -> None:
    text = dedent("""
        result:
          from: courses
          where: {subject: {$eq: LAKE}}
          assert: {count(courses): {$gte: 2}}
    """)
    made = import_areas({"areas/2020-21/900.yaml": (HEAD + text).encode()})
    pack = read_pack({path: text.encode() for path, text in made.files.items()}, "stolaf")
    (rule,) = pack.rules.values()
    assert rule.edition is not None
    assert rule.edition.root.weight == 1000
