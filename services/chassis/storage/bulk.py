"""Adding many rows to one table as fast as the engine takes them, within the caller's transaction.

SQLite gets one prepared statement for all rows, PostgreSQL a COPY. Values pass through the types of their
columns as everywhere; where equal values come back row after row, each is converted once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Dialect, LargeBinary, MetaData, Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.chassis.storage.columns import Encoded, UtcInstant, sqlite_instant

_AT_ONCE = 2_000
_ASKED_AT_ONCE = 400
_REMEMBERED = 1_024
_FEW = 20

Convert = Callable[[Any], Any]


class Ready(NamedTuple):
    """Rows of one table as an engine's driver takes them."""

    table: str
    columns: tuple[str, ...]
    rows: list[Sequence[Any]]


class Form:
    """Some columns of one table, on one engine. What it converted before it remembers. Not thread-safe."""

    def __init__(self, table: Table, columns: Sequence[str], dialect: Dialect) -> None:
        self.table, self.columns = table, tuple(columns)
        found = ((at, _conversion(table.c[name], dialect)) for at, name in enumerate(columns))
        self._converts = [(at, convert) for at, convert in found if convert is not None]

    def ready(self, rows: Iterable[Sequence[Any]]) -> Ready:
        """Rows, values in the order of the columns, as the driver takes them."""
        return Ready(self.table.name, self.columns, list(self.converted(rows)))

    def converted(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """The same, one after the other."""
        waiting = iter(rows)
        while some := list(islice(waiting, _AT_ONCE)):
            values: list[Sequence[Any]] = list(zip(*some, strict=True))
            for at, convert in self._converts:
                values[at] = convert.all(values[at])
            yield from zip(*values, strict=True)


def add_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, values in the order of `columns`; what is not named takes its default.

    Raises what the database raises for any insert, as SQLAlchemy names it.
    """
    connection = session.connection()
    _write(connection, table, columns, Form(table, columns, connection.dialect).converted(rows))


def put_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, newer: str
) -> None:
    """Insert `rows`, or put each in place of the one with its primary key where that has a smaller `newer`.

    Raises as `add_rows`.
    """
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    keys = [column.name for column in table.primary_key]
    taken = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in columns if name not in keys)
    suffix = (
        f" ON CONFLICT ({', '.join(map(quote, keys))}) DO UPDATE SET {taken}"
        f" WHERE {quote(table.name)}.{quote(newer)} < excluded.{quote(newer)}"
    )
    _execute(connection, table, columns, Form(table, columns, connection.dialect).converted(rows), suffix)


def find_rows(
    session: Session,
    table: Table,
    columns: Sequence[str],
    key: str,
    values: Iterable[Any],
    same: Mapping[str, Any] | None = None,
) -> Iterator[Sequence[Any]]:
    """Some columns of the rows whose `key` is one of `values`, and which have the `same` values in others.

    Values are given and come as the driver has them: for texts, numbers and bytes.
    """
    connection, same = session.connection(), same or {}
    quote, mark = connection.dialect.identifier_preparer.quote, _mark(connection)
    named = ", ".join(map(quote, columns))
    fixed = "".join(f" AND {quote(name)} = {mark}" for name in same)
    waiting = iter(values)
    while some := tuple(islice(waiting, _ASKED_AT_ONCE)):
        among = f"{quote(key)} IN ({', '.join([mark] * len(some))})"
        statement = f"SELECT {named} FROM {quote(table.name)} WHERE {among}{fixed}"  # noqa: S608 (as `_execute`)
        yield from connection.exec_driver_sql(statement, (*some, *same.values()))


def add_ready(session: Session, metadata: MetaData, ready: Ready) -> None:
    """Insert rows that are ready for this engine. Raises as `add_rows`."""
    _write(session.connection(), metadata.tables[ready.table], ready.columns, iter(ready.rows))


def expect_many(session: Session) -> None:
    """Before a transaction that adds many rows to tables that may be small.

    PostgreSQL plans the checks of foreign keys once per connection: planned for an empty table they read the whole of
    it for every row, however large it has become.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DISCARD PLANS"))
        session.execute(text("SET LOCAL enable_seqscan = off"))


def _write(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    few = list(islice(rows, _FEW))
    if len(few) == _FEW and connection.dialect.name == "postgresql":
        _copy(connection, table, columns, _chained(few, rows))
    elif few:
        _execute(connection, table, columns, _chained(few, rows))


def _chained(few: list[Sequence[Any]], rest: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield from few
    yield from rest


def _execute(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterator[Sequence[Any]],
    suffix: str = "",
) -> None:
    marks = ", ".join([_mark(connection)] * len(columns))
    statement = f"INSERT INTO {_target(connection, table, columns)} VALUES ({marks}){suffix}"  # noqa: S608 (quoted names of our own tables)
    _at_once(connection, statement, rows)


def _at_once(connection: Connection, statement: str, rows: Iterator[Sequence[Any]]) -> None:
    while chunk := list(islice(rows, _AT_ONCE)):
        connection.exec_driver_sql(statement, [tuple(row) for row in chunk])


def _mark(connection: Connection) -> str:
    return "%s" if connection.dialect.name == "postgresql" else "?"


def _copy(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    statement = f"COPY {_target(connection, table, columns)} FROM STDIN"
    driver: Any = connection.connection.driver_connection
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors as error:
        raise DBAPIError.instance(
            statement, None, error, errors, hide_parameters=True, dialect=connection.dialect
        ) from error


def _target(connection: Connection, table: Table, columns: Sequence[str]) -> str:
    preparer = connection.dialect.identifier_preparer
    return f"{preparer.format_table(table)} ({', '.join(preparer.quote(name) for name in columns)})"


def _conversion(column: Column[Any], dialect: Dialect) -> "_Remembered | None":
    """What turns a value into what the driver takes; None if it is taken as it is."""
    if isinstance(column.type, LargeBinary):
        return None
    if isinstance(column.type, Encoded):  # text, which every driver takes as it is
        return _Remembered(column.type.encode)
    if isinstance(column.type, UtcInstant) and dialect.name == "sqlite":
        return _Remembered(sqlite_instant)
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    return None if convert is None else _Remembered(convert)


class _Remembered(dict[Any, Any]):
    """What the first values were converted to; None stays None."""

    def __init__(self, convert: Convert) -> None:
        super().__init__({None: None})
        self._convert = convert

    def all(self, values: Sequence[Any]) -> list[Any]:
        """Every value converted."""
        try:
            return list(map(self.__getitem__, values))
        except TypeError:  # one cannot be a key
            convert = self._convert
            return [None if each is None else convert(each) for each in values]

    def __missing__(self, value: Any) -> Any:
        made = self._convert(value)
        if len(self) < _REMEMBERED:
            self[value] = made
        return made
