"""ScreeningService: the deal flow by a fund's mandate."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import screening_pb2, screening_service_pb2_grpc
from bole.funding.v1 import screening_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.filtering import canonical, canonical_order, parse, parse_order
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_to_wire, text_to_wire
from services.chassis.storage.paging import page_size
from services.funding.rpc.asked_day import asked_day
from services.funding.rpc.facet_wire import facet_to_wire
from services.funding.rpc.funds.amounts import yuan
from services.funding.rpc.seeing import Sight
from services.funding.rpc.stored import screened_messages
from services.funding.rpc.wire import id_of
from services.funding.service.deals.cases import fund_with_mandate, open_cases
from services.funding.service.deals.screening.asking import Answer, Question, Screens
from services.funding.service.deals.screening.judging import judge
from services.funding.store.deals.screening import SORTABLE, schema
from services.kernel.clock import civil_date
from services.kernel.text import Text

_METHOD = "ScreenDeals"


@dataclass(frozen=True)
class ScreeningRoom(screening_service_pb2_grpc.ScreeningServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    screens: Screens

    def ScreenDeals(self, request: wire.ScreenDealsRequest, context: Any) -> wire.ScreenDealsResponse:
        """One fund's deals, best first."""
        expression = parse(request.filter, schema(self.catalogue))
        order = parse_order(request.order_by, SORTABLE)
        day = asked_day(request, self.house.clock)
        as_of = day if request.HasField("as_of_date") else None
        tokens, sight = self.house.pages, Sight.of(current_call())
        subject = sight.subject
        bound = {
            "fund": request.fund,
            "filter": canonical(expression),
            "order_by": canonical_order(order),
            "then": "going on, eligible, composite",
            "as_of": as_of.isoformat() if as_of else "",
            "mandate": str(request.mandate_revision),
        }
        fund_id = id_of(request.fund, "funds", field="fund")
        asked = Question(
            fund_id=fund_id,
            expression=expression,
            order=order,
            facets=request.facets,
            cursor=tokens.read(request.page_token, method=_METHOD, query=bound, subject=subject),
            size=page_size(request.page_size, 20, 200),
            as_of=as_of,
            revision=request.mandate_revision or None,
            at=None if as_of else self.house.clock.now(),
            of_each_state=request.state_size,
        )
        with self.house.database.read() as session:
            seen = replace(asked, only=sight.of_fund(session, fund_id))
            answer = self.screens.ask(session, seen, civil_date(self.house.clock.now()))
            deals, states = _messages(session, answer, with_steps=request.with_transitions)
        token = (
            tokens.issue(answer.cursor, method=_METHOD, query=bound, subject=subject) if answer.cursor else ""
        )
        return wire.ScreenDealsResponse(
            deals=deals,
            facets=[facet_to_wire(name, counted) for name, counted in answer.facets.items()],
            next_page_token=token,
            total_size=answer.total,
            total_ticket=yuan(answer.ask_fen),
            as_of_date=date_to_wire(answer.as_of),
            mandate_revision=answer.mandate.revision,
            note=text_to_wire(_nothing_yet(answer.begun)) if answer.begun else None,
            states=states,
        )

    def ScreenDeal(self, request: wire.ScreenDealRequest, context: Any) -> screening_pb2.ScreenedDeal:
        """One deal."""
        deal_id, as_of = id_of(request.name, "deals"), asked_day(request, self.house.clock)
        with self.house.database.read() as session:
            deal = Sight.of(current_call()).open(session, deal_id)
            fund, mandate = fund_with_mandate(session, deal.fund_id, as_of)
            opened = next(open_cases(session, self.catalogue, fund, mandate, as_of, deal_id))
            return screened_messages(session, [judge(opened, self.catalogue)])[0]


def _messages(
    session: Session, answer: Answer, *, with_steps: bool
) -> tuple[list[screening_pb2.ScreenedDeal], list[wire.ScreenedState]]:
    """The deals of the page, and the states with theirs, all of them read at once."""
    groups = [answer.judged, *answer.states.values()]
    messages = iter(screened_messages(session, list(chain(*groups)), with_steps=with_steps))
    page, *of_states = [list(islice(messages, len(group))) for group in groups]
    states = [
        wire.ScreenedState(state=f"STATE_{state.name}", deals=deals)
        for state, deals in zip(answer.states, of_states, strict=True)
    ]
    return page, sorted(states, key=lambda each: each.state)


def _nothing_yet(begun: date) -> Text:
    return Text(
        f"当日该基金还没有项目，第一个项目自 {begun} 起",
        f"the fund had no deal on that day; its first one is of {begun}",
    )
