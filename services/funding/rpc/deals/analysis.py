"""DealAnalysisService: questions about deals that change nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import deal_analysis_service_pb2 as wire
from bole.funding.v1 import deal_analysis_service_pb2_grpc, screening_pb2
from services.catalogue import Catalogue
from services.chassis.filtering import parse
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.chassis.storage.paging import page_size
from services.funding.domain.deal.deal import Deal
from services.funding.domain.screening.method import sections
from services.funding.domain.screening.ranking import composite_if_verified, differences
from services.funding.rpc.asked_day import asked_day
from services.funding.rpc.deals.analysis_wire import (
    alternative_to_wire,
    completion_to_wire,
    difference_to_wire,
    forecast_to_wire,
    funnel_to_wire,
    quota_to_wire,
    section_to_wire,
    stalled_to_wire,
)
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.rpc.seeing import Sight
from services.funding.rpc.stored import screened_messages
from services.funding.rpc.wire import id_of
from services.funding.service.deals.analysis import Analysis
from services.funding.service.deals.cases import Opened, fund_with_mandate, open_cases, standing_mandate
from services.funding.service.deals.deal_flow import DealFlow
from services.funding.service.deals.screening.asking import Question
from services.funding.service.deals.screening.judging import Judged, judge
from services.funding.store.deals.screening import schema
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.repetition import repetition

_FEWEST, _MOST = 2, 6
_FIELDS = {"terms.ask_fen": "ticket", "terms.pre_money_fen": "pre_money", "terms.round_total_fen": "ticket"}


@dataclass(frozen=True)
class AnalysisRoom(deal_analysis_service_pb2_grpc.DealAnalysisServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    analysis: Analysis
    flow: DealFlow

    def SimulateDeal(self, request: wire.SimulateDealRequest, context: Any) -> wire.SimulateDealResponse:
        """What if."""
        as_of = asked_day(request, self.house.clock)
        ask, pre_money = fen_of(request, "ticket", ""), fen_of(request, "pre_money", "")
        with self.house.database.read() as session:
            deal = self._deal(session, request.name, "name")
            try:
                found = self.analysis.simulate(session, deal, ask, pre_money, as_of)
            except InvalidArgument as error:
                raise error.renamed(_FIELDS) from None
            screened = self._message(session, found.opened)
        return wire.SimulateDealResponse(
            screened=screened,
            headroom_before=yuan(found.headroom_before),
            headroom_after=yuan(found.headroom_after),
            quotas=[quota_to_wire(each) for each in found.quotas],
            alternatives=[alternative_to_wire(each) for each in found.alternatives],
            as_of_date=date_to_wire(as_of),
            mandate_revision=found.mandate.revision,
        )

    def GetFundHeadroom(
        self, request: wire.GetFundHeadroomRequest, context: Any
    ) -> wire.GetFundHeadroomResponse:
        """What is left of a fund."""
        as_of = asked_day(request, self.house.clock)
        what_if = [
            (
                id_of(each.deal, "deals", field=f"what_if[{at}].deal"),
                fen_of(each, "ticket", f"what_if[{at}]."),
            )
            for at, each in enumerate(request.what_if)
        ]
        with self.house.database.read() as session:
            for each in request.what_if:
                self._deal(session, each.deal, "what_if")
            fund_id = id_of(request.name, "funds")
            Sight.of(current_call()).fund(session, fund_id)
            found = self.analysis.headroom(session, fund_id, what_if, as_of)
        return wire.GetFundHeadroomResponse(
            headroom_before=yuan(found.before),
            headroom_after=yuan(found.after),
            quotas=[quota_to_wire(each) for each in found.quotas],
            as_of_date=date_to_wire(as_of),
            mandate_revision=found.mandate.revision,
            recycled=yuan(found.recycled),
            recycling_max=yuan(found.recycling_max),
            counted=yuan(found.counted),
        )

    def ExplainRank(self, request: wire.ExplainRankRequest, context: Any) -> wire.ExplainRankResponse:
        """Why this rank."""
        today = civil_date(self.house.clock.now())
        with self.house.database.read() as session:
            mine = self._deal(session, request.name, "name")
            other = self._deal(session, request.versus, "versus")
            if mine.fund_id != other.fund_id:
                raise InvalidArgument.field(
                    "versus",
                    "OTHER_FUND",
                    "两个项目须属于同一基金，排名才可比较",
                    "both deals must be of one fund: ranks of two funds cannot be compared",
                )
            rank, versus_rank, total = self.analysis.ranks(session, mine, other)
            ours, theirs = (self._judged(session, each, today) for each in (mine, other))
        scores, others = ours.screening.scores, theirs.screening.scores
        return wire.ExplainRankResponse(
            rank=rank,
            versus_rank=versus_rank,
            deal_count=total,
            composite=scores.composite,
            versus_composite=others.composite,
            composite_if_verified=composite_if_verified(ours.opened.case),
            dimensions=[difference_to_wire(each) for each in differences(scores, others)],
            blocking=ours.screening.blocking,
            versus_blocking=theirs.screening.blocking,
        )

    def CompareDeals(self, request: wire.CompareDealsRequest, context: Any) -> wire.CompareDealsResponse:
        """Side by side."""
        names, as_of = list(request.names), asked_day(request, self.house.clock)
        twice = repetition("names", names)
        if twice or not _FEWEST <= len(names) <= _MOST:
            raise InvalidArgument.field(
                "names",
                "TWO_TO_SIX",
                f"请给出{_FEWEST}至{_MOST}个不同的项目" + (f"：{twice.zh}" if twice else ""),
                f"name {_FEWEST} to {_MOST} different deals" + (f": {twice.en}" if twice else ""),
            )
        with self.house.database.read() as session:
            deals = [self._deal(session, name, "names") for name in names]
            judged = [self._judged(session, each, as_of) for each in deals]
            messages = screened_messages(session, judged)
        return wire.CompareDealsResponse(deals=messages, as_of_date=date_to_wire(as_of))

    def GetPipelineFunnel(
        self, request: wire.GetPipelineFunnelRequest, context: Any
    ) -> wire.GetPipelineFunnelResponse:
        """How far a cohort came."""
        fund_id = id_of(request.fund, "funds", field="fund") if request.fund else None
        begins, ends = date_from_wire(request.from_date), date_from_wire(request.until_date)
        with self.house.database.read() as session:
            sight = Sight.of(current_call())
            if fund_id is not None:
                sight.fund(session, fund_id)
            seen = sight.rows(session)
            return funnel_to_wire(self.analysis.funnel(session, fund_id, begins, ends, seen))

    def ListStalledDeals(
        self, request: wire.ListStalledDealsRequest, context: Any
    ) -> wire.ListStalledDealsResponse:
        """Deals over their time."""
        call, method, tokens = current_call(), "ListStalledDeals", self.house.pages
        size, bound = page_size(request.page_size, 50, 500), {"fund": request.fund}
        subject = call.principal.subject
        cursor = tokens.read(request.page_token, method=method, query=bound, subject=subject)
        with self.house.database.read() as session:
            sight, now, fund_id = (
                Sight.of(call),
                self.house.clock.now(),
                id_of(request.fund, "funds", field="fund"),
            )
            sight.fund(session, fund_id)
            found = self.analysis.stalled(session, fund_id, sight.rows(session), now)
        start = int(str(cursor[0])) if cursor else 0
        token = ""
        if len(found) > start + size:
            token = tokens.issue([start + size], method=method, query=bound, subject=subject)
        return wire.ListStalledDealsResponse(
            stalled_deals=[stalled_to_wire(each) for each in found[start : start + size]],
            next_page_token=token,
            total_size=len(found),
        )

    def GetDealCompletion(
        self, request: wire.GetDealCompletionRequest, context: Any
    ) -> wire.GetDealCompletionResponse:
        """What the deals of every stage lack."""
        with self.house.database.read() as session:
            asked, now = self._asked(session, request.fund, request.filter), self.house.clock.now()
            return completion_to_wire(self.flow.completion(session, asked, now))

    def GetDealForecast(
        self, request: wire.GetDealForecastRequest, context: Any
    ) -> wire.GetDealForecastResponse:
        """What past deals say of the board."""
        with self.house.database.read() as session:
            asked, now = self._asked(session, request.fund, request.filter), self.house.clock.now()
            seen = Sight.of(current_call()).rows(session)
            return forecast_to_wire(self.flow.forecast(session, asked, seen, now))

    def GetScreeningMethod(
        self, request: wire.GetScreeningMethodRequest, context: Any
    ) -> wire.GetScreeningMethodResponse:
        """The method in words."""
        mandate = None
        if request.fund:
            fund_id = id_of(request.fund, "funds", field="fund")
            with self.house.database.read() as session:
                Sight.of(current_call()).fund(session, fund_id)
                fund_with_mandate(session, fund_id)
                mandate = standing_mandate(session, fund_id, civil_date(self.house.clock.now()))
        return wire.GetScreeningMethodResponse(
            sections=[section_to_wire(*each) for each in sections(mandate)]
        )

    def _asked(self, session: Session, fund: str, filter_: str) -> Question:
        """The deals of a fund that the caller may see and that a filter leaves."""
        expression = parse(filter_, schema(self.catalogue))
        fund_id = id_of(fund, "funds", field="fund")
        only = Sight.of(current_call()).of_fund(session, fund_id)
        return Question(fund_id=fund_id, expression=expression, only=only, at=self.house.clock.now())

    def _deal(self, session: Session, name: str, field: str) -> Deal:
        """The deal, for a caller who may read its file."""
        return Sight.of(current_call()).open(session, id_of(name, "deals", field=field))

    def _judged(self, session: Session, deal: Deal, as_of: date) -> Judged:
        fund, mandate = fund_with_mandate(session, deal.fund_id, as_of)
        return judge(next(open_cases(session, self.catalogue, fund, mandate, as_of, deal.id)), self.catalogue)

    def _message(self, session: Session, opened: Opened) -> screening_pb2.ScreenedDeal:
        return screened_messages(session, [judge(opened, self.catalogue)])[0]
