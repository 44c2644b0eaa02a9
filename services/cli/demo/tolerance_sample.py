"""The sample's losses (容错): holdings written off, one found exempt by a whole dossier, one not, sent by who would."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bole.funding.v1 import (
    deal_action_pb2,
    deal_document_pb2,
    deal_document_service_pb2,
    deal_document_service_pb2_grpc,
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
_OF_IMPORT = 2
"""Holdings without a record of how they were decided that are lost: one is judged, one waits."""
_FILTER = "origin = SYNTHETIC AND state = ACTIVE"
_MOST = 200
_PAPERS = {
    "VALUATION_BASIS": "减值说明",
    "WRITE_OFF_DETERMINATION": "核销认定",
    "POST_INVESTMENT_VISIT": "投后走访记录",
    "DISCIPLINE_STATEMENT": "纪检监察说明",
}
_AFTER = frozenset({"POST_INVESTMENT_VISITS", "DISCIPLINE_STATEMENT"})
"""Items of a dossier that come after the decision: the sample adds their papers."""
_WHY = f"技术路线未走通，企业停止经营{MARKED}"
_Item = dossier_pb2.DossierItem
_AMISS = (_Item.STANDING_MISSING, _Item.STANDING_LATE, _Item.STANDING_CONTRADICTED)
_Outcome = dossier_pb2.Determination


@dataclass(frozen=True, slots=True)
class Hands:
    """Who impairs and confirms, who writes off, and who enters what the authority found."""

    manager: Session
    finance: Session
    auditor: Session


@dataclass(frozen=True, slots=True)
class Losses:
    """The deals whose holdings were written off: `whole` with all that their dossier asks for, else imported ones."""

    whole: tuple[str, ...]
    imported: tuple[str, ...]

    @property
    def said(self) -> Text:
        """How many there are, and what was found."""
        lost, refused = len(self.whole) + len(self.imported), len(self.imported[:1])
        waiting = len(self.imported) - refused
        return Text(
            f"容错演示数据：核销 {lost} 项投资，材料齐备、认定免责 {len(self.whole)} 项，"
            f"材料缺失、认定不予免责 {refused} 项，待认定 {waiting} 项",
            f"sample losses: {lost} holdings written off, {len(self.whole)} with a whole dossier and found exempt, "
            f"{refused} without and found not exempt, {waiting} to be determined",
        )


def send(hands: Hands, today: date) -> Losses:
    """Write holdings off, the newest of either kind, and have them judged but for one; say which they are."""
    request = investment_service_pb2.ListInvestmentsRequest(
        filter=_FILTER, order_by="close_date desc", page_size=_MOST
    )
    held = list(investments.stub(hands.manager).ListInvestments(request).investments)
    lacking = dict(_looked_at(hands.auditor, held))
    whole = [each for each in held if lacking.get(each.name, {""}) <= _AFTER][:1]
    imported = [each for each in held if lacking.get(each.name, set()) - _AFTER][:_OF_IMPORT]
    for each in [*whole, *imported]:
        _lose(hands, each, today)
    for each in whole:
        _file(hands.manager, each.deal, "POST_INVESTMENT_VISIT")
        _file(hands.auditor, each.deal, "DISCIPLINE_STATEMENT")
        why = f"尽职、程序、未谋私利三要件材料齐备，损失因技术路线的不确定性所致，认定免责{MARKED}"
        _determine(hands.auditor, each.deal, today, _Outcome.OUTCOME_EXEMPT, why)
    for each in imported[:1]:
        why = f"投前尽调、表决与利益冲突声明均不在案，不能认定尽职{MARKED}"
        _determine(hands.auditor, each.deal, today, _Outcome.OUTCOME_NOT_EXEMPT, why)
    return Losses(tuple(each.deal for each in whole), tuple(each.deal for each in imported))


def lacking_of(session: Session, deal: str) -> set[str]:
    """The items of a deal's dossier that are missing, late or contradicted, by their codes."""
    request = dossier_service_pb2.GetDutyDossierRequest(name=deal.replace("deals/", "dutyDossiers/"))
    found = dossiers.stub(session).GetDutyDossier(request)
    return {each.code for each in found.items if each.standing in _AMISS}


def _looked_at(auditor: Session, held: Iterable[investment_pb2.Investment]) -> Iterator[tuple[str, set[str]]]:
    """What each dossier lacks, until there is enough of either kind."""
    whole = imported = 0
    for each in held:
        lacking = lacking_of(auditor, each.deal)
        yield each.name, lacking
        whole, imported = whole + (lacking <= _AFTER), imported + bool(lacking - _AFTER)
        if whole and imported >= _OF_IMPORT:
            return


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


def _file(session: Session, deal: str, kind: str) -> None:
    """Put a document that came after the decision on the deal's register."""
    title = f"{_PAPERS[kind]}{MARKED}"
    request = deal_document_service_pb2.RegisterDealDocumentRequest(
        parent=deal,
        document=deal_document_pb2.DealDocument(kind=kind, title=title, file_name=f"{_PAPERS[kind]}.txt"),
        content=f"{title} {deal}".encode(),
    )
    stub = deal_document_service_pb2_grpc.DealDocumentServiceStub(session.channel("funding"))
    stub.RegisterDealDocument(request)


def _determine(
    auditor: Session, deal: str, today: date, outcome: "dossier_pb2.Determination.Outcome", why: str
) -> None:
    found = dossier_pb2.Determination(
        outcome=outcome,
        organ=f"演示审计机关{MARKED}",
        document_number=f"演示〔{today.year}〕{outcome}号",
        document_date=date_to_wire(today),
        text=why,
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
