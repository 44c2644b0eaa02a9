"""`python -m services.talent sample-quarters`: a sample has closed quarters, so that trend and forecast are not empty.

A sample's postings were opened and closed over two years, and all of them came in one import. The day is turned over
its quarters as it would have turned, had each record come on its day. Real records are never treated so: a closed
quarter holds what was known when it closed.
"""

import sys
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.chassis.storage.db import Database
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.period import Quarter
from services.talent.service.shortage.counting.ticking import Ticker, next_stop
from services.talent.store import schema
from services.talent.store.counts import quarters
from services.talent.store.counts import state as states

QUARTERS = 8
"""How far back a sample's postings reach."""


def lay_quarters(database: Database, ticker: Ticker, arguments: Sequence[str]) -> int:
    """Close the quarters before today's, once; 1 with the reason on stderr where that must not be. No arguments."""
    if arguments:
        sys.stderr.write("不接受参数 / no arguments are taken\n")
        return 1
    try:
        with database.write() as session:
            laid = _laid(session, ticker)
    except FailedPrecondition as error:
        sys.stderr.write(f"{error.text.zh} / {error.text.en}\n")
        return 1
    sys.stdout.write(f"已结束季度 {laid} / {laid} closed quarters\n")
    return 0


def _laid(session: Session, ticker: Ticker) -> int:
    """How many were laid: none where some have closed, or nothing is counted.

    Raises FailedPrecondition: NOT_A_SAMPLE, DAY_HELD while an import is under way.
    """
    if not states.may_turn(session):
        raise FailedPrecondition(
            Text("正在导入，请在导入结束后重试", "an import is under way; try again when it has ended"),
            reason="DAY_HELD",
        )
    state = states.advance(session)
    if state is None or quarters.days_before(session, state.day, 1):
        return 0
    if _has_real(session):
        raise FailedPrecondition(
            Text(
                "库中有真实数据，其已结束季度只由时间产生",
                "there is real data: its quarters close by themselves, as time passes",
            ),
            reason="NOT_A_SAMPLE",
        )
    today = state.day
    day = Quarter.of(today).later(-QUARTERS).end
    states.put(session, day=day)
    ticker.counter.rebuild(session)
    while day < today:
        day = next_stop(day, today)
        ticker.turn_to(session, day)
    return len(quarters.days_before(session, today, QUARTERS))


def _has_real(session: Session) -> bool:
    tables = (schema.person, schema.position)
    real = (select(table.c.id).where(table.c.origin != "SYNTHETIC").exists() for table in tables)
    return bool(session.scalar(select(or_(*real))))
