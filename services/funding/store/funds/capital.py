"""Reading and writing commitments, capital calls and receipts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from services.funding.domain.capital.call import CapitalCall, Receipt
from services.funding.domain.capital.commitment import Commitment
from services.funding.domain.capital.leverage import Stated, Ticket
from services.funding.domain.deal.deal import Deal
from services.funding.store import schema
from services.funding.store.firms import rounds


def lock_graph(session: Session) -> None:
    """Let nobody else add a commitment until this transaction ends: two of them could close a circle."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE commitment IN SHARE ROW EXCLUSIVE MODE"))


def commitments(session: Session, fund_id: str | None = None) -> list[Commitment]:
    """Commitments to one fund or to all, oldest first."""
    table = schema.commitment
    query = select(table).order_by(table.c.at, table.c.id)
    if fund_id is not None:
        query = query.where(table.c.fund_id == fund_id)
    return [Commitment(**row) for row in session.execute(query).mappings()]


def save_commitment(session: Session, commitment: Commitment) -> None:
    """Add a commitment."""
    session.execute(insert(schema.commitment).values(**asdict(commitment)))


def calls(session: Session, fund_id: str) -> list[CapitalCall]:
    """The calls of a fund with their parts, oldest first."""
    table, part = schema.capital_call, schema.capital_call_part
    query = (
        select(part)
        .join(table, table.c.id == part.c.call_id)
        .where(table.c.fund_id == fund_id)
        .order_by(part.c.commitment_id)
    )
    parts = defaultdict[str, dict[str, int]](dict)
    for row in session.execute(query):
        parts[row.call_id][row.commitment_id] = row.fen
    rows = session.execute(select(table).where(table.c.fund_id == fund_id).order_by(table.c.number))
    return [CapitalCall(**row, parts=parts[row["id"]]) for row in rows.mappings()]


def save_call(session: Session, call: CapitalCall) -> None:
    """Add a call with its parts."""
    facts = {name: value for name, value in asdict(call).items() if name != "parts"}
    session.execute(insert(schema.capital_call).values(**facts))
    rows = [{"call_id": call.id, "commitment_id": id_, "fen": fen} for id_, fen in call.parts.items()]
    session.execute(insert(schema.capital_call_part), rows)


def received(session: Session, call_ids: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """What has come in, by call and commitment."""
    table = schema.capital_receipt
    query = (
        select(table.c.call_id, table.c.commitment_id, func.sum(table.c.fen))
        .where(table.c.call_id.in_(call_ids))
        .group_by(table.c.call_id, table.c.commitment_id)
    )
    return {(call, commitment): int(fen) for call, commitment, fen in session.execute(query)}


def receipts(session: Session, call_id: str, commitment_id: str) -> list[Receipt]:
    """What came in of one part of a call, oldest first."""
    table = schema.capital_receipt
    query = (
        select(table)
        .where(table.c.call_id == call_id, table.c.commitment_id == commitment_id)
        .order_by(table.c.at, table.c.id)
    )
    return [Receipt(**row) for row in session.execute(query).mappings()]


def save_receipt(session: Session, receipt: Receipt) -> None:
    """Add a receipt."""
    session.execute(insert(schema.capital_receipt).values(**asdict(receipt)))


def sizes(session: Session, ids: Sequence[str] | None = None) -> dict[str, int]:
    """The sizes of these funds, or of all, in fen."""
    query = select(schema.fund.c.id, schema.fund.c.size_fen)
    if ids is not None:
        query = query.where(schema.fund.c.id.in_(ids))
    return dict(session.execute(query).all())


def stated(session: Session) -> dict[str, Stated]:
    """What every fund says of its size and the government's part; a part that is not stated is none."""
    table = schema.fund
    query = select(table.c.id, table.c.size_fen, func.coalesce(table.c.government_fen, 0))
    return {id_: Stated(size, government) for id_, size, government in session.execute(query)}


def tickets(session: Session, fund_id: str) -> list[Ticket]:
    """What all our funds signed in the rounds that one of them is in, with the total of the round as it was recorded,
    else as the deal states it.
    """
    table = schema.deal
    own = select(table.c.firm_id, table.c.round_name).where(
        table.c.fund_id == fund_id, table.c.signed_fen.is_not(None)
    )
    places = {(firm, name) for firm, name in session.execute(own)}
    query = select(Deal).where(
        table.c.signed_fen.is_not(None), table.c.firm_id.in_({firm for firm, _ in places})
    )
    recorded = rounds.totals(session, places)
    return [
        Ticket(
            deal.fund_id,
            f"{deal.firm_id}/{deal.round_name}",
            deal.signed_fen,
            recorded.get((deal.firm_id, deal.round_name), deal.terms.round_total_fen),
        )
        for deal in session.scalars(query)
        if (deal.firm_id, deal.round_name) in places and deal.signed_fen is not None
    ]
