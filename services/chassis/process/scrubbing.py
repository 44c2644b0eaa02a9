"""`python -m services.<name> scrub`: what was erased goes from the files of a PostgreSQL database, too.

PostgreSQL leaves deleted rows in their pages, and samples of their values among its statistics, until both are written
anew. That takes each table for itself for as long as it is written: a nightly command, and none of the services'.
What SQLite leaves, the service takes away by itself (`residue`); here it is done at once.

All tables are written, those that only grow included: which of them held deleted rows is not to be learnt from the
server, whose counts of dead rows VACUUM sets back while the bytes stay, and which a crash or a failover loses.
"""

import sys
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from services.chassis.house import House
from services.kernel.text import Text, counted

_TABLES: Final = (
    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
    "WHERE schemaname = current_schema() ORDER BY 1"
)
_KEPT_SAMPLES: Final = (
    "SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod) FROM pg_stats s JOIN pg_attribute a "
    "ON a.attrelid = CAST(:name AS regclass) AND a.attname = s.attname "
    "WHERE CAST(:name AS regclass) = (quote_ident(s.schemaname) || '.' || quote_ident(s.tablename))::regclass"
)
"""Columns of one table with samples, and their types."""
_FILE: Final = "SELECT pg_relation_filenode(CAST(:name AS regclass))"
_STATISTICS: Final = "pg_statistic"
_BUSY, _NOT_ALLOWED = "55P03", "42501"


@dataclass
class _Written:
    """Tables that were written anew, and those that were not, by why."""

    tables: list[str] = field(default_factory=list)
    in_use: list[str] = field(default_factory=list)
    of_others: list[str] = field(default_factory=list)


def scrub_tables(house: House, lock_timeout: str = "5s") -> int:
    """Write every table of the service's database anew; 1 if some are as they were, which are named: in use for longer
    than that, or of another owner. On SQLite 1 if somebody at work puts it off.
    """
    engine = house.database.engine
    if engine.dialect.name != "postgresql":
        return _emptied(house)
    done = _written_anew(engine, lock_timeout)
    if done.in_use:
        names = ", ".join(done.in_use)
        _complain(f"以下表占用过久，未重写：{names}", f"in use for too long, not written anew: {names}")
    if done.of_others:
        names = ", ".join(done.of_others)
        _complain(
            f"以下表不归所用的数据库角色，未重写：{names}。请以所有者的角色运行，或改正归属",
            f"not owned by this database role, not written anew: {names}; run it as their owner, or correct the owner",
        )
    count = sum(name != _STATISTICS for name in done.tables)
    said = Text(f"已重写 {count:,} 张表", f"{counted(count, 'table')} written anew")
    sys.stdout.write(f"{said}\n")
    return int(bool(done.in_use or done.of_others))


def _emptied(house: House) -> int:
    owed = house.database.scrub(at_once=True)
    if owed:
        _complain(
            "数据库正在使用，已删除内容的残留未清除，请稍后再运行",
            "somebody is at work, and what erasures have left is still there; run it again later",
        )
    return int(owed)


def _complain(zh: str, en: str) -> None:
    sys.stderr.write(f"{Text(zh, en)}\n")


def _written_anew(engine: Engine, lock_timeout: str) -> _Written:
    """The samples come last: those of tables are made with them."""
    done = _Written()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT set_config('lock_timeout', :limit, false)"), {"limit": lock_timeout})
        tables = [str(name) for name in connection.scalars(text(_TABLES))]
        for name in [*tables, _STATISTICS]:
            try:
                (done.tables if _write(connection, name) else done.of_others).append(name)
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in {_BUSY, _NOT_ALLOWED}:
                    raise
                (done.in_use if state == _BUSY else done.of_others).append(name)
    return done


def _write(connection: Connection, name: str) -> bool:
    """Whether the table has another file now: VACUUM passes over what the role does not own with a mere warning."""
    how = "FULL" if name == _STATISTICS else "FULL, ANALYZE"
    before = connection.scalar(text(_FILE), {"name": name})
    connection.execute(text(f"VACUUM ({how}) {name}"))
    if connection.scalar(text(_FILE), {"name": name}) == before:
        return False
    if name != _STATISTICS:
        _drop_samples_of_nothing(connection, name)
    return True


def _drop_samples_of_nothing(connection: Connection, name: str) -> None:
    """ANALYZE leaves the samples of a table that has become empty; stating the type of a column drops its own."""
    if connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is None:  # noqa: S608 (a quoted name)
        for column, kind in connection.execute(text(_KEPT_SAMPLES), {"name": name}).all():
            connection.execute(text(f"ALTER TABLE {name} ALTER COLUMN {column} TYPE {kind}"))
