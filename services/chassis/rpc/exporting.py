"""What the edges of exports share: rows kept aside until the file can say how many there are, and the file itself."""

import asyncio
import hashlib
import marshal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from typing import IO, BinaryIO, TypeVar, cast

from google.protobuf.message import Message

from services.chassis.audit.exports import Export
from services.chassis.rpc.spool import spooling
from services.chassis.rpc.wire import instant_to_wire
from services.kernel.errors import InvalidArgument
from services.workbook.exporting import Layout, write_csv_to, write_xlsx_to
from services.workbook.sheets import SHEETS, Column

PIECE = 512 * 1024
_IN_MEMORY = 4 * 1024 * 1024
_XLSX_ROWS = 200_000
M = TypeVar("M", bound=Message)
T = TypeVar("T")


class ExportRows:
    """Rows of one export, with whose they are and which personal fields they show."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self._file = temporary()
        self._people = temporary()
        self.fields: set[str] = set()
        self.count = 0
        self.masked = self.synthetic = False

    def __enter__(self) -> "ExportRows":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._people.close()

    def add(
        self,
        cells: Mapping[str, str],
        *,
        person: str = "",
        masked: bool = False,
        revealed: frozenset[str] = frozenset(),
    ) -> None:
        """Keep one row. Raises Unavailable when the disk is full."""
        with spooling():
            self._file.write(marshal.dumps([cells.get(key, "") for key in self.keys]))
            if person:
                self._people.write(f"{person}\n".encode())
        self.count += 1
        self.masked = self.masked or masked
        self.synthetic = self.synthetic or cells.get("origin") == "演示数据"
        self.fields |= revealed

    def people(self) -> Iterator[str]:
        """Ids of the people whose rows these are."""
        self._people.seek(0)
        return (line.decode().strip() for line in cast(Iterable[bytes], self._people))

    def __iter__(self) -> Iterator[list[str]]:
        self._file.seek(0)
        # Only what `add` has written to this nameless file is read back.
        return (marshal.load(cast(BinaryIO, self._file)) for _ in range(self.count))  # noqa: S302


def chosen_columns(
    sheet: str,
    chosen: Sequence[str],
    known: Mapping[str, Iterable[str]],
    by_key: Mapping[str, Column] | None = None,
) -> list[Column]:
    """The columns to write, all when none are chosen; `known`: keys of the columns of each sheet.

    `by_key`: the columns themselves, where they are not those of the exchange workbook.

    Raises InvalidArgument for an unknown sheet or column.
    """
    if sheet not in known:
        listed = ", ".join(known)
        raise InvalidArgument.field(
            "sheet", "UNKNOWN_SHEET", f"没有这张表，可选：{listed}", f"no such sheet; choose {listed}"
        )
    keys = list(known[sheet])
    for key in chosen:
        if key not in keys:
            listed = ", ".join(keys)
            raise InvalidArgument.field(
                "columns",
                "UNKNOWN_COLUMN",
                f"没有列 {key[:40]}，可选：{listed}",
                f"no column {key[:40]}; use {listed}",
            )
    columns = by_key or SHEETS[sheet].by_key
    return [columns[key] for key in dict.fromkeys(chosen or keys)]


def asked(*parts: str) -> str:
    """What was asked for, in the words of the register; empty for all records."""
    return "；".join(part for part in parts if part)


def require_fits(form: str, rows: int) -> None:
    """Raise InvalidArgument (TOO_MANY_ROWS_FOR_XLSX) for more rows than a sheet should have."""
    if form == "XLSX" and rows > _XLSX_ROWS:
        raise InvalidArgument.field(
            "format",
            "TOO_MANY_ROWS_FOR_XLSX",
            f"共{rows:,}行，XLSX最多{_XLSX_ROWS:,}行，请改用CSV或缩小筛选范围",
            f"{rows:,} rows, XLSX takes at most {_XLSX_ROWS:,}; choose CSV or a narrower filter",
        )


@asynccontextmanager
async def made(make: Callable[[ExitStack], T]) -> AsyncIterator[T]:
    """What `make` makes in a thread with what it opens on the stack. All of that is closed at the end; where whoever
    asked has gone meanwhile, as soon as the thread has ended.
    """
    stack = ExitStack()
    making = asyncio.ensure_future(asyncio.to_thread(make, stack))

    def close(_: "asyncio.Future[T]") -> None:
        with stack:
            if not making.cancelled():
                making.exception()  # nobody waits for it

    try:
        found = await asyncio.shield(making)
    except BaseException:  # a caller who goes away is a CancelledError; it is raised on
        making.add_done_callback(close)
        raise
    with stack:
        yield found


def temporary() -> IO[bytes]:
    """A nameless file, in memory while small."""
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


def write(file: IO[bytes], form: str, layout: Layout, rows: Iterable[Sequence[str]], origin: str) -> None:
    """Write the file in a form: XLSX, CSV_UTF8 or CSV_GB18030. Raises Unavailable when the disk is full."""
    with spooling():
        if form == "XLSX":
            write_xlsx_to(cast(BinaryIO, file), layout, rows, origin)
        else:
            encoding = "gb18030" if form == "CSV_GB18030" else "utf-8"
            write_csv_to(cast(BinaryIO, file), layout, rows, origin, encoding)


def digest(file: IO[bytes]) -> str:
    """SHA-256 of the whole file, which is left at its end."""
    file.seek(0)
    found = hashlib.sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    return found.hexdigest()


def export_to_wire(export: Export, kind: type[M]) -> M:
    """The entry as a service's own message of it."""
    return kind(
        name=f"exports/{export.id}",
        create_time=instant_to_wire(export.created_at),
        creator=export.created_by,
        purpose=export.purpose,
        reason=export.reason,
        sheet=export.sheet,
        filter=export.filter,
        columns=export.columns,
        format=f"EXPORT_FORMAT_{export.form}",
        row_count=export.rows,
        sha256=export.sha256,
        size_bytes=export.size,
        filename=export.filename,
    )
