"""Reports: what they are of, how they follow each other, and what they say."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.paper.document import Document, Table
from services.paper.forms import Form
from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.nomination import FollowUp
from services.talent.domain.period import Quarter
from services.talent.domain.release.content import Row
from services.talent.domain.release.lifecycle import Action, Life, Step
from services.talent.domain.report.composing import VERSION, VERSIONS, compose, content_digest
from services.talent.domain.report.facts import Correction, Facts, TrendPoint
from services.talent.domain.report.movement import move
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.printed import Printed
from services.talent.domain.report.publishing import published
from services.talent.domain.report.report import REPORT, Report, require_place
from services.talent.domain.report.retention import Award, RetentionFacts, retained
from services.talent.domain.report.returns import Returns, Source
from services.talent.domain.report.view import View
from services.talent.domain.shortage.comparison import Direction
from tests.unit.paper import reading
from tests.unit.paper.papers import file_of
from tests.unit.talent.library import AXES
from tests.unit.talent.report.reported import KNOWN, facts, goal, released, returns, view

KEPT = {
    Edition.INTERNAL: {
        "report-1": "4580d1387b0f4414",
        "report-2": "c10417d46019be5c",
        "report-3": "c10417d46019be5c",
    },
    Edition.PUBLIC: {
        "report-1": "2a53fde075f5bc33",
        "report-2": "2a53fde075f5bc33",
        "report-3": "1313b9c5344ee0aa",
    },
}
"""Of every version: what titles, columns and notes came to."""
REPORTED = ["funds", "matching", "governance"]
"""Of what other services report."""
SECTIONS = [
    "summary",
    "goals",
    "tightest",
    "movements",
    "industries",
    "cities",
    "causes",
    "supply",
    "forecasts",
    "data",
    "method",
]


def as_the_first_version_froze_them(of: View) -> View:
    """The facts as they were read again from a report of the first version."""
    document = TypeAdapter(Facts).dump_python(of.facts, mode="json")
    del document["returns"]
    if document["inner"]:
        del document["inner"]["retention"]
    return replace(of, facts=TypeAdapter(Facts).validate_python(document))


def table(of: Document, key: str) -> Table:
    return next(each for each in of.tables if each.key == key)


def said(of: Document, key: str) -> str:
    section = next(each for each in of.sections if each.key == key)
    texts = [*section.paragraphs, *(each.empty for each in section.tables if not each.rows)]
    return " ".join(each.en for each in texts)


@pytest.mark.parametrize(
    ("code", "start", "end", "before"),
    [
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2025Q4"),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31), "2026Q3"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2025"),
    ],
)
def test_a_period_is_a_quarter_or_a_year(code: str, start: date, end: date, before: str) -> None:
    period = ReportPeriod.parse(code)
    assert (period.code, period.start, period.end, period.before.code) == (code, start, end, before)
    period.require_ended(date(2027, 1, 1))
    with pytest.raises(InvalidArgument):
        period.require_ended(end)


@pytest.mark.parametrize("code", ["", "2026Q5", "26Q1", "2026q1", "1999", "2026-1", "٢٠٢٦", "2026Q1 ", "Q1"])
def test_anything_else_is_none(code: str) -> None:
    with pytest.raises(InvalidArgument):
        ReportPeriod.parse(code)


def report(id_: str, *actions: Action, period: str = "2026Q2", revision: int = 1) -> Report:
    life = Life((Step(Action.DRAFT, "ann", KNOWN),), REPORT)
    for number, action in enumerate(actions):
        life = life.take(Step(action, f"p{number}", KNOWN, "why"))
    return Report(
        id=id_,
        period=period,
        edition=Edition.INTERNAL,
        revision=revision,
        as_of=date(2026, 6, 30),
        known_at=KNOWN,
        release_id="r",
        previous_release_id=None,
        corrects=None,
        correction_reason="",
        composition_version=VERSION,
        origin="REAL",
        content_sha256="0" * 64,
        life=life,
    )


SIGNED = report("s", Action.CHECK, Action.SIGN)


def test_a_report_may_follow_one_that_was_turned_down_and_none_that_waits() -> None:
    require_place([], "2026Q2", None, "")
    require_place([report("a", Action.REJECT), report("b", period="2026Q1")], "2026Q2", None, "")
    for waiting in (report("a"), report("a", Action.CHECK)):
        with pytest.raises(FailedPrecondition) as caught:
            require_place([waiting, SIGNED], "2026Q2", None, "")
        assert caught.value.reason == "REPORT_PENDING"


@pytest.mark.parametrize(
    ("known", "corrects", "reason", "rule"),
    [
        ([SIGNED], None, "", "CORRECTS_ANOTHER"),
        ([SIGNED], "other", "why", "CORRECTS_ANOTHER"),
        ([SIGNED], "s", "", "REQUIRED"),
        ([], "s", "why", "NOTHING_TO_CORRECT"),
        ([], None, "why", "NOTHING_CORRECTED"),
    ],
)
def test_a_further_report_names_the_signed_one_and_says_why(
    known: list[Report], corrects: str | None, reason: str, rule: str
) -> None:
    require_place([SIGNED], "2026Q2", "s", "two positions were late")
    with pytest.raises(InvalidArgument) as caught:
        require_place(known, "2026Q2", corrects, reason)
    assert caught.value.reason == rule


def row(index: float | None, log_odds: float = 0.0, **further: Any) -> Row:
    known: dict[str, Any] = {}
    if index is not None:
        known = {"low": index - 1, "high": index + 1, "log_odds": log_odds, "sd": 0.1}
    return Row("n", "c", ALL, "", "ESTIMATED", 10, 5.0, 6, index, **known, **further)


def test_revision_and_change_make_up_what_a_reader_of_both_sees() -> None:
    found = move(row(50.0), row(52.0, 0.1), row(60.0, 0.9), 0.9)
    assert found is not None
    assert (found.revision, found.change, found.total) == (2.0, 8.0, 10.0)
    assert found.direction is Direction.UP
    unknown = move(row(None), row(52.0, 0.9), row(60.0, 0.1), 0.9)
    assert unknown is not None
    assert (unknown.revision, unknown.total, unknown.direction) == (None, None, Direction.DOWN)
    assert move(row(50.0), row(None), row(60.0), 0.9) is None
    assert move(row(50.0), row(50.0), None, 0.9) is None


@pytest.mark.parametrize("edition", Edition)
def test_a_report_prints_what_the_release_printed(edition: Edition) -> None:
    of = compose(view(edition))
    assert [each.key for each in of.sections] == [*SECTIONS[:8], *REPORTED, *SECTIONS[8:]]
    cells = {each.key: each for each in released(edition, 1)[1]}
    lines = table(of, "by-industry").rows
    for code, line in zip((ALL, *AXES.industries), lines, strict=True):
        printed = cells[code, ALL, ALL]
        assert line[1] == (printed.symbol if printed.index is None else printed.index)
        assert line[6] == ("c" if printed.demand is None else printed.demand)
    for code, line in zip((ALL, *AXES.industries), table(of, "matrix").rows, strict=True):
        asked = [cells[code, city, ALL] for city in (ALL, *AXES.cities[:-1])]
        assert list(line[1:]) == [each.symbol if each.index is None else each.index for each in asked]
    hidden = sum(each.symbol == "c" for each in cells.values())
    assert (Text("c 不显示", "c suppressed"), hidden) in table(of, "symbols").rows


def test_all_forms_of_a_report_have_the_same_numbers() -> None:
    of = compose(view())
    wanted = reading.expected(of, "zh")
    assert reading.html(file_of(Form.HTML, of=of)).tables == wanted
    assert reading.docx_tables(file_of(Form.DOCX, of=of)) == wanted
    assert reading.xlsx_tables(file_of(Form.XLSX, of=of), of, "zh") == wanted
    assert not reading.numbers_of(wanted, of) - reading.printed_numbers(file_of(Form.PDF, of=of))


def test_the_same_facts_always_give_the_same_report() -> None:
    seen = view()
    kept = TypeAdapter(Facts).validate_json(TypeAdapter(Facts).dump_json(seen.facts))
    again = replace(seen, facts=kept)
    assert content_digest(compose(again), kept) == content_digest(compose(seen), seen.facts)
    stored = TypeAdapter(Document).validate_json(TypeAdapter(Document).dump_json(compose(seen)))
    assert stored == compose(seen)
    other = replace(seen.facts, goals=(goal(told=True, value=101),))
    assert content_digest(compose(replace(seen, facts=other)), other) != content_digest(
        compose(seen), seen.facts
    )


def test_the_last_bits_of_a_number_do_not_count_and_the_rest_does() -> None:
    seen = view()
    first = compose(seen)

    def nudged(by: float) -> str:
        section = first.sections[3]
        lines = section.tables[0]
        row = tuple(value + by if isinstance(value, float) else value for value in lines.rows[0])
        other = replace(section, tables=(replace(lines, rows=(row, *lines.rows[1:])), *section.tables[1:]))
        sections = (*first.sections[:3], other, *first.sections[4:])
        return content_digest(replace(first, sections=sections), seen.facts)

    assert nudged(1e-12) == content_digest(first, seen.facts) != nudged(1e-4)


@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("version", VERSIONS)
def test_another_wording_is_another_version(edition: Edition, version: str) -> None:
    """Else a signed report would be composed again in other words, and seem to be forged."""
    known_facts = view(edition)
    if version == "report-1" or (version == "report-2" and edition is Edition.PUBLIC):
        known_facts = as_the_first_version_froze_them(known_facts)
    of = compose(known_facts, version)
    said: list[Text] = []
    for section in of.sections:
        said += [section.title, *(each.title for each in section.charts)]
        for each in section.tables:
            said += [each.title, each.empty, *(column.title for column in each.columns)]
            said += [each.note] if each.note else []
    words = "\n".join(re.sub(r"\d+", "#", f"{each.zh} {each.en}") for each in said)
    known = KEPT[edition][version]
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == known, (
        "raise VERSION in composing.py; keep the new words"
    )


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
    assert early[1:4] == (3, 150_000, 0.75)
    assert early[8] == 1
    assert table(of, "match-funnel").rows[-1] == (Text("合计", "all"), 8, 5, 2, 0, 2, 1, 0, 0.25)
    assert table(of, "retention").rows[0][1:] == (1, 5, 2, 1, 1, 1, 0.75)
    year = Returns(("2026Q1", "2026Q2"), returns(Source.MATCHER).told)
    part = compose(view(returns=year))
    assert "had not reported 2026Q1;" in said(part, "matching")
    assert "had not reported 2026Q1, 2026Q2;" in said(part, "funds")
    missing = [each for each in part.sections if each.key in ("funds", "governance")]
    assert [each.tables for each in missing] == [(), ()]


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
    for key in REPORTED:
        assert "two firms make up more than 90%" in said(of, key)


def test_a_year_adds_up_what_its_quarters_show() -> None:
    told = returns(Source.FUNDING).told[0]
    quarters = [
        published(
            replace(told, quarter=f"2025Q{n}", figures=(("approved", "", 12), ("approved_firms", "", firms)))
        )
        for n, firms in ((1, 9), (2, 2), (3, 9))
    ]
    said_of = Returns(tuple(each.quarter for each in quarters), tuple(quarters)).of(Source.FUNDING)
    assert (said_of.value("approved"), said_of.value("submitted")) == ("20+c", 0)
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


def test_a_first_report_with_little_data_says_so() -> None:
    nothing = tuple(
        Row(node, city, kind, "x", "NO_DATA", 0, 0.0, 0)
        for node in AXES.nodes
        for city in AXES.cities
        for kind in AXES.categories
        if ALL in (node, city, kind)
    )
    known = facts(Edition.INTERNAL, printed=None, revised=None, previous_report=None, revisions=(), trend=())
    assert known.inner is not None
    inner = replace(known.inner, forecasts=(), open_forecasts=0)
    made = released(Edition.INTERNAL, 1)[0]
    of = compose(View(replace(known, inner=inner), Printed(nothing), None, None, made))
    first = said(of, "summary")
    assert "no index of the whole province (x)" in first
    assert "can be ranked" in first
    assert "no signed release of quarter 1 of 2026" in first
    assert "No published forecast has come due" in first
    assert "nothing to compare with" in said(of, "movements")
    assert "0 published ones are still open" in said(of, "forecasts")
    assert "was revised" in said(of, "data")
    assert file_of(Form.HTML, of=of)


def test_one_is_one_in_english_except_in_reports_that_said_otherwise() -> None:
    seen = view()
    assert seen.facts.inner is not None
    one = replace(seen.facts.inner.forecasts[0], scored=1)
    inner = replace(seen.facts.inner, forecasts=(one,))
    seen = replace(seen, facts=replace(seen.facts, inner=inner))
    assert "1 forecast has come due" in said(compose(seen), "summary")
    assert "1 forecasts have come due" in said(compose(seen, "report-2"), "summary")


def test_a_correction_names_what_it_corrects_and_a_year_its_quarters() -> None:
    fixed = Correction("r0", "两条岗位补录")
    trend = tuple(
        TrendPoint(str(Quarter(2025, 4).later(-n)), "r", 1, 2.0, 50.0, 40.0, 60.0, "") for n in range(4)
    )
    of = compose(view(correction=fixed, period="2025", trend=trend))
    assert "corrects reports/r0: 两条岗位补录" in said(of, "data")
    assert of.subtitle.en == "year 2025 · internal edition"
    assert len(table(of, "trend").rows) == 4
