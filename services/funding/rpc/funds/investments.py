"""InvestmentService: what happens after the decision. Every verb is the same machine with another action."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bole.funding.v1 import investment_pb2, investment_service_pb2_grpc
from bole.funding.v1 import investment_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import check_etag, date_from_wire, instant_from_wire
from services.chassis.storage.listing import Query
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.step import Actor
from services.funding.domain.fund.fund import Fund
from services.funding.domain.investment.actions import FIRST_HAND, InvestmentAction
from services.funding.domain.investment.investment import Investment, first_hand
from services.funding.domain.investment.marks import known_marks
from services.funding.domain.investment.order import InvestmentOrder
from services.funding.domain.investment.tranches import TrancheTerms
from services.funding.rpc.action_wire import action_to_wire
from services.funding.rpc.deals.acting import actor_on, require_acting
from services.funding.rpc.funds.amounts import fen_of
from services.funding.rpc.funds.investment_wire import (
    EXITS,
    investment_to_wire,
    mark_of,
    mark_to_wire,
    plan_to_wire,
    step_to_wire,
    tranches_of,
)
from services.funding.rpc.funds.portfolio_wire import portfolio_to_wire
from services.funding.rpc.once import audit, once
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import evidence_of, id_of
from services.funding.service.deals.deals import ROLES, Deals
from services.funding.service.deals.documents import as_registered
from services.funding.service.funds.investments import Investments
from services.funding.service.funds.portfolio import portfolio
from services.funding.store import lists, schema
from services.funding.store.funds import investments
from services.kernel.errors import InvalidArgument, NotFound

_FIELDS = {
    "reason": "command.reason",
    "document": "tranche_plan.document",
    "tranches": "tranche_plan.tranches",
}


@dataclass(frozen=True)
class InvestmentRoom(investment_service_pb2_grpc.InvestmentServiceServicer):
    """The servicer."""

    house: House
    deals: Deals
    investments: Investments

    def GetInvestment(self, request: wire.GetInvestmentRequest, context: Any) -> investment_pb2.Investment:
        """One holding."""
        with self.house.database.read() as session:
            return investment_to_wire(self._open(session, request.name))

    def ListInvestments(
        self, request: wire.ListInvestmentsRequest, context: Any
    ) -> wire.ListInvestmentsResponse:
        """Holdings by filter."""
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        sight, table = Sight.of(current_call()), schema.investment
        with self.house.database.read() as session:
            shown = table.c.id.in_(select(schema.deal.c.id).where(sight.rows(session)))
            page = lists.investments().page(
                session, Investment, query, self.house.pages, sight.subject, shown
            )
            investments.load_steps(session, page.items)
            found = [investment_to_wire(each) for each in page.items]
        return wire.ListInvestmentsResponse(
            investments=found, next_page_token=page.next_page_token, total_size=page.total
        )

    def ListInvestmentActions(
        self, request: wire.ListInvestmentActionsRequest, context: Any
    ) -> wire.ListInvestmentActionsResponse:
        """Every action, permitted or not."""
        with self.house.database.read() as session:
            found = self._open(session, request.name)
            views = self.investments.actions(session, found, _actor(session, found))
        return wire.ListInvestmentActionsResponse(actions=[action_to_wire(each) for each in views])

    def ListInvestmentSteps(
        self, request: wire.ListInvestmentStepsRequest, context: Any
    ) -> wire.ListInvestmentStepsResponse:
        """The history."""
        with self.house.database.read() as session:
            found = self._open(session, request.parent, "parent")
        return wire.ListInvestmentStepsResponse(steps=[step_to_wire(each) for each in found.steps])

    def ListMarks(self, request: wire.ListMarksRequest, context: Any) -> wire.ListMarksResponse:
        """Valuations as they were known."""
        known = instant_from_wire(request.known_time) if request.HasField("known_time") else None
        with self.house.database.read() as session:
            steps = self._open(session, request.parent, "parent").steps
        found = known_marks(((each.mark, each.at, each.actor) for each in steps if each.mark), known)
        return wire.ListMarksResponse(marks=[mark_to_wire(each) for each in found])

    def GetPortfolio(self, request: wire.GetPortfolioRequest, context: Any) -> wire.Portfolio:
        """What a fund holds in all."""
        with self.house.database.read() as session:
            sight, fund_id = Sight.of(current_call()), id_of(request.name, "funds")
            within = sight.of_fund(session, fund_id)
            return portfolio_to_wire(portfolio(session, session.get_one(Fund, fund_id), within))

    def GetTranchePlan(self, request: wire.GetTranchePlanRequest, context: Any) -> investment_pb2.TranchePlan:
        """How a signed deal is paid."""
        with self.house.database.read() as session:
            deal = Sight.of(current_call()).open(session, _deal_id(request.name))
            plan = investments.plan_of(session, deal.id)
            if plan is None:
                raise NotFound.resource(request.name)
            return plan_to_wire(plan, session.get_one(Deal, plan.deal_id).version)

    def SetTranchePlan(self, request: wire.SetTranchePlanRequest, context: Any) -> investment_pb2.TranchePlan:
        """Plan how a signed deal is paid."""
        call, stated = current_call(), request.tranche_plan

        def act(session: Session) -> investment_pb2.TranchePlan:
            deal = require_acting(session, call, tuple(ROLES), _deal_id(request.name))
            check_etag(request.deal_etag, deal.version, f"deals/{deal.id}", field="deal_etag")
            tranches = tranches_of(stated.tranches)
            plan = self.investments.plan(session, deal, tranches, stated.document, call.principal.subject)
            audit(self.house, session, call, "plan-tranches", f"deals/{deal.id}")
            return plan_to_wire(plan, deal.version)

        return once(
            self.house,
            call,
            request,
            request.request_id,
            investment_pb2.TranchePlan,
            act,
            fields=_FIELDS,
        )

    def PayTranche(self, request: wire.PayTrancheRequest, context: Any) -> investment_pb2.Investment:
        """The first hand prepares, the second pays."""
        return self._take(request, InvestmentAction.PAY_TRANCHE, tranche=request.tranche_number)

    def AmendTranche(self, request: wire.AmendTrancheRequest, context: Any) -> investment_pb2.Investment:
        """调整分期."""
        terms = TrancheTerms(
            milestone=request.milestone if request.HasField("milestone") else None,
            due=date_from_wire(request.due_date) if request.HasField("due_date") else None,
        )
        number = request.tranche_number
        return self._take(request, InvestmentAction.AMEND_TRANCHE, tranche=number, terms=terms)

    def CancelTranche(self, request: wire.CancelTrancheRequest, context: Any) -> investment_pb2.Investment:
        """取消分期."""
        return self._take(request, InvestmentAction.CANCEL_TRANCHE, tranche=request.tranche_number)

    def MarkInvestment(self, request: wire.MarkInvestmentRequest, context: Any) -> investment_pb2.Investment:
        """估值."""
        return self._take(request, InvestmentAction.MARK, mark=mark_of(request.mark))

    def FlagInvestment(self, request: wire.FlagInvestmentRequest, context: Any) -> investment_pb2.Investment:
        """列入关注."""
        return self._take(request, InvestmentAction.FLAG)

    def ImpairInvestment(
        self, request: wire.ImpairInvestmentRequest, context: Any
    ) -> investment_pb2.Investment:
        """认定减值."""
        return self._take(request, InvestmentAction.IMPAIR, mark=mark_of(request.mark))

    def RestoreInvestment(
        self, request: wire.RestoreInvestmentRequest, context: Any
    ) -> investment_pb2.Investment:
        """恢复正常."""
        return self._take(request, InvestmentAction.RESTORE)

    def StartExit(self, request: wire.StartExitRequest, context: Any) -> investment_pb2.Investment:
        """启动退出."""
        return self._take(request, InvestmentAction.START_EXIT)

    def StopExit(self, request: wire.StopExitRequest, context: Any) -> investment_pb2.Investment:
        """中止退出."""
        return self._take(request, InvestmentAction.STOP_EXIT)

    def RecordExit(self, request: wire.RecordExitRequest, context: Any) -> investment_pb2.Investment:
        """退出回款."""
        return self._take(
            request,
            InvestmentAction.RECORD_EXIT,
            fen=fen_of(request, "proceeds", "") or 0,
            cost_fen=fen_of(request, "cost", "") or 0,
            exit_kind=EXITS[request.kind],
        )

    def WriteOffInvestment(
        self, request: wire.WriteOffInvestmentRequest, context: Any
    ) -> investment_pb2.Investment:
        """The first hand prepares, the second releases."""
        return self._take(request, InvestmentAction.WRITE_OFF, fen=fen_of(request, "amount", ""))

    def _open(self, session: Session, name: str, field: str = "name") -> Investment:
        """A holding, for a caller who may read the file of its deal."""
        id_ = id_of(name, "investments", field=field)
        Sight.of(current_call()).open(session, id_)
        return self.investments.get(session, id_)

    def _take(self, request: Any, action: InvestmentAction, **stated: Any) -> investment_pb2.Investment:
        call, command = current_call(), request.command

        def act(session: Session) -> investment_pb2.Investment:
            id_ = id_of(request.name, "investments")
            deal = require_acting(session, call, tuple(ROLES), id_)
            found = self.investments.get(session, id_)
            check_etag(command.etag, found.version, request.name, field="command.etag")
            order = InvestmentOrder(
                action=_hand(found, action, stated.get("tranche")),
                actor=_actor(session, found),
                at=self.house.clock.now(),
                reason=command.reason,
                evidence=as_registered(session, deal, evidence_of(command.evidence)),
                **stated,
            )
            self.investments.take(session, found, order)
            audit(self.house, session, call, order.action.name.lower(), request.name)
            return investment_to_wire(found)

        return once(
            self.house,
            call,
            request,
            command.request_id,
            investment_pb2.Investment,
            act,
            fields=_FIELDS,
        )


def _hand(investment: Investment, action: InvestmentAction, tranche: int | None) -> InvestmentAction:
    """Of two hands, the one that is due: the first is given by who may, as long as it has not been given."""
    if action not in FIRST_HAND or first_hand(investment, action, tranche) is not None:
        return action
    return FIRST_HAND[action]


def _deal_id(name: str) -> str:
    """The bare id of `deals/{id}/tranchePlan`. Raises InvalidArgument (INVALID_NAME)."""
    deal, _, last = name.rpartition("/")
    if last != "tranchePlan":
        raise InvalidArgument.field(
            "name",
            "INVALID_NAME",
            "名称应写成 deals/编号/tranchePlan",
            "the name must read deals/{id}/tranchePlan",
        )
    return id_of(deal, "deals")


def _actor(session: Session, holding: Investment) -> Actor:
    return actor_on(session, current_call(), session.get_one(Deal, holding.id))
