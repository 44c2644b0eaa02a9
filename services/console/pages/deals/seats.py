"""Committees (投委会) and who sits on them: set up for a fund, and given other seats."""

import re
from collections.abc import Iterator
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc
from bole.funding.v1 import committee_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.called import called
from services.console.pages.deals.asked import funds_of
from services.console.web.paths import inside
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit

PATH = "/deals/committees/seats"
TIERS = ("INTERNAL", "EXTERNAL")
_MOST = 500
_MASK = "*"
_Seat = committee_pb2.CommitteeSeat
_BETWEEN = re.compile(r"[=＝,，\t]+")
_KINDS = {"members": _Seat.KIND_MEMBER, "observers": _Seat.KIND_OBSERVER}


def show(visit: Visit) -> Response:
    """The committees; the address may name the fund that one is to be set up for."""
    return _page(visit)


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    stub = _stub(visit)
    request = service.ListCommitteesRequest(page_size=_MOST, page_token=lists.page_token(visit))
    found = stub.ListCommittees(request, timeout=SECONDS)
    funds = funds_of(visit)
    return render(
        visit,
        "deals/seats.html",
        status_of(problem),
        active="deals",
        tab="committees",
        committees=found.committees,
        written={each.name: {kind: _written(each, kind) for kind in _KINDS} for each in found.committees},
        names=called(visit, {each.fund for each in found.committees}),
        funds=funds,
        synthetic=origins.among(visit, funds),
        tiers=TIERS,
        problem=problem,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def record(visit: Visit) -> Response:
    """Set up a committee, or give the one that the form names other seats; then go back to where that was asked."""

    def send() -> Response:
        stub, form, token = _stub(visit), visit.form, str(uuid4())
        stated = committee_pb2.Committee(
            name=form.get("name", ""),
            etag=form.get("etag", ""),
            fund=form.get("fund", ""),
            tier=f"TIER_{form['tier']}" if form.get("tier") in TIERS else None,
            seats=[seat for name, kind in _KINDS.items() for seat in _seats(form.get(name, ""), kind)],
        )
        if stated.name:
            update = service.UpdateCommitteeRequest(committee=stated, request_id=token)
            update.update_mask.paths.append("seats")
            done = stub.UpdateCommittee(update, timeout=SECONDS)
        else:
            create = service.CreateCommitteeRequest(committee=stated, request_id=token)
            done = stub.CreateCommittee(create, timeout=SECONDS)
        deal = form.get("deal", "")
        if deal:
            return RedirectResponse(f"{inside(f'/{deal}')}?done=COMMITTEE#votes", 303)
        return RedirectResponse(visit.at(PATH).link(done=done.name), 303)

    return answered(send, lambda failure: _page(visit, failure))


def _seats(written: str, kind: "committee_pb2.CommitteeSeat.Kind") -> Iterator[committee_pb2.CommitteeSeat]:
    """One seat a line: account, name, organisation. A name as it is masked for the visitor is not sent: it is kept."""
    for line in written.splitlines():
        if line.strip():
            account, name, organisation, *_ = (*(each.strip() for each in _BETWEEN.split(line, 2)), "", "")
            known = "" if _MASK in name else name
            yield _Seat(member=account, display_name=known, organisation=organisation, kind=kind)


def _written(committee: committee_pb2.Committee, kind: str) -> str:
    """The seats of a kind as the form takes them."""
    seats = (each for each in committee.seats if each.kind == _KINDS[kind])
    said = ((each.member, each.display_name, each.organisation) for each in seats)
    return "\n".join("，".join(each).rstrip("，") for each in said)


def _stub(visit: Visit) -> committee_service_pb2_grpc.CommitteeServiceStub:
    return visit.stub(committee_service_pb2_grpc.CommitteeServiceStub)
