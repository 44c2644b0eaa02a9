"""CapitalService: whose a fund's capital is, what has come in, and the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.funding.v1 import capital_pb2, capital_service_pb2_grpc
from bole.funding.v1 import capital_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import date_from_wire, text_to_wire
from services.chassis.storage.paging import page_size
from services.funding.domain.capital import leverage
from services.funding.domain.capital.call import Receipt
from services.funding.domain.capital.graph import look_through
from services.funding.domain.fund.fund import Fund
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.acts import Lines
from services.funding.domain.ledger.journal import Act
from services.funding.rpc.deals.acting import require_fund
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.rpc.funds.capital_wire import (
    KINDS,
    PARTIES,
    call_to_wire,
    child_id,
    commitment_to_wire,
    journal_to_wire,
    leverage_to_wire,
)
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.funds.capital import Capital, Subscription
from services.funding.service.funds.recycling import returned
from services.funding.store.funds import capital, ledger
from services.kernel.errors import InvalidArgument

KEEPERS = ("fund_manager", "finance")
M = TypeVar("M", bound=Message)
Leaving = Callable[[Session, str, int], Lines]
"""The lines by which an amount leaves a fund, of its id."""
_COMMITMENT = {
    name: f"commitment.{name}"
    for name in ("party", "investor_fund", "amount", "signed_date", "document", "city_code")
}
_OUT: dict[Any, tuple[Act, Leaving]] = {
    wire.RecordDistributionRequest.KIND_GAINS: (
        Act.DISTRIBUTE,
        lambda _session, _fund, fen: acts.distribute(fen),
    ),
    wire.RecordDistributionRequest.KIND_CAPITAL: (Act.RETURN_CAPITAL, returned),
}


@dataclass(frozen=True)
class CapitalRoom(capital_service_pb2_grpc.CapitalServiceServicer):
    """The servicer."""

    house: House
    capital: Capital
    catalogue: Catalogue

    def ListCommitments(
        self, request: wire.ListCommitmentsRequest, context: Any
    ) -> wire.ListCommitmentsResponse:
        """Commitments to a fund."""
        with self.house.database.read() as session:
            fund = _fund(session, request.parent, "parent")
            found = capital.commitments(session, fund.id)
        return wire.ListCommitmentsResponse(
            commitments=[commitment_to_wire(each) for each in found],
            unattributed=yuan(fund.size_fen - sum(each.fen for each in found)),
        )

    def CreateCommitment(self, request: wire.CreateCommitmentRequest, context: Any) -> capital_pb2.Commitment:
        """Record a commitment."""
        stated = request.commitment
        investor = stated.investor_fund

        def act(session: Session, fund: Fund, actor: str) -> capital_pb2.Commitment:
            subscription = Subscription(
                kind=PARTIES[stated.party_kind],
                party=stated.party,
                investor_fund=id_of(investor, "funds", field="commitment.investor_fund")
                if investor
                else None,
                fen=fen_of(stated, "amount", "commitment.") or 0,
                signed=date_from_wire(stated.signed_date),
                document=stated.document,
                new_capital=stated.new_capital,
                city=self.catalogue.resolve_city(stated.city_code, field="commitment.city_code")
                if stated.city_code
                else "",
            )
            try:
                return commitment_to_wire(self.capital.subscribe(session, fund.id, subscription, actor))
            except InvalidArgument as error:
                raise error.renamed(_COMMITMENT) from None

        return self._once(request, request.parent, "commit", capital_pb2.Commitment, act)

    def ListCapitalCalls(
        self, request: wire.ListCapitalCallsRequest, context: Any
    ) -> wire.ListCapitalCallsResponse:
        """Calls of a fund."""
        with self.house.database.read() as session:
            calls = capital.calls(session, _fund(session, request.parent, "parent").id)
            received = capital.received(session, [each.id for each in calls])
        return wire.ListCapitalCallsResponse(capital_calls=[call_to_wire(each, received) for each in calls])

    def CreateCapitalCall(
        self, request: wire.CreateCapitalCallRequest, context: Any
    ) -> capital_pb2.CapitalCall:
        """Call capital."""
        stated = request.capital_call

        def act(session: Session, fund: Fund, actor: str) -> capital_pb2.CapitalCall:
            fen = fen_of(stated, "amount", "capital_call.") or 0
            due = date_from_wire(stated.due_date)
            return call_to_wire(self.capital.call(session, fund.id, fen, due, stated.document, actor), {})

        return self._once(request, request.parent, "call", capital_pb2.CapitalCall, act)

    def RecordReceipt(self, request: wire.RecordReceiptRequest, context: Any) -> capital_pb2.CapitalCall:
        """Record what came in."""
        fund_id, call_id = child_id(request.name, "capitalCalls", field="name")
        _, commitment_id = child_id(request.commitment, "commitments", field="commitment")

        def act(session: Session, fund: Fund, actor: str) -> capital_pb2.CapitalCall:
            receipt = Receipt(
                id=self.house.ids.new(),
                call_id=call_id,
                commitment_id=commitment_id,
                fen=fen_of(request, "amount", "") or 0,
                received=date_from_wire(request.received_date),
                document=request.document,
                at=self.house.clock.now(),
                actor=actor,
            )
            call = self.capital.receive(session, receipt, fund.id)
            return call_to_wire(call, capital.received(session, [call.id]))

        return self._once(request, f"funds/{fund_id}", "receive", capital_pb2.CapitalCall, act)

    def RecordFee(self, request: wire.RecordFeeRequest, context: Any) -> capital_pb2.LedgerJournal:
        """Record fees."""
        return self._move(request, Act.SPEND, lambda _session, _fund, fen: acts.spend(fen))

    def RecordDistribution(
        self, request: wire.RecordDistributionRequest, context: Any
    ) -> capital_pb2.LedgerJournal:
        """Record a distribution."""
        return self._move(request, *_OUT[request.kind])

    def ListJournals(self, request: wire.ListJournalsRequest, context: Any) -> wire.ListJournalsResponse:
        """Journals, newest first."""
        subject, method = current_call().principal.subject, "ListJournals"
        size = page_size(request.page_size, 50, 500)
        bound = {"parent": request.parent, "reference": request.reference}
        cursor = self.house.pages.read(request.page_token, method=method, query=bound, subject=subject)
        before = int(str(cursor[0])) if cursor else None
        with self.house.database.read() as session:
            fund = _fund(session, request.parent, "parent")
            found, total = ledger.journals(session, fund.id, request.reference, before, size + 1)
        token = ""
        if len(found) > size:
            token = self.house.pages.issue([found[size - 1][1]], method=method, query=bound, subject=subject)
        return wire.ListJournalsResponse(
            journals=[journal_to_wire(*each) for each in found[:size]],
            next_page_token=token,
            total_size=total,
        )

    def GetLedgerBalances(
        self, request: wire.GetLedgerBalancesRequest, context: Any
    ) -> wire.GetLedgerBalancesResponse:
        """Balances, beside what the lines add up to."""
        with self.house.database.read() as session:
            fund = _fund(session, request.name, "name")
            sums = ledger.sums(session, fund.id)
            agrees = not any(ledger.differences(session, fund.id))
        balances = fund.balances
        return wire.GetLedgerBalancesResponse(
            balances=[
                wire.LedgerBalance(
                    account=each.name,
                    account_title=text_to_wire(each.label),
                    balance=yuan(balances[each]),
                    ledger=yuan(sums.get(each, 0)),
                )
                for each in Account
            ],
            journal_count=fund.journal_count,
            agrees=agrees,
        )

    def GetLookThrough(
        self, request: wire.GetLookThroughRequest, context: Any
    ) -> wire.GetLookThroughResponse:
        """Gross and net size."""
        named = [id_of(name, "funds", field="funds") for name in request.funds]
        with self.house.database.read() as session:
            ids = Sight.of(current_call()).whole_funds(session, named)
            sizes = capital.sizes(session, ids)
            seen = look_through(sizes, capital.commitments(session))
        return wire.GetLookThroughResponse(
            fund_count=len(sizes),
            gross=yuan(seen.gross_fen),
            net=yuan(seen.net_fen),
            eliminations=[
                capital_pb2.EliminationLine(
                    investor_fund=f"funds/{each.investor_fund}",
                    fund=f"funds/{each.fund}",
                    amount=yuan(each.fen),
                    commitment=f"funds/{each.fund}/commitments/{each.commitment}",
                )
                for each in seen.eliminations
            ],
            parties=[
                capital_pb2.PartyTotal(party_kind=KINDS[kind], amount=yuan(fen))
                for kind, fen in seen.parties_fen.items()
            ],
            unattributed=yuan(seen.unattributed_fen),
        )

    def GetLeverage(self, request: wire.GetLeverageRequest, context: Any) -> wire.GetLeverageResponse:
        """Three definitions side by side."""
        with self.house.database.read() as session:
            fund = _fund(session, request.name, "name")
            funds, found = capital.stated(session), capital.commitments(session)
            tickets = capital.tickets(session, fund.id)
        government = leverage.government_fen(fund.id, funds, found)
        source = "commitments" if leverage.is_explained(fund.id, funds, found) else "stated"
        return wire.GetLeverageResponse(
            ratios=[
                leverage_to_wire("fund", leverage.of_fund(fund.size_fen, government), source),
                leverage_to_wire("social", leverage.of_social(fund.size_fen, government), source),
                leverage_to_wire("deal", leverage.of_deals(tickets, fund.id), "rounds"),
            ],
            commitments=[commitment_to_wire(each) for each in found if each.fund_id == fund.id],
        )

    def _move(self, request: Any, act: Act, lines: Leaving) -> capital_pb2.LedgerJournal:
        def post(session: Session, fund: Fund, actor: str) -> capital_pb2.LedgerJournal:
            made = lines(session, fund.id, fen_of(request, "amount", "") or 0)
            sequence = self.capital.move(session, fund.id, act, made, request.document, actor)
            [(journal, _)], _ = ledger.journals(session, fund.id, "", sequence + 1, 1)
            return journal_to_wire(journal, sequence)

        return self._once(request, request.parent, act.name.lower(), capital_pb2.LedgerJournal, post)

    def _once(
        self,
        request: Any,
        parent: str,
        action: str,
        answer_type: type[M],
        act: Callable[[Session, Fund, str], M],
    ) -> M:
        call = current_call()
        with self.house.database.write() as session:
            fund = _mine(session, call, parent)

            def answer() -> M:
                made = act(session, fund, call.principal.subject)
                self.house.audit.append(session, entry_of(call, action, f"funds/{fund.id}", "done", {}))
                return made

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(session, caller, request.request_id, request, answer_type, answer)


def _fund(session: Session, name: str, field: str) -> Fund:
    return Sight.of(current_call()).fund(session, id_of(name, "funds", field=field))


def _mine(session: Session, call: Call, name: str) -> Fund:
    return require_fund(session, call, KEEPERS, id_of(name, "funds", field="parent"))
