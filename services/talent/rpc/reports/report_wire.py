"""Reports on the wire."""

from collections.abc import Mapping, Sequence
from datetime import date

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import report_pb2, report_service_pb2
from services.chassis.rpc.call import Call
from services.chassis.rpc.wire import date_to_wire, etag_of, instant_to_wire, text_to_wire
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text
from services.paper.document import Document
from services.paper.forms import Form
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Action, Step
from services.talent.domain.report.calendar import Planned, next_of
from services.talent.domain.report.composing import TITLE, subtitle
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.report import Report
from services.talent.rpc.options import options

COLLECTION = "reports"
_FORMS: Mapping[int, Form] = {
    report_pb2.REPORT_FORMAT_HTML: Form.HTML,
    report_pb2.REPORT_FORMAT_DOCX: Form.DOCX,
    report_pb2.REPORT_FORMAT_XLSX: Form.XLSX,
    report_pb2.REPORT_FORMAT_PDF: Form.PDF,
}
_LANGUAGES: Mapping[str, Language] = {"": "zh", "zh": "zh", "en": "en"}
_METHODS = {Action.CHECK: "CheckReport", Action.SIGN: "SignReport", Action.REJECT: "RejectReport"}
_SERVICE = report_service_pb2.DESCRIPTOR.services_by_name["ReportService"]


def form_from_wire(form: report_pb2.ReportFormat) -> Form:
    """The form. Raises InvalidArgument (FORMAT_UNKNOWN)."""
    if form not in _FORMS:
        raise InvalidArgument.field(
            "format", "FORMAT_UNKNOWN", "请选择 HTML、DOCX、XLSX 或 PDF", "choose HTML, DOCX, XLSX or PDF"
        )
    return _FORMS[form]


def language_from_wire(code: str) -> Language:
    """The language. Raises InvalidArgument (LANGUAGE_UNKNOWN)."""
    if code not in _LANGUAGES:
        raise InvalidArgument.field("language_code", "LANGUAGE_UNKNOWN", "语言为 zh 或 en", "choose zh or en")
    return _LANGUAGES[code]


def title_of(report: Report) -> Text:
    """The title with what the report is of and for whom."""
    of = subtitle(ReportPeriod.parse(report.period), report.edition)
    return Text(f"{TITLE.zh} {of.zh}", f"{TITLE.en}: {of.en}")


def report_to_wire(
    report: Report, document: Document, corrected_by: str | None, call: Call
) -> report_pb2.Report:
    """A report with its steps, and with what the caller may do to it next."""
    synthetic = report.origin == "SYNTHETIC"
    previous = report.previous_release_id
    return report_pb2.Report(
        name=report.name,
        period=report.period,
        edition=f"STATISTICS_EDITION_{report.edition.name}",
        revision=report.revision,
        state=f"STATE_{report.life.state.name}",
        title=text_to_wire(title_of(report)),
        as_of_date=date_to_wire(report.as_of),
        known_time=instant_to_wire(report.known_at),
        release=f"shortageReleases/{report.release_id}",
        previous_release=f"shortageReleases/{previous}" if previous else "",
        corrects=f"{COLLECTION}/{report.corrects}" if report.corrects else "",
        correction_reason=report.correction_reason,
        corrected_by=f"{COLLECTION}/{corrected_by}" if corrected_by else "",
        composition_version=report.composition_version,
        content_sha256=report.content_sha256,
        highlights=[text_to_wire(each) for each in document.sections[0].paragraphs],
        leads=[
            report_pb2.ReportLead(anchor=lead, title=text_to_wire(document.name_of(lead)))
            for lead in document.sections[0].leads
        ],
        origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if synthetic else data_origin_pb2.DATA_ORIGIN_REAL,
        steps=_steps(report.life.steps),
        options=[
            report_pb2.ReportOption(
                action=f"ACTION_{action.name}", reason=None if why is None else text_to_wire(why)
            )
            for action, why in options(report.life, _METHODS, _SERVICE, call)
        ],
        etag=etag_of(report.life.version),
    )


def calendar_to_wire(planned: Sequence[Planned], edition: Edition, today: date) -> report_pb2.ReportCalendar:
    """The release calendar as it stands today."""
    following = next_of(planned)
    return report_pb2.ReportCalendar(
        edition=f"STATISTICS_EDITION_{edition.name}",
        dues=[
            report_pb2.ReportDue(
                period=each.period,
                title=text_to_wire(ReportPeriod.parse(each.period).text),
                due_date=date_to_wire(each.due),
                sign_date=date_to_wire(each.signed) if each.signed else None,
                days_late=each.late(today),
            )
            for each in planned
        ],
        next_period=following.period if following else "",
    )


def _steps(steps: Sequence[Step]) -> list[report_pb2.ReportStep]:
    return [
        report_pb2.ReportStep(
            action=f"ACTION_{step.action.name}",
            actor=step.actor,
            time=instant_to_wire(step.at),
            remark=step.remark,
        )
        for step in steps
    ]
