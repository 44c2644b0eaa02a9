"""Racing reservations of one fund's capital, against read-then-write, which is allowed to be wrong and is."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from statistics import median

from sqlalchemy import insert, select, update

from bench.harness import Row, Run
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate
from services.funding.app import BLUEPRINT
from services.funding.domain.fund.fund import Fund, FundKind, establish, opening
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.store import schema
from services.funding.store.funds import ledger
from services.funding.store.mapping import map_aggregates
from services.kernel.errors import BoleError

NAMES = ("funding.reserve",)
_AT = datetime(2026, 6, 30, tzinfo=UTC)
_WRITERS, _EACH, _ROUNDS, _TICKET = 8, 150, 3, 100_000_000
_CAPITAL = _WRITERS * _EACH * _TICKET // 6


def measure(run: Run) -> Iterator[Row]:
    """Committed per second on PostgreSQL, eight writers asking for six times what there is."""
    map_aggregates()
    each = max(5, run.size(_EACH))
    with run.folder() as folder, run.database_urls(folder) as urls:
        database = Database(open_engine(urls["postgresql"]))
        try:
            migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
            with database.engine.begin() as connection:
                connection.exec_driver_sql("CREATE SEQUENCE bench_journal START 2")
            ours, theirs, excess = [], [], 0
            for number in range(_ROUNDS):
                fund, naive = f"ours-{number}", f"naive-{number}"
                for id_ in (fund, naive):
                    _establish(database, id_)
                ours.append(_rate(partial(_conditional, database, fund), each))
                theirs.append(_rate(partial(_read_then_write, database, naive), each))
                excess = max(excess, _granted(database, naive) - _CAPITAL)
                _assert_exact(database, fund)
        finally:
            database.close()
    note = f"read-then-write granted up to {max(0, excess) / 100:,.0f} yuan too much; ours none"
    yield run.row(
        "funding.reserve",
        median(ours),
        "1/s",
        n=_WRITERS * each,
        peer="read, then write",
        peer_value=median(theirs),
        bar=1.0,
        lower_is_better=False,
        note=note,
    )


def _establish(database: Database, id_: str) -> None:
    fund = establish(
        id=id_,
        name=id_,
        kind=FundKind.FUTURE_ANGEL,
        city="suzhou",
        size_fen=_CAPITAL,
        established=date(2025, 1, 1),
        life_years=10,
        investment_years=5,
        origin="SYNTHETIC",
        at=_AT,
    )
    with database.write() as session:
        session.add(fund)
        session.flush()
        ledger.record(session, [(opening(fund, actor="bench", at=_AT), 1)])


def _conditional(database: Database, id_: str) -> None:
    with database.write() as session:
        ledger.post(session, [Journal(id_, Act.RESERVE, acts.reserve(_TICKET), "bench", _AT)])


def _read_then_write(database: Database, id_: str) -> None:
    """What is often written: look whether it fits, then set the sum; with the same rows in the ledger."""
    table = schema.fund
    with database.write() as session:
        row = session.execute(select(table).where(table.c.id == id_)).one()
        if row.reserved_fen + _TICKET > row.size_fen:
            return
        values = {"reserved_fen": row.reserved_fen + _TICKET, "version": row.version + 1}
        session.execute(update(table).where(table.c.id == id_).values(**values))
        count = session.connection().exec_driver_sql("SELECT nextval('bench_journal')").scalar_one()
        key = {"fund_id": id_, "sequence": count}
        facts = {"act": Act.RESERVE, "reference": "", "document": "", "actor": "bench", "at": _AT}
        session.execute(insert(schema.journal).values(**key, **facts))
        lines = acts.reserve(_TICKET).items()
        session.execute(insert(schema.journal_line), [{**key, "account": a, "fen": fen} for a, fen in lines])


def _rate(act: Callable[[], None], each: int) -> float:
    def write(_writer: int) -> int:
        done = 0
        for _ in range(each):
            try:
                act()
            except BoleError:
                continue
            done += 1
        return done

    started = time.perf_counter()
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(write, range(_WRITERS)))
    return _WRITERS * each / (time.perf_counter() - started)


def _granted(database: Database, id_: str) -> int:
    with database.read() as session:
        lines = session.scalars(
            select(schema.journal_line.c.fen).where(
                schema.journal_line.c.fund_id == id_, schema.journal_line.c.account == "RESERVED"
            )
        )
        return sum(lines)


def _assert_exact(database: Database, id_: str) -> None:
    """To the fen: what the ledger granted is what the balance holds, and no more than there is."""
    with database.read() as session:
        assert not list(ledger.differences(session, id_))
        reserved = session.get_one(Fund, id_).reserved_fen
    assert reserved == _granted(database, id_) <= _CAPITAL
