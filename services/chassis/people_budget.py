"""How many records one account may be shown on one civil day, with their personal fields: people, and in funding
firms and deals.

A record counts once a day, however often it is shown. The budget is one for all services, and each may show a fixed
part of it: they need not ask one another, and together show no more. The count stands in the database of the service
that shows, beside the audit entry of what was shown, so that neither a restart nor a second replica gives anybody
another one; a new day begins it anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import (
    Column,
    Date,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.audit.audit import ids_of
from services.chassis.rpc.call import Call
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.kernel.clock import CIVIL_ZONE, civil_date, midnight
from services.kernel.errors import ResourceExhausted
from services.kernel.text import Text

PARTS: Final = {"talent": 60, "matcher": 30, "funding": 10}
"""Of every hundred records of the budget, how many each service may show."""
_DAY: Final = timedelta(days=1)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class BudgetTables:
    """`people_budget`: of each account, how many on which day; `people_seen`: which, on that day. `part`: of every
    hundred of the budget, how many are this service's.
    """

    count: Table
    seen: Table
    of_people: frozenset[str] | None = None
    part: int = 100

    def ids(self, names: Iterable[str]) -> list[str]:
        """The ids of those of these resources that count: all, unless only some collections are of people."""
        kinds = self.of_people
        return ids_of(name for name in names if kinds is None or name.partition("/")[0] in kinds)

    def forget(self, session: Session, id_: str) -> None:
        """Take somebody erased out of what was seen; how many it were stays."""
        session.execute(delete(self.seen).where(self.seen.c.id == id_))


def define_budget(
    metadata: MetaData, of_people: frozenset[str] | None = None, part: int = 100
) -> BudgetTables:
    """Define the tables. Whoever defines them accounts for `people_seen` at an erasure. `of_people`: the collections
    whose records are people, where others have fields of that level too; None: all are. `part`: as in `BudgetTables`.
    """
    count = Table(
        "people_budget",
        metadata,
        Column("actor", String(200), primary_key=True),
        Column("day", Date, nullable=False),
        Column("seen", Integer, nullable=False),
    )
    seen = Table(
        "people_seen",
        metadata,
        Column("actor", String(200), nullable=False),
        Column("id", String(128), nullable=False, index=True),
        PrimaryKeyConstraint("actor", "id"),
    )
    return BudgetTables(count, seen, of_people, part)


@dataclass(frozen=True, slots=True)
class PeopleBudget:
    """The part of one service in the budget of every account, `total` records a day. Callers that are services have
    none.
    """

    tables: BudgetTables
    total: int

    @property
    def limit(self) -> int:
        """How many records a day this service may show."""
        return self.total * self.tables.part // 100

    def require(self, session: Session, call: Call) -> None:
        """Before a change that would show personal fields: raises ResourceExhausted (PEOPLE_BUDGET) where nothing is
        left, since its answer could not be kept back any more.
        """
        table, today = self.tables.count, civil_date(call.arrived)
        query = select(table.c.seen).where(table.c.actor == call.principal.subject, table.c.day == today)
        if self._counts(call) and (session.scalar(query) or 0) >= self.limit:
            raise self._used_up(call, 0)

    def spend(self, session: Session, call: Call, ids: Iterable[str], *, done: bool = False) -> None:
        """Count records that `call` is about to show, in this transaction; two of one account wait for each other.

        Raises ResourceExhausted (PEOPLE_BUDGET) if there would be too many, unless what the call does is `done`.
        """
        wanted = sorted(set(ids))
        if not wanted or not self._counts(call):
            return
        actor, seen = call.principal.subject, self._begin(session, call)
        fresh = [id_ for part in chunks(wanted) for id_ in self._unseen(session, actor, part)]
        if seen + len(fresh) > self.limit and not done:
            raise self._used_up(call, max(0, self.limit - seen))
        add_rows(session, self.tables.seen, ("actor", "id"), [(actor, id_) for id_ in fresh])
        table = self.tables.count
        session.execute(update(table).where(table.c.actor == actor).values(seen=seen + len(fresh)))

    def _begin(self, session: Session, call: Call) -> int:
        """Lock the account's count; how many today."""
        actor, today, table = call.principal.subject, civil_date(call.arrived), self.tables.count
        make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(make(table).values(actor=actor, day=today, seen=0).on_conflict_do_nothing())
        row = session.execute(select(table).where(table.c.actor == actor).with_for_update()).one()
        if row.day >= today:
            return int(row.seen)
        # Of every account: nobody's list outlives the day, whoever was erased while it was shown.
        over = select(table.c.actor).where(table.c.day < today)
        session.execute(delete(self.tables.seen).where(self.tables.seen.c.actor.in_(over)))
        session.execute(update(table).where(table.c.actor == actor).values(day=today, seen=0))
        return 0

    def _unseen(self, session: Session, actor: str, ids: list[str]) -> list[str]:
        table = self.tables.seen
        known = set(session.scalars(select(table.c.id).where(table.c.actor == actor, table.c.id.in_(ids))))
        return [id_ for id_ in ids if id_ not in known]

    @staticmethod
    def _counts(call: Call) -> bool:
        return call.principal.kind != "service"

    def _used_up(self, call: Call, left: int) -> ResourceExhausted:
        again = midnight(civil_date(call.arrived) + _DAY)
        told = again.astimezone(CIVIL_ZONE)
        return ResourceExhausted(
            Text(
                f"每个账号每天最多查看{self.total:,}条记录的个人信息，其中本服务{self.limit:,}条，今天在本服务还可查看"
                f"{left:,}条；{told:%m月%d日%H:%M}起重新计算。请缩小范围，或不声明用途以查看脱敏信息",
                f"an account is shown personal fields of at most {self.total:,} records a day, {self.limit:,} of them "
                f"by this service, which shows {left:,} more today; the count begins again at "
                f"{told:%Y-%m-%d %H:%M} (China). Ask for fewer, or state no purpose and see them masked",
            ),
            reason="PEOPLE_BUDGET",
            metadata={
                "left": str(left),
                "retry_after_ms": str(-((call.arrived - again) // _MILLISECOND)),
            },
        )
