"""The reference page of the rule language: every keyword is on it, and its examples are true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.core.language.adjustments import OPTIONAL
from app.core.language.diagnostics import is_error
from app.core.language.form_requirements import (
    AllForm,
    AnyForm,
    AttestForm,
    ChooseForm,
    CreditsForm,
    FieldsForm,
    IssuersForm,
    MilestoneForm,
    NestedForm,
    OutcomesForm,
    ShareForm,
    SomeForm,
    TakeForm,
    TermsForm,
    TracksForm,
    UseForm,
    WhenForm,
)
from app.core.language.form_selectors import CircumstanceForm, SelectorForm
from app.core.language.locate import keys_of
from app.core.language.plain import explain_rule
from app.core.language.records import record_from
from app.core.language.rules import read_rule
from app.core.language.surface import AwardForm
from app.core.model.record import ADJUSTMENTS
from tests.core.language.checking import POLICIES, catalogue, check, completed
from tests.core.language.codes import CODES

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "language.md").read_text()
SECTIONS = {
    section.partition("\n")[0]: section
    for section in re.split(r"^#{2,3} ", PAGE, flags=re.MULTILINE)
}
KEYWORDS = {title: text for title, text in SECTIONS.items() if "```yaml" in text}
WRITTEN = (
    AwardForm,
    SelectorForm,
    TakeForm,
    ChooseForm,
    CreditsForm,
    ShareForm,
    TermsForm,
    FieldsForm,
    IssuersForm,
    OutcomesForm,
    MilestoneForm,
    AttestForm,
    AllForm,
    AnyForm,
    SomeForm,
    NestedForm,
    TracksForm,
    WhenForm,
    CircumstanceForm,
    UseForm,
)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)


def test_every_key_of_the_language_has_its_section() -> None:
    titled = {key for title in KEYWORDS for key in re.findall("`([a-z_]+)`", title)}
    keys = {key for form in WRITTEN for key in keys_of(form)} | {"from"}
    assert keys - titled - {"require"} == set()
    assert titled - keys == set()


@pytest.mark.parametrize("title", KEYWORDS)
def test_an_example_is_sound_and_prints_as_the_page_says(title: str) -> None:
    (example,) = blocks(KEYWORDS[title], "yaml")
    assert not [found for found in check(example, POLICIES) if is_error(found)]
    edition = read_rule(completed(example).encode(), "example.yaml").edition
    assert edition is not None
    printed = explain_rule(edition, catalogue()).rstrip("\n").split("\n\n")
    for text in blocks(KEYWORDS[title], "text"):
        assert [part for part in text.split("\n\n") if part not in printed] == []


@pytest.mark.parametrize("title", KEYWORDS)
def test_a_section_shows_the_printing_and_names_diagnostics(title: str) -> None:
    section = KEYWORDS[title]
    assert blocks(section, "text") or title == "`cases`"
    assert "\nDiagnostics: [CN" in section


def test_adjustments_are_all_named_and_the_example_is_read() -> None:
    section = SECTIONS["Adjustments"]
    named = {
        kind: tuple(re.findall("`([a-z]+)`", names))
        for kind, names in re.findall(r"^\| `([a-z-]+)` \| (.*?) \|", section, re.MULTILINE)
    }
    assert named == {kind: (*names, *OPTIONAL.get(kind, ())) for kind, names in ADJUSTMENTS.items()}
    (example,) = blocks(section, "json")
    assert record_from(json.loads(example)).diagnostics == ()


def test_links_lead_to_pages_and_codes_exist() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert [target for target in targets if not (DOCS / target).exists()] == []
    assert set(re.findall(r"CN\d{4}", PAGE)) <= set(CODES)
