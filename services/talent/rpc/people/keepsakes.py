"""ShortageAnalysisService, what it keeps: published forecasts and recruitment plans."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import shortage_analysis_pb2 as messages
from bole.talent.v1 import shortage_analysis_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.storage.listing import Query
from services.kernel.clock import civil_date
from services.talent.domain.shortage.outlook.records import PublishedForecast, RecruitmentPlan
from services.talent.rpc.shortage.analysis_wire import forecast_to_wire, means_from_wire, plan_to_wire
from services.talent.rpc.shortage.reading import MapReader, Reading
from services.talent.rpc.shortage.shortage_wire import CellWire
from services.talent.rpc.wire import id_of
from services.talent.service.shortage.analysis import Analysis, Proposed, TurnedOut
from services.talent.store.shortage import analysis as store

_QUARTERS = 4
R = TypeVar("R", bound=Message)


@dataclass(frozen=True)
class Keepsakes:
    """Handlers of what is written once and looked at again later."""

    reader: MapReader
    cells: CellWire
    analysis: Analysis
    house: House

    def AllocateRecruitment(
        self, request: wire.AllocateRecruitmentRequest, context: Any
    ) -> messages.RecruitmentPlan:
        """Propose a plan, and keep it unless it is only tried."""
        addresses = list(self.cells.grid(request.rows, request.columns, request.scope))

        def propose(session: Session) -> Proposed:
            found = self._today(session)
            means = means_from_wire(request.means, found.table.method)
            quarters = request.quarters_ahead or _QUARTERS
            return self.analysis.propose(
                found.table, addresses, means, quarters, _origin(found), current_call().principal.subject
            )

        def act(session: Session) -> tuple[str, messages.RecruitmentPlan]:
            proposed = propose(session)
            self.analysis.keep(session, proposed)
            return f"recruitmentPlans/{proposed.plan.id}", self._plan(proposed, whole=True)

        if request.validate_only:
            with self.house.database.read() as session:
                return plan_to_wire(self.cells, propose(session), kept=False, whole=True)
        return self._once("allocate", request, messages.RecruitmentPlan, act)

    def GetRecruitmentPlan(
        self, request: wire.GetRecruitmentPlanRequest, context: Any
    ) -> messages.RecruitmentPlan:
        """One plan."""
        id_ = id_of(request.name, "recruitmentPlans")
        with self.house.database.read() as session:
            today = civil_date(self.house.clock.now())
            return self._plan(self.analysis.plan(session, id_, today), whole=True)

    def ListRecruitmentPlans(
        self, request: wire.ListRecruitmentPlansRequest, context: Any
    ) -> wire.ListRecruitmentPlansResponse:
        """Plans."""
        query = Query("", "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            subject = current_call().principal.subject
            page = store.plans().page(session, RecruitmentPlan, query, self.house.pages, subject)
            plans = [self._plan(Proposed(each, ()), whole=False) for each in page.items]
        return wire.ListRecruitmentPlansResponse(
            plans=plans, next_page_token=page.next_page_token, total_size=page.total
        )

    def PublishShortageForecast(
        self, request: wire.PublishShortageForecastRequest, context: Any
    ) -> messages.ShortageForecast:
        """Publish a forecast."""
        addresses = list(self.cells.grid(request.rows, request.columns, request.scope))

        def act(session: Session) -> tuple[str, messages.ShortageForecast]:
            found = self._today(session)
            published = self.analysis.publish(
                session,
                found.table,
                addresses,
                request.quarters_ahead or _QUARTERS,
                _origin(found),
                current_call().principal.subject,
            )
            name = f"shortageForecasts/{published.forecast.id}"
            return name, forecast_to_wire(self.cells, published, whole=True)

        return self._once("publish", request, messages.ShortageForecast, act)

    def GetShortageForecast(
        self, request: wire.GetShortageForecastRequest, context: Any
    ) -> messages.ShortageForecast:
        """One published forecast."""
        id_ = id_of(request.name, "shortageForecasts")
        with self.house.database.read() as session:
            today = civil_date(self.house.clock.now())
            return forecast_to_wire(self.cells, self.analysis.forecast(session, id_, today), whole=True)

    def ListShortageForecasts(
        self, request: wire.ListShortageForecastsRequest, context: Any
    ) -> wire.ListShortageForecastsResponse:
        """Published forecasts."""
        query = Query("", "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            subject = current_call().principal.subject
            page = store.forecasts().page(session, PublishedForecast, query, self.house.pages, subject)
            forecasts = [
                forecast_to_wire(self.cells, TurnedOut(each, (), None), whole=False) for each in page.items
            ]
        return wire.ListShortageForecastsResponse(
            forecasts=forecasts, next_page_token=page.next_page_token, total_size=page.total
        )

    def _plan(self, proposed: Proposed, *, whole: bool) -> messages.RecruitmentPlan:
        return plan_to_wire(self.cells, proposed, kept=True, whole=whole)

    def _today(self, session: Session) -> Reading:
        return self.reader.within(session, civil_date(self.house.clock.now()))

    def _once(self, action: str, request: Any, kind: type[R], act: Callable[[Session], tuple[str, R]]) -> R:
        """Act once per request id, with an entry in the audit trail."""
        call = current_call()
        with self.house.database.write() as session:

            def answer() -> R:
                name, message = act(session)
                self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                return message

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(session, caller, request.request_id, request, kind, answer)


def _origin(found: Reading) -> str:
    return "SYNTHETIC" if found.origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC else "REAL"
