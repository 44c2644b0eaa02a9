"""What is before the committees (投委会): sittings with what each deal lacks, and the deals that wait for one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bole.funding.v1 import (
    committee_pb2,
    committee_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
)
from bole.funding.v1 import committee_service_pb2 as service
from services.console.backend import SECONDS
from services.console.pages import lists
from services.console.pages.beside import Beside, beside, together
from services.console.pages.called import called
from services.console.web.rendering import render
from services.console.web.visits import Visit

_BEFORE = ("IC_INTERNAL", "IC_EXTERNAL")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Sat:
    """A sitting with its agenda, or why that is not shown."""

    sitting: committee_pb2.Sitting
    agenda: Beside[Sequence[committee_pb2.AgendaItem]]


def show(visit: Visit) -> Response:
    """The page, the newest sittings first."""
    found, *waiting = together(lambda: _sat(visit), *(_waiting(visit, each) for each in _BEFORE))
    listed = {item.deal for each in found for item in each.agenda.answer or ()}
    due = [deal for each in waiting for deal in each if deal.name not in listed]
    return render(
        visit,
        "deals/committees.html",
        active="deals",
        tab="committees",
        sat=found,
        waiting=due,
        firms=called(visit, [each.firm for each in due]),
    )


def _sat(visit: Visit) -> list[Sat]:
    stub = visit.stub(committee_service_pb2_grpc.CommitteeServiceStub)
    sittings = list(stub.ListSittings(service.ListSittingsRequest(page_size=500), timeout=SECONDS).sittings)
    sittings.sort(key=lambda each: each.sit_time.ToNanoseconds(), reverse=True)
    return [Sat(each, _agenda(stub, each.name)) for each in sittings[:_SHOWN]]


def _agenda(
    stub: committee_service_pb2_grpc.CommitteeServiceStub, name: str
) -> Beside[Sequence[committee_pb2.AgendaItem]]:
    request = service.GetSittingAgendaRequest(name=name)
    return beside(lambda: stub.GetSittingAgenda(request, timeout=SECONDS).items)


def _waiting(visit: Visit, state: str) -> Callable[[], Sequence[deal_pb2.Deal]]:
    stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    request = deal_service_pb2.ListDealsRequest(
        filter=lists.condition({"state": state}), page_size=lists.ROWS
    )
    return lambda: stub.ListDeals(request, timeout=SECONDS).deals
