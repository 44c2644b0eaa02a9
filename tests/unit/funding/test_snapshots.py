from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.civil import add_months
from services.funding.domain.findings import Findings
from services.funding.domain.firm.monthly import MonthFigures, examine_months, mean_before
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.snapshots import SnapshotRecord, examine_correction, known_at, standing
from services.funding.domain.ratio import Ratio

T0 = datetime(2026, 1, 5, tzinfo=UTC)
INVESTED = date(2026, 6, 15)


def record(number: int, as_of: date, *, verified: bool = False, days: int = 0) -> SnapshotRecord:
    figures = FirmSnapshot(as_of=as_of, staff=number, verified=verified)
    return SnapshotRecord("f", number, figures, "", T0 + timedelta(days=days), "a")


def year(opening: int = 10, closing: int = 20) -> list[MonthFigures]:
    first = date(2025, 6, 1)
    return [MonthFigures(add_months(first, n), opening, closing, 100, 300) for n in range(12)]


def test_the_latest_day_counts_as_corrected_last() -> None:
    old, new, corrected = (
        record(1, date(2025, 12, 31)),
        record(2, date(2026, 3, 31), days=1),
        record(3, date(2025, 12, 31), days=2),
    )
    records = [old, new, corrected]
    assert standing(records) is new
    assert standing(records, date(2026, 3, 30)) is corrected
    assert standing(known_at(records, T0 + timedelta(days=1)), date(2026, 3, 30)) is old
    assert standing(records, date(2025, 1, 1)) is None


def test_declared_figures_do_not_correct_verified_ones() -> None:
    verified = record(1, date(2025, 12, 31), verified=True)
    findings = Findings()
    examine_correction(record(2, date(2025, 12, 31)).figures, [verified], findings)
    assert [each.reason for each in findings.violations] == ["SNAPSHOT_VERIFIED"]
    findings = Findings()
    examine_correction(record(2, date(2025, 12, 31), verified=True).figures, [verified], findings)
    assert not findings.violations


@given(st.permutations(range(8)), st.integers(0, 9))
def test_what_counts_does_not_depend_on_the_order_of_records(order: list[int], day: int) -> None:
    records = [record(n, date(2025, 1, 1) + timedelta(days=n % 3)) for n in range(8)]
    as_of = date(2025, 1, 1) + timedelta(days=day)
    assert standing([records[n] for n in order], as_of) is standing(records, as_of)


def test_the_mean_of_a_year_is_exact() -> None:
    assert mean_before(year(), INVESTED, date(2020, 1, 1), "staff") == Ratio(12 * 30, 24)
    assert mean_before(year(), INVESTED, None, "assets_fen") == Ratio(12 * 400, 24)


def test_a_younger_firm_has_the_mean_of_its_months() -> None:
    months = year()[9:]
    assert mean_before(months, INVESTED, date(2026, 3, 20), "staff") == Ratio(90, 6)
    assert mean_before(months, INVESTED, date(2026, 2, 20), "staff") is None


def test_one_unknown_month_makes_the_mean_unknown() -> None:
    months = year()
    months[4] = replace(months[4], closing_staff=None)
    assert mean_before(months, INVESTED, None, "staff") is None
    assert mean_before(months, INVESTED, None, "assets_fen") is not None
    assert mean_before([], INVESTED, date(2026, 6, 1), "staff") is None


@pytest.mark.parametrize(
    ("months", "reason"),
    [
        ((MonthFigures(date(2026, 1, 2)),), "MONTH_NOT_FIRST_DAY"),
        ((MonthFigures(date(2026, 1, 1)), MonthFigures(date(2026, 1, 1), 3)), "MONTH_REPEATED"),
        ((MonthFigures(date(2026, 8, 1)),), "MONTH_AFTER_SNAPSHOT"),
        ((MonthFigures(date(2026, 1, 1), -1),), "OUT_OF_BOUNDS"),
        ((MonthFigures(date(2026, 1, 1), opening_assets_fen=-1),), "AMOUNT_TOO_SMALL"),
        (tuple(MonthFigures(add_months(date(2020, 1, 1), n)) for n in range(37)), "TOO_MANY_MONTHS"),
    ],
)
def test_bad_months_are_found(months: tuple[MonthFigures, ...], reason: str) -> None:
    findings = Findings()
    examine_months(months, date(2026, 6, 30), findings)
    assert reason in {each.reason for each in findings.violations}
