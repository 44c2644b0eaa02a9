"""Erasing a person (彻底删除): what will be gone, why, and the record's number typed once more before it is.

Unless somebody else recorded that the person withdrew, another approves it before (`approvals`).
"""

import hmac
from collections.abc import Sequence
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.talent.v1 import (
    act_approval_service_pb2,
    act_approval_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
)
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import approvals, origins
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

_SECONDS = 60.0
_TYPED = 6


def show(visit: Visit) -> Response:
    """The question."""
    return _page(visit)


def erase(visit: Visit) -> Response:
    """Erase, if the end of the number was typed; or say why not."""

    def send() -> Response:
        _require_typed(visit)
        request = library_service_pb2.ErasePersonRequest(
            name=_name(visit),
            reason=visit.form.get("reason", ""),
            request_id=visit.form.get("request_id", "") or str(uuid4()),
        )
        _stub(visit).ErasePerson(request, timeout=_SECONDS)
        return RedirectResponse("/people/erased", 303)

    return answered(send, lambda failure: _page(visit, failure))


def done(visit: Visit) -> Response:
    """What was done, naming nobody."""
    return render(visit, "people/erased.html", active="people", tab="people")


def _require_typed(visit: Visit) -> None:
    typed, wanted = visit.form.get("typed", ""), visit.part("id")[-_TYPED:]
    if not hmac.compare_digest(typed.encode(), wanted.encode()):
        raise InvalidArgument.field(
            "typed",
            "NOT_CONFIRMED",
            f"请键入记录编号的末 {_TYPED} 位以确认",
            f"type the last {_TYPED} characters of the record's number to confirm",
        )


def _page(visit: Visit, failure: Failure | None = None) -> Response:
    person = _stub(visit).GetPerson(library_service_pb2.GetPersonRequest(name=_name(visit)), timeout=SECONDS)
    return render(
        visit,
        "people/erase.html",
        status_of(failure),
        active="people",
        tab="people",
        synthetic=origins.is_sample(person),
        person=person,
        standing=_standing(visit),
        waiting=approvals.about(visit, _name(visit)) if visit.may("see approvals") else [],
        id=visit.part("id"),
        typed=_TYPED,
        request_id=str(uuid4()),
        problem=failure,
        form=visit.form,
    )


def _standing(visit: Visit) -> Sequence[act_approval_service_pb2.ActApproval]:
    """Approvals of this erasure that still count, as far as the visitor may know."""
    if not visit.may("see approvals"):
        return ()
    request = act_approval_service_pb2.ListActApprovalsRequest(person=_name(visit))
    found = _approvals(visit).ListActApprovals(request, timeout=SECONDS).approvals
    return [each for each in found if each.state == act_approval_service_pb2.ActApproval.STATE_STANDING]


def _name(visit: Visit) -> str:
    return f"persons/{visit.part('id')}"


def _stub(visit: Visit) -> library_service_pb2_grpc.LibraryServiceStub:
    return visit.stub(library_service_pb2_grpc.LibraryServiceStub, visit.purpose)


def _approvals(visit: Visit) -> act_approval_service_pb2_grpc.ActApprovalServiceStub:
    return visit.stub(act_approval_service_pb2_grpc.ActApprovalServiceStub)
