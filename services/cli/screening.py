"""`bole deal screen`: one fund's deal flow by its mandate, with what speaks for and against each deal."""

from typing import Any

from google.type.money_pb2 import Money as WireMoney
from rich.text import Text as RichText

from bole.funding.v1 import fund_pb2, fund_service_pb2, fund_service_pb2_grpc
from bole.funding.v1 import screening_pb2 as screening
from bole.funding.v1 import screening_service_pb2 as service
from bole.funding.v1 import screening_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import money_from_wire
from services.cli import wording
from services.cli.output import Column
from services.cli.session import Session
from services.kernel.text import Language, Text

Outcome = screening.CheckResult.Outcome
_COLUMNS = (
    Column("deal", Text("企业", "firm")),
    Column("state", Text("状态", "state")),
    Column("ticket", Text("拟投", "ticket"), right=True),
    Column("eligible", Text("合规", "eligible")),
    Column("composite", Text("综合", "score"), right=True),
    Column("early", Text("早", "early"), right=True),
    Column("small", Text("小", "small"), right=True),
    Column("long", Text("长", "long"), right=True),
    Column("hard", Text("硬", "hard"), right=True),
    Column("for", Text("支持理由", "for")),
    Column("against", Text("反对理由", "against")),
)
_REASONS_SHOWN = 2


def list_funds(session: Session) -> list[fund_pb2.Fund]:
    """All funds the caller may see, at most 500."""
    stub = fund_service_pb2_grpc.FundServiceStub(session.channel("funding"))
    return list(stub.ListFunds(fund_service_pb2.ListFundsRequest(page_size=500), timeout=30).funds)


def screen(
    session: Session,
    fund: str,
    filter_: str = "",
    order_by: str = "",
    limit: int = 10,
    facets: tuple[str, ...] = (),
) -> service.ScreenDealsResponse:
    """One fund's deals, best first."""
    stub = service_grpc.ScreeningServiceStub(session.channel("funding"))
    request = service.ScreenDealsRequest(
        fund=fund, filter=filter_, order_by=order_by, page_size=limit, facets=facets
    )
    return stub.ScreenDeals(request, timeout=60)


def amount(money: WireMoney, language: Language) -> str:
    """An amount as people read it."""
    value = money_from_wire(money)
    return value.display_zh() if language == "zh" else value.display_en()


def show(session: Session, deals: list[screening.ScreenedDeal], title: Text) -> None:
    """Screened deals, one row each."""
    session.output.rows(title, _COLUMNS, [_row(deal, session.language) for deal in deals])


def _row(screened: screening.ScreenedDeal, language: Language) -> dict[str, Any]:
    scores = {
        each.code.lower(): f"{each.value:.0f}" if each.HasField("value") else None for each in screened.scores
    }
    state = type(screened.deal).State.Name(screened.deal.state)
    return {
        "deal": f"{screened.firm.display_name}\n{screened.deal.round}",
        "state": wording.deal_state(state, language),
        "ticket": amount(screened.deal.ticket, language),
        "eligible": RichText("✓", style="green") if screened.eligible else RichText("✗", style="red"),
        "composite": f"{screened.composite:.0f}" if screened.HasField("composite") else None,
        **scores,
        "for": _sentences(screened.reasons_for, language),
        "against": _sentences(screened.reasons_against, language),
    }


def _sentences(texts: Any, language: Language) -> str:
    return "\n".join(each.zh if language == "zh" else each.en for each in list(texts)[:_REASONS_SHOWN])


def facts(screened: screening.ScreenedDeal) -> dict[str, Any]:
    """A screened deal as the demonstration's JSON has it."""
    return {
        "deal": screened.deal.name,
        "firm": screened.firm.display_name,
        "eligible": screened.eligible,
        "composite": screened.composite if screened.HasField("composite") else None,
        "checks": [
            {
                "code": check.code,
                "outcome": Outcome.Name(check.outcome).removeprefix("OUTCOME_"),
                "observed": check.observed.zh,
                "limit": check.limit.zh,
            }
            for check in screened.checks
        ],
        "scores": [
            {
                "code": score.code,
                "value": score.value if score.HasField("value") else None,
                "coverage": score.coverage,
                "gate": Outcome.Name(score.gate).removeprefix("OUTCOME_"),
            }
            for score in screened.scores
        ],
        "reasons_for": [each.zh for each in screened.reasons_for],
        "reasons_against": [each.zh for each in screened.reasons_against],
    }
