from datetime import UTC, datetime, timedelta

import pytest

from services.funding.domain.firm.firm_report import (
    FirmReport,
    ReportKind,
    ReportState,
    confirm,
    reject,
    withdraw,
)
from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied

AT = datetime(2026, 7, 1, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def report(kind: ReportKind = ReportKind.FIGURES) -> FirmReport:
    return FirmReport("r", "f", kind, b"content", ReportState.REPORTED, "founder", AT)


def test_somebody_else_confirms_and_the_record_is_named() -> None:
    made = report()
    confirm(made, "firms/f/snapshots/3", actor="manager", at=LATER)
    assert (made.state, made.made, made.decider, made.decided_at, made.version) == (
        ReportState.CONFIRMED,
        "firms/f/snapshots/3",
        "manager",
        LATER,
        2,
    )
    assert made.content == b"content"


def test_its_reporter_neither_confirms_nor_rejects() -> None:
    for act in (
        lambda made: confirm(made, "x", actor="founder", at=LATER),
        lambda made: reject(made, "理由", actor="founder", at=LATER),
    ):
        made = report()
        with pytest.raises(PermissionDenied) as refused:
            act(made)
        assert (refused.value.reason, made.state, made.version) == ("FOUR_EYES", ReportState.REPORTED, 1)


@pytest.mark.parametrize("end", [reject, withdraw])
def test_what_comes_to_nothing_says_why_is_final_and_keeps_no_document(end: object) -> None:
    made = report(ReportKind.DOCUMENT)
    with pytest.raises(InvalidArgument):
        end(made, " ", actor="manager", at=LATER)  # type: ignore[operator]
    end(made, "版本有误", actor="manager", at=LATER)  # type: ignore[operator]
    assert (made.content, made.reason) == (b"", "版本有误")
    for again in (reject, withdraw):
        with pytest.raises(FailedPrecondition) as refused:
            again(made, "再次", actor="manager", at=LATER)
        assert refused.value.reason == "REPORT_DECIDED"
    with pytest.raises(FailedPrecondition):
        confirm(made, "x", actor="manager", at=LATER)
