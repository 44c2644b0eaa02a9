"""Between the contract of capital and its domain."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from bole.funding.v1 import capital_pb2
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, text_to_wire
from services.funding.domain.capital.call import CapitalCall
from services.funding.domain.capital.commitment import Commitment, PartyKind
from services.funding.domain.capital.leverage import NOTES, Leverage
from services.funding.domain.ledger.journal import Journal
from services.funding.rpc.funds.amounts import yuan
from services.kernel.errors import InvalidArgument

KINDS = {kind: f"PARTY_KIND_{kind.name}" for kind in PartyKind}
PARTIES = {capital_pb2.PartyKind.Value(name): kind for kind, name in KINDS.items()}


def commitment_to_wire(commitment: Commitment) -> capital_pb2.Commitment:
    """The whole record."""
    investor = commitment.investor_fund
    return capital_pb2.Commitment(
        name=f"funds/{commitment.fund_id}/commitments/{commitment.id}",
        party_kind=KINDS[commitment.kind],
        party=commitment.party,
        investor_fund=f"funds/{investor}" if investor else "",
        amount=yuan(commitment.fen),
        signed_date=date_to_wire(commitment.signed),
        document=commitment.document,
        new_capital=commitment.new_capital,
        city_code=commitment.city,
        create_time=instant_to_wire(commitment.at),
    )


def call_to_wire(call: CapitalCall, received_fen: Mapping[tuple[str, str], int]) -> capital_pb2.CapitalCall:
    """The call, and what came in for each part."""
    return capital_pb2.CapitalCall(
        name=f"funds/{call.fund_id}/capitalCalls/{call.id}",
        number=call.number,
        amount=yuan(call.fen),
        due_date=date_to_wire(call.due),
        document=call.document,
        parts=[
            capital_pb2.CapitalCallPart(
                commitment=f"funds/{call.fund_id}/commitments/{id_}",
                amount=yuan(fen),
                received=yuan(received_fen.get((call.id, id_), 0)),
            )
            for id_, fen in call.parts.items()
        ],
        create_time=instant_to_wire(call.at),
    )


def journal_to_wire(journal: Journal, sequence: int) -> capital_pb2.LedgerJournal:
    """The journal under its number."""
    return capital_pb2.LedgerJournal(
        sequence=sequence,
        act=journal.act.name,
        act_title=text_to_wire(journal.act.label),
        reference=journal.reference,
        document=journal.document,
        actor=journal.actor,
        post_time=instant_to_wire(journal.at),
        lines=[
            capital_pb2.JournalLine(
                account=account.name, account_title=text_to_wire(account.label), amount=yuan(fen)
            )
            for account, fen in journal.lines.items()
        ],
    )


def leverage_to_wire(definition: str, leverage: Leverage, source: str) -> capital_pb2.LeverageRatio:
    """The exact fraction, and its value to two places."""
    value = ""
    if leverage.denominator_fen:
        exact = Decimal(leverage.numerator_fen) / leverage.denominator_fen
        value = f"{exact.quantize(Decimal('0.01'), ROUND_HALF_EVEN):f}"
    return capital_pb2.LeverageRatio(
        definition=definition,
        numerator=yuan(leverage.numerator_fen),
        denominator=yuan(leverage.denominator_fen),
        value=value,
        source=source,
        note=text_to_wire(NOTES[definition]),
    )


def child_id(name: str, collection: str, *, field: str) -> tuple[str, str]:
    """The fund's id and the child's of `funds/{fund}/{collection}/{id}`. Raises InvalidArgument."""
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != "funds" or parts[2] != collection or not parts[1] or not parts[3]:
        form = f"funds/{{fund}}/{collection}/{{id}}"
        raise InvalidArgument.field(field, "INVALID_NAME", f"名称应写成 {form}", f"the name must read {form}")
    return parts[1], parts[3]
