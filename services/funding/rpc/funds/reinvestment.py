"""ReinvestmentService: local reinvestment, and the report by city."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import reinvestment_pb2, reinvestment_service_pb2_grpc
from bole.funding.v1 import reinvestment_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.funding.domain.capital.reinvestment import ReinvestmentCredit
from services.funding.domain.investment.investment import Investment
from services.funding.rpc.deals.acting import require_acting
from services.funding.rpc.funds.amounts import fen_of
from services.funding.rpc.funds.reinvestment_wire import BASES, credit_to_wire, report_to_wire
from services.funding.rpc.once import audit, once
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.funds.reinvestment import city_report, credit
from services.funding.store.funds import reinvestment as store
from services.kernel.errors import NotFound

KEEPERS = ("fund_manager", "finance")
_FIELDS = {name: f"credit.{name}" for name in ("document", "amount", "fund")}


@dataclass(frozen=True)
class ReinvestmentRoom(reinvestment_service_pb2_grpc.ReinvestmentServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue

    def CreditReinvestment(
        self, request: wire.CreditReinvestmentRequest, context: Any
    ) -> reinvestment_pb2.ReinvestmentCredit:
        """Let an investment count for a city."""
        call, stated = current_call(), request.credit
        id_ = id_of(request.parent, "investments", field="parent")

        def act(session: Session) -> reinvestment_pb2.ReinvestmentCredit:
            require_acting(session, call, KEEPERS, id_)
            new = ReinvestmentCredit(
                investment_id=id_,
                sequence=0,
                fund_id=id_of(stated.fund, "funds", field="credit.fund"),
                city=self.catalogue.resolve_city(stated.city_code, field="credit.city_code"),
                fen=fen_of(stated, "amount", "credit.") or 0,
                basis=BASES[stated.basis],
                document=stated.document,
                actor=call.principal.subject,
                at=self.house.clock.now(),
            )
            made = credit(session, new)
            audit(self.house, session, call, "credit-reinvestment", request.parent)
            return credit_to_wire(made, True)

        return once(
            self.house,
            call,
            request,
            request.request_id,
            reinvestment_pb2.ReinvestmentCredit,
            act,
            fields=_FIELDS,
        )

    def ListReinvestmentCredits(
        self, request: wire.ListReinvestmentCreditsRequest, context: Any
    ) -> wire.ListReinvestmentCreditsResponse:
        """Every credit of an investment."""
        id_ = id_of(request.parent, "investments", field="parent")
        with self.house.database.read() as session:
            Sight.of(current_call()).open(session, id_)
            if session.get(Investment, id_) is None:
                raise NotFound.resource(request.parent)
            found = store.credits_of(session, id_)
        newest = {each.fund_id: each.sequence for each in found}
        return wire.ListReinvestmentCreditsResponse(
            credits=[credit_to_wire(each, newest[each.fund_id] == each.sequence) for each in found]
        )

    def GetCityReport(self, request: wire.GetCityReportRequest, context: Any) -> reinvestment_pb2.CityReport:
        """By city."""
        ids = [id_of(name, "funds", field="funds") for name in request.funds]
        order = [city.id for city in self.catalogue.cities]
        with self.house.database.read() as session:
            sight = Sight.of(current_call())
            return report_to_wire(city_report(session, sight.whole_funds(session, ids)), order)
