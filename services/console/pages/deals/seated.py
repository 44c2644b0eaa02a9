"""Where the visitor has a seat: sittings that are due, and votes that wait for the visitor's ballot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc
from bole.funding.v1 import committee_service_pb2 as service
from services.chassis.rpc.wire import instant_from_wire
from services.console.backend import SECONDS
from services.console.pages.beside import beside, for_each
from services.console.pages.called import Called, called
from services.console.pages.deals.votes import voted
from services.console.web.visits import Visit

_SITTINGS = 100
_KEPT = timedelta(days=1)
_OPEN = timedelta(days=60)
"""How long after its sitting a vote is looked for that may still be open."""
_LOOKED = 40


@dataclass(frozen=True, slots=True)
class Seated:
    """A sitting at which the visitor has a seat, and what the deals on its agenda are called, by name."""

    sitting: committee_pb2.Sitting
    deals: Mapping[str, Called]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that is open and in which the visitor may vote and has not yet; what its deal is called."""

    sitting: committee_pb2.Sitting
    deal: str
    called: Called


def seated(visit: Visit) -> list[Seated]:
    """Sittings at which the visitor has a seat, from yesterday on, the next one first."""
    found = reversed(_sittings(visit, _KEPT))
    return [Seated(each, called(visit, each.deals)) for each in found]


def ballots(visit: Visit, most: int) -> list[Ballot]:
    """Votes that wait for the visitor, of the newest sittings first, at most so many; the first 40 deals of the agendas
    are looked at.
    """
    stub = _stub(visit)
    asked = [(each, deal) for each in _sittings(visit, _OPEN) for deal in each.deals][:_LOOKED]
    votes = for_each(lambda pair: beside(lambda: voted(visit, stub, *pair)).answer, asked)
    waiting = [pair for pair, vote in zip(asked, votes, strict=True) if vote is not None and vote.may_cast]
    names = called(visit, [deal for _, deal in waiting[:most]])
    return [Ballot(sitting, deal, names[deal]) for sitting, deal in waiting[:most]]


def _sittings(visit: Visit, back: timedelta) -> list[committee_pb2.Sitting]:
    """Those with a seat of the visitor's, as long ago as `back` and to come, the latest first."""
    request = service.ListSittingsRequest(page_size=_SITTINGS)
    subject = visit.principal.subject if visit.principal else ""
    return [
        each
        for each in _stub(visit).ListSittings(request, timeout=SECONDS).sittings
        if any(seat.member == subject for seat in each.seats)
        and instant_from_wire(each.sit_time) > visit.now - back
    ]


def _stub(visit: Visit) -> committee_service_pb2_grpc.CommitteeServiceStub:
    return visit.stub(committee_service_pb2_grpc.CommitteeServiceStub)
