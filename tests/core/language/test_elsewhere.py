"""A word that says nothing where it stands is refused with where to say it."""

from __future__ import annotations

import pytest

from app.core.language.catalogues import read_policies
from app.core.language.elsewhere import (
    BASES,
    COUNTED,
    EFFECTS,
    EXCLUDED,
    LOOKS,
    OUTSIDE,
    POLICIES,
    STEPS,
    UNLESS,
    WEIGHED,
)
from tests.core.language.written import told

LEAF = "require: {take: x/a}"
SMALLER = "{share: 50%, of: smaller}"
REFUSED = (
    ("CN0204", "of: smaller", f"at_least: [{{share: 50%, of: smaller}}]\n{LEAF}", BASES),
    ("CN0204", "of: receiving", f"at_most: [{{share: 50%, of: receiving}}]\n{LEAF}", BASES),
    ("CN0204", "of: smaller", "require: {share: 50%, of: smaller, from: {}}", BASES),
    ("CN0204", "of: smaller", f"last: {{credits: 9, at_least: {SMALLER}}}\n{LEAF}", BASES),
    ("CN0201", "items", f"at_most: [{{choose: 1, items: trim}}]\n{LEAF}", COUNTED),
    ("CN0201", "weight", "require: {credits: 20, from: {}, weight: 5}", WEIGHED),
    ("CN0201", "weight", "require: {all: [{take: x/a}], weight: 5}", WEIGHED),
    ("CN0201", "credits", f"excludes: [{{credentials: [x, y], credits: 5}}]\n{LEAF}", EXCLUDED),
    ("CN0201", "opens", f"on_award: [{{award: x, effect: keep, opens: y}}]\n{LEAF}", EFFECTS),
    *(
        ("CN0201", "unless", f"require: {{choose: 1, from: {{tag: a, unless: {value}}}}}", UNLESS)
        for value in ("x/a", "{declared: x/a}", "[{declared: x/a}, {milestone: m}]")
    ),
    *(
        (
            "CN0201",
            word,
            f"require: {{choose: 1, from: {{not: {{{word}: {value}}}}}}}",
            {word: OUTSIDE},
        )
        for word, value in (("at_least", "[{credits: 5, from: {}}]"), ("some", "{of: [x/a]}"))
    ),
    *(("CN0201", word, f"policies: {{{word}: a}}\n{LEAF}", POLICIES) for word in POLICIES),
    *(
        ("CN0201", word, f"require: {{{step}, {word}: [a]}}", STEPS)
        for step in ("milestone: interview", "attest: dean")
        for word in STEPS
    ),
)


@pytest.mark.parametrize(("code", "word", "text", "known"), REFUSED)
def test_a_word_is_refused_with_where_to_say_it(
    code: str, word: str, text: str, known: dict[str, str]
) -> None:
    (found,) = told(text)
    assert found.code == code
    assert found.message.startswith(f"`{word}` says nothing in ")
    assert found.help == known[word]


@pytest.mark.parametrize("amount", ["credits: 5", "share: 10%, of: award"])
@pytest.mark.parametrize("over", ["record", "all-attempts"])
def test_what_only_looks_at_the_record_lets_nothing_count_in_part(amount: str, over: str) -> None:
    (found,) = told(f"at_most: [{{{amount}, items: trim, over: {over}}}]\n{LEAF}")
    assert (found.code, found.help) == ("CN0201", LOOKS)
    assert found.message == "`items` says nothing beside `over`"


def test_an_institution_cannot_answer_what_each_rule_says() -> None:
    read = read_policies(b"policies: {retakes: best, recency: award-date}\n", "policies.yaml")
    assert [(one.code, one.span.column) for one in read.diagnostics] == [("CN0201", 36)]
    assert read.policies == {"retakes": "best"}
