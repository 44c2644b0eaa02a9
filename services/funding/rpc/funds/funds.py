"""FundService: funds and their mandates."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import fund_pb2, fund_service_pb2_grpc
from bole.funding.v1 import fund_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.storage.listing import Query
from services.funding.domain.fund.fund import Fund
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import fund_to_wire, id_of
from services.funding.service.deals.cases import standing_mandate
from services.funding.store import lists, repository
from services.kernel.clock import civil_date


@dataclass(frozen=True)
class FundRoom(fund_service_pb2_grpc.FundServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue

    def GetFund(self, request: wire.GetFundRequest, context: Any) -> fund_pb2.Fund:
        """One fund."""
        with self.house.database.read() as session:
            fund = Sight.of(current_call()).fund(session, id_of(request.name, "funds"))
            return self._message(session, fund)

    def ListFunds(self, request: wire.ListFundsRequest, context: Any) -> wire.ListFundsResponse:
        """Funds by filter."""
        query = Query(request.filter, "", request.page_size, request.page_token)
        sight = Sight.of(current_call())
        with self.house.database.read() as session:
            page = lists.funds(self.catalogue).page(
                session, Fund, query, self.house.pages, sight.subject, sight.funds()
            )
            funds = [self._message(session, fund) for fund in page.items]
        return wire.ListFundsResponse(
            funds=funds, next_page_token=page.next_page_token, total_size=page.total
        )

    def _message(self, session: Session, fund: Fund) -> fund_pb2.Fund:
        mandate = standing_mandate(session, fund.id, civil_date(self.house.clock.now()))
        return fund_to_wire(fund, mandate, repository.ref_of_fund(session, fund.id))
