"""Reports: what they are of, how they follow each other, and what moved between two releases."""

from datetime import date
from typing import Any

import pytest

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.content import Row
from services.talent.domain.release.lifecycle import Action, Life, Step
from services.talent.domain.report.composing import VERSION
from services.talent.domain.report.movement import move
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.report import REPORT, Report, require_place
from services.talent.domain.shortage.reasons.comparison import Direction
from tests.unit.talent.report.reported import KNOWN


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
