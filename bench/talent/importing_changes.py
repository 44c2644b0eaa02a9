"""A CSV file of people who are known, each with another title and day, beside a plain writing of what it changes.

The peer puts the very rows that differ afterwards into a copy of the database from before: new ones by INSERT, others
by UPDATE, what is gone by DELETE, by prepared statements and in one transaction. On SQLite, where two files can be
compared.

    make bench ONLY=talent.import_changed
"""

import marshal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from sqlalchemy import Table

from bench.harness import Row, Run
from bench.talent.importing import AT_ONCE, BAR, FILLED, FULL, columns_of, imported, rows_file, rows_in
from bench.talent.people_file import write_people
from services.catalogue import load
from services.chassis.storage.db import open_engine

NAMES = ("talent.import_changed",)


def measure(run: Run) -> Iterator[Row]:
    """The time of the import beside that of the plain writing."""
    if not run.wants(NAMES[0]):
        return
    number = run.size(FULL)
    with run.folder() as folder:
        first, later = folder / "people.csv", folder / "later.csv"
        write_people(first, load(), number, run.seed)
        write_people(later, load(), number, run.seed, later=True)
        now, before = folder / "now.db", folder / "before.db"
        imported(folder, f"sqlite:///{now}", first, number)
        _copy(now, before)
        ours = imported(folder, f"sqlite:///{now}", later, number)
        written = _differing(now, before, folder)
        plain = _rewritten(before, folder)
    note = f"{ours.seconds:.0f} s against {plain:.0f} s; {written:,} rows differ; "
    yield run.row(
        NAMES[0],
        number / ours.seconds,
        "rows/s",
        n=number,
        peer="executemany of the same rows",
        peer_value=number / plain,
        bar=BAR,
        lower_is_better=False,
        note=f"{note}peak memory {ours.grown_mib:.0f} MiB over idle",
    )


def _copy(path: Path, to: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _differing(now: Path, before: Path, folder: Path) -> int:
    """Put down what has to be written, and what is to be deleted, to make `before` what is `now`; how many rows."""
    count = 0
    with closing(sqlite3.connect(now)) as connection:
        connection.execute("ATTACH ? AS old", (str(before),))
        for table in FILLED:
            for columns, one, other, file in (
                (columns_of(table), "main", "old", rows_file(folder, table)),
                (_keys(table), "old", "main", _gone_file(folder, table)),
            ):
                query = f"SELECT {columns} FROM {{}}.{table.name}"
                rows = connection.execute(f"{query.format(one)} EXCEPT {query.format(other)}")
                with file.open("wb") as out:
                    while chunk := rows.fetchmany(AT_ONCE):
                        marshal.dump(chunk, out)
                        count += len(chunk)
    return count


def _rewritten(path: Path, folder: Path) -> float:
    """Seconds to write all of it in one transaction."""
    engine = open_engine(f"sqlite:///{path}")
    started = time.perf_counter()
    with engine.begin() as connection:
        for table in FILLED:
            keys, columns = _keys(table), columns_of(table)
            marks = ", ".join("?" * len(table.columns))
            where = " AND ".join(f"{key} = ?" for key in keys.split(", "))
            changes = ", ".join(f"{each} = excluded.{each}" for each in columns.split(", "))
            put = f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) ON CONFLICT ({keys}) DO UPDATE SET {changes}"
            for file, statement in (
                (_gone_file(folder, table), f"DELETE FROM {table.name} WHERE {where}"),
                (rows_file(folder, table), put),
            ):
                with file.open("rb") as source:
                    rows = rows_in(source)
                    while chunk := list(islice(rows, AT_ONCE)):
                        connection.exec_driver_sql(statement, chunk)
    seconds = time.perf_counter() - started
    engine.dispose()
    return seconds


def _keys(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.primary_key.columns)


def _gone_file(folder: Path, table: Table) -> Path:
    return folder / f"{table.name}.gone"
