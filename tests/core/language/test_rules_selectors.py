"""What written selectors and qualifiers mean in the model."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.core.language.made_names import EACH_TITLE, WINDOW_TITLE
from app.core.model.period import Span
from app.core.model.requirement import (
    Bound,
    Distinct,
    Each,
    From,
    Share,
    Window,
)
from app.core.model.selector import (
    AgeTest,
    AnyOf,
    Circumstance,
    CreditTest,
    DateTest,
    Declared,
    ForWhom,
    GradeTest,
    LevelTest,
    Not,
    OneOf,
    Own,
    OwnTest,
    RangeTest,
    Selector,
    Test,
)
from app.core.model.source import SourceSpan
from tests.core.language.written import edition, selected, told


class TestSelectors:
    @pytest.mark.parametrize(
        ("text", "tests"),
        [
            ("{}", ()),
            ("x/a", (OneOf("credential", ("x/a",)),)),
            ("[x/a, x/b-*]", (OneOf("credential", ("x/a", "x/b-*")),)),
            ("{credential: x/a, exactly: true}", (OneOf("credential", ("x/a",), exactly=True),)),
            ("{credential: x/a, exactly: false}", (OneOf("credential", ("x/a",)),)),
            ("{tag: core, type: [a, b]}", (OneOf("type", ("a", "b")), OneOf("tag", ("core",)))),
            ("{credit: 5}", (CreditTest(5_000, 5_000),)),
            ('{credit: {from: "2.5", to: 10}}', (CreditTest(2_500, 10_000),)),
            ("{grade: B}", (OneOf("grade", ("B",)),)),
            ("{grade: [A, B]}", (OneOf("grade", ("A", "B")),)),
            ("{grade: {from: C+}}", (GradeTest("C+", None),)),
            (
                "{earned: {from: 2020-01-01, to: 2020-12-31}}",
                (DateTest("earned", date(2020, 1, 1), date(2020, 12, 31)),),
            ),
            (
                "{age: {to: 5 years, from: awarded, until: admission}}",
                (AgeTest(Span(5, "year"), "awarded", "admission"),),
            ),
            (
                "{any: [x/a, x/b], when: {declared: x/t}, tag: core}",
                (
                    OneOf("tag", ("core",)),
                    ForWhom(Circumstance((Declared(("x/t",)),))),
                    AnyOf(
                        tuple(Selector((OneOf("credential", (one,)),)) for one in ("x/a", "x/b"))
                    ),
                ),
            ),
            ("{cluster: {learner: wing}}", (OwnTest("cluster", Own("wing"), Own("wing")),)),
            (
                "{earned: {from: {learner: day}, to: 2026-01-01}}",
                (OwnTest("earned", Own("day"), date(2026, 1, 1)),),
            ),
            (
                "{weeks: [1, {from: 3, to: {learner: weeks}}]}",
                (
                    AnyOf(
                        (
                            Selector((OneOf("weeks", (1,)),)),
                            Selector((OwnTest("weeks", 3, Own("weeks")),)),
                        )
                    ),
                ),
            ),
            ("{attempt: [1, 2]}", (OneOf("attempt", (1, 2)),)),
            ("{used_in: any}", (OneOf("used_in", ("any",)),)),
            (
                "{cluster: alpha, honours: true, since: 2024-01-01}",
                (
                    OneOf("cluster", ("alpha",)),
                    OneOf("honours", (True,)),
                    OneOf("since", (date(2024, 1, 1),)),
                ),
            ),
            ('{since: "2024-01-01"}', (OneOf("since", (date(2024, 1, 1),)),)),
            ('{since: "2024-02-30"}', (OneOf("since", ("2024-02-30",)),)),
            ("{weeks: {from: 3, to: 5}}", (RangeTest("weeks", 3, 5),)),
            ("{since: {from: 2024-01-01}}", (RangeTest("since", date(2024, 1, 1), None),)),
            ('{since: {to: "2024-01-01"}}', (RangeTest("since", None, date(2024, 1, 1)),)),
            (
                "{weeks: [3, {from: 5}]}",
                (
                    AnyOf(
                        (
                            Selector((OneOf("weeks", (3,)),)),
                            Selector((RangeTest("weeks", 5, None),)),
                        )
                    ),
                ),
            ),
            ("{not: x/a}", (Not(Selector((OneOf("credential", ("x/a",)),))),)),
            (
                "{any: [x/a, {tag: b}]}",
                (
                    AnyOf(
                        (
                            Selector((OneOf("credential", ("x/a",)),)),
                            Selector((OneOf("tag", ("b",)),)),
                        )
                    ),
                ),
            ),
        ],
    )
    def test_each_key_is_a_test(self, text: str, tests: tuple[Test, ...]) -> None:
        assert selected(text) == tests

    @pytest.mark.parametrize(
        ("text", "test"),
        [
            ("{framework: eqf, at: 7}", LevelTest("eqf", 7, None, "at")),
            ("{framework: eqf, from: 7}", LevelTest("eqf", 7, None, "at-least")),
            ("{framework: eqf, to: 7}", LevelTest("eqf", None, 7, "at-least")),
            ("{framework: eqf, from: 6, to: 7}", LevelTest("eqf", 6, 7, "at-least")),
        ],
    )
    def test_a_level_says_how_it_is_read(self, text: str, test: LevelTest) -> None:
        assert selected(f"{{level: {text}}}") == (test,)

    def test_a_bare_level_is_read_as_the_policies_say_in_the_framework_of_the_file(self) -> None:
        rule = edition("framework: scqf\nrequire: {choose: 1, from: {level: 7}}")
        assert isinstance(rule.root, From)
        assert rule.root.selector.tests == (LevelTest("scqf", 7, None, "policy"),)

    def test_a_level_without_any_framework_is_told(self) -> None:
        (found,) = told("require: {choose: 1, from: {level: [{framework: eqf, at: 7}, 8]}}")
        assert (found.code, str(found.span)) == ("CN0218", "f:7:62")

    def test_a_list_of_ranges_means_any_of_them(self) -> None:
        assert selected("{credit: [5, {from: 10}]}") == (
            AnyOf((Selector((CreditTest(5_000, 5_000),)), Selector((CreditTest(10_000, None),)))),
        )
        assert selected("{grade: [A, {from: C, to: B}]}") == (
            AnyOf((Selector((OneOf("grade", ("A",)),)), Selector((GradeTest("C", "B"),)))),
        )

    def test_the_order_of_the_keys_changes_nothing(self) -> None:
        assert selected("{tag: a, issuer: x, credit: 5}") == selected(
            "{credit: 5, issuer: x, tag: a}"
        )


class TestQualifiers:
    def test_floors_and_caps_count_credits_credentials_or_a_share(self) -> None:
        rule = edition(
            "require: {take: x/a}\n"
            "at_least: [{id: a, credits: 48, from: {tag: b}, reason: R},"
            " {choose: 2, over: record}]\n"
            "at_most: [{share: 1/3, of: award, items: trim}, {share: 12.5%, of: award}]"
        )
        assert rule.whole.at_least[0] == Bound(
            id="a",
            title="A",
            measure="credits",
            amount=48_000,
            selector=Selector((OneOf("tag", ("b",)),)),
            reason="R",
            span=SourceSpan("f", 8, 12),
        )
        assert rule.whole.at_least[1].title == "At least 2 credentials"
        assert rule.whole.at_least[1].over_record
        assert [(each.amount, each.items, each.title) for each in rule.whole.at_most] == [
            (Share(Fraction(1, 3), "award"), "trim", "At most 1/3 of the award"),
            (Share(Fraction(1, 8), "award"), "policy", "At most 12.5% of the award"),
        ]

    def test_each_is_a_selector_or_a_list_with_conditions(self) -> None:
        must = Selector((GradeTest("C", None),))
        assert edition("require: {take: x/a}\neach: {grade: {from: C}}").whole.each == (
            Each(id="each-1", title=EACH_TITLE, must=must, span=SourceSpan("f", 8, 7)),
        )
        full = "{from: {source: transferred}, must: {grade: {from: C}}, reason: R}"
        expected = Each(
            id="each-1",
            title=EACH_TITLE,
            must=must,
            selector=Selector((OneOf("source", ("transferred",)),)),
            reason="R",
            span=SourceSpan("f", 8, 7),
        )
        assert edition(f"require: {{take: x/a}}\neach: {full}").whole.each == (expected,)
        (listed,) = edition(f"require: {{take: x/a}}\neach: [{full}]").whole.each
        assert listed.must == must
        bare = edition("require: {take: x/a}\neach: [x/a, x/b]").whole.each[0]
        assert bare.must == Selector((OneOf("credential", ("x/a", "x/b")),))

    def test_breadth_averages_and_windows_are_one_or_a_list(self) -> None:
        rule = edition(
            "require: {take: x/a}\n"
            "distinct: {by: cluster, from: 2, to: 3, id: breadth, reason: R}\n"
            'average: [{grade: "3.00", id: gpa}, {from: {tag: a}, over: record}]\n'
            "within: [{span: 4 years, from: earliest-used}, {span: 1 day, from: admission}]"
        )
        assert rule.whole.distinct == (
            Distinct(
                id="breadth",
                title="Breadth",
                by="cluster",
                low=2,
                high=3,
                reason="R",
                span=SourceSpan("f", 8, 11),
            ),
        )
        assert [(each.id, each.low, each.over_record) for each in rule.whole.averages] == [
            ("gpa", 3_000, False),
            ("average-2", None, True),
        ]
        assert rule.whole.windows[0] == Window(
            id="within-1",
            title=WINDOW_TITLE,
            length=Span(4, "year"),
            anchor="earliest-used",
            span=SourceSpan("f", 10, 10),
        )

    def test_the_whole_record_is_looked_at_where_it_says_so(self) -> None:
        whole = edition(
            "require: {take: x/a}\n"
            "distinct: {by: cluster, from: 2, over: record}\n"
            "at_most: [{choose: 2, over: all-attempts}, {choose: 2, over: record}]\n"
            "each: [{must: {tag: a}, over: record, id: tagged}, {must: {tag: b}}]\n"
            "within: {span: 4 years, from: earliest-used, over: record, title: In time}\n"
            "average: [{over: counted}, {over: all-attempts}, {over: not-transferred}]"
        ).whole
        assert whole.distinct[0].over_record
        assert [(each.over_record, each.attempts) for each in whole.at_most] == [
            (True, True),
            (True, False),
        ]
        assert whole.windows[0].over_record
        assert [each.over_record for each in whole.each] == [True, False]
        assert (whole.each[0].id, whole.each[0].title) == ("tagged", "Tagged")
        assert (whole.windows[0].id, whole.windows[0].title) == ("in-time", "In time")
        assert [(each.over, each.over_record) for each in whole.averages] == [
            ("counted", False),
            ("all-attempts", True),
            ("not-transferred", False),
        ]
