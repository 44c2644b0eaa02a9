"""DealService: deals and their steps. Every verb is the same machine with another action."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import deal_action_pb2, deal_pb2, deal_service_pb2_grpc
from bole.funding.v1 import deal_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, date_from_wire, version_of
from services.chassis.searching.terms import Words
from services.chassis.storage.listing import Query
from services.funding.domain.deal import recusal
from services.funding.domain.deal.actions import Action, DeclineCode
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.guards import preparer
from services.funding.domain.deal.machine import ActionView
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Step
from services.funding.rpc.action_wire import action_to_wire
from services.funding.rpc.deals.acting import actor_on, require_acting, require_fund
from services.funding.rpc.deals.fields import TERMS, in_words_of_the_request
from services.funding.rpc.firms.hiring_wire import plan_of
from services.funding.rpc.seeing import Sight, card
from services.funding.rpc.stored import deal_messages
from services.funding.rpc.wire import deal_terms, evidence_of, id_of, lead_of, transition_to_wire
from services.funding.service.deals.deal_changes import changes_since
from services.funding.service.deals.deal_terms import Stated, restate
from services.funding.service.deals.deals import ROLES, Deals
from services.funding.service.deals.documents import as_registered
from services.funding.store import lists, schema
from services.funding.store.deals.committee_lists import cards
from services.funding.store.firms.findable import Findable
from services.kernel.errors import Aborted, InvalidArgument

_HANDS = {
    Action.SIGN: (DealState.APPROVED, Action.PREPARE_SIGNING),
    Action.CLOSE: (DealState.SIGNED, Action.PREPARE_CLOSING),
}
KEEPERS = ("fund_manager", "fund_analyst")
_INTERNAL = (Action.PASS_INTERNAL, Action.DECLINE, Action.RETURN_TO_DUE_DILIGENCE)
_EXTERNAL = (Action.APPROVE, Action.DECLINE, Action.RETURN_TO_INTERNAL)


@dataclass(frozen=True)
class DealRoom(deal_service_pb2_grpc.DealServiceServicer):
    """The servicer."""

    house: House
    deals: Deals
    catalogue: Catalogue

    @cached_property
    def words(self) -> Words:
        """What people type, by the names of the catalogue."""
        return Words(self.catalogue)

    def GetDeal(self, request: wire.GetDealRequest, context: Any) -> deal_pb2.Deal:
        """One deal."""
        sight = Sight.of(current_call())
        with self.house.database.read() as session:
            deal = sight.find(session, id_of(request.name, "deals"))
            [message] = deal_messages(session, [deal])
            return sight.shown(session, deal, message)

    def ListDeals(self, request: wire.ListDealsRequest, context: Any) -> wire.ListDealsResponse:
        """Deals by filter."""
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        sight = Sight.of(current_call())
        with self.house.database.read() as session:
            named = Findable(session, self.words, schema.deal.c.firm_id)
            listing = cards() if sight.outsider else lists.deals(named)
            rows = sight.rows(session)
            page = listing.page(session, Deal, query, self.house.pages, sight.subject, rows)
            messages = deal_messages(session, page.items)
        return wire.ListDealsResponse(
            deals=[card(each) for each in messages] if sight.outsider else messages,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreateDeal(self, request: wire.CreateDealRequest, context: Any) -> deal_pb2.Deal:
        """Register a lead."""
        call = current_call()

        def act(session: Session) -> Deal:
            lead = lead_of(request.deal)
            if request.deal.HasField("hiring_plan"):
                plan = plan_of(request.deal.hiring_plan, self.catalogue, "deal.hiring_plan")
                lead = replace(lead, hiring_plan=plan)
            require_fund(session, call, ROLES, lead.fund_id)
            if lead.firm_id in Sight.of(call).recused_firms(session):
                raise recusal.refusal()
            return self.deals.open(session, lead, call.principal.subject)

        return self._once(call, "create", request, request.request_id, act)

    def SetHiringPlan(self, request: wire.SetHiringPlanRequest, context: Any) -> deal_pb2.Deal:
        """用人计划."""
        call = current_call()

        def act(session: Session) -> Deal:
            deal = require_acting(session, call, tuple(ROLES), id_of(request.name, "deals"))
            self._check_etag(session, request.etag, deal, request.name, "etag")
            given = request.hiring_plan if request.HasField("hiring_plan") else None
            plan = None if given is None else plan_of(given, self.catalogue, "hiring_plan")
            self.deals.plan_hiring(session, deal, plan, call.principal.subject)
            return deal

        return self._once(call, "plan-hiring", request, request.request_id, act)

    def SetDealParties(self, request: wire.SetDealPartiesRequest, context: Any) -> deal_pb2.Deal:
        """项目组与企业代表."""
        call, given = current_call(), request.parties

        def act(session: Session) -> Deal:
            deal = require_acting(session, call, KEEPERS, id_of(request.name, "deals"))
            self._check_etag(session, request.etag, deal, request.name, "etag")
            parties = Parties(tuple(given.team), tuple(given.representatives), tuple(given.scouts))
            self.deals.set_parties(session, deal, parties, call.principal.subject)
            return deal

        return self._once(call, "set-parties", request, request.request_id, act)

    def SetDealTerms(self, request: wire.SetDealTermsRequest, context: Any) -> deal_pb2.Deal:
        """交易条件."""
        call, given = current_call(), request.terms

        def act(session: Session) -> Deal:
            deal = require_acting(session, call, KEEPERS, id_of(request.name, "deals"))
            self._check_etag(session, request.etag, deal, request.name, "etag")
            stated = Stated(
                deal_terms(given, "terms."),
                given.owner,
                given.expert_rating if given.HasField("expert_rating") else None,
            )
            with in_words_of_the_request(TERMS):
                restate(self.deals, session, deal, stated, call.principal.subject)
            return deal

        return self._once(call, "set-terms", request, request.request_id, act)

    def ReopenDeal(self, request: wire.ReopenDealRequest, context: Any) -> deal_pb2.Deal:
        """重启."""
        call = current_call()

        def act(session: Session) -> Deal:
            deal = require_acting(session, call, KEEPERS, id_of(request.name, "deals"))
            self._check_etag(session, request.etag, deal, request.name, "etag")
            return self.deals.reopen(session, deal, request.reason, call.principal.subject)

        return self._once(call, "reopen", request, request.request_id, act)

    def _check_etag(self, session: Session, etag: str, deal: Deal, name: str, field: str) -> None:
        """Raise as `check_etag` does; of a stale one the error says what has changed since."""
        try:
            check_etag(etag, deal.version, name, field=field)
        except Aborted as error:
            since = version_of(etag, field=field)
            changes = changes_since(session, self.house.tables.history, deal, since)
            raise Aborted(error.text, reason=error.reason, metadata={**error.metadata, **changes}) from None

    def ListDealActions(
        self, request: wire.ListDealActionsRequest, context: Any
    ) -> wire.ListDealActionsResponse:
        """Every action, permitted or not."""
        call = current_call()
        with self.house.database.read() as session:
            deal = Sight.of(call).open(session, id_of(request.name, "deals"))
            views = self.deals.actions(session, deal, actor_on(session, call, deal))
        shown = [view for view in views if view.action is not Action.IMPORT]
        return wire.ListDealActionsResponse(actions=[_view(each) for each in shown])

    def ListDealTransitions(
        self, request: wire.ListDealTransitionsRequest, context: Any
    ) -> wire.ListDealTransitionsResponse:
        """The history."""
        with self.house.database.read() as session:
            deal = Sight.of(current_call()).open(session, id_of(request.name, "deals"))
        return wire.ListDealTransitionsResponse(
            transitions=[transition_to_wire(each) for each in deal.transitions]
        )

    def SubmitDeal(self, request: wire.SubmitDealRequest, context: Any) -> deal_pb2.Deal:
        """申报."""
        return self._take(request, Action.SUBMIT)

    def StartScreening(self, request: wire.StartScreeningRequest, context: Any) -> deal_pb2.Deal:
        """初审."""
        return self._take(request, Action.START_SCREENING)

    def RequestInformation(self, request: wire.RequestInformationRequest, context: Any) -> deal_pb2.Deal:
        """要求补充材料."""
        return self._take(request, Action.REQUEST_INFORMATION)

    def AnswerInformation(self, request: wire.AnswerInformationRequest, context: Any) -> deal_pb2.Deal:
        """提交补充材料."""
        return self._take(request, Action.ANSWER_INFORMATION)

    def InitiateDeal(self, request: wire.InitiateDealRequest, context: Any) -> deal_pb2.Deal:
        """立项."""
        return self._take(request, Action.INITIATE)

    def StartDueDiligence(self, request: wire.StartDueDiligenceRequest, context: Any) -> deal_pb2.Deal:
        """启动尽调."""
        return self._take(request, Action.START_DUE_DILIGENCE)

    def SubmitToCommittee(self, request: wire.SubmitToCommitteeRequest, context: Any) -> deal_pb2.Deal:
        """提交内部投决."""
        return self._take(request, Action.SUBMIT_TO_COMMITTEE)

    def DecideInternal(self, request: wire.DecideInternalRequest, context: Any) -> deal_pb2.Deal:
        """内部投决."""
        return self._take(request, _INTERNAL[request.decision - 1])

    def DecideExternal(self, request: wire.DecideExternalRequest, context: Any) -> deal_pb2.Deal:
        """外部投决."""
        return self._take(request, _EXTERNAL[request.decision - 1])

    def SignDeal(self, request: wire.SignDealRequest, context: Any) -> deal_pb2.Deal:
        """签约: the first hand prepares, the second signs."""
        return self._take(request, Action.SIGN)

    def CloseDeal(self, request: wire.CloseDealRequest, context: Any) -> deal_pb2.Deal:
        """出资: the first hand prepares, the second closes."""
        return self._take(request, Action.CLOSE)

    def DeclineDeal(self, request: wire.DeclineDealRequest, context: Any) -> deal_pb2.Deal:
        """否决."""
        return self._take(request, Action.DECLINE)

    def WithdrawDeal(self, request: wire.WithdrawDealRequest, context: Any) -> deal_pb2.Deal:
        """撤回."""
        return self._take(request, Action.WITHDRAW)

    def HoldDeal(self, request: wire.HoldDealRequest, context: Any) -> deal_pb2.Deal:
        """暂缓."""
        return self._take(request, Action.HOLD)

    def ResumeDeal(self, request: wire.ResumeDealRequest, context: Any) -> deal_pb2.Deal:
        """恢复."""
        return self._take(request, Action.RESUME)

    def LapseDeal(self, request: wire.LapseDealRequest, context: Any) -> deal_pb2.Deal:
        """失效."""
        return self._take(request, Action.LAPSE)

    def _take(self, request: Any, action: Action) -> deal_pb2.Deal:
        call, command = current_call(), request.command

        def act(session: Session) -> Deal:
            deal = require_acting(session, call, tuple(ROLES), id_of(request.name, "deals"))
            self._check_etag(session, command.etag, deal, request.name, "command.etag")
            step = Step(
                action=_hand(deal, action),
                actor=actor_on(session, call, deal),
                at=self.house.clock.now(),
                reason=command.reason,
                evidence=as_registered(session, deal, evidence_of(command.evidence)),
                review_on=date_from_wire(request.review_date) if action is Action.HOLD else None,
                decline_codes=_codes(request, action),
            )
            self.deals.take(session, deal, step, getattr(request, "conditions", ""))
            return deal

        return self._once(call, action.name.lower(), request, command.request_id, act)

    def _once(
        self,
        call: Call,
        action: str,
        request: Any,
        request_id: str,
        act: Callable[[Session], Deal],
    ) -> deal_pb2.Deal:
        with in_words_of_the_request(), self.house.database.write() as session:

            def answer() -> deal_pb2.Deal:
                deal = act(session)
                name = f"deals/{deal.id}"
                self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                [message] = deal_messages(session, [deal])
                return Sight.of(call).shown(session, deal, message)

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(session, caller, request_id, request, deal_pb2.Deal, answer)


def _hand(deal: Deal, action: Action) -> Action:
    """Of two hands, the one that is due: the second only once the first has been given."""
    state, first = _HANDS.get(action, (None, action))
    return first if deal.state is state and preparer(deal, first) is None else action


def _codes(request: Any, action: Action) -> tuple[DeclineCode, ...]:
    if action is not Action.DECLINE:
        return ()
    code = getattr(request, "reason_code", "") or DeclineCode.OTHER.name
    if code not in DeclineCode.__members__:
        known = ", ".join(DeclineCode.__members__)
        raise InvalidArgument.field(
            "reason_code", "UNKNOWN_REASON", f"没有否决原因 {code[:40]}，可用：{known}", f"use one of {known}"
        )
    return (DeclineCode[code],)


def _view(view: ActionView) -> deal_action_pb2.DealAction:
    return action_to_wire(view, f"STATE_{view.target.name}" if view.target else "")
