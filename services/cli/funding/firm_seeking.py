"""`bole firm seek`: what a firm wants to raise now."""

from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask

from bole.funding.v1 import firm_pb2
from bole.funding.v1 import firm_service_pb2 as service
from services.chassis.rpc.wire import money_from_wire, money_to_wire
from services.cli.funding.firm_figures import TIMEOUT_SECONDS, stub
from services.cli.session import Session
from services.kernel.money import parse_amount
from services.kernel.text import Text


def seek(session: Session, name: str, amount: str, *, check_only: bool) -> None:
    """State it, echoed back, or clear it with no amount. Raises InvalidArgument for what is no amount."""
    firms = stub(session)
    firm = firms.GetFirm(service.GetFirmRequest(name=name), timeout=TIMEOUT_SECONDS)
    stated = firm_pb2.Firm(name=name, etag=firm.etag)
    if amount:
        stated.sought_amount.CopyFrom(money_to_wire(parse_amount(amount, field="sought_amount")))
    request = service.UpdateFirmRequest(
        firm=stated,
        update_mask=FieldMask(paths=["sought_amount"]),
        validate_only=check_only,
        request_id=str(uuid4()),
    )
    session.output.say(_said(firms.UpdateFirm(request, timeout=TIMEOUT_SECONDS)))
    if check_only:
        session.output.say(Text("检查通过，未写入", "nothing is wrong with it; nothing was written"))


def _said(firm: firm_pb2.Firm) -> Text:
    if not firm.HasField("sought_amount"):
        return Text("融资需求：未填写", "amount sought: not stated")
    money = money_from_wire(firm.sought_amount)
    return Text(
        f"融资需求：{money.display_zh()}（{money.fen} 分）",
        f"amount sought: {money.display_en()} ({money.fen} fen)",
    )
