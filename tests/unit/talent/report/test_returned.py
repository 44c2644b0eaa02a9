"""What other services returned, and what of it a public edition tells."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import TypeAdapter

from services.kernel.text import Text
from services.paper.document import Document
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.nomination import FollowUp
from services.talent.domain.report.composing import compose
from services.talent.domain.report.publishing import published
from services.talent.domain.report.retention import Award, RetentionFacts, retained
from services.talent.domain.report.returns import Returns, Source
from tests.unit.talent.report.reported import goal, returns, view
from tests.unit.talent.report.saying import REPORTED, said, table


def test_a_public_report_cannot_be_made_of_more_than_is_printed() -> None:
    public, inner = view(Edition.PUBLIC), view()
    for further in (
        {"table": inner.table},
        {"facts": replace(public.facts, inner=inner.facts.inner)},
        {"facts": replace(public.facts, goals=(goal(told=True),))},
        {"facts": replace(public.facts, returns=inner.facts.returns)},
    ):
        with pytest.raises(ValueError, match="printed alone"):
            replace(public, **further)
    of = compose(public)
    words = TypeAdapter(Document).dump_json(of).decode()
    for untold in ("18.4", "0.31", "31%", "0.875", "标准化指数"):
        assert untold in TypeAdapter(Document).dump_json(compose(inner)).decode()
        assert untold not in words
    assert "not part of the public edition" in said(of, "goals") + said(of, "causes") + said(of, "forecasts")


def test_what_other_services_reported_is_told_and_what_they_did_not_is_no_nought() -> None:
    of = compose(view())
    early = table(of, "fund-policy").rows[0]
    assert early[1:5] == (3, 0.75, 150_000, 0.75)
    assert early[9] == 1
    assert table(of, "match-funnel").rows[-1] == (Text("合计", "all"), 8, 5, 2, 0, 2, 1, 0, 0.25, 4, 3, 1)
    assert table(of, "retention").rows[0][1:] == (1, 5, 2, 1, 1, 1, 0.75)
    year = Returns(("2026Q1", "2026Q2"), returns(Source.MATCHER).told)
    part = compose(view(returns=year))
    assert "had not reported 2026Q1;" in said(part, "matching")
    assert "had not reported 2026Q1, 2026Q2: there are no figures of it" in said(part, "funds")
    missing = [each for each in part.sections if each.key in ("funds", "governance")]
    assert [[of.key for of in each.tables] for each in missing] == [[], ["instruments"]]


def test_what_no_kept_check_has_judged_has_no_share() -> None:
    [of] = returns(Source.FUNDING).told
    unjudged = tuple(each for each in of.figures if each[0] not in ("early", "early_fen"))
    one = replace(of, figures=(*unjudged, ("early", "NO_RUN", 4)))
    seen = view(returns=Returns(("2026Q2",), (one,)))
    assert table(compose(seen), "fund-policy").rows[0][1:5] == (0, None, 0, None)
    assert table(compose(seen, "report-4"), "fund-policy").rows[0][2] == 0.0


def test_quarters_that_were_counted_alike_are_told_in_one_line() -> None:
    [of] = returns(Source.FUNDING).told
    quarters = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
    told = tuple(replace(of, quarter=each, version=1 + (each == "2025Q4")) for each in quarters)
    year = view(period="2025", returns=Returns(quarters, told))
    first, last, *_ = compose(year).sections[-6].paragraphs
    assert first.en.startswith(
        "2025Q1, 2025Q2, 2025Q3 as reported by the funding service (version 1, counted"
    )
    assert last.zh.startswith("2025Q4 由投资服务报送（第 2 次，")
    assert "2025Q1 as reported" in said(compose(year, "report-3"), "funds")


def test_a_waived_check_is_told_by_its_name() -> None:
    [of] = returns(Source.FUNDING).told
    waived = replace(of, figures=(*of.figures, ("waived", "IP_OWNERSHIP_UNCLEAR", 2)))
    rows = table(compose(view(returns=Returns(("2026Q2",), (waived,)))), "declarations").rows
    assert rows[-1] == (Text("豁免检查项：知识产权权属", "waivers: ownership of rights"), 2)


def test_a_public_edition_tells_what_was_reported_as_far_as_nobody_is_behind_it_alone() -> None:
    of = compose(view(Edition.PUBLIC))
    flow = {row[0].en: row[1:] for row in table(of, "fund-flow").rows if isinstance(row[0], Text)}
    assert flow["deals approved"] == (15, None)
    assert flow["holdings begun"] == ("c", "c")
    assert table(of, "fund-policy").rows[0][1:4] == ("c", "c", "c")
    assert table(of, "match-funnel").rows[0][1:] == ("c", "c", "c", 0, "c", "c", 0, "c")
    assert table(of, "determinations").rows[0][1] == "c"
    assert table(of, "programmes").rows == ((Text("双创计划", "entrepreneurs"), 35, 10, 20),)
    assert table(of, "retention").rows == ((Text("双创计划", "entrepreneurs"), 1, 40, 20, "c", "c", 0, "c"),)
    assert "two firms make up more than 90%" in said(of, "method")
    for key in REPORTED:
        assert "two firms" not in said(of, key)
        section = next(each for each in of.sections if each.key == key)
        assert "method" in [lead for _, lead in section.led]


def test_a_year_adds_up_what_its_quarters_show() -> None:
    told = returns(Source.FUNDING).told[0]
    quarters = [
        published(
            replace(told, quarter=f"2025Q{n}", figures=(("approved", "", 12), ("approved_firms", "", firms)))
        )
        for n, firms in ((1, 9), (2, 2), (3, 9))
    ]
    said_of = Returns(tuple(each.quarter for each in quarters), tuple(quarters)).of(Source.FUNDING)
    assert (said_of.value("approved"), said_of.value("submitted")) == ("≥20", 0)
    early = Returns(said_of.quarters, said_of.told).of(Source.FUNDING, early=True)
    assert early.value("approved") == "20+c"
    assert said_of.share("approved", "", "approved", "") == "c"


def test_who_is_still_there_is_told_by_the_first_follow_up_after_the_day() -> None:
    name, decided = Text("双创计划", "entrepreneurs"), date(2024, 2, 29)
    day = date(2025, 2, 28)
    awards = [
        Award("p", decided, ((day, FollowUp.IN_POST), (date(2026, 1, 1), FollowUp.LEFT_PROVINCE))),
        Award("p", decided, ((date(2025, 2, 27), FollowUp.LEFT_PROVINCE),)),
        Award("p", decided, ((date(2025, 7, 1), FollowUp.LEFT_PROVINCE), (date(2025, 5, 1), FollowUp.MOVED))),
        Award("p", decided, ((date(2026, 7, 1), FollowUp.IN_POST),)),
    ]
    until = date(2026, 6, 30)
    assert retained(name, awards, 1, until) == RetentionFacts(name, 1, 4, 1, 1, 0, 2)
    assert retained(name, awards, 3, until) == RetentionFacts(name, 3, 0, 0, 0, 0, 0)
    assert retained(name, awards, 1, date(2025, 2, 27)).due == 0
