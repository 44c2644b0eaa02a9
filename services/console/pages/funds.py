"""Funds: what each has, whose it is, what is left of every limit, and what is counted twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bole.funding.v1 import (
    capital_service_pb2,
    deal_analysis_pb2,
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    fund_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import date_to_wire, money_from_wire
from services.console.backend import SECONDS
from services.console.pages import fund_capital, origins
from services.console.pages.beside import beside
from services.console.pages.called import called
from services.console.pages.deals.asked import funds_of
from services.console.web.answering import Desk
from services.console.web.refusals import status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.clock import civil_date

_STALLED = 20
_JOURNALS = 15
_WHOLE = 200.0
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Limit:
    """A quota as it is drawn: shares and limit in per cent, and as lengths on a scale of `_WHOLE`. `parts`: what the
    share is of what, in fen.
    """

    quota: deal_analysis_pb2.Quota
    share: str
    after: str
    limit: str
    used: float
    at: float
    parts: tuple[int, int] | None = None


def routes(desk: Desk) -> list[Route]:
    """The pages of funds."""
    return [
        Route("/funds", desk.endpoint(show_all)),
        Route("/funds/{id:str}", desk.endpoint(show)),
        *fund_capital.routes(desk, _page),
    ]


def show_all(visit: Visit) -> Response:
    """Every fund that the visitor sees, and all of them looked through."""
    funds = funds_of(visit)
    capital = fund_capital.stub_of(visit)
    return render(
        visit,
        "funds/list.html",
        active="funds",
        synthetic=origins.among(visit, funds),
        funds=funds,
        names={each.name: each.display_name for each in funds},
        twice=twice,
        through=beside(
            lambda: capital.GetLookThrough(capital_service_pb2.GetLookThroughRequest(), timeout=SECONDS)
        ),
    )


def twice(through: capital_service_pb2.GetLookThroughResponse) -> int:
    """What is counted twice in the size of some funds, in fen: the sum of its lines."""
    return sum(money_from_wire(each.amount).fen for each in through.eliminations)


def show(visit: Visit) -> Response:
    """One fund."""
    return _page(visit)


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    name = f"funds/{visit.part('id')}"
    stub = visit.stub(fund_service_pb2_grpc.FundServiceStub)
    fund = stub.GetFund(fund_service_pb2.GetFundRequest(name=name), timeout=SECONDS)
    limits = _limits(visit, name)
    return render(
        visit,
        "funds/fund.html",
        status_of(problem),
        problem=problem,
        sent=visit.path.rpartition("/")[2] if problem else "",
        active="funds",
        synthetic=origins.is_sample(fund),
        fund=fund,
        twice=twice,
        **_capital(visit, name),
        **limits,
        unnamed=_unnamed(fund, limits["headroom"].answer),
        heaviest=called(visit, [each.quota.firm for each in limits["limits"] if each.quota.firm]),
    )


def _capital(visit: Visit, name: str) -> dict[str, Any]:
    """Whose the capital is, what came in, and the ledger."""
    stub, wire = fund_capital.stub_of(visit), capital_service_pb2
    return {
        "names": {each.name: each.display_name for each in funds_of(visit)},
        **fund_capital.capital_of(visit, name),
        "balances": beside(
            lambda: stub.GetLedgerBalances(wire.GetLedgerBalancesRequest(name=name), timeout=SECONDS)
        ),
        "journals": beside(
            lambda: (
                stub.ListJournals(
                    wire.ListJournalsRequest(parent=name, page_size=_JOURNALS), timeout=SECONDS
                ).journals
            )
        ),
        "through": beside(
            lambda: stub.GetLookThrough(wire.GetLookThroughRequest(funds=[name]), timeout=SECONDS)
        ),
        "leverage": beside(lambda: stub.GetLeverage(wire.GetLeverageRequest(name=name), timeout=SECONDS)),
    }


def _limits(visit: Visit, name: str) -> dict[str, Any]:
    """What is left of the limits, which deals stand still, how far a year's deals came, and by what method."""
    stub, wire = visit.stub(deal_analysis_service_pb2_grpc.DealAnalysisServiceStub), deal_analysis_service_pb2
    headroom = beside(lambda: stub.GetFundHeadroom(wire.GetFundHeadroomRequest(name=name), timeout=SECONDS))
    today = civil_date(visit.now)
    cohort = wire.GetPipelineFunnelRequest(
        fund=name,
        from_date=date_to_wire(today - _YEAR),
        until_date=date_to_wire(today + timedelta(days=1)),
    )
    return {
        "funnel": beside(lambda: stub.GetPipelineFunnel(cohort, timeout=SECONDS)),
        "method": beside(
            lambda: (
                stub.GetScreeningMethod(wire.GetScreeningMethodRequest(fund=name), timeout=SECONDS).sections
            )
        ),
        "headroom": headroom,
        "limits": drawn(headroom.answer.quotas) if headroom.answer else [],
        "stalled": beside(
            lambda: stub.ListStalledDeals(
                wire.ListStalledDealsRequest(fund=name, page_size=_STALLED), timeout=SECONDS
            )
        ),
    }


def drawn(quotas: Sequence[deal_analysis_pb2.Quota]) -> list[Limit]:
    """Quotas with their shares in per cent; a share that is unknown has no bar."""
    found = []
    for each in quotas:
        share = Fraction(each.before) if each.before else None
        limit = Fraction(each.limit) if each.limit else None
        most = max([one for one in (share, limit) if one is not None] + [Fraction(1, 100)])
        scale = _WHOLE / float(max(most * Fraction(11, 10), Fraction(1, 100)))
        after = Fraction(each.after) if each.after else None
        found.append(
            Limit(
                each,
                _per_cent(share),
                _per_cent(after),
                _per_cent(limit),
                round(float(share or 0) * scale, 1),
                round(float(limit or 0) * scale, 1),
                _parts(each.before),
            )
        )
    return found


def _parts(share: str) -> tuple[int, int] | None:
    """Part and whole of a share as the contract writes it; None without one."""
    part, _, whole = share.partition("/")
    return (int(part), int(whole)) if whole else None


def _unnamed(fund: fund_pb2.Fund, headroom: deal_analysis_service_pb2.GetFundHeadroomResponse | None) -> int:
    """What the fund holds or has promised without a firm by name, in fen: it was brought along, or other funds are
    owed it. 0 where what exits brought back stands in the fund's figures, which no longer tell the two apart.
    """
    if headroom is None or money_from_wire(fund.recycled).fen:
        return 0
    held = money_from_wire(fund.reserved).fen + money_from_wire(fund.committed).fen
    return max(held - money_from_wire(headroom.counted).fen, 0)


def _per_cent(share: Fraction | None) -> str:
    return "—" if share is None else f"{float(share * 100):.1f}%"
