"""What a committee's secretary does about a deal: calls a sitting, plans it anew, opens its vote, and counts it."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask
from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc
from bole.funding.v1 import committee_service_pb2 as service
from services.chassis.rpc.wire import instant_to_wire
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.web.refusals import answered
from services.console.web.visits import Visit
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument


def call(visit: Visit) -> Response:
    """Call a sitting of one of the fund's committees with this deal on its agenda, or add it to that of another."""

    def send() -> None:
        if visit.form.get("committee", "").startswith("sittings/"):
            _join(visit, visit.form["committee"])
            return
        sitting = committee_pb2.Sitting(
            committee=visit.form.get("committee", ""),
            sit_time=instant_to_wire(_moment(visit.form.get("sits", ""))),
            deals=[_deal(visit)],
        )
        request = service.CreateSittingRequest(sitting=sitting, request_id=str(uuid4()))
        _stub(visit).CreateSitting(request, timeout=SECONDS)

    return _done(visit, send, "CALLED")


def replan(visit: Visit) -> Response:
    """Let a sitting be at another time, or take this deal off its agenda."""
    is_off = visit.form.get("off") == "yes"

    def send() -> None:
        known = _stub(visit).GetSitting(
            service.GetSittingRequest(name=visit.form.get("sitting", "")), timeout=SECONDS
        )
        changed = committee_pb2.Sitting(name=known.name, etag=visit.form.get("etag", ""))
        if is_off:
            changed.deals.extend(each for each in known.deals if each != _deal(visit))
        else:
            changed.sit_time.CopyFrom(instant_to_wire(_moment(visit.form.get("sits", ""))))
        _change(visit, changed, "deals" if is_off else "sit_time")

    return _done(visit, send, "OFF" if is_off else "REPLANNED")


def open_vote(visit: Visit) -> Response:
    """Begin to take ballots on the deal at a sitting."""

    def send() -> None:
        request = service.OpenVoteRequest(
            parent=visit.form.get("sitting", ""), deal=_deal(visit), request_id=str(uuid4())
        )
        _stub(visit).OpenVote(request, timeout=SECONDS)

    return _done(visit, send, "OPENED")


def close_vote(visit: Visit) -> Response:
    """Take no more ballots, and count them."""

    def send() -> None:
        request = service.CloseVoteRequest(
            name=visit.form.get("vote", ""), etag=visit.form.get("etag", ""), request_id=str(uuid4())
        )
        _stub(visit).CloseVote(request, timeout=SECONDS)

    return _done(visit, send, "COUNTED")


def _done(visit: Visit, send: Callable[[], None], said: str) -> Response:
    def sent() -> Response:
        send()
        return RedirectResponse(f"/deals/{visit.part('id')}?done={said}#votes", 303)

    return answered(sent, lambda failure: deal.page(visit, failure))


def _join(visit: Visit, name: str) -> None:
    known = _stub(visit).GetSitting(service.GetSittingRequest(name=name), timeout=SECONDS)
    deals = [*known.deals, _deal(visit)]
    _change(visit, committee_pb2.Sitting(name=name, etag=known.etag, deals=deals), "deals")


def _change(visit: Visit, changed: committee_pb2.Sitting, path: str) -> None:
    request = service.UpdateSittingRequest(
        sitting=changed, update_mask=FieldMask(paths=[path]), request_id=str(uuid4())
    )
    _stub(visit).UpdateSitting(request, timeout=SECONDS)


def _moment(given: str) -> datetime:
    """A civil date and time. Raises InvalidArgument."""
    try:
        return datetime.fromisoformat(given).replace(tzinfo=CIVIL_ZONE)
    except ValueError:
        raise InvalidArgument.field(
            "sit_time",
            "INVALID_TIME",
            "请填写会议的日期和时间，如 2026-09-30T14:00",
            "say on which day and at what time it sits, such as 2026-09-30T14:00",
        ) from None


def _deal(visit: Visit) -> str:
    return f"deals/{visit.part('id')}"


def _stub(visit: Visit) -> committee_service_pb2_grpc.CommitteeServiceStub:
    return visit.stub(committee_service_pb2_grpc.CommitteeServiceStub)
