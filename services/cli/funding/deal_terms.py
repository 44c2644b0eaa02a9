"""`bole deal add|terms`: a lead entered, and the terms of a deal stated anew, written as in the workbook."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from google.type.money_pb2 import Money as WireMoney

from bole.funding.v1 import deal_pb2
from bole.funding.v1 import deal_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire, money_to_wire
from services.cli.funding import deals
from services.cli.funding.funds import named
from services.cli.session import Session
from services.cli.workbooks import stated
from services.cli.workbooks.stated import Stated, read_into
from services.kernel.clock import civil_date
from services.kernel.money import Money
from services.kernel.text import Text
from services.workbook import cells


def add(session: Session, fund: str, firm: str, round_: str, given: Sequence[str]) -> None:
    """A new lead of a fund, submitted today unless another day is stated. Raises InvalidArgument."""
    deal = deal_pb2.Deal(
        fund=named(session, fund),
        firm=firm,
        round=round_,
        submitted_date=date_to_wire(civil_date(datetime.now(UTC))),
    )
    read_into(deal, given, {**TERMS, **_OF_A_LEAD})
    request = service.CreateDealRequest(deal=deal, request_id=str(uuid4()))
    made = deals.stub(session).CreateDeal(request, timeout=deals.TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记线索 {made.name}", f"entered as a lead: {made.name}"))


def change(session: Session, name: str, given: Sequence[str]) -> None:
    """Other terms; those that are not stated stay as they are. Raises InvalidArgument."""
    deal = deals.get(session, name)
    terms = deal_pb2.DealTerms()
    for field in terms.DESCRIPTOR.fields:
        if not field.has_presence or deal.HasField(field.name):
            known = getattr(deal, field.name)
            if isinstance(known, WireMoney):
                getattr(terms, field.name).CopyFrom(known)
            else:
                setattr(terms, field.name, known)
    read_into(terms, given, TERMS)
    request = service.SetDealTermsRequest(name=name, etag=deal.etag, terms=terms, request_id=str(uuid4()))
    deals.stub(session).SetDealTerms(request, timeout=deals.TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 的交易条件已更新", f"the terms of {name} are changed"))


def _amount(value: str, field: str) -> WireMoney:
    return money_to_wire(Money(cells.amount(value, field=field)))


TERMS: Mapping[str, Stated] = {
    "ticket": Stated("ticket", "拟投金额", _amount),
    "pre_money": Stated("pre_money", "投前估值", _amount),
    "round_total": Stated("round_total", "本轮总额", _amount),
    "holding_years": Stated("holding_years", "计划持有年限", stated.whole(0, 50)),
    "redemption_year": Stated("redemption_year", "最早回购年", stated.whole(0, 50)),
    "fixed_return": Stated(
        "fixed_return", "固定回报条款", lambda value, field: cells.yes_no(value, field=field)
    ),
    "follow_on": Stated("follow_on_reserve", "后续投资预留", _amount),
    "expert_rating": Stated("expert_rating", "专家评分", stated.whole(1, 5)),
    "owner": Stated("owner", "负责人", stated.text),
}
"""What may be stated of the terms of a deal, by the columns of the workbook."""
_OF_A_LEAD: Mapping[str, Stated] = {
    "ref": Stated("source_ref", "编号", stated.text),
    "submitted": Stated("submitted_date", "申报日期", stated.day),
}
