"""`python -m services.<name> scrub`: what was erased goes from the files of a PostgreSQL database, too.

PostgreSQL leaves deleted rows in their pages, and samples of their values among its statistics, until both are written
anew. That takes each table for itself for as long as it is written: a nightly command, and none of the services'.
SQLite overwrites what it deletes.
"""

import sys
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from services.chassis.house import House
from services.kernel.text import Text

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
_STATISTICS: Final = "pg_statistic"
_BUSY: Final = "55P03"


def scrub_tables(house: House, lock_timeout: str = "5s") -> int:
    """Write every table of the service's database anew; 1 if some were in use for longer than that and are as they
    were.
    """
    engine = house.database.engine
    if engine.dialect.name != "postgresql":
        house.database.scrub()
        return 0
    count, left = _written_anew(engine, lock_timeout)
    if left:
        names = ", ".join(left)
        busy = Text(f"以下表占用过久，未重写：{names}", f"in use for too long, not written anew: {names}")
        sys.stderr.write(f"{busy}\n")
    sys.stdout.write(f"{Text(f'已重写 {count} 张表', f'{count} tables written anew')}\n")
    return int(bool(left))


def _written_anew(engine: Engine, lock_timeout: str) -> tuple[int, list[str]]:
    """How many, and which could not be had. The samples come last: those of tables are made with them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT set_config('lock_timeout', :limit, false)"), {"limit": lock_timeout})
        tables = [str(name) for name in connection.scalars(text(_TABLES))]
        left = []
        for name in [*tables, _STATISTICS]:
            how = "FULL" if name == _STATISTICS else "FULL, ANALYZE"
            try:
                connection.execute(text(f"VACUUM ({how}) {name}"))
                if name != _STATISTICS:
                    _drop_samples_of_nothing(connection, name)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) != _BUSY:
                    raise
                left.append(name)
    return len(tables) + 1 - len(left), left


def _drop_samples_of_nothing(connection: Connection, name: str) -> None:
    """ANALYZE leaves the samples of a table that has become empty; stating the type of a column drops its own."""
    if connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is None:  # noqa: S608 (a quoted name)
        for column, kind in connection.execute(text(_KEPT_SAMPLES), {"name": name}).all():
            connection.execute(text(f"ALTER TABLE {name} ALTER COLUMN {column} TYPE {kind}"))
