"""The deals of a board as a whole: what they lack for the next step, and what past deals say of them."""

from dataclasses import dataclass

from bole.funding.v1 import deal_analysis_pb2, deal_analysis_service_pb2_grpc
from bole.funding.v1 import deal_analysis_service_pb2 as wire
from services.console.backend import SECONDS
from services.console.pages.beside import Beside, beside, together
from services.console.pages.deals.asked import Asked
from services.console.web.visits import Visit
from services.wording.chances import share_in_hundredths


@dataclass(frozen=True, slots=True)
class Outlook:
    """Both answers, each with its refusal instead."""

    completion: Beside[wire.GetDealCompletionResponse]
    forecast: Beside[wire.GetDealForecastResponse]


def of(visit: Visit, asked: Asked) -> Outlook:
    """The answers for the deals that are asked about."""
    stub = visit.stub(deal_analysis_service_pb2_grpc.DealAnalysisServiceStub)
    fund, filter_ = asked.fund.name, asked.filter
    completion = wire.GetDealCompletionRequest(fund=fund, filter=filter_)
    forecast = wire.GetDealForecastRequest(fund=fund, filter=filter_)
    return Outlook(
        *together(
            lambda: beside(lambda: stub.GetDealCompletion(completion, timeout=SECONDS)),
            lambda: beside(lambda: stub.GetDealForecast(forecast, timeout=SECONDS)),
        )
    )


def share_with_bounds(found: deal_analysis_pb2.Estimated) -> str:
    """A share with its interval, in per cent."""
    value, low, high = map(share_in_hundredths, (found.value, found.low, found.high))
    return f"{value} ({low}–{high})"
