"""`bole fund commit|calls|call|receive|fee|distribute`: what goes into a fund and out of it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from google.type.money_pb2 import Money as WireMoney

from bole.funding.v1 import capital_pb2
from bole.funding.v1 import capital_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount as told
from services.cli.answers.columns import Column
from services.cli.answers.dates import wire_day
from services.cli.funding.capital import stub
from services.cli.funding.funds import named
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money, parse_amount
from services.kernel.text import Text, counted
from services.wording.deals import PARTIES

TIMEOUT_SECONDS = 30.0
_CALLS = (
    Column("number", Text("期次", "no."), right=True),
    Column("due", Text("缴款期限", "due"), whole=True),
    Column("party", Text("出资人", "party"), wraps=True),
    Column("called", Text("应缴", "called"), right=True, show=Money.rounded),
    Column("received", Text("到账", "received"), right=True, show=Money.rounded),
    Column("outstanding", Text("未到账", "outstanding"), right=True, show=Money.rounded),
    Column("document", Text("文件", "document"), wraps=True),
    Column("name", Text("缴款编号", "call"), whole=True),
    Column("commitment", Text("认缴编号", "commitment"), whole=True),
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the options say of a commitment, as typed; empty if not given."""

    kind: str
    party: str
    investor: str
    city: str
    signed: str
    new_capital: bool


def commit(session: Session, fund: str, amount: str, stated: Subscription, document: str) -> None:
    """Put a commitment on record. Raises InvalidArgument (UNKNOWN_CODE, BAD_DATE and what an amount may raise)."""
    made = capital_pb2.Commitment(
        party_kind=_party_kind(stated.kind),
        party=stated.party,
        investor_fund=named(session, stated.investor),
        amount=_money(amount),
        signed_date=wire_day(stated.signed, "--signed"),
        document=document,
        new_capital=stated.new_capital,
        city_code=wording.catalogue().resolve_city(stated.city, "--city") if stated.city else "",
    )
    request = service.CreateCommitmentRequest(
        parent=named(session, fund), commitment=made, request_id=str(uuid4())
    )
    kept = stub(session).CreateCommitment(request, timeout=TIMEOUT_SECONDS)
    _say_amount(session, Text(f"已登记认缴 {kept.name}", f"recorded {kept.name}"), kept.amount)


def show_calls(session: Session, fund: str) -> None:
    """Every call of a fund, a row for each part of it."""
    parent = named(session, fund)
    asked = stub(session)
    commitments = asked.ListCommitments(service.ListCommitmentsRequest(parent=parent)).commitments
    parties = {each.name: each.party or each.investor_fund for each in commitments}
    found = asked.ListCapitalCalls(service.ListCapitalCallsRequest(parent=parent)).capital_calls
    rows = [_part_row(each, part, parties) for each in found for part in each.parts]
    session.output.rows(Text("缴款", "capital calls"), _CALLS, rows)
    session.output.note(Text(f"{len(found)}次缴款", counted(len(found), "call")).to(session.language))


def call(session: Session, fund: str, amount: str, due: str, document: str) -> None:
    """Call capital of all who subscribed, in proportion. Raises InvalidArgument (BAD_DATE, bad amounts)."""
    made = capital_pb2.CapitalCall(amount=_money(amount), due_date=wire_day(due, "--due"), document=document)
    request = service.CreateCapitalCallRequest(
        parent=named(session, fund), capital_call=made, request_id=str(uuid4())
    )
    kept = stub(session).CreateCapitalCall(request, timeout=TIMEOUT_SECONDS)
    _say_amount(
        session,
        Text(
            f"第{kept.number}次缴款 {kept.name}，{len(kept.parts)}方分摊",
            f"call {kept.number}, {kept.name}, of {counted(len(kept.parts), 'party', 'parties')}",
        ),
        kept.amount,
    )


def receive(session: Session, name: str, commitment: str, amount: str, on: str, document: str) -> None:
    """Put on record what came in of one part of a call. Raises InvalidArgument (BAD_DATE, bad amounts)."""
    request = service.RecordReceiptRequest(
        name=name,
        commitment=commitment,
        amount=_money(amount),
        received_date=wire_day(on, "--on"),
        document=document,
        request_id=str(uuid4()),
    )
    kept = stub(session).RecordReceipt(request, timeout=TIMEOUT_SECONDS)
    for part in kept.parts:
        if part.commitment == commitment:
            left = Money(money_from_wire(part.amount).fen - money_from_wire(part.received).fen)
            session.output.say(
                Text(
                    f"已登记到账，该方尚欠 {left.rounded('zh')}",
                    f"recorded; {left.rounded('en')} of this part is outstanding",
                )
            )


def fee(session: Session, fund: str, amount: str, document: str) -> None:
    """Put a fee on record. Raises InvalidArgument for an amount that cannot be read."""
    request = service.RecordFeeRequest(
        parent=named(session, fund), amount=_money(amount), document=document, request_id=str(uuid4())
    )
    _say_journal(session, stub(session).RecordFee(request, timeout=TIMEOUT_SECONDS))


def distribute(session: Session, fund: str, kind: str, amount: str, document: str) -> None:
    """Put a distribution of `gains` or `capital` on record. Raises InvalidArgument for an unreadable amount."""
    request = service.RecordDistributionRequest(
        parent=named(session, fund),
        kind=f"KIND_{kind.upper()}",
        amount=_money(amount),
        document=document,
        request_id=str(uuid4()),
    )
    _say_journal(session, stub(session).RecordDistribution(request, timeout=TIMEOUT_SECONDS))


def _part_row(
    made: capital_pb2.CapitalCall, part: capital_pb2.CapitalCallPart, parties: dict[str, str]
) -> dict[str, Any]:
    called, received = money_from_wire(part.amount), money_from_wire(part.received)
    return {
        "number": made.number,
        "due": date_from_wire(made.due_date).isoformat(),
        "party": parties.get(part.commitment, part.commitment),
        "called": called,
        "received": received,
        "outstanding": Money(called.fen - received.fen),
        "document": made.document,
        "name": made.name,
        "commitment": part.commitment,
    }


def _party_kind(code: str) -> str:
    """The contract's kind of a party. Raises InvalidArgument (UNKNOWN_CODE) with the kinds there are."""
    known = next((key for key, said in PARTIES.items() if code.upper() == key or code == said.zh), None)
    if known is None:
        zh = "、".join(f"{key}（{said.zh}）" for key, said in PARTIES.items())
        raise InvalidArgument.field(
            "--kind",
            "UNKNOWN_CODE",
            f"没有出资人类型“{code}”；可用：{zh}",
            f"{code!r} is no kind of a party; use {', '.join(PARTIES)}",
        )
    return f"PARTY_KIND_{known}"


def _money(text: str) -> WireMoney:
    return money_to_wire(parse_amount(text, field="AMOUNT"))


def _say_amount(session: Session, said: Text, money: WireMoney) -> None:
    session.output.say(Text(f"{said.zh}：{told(money, 'zh')}", f"{said.en}: {told(money, 'en')}"))


def _say_journal(session: Session, made: capital_pb2.LedgerJournal) -> None:
    session.output.say(
        Text(
            f"已登记：第{made.sequence}号分录 {made.act_title.zh}",
            f"recorded: journal {made.sequence}, {made.act_title.en}",
        )
    )
