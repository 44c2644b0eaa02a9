"""What all imports share: receiving the file, counting rows, and the report."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from google.protobuf.wrappers_pb2 import BytesValue

from bole.common.v1 import text_pb2, workbook_import_pb2
from services.kernel.errors import BoleError, InvalidArgument, ResourceExhausted, Violation
from services.kernel.text import Text

MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_PROBLEMS = 1_000
Mode = workbook_import_pb2.ImportMode


class Part(Protocol):
    """One message of an import stream: the header or a piece of the file."""

    header: workbook_import_pb2.ImportHeader
    data: bytes

    def WhichOneof(self, oneof_group: str) -> str | None:  # noqa: N802 (protobuf's name)
        """Which of the two is set."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    header: workbook_import_pb2.ImportHeader
    data: bytes

    @property
    def sha256(self) -> str:
        """Digest of the file, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def request(self) -> BytesValue:
        """Header and content in one message: what a repeated attempt must equal."""
        return BytesValue(value=self.header.SerializeToString(deterministic=True) + self.sha256.encode())


def receive(parts: Iterable[Part]) -> Upload:
    """Put the parts of a stream together.

    Raises InvalidArgument (IMPORT_HEADER_MISSING, IMPORT_HEADER_REPEATED, IMPORT_EMPTY) and ResourceExhausted
    (IMPORT_TOO_LARGE) over 32 MiB.
    """
    header: workbook_import_pb2.ImportHeader | None = None
    data = bytearray()
    for part in parts:
        if part.WhichOneof("part") == "header":
            if header is not None:
                raise InvalidArgument.field(
                    "header", "IMPORT_HEADER_REPEATED", "文件头只能发送一次", "the header comes once"
                )
            header = part.header
        elif header is not None:
            data += part.data
            if len(data) > MAX_FILE_BYTES:
                raise ResourceExhausted(
                    Text("文件超过32MiB，请拆分后导入", "the file is over 32 MiB; split it"),
                    reason="IMPORT_TOO_LARGE",
                )
        else:
            break
    if header is None:
        raise InvalidArgument.field(
            "header",
            "IMPORT_HEADER_MISSING",
            "第一条消息必须是文件头（filename、mode）",
            "the first message must be the header (filename, mode)",
        )
    if not data:
        raise InvalidArgument.field("data", "IMPORT_EMPTY", "文件为空", "the file is empty")
    return Upload(header, bytes(data))


class NothingWritten(Exception):
    """Raised inside the transaction of an import to roll it back; carries the report."""

    def __init__(self, report: workbook_import_pb2.ImportReport) -> None:
        super().__init__("nothing is written")
        self.report = report


@dataclass(slots=True)
class _Counts:
    rows: int = 0
    created: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0


@dataclass(slots=True)
class Tally:
    """Counts the rows of an import and keeps the problems, at most 1,000."""

    _sheets: dict[str, _Counts] = field(default_factory=dict)
    _problems: list[tuple[str, int, Violation]] = field(default_factory=list)

    def read(self, sheet: str) -> None:
        """The sheet was there, with or without rows."""
        self._sheets.setdefault(sheet, _Counts())

    def created(self, sheet: str) -> None:
        """One row is new."""
        counts = self._count(sheet)
        counts.created += 1

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
        violations = error.violations or (Violation("", error.reason, error.text),)
        self._problems.extend((sheet, row, violation) for violation in violations)

    def any_refused(self) -> bool:
        """Whether any row was refused."""
        return any(counts.refused for counts in self._sheets.values())

    def report(self, upload: Upload, *, committed: bool) -> workbook_import_pb2.ImportReport:
        """The report of the import."""
        return workbook_import_pb2.ImportReport(
            sha256=upload.sha256,
            committed=committed,
            sheets=[_sheet_report(sheet, counts) for sheet, counts in self._sheets.items()],
            problems=list(self._worded()),
        )

    def settle(self, upload: Upload) -> workbook_import_pb2.ImportReport:
        """The report, once all rows were tried. Raises NothingWritten if the mode forbids to write them."""
        mode = upload.header.mode
        refused = mode == Mode.IMPORT_MODE_ALL_OR_NOTHING and self.any_refused()
        if mode == Mode.IMPORT_MODE_DRY_RUN or refused:
            raise NothingWritten(self.report(upload, committed=False))
        return self.report(upload, committed=True)

    def _count(self, sheet: str) -> _Counts:
        counts = self._sheets.setdefault(sheet, _Counts())
        counts.rows += 1
        return counts

    def _worded(self) -> Iterator[workbook_import_pb2.RowProblem]:
        for sheet, row, violation in self._problems[:MAX_PROBLEMS]:
            yield workbook_import_pb2.RowProblem(
                sheet=sheet,
                row=row,
                field=violation.field,
                reason=violation.reason,
                text=text_pb2.Text(zh=violation.text.zh, en=violation.text.en),
            )


def _sheet_report(sheet: str, counts: _Counts) -> workbook_import_pb2.SheetReport:
    return workbook_import_pb2.SheetReport(
        sheet=sheet,
        row_count=counts.rows,
        created_count=counts.created,
        changed_count=counts.changed,
        same_count=counts.same,
        refused_count=counts.refused,
    )
