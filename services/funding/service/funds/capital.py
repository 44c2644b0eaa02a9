"""Commitments, calls and receipts; fees and distributions: what happens to a fund's capital beside its deals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.funding.domain.capital import leverage
from services.funding.domain.capital.call import CapitalCall, Receipt, require_due, require_new, split
from services.funding.domain.capital.commitment import Commitment, PartyKind, examine_commitment
from services.funding.domain.capital.graph import require_acyclic
from services.funding.domain.capital.subscribing import require_headroom, require_within_size, taken_fen
from services.funding.domain.findings import Findings
from services.funding.domain.fund.fund import Fund
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.acts import Lines
from services.funding.domain.ledger.balances import shortfall
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.store.funds import capital, ledger
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.money import Money
from services.kernel.text import Text


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """What is stated about a new commitment; see `Commitment`."""

    kind: PartyKind
    party: str
    investor_fund: str | None
    fen: int
    signed: date
    document: str
    new_capital: bool
    city: str = ""


@dataclass(frozen=True)
class Capital:
    """The use cases. Each locks the fund first, so that what it checks still holds when it writes."""

    clock: Clock
    ids: Ids

    def subscribe(self, session: Session, fund_id: str, stated: Subscription, actor: str) -> Commitment:
        """Record a commitment. Raises InvalidArgument, NotFound for a fund, and FailedPrecondition: FUND_CYCLE,
        COMMITMENTS_EXCEED_SIZE, and for the fund that subscribes SUBSCRIPTIONS_EXCEED_SIZE,
        SUBSCRIPTIONS_EXCEED_HEADROOM.
        """
        capital.lock_graph(session)
        made = Commitment(
            id=self.ids.new(),
            fund_id=fund_id,
            at=self.clock.now(),
            actor=actor,
            **vars(stated),
        )
        examine_commitment(made)
        locked = _locked(session, fund_id, made.investor_fund)
        fund, known = locked[fund_id], capital.commitments(session)
        journals = list[Journal]()
        require_acyclic(known, made)
        if made.investor_fund is not None:
            taken = _taken(session, locked[made.investor_fund], known, made)
            if taken:
                journals.append(self._journal(made.investor_fund, Act.SIGN, acts.subscribe_to(taken), made))
        if made.new_capital:
            journals.append(self._journal(fund_id, Act.SUBSCRIBE, acts.subscribe(made.fen), made))
        else:
            _require_within_size(fund, sum(each.fen for each in known if each.fund_id == fund_id), made.fen)
        ledger.post(session, journals)
        if made.new_capital and fund.government_fen is not None:
            fund.government_fen += leverage.of_commitment(made, capital.stated(session), known)
        capital.save_commitment(session, made)
        return made

    def call(
        self, session: Session, fund_id: str, fen: int, due: date, document: str, actor: str
    ) -> CapitalCall:
        """Call capital of every commitment in proportion. Raises InvalidArgument, NotFound, and
        FailedPrecondition: CALL_EXCEEDS_COMMITMENT, AMOUNT_EXCEEDS_UNCALLED.
        """
        findings = Findings()
        document = findings.text("document", document, most=300, required=True)
        findings.finish()
        fund = ledger.lock_fund(session, fund_id)
        known = capital.calls(session, fund_id)
        received = capital.received(session, [each.id for each in known])
        open_fen = sum(each.fen for each in known) - sum(received.values())
        uncalled = fund.uncalled_fen - open_fen
        if fen > uncalled:
            raise shortfall(fund_id, Account.UNCALLED, fen, uncalled)
        made = CapitalCall(
            id=self.ids.new(),
            fund_id=fund_id,
            number=len(known) + 1,
            due=due,
            parts=split(fen, capital.commitments(session, fund_id), _called(known)),
            document=document,
            at=self.clock.now(),
            actor=actor,
        )
        capital.save_call(session, made)
        return made

    def receive(self, session: Session, receipt: Receipt, fund_id: str) -> CapitalCall:
        """Record what came in; it is paid in. Raises InvalidArgument, NotFound for the call, AlreadyExists
        (RECEIPT_RECORDED), and FailedPrecondition (RECEIPT_EXCEEDS_CALL).
        """
        findings = Findings()
        findings.amount("amount", receipt.fen, least=1)
        findings.text("document", receipt.document, most=300, required=True)
        findings.not_after("received_date", receipt.received, civil_date(receipt.at))
        findings.finish()
        fund = ledger.lock_fund(session, fund_id)
        call = next((each for each in capital.calls(session, fund_id) if each.id == receipt.call_id), None)
        if call is None:
            raise NotFound.resource(f"funds/{fund_id}/capitalCalls/{receipt.call_id}")
        if receipt.commitment_id not in call.parts:
            raise InvalidArgument.field(
                "commitment",
                "NOT_CALLED",
                "该认缴不在本次缴款通知内，请核对",
                "this commitment is not part of the call; check which one it is",
            )
        earlier = capital.receipts(session, call.id, receipt.commitment_id)
        require_new(receipt, earlier)
        require_due(call, receipt.commitment_id, receipt.fen, sum(each.fen for each in earlier))
        name = f"funds/{fund_id}/capitalCalls/{call.id}"
        self._post(
            session, fund_id, Act.RECEIVE, acts.receive(receipt.fen), receipt.actor, name, receipt.document
        )
        if fund.paid_in_fen is None:
            fund.paid_in_fen = fund.size_fen - fund.uncalled_fen
        capital.save_receipt(session, receipt)
        return call

    def move(self, session: Session, fund_id: str, act: Act, lines: Lines, document: str, actor: str) -> int:
        """Post fees or a distribution; returns the number of the journal. Raises InvalidArgument, NotFound and
        FailedPrecondition (INSUFFICIENT_CASH).
        """
        findings = Findings()
        document = findings.text("document", document, most=300, required=True)
        findings.finish()
        self._post(session, fund_id, act, lines, actor, f"funds/{fund_id}", document)
        return session.get_one(Fund, fund_id).journal_count

    def _journal(self, fund_id: str, act: Act, lines: Lines, made: Commitment) -> Journal:
        name = f"funds/{made.fund_id}/commitments/{made.id}"
        return Journal(fund_id, act, lines, made.actor, made.at, name, made.document)

    def _post(
        self, session: Session, fund_id: str, act: Act, lines: Lines, actor: str, about: str, document: str
    ) -> None:
        journal = Journal(fund_id, act, lines, actor, self.clock.now(), about, document)
        ledger.post(session, [journal])


def brought_along(session: Session, fund: Fund) -> Mapping[str, Sequence[int | None]]:
    """What a fund's `size_fen`, `paid_in_fen` and `government_fen` may have been said to be when it was entered: its
    present figures without what was subscribed and received since.
    """
    known = capital.commitments(session)
    stated = capital.stated(session)
    moved = ledger.since_opening(session, fund.id)
    subscribed = -moved.get(Account.SUBSCRIBED, 0)
    received = subscribed - moved.get(Account.UNCALLED, 0)
    public = sum(
        leverage.of_commitment(each, stated, known)
        for each in known
        if each.fund_id == fund.id and each.new_capital
    )
    government = fund.government_fen
    return {
        "size_fen": (fund.size_fen - subscribed,),
        # The first receipt makes known what nobody had stated.
        "paid_in_fen": (fund.size_fen - fund.uncalled_fen - received, None) if received else (),
        "government_fen": () if government is None else (government - public,),
    }


def _locked(session: Session, *ids: str | None) -> Mapping[str, Fund]:
    """The funds of these ids, locked in the order in which journals are posted. Raises NotFound."""
    return {each: ledger.lock_fund(session, each) for each in sorted({each for each in ids if each})}


def _taken(session: Session, investor: Fund, known: Sequence[Commitment], made: Commitment) -> int:
    """What a commitment takes of what its investor may still invest, which must have it."""
    held = [each for each in known if each.investor_fund == investor.id]
    require_within_size(investor, sum(each.fen for each in held), made.fen)
    brought = ledger.brought(session, investor.id)
    taken = taken_fen([*held, made], brought) - taken_fen(held, brought)
    require_headroom(investor, taken)
    return taken


def _called(calls: list[CapitalCall]) -> Mapping[str, int]:
    found = defaultdict[str, int](int)
    for call in calls:
        for commitment, fen in call.parts.items():
            found[commitment] += fen
    return found


def _require_within_size(fund: Fund, known_fen: int, fen: int) -> None:
    left = fund.size_fen - known_fen
    if fen > left:
        said, free = Money(fen), Money(left)
        raise FailedPrecondition(
            Text(
                f"认缴合计将超过基金规模：本笔{said.display_zh()}，尚未列明{free.display_zh()}；"
                "若为新增出资，请注明 new_capital",
                f"the commitments would exceed the fund's size: {said.display_en()}, and {free.display_en()} of it "
                "is unexplained; set new_capital if this adds to the size",
            ),
            reason="COMMITMENTS_EXCEED_SIZE",
            metadata={"fund": fund.id, "leftFen": str(left)},
        )
