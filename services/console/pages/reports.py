"""Reports on how the future industries fare (运行情况报告): the list, one with its steps and files, and the report."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.talent.v1 import report_pb2, report_service_pb2_grpc, shortage_release_pb2
from bole.talent.v1 import report_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.called import called
from services.console.web.answering import Desk
from services.console.web.attachments import attachment
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.periods import period_code
from services.paper.forms import Form
from services.paper.page import policy
from services.wording.reports import ACTIONS, EDITION_NAMES, STATES, standing

_COMPUTING_SECONDS = 300.0
_STEPS: Mapping[str, tuple[str, Any, str]] = {
    "check": ("CheckReport", service.CheckReportRequest, "remark"),
    "sign": ("SignReport", service.SignReportRequest, "remark"),
    "reject": ("RejectReport", service.RejectReportRequest, "reason"),
}


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/reports", desk.endpoint(show), methods=["GET"]),
        Route("/reports", desk.endpoint(create), methods=["POST"]),
        Route("/reports/{id}", desk.endpoint(show_one)),
        Route("/reports/{id}/view", desk.endpoint(view)),
        Route("/reports/{id}/file.{form}", desk.endpoint(take)),
        Route("/reports/{id}/{step}", desk.endpoint(step), methods=["POST"]),
    ]


def show(visit: Visit) -> Response:
    """Reports, the newest period first; `corrects`: the form names what a further draft corrects."""
    return _list(visit)


def _list(visit: Visit, problem: Failure | None = None) -> Response:
    fields = {
        "edition": lists.one_of(visit, "edition", EDITION_NAMES),
        "state": lists.one_of(visit, "state", STATES),
        "period": period_code(visit.get("period"), "period"),
    }
    request = service.ListReportsRequest(
        page_size=lists.ROWS, page_token=lists.page_token(visit), filter=lists.condition(fields)
    )
    found = _stub(visit).ListReports(request, timeout=SECONDS)
    calendar, corrects = _calendar(visit, fields["edition"]), _corrected(visit, problem)
    return render(
        visit,
        "reports/list.html",
        status_of(problem),
        problem=problem,
        active="map",
        tab="reports",
        synthetic=origins.among(visit, found.reports),
        found=found,
        names=called(
            visit, [name for each in found.reports for name in (each.corrects, each.corrected_by) if name]
        ),
        corrects=corrects,
        corrected=called(visit, [corrects])[corrects].title if corrects else "",
        editions=EDITION_NAMES,
        states=STATES,
        calendar=calendar,
        following=next((each for each in calendar.dues if each.period == calendar.next_period), None),
        ended=lambda period: _ended(period, civil_date(visit.now)),
        standing=lambda due: standing(due.days_late, signed=due.HasField("sign_date")),
        edition_of=_edition,
        state_of=_state,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def _calendar(visit: Visit, edition: str) -> report_pb2.ReportCalendar:
    """The release calendar of the public edition where the list is of that; else of the fullest one that the reader
    may see.
    """
    request = service.GetReportCalendarRequest()
    if edition == "PUBLIC":
        request.edition = shortage_release_pb2.STATISTICS_EDITION_PUBLIC
    found: report_pb2.ReportCalendar = _stub(visit).GetReportCalendar(request, timeout=SECONDS)
    return found


def _ended(period: str, today: date) -> bool:
    """Whether a quarter, or a year, which ends with its fourth one, is over."""
    year, _, quarter = period.partition("Q")
    return (int(year), int(quarter or 4)) < (today.year, (today.month + 2) // 3)


def _corrected(visit: Visit, problem: Failure | None) -> str:
    """The report that the form corrects: the one that it names, or that the service says is signed; empty without."""
    form, reason = visit.form, problem.reason if problem else ""
    if reason != "CORRECTS_ANOTHER":
        named = form.get("corrects", "") or visit.get("corrects")
        return "" if reason == "NOTHING_TO_CORRECT" else named
    of = {
        "period": period_code(form.get("period", ""), "period"),
        "edition": _one(form.get("edition", ""), EDITION_NAMES),
        "state": "SIGNED",
    }
    request = service.ListReportsRequest(page_size=1, filter=lists.condition(of))
    return next((each.name for each in _stub(visit).ListReports(request, timeout=SECONDS).reports), "")


def show_one(visit: Visit) -> Response:
    """One report: what it says first, its files, who did what, and what comes next."""
    return _page(visit)


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    report = _stub(visit).GetReport(service.GetReportRequest(name=_name(visit)), timeout=SECONDS)
    actions = {
        report_pb2.ReportStep.Action.Name(each.action).removeprefix("ACTION_"): each
        for each in report.options
    }
    return render(
        visit,
        "reports/one.html",
        status_of(problem),
        problem=problem,
        active="map",
        tab="reports",
        synthetic=origins.is_sample(report),
        report=report,
        names=called(visit, _related(report)),
        id=visit.part("id"),
        edition=EDITION_NAMES[_edition(report)],
        edition_code=_edition(report),
        state=_state(report),
        states=STATES,
        options=actions,
        actions=ACTIONS,
        step_of=lambda each: report_pb2.ReportStep.Action.Name(each.action).removeprefix("ACTION_"),
        forms=[form.value.lower() for form in Form],
    )


def create(visit: Visit) -> Response:
    """Draft a report, or say on its form why it cannot be."""
    form = visit.form

    def send() -> Response:
        request = service.CreateReportRequest(
            period=period_code(form.get("period", ""), "period"),
            edition=f"STATISTICS_EDITION_{_one(form.get('edition', ''), EDITION_NAMES)}",
            corrects=form.get("corrects", ""),
            correction_reason=form.get("reason", ""),
            request_id=str(uuid4()),
        )
        made = _stub(visit).CreateReport(request, timeout=_COMPUTING_SECONDS)
        return RedirectResponse(f"/{made.name}", 303)

    return answered(send, lambda failure: _list(visit, failure))


def step(visit: Visit) -> Response:
    """Check, sign or turn down, or say on the page why not; the service asks for another person each time."""
    name, kind, said = _STEPS[_one(visit.part("step"), _STEPS)]

    def send() -> Response:
        request = kind(
            name=_name(visit),
            etag=visit.form.get("etag", ""),
            request_id=str(uuid4()),
            **{said: visit.form.get("remark", "").strip()},
        )
        getattr(_stub(visit), name)(request, timeout=SECONDS)
        return RedirectResponse(f"/{_name(visit)}", 303)

    return answered(send, lambda failure: _page(visit, failure))


def _related(report: report_pb2.Report) -> list[str]:
    """The reports and releases that a report names."""
    named = (report.corrects, report.corrected_by, report.release, report.previous_release)
    return [each for each in named if each]


def view(visit: Visit) -> Response:
    """The report itself, under a policy of its own: its style sheet stands within it."""
    made = _data(visit, Form.HTML)
    headers = {"Content-Security-Policy": policy(made), "Vary": "Cookie, Accept-Language"}
    return Response(made, media_type=Form.HTML.media_type, headers=headers)


def take(visit: Visit) -> Response:
    """A file. Raises InvalidArgument for another form than the offered ones."""
    form = Form(_one(visit.part("form").upper(), [each.value for each in Form]))
    of = _stub(visit).GetReport(service.GetReportRequest(name=_name(visit)), timeout=SECONDS)
    issue = f"{of.period}-{_edition(of).lower()}-{of.revision}"
    name = f"report-{issue}-{visit.language}.{form.value.lower()}"
    return attachment([_data(visit, form)], form.media_type, name)


def _data(visit: Visit, form: Form) -> bytes:
    request = service.DownloadReportRequest(
        name=_name(visit), format=f"REPORT_FORMAT_{form.value}", language_code=visit.language
    )
    return b"".join(each.data for each in _stub(visit).DownloadReport(request, timeout=_COMPUTING_SECONDS))


def _one(given: str, known: Collection[str]) -> str:
    if given not in known:
        words = ", ".join(known)
        raise InvalidArgument.field("form", "UNKNOWN_CODE", f"应为 {words} 之一", f"must be one of {words}")
    return given


def _edition(report: report_pb2.Report) -> str:
    return shortage_release_pb2.StatisticsEdition.Name(report.edition).rpartition("_")[2]


def _state(report: report_pb2.Report) -> str:
    return report_pb2.Report.State.Name(report.state).removeprefix("STATE_")


def _name(visit: Visit) -> str:
    return f"reports/{visit.part('id')}"


def _stub(visit: Visit) -> report_service_pb2_grpc.ReportServiceStub:
    return visit.stub(report_service_pb2_grpc.ReportServiceStub)
