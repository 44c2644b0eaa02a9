"""Between the contract of firms' own reports and their domain."""

from bole.funding.v1 import firm_report_pb2 as wire
from bole.funding.v1 import indicator_pb2
from services.chassis.rpc.wire import date_from_wire, etag_of, instant_to_wire
from services.funding.domain.firm.firm_report import FirmReport, ReportKind
from services.funding.service.firms.firm_reports import Stated
from services.kernel.errors import InvalidArgument

_KINDS = {
    "snapshot": ReportKind.FIGURES,
    "indicator_report": ReportKind.INDICATORS,
    "document": ReportKind.DOCUMENT,
}


def stated_of(given: wire.FirmReport) -> Stated:
    """What a request states. Raises InvalidArgument (REQUIRED) for none of the three."""
    chosen = given.WhichOneof("content")
    if chosen is None:
        raise InvalidArgument.field(
            "report.content",
            "REQUIRED",
            "请填写数据快照、投后指标或材料之一",
            "report figures, indicators or a document",
        )
    kept = wire.FirmReport()
    getattr(kept, chosen).CopyFrom(getattr(given, chosen))
    if kept.HasField("indicator_report"):
        kept.indicator_report.source = indicator_pb2.IndicatorReport.SOURCE_FIRM
    return Stated(_KINDS[chosen], _about(kept), kept.SerializeToString(deterministic=True))


def _about(kept: wire.FirmReport) -> str:
    if kept.HasField("snapshot"):
        return date_from_wire(kept.snapshot.as_of_date).isoformat()
    return kept.indicator_report.period if kept.HasField("indicator_report") else kept.document.deal


def stated_in(report: FirmReport) -> wire.FirmReport:
    """What was reported."""
    return wire.FirmReport.FromString(report.content)


def report_to_wire(report: FirmReport, *, whole: bool = True) -> wire.FirmReport:
    """A report; not `whole`: without the content of a document."""
    message = stated_in(report)
    if not whole and message.HasField("document"):
        message.document.content = b""
    message.MergeFrom(
        wire.FirmReport(
            name=f"firms/{report.firm_id}/reports/{report.id}",
            etag=etag_of(report.version),
            state=f"STATE_{report.state.name}",
            reporter=report.reporter,
            report_time=instant_to_wire(report.reported_at),
            decider=report.decider,
            decide_time=instant_to_wire(report.decided_at) if report.decided_at else None,
            reason=report.reason,
            made=report.made,
        )
    )
    return message
