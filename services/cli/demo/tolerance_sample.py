"""The sample's losses (容错): two holdings written off, one of them judged, sent as those who would do it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bole.funding.v1 import (
    deal_action_pb2,
    dossier_pb2,
    dossier_service_pb2,
    investment_pb2,
    investment_service_pb2,
)
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, money_to_wire
from services.cli.funding import dossiers, investments
from services.cli.session import Session
from services.kernel.money import Money
from services.kernel.text import Text
from services.sample.holdings import MARKED

FINANCE, AUDITOR = "demo-finance", "demo-auditor"
"""Accounts of the other two people that it takes."""
LOST = 2
_FILTER = "origin = SYNTHETIC AND state = ACTIVE"
_PAPERS = {"VALUATION_BASIS": "减值说明", "WRITE_OFF_DETERMINATION": "核销认定"}
_WHY = f"技术路线未走通，企业停止经营{MARKED}"


@dataclass(frozen=True, slots=True)
class Hands:
    """Who impairs and confirms, who writes off, and who enters what the authority found."""

    manager: Session
    finance: Session
    auditor: Session


def send(hands: Hands, today: date) -> Text:
    """Write the newest holdings off and have the first of them judged; say how many there are."""
    request = investment_service_pb2.ListInvestmentsRequest(
        filter=_FILTER, order_by="close_date desc", page_size=LOST
    )
    held = investments.stub(hands.manager).ListInvestments(request).investments
    for each in held:
        _lose(hands, each, today)
    for each in held[:1]:
        _determine(hands.auditor, each.deal, today)
    lost, judged = len(held), len(held[:1])
    return Text(
        f"容错演示数据：核销 {lost} 项投资，其中 {judged} 项已认定",
        f"sample losses: {lost} holdings written off, {judged} of them determined",
    )


def _lose(hands: Hands, held: investment_pb2.Investment, today: date) -> None:
    """Put on watch and impaired to a nominal value by the manager, then written off by two people."""
    manager, finance = investments.stub(hands.manager), investments.stub(hands.finance)
    flag = investment_service_pb2.FlagInvestmentRequest(name=held.name, command=_command(held))
    held = manager.FlagInvestment(flag)
    mark = investment_pb2.Mark(
        value=money_to_wire(Money(100)), as_of_date=date_to_wire(today), method="MARK_METHOD_NET_ASSETS"
    )
    impair = investment_service_pb2.ImpairInvestmentRequest(
        name=held.name, command=_command(held, "VALUATION_BASIS"), mark=mark
    )
    held = manager.ImpairInvestment(impair)
    for who in (finance, manager):
        held = who.WriteOffInvestment(
            investment_service_pb2.WriteOffInvestmentRequest(
                name=held.name, command=_command(held, "WRITE_OFF_DETERMINATION")
            )
        )


def _determine(auditor: Session, deal: str, today: date) -> None:
    """As its dossier has it: the deal was imported, and nothing from before its payment is on record."""
    found = dossier_pb2.Determination(
        outcome=dossier_pb2.Determination.OUTCOME_NOT_EXEMPT,
        organ=f"演示审计机关{MARKED}",
        document_number=f"演示〔{today.year}〕1号",
        document_date=date_to_wire(today),
        text=f"投前尽调、表决与利益冲突声明均不在案，不能认定尽职{MARKED}",
    )
    parent = deal.replace("deals/", "dutyDossiers/")
    request = dossier_service_pb2.CreateDeterminationRequest(parent=parent, determination=found)
    dossiers.stub(auditor).CreateDetermination(request)


def _command(held: investment_pb2.Investment, *kinds: str) -> deal_action_pb2.DealCommand:
    papers = [
        deal_action_pb2.DealEvidence(
            kind=kind,
            title=f"{_PAPERS[kind]}{MARKED}",
            sha256=hashlib.sha256(f"{held.name}{kind}".encode()).hexdigest(),
            receive_time=instant_to_wire(datetime.now(UTC) - timedelta(minutes=1)),
        )
        for kind in kinds
    ]
    return deal_action_pb2.DealCommand(etag=held.etag, reason=_WHY, evidence=papers)
