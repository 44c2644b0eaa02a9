"""Messages of stored deals: with the numbers they came with, their parties, and where parked ones return to."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bole.funding.v1 import deal_pb2, screening_pb2
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import PARKED
from services.funding.rpc.wire import deal_to_wire, screened_to_wire
from services.funding.service.deals.screening.judging import Judged
from services.funding.store import repository
from services.funding.store.deals import interests


def deal_messages(session: Session, deals: Sequence[Deal]) -> list[deal_pb2.Deal]:
    """The messages of these deals, in their order."""
    repository.load_transitions(session, [deal for deal in deals if deal.state in PARKED])
    ids = [deal.id for deal in deals]
    refs, parties = repository.refs_of_deals(session, ids), interests.parties(session, ids)
    return [deal_to_wire(deal, refs.get(deal.id, ""), parties.get(deal.id)) for deal in deals]


def screened_messages(
    session: Session, judged: Sequence[Judged], *, with_steps: bool = False
) -> list[screening_pb2.ScreenedDeal]:
    """The messages of screened deals, in their order, with how long each has stood where it does, and with its steps if
    these are wanted.
    """
    deals = [each.opened.deal for each in judged]
    repository.load_transitions(session, deals)
    messages = deal_messages(session, deals)
    return [
        screened_to_wire(deal, each, each.opened.deal.transitions if with_steps else ())
        for deal, each in zip(messages, judged, strict=True)
    ]
