"""A second person's word (复核): what waits for one, by whom and why, asking for it, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.talent.v1 import act_application_service_pb2 as service
from bole.talent.v1 import (
    act_application_service_pb2_grpc,
    act_approval_service_pb2,
    act_approval_service_pb2_grpc,
)
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.called import Called, called
from services.console.web.answering import Desk
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording import acts
from services.wording.library import APPLICATION_STATES

PATH = "/approvals"
_ANSWERED = 20
_APPROVE, _REFUSE = service.ACT_VERDICT_APPROVE, service.ACT_VERDICT_REFUSE
_VERDICTS = {"approve": _APPROVE, "refuse": _REFUSE}
_ASKED = ("ERASE", "UNDO", "EXPORT")
"""What is asked for from a page."""
OF_EXPORTS = ("sheet", "purpose", "filter", "people")
"""What tells which export it is, as the refusal of one has it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An application as the page shows it. `why_not`: why the visitor cannot approve it; empty if they can. `standing`:
    it is approved, and may still be done.
    """

    application: service.ActApplication
    what: Text
    of: Called | None
    state: Text
    why_not: str
    own: bool
    standing: bool

    @property
    def id(self) -> str:
        """The last part of its name."""
        return self.application.name.partition("/")[2]


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route(PATH, desk.endpoint(show), methods=["GET"]),
        Route(PATH, desk.endpoint(ask), methods=["POST"]),
        Route(f"{PATH}/{{id}}", desk.endpoint(answer), methods=["POST"]),
    ]


def show(visit: Visit) -> Response:
    """What waits, and what was answered last; with a form if the address says what is to be asked for."""
    return _page(visit, {name: visit.get(name) for name in ("act", "subject", *OF_EXPORTS)})


def ask(visit: Visit) -> Response:
    """Ask for what the form names."""

    def send() -> Response:
        act, subject = _act(visit.form), visit.form.get("subject", "")
        request = service.CreateActApplicationRequest(
            act=f"PERSON_ACT_{act}",
            person=subject if act == "ERASE" else "",
            batch=subject if act == "UNDO" else "",
            **_export(visit.form) if act == "EXPORT" else {},
            reason=visit.form.get("reason", ""),
            request_id=visit.form.get("request_id", "") or str(uuid4()),
        )
        _stub(visit).CreateActApplication(request, timeout=SECONDS)
        return RedirectResponse(PATH, 303)

    return answered(send, lambda failure: _page(visit, visit.form, failure))


def answer(visit: Visit) -> Response:
    """Approve or refuse, with a reason."""

    def send() -> Response:
        verdict = visit.form.get("verdict", "")
        if verdict not in _VERDICTS:
            raise InvalidArgument.field(
                "verdict", "UNKNOWN_CODE", "应为 approve 或 refuse", "must be approve or refuse"
            )
        request = service.AnswerActApplicationRequest(
            name=f"actApplications/{visit.part('id')}",
            verdict=_VERDICTS[verdict],
            reason=visit.form.get("reason", ""),
            request_id=visit.form.get("request_id", "") or str(uuid4()),
        )
        _stub(visit).AnswerActApplication(request, timeout=SECONDS)
        return RedirectResponse(PATH, 303)

    return answered(send, lambda failure: _page(visit, {}, failure))


def waiting(visit: Visit) -> list[service.ActApplication]:
    """What the visitor could approve now."""
    request = service.ListActApplicationsRequest(open=True)
    found = _stub(visit).ListActApplications(request, timeout=SECONDS).applications
    return [each for each in found if not _why_not(each, _APPROVE)]


def asked_for(visit: Visit, batch: str) -> service.ActApplication | None:
    """What the visitor asked for last about an import, `imports/{id}`."""
    found = _stub(visit).ListActApplications(service.ListActApplicationsRequest(), timeout=SECONDS)
    account = visit.principal.subject if visit.principal else ""
    return next((one for one in found.applications if (one.batch, one.account) == (batch, account)), None)


def about(visit: Visit, person: str) -> list[service.ActApplication]:
    """What waits about one person."""
    request = service.ListActApplicationsRequest(open=True, person=person)
    return list(_stub(visit).ListActApplications(request, timeout=SECONDS).applications)


def _page(visit: Visit, asked: Mapping[str, str], failure: Failure | None = None) -> Response:
    request = service.ListActApplicationsRequest()
    found = _stub(visit).ListActApplications(request, timeout=SECONDS).applications
    standing = _standing(visit)
    is_open = [each for each in found if each.state == service.ActApplication.STATE_OPEN]
    over = [each for each in found if each.state != service.ActApplication.STATE_OPEN][:_ANSWERED]
    names = called(visit, [each.person for each in (*is_open, *over, *standing) if each.person])
    return render(
        visit,
        "approvals/list.html",
        status_of(failure),
        active="people",
        tab="approvals",
        synthetic=origins.among(visit, names.values()),
        open=[_shown(visit, each, names) for each in is_open],
        standing=[(each, acts.said(each), names.get(each.person)) for each in standing],
        over=[_shown(visit, each, names) for each in over],
        asked=asked if asked.get("act") in _ASKED and visit.may("ask approval") else None,
        form=visit.form,
        request_id=str(uuid4()),
        problem=failure,
        said=acts.ACTS,
    )


def _standing(visit: Visit) -> list[act_approval_service_pb2.ActApproval]:
    """Approvals with which something may still be done, as far as the visitor sees them."""
    request = act_approval_service_pb2.ListActApprovalsRequest()
    stub = visit.stub(act_approval_service_pb2_grpc.ActApprovalServiceStub)
    found = stub.ListActApprovals(request, timeout=SECONDS).approvals
    return [each for each in found if each.state == act_approval_service_pb2.ActApproval.STATE_STANDING]


def _shown(visit: Visit, each: service.ActApplication, names: Mapping[str, Called]) -> Shown:
    own = visit.principal is not None and each.account == visit.principal.subject
    state = APPLICATION_STATES[service.ActApplication.State.Name(each.state).removeprefix("STATE_")]
    standing = each.approval_state == act_approval_service_pb2.ActApproval.STATE_STANDING
    why_not = _text(visit, _why_not(each, _APPROVE))
    return Shown(each, acts.said(each), names.get(each.person), state, why_not, own, standing)


def _why_not(each: service.ActApplication, verdict: service.ActVerdict) -> Text | None:
    found = next(option for option in each.options if option.verdict == verdict)
    return Text(found.reason.zh, found.reason.en) if found.HasField("reason") else None


def _text(visit: Visit, said: Text | None) -> str:
    return "" if said is None else visit.text(said)


def _act(given: Mapping[str, str]) -> str:
    """What is asked for. Raises InvalidArgument for what no page asks for."""
    if given.get("act") not in _ASKED:
        known = ", ".join(_ASKED)
        raise InvalidArgument.field("act", "UNKNOWN_CODE", f"应为 {known} 之一", f"must be one of {known}")
    return given["act"]


def _export(given: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an export. Raises InvalidArgument for a number of people that is none."""
    people = whole_number(given.get("people", ""))
    if people is None:
        raise InvalidArgument.field("people", "NO_NUMBER", "请填写人数", "say how many people")
    return {name: given.get(name, "") for name in ("sheet", "purpose", "filter")} | {"max_people": people}


def _stub(visit: Visit) -> act_application_service_pb2_grpc.ActApplicationServiceStub:
    return visit.stub(act_application_service_pb2_grpc.ActApplicationServiceStub)
