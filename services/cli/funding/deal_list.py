"""`bole deal list`: deals of all funds, the ones that changed last first."""

from typing import Any

from bole.funding.v1 import deal_pb2, firm_service_pb2, firm_service_pb2_grpc
from bole.funding.v1 import deal_service_pb2 as service
from services.chassis.rpc.wire import money_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.funding.deals import TIMEOUT_SECONDS, stub
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.kernel.money import Money
from services.kernel.text import Text, counted
from services.wording.rounds import round_name

_LAST_CHANGED = "update_time desc"
_COLUMNS = (
    Column("deal", Text("企业与轮次", "firm and round"), wraps=True),
    Column("fund", Text("基金", "fund"), wraps=True),
    Column("state", Text("状态", "state")),
    Column("ticket", Text("拟投", "ticket"), right=True, show=Money.rounded),
    Column("changed", Text("最近变动", "last change")),
    Column("id", Text("编号", "resource"), whole=True),
)


def show(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """Those whose file is open to the caller, one row each; the last changed first unless an order is asked for."""
    request = service.ListDealsRequest(filter=filter_, order_by=order_by or _LAST_CHANGED, page_size=limit)
    found = stub(session).ListDeals(request, timeout=TIMEOUT_SECONDS)
    funds = {each.name: each.display_name for each in list_funds(session)} if found.deals else {}
    firms = {name: _firm(session, name) for name in dict.fromkeys(each.firm for each in found.deals)}
    title = Text(f"项目 {found.total_size}", counted(found.total_size, "deal"))
    session.output.rows(title, _COLUMNS, [_row(session, each, funds, firms) for each in found.deals])


def _firm(session: Session, name: str) -> str:
    firms = firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))
    request = firm_service_pb2.GetFirmRequest(name=name)
    return firms.GetFirm(request, timeout=TIMEOUT_SECONDS).display_name


def _row(
    session: Session, deal: deal_pb2.Deal, funds: dict[str, str], firms: dict[str, str]
) -> dict[str, Any]:
    language = session.language
    return {
        "id": deal.name,
        "deal": f"{firms[deal.firm]} {round_name(deal.round, language)}",
        "fund": funds.get(deal.fund, deal.fund),
        "state": wording.deal_state(deal_pb2.Deal.State.Name(deal.state), language)
        if deal.state
        else wording.say(deal.public_status, language),
        "ticket": money_from_wire(deal.ticket) if deal.HasField("ticket") else None,
        "changed": wording.minute(deal.update_time),
        "origin": wording.origin(deal.origin),
    }
