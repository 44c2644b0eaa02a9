"""What all imports share: receiving the file, counting rows, and the report."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Protocol, Self, cast

from google.protobuf.wrappers_pb2 import BytesValue

from bole.common.v1 import text_pb2, workbook_import_pb2
from services.chassis.rpc.spool import spooling
from services.kernel.errors import Aborted, BoleError, InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook.tables import Workbook, WorkbookStream

MAX_PROBLEMS = 1_000
Mode = workbook_import_pb2.ImportMode
Book = Workbook | WorkbookStream
_IN_MEMORY = 1024 * 1024


class Part(Protocol):
    """One message of an import stream: the header or a piece of the file."""

    header: workbook_import_pb2.ImportHeader
    data: bytes

    def WhichOneof(self, oneof_group: str) -> str | None:  # noqa: N802 (protobuf's name)
        """Which of the two is set."""
        ...


@dataclass(slots=True)
class Upload:
    """A file as it arrived, in memory while small, then on disk without a name. Leaving it closes the file."""

    header: workbook_import_pb2.ImportHeader
    file: BinaryIO
    size: int
    sha256: str

    @classmethod
    def of(cls, header: workbook_import_pb2.ImportHeader, pieces: Iterable[bytes]) -> "Upload":
        """Keep the pieces of a file. Raises Unavailable when there is no room for them."""
        with ExitStack() as stack:
            file = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))
            digest, size = hashlib.sha256(), 0
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                with spooling():
                    file.write(piece)
            stack.pop_all()
            return cls(header, cast(BinaryIO, file), size, digest.hexdigest())
        raise AssertionError("an exit stack swallowed an error")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    @property
    def request(self) -> BytesValue:
        """Header and content in one message: what a repeated attempt must equal."""
        return BytesValue(value=self.header.SerializeToString(deterministic=True) + self.sha256.encode())


def receive(parts: Iterable[Part]) -> Upload:
    """Put the parts of a stream together.

    Raises InvalidArgument (IMPORT_HEADER_MISSING, IMPORT_HEADER_REPEATED, IMPORT_EMPTY), and Aborted
    (UPLOAD_INCOMPLETE) for a file that is not the one that its header announces, or a part that is neither of both.
    """
    arriving = iter(parts)
    first = next(arriving, None)
    if first is None or first.WhichOneof("part") != "header":
        raise InvalidArgument.field(
            "header",
            "IMPORT_HEADER_MISSING",
            "第一条消息必须是文件头（filename、mode）",
            "the first message must be the header (filename, mode)",
        )
    with ExitStack() as refusing:
        upload = refusing.enter_context(Upload.of(first.header, map(_piece, arriving)))
        if not upload.size:
            raise InvalidArgument.field("data", "IMPORT_EMPTY", "文件为空", "the file is empty")
        _check_announced(upload)
        refusing.pop_all()
        return upload
    raise AssertionError("an exit stack swallowed an error")


def _piece(part: Part) -> bytes:
    if part.WhichOneof("part") == "header":
        raise InvalidArgument.field(
            "header", "IMPORT_HEADER_REPEATED", "文件头只能发送一次", "the header comes once"
        )
    if part.WhichOneof("part") is None:  # as a client library sends what it could not write
        raise Aborted(
            Text(
                "收到一段空的内容，上传不完整；请以同一request_id重新上传",
                "a piece that holds nothing arrived: the upload is incomplete; send it again under the same request_id",
            ),
            reason="UPLOAD_INCOMPLETE",
        )
    return part.data


def _check_announced(upload: Upload) -> None:
    header = upload.header
    whole = header.size_bytes in (0, upload.size) and header.sha256.lower() in ("", upload.sha256)
    if not whole:
        raise Aborted(
            Text(
                f"收到{upload.size:,}字节，与文件头所述的大小或SHA-256不符，上传不完整；请以同一request_id重新上传",
                f"{upload.size:,} bytes arrived, not the size or SHA-256 that the header states: the upload is "
                "incomplete; send it again under the same request_id",
            ),
            reason="UPLOAD_INCOMPLETE",
            metadata={"received": str(upload.size)},
        )


class NothingWritten(Exception):
    """Raised inside the transaction of an import to roll it back; carries the report."""

    def __init__(self, report: workbook_import_pb2.ImportReport) -> None:
        super().__init__("nothing is written")
        self.report = report


@dataclass(slots=True)
class Counts:
    """What became of the rows of one sheet. `doubtful` ones are new and may be somebody known already; `synthetic` ones
    say that they are sample data, whatever became of them; those `aside` are no records, and not among the rows.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    doubtful: int = 0
    synthetic: int = 0
    aside: int = 0


@dataclass(slots=True)
class Tally:
    """Counts the rows of an import and keeps the first 1,000 problems."""

    _sheets: dict[str, Counts] = field(default_factory=dict)
    _problems: list[tuple[str, int, Violation]] = field(default_factory=list)

    def read(self, sheet: str) -> None:
        """The sheet was there, with or without rows."""
        self._sheets.setdefault(sheet, Counts())

    def synthetic(self, sheet: str, rows: int) -> None:
        """So many rows say that they are sample data."""
        self._sheets[sheet].synthetic += rows

    def aside(self, sheet: str, rows: int) -> None:
        """So many rows are totals or notes."""
        self._sheets[sheet].aside += rows

    def created(self, sheet: str, *, doubtful: bool = False) -> None:
        """One row is new."""
        counts = self._count(sheet)
        counts.created += 1
        counts.doubtful += doubtful

    def changed(self, sheet: str) -> None:
        """One row changes a record."""
        counts = self._count(sheet)
        counts.changed += 1

    def same(self, sheet: str) -> None:
        """One row says what is known already."""
        counts = self._count(sheet)
        counts.same += 1

    def refused(self, sheet: str, row: int, error: BoleError) -> None:
        """One row breaks one or more rules."""
        counts = self._count(sheet)
        counts.refused += 1
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.extend((sheet, row, violation) for violation in violations_of(error))

    @property
    def rows(self) -> int:
        """Rows read so far."""
        return sum(counts.rows for counts in self._sheets.values())

    def any_refused(self) -> bool:
        """Whether any row was refused."""
        return any(counts.refused for counts in self._sheets.values())

    def sheets(self) -> list[workbook_import_pb2.SheetReport]:
        """The counts of each sheet."""
        return [_sheet_report(sheet, counts) for sheet, counts in self._sheets.items()]

    def report(
        self, upload: Upload, *, committed: bool, book: Book | None = None
    ) -> workbook_import_pb2.ImportReport:
        """The report of the import; `book`: how the file was understood, if that is to be told."""
        report = workbook_import_pb2.ImportReport(
            sha256=upload.sha256,
            committed=committed,
            sheets=self.sheets(),
            problems=list(self._worded()),
        )
        if book is not None:
            report.encoding, report.separator = book.encoding or "", book.separator or ""
            remarks = [*book.warnings, *(each for table in book.tables.values() for each in table.remarks)]
            report.warnings.extend(text_pb2.Text(zh=each.zh, en=each.en) for each in remarks)
        return report

    def settle(self, upload: Upload, book: Book | None = None) -> workbook_import_pb2.ImportReport:
        """The report, once all rows were tried. Raises NothingWritten if the mode forbids to write them."""
        mode = upload.header.mode
        refused = mode == Mode.IMPORT_MODE_ALL_OR_NOTHING and self.any_refused()
        if mode == Mode.IMPORT_MODE_DRY_RUN or refused:
            raise NothingWritten(self.report(upload, committed=False, book=book))
        return self.report(upload, committed=True, book=book)

    def _count(self, sheet: str) -> Counts:
        counts = self._sheets.setdefault(sheet, Counts())
        counts.rows += 1
        return counts

    def _worded(self) -> Iterator[workbook_import_pb2.RowProblem]:
        for sheet, row, violation in self._problems[:MAX_PROBLEMS]:
            yield row_problem(sheet, row, violation)


def violations_of(error: BoleError) -> tuple[Violation, ...]:
    """What is wrong with a row; an error without places is one violation of the row as a whole."""
    return error.violations or (Violation("", error.reason, error.text),)


def row_problem(sheet: str, row: int, violation: Violation) -> workbook_import_pb2.RowProblem:
    """One violation, as the report states it."""
    return workbook_import_pb2.RowProblem(
        sheet=sheet,
        row=row,
        field=violation.field,
        reason=violation.reason,
        text=text_pb2.Text(zh=violation.text.zh, en=violation.text.en),
    )


def _sheet_report(sheet: str, counts: Counts) -> workbook_import_pb2.SheetReport:
    return workbook_import_pb2.SheetReport(
        sheet=sheet,
        row_count=counts.rows,
        created_count=counts.created,
        changed_count=counts.changed,
        same_count=counts.same,
        refused_count=counts.refused,
        possible_duplicate_count=counts.doubtful,
        synthetic_count=counts.synthetic,
        aside_count=counts.aside,
    )
