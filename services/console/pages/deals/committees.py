"""What is before the committees (投委会): sittings with what each deal lacks, and the deals that wait for one."""

from collections.abc import Callable, Collection, Mapping, Sequence
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
from services.console.pages import lists, origins
from services.console.pages.beside import Beside, beside, for_each, together
from services.console.pages.called import called
from services.console.web.rendering import render
from services.console.web.visits import Visit

_TIERS: Mapping[str, int] = {
    "IC_INTERNAL": committee_pb2.Committee.TIER_INTERNAL,
    "IC_EXTERNAL": committee_pb2.Committee.TIER_EXTERNAL,
}
"""Which committee a deal waits for, by its state."""
_SHOWN = 10
_MOST, _AT_ONCE = 500, 100
_TOLD = 50


@dataclass(frozen=True, slots=True)
class Sat:
    """A sitting with its agenda, or why that is not shown."""

    sitting: committee_pb2.Sitting
    agenda: Beside[Sequence[committee_pb2.AgendaItem]]


def show(visit: Visit) -> Response:
    """The page, the newest sittings first."""
    (listed, found), *waiting = together(
        lambda: _sat(visit), *(_waiting(visit, state, tier) for state, tier in _TIERS.items())
    )
    due = [deal for each in waiting for deal in each]
    firms = called(visit, [each.firm for each in due[:_TOLD]])
    funds = called(visit, {each.sitting.fund for each in found})
    return render(
        visit,
        "deals/committees.html",
        active="deals",
        tab="committees",
        sat=found,
        waiting=due[:_TOLD],
        unsaid=len(due[_TOLD:]),
        firms=firms,
        funds=funds,
        synthetic=origins.among(visit, [*due, *funds.values()]),
        first=lists.first_link(visit),
        next=lists.next_link(visit, listed),
    )


def _sat(visit: Visit) -> tuple[service.ListSittingsResponse, list[Sat]]:
    stub = _committees(visit)
    request = service.ListSittingsRequest(page_size=_SHOWN, page_token=lists.page_token(visit))
    listed = stub.ListSittings(request, timeout=SECONDS)
    return listed, for_each(lambda each: Sat(each, _agenda(stub, each.name)), listed.sittings)


def _agenda(
    stub: committee_service_pb2_grpc.CommitteeServiceStub, name: str
) -> Beside[Sequence[committee_pb2.AgendaItem]]:
    request = service.GetSittingAgendaRequest(name=name)
    return beside(lambda: stub.GetSittingAgenda(request, timeout=SECONDS).items)


def _waiting(visit: Visit, state: str, tier: int) -> Callable[[], Sequence[deal_pb2.Deal]]:
    """Asks for the deals in this state that no sitting of their committee has on its agenda."""

    def ask() -> Sequence[deal_pb2.Deal]:
        deals = _deals(visit, state)
        called_for = [
            name
            for start in range(0, len(deals), _AT_ONCE)
            for name in _called_for(visit, [each.name for each in deals[start : start + _AT_ONCE]], tier)
        ]
        return [each for each in deals if each.name not in set(called_for)]

    return ask


def _deals(visit: Visit, state: str) -> list[deal_pb2.Deal]:
    stub, found = visit.stub(deal_service_pb2_grpc.DealServiceStub), []
    request = deal_service_pb2.ListDealsRequest(filter=lists.condition({"state": state}), page_size=_MOST)
    while True:
        answer = stub.ListDeals(request, timeout=SECONDS)
        found += answer.deals
        request.page_token = answer.next_page_token
        if not request.page_token:
            return found


def _called_for(visit: Visit, deals: Collection[str], tier: int) -> set[str]:
    """What the sittings of a tier have on their agendas that have one of these deals on it."""
    stub, found = _committees(visit), set[str]()
    request = service.ListSittingsRequest(deals=deals, page_size=_MOST)
    while True:
        answer = stub.ListSittings(request, timeout=SECONDS)
        found.update(name for each in answer.sittings if each.tier == tier for name in each.deals)
        request.page_token = answer.next_page_token
        if not request.page_token:
            return found


def _committees(visit: Visit) -> committee_service_pb2_grpc.CommitteeServiceStub:
    return visit.stub(committee_service_pb2_grpc.CommitteeServiceStub)
