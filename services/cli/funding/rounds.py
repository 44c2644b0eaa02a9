"""`bole round list|show|record|correct|revisions`: rounds, and who of us may claim what of the outside money."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from bole.funding.v1 import capital_pb2, round_pb2, round_service_pb2_grpc
from bole.funding.v1 import round_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, money_from_wire, money_to_wire
from services.cli.answers.columns import Column, tick
from services.cli.answers.dates import wire_day
from services.cli.funding.capital import party_word
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money, parse_amount
from services.kernel.text import Text
from services.wording.deals import PARTIES
from services.wording.rounds import round_name

TIMEOUT_SECONDS = 30.0
_ROUNDS = (
    Column("firm", Text("企业", "firm"), whole=True),
    Column("round", Text("轮次", "round"), whole=True, show=round_name),
    Column("closed", Text("交割日", "closed"), whole=True),
    Column("pre_money", Text("投前估值", "pre-money"), right=True, show=Money.rounded),
    Column("total", Text("总额", "total"), right=True, show=Money.rounded),
    Column("outside", Text("外部资金", "outside"), right=True, show=Money.rounded),
    Column("revision", Text("版本", "revision"), right=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_REVISIONS = (
    Column("revision", Text("版本", "revision"), right=True),
    *(each for each in _ROUNDS if each.key in ("closed", "pre_money", "total", "outside")),
    Column("document", Text("依据", "document"), wraps=True),
)
_CORRECTED = ("close_date", "pre_money", "total", "participants", "document")
_PARTS = (
    Column("kind", Text("出资方类型", "kind")),
    Column("party", Text("出资方", "party"), wraps=True),
    Column("amount", Text("金额", "amount"), right=True, show=Money.rounded),
    Column("lead", Text("领投", "lead"), show=tick),
    Column("claim", Text("可计外部资金", "outside money claimed"), right=True, show=Money.rounded),
)


def show_list(session: Session, firm: str, limit: int) -> None:
    """Rounds of a firm, or of all."""
    request = service.ListRoundsRequest(parent=firm or "firms/-", page_size=limit)
    page = _stub(session).ListRounds(request, timeout=TIMEOUT_SECONDS)
    session.output.rows(Text("融资轮次", "financing rounds"), _ROUNDS, [_row(each) for each in page.rounds])
    session.output.note(f"{len(page.rounds)} / {page.total_size}")


def show_one(session: Session, name: str) -> None:
    """Who took part."""
    found = _stub(session).GetRound(service.GetRoundRequest(name=name), timeout=TIMEOUT_SECONDS)
    if session.output.for_people:
        session.output.rows(Text(found.round, round_name(found.round, "en")), _ROUNDS, [_row(found)])
    claims = {each.fund: money_from_wire(each.outside) for each in found.claims}
    rows = [
        {
            "kind": party_word(session, each.party_kind),
            "party": each.party or each.fund,
            "amount": money_from_wire(each.amount),
            "lead": each.lead,
            "claim": claims.get(each.fund) if each.fund else None,
        }
        for each in found.participants
    ]
    session.output.rows(Text("出资方", "participants"), _PARTS, rows)


def record(
    session: Session,
    firm: str,
    name: str,
    parts: Sequence[str],
    closed: str,
    pre_money: str,
    document: str,
    *,
    check_only: bool,
) -> None:
    """Record a round; its total is what the parts add up to."""
    made = round_pb2.FinancingRound(round=name, close_date=wire_day(closed, "--closed"), document=document)
    _put_money(made, parts, pre_money)
    request = service.CreateRoundRequest(
        parent=firm, round=made, request_id=str(uuid4()), validate_only=check_only
    )
    _say_total(session, _stub(session).CreateRound(request, timeout=TIMEOUT_SECONDS))


def correct(
    session: Session, name: str, parts: Sequence[str], closed: str, pre_money: str, document: str
) -> None:
    """A further revision of a round; what is not stated stays. Raises InvalidArgument."""
    found = _stub(session).GetRound(service.GetRoundRequest(name=name), timeout=TIMEOUT_SECONDS)
    found.document = document
    if closed:
        found.close_date.CopyFrom(wire_day(closed, "--closed"))
    _put_money(found, parts, pre_money)
    request = service.UpdateRoundRequest(round=found, request_id=str(uuid4()))
    request.update_mask.paths.extend(_CORRECTED)
    _say_total(session, _stub(session).UpdateRound(request, timeout=TIMEOUT_SECONDS))


def show_revisions(session: Session, name: str) -> None:
    """Every revision of a round, as each stated it."""
    request = service.ListRoundRevisionsRequest(parent=name)
    found = _stub(session).ListRoundRevisions(request, timeout=TIMEOUT_SECONDS).revisions
    rows = [{**_row(each), "document": each.document} for each in found]
    session.output.rows(Text("轮次的各版", "revisions of the round"), _REVISIONS, rows)


def _put_money(made: round_pb2.FinancingRound, parts: Sequence[str], pre_money: str) -> None:
    """What the parts and the valuation say, as far as they are stated; the total is what the parts add up to."""
    if parts:
        del made.participants[:]
        made.participants.extend(participant(each, lead=at == 0) for at, each in enumerate(parts))
        total = sum(money_from_wire(each.amount).fen for each in made.participants)
        made.total.CopyFrom(money_to_wire(Money(total)))
    if pre_money:
        made.pre_money.CopyFrom(money_to_wire(parse_amount(pre_money, field="--pre-money")))


def _say_total(session: Session, made: round_pb2.FinancingRound) -> None:
    total = money_from_wire(made.total)
    zh, en = total.rounded("zh"), total.rounded("en")
    session.output.say(
        Text(
            f"{made.name}（第{made.revision}版）：总额{zh}",
            f"{made.name} (revision {made.revision}): {en} in all",
        )
    )


def participant(text: str, *, lead: bool) -> round_pb2.RoundParticipant:
    """`funds/…=300万元` or `SOCIAL_PRIVATE:名称=700万元`. Raises InvalidArgument."""
    who, equals, money = text.rpartition("=")
    kind, colon, party = who.partition(":")
    fund = who if who.startswith("funds/") else ""
    known = [each for each in PARTIES if each != "FUND"]
    if not equals or (not fund and (not colon or kind.upper() not in known)):
        listed = ", ".join(known)
        raise InvalidArgument.field(
            "PARTS",
            "BAD_PARTICIPANT",
            f"“{text}”应写成 funds/编号=金额，或 类型:名称=金额，类型为 {listed}",
            f"write {text!r} as funds/id=amount or kind:name=amount, with a kind of {listed}",
        )
    return round_pb2.RoundParticipant(
        party_kind=capital_pb2.PARTY_KIND_FUND if fund else f"PARTY_KIND_{kind.upper()}",
        party="" if fund else party,
        fund=fund,
        amount=money_to_wire(parse_amount(money, field="PARTS")),
        lead=lead,
    )


def _row(each: round_pb2.FinancingRound) -> dict[str, Any]:
    return {
        "firm": each.name.rpartition("/rounds/")[0],
        "round": each.round,
        "closed": date_from_wire(each.close_date).isoformat(),
        "pre_money": money_from_wire(each.pre_money) if each.HasField("pre_money") else None,
        "total": money_from_wire(each.total),
        "outside": money_from_wire(each.outside),
        "revision": each.revision,
        "id": each.name,
    }


def _stub(session: Session) -> round_service_pb2_grpc.RoundServiceStub:
    return round_service_pb2_grpc.RoundServiceStub(session.channel("funding"))
