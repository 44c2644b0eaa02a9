"""Posting journals: the balances move by one conditional statement per fund, which cannot over-commit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, insert, select, update
from sqlalchemy.orm import Session

from services.funding.domain.fund.fund import Fund
from services.funding.domain.ledger.accounts import Account, Book
from services.funding.domain.ledger.acts import Lines
from services.funding.domain.ledger.journal import Act, Journal, total
from services.funding.store import schema
from services.kernel.errors import Aborted, NotFound
from services.kernel.text import Text

# The columns of the balances below which nothing may fall.
_GUARDED = {
    Account.UNCALLED: schema.fund.c.uncalled_fen,
    Account.CASH: schema.fund.c.cash_fen,
    Account.COST: schema.fund.c.cost_fen,
    Account.FEES: schema.fund.c.fees_fen,
    Account.WRITTEN_OFF: schema.fund.c.written_off_fen,
    Account.DISTRIBUTED: schema.fund.c.distributed_fen,
    Account.RETURNED_TO_LP: schema.fund.c.returned_fen,
    Account.RESERVED: schema.fund.c.reserved_fen,
    Account.COMMITTED_UNPAID: schema.fund.c.committed_fen,
    Account.DEPLOYED: schema.fund.c.invested_fen,
    Account.RECYCLED: schema.fund.c.recycled_fen,
}


_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """An account whose balance is not what its lines add up to, or a journal whose lines do not add up."""

    fund_id: str
    what: str
    ledger_fen: int
    balance_fen: int


def post(session: Session, journals: Sequence[Journal]) -> None:
    """Post journals, funds in the order of their ids so that no two writers wait for each other.

    Raises FailedPrecondition for the account that would fall below zero (see `Balances.after`), NotFound for a
    fund that is not there. Funds read before are read again by the next who asks.
    """
    by_fund = defaultdict[str, list[Journal]](list)
    for journal in journals:
        by_fund[journal.fund_id].append(journal)
    numbered: list[tuple[Journal, int]] = []
    for fund_id in sorted(by_fund):
        count = _move(session, fund_id, total(by_fund[fund_id]), by_fund[fund_id])
        numbered += zip(by_fund[fund_id], range(count - len(by_fund[fund_id]) + 1, count + 1), strict=True)
    record(session, numbered)


def lock_fund(session: Session, fund_id: str) -> Fund:
    """The fund as it stands, which nobody else moves until the transaction ends. Raises NotFound."""
    fund = session.get(Fund, fund_id, with_for_update=True, populate_existing=True)
    if fund is None:
        raise NotFound.resource(f"funds/{fund_id}")
    return fund


def record(session: Session, numbered: Iterable[tuple[Journal, int]]) -> None:
    """Add journals under their numbers, for balances that hold them already."""
    journals: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for journal, sequence in numbered:
        key = {"fund_id": journal.fund_id, "sequence": sequence}
        facts = {name: getattr(journal, name) for name in ("act", "reference", "document", "actor", "at")}
        journals.append({**key, **facts})
        lines += [{**key, "account": account, "fen": fen} for account, fen in journal.lines.items()]
    if journals:
        session.execute(insert(schema.journal), journals)
        session.execute(insert(schema.journal_line), lines)


def count_journals(session: Session, fund_id: str | None = None) -> int:
    """How many journals there are, of one fund or of all."""
    query = select(func.count()).select_from(schema.journal)
    return session.scalar(query if fund_id is None else query.where(schema.journal.c.fund_id == fund_id)) or 0


def journals(
    session: Session, fund_id: str, reference: str, before: int | None, limit: int
) -> tuple[list[tuple[Journal, int]], int]:
    """The newest journals of a fund numbered below `before`, with their numbers; and how many there are in all.

    `reference`: only those about this resource, if given.
    """
    table, line = schema.journal, schema.journal_line
    where = [table.c.fund_id == fund_id]
    if reference:
        where.append(table.c.reference == reference)
    total = session.scalar(select(func.count()).select_from(table).where(*where)) or 0
    if before is not None:
        where.append(table.c.sequence < before)
    rows = session.execute(select(table).where(*where).order_by(table.c.sequence.desc()).limit(limit)).all()
    lines = defaultdict[int, dict[Account, int]](dict)
    chosen = line.c.sequence.in_([row.sequence for row in rows])
    for row in session.execute(select(line).where(line.c.fund_id == fund_id, chosen)):
        lines[row.sequence][row.account] = row.fen
    return [
        (
            Journal(fund_id, row.act, lines[row.sequence], row.actor, row.at, row.reference, row.document),
            row.sequence,
        )
        for row in rows
    ], total


def since_opening(session: Session, fund_id: str) -> dict[Account, int]:
    """What the lines of a fund add up to beside those it was opened with, by account."""
    table, line = schema.journal, schema.journal_line
    query = (
        select(line.c.account, func.sum(line.c.fen))
        .join(table, (table.c.fund_id == line.c.fund_id) & (table.c.sequence == line.c.sequence))
        .where(line.c.fund_id == fund_id, table.c.act != Act.OPEN)
        .group_by(line.c.account)
    )
    return {account: int(fen) for account, fen in session.execute(query)}


def brought(session: Session, fund_id: str) -> int:
    """What a fund was entered with as signed or paid, in fen."""
    table, line = schema.journal, schema.journal_line
    query = (
        select(func.sum(line.c.fen))
        .join(table, (table.c.fund_id == line.c.fund_id) & (table.c.sequence == line.c.sequence))
        .where(line.c.fund_id == fund_id, table.c.act == Act.OPEN)
        .where(line.c.account.in_((Account.COMMITTED_UNPAID, Account.DEPLOYED)))
    )
    return int(session.scalar(query) or 0)


def sums(session: Session, fund_id: str) -> dict[Account, int]:
    """What the lines of a fund add up to, by account."""
    return _sums(session, fund_id).get(fund_id, {})


def differences(session: Session, fund_id: str | None = None) -> Iterator[Difference]:
    """Everything in which ledger and balances disagree; nothing in a sound installation."""
    yield from _uneven(session, fund_id)
    by_fund = _sums(session, fund_id)
    funds = select(Fund) if fund_id is None else select(Fund).where(schema.fund.c.id == fund_id)
    for fund in session.scalars(funds.execution_options(populate_existing=True)):
        balances, ledger = fund.balances, by_fund.get(fund.id, {})
        for account in Account:
            if balances[account] != ledger.get(account, 0):
                yield Difference(fund.id, account.name, ledger.get(account, 0), balances[account])
        count = count_journals(session, fund.id)
        if count != fund.journal_count:
            yield Difference(fund.id, "JOURNALS", count, fund.journal_count)


def _move(session: Session, fund_id: str, lines: Lines, journals: Sequence[Journal]) -> int:
    """Move the balances; returns the number of the fund's last journal."""
    table = schema.fund
    subscribed = -lines.get(Account.SUBSCRIBED, 0)
    investable = -lines.get(Account.INVESTABLE, 0) - lines.get(Account.RECYCLED, 0)
    values: dict[str, Any] = {
        column.name: column + lines[account] for account, column in _GUARDED.items() if account in lines
    }
    if subscribed or investable:
        values["size_fen"] = table.c.size_fen + subscribed
        values["fee_reserve_fen"] = table.c.fee_reserve_fen + subscribed - investable
    if received := subscribed - lines.get(Account.UNCALLED, 0):
        paid_in = table.c.size_fen - table.c.uncalled_fen + received
        # What nobody stated stays unknown.
        values["paid_in_fen"] = case((table.c.paid_in_fen.is_not(None), paid_in))
    if Account.GAIN in lines:
        values["gain_fen"] = table.c.gain_fen + lines[Account.GAIN]
    statement = (
        update(table)
        .where(table.c.id == fund_id, *_guards(lines))
        .values(
            **values,
            journal_count=table.c.journal_count + len(journals),
            version=table.c.version + 1,
            updated_at=journals[-1].at,
        )
        .returning(table.c.journal_count)
        .execution_options(synchronize_session=False)
    )
    for _ in range(_ATTEMPTS):
        count: int | None = session.execute(statement).scalar_one_or_none()
        fund = session.get(Fund, fund_id, populate_existing=True)
        if fund is None:
            raise NotFound.resource(f"funds/{fund_id}")
        if count is not None:
            return count
        # Raises what is lacking, unless another writer has freed it since.
        fund.balances.after(lines)
    raise Aborted(
        Text("基金余额正被他人变更，请重试", "others are changing the fund's balances; try again"),
        reason="CONCURRENT_CHANGE",
    )


def _guards(lines: Lines) -> list[ColumnElement[bool]]:
    table = schema.fund
    guards = [
        column + lines[account] >= 0 for account, column in _GUARDED.items() if lines.get(account, 0) < 0
    ]
    free = lines.get(Account.FREE, 0)
    if free < 0:
        used = table.c.reserved_fen + table.c.committed_fen + table.c.invested_fen
        guards.append(used - free <= table.c.size_fen - table.c.fee_reserve_fen)
    return guards


def _uneven(session: Session, fund_id: str | None) -> Iterator[Difference]:
    table = schema.journal_line
    money = table.c.account.in_([each for each in Account if each.book is Book.MONEY])
    query = (
        select(table.c.fund_id, table.c.sequence, func.sum(table.c.fen))
        .group_by(table.c.fund_id, table.c.sequence, money)
        .having(func.sum(table.c.fen) != 0)
    )
    if fund_id is not None:
        query = query.where(table.c.fund_id == fund_id)
    for fund, sequence, fen in session.execute(query):
        yield Difference(fund, f"JOURNAL {sequence}", int(fen), 0)


def _sums(session: Session, fund_id: str | None) -> Mapping[str, dict[Account, int]]:
    table = schema.journal_line
    query = select(table.c.fund_id, table.c.account, func.sum(table.c.fen)).group_by(
        table.c.fund_id, table.c.account
    )
    if fund_id is not None:
        query = query.where(table.c.fund_id == fund_id)
    found = defaultdict[str, dict[Account, int]](dict)
    for fund, account, fen in session.execute(query):
        found[fund][account] = int(fen)
    return found
