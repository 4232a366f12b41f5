"""What a written rule means in the model."""

from __future__ import annotations

import json
import time
from datetime import date
from fractions import Fraction

import pytest

from app.core.language.diagnostics import KEPT
from app.core.language.forms import Form
from app.core.language.parser import parse
from app.core.language.reader import Document, read_yaml
from app.core.language.rules import read_rule, rule_from
from app.core.language.surface import AwardForm, PoliciesForm
from app.core.model.period import Period
from app.core.model.requirement import (
    Attest,
    From,
    Group,
    MilestoneStep,
    Quantity,
    Share,
    Take,
    walk,
)
from app.core.model.rule import NAMED_POLICIES, POLICIES, SharedWith
from app.core.model.selector import (
    EVERYTHING,
)
from app.core.model.source import SourceSpan
from tests.core.language.written import (
    GOOD,
    HEAD,
    edition,
    everything,
    required,
    told,
    without_places,
)

TOTAL = 60_000


class TestRequirements:
    def test_take_names_credentials(self) -> None:
        taken = required("{take: [x/a, x/b]}")
        assert isinstance(taken, Take)
        assert taken.credentials == ("x/a", "x/b")
        assert required("{take: x/a}").title == "Take x/a"

    def test_a_part_of_the_award_is_so_many_credits_a_remainder_rounded_up(self) -> None:
        assert _quantity("{share: 1/7, of: award, from: {}}") == Quantity(
            "credits", TOTAL // 7 + 1, share=Share(Fraction(1, 7), "award")
        )

    def test_the_top_of_a_part_is_rounded_down_and_not_below_its_lower_end(self) -> None:
        third, half = Share(Fraction(1, 3), "award"), Share(Fraction(1, 2), "award")
        sixth = "{from: 1/7, to: 1/6}"
        assert _quantity("{share: {from: 1/3, to: 50%}, of: award, from: {}}") == Quantity(
            "credits", TOTAL // 3, TOTAL // 2, plain=False, share=third, top=half
        )
        assert _quantity(f"{{share: {sixth}, of: award, from: {{}}}}").high == TOTAL // 6
        same = _quantity("{share: {from: 1/7, to: 1/7}, of: award, from: {}}")
        assert same.low == same.high == TOTAL // 7 + 1

    def test_a_plain_number_takes_no_more_than_it_needs_and_a_range_may(self) -> None:
        assert _quantity("{choose: 3, from: {}}") == Quantity("choose", 3)
        assert _quantity("{choose: {from: 3}, from: {}}") == Quantity(
            "choose", 3, None, plain=False
        )
        assert _quantity("{choose: {from: 0, to: 0}, from: {}}") == Quantity(
            "choose", 0, 0, plain=False
        )

    def test_credits_are_whole_thousandths(self) -> None:
        assert _quantity("{credits: 20, from: {}}") == Quantity("credits", 20_000)
        assert _quantity('{credits: "7.125", from: {}}') == Quantity("credits", 7_125)
        assert _quantity('{credits: {from: "0.5", to: 1}, from: {}}') == Quantity(
            "credits", 500, 1_000, plain=False
        )

    def test_steps_name_a_milestone_or_a_role(self) -> None:
        step, confirmation = (
            required("{milestone: work-placement}"),
            required("{attest: head of school}"),
        )
        assert isinstance(step, MilestoneStep)
        assert (step.milestone, step.title) == ("work-placement", "Work placement")
        assert isinstance(confirmation, Attest)
        assert (confirmation.role, confirmation.title) == (
            "head of school",
            "Confirmed by head of school",
        )

    @pytest.mark.parametrize(
        ("text", "need"),
        [
            ("{all: [{take: x/a}, {take: x/b}]}", None),
            ("{any: [{take: x/a}, {take: x/b}]}", 1),
            ("{some: {choose: 2, of: [{take: x/a}, {take: x/b}]}}", 2),
        ],
    )
    def test_groups_differ_in_how_many_parts_they_need(self, text: str, need: int | None) -> None:
        group = required(text)
        assert isinstance(group, Group)
        assert group.need == need
        assert [part.id for part in group.parts] == ["require-1", "require-2"]

    @pytest.mark.parametrize(
        ("ends", "need", "most", "title"),
        [
            ("{from: 1, to: 2}", 1, 2, "1 to 2 of these"),
            ("{from: 0, to: 1}", 0, 1, "Up to 1 of these"),
            ("{from: 1, to: 1}", 1, 1, "One of these"),
            ("{from: 2}", 2, None, "2 of these"),
        ],
    )
    def test_a_range_of_parts_says_how_many_may_be_used(
        self, ends: str, need: int, most: int | None, title: str
    ) -> None:
        parts = "[{take: x/a}, {take: x/b}, {take: x/c}]"
        group = required(f"{{some: {{choose: {ends}, of: {parts}}}}}")
        assert isinstance(group, Group)
        assert (group.need, group.most, group.title) == (need, most, title)

    def test_an_empty_all_is_a_requirement(self) -> None:
        assert required("{all: []}") == Group(
            id="require", title="All of these", span=SourceSpan("f", 7, 10)
        )

    def test_what_may_be_said_of_any_requirement_is_kept(self) -> None:
        said = required(
            "{take: x/a, id: core, title: Core, note: First., reason: R1, "
            "optional: true, weight: 5}"
        )
        assert (said.id, said.title, said.note, said.reason) == ("core", "Core", "First.", "R1")
        assert said.optional
        assert said.weight == 5_000


def _quantity(text: str) -> Quantity:
    leaf = required(text)
    assert isinstance(leaf, From)
    return leaf.quantity


class TestIds:
    def test_an_id_is_made_from_the_title_and_a_title_from_the_id(self) -> None:
        assert required("{take: x/a, title: 'Études & more!'}").id == "etudes-more"
        assert required("{take: x/a, id: graded-unit}").title == "Graded unit"

    def test_a_title_without_latin_letters_gives_the_place_as_id(self) -> None:
        assert required("{take: x/a, title: 必修}").id == "require"

    def test_without_either_the_id_is_made_from_the_place(self) -> None:
        tree = required("{all: [{take: x/a}, {any: [{take: x/b}, {take: x/c}]}]}")
        assert [each.id for each in walk(tree)] == [
            "require",
            "require-1",
            "require-2",
            "require-2-1",
            "require-2-2",
        ]

    def test_conditions_are_named_after_what_they_stand_at(self) -> None:
        rule = edition(
            "require: {take: x/a, id: core, at_least: [{credits: 1}, {credits: 2}]}\n"
            "at_most: [{choose: 3}]\ndistinct: {by: issuer, from: 2}\naverage: {grade: 3}"
        )
        assert [each.id for each in rule.root.qualifiers.at_least] == [
            "core-at-least-1",
            "core-at-least-2",
        ]
        assert rule.whole.at_most[0].id == "at-most-1"
        assert rule.whole.distinct[0].id == "distinct-1"
        assert rule.whole.averages[0].id == "average-1"

    def test_a_clash_names_both_places(self) -> None:
        (found,) = told("require: {all: [{take: x/a, id: a},\n  {take: x/b, title: A}]}")
        assert found.code == "CN0212"
        assert found.message == "the id `a` stands twice, first on line 7"
        assert str(found.span) == "f:8:22"
        assert found.path == "$.require.all[1].title"

    def test_a_clash_is_found_without_places_too(self) -> None:
        award = {
            "award": "x/a",
            "title": "A",
            "edition": "1",
            "effective": {"from": "2026-01-01"},
            "credit": {"total": 1, "unit": "ects"},
            "require": {"all": [{"take": "x/a", "id": "a"}, {"take": "x/b", "id": "a"}]},
        }
        (found,) = rule_from(award).diagnostics  # type: ignore[arg-type]
        assert found.message == "the id `a` stands twice"
        assert found.path == "$.require.all[1].id"

    def test_a_condition_may_not_bear_the_id_of_a_requirement(self) -> None:
        (found,) = told("require: {take: x/a, id: a}\nat_least: [{credits: 1, id: a}]")
        assert found.code == "CN0212"

    def test_a_gate_may_bear_the_name_of_the_requirement_that_it_opens(self) -> None:
        rule = edition(
            "require: {take: x/thesis, id: thesis}\ngates: [{id: thesis, require: {take: x/a}}]"
        )
        assert (rule.gates[0].id, rule.gates[0].title) == ("thesis", "Thesis")
        assert rule.gates[0].require.id == "gate-1"


class TestSharing:
    def test_a_requirement_shares_with_another_one_that_counts(self) -> None:
        shared = required(
            "{all: [{take: x/a, id: a, shares_with: b}, {choose: 1, from: {}, id: b}]}"
        )
        assert [each.shares_with for each in walk(shared)] == [(), ("b",), ()]

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("{all: [{take: x/a, id: a, shares_with: [b]}, {milestone: b}]}", "f:7:50"),
            ("{all: [{take: x/a, id: a, shares_with: a}]}", "f:7:49"),
            ("{all: [{take: x/a, id: a}], shares_with: a}", "f:7:51"),
        ],
    )
    def test_nothing_else_can_be_shared_with(self, text: str, place: str) -> None:
        (found,) = told(f"require: {text}")
        assert found.code == "CN0219"
        assert str(found.span) == place

    def test_admission_shares_nothing_with_the_rule(self) -> None:
        (found,) = told(
            "require: {take: x/a, id: a}\nadmission: {take: x/a, id: b, shares_with: a}"
        )
        assert found.code == "CN0219"

    def test_sharing_with_other_awards_is_free_or_up_to_an_amount(self) -> None:
        sharing = everything().sharing
        assert sharing is not None
        assert (sharing.awards, sharing.reason) == (2, "Regulation 9")
        assert [(each.award, each.measure, each.amount) for each in sharing.shared_with] == [
            ("y/q", "credits", Share(Fraction(1, 5), "smaller")),
            ("y/m", "credits", None),
            ("y/n", "credits", 6_000),
            ("y/o", "choose", 1),
        ]
        assert isinstance(sharing.shared_with[0], SharedWith)


class TestAwards:
    def test_what_an_award_says_of_itself_is_kept(self) -> None:
        rule = everything()
        assert (rule.award, rule.title, rule.edition) == ("x/everything", "Everything", "2026")
        assert rule.effective == Period(date(2026, 9, 1))
        assert (rule.total, rule.unit, rule.framework) == (90_500, "ects", "eqf")
        assert rule.replaces == "2025"
        assert rule.span == SourceSpan("every-form.yaml", 2, 1)

    def test_what_an_award_says_of_others_is_kept(self) -> None:
        rule = everything()
        assert [(each.id, each.at_most) for each in rule.excludes] == [
            ("excludes-1", 1),
            ("subject", 2),
        ]
        assert rule.pairs[0].credentials == ("x/q", "x/r")
        assert [(each.award, each.effect) for each in rule.on_award] == [("y/low", "supersede")]
        assert rule.admission is not None
        assert rule.admission.id == "admission"
        assert rule.gates[0].require.title == "40 credits"

    def test_the_policies_are_those_of_the_model(self) -> None:
        stated = everything().policies
        assert set(stated) == set(PoliciesForm.model_fields) == {*POLICIES, *NAMED_POLICIES}
        for name, answers in POLICIES.items():
            for answer in answers:
                chosen = edition(f"require: {{take: x/a}}\npolicies: {{{name}: {answer}}}")
                assert chosen.policies == {name: answer}

    def test_every_place_in_the_model_is_a_place_in_the_file(self) -> None:
        spans = [each.span for each in walk(everything().root)]
        assert all(span.file == "every-form.yaml" and span.line > 0 for span in spans)
        assert spans == sorted(spans)

    def test_nothing_said_is_nothing_meant(self) -> None:
        plain = edition("require: {take: x/a}")
        assert plain.whole.at_least == ()
        assert plain.policies == {}
        assert plain.sharing is None
        assert (
            edition("require: {take: x/a}\nat_least: [{credits: 1}]").whole.at_least[0].selector
            == EVERYTHING
        )


class TestParsing:
    def test_a_complaint_without_a_sentence_of_its_own_still_has_its_place(self) -> None:
        class Sized(Form):
            size: float

        _, (found,) = parse(Sized, Document({"size": "x"}, {("size",): SourceSpan("f", 1, 7)}))
        assert found.message == "`size` must be written differently, not `x`"
        assert str(found.span) == "f:1:7"

    def test_of_thousands_of_problems_no_more_are_told_than_help(self) -> None:
        _, found = parse(AwardForm, Document({f"k{number}": 1 for number in range(3_000)}, {}))
        assert len(found) == KEPT


class TestFiles:
    def test_json_says_the_same_as_yaml(self) -> None:
        # JSON has no dates: a declared attribute that is one stays text there.
        source = (GOOD / "every-form.yaml").read_bytes().replace(b", since: 2024-01-01", b"")
        document, _ = read_yaml(source, "f")
        assert document is not None
        written = json.dumps(document.value, default=date.isoformat)
        assert without_places(read_rule(written.encode(), "f")) == without_places(
            read_rule(source, "f")
        )
        assert without_places(rule_from(json.loads(written))) == without_places(
            read_rule(source, "f")
        )

    def test_a_value_that_is_decoded_already_is_judged_alike(self) -> None:
        rule = rule_from({"award": "x/a", "credit": {"total": 7}, "require": [1.5]})  # type: ignore[list-item]
        assert rule.edition is None
        assert [found.path for found in rule.diagnostics] == [
            "$",
            "$",
            "$",
            "$.credit",
            "$.require",
        ]

    def test_a_decoded_value_without_places_is_told_of_each_problem_by_its_path(self) -> None:
        rule = rule_from({"award": None, "title": 7, "require": {"take": "x/a", "title": None}})
        assert {(found.code, found.path) for found in rule.diagnostics} >= {
            ("CN0217", "$.award"),
            ("CN0217", "$.require.title"),
            ("CN0203", "$.title"),
        }

    def test_cases_are_read_beside_a_rule_that_is_wrong(self) -> None:
        rule = read_rule(
            b"award: x/a\ncases: [{name: C1, on: 2026-01-01, record: {}, expect: {met: true}}, 7]",
            "f",
        )
        assert rule.edition is None
        assert [case.name for case in rule.cases] == ["C1"]
        assert "$.cases[1]" in {found.path for found in rule.diagnostics}

    def test_a_decoded_value_may_not_be_nested_without_end(self) -> None:
        deep: dict[str, object] = {}
        for _ in range(500):
            deep = {"not": deep}
        rule = rule_from({"require": {"choose": 1, "from": deep}})  # type: ignore[dict-item]
        assert [found.code for found in rule.diagnostics] == ["CN0118"]

    def test_a_rule_of_endless_lists_is_refused_without_looking_at_each(self) -> None:
        found = told(f"require: {{take: [{'1, ' * 30_000}]}}")
        assert [each.code for each in found] == ["CN0117"]

    def test_more_than_twenty_problems_are_counted(self) -> None:
        found = told(f"require: {{all: [{'{tak: x/a}, ' * 30}]}}")
        assert len(found) == 21
        assert found[-1].message == "10 more problems in this file, from line 7 on"

    def test_a_rule_of_three_hundred_lines_is_read_at_once(self) -> None:
        block = (GOOD / "hnc.yaml").read_text().partition("require:\n  all:\n")[2]
        block = block.partition("at_least")[0]
        parts = [
            block.replace("Graded", f"Graded {part}")
            .replace("Options", f"Options {part}")
            .replace("mandatory\n", f"mandatory-{part}\n")
            for part in range(40)
        ]
        text = f"{HEAD}require:\n  all:\n{''.join(parts)}"
        assert text.count("\n") > 300
        started = time.process_time()
        rule = read_rule(text.encode(), "f")
        assert time.process_time() - started < 3
        assert rule.diagnostics == ()
