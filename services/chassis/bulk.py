"""Adding many rows to one table as fast as the engine takes them, within the caller's transaction.

SQLite gets one prepared statement for all rows, PostgreSQL a COPY. Values pass through the types of their
columns as everywhere; where equal values come back row after row, each is converted once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Dialect, LargeBinary, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_AT_ONCE = 2_000
_REMEMBERED = 4_096
_FEW = 20

Convert = Callable[[Any], Any]


def add_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, values in the order of `columns`; what is not named takes its default.

    Raises what the database raises for any insert, as SQLAlchemy names it.
    """
    connection = session.connection()
    converted = _converted(rows, [table.c[name] for name in columns], connection.dialect)
    few = list(islice(converted, _FEW))
    if len(few) == _FEW and connection.dialect.name == "postgresql":
        _copy(connection, table, columns, _chained(few, converted))
    elif few:
        _execute(connection, table, columns, _chained(few, converted))


def _chained(few: list[Sequence[Any]], rest: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield from few
    yield from rest


def _execute(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    marks = ", ".join([mark] * len(columns))
    statement = f"INSERT INTO {_target(connection, table, columns)} VALUES ({marks})"  # noqa: S608 (quoted names of our own tables)
    while chunk := list(islice(rows, _AT_ONCE)):
        connection.exec_driver_sql(statement, [tuple(row) for row in chunk])


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


def _converted(
    rows: Iterable[Sequence[Any]], columns: Sequence[Column[Any]], dialect: Dialect
) -> Iterator[Sequence[Any]]:
    converts = [(at, convert) for at, each in enumerate(columns) if (convert := _conversion(each, dialect))]
    if not converts:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for at, convert in converts:
            values[at] = convert(values[at])
        yield values


def _conversion(column: Column[Any], dialect: Dialect) -> Convert | None:
    """What turns a value into what the driver takes; None if it is taken as it is."""
    if isinstance(column.type, LargeBinary):
        return None
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    return None if convert is None else _remembering(convert)


def _remembering(convert: Convert) -> Convert:
    known: dict[Any, Any] = {}

    def recall(value: Any) -> Any:
        try:
            return known[value]
        except KeyError:
            made = convert(value)
            if len(known) < _REMEMBERED:
                known[value] = made
            return made
        except TypeError:  # cannot be a key
            return convert(value)

    return recall
