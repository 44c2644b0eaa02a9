"""A CSV file of people through the import RPC, beside a plain load of the very rows that it writes.

The peer loads the rows of every table that the import filled (people, keys, statements, consents, search texts,
directions, history, outbox, report) into an empty database of the same schema and settings, in one transaction: by
`executemany` on SQLite and by `COPY` on PostgreSQL. Memory is the peak of the service and
the process beside it, beyond what the service took when idle.

    make bench ONLY=talent.import
"""

import marshal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Table, text

from bench.harness import Row, Run
from bench.talent.people_file import write_people
from bole.common.v1.workbook_import_pb2 import ImportMode, ImportReport
from services.catalogue import load
from services.chassis.identity.tokens import issue_local_token
from services.chassis.storage.db import open_engine
from services.chassis.storage.migration import migrate
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.session import Session
from services.cli.workbooks import importing
from services.talent.app import BLUEPRINT
from services.talent.store import schema
from tests.contract.installation import OFFICER, Installation, installation

NAMES = ("talent.import.",)
FULL = 1_000_000
BAR = 1 / 3
AT_ONCE = 10_000
FILLED: tuple[Table, ...] = (
    schema.person,
    schema.person_direction,
    schema.person_text,
    schema.person_key,
    schema.statement,
    schema.consent_entry,
    schema.shared.history,
    schema.shared.outbox,
    schema.imports.batch,
    schema.imports.row,
)


def measure(run: Run) -> Iterator[Row]:
    """Time on both engines, and how much memory grows when the file does."""
    for engine in ("sqlite", "postgresql"):
        name = f"talent.import.{engine}"
        if run.wants(name):
            yield from _on(run, engine, name)


def _on(run: Run, engine: str, name: str) -> Iterator[Row]:
    number = run.size(FULL)
    with (
        run.folder() as folder,
        run.database_urls(folder) as urls,
        run.database_urls(folder / "peer") as empty,
    ):
        path = folder / "people.csv"
        write_people(path, load(), number, run.seed)
        ours = imported(folder, urls[engine], path, number)
        source, target = open_engine(urls[engine]), open_engine(empty[engine])
        try:
            _dump(source, folder)
            migrate(target, BLUEPRINT.migrations, BLUEPRINT.name)
            plain = _loaded(target, folder)
        finally:
            source.dispose()
            target.dispose()
    note = f"{ours.seconds:.0f} s against {plain:.0f} s; peak memory {ours.grown_mib:.0f} MiB over idle"
    yield run.row(
        name,
        number / ours.seconds,
        "rows/s",
        n=number,
        peer={"sqlite": "executemany", "postgresql": "COPY"}[engine] + " of the same rows",
        peer_value=number / plain,
        bar=BAR,
        lower_is_better=False,
        note=note,
    )


@dataclass(frozen=True)
class _Imported:
    seconds: float
    grown_mib: float


def imported(folder: Path, url: str, path: Path, number: int) -> _Imported:
    """Import the file into a service that runs as a process of its own."""
    house = installation(folder / "house", talent_database_url=url)
    house.start("talent")
    try:
        pid = house.running[0].process.pid
        idle = _memory_mib(pid)
        with _Peak(pid) as peak:
            started = time.perf_counter()
            report = _send(house, path)
            seconds = time.perf_counter() - started
        (sheet,) = report.sheets
        written = sheet.created_count + sheet.changed_count
        if not report.committed or written != number:
            raise AssertionError(f"{written} of {number} rows were written")
        return _Imported(seconds, peak.mib - idle)
    finally:
        house.stop()


def _send(house: Installation, path: Path) -> ImportReport:
    """As the command line does, which follows an import whose connection breaks."""
    session = Session(house.settings, Output(Format.TABLE, "zh"), token=_token(house))
    try:
        return importing.send(session, "talent", path, ImportMode.IMPORT_MODE_ALL_OR_NOTHING, sheet="persons")
    finally:
        session.close()


def _token(house: Installation) -> str:
    """A token that outlasts the import."""
    return issue_local_token(
        house.settings.keys_dir, "bench", [OFFICER], timedelta(hours=12), datetime.now(UTC)
    )


class _Peak:
    """The most memory that a process and those that it started held at once, looked at four times a second."""

    def __init__(self, pid: int) -> None:
        self._pid, self.mib = pid, 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.25):
            self.mib = max(self.mib, _memory_mib(self._pid))


def _memory_mib(pid: int) -> float:
    """Resident memory of a process and of those that it started; nothing for one that has ended."""
    try:
        children = [int(each) for each in _children(pid)]
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
    return own / 1024 + sum(map(_memory_mib, children))


def _children(pid: int) -> list[str]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [child for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]


def _dump(engine: Engine, folder: Path) -> None:
    """The bare values of every row, table by table, as the driver has them, in files."""
    with engine.connect().execution_options(stream_results=True, yield_per=AT_ONCE) as connection:
        for table in FILLED:
            with rows_file(folder, table).open("wb") as file:
                rows = connection.execute(text(f"SELECT {columns_of(table)} FROM {table.name}"))
                for chunk in rows.partitions(AT_ONCE):
                    marshal.dump([tuple(map(_bare, row)) for row in chunk], file)


def _bare(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    return value if isinstance(value, str | int | bytes | None | bool) else value.isoformat()


def _loaded(engine: Engine, folder: Path) -> float:
    """Seconds to load all of it in one transaction."""
    started = time.perf_counter()
    with engine.begin() as connection:
        for table in FILLED:
            with rows_file(folder, table).open("rb") as file:
                _load(connection, table.name, columns_of(table), rows_in(file))
    return time.perf_counter() - started


def rows_file(folder: Path, table: Table) -> Path:
    """Where the rows of a table are put down."""
    return folder / f"{table.name}.rows"


def columns_of(table: Table) -> str:
    """The columns of a table, as a statement names them."""
    return ", ".join(f'"{column.name}"' for column in table.columns)


def rows_in(file: Any) -> Iterator[tuple[Any, ...]]:
    """The rows that a file holds."""
    while True:
        try:
            yield from marshal.load(file)  # noqa: S302 (written a moment ago by `_dump`)
        except EOFError:
            return


def _load(connection: Connection, table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * (columns.count(",") + 1))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
    while chunk := list(islice(rows, AT_ONCE)):
        connection.exec_driver_sql(statement, chunk)
