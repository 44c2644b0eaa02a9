"""What stands on record beside the map: told by the internal edition, and by the public one as far as it may."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import TypeAdapter

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.paper.document import Document
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.evidence.counting import CountingRules
from services.talent.domain.report.calendar import Calendar, Planned, next_of
from services.talent.domain.report.composing import compose
from services.talent.domain.report.exemptions import exemptions
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.printed import Printed
from services.talent.domain.report.registered import Hire, Stayed, StayedBy, ages, held_by, stayed, stayed_by
from services.talent.domain.report.returns import Returns, Source
from services.talent.domain.report.sections.stances import ASKED
from services.talent.domain.report.sections.supply import LABELLED
from services.talent.domain.report.withholding import TABLES, named
from tests.unit.talent.report.reported import case, goal, returns, view
from tests.unit.talent.report.saying import said, table

NEW = {
    "goals-evidence",
    "goals-uncounted",
    "industry-activity",
    "policy-verbs",
    "by-label",
    "city-growth",
    "a-year-on",
    "exemption-course",
    "exemption-cases",
    "instruments",
    "record-ages",
    "open-doubles",
    "calendar",
}
ANY = Text("", "")


def test_every_goal_has_its_evidence_record_by_record() -> None:
    of = compose(view())
    goal, milestone = table(of, "goals-evidence").rows
    assert goal[0] == Text("开放应用场景 100 个", "100 open scenarios")
    assert goal[1:4] == ("2026-06-30", Text("港口氢能场景", "港口氢能场景"), "SC-7")
    assert goal[5:7] == ("2026-05-04", "苏工信〔2026〕7 号")
    assert milestone[0] == Text("形成体系", "a system")
    assert table(of, "goals-uncounted").rows[0][1:] == (Text("尚未确认", "not confirmed"), 2)


def test_an_industry_has_its_people_carriers_matches_and_money_and_a_city_its_growth() -> None:
    of = compose(view())
    rows = {row[0]: row for row in table(of, "industry-activity").rows}
    assert rows[Text("氢能", "hydrogen")][2:] == (9, 2, 4, 1, 7, 2, 11, 6, 3, 2, 30_000)
    growth = {row[0]: row for row in table(of, "city-growth").rows}
    assert growth[Text("南通", "Nantong")][1:] == (41, 3, 3 / 38, 6, 3, 2, -3, 80_000, 60_000)
    assert [row[7] for row in growth.values()].count(0) == len(growth) - 1
    inner = view().facts.inner
    assert inner is not None
    unknown = compose(view(inner=replace(inner, cities_before=Returns(("2026Q1",), ()))))
    assert {(row[7], row[9]) for row in table(unknown, "city-growth").rows} == {(None, None)}


def test_every_verb_and_both_labels_of_the_catalogue_are_known_to_the_report() -> None:
    """Else directions would be left out, and a table stay empty, without a word."""
    assert {each.stance for each in load().directions} == ASKED.keys()
    assert set(LABELLED) <= {each.id for each in load().targets}


def test_the_labels_that_the_document_counts_stand_beside_the_classes() -> None:
    led = goal(True, id="T2025-leading-talent", counts=Text("领军人才(团队)", "leading talents"))
    rows = table(compose(view(goals=(goal(True), led))), "by-label").rows
    assert rows == ((Text("领军人才(团队)", "leading talents"), 37, 6, 100, "2030-12-31"),)


def test_directions_are_held_against_what_the_document_asks_of_them() -> None:
    found = view()
    rows = [
        [getattr(each, "en", each) for each in row[:7]] for row in table(compose(found), "policy-verbs").rows
    ]
    assert rows == [
        ["hydrogen", "scale up", 2, 2, 2, 0, 0],
        ["hydrogen", "lay out ahead", 1, 1, 1, 0, 0],
        ["quantum", "lay out ahead", 1, 1, 1, 0, 0],
    ]
    first = found.axes.policy_leaves[0]
    hidden = tuple(
        replace(row, demand=None, persons=None) if row.key == (first, "all", "all") else row
        for row in found.now.rows
    )
    seen = table(compose(replace(found, now=Printed(hidden))), "policy-verbs").rows[0]
    assert seen[2:7] == (2, 1, 1, 0, 1)
    assert not table(compose(view(stances={})), "policy-verbs").rows


def test_what_an_earlier_method_did_not_count_is_no_nought() -> None:
    known = view().facts.returns
    assert known is not None
    old = tuple(replace(each, method=each.method.replace("-5", "-2")) for each in known.told)
    of = compose(view(returns=Returns(known.quarters, old)))
    rows = {row[0]: row for row in table(of, "industry-activity").rows}
    assert rows[Text("氢能", "hydrogen")][6:11] == (None, None, 11, None, None)
    assert not table(of, "city-growth").rows
    assert [row[1] for row in table(of, "a-year-on").rows] == [6]
    assert not table(of, "exemption-course").rows
    assert "has not reported case by case" in table(of, "exemption-cases").empty.en


def test_a_year_on_nothing_is_presumed() -> None:
    hired, held = table(compose(view()), "a-year-on").rows
    assert (hired[1:], held[1:]) == ((6, 3, 1, 2), (5, 4, 1, 0))
    day = date(2025, 5, 1)
    full = date(2026, 5, 1)
    hires = [
        Hire(day, "甲公司", full, "甲公司"),
        Hire(day, "Acme", full, "ACME"),
        Hire(day, "甲公司", full, "乙公司"),
        Hire(day, "甲公司", date(2026, 4, 30), "甲公司"),
        Hire(day, "甲公司", full, ""),
        Hire(day, "甲公司"),
        Hire(date(2025, 3, 31), "甲公司", full, "甲公司"),
    ]
    assert stayed(hires, date(2026, 4, 1), date(2026, 6, 30)) == Stayed(6, 2, 1, 3)


def test_the_funnel_goes_on_to_a_year_later_by_kind_and_by_what_spoke_for_the_pair() -> None:
    of = compose(view())
    firms, people, _ = table(of, "match-funnel").rows
    assert (firms[0], firms[1], firms[9:]) == (Text("kind/firm-fund", "kind/firm-fund"), 0, (1, 1, 0))
    assert (people[1:6], people[9:]) == ((8, 5, 2, 0, 2), (3, 2, 1))
    scope, text = table(of, "match-reasons").rows
    assert (text[1:6], text[7:], scope[7:]) == ((8, 5, 2, 0, 2), (3, 2, 1), (1, 1, 0))
    public = compose(view(Edition.PUBLIC))
    assert [len(table(public, key).columns) for key in ("match-funnel", "match-reasons")] == [9, 7]
    known = view().facts.returns
    assert known is not None
    told = tuple(replace(each, method=each.method.replace("-5", "-3")) for each in known.told)
    old = compose(view(returns=Returns(known.quarters, told)))
    assert table(old, "match-reasons").rows[-1][1:6] == (8, None, 2, None, 2)
    assert table(old, "match-funnel").rows[0][9:] == (None, None, None)
    versions = {row[0]: row[1] for row in table(of, "versions").rows}
    assert versions[Text("对接服务的统计", "returns of the matching service")] == "matcher-return-5"


def test_who_was_proposed_counts_by_what_spoke_for_them_and_nobody_else() -> None:
    first, last, day, full = date(2026, 4, 1), date(2026, 6, 30), date(2025, 5, 1), date(2026, 5, 1)
    hires = [
        Hire(day, "甲公司", full, "甲公司", "text"),
        Hire(day, "甲公司", part="text"),
        Hire(day, "甲公司", full, "乙公司", "city"),
        Hire(day, "甲公司", full, "甲公司"),
        Hire(date(2025, 3, 31), "甲公司", full, "甲公司", "field"),
    ]
    assert list(stayed_by("person-position", hires, first, last)) == [
        StayedBy("person-position", "city", 1, 0, 1, 0),
        StayedBy("person-position", "text", 2, 1, 0, 1),
    ]
    funded = (("year_due", "", 9), ("year_due", "f/a", 2), ("year_held", "f/a", 1), ("year_due", "f/b", 1))
    assert list(held_by("firm-fund", {"f/a": "field"}, funded)) == [
        StayedBy("firm-fund", "field", 2, 1, 1, 0)
    ]


def test_cases_of_exemption_are_told_with_their_days_and_each_with_its_conditions() -> None:
    of = compose(view())
    assert table(of, "exemption-course").rows[0][1:] == (0, 1, 1, 191, 176)
    running, closed = table(of, "exemption-cases").rows
    gaps, met = (
        Text("有缺项 2/3（4 份）", "gaps 2/3 (4 records)"),
        Text("齐备 5/5（7 份）", "met 5/5 (7 records)"),
    )
    assert running[:5] == ("deals/d1", "2026-01-05", None, 176, Text("未认定", "not determined"))
    assert closed[:5] == ("deals/d2", "2025-11-30", "2026-06-09", 191, Text("免责", "exempt"))
    assert (running[6], closed[6], closed[7]) == (gaps, met, Text("未调取", "not looked at"))


def test_of_a_case_in_several_quarters_the_newest_is_told() -> None:
    [of] = returns(Source.FUNDING).told
    early = tuple(case("d1", date(2025, 8, 1), None, (3, 1, 1)))
    late = (*case("d1", date(2025, 8, 1), date(2025, 12, 1), (3, 3, 3)), ("case_verdict", "d1/MITIGATED", 1))
    quarters = ("2025Q3", "2025Q4")
    told = tuple(
        replace(of, quarter=quarter, figures=each)
        for quarter, each in zip(quarters, (early, late), strict=True)
    )
    [found] = exemptions(Returns(quarters, told).of(Source.FUNDING))
    assert (found.ended, found.verdict, found.tests["PROCEDURE"]) == (
        date(2025, 12, 1),
        "MITIGATED",
        (3, 3, 3),
    )


def test_supervision_is_told_with_its_days_and_records_with_their_age() -> None:
    of = compose(view())
    assert table(of, "instruments").rows == ((Text("沙盒监管", "Regulatory sandbox"), 2, 1, 3, 180, 77),)
    assert table(of, "record-ages").rows[0][1:] == (70, 20, 10, 5, 1, 106, 66)
    assert table(of, "open-doubles").rows == ((Text("待核定", "to be decided"), 13),)
    today = date(2026, 7, 1)
    days = {date(2026, 4, 2): 2, date(2026, 4, 1): 1, date(2020, 1, 1): 1}
    found = ages(ANY, days, today)
    assert (found.counts, found.middle) == ((2, 1, 0, 0, 1), 90)
    assert ages(ANY, {}, today).middle is None


@pytest.mark.parametrize("edition", Edition)
def test_the_calendar_tells_what_is_due_and_what_was_late(edition: Edition) -> None:
    rows = table(compose(view(edition)), "calendar").rows
    assert rows[0][1:] == ("2026-08-14", None, Text("本报告", "this report"))
    before = table(compose(view(edition), "report-5"), "calendar").rows
    assert before[0][1:] == ("2026-08-14", None, Text("未到期", "not due yet"))
    assert before[1] == rows[1]
    assert rows[1][1:] == ("2026-03-31", "2026-04-02", Text("晚 2 天", "2 days late"))


def test_a_calendar_has_the_quarters_around_a_period_and_their_years() -> None:
    of = ReportPeriod.parse("2026Q2")
    found = Calendar().around(of, {"2025Q4": date(2026, 2, 1)})
    assert found[0] == Planned("2025Q4", date(2026, 2, 14), date(2026, 2, 1))
    assert Planned("2025", date(2026, 3, 31), None) in found
    assert {"2026Q1", "2026", "2027Q2"} <= {each.period for each in found}
    assert Calendar().around(of, {})[0] == Planned("2026Q2", date(2026, 8, 14), None)
    following = next_of(found)
    assert following is not None
    assert (following.period, following.late(date(2026, 7, 1))) == ("2025", 92)
    assert (found[0].late(date(2026, 7, 1)), found[-1].late(date(2026, 7, 1))) == (0, 0)
    assert next_of(found[:1]) is None


def test_the_public_edition_says_where_it_does_not_tell() -> None:
    of = compose(view(Edition.PUBLIC))
    assert {each.key for each in of.tables} & NEW == {"industry-activity", "policy-verbs", "calendar"}
    assert len(table(of, "industry-activity").columns) == 4
    for key in ("cities", "governance"):
        assert "not part of the public edition" in said(of, key)
    assert "for the public edition" in said(of, "matching")
    words = TypeAdapter(Document).dump_json(of).decode()
    assert not [each for each in ("港口氢能场景", "SC-7", "待核定", "80000", "deals/d1") if each in words]


@pytest.mark.parametrize("version", ["report-1", "report-2", "report-3"])
def test_earlier_versions_have_none_of_it(version: str) -> None:
    of = compose(view(), version)
    assert not NEW & {each.key for each in of.tables}
    assert not of.led_to


def test_tables_can_be_kept_out_of_the_public_edition_with_all_that_rests_on_them() -> None:
    of = compose(view(Edition.PUBLIC))
    assert {each.key for each in of.tables} == TABLES
    kept = compose(view(Edition.PUBLIC, withheld=("by-city", "by-industry")))
    assert not table(kept, "by-city").rows
    assert "not part of the public edition" in said(kept, "cities")
    sections = {each.key: each for each in kept.sections}
    assert not sections["cities"].charts
    assert not sections["industries"].charts
    told = [text.en for text, lead in sections["summary"].led if lead in ("by-city", "by-industry")]
    assert told
    assert all("decision of the publisher" in each for each in told)
    assert table(kept, "trend") == table(of, "trend")


def test_a_table_that_is_not_there_is_refused_with_those_that_are() -> None:
    assert named(" trend, matrix ,") == ("matrix", "trend")
    with pytest.raises(InvalidArgument, match="by-city"):
        named("trend,tend")


def test_the_method_is_told_subject_by_subject_and_the_rule_of_hiding_once() -> None:
    public = next(each for each in compose(view(Edition.PUBLIC)).sections if each.key == "method")
    assert [each.en for each in public.paragraphs[:2]] == ["the index", "stars"]
    assert public.paragraphs[3] == CountingRules().note
    assert CountingRules(members_count=True).note != CountingRules().note
    whole = TypeAdapter(Document).dump_json(compose(view(Edition.PUBLIC))).decode()
    assert whole.count("two firms make up more than 90%") == 1
    one = next(each for each in compose(view(), "report-3").sections if each.key == "method")
    assert one.paragraphs[0].en == "how the index is made"
