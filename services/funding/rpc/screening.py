"""ScreeningService: the deal flow by a fund's mandate."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bole.funding.v1 import screening_pb2, screening_service_pb2_grpc
from bole.funding.v1 import screening_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.filtering import canonical, canonical_order, parse, parse_order
from services.chassis.house import House
from services.chassis.paging import page_size
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.funding.domain.deal.deal import Deal
from services.funding.rpc.stored import deal_messages
from services.funding.rpc.wire import id_of, screened_to_wire, yuan
from services.funding.service import screening
from services.funding.service.cases import fund_with_mandate, open_cases
from services.kernel.clock import civil_date
from services.kernel.errors import NotFound

_METHOD = "ScreenDeals"


@dataclass(frozen=True)
class ScreeningRoom(screening_service_pb2_grpc.ScreeningServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue

    def ScreenDeals(self, request: wire.ScreenDealsRequest, context: Any) -> wire.ScreenDealsResponse:
        """One fund's deals, best first."""
        expression = parse(request.filter, screening.schema(self.catalogue))
        order = parse_order(request.order_by, screening.SORTABLE)
        size = page_size(request.page_size, 20, 200)
        as_of, subject = self._as_of(request), current_call().principal.subject
        bound = {
            "fund": request.fund,
            "filter": canonical(expression),
            "order_by": canonical_order(order),
            "as_of": as_of.isoformat(),
        }
        cursor = self.house.pages.read(request.page_token, method=_METHOD, query=bound, subject=subject)
        with self.house.database.read() as session:
            fund, mandate = fund_with_mandate(session, id_of(request.fund, "funds", field="fund"))
            judged = [
                screening.judge(each, self.catalogue) for each in open_cases(session, fund, mandate, as_of)
            ]
            found = screening.ordered(screening.chosen(judged, expression), order)
            start = _start([each.opened.deal.id for each in found], cursor)
            page = found[start : start + size]
            deals = deal_messages(session, [each.opened.deal for each in page])
        token = ""
        if start + size < len(found):
            last = (start + size, page[-1].opened.deal.id)
            token = self.house.pages.issue(last, method=_METHOD, query=bound, subject=subject)
        return wire.ScreenDealsResponse(
            deals=[
                screened_to_wire(deal, each.opened.firm, each.screening, each.gates)
                for deal, each in zip(deals, page, strict=True)
            ],
            facets=screening.facets(judged, expression, request.facets),
            next_page_token=token,
            total_size=len(found),
            total_ticket=yuan(sum(each.opened.deal.terms.ask_fen for each in found)),
            as_of_date=date_to_wire(as_of),
            mandate_revision=mandate.revision,
        )

    def ScreenDeal(self, request: wire.ScreenDealRequest, context: Any) -> screening_pb2.ScreenedDeal:
        """One deal."""
        deal_id, as_of = id_of(request.name, "deals"), self._as_of(request)
        with self.house.database.read() as session:
            deal = session.get(Deal, deal_id)
            if deal is None:
                raise NotFound.resource(request.name)
            fund, mandate = fund_with_mandate(session, deal.fund_id)
            opened = next(open_cases(session, fund, mandate, as_of, deal_id))
            [message] = deal_messages(session, [opened.deal])
        judged = screening.judge(opened, self.catalogue)
        return screened_to_wire(message, opened.firm, judged.screening, judged.gates)

    def _as_of(self, request: Any) -> date:
        if request.HasField("as_of_date"):
            return date_from_wire(request.as_of_date)
        return civil_date(self.house.clock.now())


def _start(ids: list[str], cursor: tuple[Any, ...] | None) -> int:
    """The place after the last deal that was sent; its place at that time if it no longer matches."""
    if not cursor:
        return 0
    place, last = cursor
    return ids.index(last) + 1 if last in ids else int(place)
