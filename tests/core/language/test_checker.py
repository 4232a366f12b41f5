"""What the checker finds beyond the shape of a rule: where, what, why, and what would work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.core.language.checker import check_rule
from app.core.language.diagnostics import Diagnostic
from app.core.language.rules import read_rule
from app.core.model.source import SourceSpan
from tests.core.language.checking import (
    CASES,
    POLICIES,
    SOUND,
    catalogue,
    check,
    check_all,
    completed,
)


def codes(body: str, policies: Mapping[str, str] = POLICIES) -> list[str]:
    return [found.code for found in check(body, policies)]


def one(body: str, **stated: str) -> Diagnostic:
    (found,) = check(body, {**POLICIES, **stated})
    return found


def choose(selector: str, number: int = 1) -> str:
    return f"require: {{choose: {number}, from: {selector}}}"


def test_nothing_is_found_in_a_sound_rule() -> None:
    assert check(SOUND, POLICIES) == ()


def test_all_that_is_wrong_is_reported_at_once_by_place() -> None:
    body = """
require:
  all:
    - {take: atu/ethcs}
    - {id: electives, credits: 40, from: {tag: electiv}}
on_award: [{award: atu/nothing, effect: keep}]
"""
    found = check(f"{body}cases: []", {})
    assert [(each.code, each.path) for each in found] == [
        ("CN0501", "$"),
        ("CN0610", "$.cases"),
        ("CN0401", "$.require.all[0].take"),
        ("CN0602", "$.require.all[1]"),
        ("CN0406", "$.require.all[1].from"),
        ("CN0501", "$.on_award"),
        ("CN0403", "$.on_award[0]"),
    ]


class TestNames:
    """CN04xx: what the rule names and the catalogue does not have."""

    def test_an_unknown_credential_is_told_with_its_place_and_the_nearest_known_one(self) -> None:
        assert one("require:\n  take: atu/ethcs") == Diagnostic(
            "CN0401",
            "error",
            "the catalogue has no credential `atu/ethcs`, so it can never be held",
            "did you mean `atu/ethics`?",
            SourceSpan("rule.yaml", 2, 3),
            "$.require.take",
        )

    @pytest.mark.parametrize(
        "body",
        [
            f"{SOUND}\nat_most: [{{choose: 1, from: [atu/nothing, atu/ethics]}}]",
            f"{SOUND}\nexcludes: [{{credentials: [atu/nothing, atu/ethics]}}]",
            f"{SOUND}\npairs: [{{credentials: [atu/nothing, atu/ethics]}}]",
            f"{SOUND}\nadmission: {{take: atu/nothing}}",
            f"{SOUND}\ngates: [{{id: thesis, require: {{take: atu/nothing}}}}]",
            choose("{not: atu/nothing}"),
            choose("{any: [{tag: core}, {credential: atu/nothing}]}"),
        ],
    )
    def test_an_unknown_credential_is_found_wherever_it_stands(self, body: str) -> None:
        assert codes(body) == ["CN0401"]

    def test_what_resembles_nothing_gets_the_general_remedy(self) -> None:
        assert one("require: {take: zzz/qqq}").help == "add it to the catalogue, or correct the id"

    def test_a_credential_retired_before_the_edition_is_a_warning(self) -> None:
        found = one("require: {take: atu/old}")
        assert (found.code, found.severity) == ("CN0402", "warning")
        assert "retired on 31 August 2026, before this edition" in found.message

    def test_a_credential_retired_later_is_in_order(self) -> None:
        assert codes("require: {take: atu/leaving}") == []

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ("sharing: {with: [{award: atu/pgdp}]}", "$.sharing.with[0]"),
            ("on_award: [{award: atu/pgdp, effect: keep}]", "$.on_award[0]"),
        ],
    )
    def test_an_unknown_award_is_told_with_the_nearest_known_one(
        self, body: str, path: str
    ) -> None:
        found = one(f"{SOUND}\n{body}")
        assert (found.code, found.path) == ("CN0403", path)
        assert found.help == "did you mean `atu/pgdip`?"

    def test_an_award_that_credit_may_be_used_in_has_to_be_known(self) -> None:
        assert codes(choose("{used_in: [any, atu/nothing]}")) == ["CN0403"]

    @pytest.mark.parametrize(
        "body",
        [
            "require: {when: DECLARED, then: {take: atu/ethics}}",
            "require: {choose: 1, from: {tag: core, when: DECLARED}}",
            "require: {choose: 1, from: {tag: core}, changes: [{unless: DECLARED, add: 1}]}",
            "require: {take: atu/ethics, at_least: [{choose: 1, from: {not: {when: DECLARED}}}]}",
        ],
    )
    def test_what_no_kept_record_can_declare_is_a_warning(self, body: str) -> None:
        found = one(body.replace("DECLARED", "{not: {any: [{declared: [atu/msc, atu/pgdp]}]}}"))
        assert (found.code, found.severity) == ("CN0403", "warning")
        assert found.message.startswith("the catalogue has no award `atu/pgdp`, ")
        assert found.help == "did you mean `atu/pgdip`?"

    def test_a_pattern_of_awards_has_to_fit_one(self) -> None:
        tracks = "require: {tracks: {of: [{declared: PATTERN, require: {take: atu/ethics}}]}}"
        assert codes(tracks.replace("PATTERN", "atu/pg*")) == []
        found = one(tracks.replace("PATTERN", "atu/phd-*"))
        assert found.message.startswith("the catalogue has no award like `atu/phd-*`, ")

    def test_an_undeclared_attribute_is_told_with_the_nearest_name(self) -> None:
        found = one(choose("{clustr: alpha}"))
        assert (found.code, found.help) == ("CN0404", "did you mean `cluster`?")
        assert one(f"{SOUND}\ndistinct: {{by: colour, from: 2}}").code == "CN0404"

    def test_breadth_is_counted_over_facts_that_have_values(self) -> None:
        assert codes(f"{SOUND}\ndistinct: [{{by: level, from: 1}}, {{by: cluster, from: 1}}]") == []
        assert codes(f"{SOUND}\ndistinct: {{by: attempt, from: 1}}") == ["CN0404"]

    def test_an_unknown_issuer_is_told_with_the_nearest_known_one(self) -> None:
        found = one(choose("{issuer: harbor}"))
        assert (found.code, found.help) == ("CN0405", "did you mean `harbour`?")

    @pytest.mark.parametrize(
        ("selector", "remedy"),
        [
            ("{tag: [core, electiv]}", "did you mean `elective`?"),
            ("{type: modul}", "did you mean `module`?"),
            ("{cluster: alfa}", "did you mean `alpha`?"),
            ('{field: "0999"}', "correct it, or delete it"),
            ("{credential: [atu/ethics, atu/zz-*]}", "correct the pattern, or delete it"),
        ],
    )
    def test_a_value_that_nothing_carries_is_a_warning(self, selector: str, remedy: str) -> None:
        found = one(choose(selector))
        assert (found.code, found.severity, found.help) == ("CN0406", "warning", remedy)

    def test_an_attribute_that_no_credential_states_is_the_learners_to_state(self) -> None:
        assert codes(choose("{since: 2024-01-01}")) == []

    def test_a_field_may_be_a_prefix(self) -> None:
        assert codes(choose('{field: "06"}')) == []

    def test_what_is_asked_for_of_nothing_is_an_error(self) -> None:
        found = one(choose("{tag: core, type: badge}"))
        assert (found.code, found.severity, found.path) == ("CN0407", "error", "$.require.from")

    def test_a_cap_on_nothing_is_a_warning(self) -> None:
        found = one(f"{SOUND}\nat_most: [{{choose: 1, from: {{tag: core, type: badge}}}}]")
        assert (found.code, found.severity) == ("CN0407", "warning")

    def test_the_learners_own_facts_leave_a_selector_open(self) -> None:
        assert codes(choose("{source: transferred, grade: {from: B}, attempt: 2}")) == []
        assert codes(choose("{not: {source: taken}}")) == []

    def test_a_value_of_another_type_than_declared_is_an_error(self) -> None:
        assert one(choose("{regular: yes}")).code == "CN0408"
        assert one(choose("{cluster: 1}")).code == "CN0408"
        assert one(choose("{cluster: {from: 1}}")).code == "CN0408"
        assert one(choose("{since: {from: 1}}")).help == "write a range of days"
        assert one(choose("{clustr: {from: 1}}")).code == "CN0404"
        assert codes(choose("{since: {from: 2024-01-01}}")) == []

    @pytest.mark.parametrize(
        ("selector", "found"),
        [
            ("{cluster: {learner: cluster}}", []),
            ("{earned: {from: {learner: since}}}", []),
            ("{cluster: {learner: colour}}", ["CN0404"]),
            ("{colour: {learner: cluster}}", ["CN0404"]),
            ("{cluster: {learner: since}}", ["CN0408"]),
            ("{earned: {from: {learner: cluster}}}", ["CN0408"]),
            ("{cluster: {from: {learner: cluster}}}", ["CN0408"]),
            ("{since: {from: {learner: since}, to: 4}}", ["CN0408"]),
        ],
    )
    def test_a_fact_of_the_learner_is_declared_and_of_the_same_kind(
        self, selector: str, found: list[str]
    ) -> None:
        assert codes(choose(selector)) == found

    def test_a_grade_that_the_scale_does_not_have_is_an_error(self) -> None:
        found = one(choose("{grade: {from: B-}}"))
        assert (found.code, found.help) == ("CN0409", "did you mean `B`?")
        assert one(choose("{grade: distinction}")).help == "it has A, B, C"

    def test_a_framework_without_levels_is_an_error(self) -> None:
        assert one(choose("{level: {framework: scqf, at: 7}}")).code == "CN0410"

    def test_a_framework_that_a_table_leads_to_is_known(self) -> None:
        assert codes(choose("{level: {framework: nfq, at: 9}}")) == []


class TestPolicies:
    """CN05xx: options that the rule depends on."""

    @pytest.mark.parametrize(
        ("policy", "body", "path"),
        [
            ("retakes", SOUND, "$"),
            ("caps", f"{SOUND}\nat_most: [{{credits: 5, from: {{tag: core}}}}]", "$.at_most[0]"),
            ("level", choose("{level: 7}"), "$.require.from"),
            ("grade_scale", choose("{grade: B}"), "$.require.from"),
            ("grade_scale", f"{SOUND}\naverage: {{over: counted}}", "$.average[0]"),
            ("double_count", f"{SOUND}\nsharing: {{awards: 2}}", "$.sharing"),
            (
                "late_lower_award",
                f"{SOUND}\non_award: [{{award: atu/pgdip, effect: keep}}]",
                "$.on_award",
            ),
        ],
    )
    def test_a_policy_that_the_rule_depends_on_has_to_be_stated(
        self, policy: str, body: str, path: str
    ) -> None:
        (found,) = check(body, {k: v for k, v in POLICIES.items() if k != policy})
        assert (found.code, found.severity, found.path) == ("CN0501", "error", path)
        assert f"`{policy}`" in found.message
        assert found.help.startswith(f"write it under `policies`: {policy}: ")

    def test_the_rules_own_policies_are_stated_too(self) -> None:
        assert codes(f"{SOUND}\npolicies: {{retakes: last}}", {}) == []

    @pytest.mark.parametrize(
        "body",
        [
            f"{SOUND}\nat_most: [{{credits: 5, from: {{tag: core}}, items: trim}}]",
            f"{SOUND}\nat_most: [{{choose: 5, from: {{tag: core}}}}]",
            choose("{level: {from: 7}}"),
        ],
    )
    def test_what_says_it_itself_needs_no_policy(self, body: str) -> None:
        assert codes(body, {"retakes": "best"}) == []

    def test_a_case_with_other_awards_needs_the_policy_on_double_counting(self) -> None:
        cases = CASES.replace("{name: met,", "{name: met, with: [atu/pgdip],")
        (found,) = check(cases, {"retakes": "best"})
        assert (found.code, found.path) == ("CN0501", "$")

    def test_an_unknown_policy_is_told_with_the_nearest_known_one(self) -> None:
        found = one(SOUND, retake="best")
        assert (found.code, found.help) == ("CN0502", "did you mean `retakes`?")

    def test_an_unknown_answer_is_told_with_the_nearest_known_one(self) -> None:
        found = one(SOUND, retakes="beest")
        assert (found.code, found.help) == ("CN0503", "did you mean `best`?")

    def test_a_scale_or_conversion_has_to_be_in_the_catalogue(self) -> None:
        found = one(SOUND, grade_scale="latter")
        assert (found.code, found.help) == ("CN0504", "did you mean `letter`?")
        assert one(SOUND, conversion="hours").help == "it defines convention, empty"

    def test_credits_that_nothing_converts_are_a_warning_where_they_may_count(self) -> None:
        stated = {"retakes": "best"}
        (found,) = check(choose("{tag: elective}"), stated)
        assert (found.code, found.severity) == ("CN0505", "warning")
        assert found.message == (
            "no conversion from `cats` to `ects` is stated, and `atu/harbour-ml` may count: "
            "a record that has it cannot be audited"
        )
        assert codes(choose("{tag: core}"), stated) == []

    def test_a_conversion_without_the_rate_is_a_warning(self) -> None:
        body = f"{choose('{tag: elective}')}\npolicies: {{conversion: empty}}"
        assert one(body).message.startswith(
            "the conversion `empty` does not bring `cats` to `ects`"
        )


class TestSense:
    """CN06xx: figures that contradict each other, and cases."""

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            (
                f"{SOUND}\nat_least: [{{credits: 20}}]\nat_most: [{{id: top, credits: 19}}]",
                "$.at_most[0]",
            ),
            (
                "at_least: [{credits: 16}]\nat_most: [{id: top, share: 50%, of: award}]",
                "$.at_most[0]",
            ),
            (
                "require: {choose: 2, from: {tag: core}, at_most: [{id: top, choose: 1}]}",
                "$.require.at_most[0]",
            ),
        ],
    )
    def test_a_cap_below_its_floor_is_an_error(self, body: str, path: str) -> None:
        (found, *_) = [each for each in check(body, POLICIES) if each.code == "CN0601"]
        assert (found.severity, found.path) == ("error", path)
        assert found.message.startswith("`top` lets ")

    @pytest.mark.parametrize(
        "body",
        [
            "require: {choose: 1, from: {tag: core}, at_most: [{choose: 1}]}",
            "require: {credits: 10, from: {tag: core}, at_most: [{choose: 1}]}",
            "require: {choose: 2, from: {tag: core}, at_most: [{choose: 1, from: {type: module}}]}",
        ],
    )
    def test_a_cap_that_leaves_room_for_its_floor_is_in_order(self, body: str) -> None:
        assert codes(body) == []

    def test_more_than_the_award_totals_cannot_be_asked_for(self) -> None:
        found = one("require: {id: all, credits: 31, from: {}}")
        assert found.message == "`all` asks for 31 credits and the award totals 30 credits"
        floor = "require: {{credits: 10, from: {{}}}}\nat_least: [{{credits: 31{}}}]"
        assert codes(floor.format("")) == ["CN0602"]
        # A record may hold more.
        assert codes(floor.format(", over: record")) == []
        assert codes(floor.format(", over: all-attempts")) == []
        assert codes("require: {credits: 30, from: {}}") == []

    def test_more_credentials_than_can_count_cannot_be_asked_for(self) -> None:
        found = one(choose("{tag: core}", 3))
        assert (found.code, found.severity) == ("CN0603", "error")
        assert found.message == (
            "`require` asks for 3 credentials and only 2 credentials of the catalogue can count, "
            "so it can never be met"
        )
        assert codes(choose("{tag: core}", 2)) == []

    def test_where_every_attempt_counts_a_credential_may_count_again(self) -> None:
        body = f"{choose('{tag: core}', 3)}\npolicies: {{retakes: each}}"
        assert codes(body) == []

    def test_a_floor_looks_only_at_what_can_count_below_it(self) -> None:
        body = f"{choose('{tag: core}')}\nat_least: [{{id: ml, choose: 1, from: atu/ml-1}}]"
        assert codes(body) == []
        body = (
            f"{choose('{tag: core}')}\nat_least: [{{id: top, choose: 3, from: {{type: module}}}}]"
        )
        assert codes(body) == ["CN0603"]

    def test_a_floor_over_the_record_asks_nothing_of_the_catalogue(self) -> None:
        assert codes("at_least: [{choose: 99, from: {tag: core}, over: record}]") == []

    def test_credits_beyond_what_can_count_are_a_warning(self) -> None:
        found = one("require: {id: core, credits: 16, from: {tag: core}}")
        assert (found.code, found.severity) == ("CN0604", "warning")
        assert (
            found.message == "`core` asks for 16 credits and all that can count brings 15 credits"
        )
        assert codes("require: {credits: 15, from: {tag: core}}") == []

    def test_converted_credits_are_counted_in_the_awards_unit(self) -> None:
        assert codes("require: {credits: 15, from: {tag: elective}}") == []
        assert codes("require: {credits: 16, from: {tag: elective}}") == ["CN0604"]

    def test_a_credential_that_is_compulsory_twice_is_an_error(self) -> None:
        body = """require:
  all:
    - {id: one, take: [atu/ethics, atu/ml-2]}
    - {all: [{id: two, take: atu/ethics}]}
"""
        found = one(body)
        assert (found.code, found.path) == ("CN0605", "$.require.all[1].all[0]")
        assert found.help == "name it once, or add `shares_with: one`"

    @pytest.mark.parametrize(
        "parts",
        [
            "[{id: one, take: atu/ethics}, {id: two, take: atu/ethics, shares_with: one}]",
            "[{id: one, take: atu/ethics}, {id: two, take: atu/ethics, optional: true}]",
            "[{id: one, take: atu/ethics}, {any: [{take: atu/ethics}, {take: atu/ml-1}]}]",
        ],
    )
    def test_what_may_be_shared_or_left_out_is_not_compulsory_twice(self, parts: str) -> None:
        assert codes(f"require: {{all: {parts}}}") == []

    def test_two_caps_that_may_trim_one_credential_are_refused(self) -> None:
        body = """require:
  credits: 10
  from: {tag: core}
  at_most: [{id: one, credits: 10, items: trim}]
at_most: [{id: two, credits: 20, from: {type: module}, items: trim}]
"""
        found = one(body)
        assert (found.code, found.path) == ("CN0606", "$.require.at_most[0]")
        assert found.message.startswith("`two` and `one` may both trim one credential")

    def test_the_policy_on_caps_makes_them_trim(self) -> None:
        body = f"{SOUND}\nat_most: [{{credits: 10}}, {{credits: 20, from: {{tag: core}}}}]"
        assert codes(body) == []
        assert codes(f"{body}\npolicies: {{caps: trim}}") == ["CN0606"]

    @pytest.mark.parametrize(
        ("one_selector", "other"),
        [
            ("{source: transferred}", "{source: [recognised-prior-learning, examination]}"),
            ("{source: transferred}", "{not: {source: transferred}}"),
            ("{not: {used_in: any}}", "{used_in: any}"),
            ("{cluster: alpha}", "{cluster: beta}"),
            ("{tag: core}", "{tag: elective}"),
        ],
    )
    def test_caps_on_different_credentials_may_both_trim(
        self, one_selector: str, other: str
    ) -> None:
        caps = ", ".join(
            f"{{credits: 10, from: {selector}, items: trim}}" for selector in (one_selector, other)
        )
        assert codes(f"require: {{credits: 10, from: {{}}}}\nat_most: [{caps}]") == []

    @pytest.mark.parametrize(
        ("one_selector", "other"),
        [
            ("{grade: {from: B}}", "{not: {grade: {from: B}}}"),
            ("{grade: A}", "{grade: B}"),
            ("{used_in: atu/pgcert}", "{used_in: atu/pgdip}"),
            ("{source: taken}", "{source: [taken, transferred]}"),
            ("{source: taken}", "{registration: non-degree}"),
        ],
    )
    def test_caps_that_leave_it_open_whether_both_trim_are_refused(
        self, one_selector: str, other: str
    ) -> None:
        caps = ", ".join(
            f"{{credits: 10, from: {selector}, items: trim}}" for selector in (one_selector, other)
        )
        found = codes(f"require: {{credits: 10, from: {{}}}}\nat_most: [{caps}]")
        assert found == ["CN0606"]

    def test_trimming_caps_on_requirements_that_share_are_refused(self) -> None:
        cap = "at_most: [{credits: 10, items: trim}]"
        apart = f"""require:
  all:
    - {{id: a, credits: 5, from: {{tag: core}}, {cap}}}
    - {{id: b, credits: 5, from: {{tag: core}}, {cap}}}
"""
        shared = apart.replace("id: b,", "id: b, shares_with: a,")
        assert (codes(apart), codes(shared)) == ([], ["CN0606"])

    def test_an_exclusion_that_excludes_nothing_is_an_error(self) -> None:
        lists = "credentials: [atu/ethics, atu/ml-1]"
        assert codes(f"{SOUND}\nexcludes: [{{{lists}}}]") == []
        assert codes(f"{SOUND}\nexcludes: [{{{lists}, at_most: 2}}]") == ["CN0607"]

    def test_a_window_in_a_shorter_one_never_says_more(self) -> None:
        body = """require: {take: atu/ethics, within: {span: 36 months, from: earliest-used}}
within: {span: 3 years, from: earliest-used}
"""
        found = one(body)
        assert (found.code, found.severity, found.path) == (
            "CN0608",
            "warning",
            "$.require.within[0]",
        )
        assert codes(body.replace("36", "35")) == []
        assert (
            codes(body.replace("36 months, from: earliest-used", "9 years, from: admission")) == []
        )
        assert codes(body.replace("3 years, from: earliest-used", "3 years, from: admission")) == []

    def test_a_range_of_grades_that_is_upside_down_is_an_error(self) -> None:
        assert codes(choose("{grade: {from: A, to: C}}")) == ["CN0609"]
        assert codes(choose("{grade: {from: C, to: A}}")) == []

    def test_a_rule_without_cases_is_an_error(self) -> None:
        (found,) = check("cases: []", POLICIES)
        assert (found.code, found.severity) == ("CN0610", "error")

    @pytest.mark.parametrize(("met", "code"), [("false", "CN0611"), ("true", "CN0612")])
    def test_cases_that_all_expect_the_same_are_a_warning(self, met: str, code: str) -> None:
        cases = f"cases: [{{name: one, on: 2027-01-01, record: {{}}, expect: {{met: {met}}}}}]"
        (found,) = check(cases, POLICIES)
        assert (found.code, found.severity) == (code, "warning")


def test_thousands_of_unknown_names_are_told_in_bounded_time() -> None:
    names = ", ".join(f"atu/unknown-{number}" for number in range(2000))
    large = replace(
        catalogue(),
        credentials={
            **catalogue().credentials,
            **{
                type(name)(f"{name}-{number}"): credential
                for name, credential in catalogue().credentials.items()
                for number in range(500)
            },
        },
    )
    file = read_rule(completed(f"require: {{take: [{names}]}}").encode(), "rule.yaml")
    assert file.edition is not None
    found = check_rule(file.edition, file.cases, large, POLICIES)
    assert len(found) == 21
    assert found[-1].code == "CN0119"


class TestAnchors:
    """CN0411: days that windows and ages are measured from or to; CN0413: steps asked for."""

    @pytest.mark.parametrize(
        ("said", "close"),
        [
            ("within: {span: 3 years, from: earliest_used}", "earliest-used"),
            ("within: {span: 3 years, from: first-aplicable}", "first-applicable"),
            ("within: {span: 3 years, from: admision}", "admission"),
            ("each: {age: {to: 5 years, from: earned, until: audt}}", "audit"),
            ("each: {not: {age: {to: 5 years, from: earned, until: admision}}}", "admission"),
        ],
    )
    def test_a_misspelt_anchor_is_an_error_with_the_nearest_name(
        self, said: str, close: str
    ) -> None:
        found = one(f"{SOUND}\n{said}")
        assert (found.code, found.severity) == ("CN0411", "error")
        assert found.help.startswith(f"did you mean `{close}`?")

    def test_a_name_that_nothing_else_knows_is_a_warning(self) -> None:
        found = one(f"{SOUND}\nwithin: {{span: 3 years, from: matriculation}}")
        assert (found.code, found.severity) == ("CN0411", "warning")

    @pytest.mark.parametrize(
        "said",
        [
            "within: {span: 3 years, from: audit}",
            "each: {age: {to: 5 years, from: earned, until: earliest-used}}",
        ],
    )
    def test_a_word_for_another_place_is_an_error(self, said: str) -> None:
        found = one(f"{SOUND}\n{said}")
        assert (found.code, found.severity) == ("CN0411", "error")

    def test_a_milestone_that_a_case_records_or_a_requirement_names_is_known(self) -> None:
        window = "within: [{span: 3 years, from: readmission}, {span: 1 year, from: interview}]"
        step = "gates: [{id: thesis, require: {milestone: interview}}]"
        recorded = CASES.replace("record: {}", "record: {milestones: {readmission: 2026-01-01}}")
        assert codes(f"{SOUND}\n{window}\n{step}\n{recorded}") == []

    @pytest.mark.parametrize(
        ("beside", "told"),
        [
            ("gates: [{id: g, require: {milestone: interviews}}]", "did you mean `interviews`?"),
            ("", "let a case record it under `milestones`, or correct the name"),
        ],
    )
    def test_a_milestone_that_only_a_circumstance_names_is_a_warning(
        self, beside: str, told: str
    ) -> None:
        found = one(f"{choose('{tag: core, when: {milestone: interview}}')}\n{beside}")
        assert (found.code, found.severity, found.help) == ("CN0413", "warning", told)

    @pytest.mark.parametrize(
        "beside",
        [
            "gates: [{id: thesis, require: {milestone: interview}}]",
            CASES.replace("record: {}", "record: {milestones: {interview: 2026-01-01}}"),
        ],
    )
    def test_a_milestone_of_a_circumstance_is_known_where_another_place_names_it(
        self, beside: str
    ) -> None:
        tracks = "require: {when: {milestone: [admission, interview]}, then: {take: atu/ethics}}"
        assert codes(f"{tracks}\n{beside}") == []


class TestTotals:
    """CN0613 and CN0614: what everybody meets, and what cannot add up."""

    @pytest.mark.parametrize(
        "asked",
        [
            "require: {choose: 0, from: {tag: core}}",
            "require: {credits: 0, from: {tag: core}}",
            "require: {outcomes: all, from: {tag: elective}}",
            "require: {all: []}",
            "require: {some: {choose: 0, of: [{take: atu/ethics}]}}",
            "require: {some: {choose: {from: 0}, of: [{take: atu/ethics}]}}",
            f"{SOUND}\nat_least: [{{credits: 0}}]",
            f"{SOUND}\ngates: [{{id: thesis, require: {{all: []}}}}]",
        ],
    )
    def test_what_asks_for_nothing_is_a_warning(self, asked: str) -> None:
        found = one(asked)
        assert (found.code, found.severity) == ("CN0613", "warning")

    @pytest.mark.parametrize(
        ("most", "part", "found"),
        [
            (1, "{take: atu/ml-2}", []),
            (2, "{take: atu/ml-2}", ["CN0625"]),
            (1, "{milestone: interview}", ["CN0625"]),
        ],
    )
    def test_a_choice_of_which_all_parts_may_be_used_limits_nothing(
        self, most: int, part: str, found: list[str]
    ) -> None:
        of = f"[{{take: atu/ethics}}, {part}]"
        assert codes(f"require: {{some: {{choose: {{from: 1, to: {most}}}, of: {of}}}}}") == found

    @pytest.mark.parametrize(("over", "found"), [("record", []), ("all-attempts", ["CN0601"])])
    def test_a_cap_on_attempts_is_below_a_floor_of_attempts_alone(
        self, over: str, found: list[str]
    ) -> None:
        floor = "at_least: [{choose: 2, over: all-attempts}]"
        told = codes(f"{SOUND}\n{floor}\nat_most: [{{choose: 1, over: {over}}}]")
        assert [code for code in told if code == "CN0601"] == found

    def test_an_empty_group_that_holds_a_condition_asks_for_something(self) -> None:
        empty = "admission: {all: [], at_most: [{choose: 0, over: record, from: {type: award}}]}"
        assert codes(f"{SOUND}\n{empty}") == []

    @pytest.mark.parametrize(
        ("require", "most"),
        [
            ("{take: [atu/ethics, atu/foundations]}", 15),
            ("{choose: {from: 0, to: 2}, from: [atu/ethics, atu/foundations, atu/ml-2]}", 15),
            ("{credits: {from: 5, to: 20}, from: {}}", 20),
            ("{some: {choose: {from: 0, to: 1}, of: [{take: atu/ethics}, {take: atu/ml-2}]}}", 5),
            ("{all: [{take: atu/ethics}, {credits: {from: 0, to: 5}, from: {}}]}", 10),
            ("{all: [{credits: {from: 0, to: 25}, from: {}}], at_most: [{credits: 9}]}", 9),
        ],
    )
    def test_a_total_that_nobody_can_reach_is_a_warning(self, require: str, most: int) -> None:
        def found(total: int) -> list[tuple[str, str, str]]:
            body = f"require: {require}\ncredit: {{total: {total}, unit: ects}}"
            return [(each.code, each.severity, each.path) for each in check_all(body, POLICIES)]

        assert found(most + 1) == [("CN0614", "warning", "$.credit.total")]
        assert [each for each in found(most) if each[0] == "CN0614"] == []

    def test_credits_that_records_state_and_attempts_that_all_count_have_no_bound(self) -> None:
        every = "require: {choose: {from: 0}, from: {}}\ncredit: {total: 5000, unit: ects}"
        assert check_all(every, POLICIES) == ()
        body = f"{SOUND}\npolicies: {{retakes: each}}"
        assert check_all(body, POLICIES) == ()
