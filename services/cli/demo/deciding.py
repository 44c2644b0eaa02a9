"""One deal from the lead to its second payment: who decides, on what, and what it does to the fund's capital."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from google.type.money_pb2 import Money as WireMoney

from bole.common.v1 import data_origin_pb2
from bole.funding.v1 import (
    capital_service_pb2,
    capital_service_pb2_grpc,
    committee_pb2,
    deal_action_pb2,
    deal_pb2,
    dossier_service_pb2,
    fund_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
    interest_pb2,
    investment_pb2,
    investment_service_pb2,
)
from bole.funding.v1 import deal_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.demo import judging
from services.cli.demo.board import FINANCE, LEGAL, MANAGER, MEMBERS, SECRETARY, TEAM, Board, seat
from services.cli.demo.facts import Facts
from services.cli.demo.rights import look_up_rights
from services.cli.demo.stage import Stage
from services.cli.funding import deals, dossiers, investments, screening
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.money import Money
from services.kernel.text import Text

_COLUMNS = (
    Column("step", Text("步骤", "step"), wraps=True),
    Column("who", Text("经办", "by")),
    Column("state", Text("项目状态", "deal")),
    Column("papers", Text("材料", "papers"), right=True),
    Column("reserved", Text("基金已预留", "reserved"), right=True, show=Money.rounded),
    Column("headroom", Text("基金可用", "headroom"), right=True, show=Money.rounded),
    Column("note", Text("说明", "note"), wraps=True),
)
_FILTER = "eligible = true AND ticket <= 2000万"
_APPROVE: dict[str, Any] = {"decision": service.DecideInternalRequest.DECISION_APPROVE}
_TO_THE_COMMITTEE = (
    (MANAGER, "SubmitDeal", "SUBMIT"),
    (TEAM[0], "StartScreening", "START_SCREENING"),
    (MANAGER, "InitiateDeal", "INITIATE"),
)


def run(facts: Facts, stage: Stage, manager: Session) -> Text:
    """Walk a deal through. Raises NotAsItShouldBe where votes, capital or the record are not as they should be."""
    given = _terms(manager)
    if given is None:
        return Text("数据中没有可投的项目，跳过", "the data hold no deal that may be invested in: skipped")
    people = seat(stage)
    walk = _Walk(people, given)
    for who, rpc, action in _TO_THE_COMMITTEE:
        walk.step(who, rpc, action)
    walk.team_up()
    walk.step(MANAGER, "StartDueDiligence", "START_DUE_DILIGENCE")
    walk.look_up_rights()
    walk.step(MANAGER, "SubmitToCommittee", "SUBMIT_TO_COMMITTEE")
    Board(people, walk.deal).everybody_declares()
    walk.vote(committee_pb2.Committee.TIER_INTERNAL, against=MEMBERS[2:])
    reason = {"reason": "反对意见已在投后管理方案中回应（演示）"}
    walk.step(SECRETARY, "DecideInternal", "PASS_INTERNAL", **_APPROVE, **reason)
    walk.vote(committee_pb2.Committee.TIER_EXTERNAL)
    walk.step(SECRETARY, "DecideExternal", "APPROVE", **_APPROVE)
    walk.step(MANAGER, "SignDeal", "PREPARE_SIGNING")
    walk.step(LEGAL, "SignDeal", "SIGN")
    walk.plan()
    walk.step(FINANCE, "CloseDeal", "PREPARE_CLOSING")
    walk.step(MANAGER, "CloseDeal", "CLOSE")
    walk.pay_second()
    title = Text(
        f"一个项目的投决与出资（演示）：{walk.deal.name}", f"one deal decided and paid: {walk.deal.name}"
    )
    stage.output.rows(title, _COLUMNS, walk.rows)
    facts.decision = walk.found()
    judging.decision(facts.decision)
    return walk.summary()


def _terms(manager: Session) -> deal_pb2.Deal | None:
    """The terms of a deal that nothing speaks against."""
    for fund in screening.list_funds(manager):
        found = screening.screen(manager, fund.name, filter_=_FILTER, limit=1).deals
        if found:
            given = deal_pb2.Deal()
            given.CopyFrom(found[0].deal)
            given.round, given.source_ref, given.owner = f"演示轮{uuid4().hex[:6]}", "", MANAGER
            given.origin = data_origin_pb2.DATA_ORIGIN_SYNTHETIC
            given.submitted_date.CopyFrom(date_to_wire(civil_date(datetime.now(UTC))))
            return given
    return None


class _Walk:
    """The deal on its way, and a row for every step."""

    def __init__(self, people: dict[str, Session], given: deal_pb2.Deal) -> None:
        self.people = people
        self.rows: list[dict[str, Any]] = []
        self.votes: list[committee_pb2.Vote] = []
        self.deal = deals.stub(people[MANAGER]).CreateDeal(service.CreateDealRequest(deal=given))
        self.before = self._fund()
        self._row(Text("立为线索", "entered as a lead"), MANAGER)

    def step(self, who: str, rpc: str, action: str, *, reason: str = "", **more: Any) -> None:
        """Take one step with the papers that are missing for it."""
        stub = deals.stub(self.people[who])
        listed = deals.stub(self.people[MANAGER]).ListDealActions(
            service.ListDealActionsRequest(name=self.deal.name)
        )
        [view] = [each for each in listed.actions if each.action == action]
        command = _command(self.deal.etag, view.missing_evidence, f"{action}{self.deal.name}", reason)
        request = getattr(service, f"{rpc}Request")(name=self.deal.name, command=command, **more)
        self.deal = getattr(stub, rpc)(request)
        self._row(Text(view.title.zh, view.title.en), who, papers=len(view.missing_evidence))

    def team_up(self) -> None:
        """Name the team, who declare."""
        request = service.SetDealPartiesRequest(
            name=self.deal.name, etag=self.deal.etag, parties=deal_pb2.DealParties(team=TEAM)
        )
        self.deal = deals.stub(self.people[MANAGER]).SetDealParties(request)
        for member in TEAM:
            Board(self.people, self.deal).declare(member, interest_pb2.INTEREST_KIND_NONE)

    def look_up_rights(self) -> None:
        """Put on the register what the firm declares, and whose it is: no committee decides while that is unknown."""
        count = look_up_rights(self.people[TEAM[0]], self.deal.firm)
        note = Text(f"{count} 件专利在册，权属清晰", f"{count} patents on the register, all the firm's own")
        self._row(Text("核查知识产权权属", "whose the rights are"), TEAM[0], papers=count, note=note)

    def vote(self, tier: "committee_pb2.Committee.Tier", *, against: tuple[str, ...] = ()) -> None:
        """A blind vote of one committee."""
        vote = Board(self.people, self.deal).vote(tier, against=against)
        self.votes.append(vote)
        title = (
            Text("内投表决", "internal vote") if len(self.votes) == 1 else Text("外投表决", "external vote")
        )
        counts = (vote.yes_count, vote.no_count, vote.quorum_needed, len(vote.recused_members))
        note = Text(
            "同意{}、反对{}；法定人数{}，回避{}；计票前互不可见".format(*counts),
            "{} for, {} against; quorum {}, recused {}; blind until the count".format(*counts),
        )
        self._row(title, SECRETARY, note=note)

    def plan(self) -> None:
        """Half is paid at closing, the other half at a milestone."""
        fen = money_from_wire(self.deal.ticket).fen
        parts = ((fen // 2, ""), (fen - fen // 2, "样机通过第三方检测（演示）"))
        request = investment_service_pb2.SetTranchePlanRequest(
            name=f"{self.deal.name}/tranchePlan",
            deal_etag=self.deal.etag,
            tranche_plan=investment_pb2.TranchePlan(
                tranches=[investment_pb2.Tranche(amount=_yuan(part), milestone=goal) for part, goal in parts],
                document="投资协议（演示）",
            ),
        )
        self.deal.etag = investments.stub(self.people[MANAGER]).SetTranchePlan(request).deal_etag

    def pay_second(self) -> None:
        """Finance prepares the second payment on proof of its milestone, the manager pays it."""
        for who, kind in ((FINANCE, "MILESTONE_PROOF"), (MANAGER, "PAYMENT_PROOF")):
            held = self.holding()
            request = investment_service_pb2.PayTrancheRequest(
                name=held.name, command=_command(held.etag, [kind], f"{kind}{held.name}"), tranche_number=2
            )
            investments.stub(self.people[who]).PayTranche(request)
            title = Text("付第二期", "second payment") if who == MANAGER else Text("报第二期", "prepared")
            self._row(title, who, papers=1)

    def holding(self) -> investment_pb2.Investment:
        """What the fund holds of it."""
        name = self.deal.name.replace("deals/", "investments/")
        request = investment_service_pb2.GetInvestmentRequest(name=name)
        found: investment_pb2.Investment = investments.stub(self.people[MANAGER]).GetInvestment(request)
        return found

    def found(self) -> dict[str, Any]:
        """What came of it."""
        held, fund = self.holding(), self._fund()
        capital = capital_service_pb2_grpc.CapitalServiceStub(self.people[FINANCE].channel("funding"))
        balances = capital.GetLedgerBalances(capital_service_pb2.GetLedgerBalancesRequest(name=fund.name))
        name = self.deal.name.replace("deals/", "dutyDossiers/")
        dossier = dossiers.stub(self.people[SECRETARY]).GetDutyDossier(
            dossier_service_pb2.GetDutyDossierRequest(name=name)
        )
        result = committee_pb2.Vote.Result
        return {
            "deal": self.deal.name,
            "state": deal_pb2.Deal.State.Name(self.deal.state),
            "ticket_fen": money_from_wire(self.deal.ticket).fen,
            "paid_fen": money_from_wire(held.paid).fen,
            "taken_fen": money_from_wire(self.before.headroom).fen - money_from_wire(fund.headroom).fen,
            "reserved_fen": [row["reserved"].fen for row in self.rows],
            "votes": [
                {
                    "result": result.Name(each.result),
                    "eligible": each.eligible_count,
                    "quorum": each.quorum_needed,
                    "yes": each.yes_count,
                    "no": each.no_count,
                    "recused": list(each.recused_members),
                }
                for each in self.votes
            ],
            "ledger_agrees": balances.agrees,
            "trail": {"entries": dossier.trail_count, "intact": dossier.trail_intact},
        }

    def summary(self) -> Text:
        """The step in one line."""
        ticket, entries = money_from_wire(self.deal.ticket), self.rows
        votes = " · ".join(f"{each.yes_count}:{each.no_count}" for each in self.votes)
        return Text(
            f"{len(entries)} 步，两级投决 {votes}，{ticket.display_zh()}分两期付清；账实相符，留痕完整",
            f"{len(entries)} steps, votes {votes}, {ticket.display_en()} paid in two; ledger and trail agree",
        )

    def _fund(self) -> fund_pb2.Fund:
        stub = fund_service_pb2_grpc.FundServiceStub(self.people[MANAGER].channel("funding"))
        found: fund_pb2.Fund = stub.GetFund(fund_service_pb2.GetFundRequest(name=self.deal.fund))
        return found

    def _row(self, step: Text, who: str, *, papers: int = 0, note: Text | None = None) -> None:
        fund, language = self._fund(), self.people[MANAGER].language
        self.rows.append(
            {
                "step": step.to(language),
                "who": who.removeprefix("demo-"),
                "state": wording.deal_state(deal_pb2.Deal.State.Name(self.deal.state), language),
                "papers": papers or None,
                "reserved": money_from_wire(fund.reserved),
                "headroom": money_from_wire(fund.headroom),
                "note": note.to(language) if note else "",
                "origin": wording.origin(self.deal.origin),
            }
        )


def _command(etag: str, kinds: Any, about: str, reason: str = "") -> deal_action_pb2.DealCommand:
    received = instant_to_wire(datetime.now(UTC) - timedelta(minutes=1))
    papers = [
        deal_action_pb2.DealEvidence(
            kind=kind,
            title="演示材料 SYNTHETIC",
            sha256=hashlib.sha256(f"{kind}{about}".encode()).hexdigest(),
            receive_time=received,
        )
        for kind in kinds
    ]
    return deal_action_pb2.DealCommand(etag=etag, evidence=papers, reason=reason, request_id=str(uuid4()))


def _yuan(fen: int) -> WireMoney:
    return money_to_wire(Money(fen))
