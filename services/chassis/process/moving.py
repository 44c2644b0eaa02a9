"""Moving one service from the embedded engines to those of its settings: every row, every record, then proof.

The source is only read, and that somebody writes to it meanwhile is noticed. Rows keep their values; where a feed
stands is counted anew, because a log that begins afresh numbers records without the gaps that the embedded one has.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, func, select, text
from sqlalchemy.orm import Session

from services.chassis.fail_points import reach
from services.chassis.feed.tables import FeedTables
from services.chassis.log.log import Log, Record
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.bulk import add_rows, expect_many
from services.chassis.storage.columns import BEGINS_WITH, canonical_json
from services.chassis.storage.db import Database
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

_PAGE = 500
_FETCHED = 5_000
Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows or records, and the sum of their SHA-256 modulo 2^256: whatever their order, and repeated ones
    counted.
    """

    count: int = 0
    digest: int = 0

    def plus(self, content: bytes) -> "Sum":
        """With one more."""
        number = int.from_bytes(hashlib.sha256(content).digest(), "big")
        return Sum(self.count + 1, (self.digest + number) % (1 << 256))


def move_rows(source: Database, target: Database, metadata: MetaData, feeds: FeedTables, log: SqlLog) -> Sum:
    """Copy every table of `metadata` in one transaction; what was copied, all tables together.

    A target that holds just that already, of a move that died, is left as it is. Raises FailedPrecondition when it
    holds other rows before, or afterwards not what the source holds; and, with nothing moved, when somebody wrote to
    the source meanwhile.
    """
    changes = {table.name: _renumbered(log) for table in (feeds.offsets, feeds.places)}
    with source.read() as reading:
        expected = _sums(reading, metadata, changes)
        if _held(target, metadata) != expected:
            with target.write() as writing:
                _empty(writing, metadata)
                expect_many(writing)
                for table in metadata.sorted_tables:
                    rows = _changed(_rows(reading, table), changes.get(table.name))
                    add_rows(writing, table, _names(table), (tuple(row.values()) for row in rows))
                    _count_on(writing.connection(), table)
                with source.read() as again:
                    _require_same(expected, _sums(again, metadata, changes))
                reach("move.before_commit")
            reach("move.after_commit")
    found = _held(target, metadata)
    for name, wanted in expected.items():
        if wanted != found[name]:
            raise _lost(name, wanted, found[name])
    return _together(found.values())


def move_records(source: SqlLog, target: Log, topics: Iterable[str]) -> Sum:
    """Copy every record of `topics`, in order, to topics that are there and empty, or hold the first of them, of a move
    that died. Raises as `move_rows`.
    """
    moved = []
    for topic in topics:
        there = target.end(topic)
        if not source.has(topic):
            if there:
                raise _not_empty(topic)
            continue
        if there and _sum_of_records(source, topic, there) != _sum_of_records(target, topic):
            raise _not_empty(topic)
        for page in _pages(source, topic, there):
            target.append([Record(topic, each.key, each.value, each.headers) for each in page])
            reach("move.after_append")
        expected, found = _sum_of_records(source, topic), _sum_of_records(target, topic)
        if expected != found:
            raise _lost(topic, expected, found)
        moved.append(found)
    return _together(moved)


def _held(database: Database, metadata: MetaData) -> dict[str, Sum]:
    with database.read() as session:
        return _sums(session, metadata, {})


def _sums(session: Session, metadata: MetaData, changes: Mapping[str, Change]) -> dict[str, Sum]:
    """The sum of each table, with the changes that rows of some come with."""
    return {
        table.name: sum_of(_changed(_rows(session, table), changes.get(table.name)))
        for table in metadata.sorted_tables
    }


def _require_same(before: Mapping[str, Sum], after: Mapping[str, Sum]) -> None:
    written = ", ".join(name for name, sum_ in before.items() if after[name] != sum_)
    if written:
        raise FailedPrecondition(
            Text(
                f"迁移期间有人写入了原安装（{written}），请停止后重新迁移",
                f"somebody wrote to the source while it was moved ({written}); stop them and move again",
            ),
            reason="SOURCE_WRITTEN",
        )


def _together(sums: Iterable[Sum]) -> Sum:
    total = Sum()
    for each in sums:
        total = Sum(total.count + each.count, (total.digest + each.digest) % (1 << 256))
    return total


def sum_of(rows: Iterable[Mapping[str, Any]]) -> Sum:
    """The sum of rows, by what their values mean and not by how an engine keeps them."""
    total = Sum()
    for row in rows:
        total = total.plus("\x1f".join(_canonical(value) for value in row.values()).encode())
    return total


def _canonical(value: object) -> str:
    if isinstance(value, frozenset | set):
        return canonical_json(sorted(value))
    return canonical_json(value) if isinstance(value, dict | list) else repr(value)


def _rows(session: Session, table: Table) -> Iterator[Mapping[str, Any]]:
    names = _names(table)
    query = select(*(table.c[name] for name in names)).execution_options(yield_per=_FETCHED)
    for row in session.execute(query):
        yield dict(zip(names, row, strict=True))


def _changed(rows: Iterable[Mapping[str, Any]], change: Change | None) -> Iterator[Mapping[str, Any]]:
    return iter(rows) if change is None else map(change, rows)


def _names(table: Table) -> Sequence[str]:
    """All columns but those that the database works out itself."""
    return [column.name for column in table.c if column.computed is None]


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that came."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        asked = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.scalar(asked, {"table": f'"{table.name}"', "column": column.name})
        last = connection.scalar(select(func.max(column))) if sequence else None
        if last is not None:
            connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _renumbered(log: SqlLog) -> Change:
    """The place of a feed or of the relay as the number of records before it, of a log that is not yet known."""

    def change(row: Mapping[str, Any]) -> Mapping[str, Any]:
        pages = _pages(log, row["topic"]) if log.has(row["topic"]) else ()
        return {
            **row,
            "next_offset": sum(each.offset < row["next_offset"] for page in pages for each in page),
            "log_id": None,
        }

    return change


def _pages(log: Log, topic: str, passed: int = 0) -> Iterator[Sequence[Any]]:
    """The records after the first `passed` ones."""
    offset, end = log.first(topic) if isinstance(log, SqlLog) else 0, log.end(topic)
    while offset < end and (page := log.read(topic, offset, _PAGE)):
        offset = page[-1].offset + 1
        if rest := page[passed:]:
            yield rest
        passed = max(0, passed - len(page))


def _sum_of_records(log: Log, topic: str, most: int | None = None) -> Sum:
    """Keys, values and headers, and their order; of the first `most`."""
    total = Sum()
    for place, each in enumerate(islice(chain.from_iterable(_pages(log, topic)), most)):
        content = canonical_json([place, each.key, dict(each.headers), (each.value or b"").hex()])
        total = total.plus(f"{content}{each.value is None}".encode())
    return total


def _empty(session: Session, metadata: MetaData) -> None:
    """Leave no row where there are none but those that the schema begins with."""
    for table in metadata.sorted_tables:
        found = session.execute(select(table).limit(2)).mappings().all()
        if found and [dict(row) for row in found] != [table.info.get(BEGINS_WITH)]:
            raise _not_empty(table.name)
        if found:
            session.execute(delete(table))


def _not_empty(name: str) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"目标中 {name} 已有数据，只能迁入空的数据库与日志",
            f"{name} of the target holds data already; only empty databases and logs can be moved into",
        ),
        reason="TARGET_NOT_EMPTY",
    )


def _lost(name: str, expected: Sum, found: Sum) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"{name} 迁移后不一致：应有 {expected.count} 条，实有 {found.count} 条或内容不同",
            f"{name} is not the same after the move: {expected.count} expected, {found.count} found or others",
        ),
        reason="MOVE_DIFFERS",
    )
