"""Runs over all anchors of a kind: started, followed, stopped, continued, and taken away as a file."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.matcher.v1 import match_run_service_pb2 as service
from bole.matcher.v1 import match_run_service_pb2_grpc as service_grpc
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.pairs_seen import seen
from services.console.web.attachments import attachment
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument
from services.wording.match_runs import STATES

PATH = "/matches/runs"
MOST_PAIRS = 200_000
"""A file of more pairs, some 40 MB as CSV, is taken by the command line or over HTTP, piece by piece."""
_TAKING_SECONDS = 300.0
_WITHOUT_RUNS = ("person-cell",)
"""Kinds whose anchors are no records; asked of the matcher one by one."""
_FORMS: Mapping[str, tuple[Any, str]] = {
    "parquet": (service.MATCH_FILE_FORMAT_PARQUET, "application/vnd.apache.parquet"),
    "csv": (service.MATCH_FILE_FORMAT_CSV, "text/csv; charset=utf-8"),
}
_STEPS: Mapping[str, tuple[str, Any]] = {
    "cancel": ("CancelMatchRun", service.CancelMatchRunRequest),
    "resume": ("ResumeMatchRun", service.ResumeMatchRunRequest),
}


def show(visit: Visit) -> Response:
    """The runs, newest first, with what can be done with each."""
    return _page(visit)


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    request = service.ListMatchRunsRequest(page_size=lists.ROWS, page_token=lists.page_token(visit))
    found = _stub(visit).ListMatchRuns(request, timeout=SECONDS)
    return render(
        visit,
        "matches/runs.html",
        status_of(problem),
        problem=problem,
        active="matches",
        synthetic=origins.among(visit),
        found=found,
        states=STATES,
        state_of=lambda run: service.MatchRun.State.Name(run.state).removeprefix("STATE_"),
        offered=[kind for kind in seen(visit) if kind not in _WITHOUT_RUNS],
        mine=visit.principal.subject if visit.principal else "",
        most=MOST_PAIRS,
        forms=list(_FORMS),
        running=any(each.state == service.MatchRun.STATE_RUNNING for each in found.match_runs),
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def start(visit: Visit) -> Response:
    """Start a run, or say on its form why it cannot be."""
    form = visit.form

    def send() -> Response:
        request = service.MatchAllRequest(
            kind=form.get("kind", ""),
            limit=_limit(form.get("limit", "")),
            filter=form.get("filter", "").strip(),
            same_industry="same_industry" in form,
            by_city="by_city" in form,
            request_id=str(uuid4()),
        )
        _stub(visit).MatchAll(request, timeout=SECONDS)
        return RedirectResponse(PATH, 303)

    return answered(send, lambda failure: _page(visit, failure))


def step(visit: Visit) -> Response:
    """Stop a run or go on with it, or say why not. Raises InvalidArgument."""
    name, kind = _STEPS[_known(visit.part("step"), _STEPS, "step")]

    def send() -> Response:
        request = kind(name=_name(visit), request_id=str(uuid4()))
        getattr(_stub(visit), name)(request, timeout=SECONDS)
        return RedirectResponse(PATH, 303)

    return answered(send, lambda failure: _page(visit, failure))


def take(visit: Visit) -> Response:
    """What a run has found, as a file of moderate size. Raises InvalidArgument."""
    form = _known(visit.part("form"), _FORMS, "form")
    format_, media_type = _FORMS[form]
    run = _stub(visit).GetMatchRun(service.GetMatchRunRequest(name=_name(visit)), timeout=SECONDS)
    if run.pair_count > MOST_PAIRS:
        by_command = f"bole match-run take {run.name} FILE.{form}"
        raise InvalidArgument.field(
            "form",
            "FILE_TOO_LARGE",
            f"结果有 {run.pair_count:,} 个配对，超过 {MOST_PAIRS:,} 个，请用命令下载：{by_command}",
            f"{run.pair_count:,} pairs are more than {MOST_PAIRS:,}; take them by command: {by_command}",
        )
    request = service.DownloadMatchRunRequest(name=run.name, format=format_)
    first, *pieces = _stub(visit).DownloadMatchRun(request, timeout=_TAKING_SECONDS)
    return attachment((each.data for each in pieces), media_type, first.file.filename)


def _limit(given: str) -> int:
    """How many candidates are wanted; 0 for the usual number. Raises InvalidArgument."""
    number = whole_number(given.strip() or "0")
    if number is None:
        raise InvalidArgument.field("limit", "NOT_A_NUMBER", "应为整数", "must be a whole number")
    return number


def _known(given: str, known: Mapping[str, Any], field: str) -> str:
    if given not in known:
        names = "、".join(known)
        raise InvalidArgument.field(field, "UNKNOWN_CODE", f"应为 {names} 之一", f"one of {names}")
    return given


def _name(visit: Visit) -> str:
    return f"matchRuns/{visit.part('id')}"


def _stub(visit: Visit) -> service_grpc.MatchRunServiceStub:
    return visit.stub(service_grpc.MatchRunServiceStub)
