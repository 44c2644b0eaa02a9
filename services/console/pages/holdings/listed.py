"""What funds hold, by fund and state; of one fund also what it holds in all, which reports are owed, and alerts."""

from typing import Any

from starlette.responses import Response

from bole.funding.v1 import (
    indicator_pb2,
    indicator_service_pb2,
    indicator_service_pb2_grpc,
    investment_service_pb2_grpc,
)
from bole.funding.v1 import investment_service_pb2 as service
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import beside, together
from services.console.pages.called import called
from services.console.pages.deals.asked import funds_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.wording.holdings import STATES


def show(visit: Visit) -> Response:
    """The page, the newest holdings first."""
    state = lists.one_of(visit, "state", [each.removeprefix("STATE_") for each in STATES])
    fund = visit.get("fund")
    request = service.ListInvestmentsRequest(
        filter=lists.condition({"fund": fund, "state": state}),
        order_by="close_date desc",
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
    )
    stub = visit.stub(investment_service_pb2_grpc.InvestmentServiceStub)
    found, funds, own = together(
        lambda: stub.ListInvestments(request, timeout=SECONDS),
        lambda: funds_of(visit),
        lambda: _of_fund(visit, fund),
    )
    alerts = own["alerts"].answer or () if fund else ()
    pressing = [*own["by_firm"], *(each.firm for each in alerts)]
    return render(
        visit,
        "holdings/list.html",
        active="deals",
        tab="holdings",
        found=found.investments,
        total=found.total_size,
        funds={each.name: each.display_name for each in funds},
        fund=fund,
        state=state,
        states={code.removeprefix("STATE_"): said for code, said in STATES.items()},
        firms=called(visit, [*(each.firm for each in found.investments), *pressing]),
        pages={each.firm: each.name for each in reversed(found.investments)},
        synthetic=origins.among(visit, found.investments),
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
        **own,
    )


def _of_fund(visit: Visit, fund: str) -> dict[str, Any]:
    """What stands above the holdings of one fund; nothing above those of all."""
    if not fund:
        return {"portfolio": None, "owed": None, "by_firm": {}, "alerts": None}
    holdings = visit.stub(investment_service_pb2_grpc.InvestmentServiceStub)
    reports = visit.stub(indicator_service_pb2_grpc.IndicatorServiceStub)
    wire = indicator_service_pb2
    portfolio, owed, alerts = together(
        lambda: beside(
            lambda: holdings.GetPortfolio(service.GetPortfolioRequest(name=fund), timeout=SECONDS)
        ),
        lambda: beside(
            lambda: (
                reports.ListIndicatorRequests(
                    wire.ListIndicatorRequestsRequest(parent=fund, open_only=True), timeout=SECONDS
                ).requests
            )
        ),
        lambda: beside(
            lambda: (
                reports.ListIndicatorAlerts(
                    wire.ListIndicatorAlertsRequest(parent=fund), timeout=SECONDS
                ).alerts
            )
        ),
    )
    by_firm: dict[str, list[indicator_pb2.IndicatorRequest]] = {}
    for each in sorted(owed.answer or (), key=lambda one: one.period):
        by_firm.setdefault(each.firm, []).append(each)
    return {"portfolio": portfolio, "owed": owed, "by_firm": by_firm, "alerts": alerts}
