"""What a firm reports of itself: REPORTED → CONFIRMED or REJECTED by somebody else, or WITHDRAWN by the firm."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.errors import FailedPrecondition, PermissionDenied
from services.kernel.text import Text


class ReportKind(StrEnum):
    """What it tells."""

    FIGURES = "FIGURES"
    INDICATORS = "INDICATORS"
    DOCUMENT = "DOCUMENT"


class ReportState(StrEnum):
    """How far it has come."""

    REPORTED = "REPORTED"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    ReportState.REPORTED: Text("待确认", "reported"),
    ReportState.CONFIRMED: Text("已确认", "confirmed"),
    ReportState.REJECTED: Text("未确认", "rejected"),
    ReportState.WITHDRAWN: Text("已撤回", "withdrawn"),
}


@dataclass(eq=False)
class FirmReport:
    """Aggregate root. `content`: what was reported, as the contract writes it, for the confirmation to read again;
    `about`: what it is about, the day of figures, the period of indicators, or the deal of a document.

    `made`: resource name of the record that it became; `version` counts changes.
    """

    id: str
    firm_id: str
    kind: ReportKind
    content: bytes
    state: ReportState
    reporter: str
    reported_at: datetime
    decider: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    made: str = ""
    about: str = ""
    version: int = 1


def confirm(report: FirmReport, made: str, *, actor: str, at: datetime) -> None:
    """It became a record. Raises what `require_decidable` does."""
    require_decidable(report, actor)
    _end(report, ReportState.CONFIRMED, actor, at)
    report.made = made


def reject(report: FirmReport, reason: str, *, actor: str, at: datetime) -> None:
    """It is not confirmed. Raises InvalidArgument without a reason, and what `require_decidable` does."""
    stated = _stated(reason)
    require_decidable(report, actor)
    _end(report, ReportState.REJECTED, actor, at, stated)


def withdraw(report: FirmReport, reason: str, *, actor: str, at: datetime) -> None:
    """The firm takes it back. Raises InvalidArgument without a reason, FailedPrecondition (REPORT_DECIDED)."""
    stated = _stated(reason)
    _require_open(report)
    _end(report, ReportState.WITHDRAWN, actor, at, stated)


def require_decidable(report: FirmReport, actor: str) -> None:
    """Raise FailedPrecondition (REPORT_DECIDED) once it is decided, PermissionDenied (FOUR_EYES) for its reporter."""
    _require_open(report)
    if report.reporter == actor:
        raise PermissionDenied(
            Text("自报信息须由他人确认", "somebody else has to confirm what one has reported"),
            reason="FOUR_EYES",
        )


def _require_open(report: FirmReport) -> None:
    if report.state is not ReportState.REPORTED:
        raise FailedPrecondition(
            Text(
                f"该报告{report.state.label.zh}，不能再更改", f"the report is {report.state.label.en} already"
            ),
            reason="REPORT_DECIDED",
        )


def _end(report: FirmReport, state: ReportState, actor: str, at: datetime, reason: str = "") -> None:
    report.state, report.decider, report.decided_at, report.reason = state, actor, at, reason
    report.version += 1
    if state is not ReportState.CONFIRMED and report.kind is ReportKind.DOCUMENT:
        report.content = b""


def _stated(reason: str) -> str:
    findings = Findings()
    stated = findings.text("reason", reason, most=500, required=True)
    findings.finish()
    return stated
