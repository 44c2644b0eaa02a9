"""Import of firms, funds and deals: every row is read, judged and reported; good rows are written together."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Table as Stored
from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.catalogue import Catalogue
from services.chassis.columns import canonical_json
from services.chassis.importing import NothingWritten, Tally, Upload
from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome, Outcomes, said_of
from services.chassis.journal import Journal
from services.chassis.snapshots import difference
from services.funding.service.amounts_read import AmountsRead
from services.funding.service.batch import Batch, Judged, Rows
from services.funding.service.deal_rows import DealRows
from services.funding.service.firm_rows import FirmRows
from services.funding.service.fund_rows import FundRows
from services.funding.store import schema
from services.kernel.clock import Clock
from services.kernel.errors import BoleError, InvalidArgument
from services.kernel.ids import Ids
from services.workbook.duplicates import find_duplicates
from services.workbook.reading import hold, open_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Table

SHEETS_IN_ORDER: dict[str, Callable[[Batch, Table], Rows]] = {
    "firms": FirmRows,
    "funds": FundRows,
    "deals": DealRows,
}
_STORED: dict[str, Stored] = {"firms": schema.firm, "funds": schema.fund, "deals": schema.deal}
_FIELDS = {
    "city": "所在城市",
    "direction_shares": "技术方向",
    "terms.ask_fen": "拟投金额",
    "terms.round_total_fen": "本轮总额",
    "amount_fen": "拟投金额",
    "invested_fen": "已承诺投资额",
    "committed_fen": "已承诺投资额",
    "round_name": "轮次",
    "submitted_at": "申报日期",
    "hiring_plan.hires": "岗位计划",
    "hiring_plan.hires.headcount": "岗位计划",
    "hiring_plan.months": "用人期限月",
}


@dataclass(frozen=True)
class FundingImport:
    """The import use case."""

    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids

    def run(
        self,
        session: Session,
        upload: Upload,
        actor: str,
        cities: frozenset[str] | None,
        outcomes: Outcomes,
        batch_id: str,
    ) -> ImportReport:
        """Write what the mode allows within the transaction of `session`, for these `cities` (None: all).

        What became of each row goes to `outcomes`. Raises InvalidArgument for a file that is no workbook or has none
        of the sheets, and NothingWritten, which carries the report, when nothing may be written.
        """
        header = upload.header
        if header.source_list:
            raise InvalidArgument.field(
                "header.source_list",
                "SOURCE_LIST_NOT_TAKEN",
                "来源名单只用于导入人才，请留空",
                "a source list is of people only; leave it empty",
            )
        book = hold(
            open_workbook(
                upload.file, filename=header.filename, sheet=header.sheet or None, encoding=header.encoding
            )
        )
        if not set(SHEETS_IN_ORDER) & set(book.tables):
            raise InvalidArgument.field(
                "file",
                "SHEET_MISSING",
                "文件中没有企业、基金或项目表，请使用模板",
                "the file has no sheet of firms, funds or deals; use the template",
            )
        batch = Batch(
            self.catalogue, self.journal, self.clock, self.ids, session, upload, actor, cities, batch_id
        )
        tally, read = Tally(), list[AmountsRead]()
        for key, rows in SHEETS_IN_ORDER.items():
            if key in book.tables:
                read.append(AmountsRead(SHEETS[key]))
                table = book.tables[key]
                outcomes.add(key, self._sheet(table, tally, rows(batch, table), read[-1]))
        amounts = [column for each in read for column in each.columns()]
        try:
            report = tally.settle(upload, book)
        except NothingWritten as nothing:
            nothing.report.amounts.extend(amounts)
            raise
        report.amounts.extend(amounts)
        return report

    def _sheet(self, table: Table, tally: Tally, rows: Rows, read: AmountsRead) -> list[Outcome]:
        tally.read(table.sheet)
        reader, repeated = RowReader(SHEETS[table.sheet], self.catalogue), find_duplicates(table)
        fields = _fields(table.sheet)
        refused: list[Outcome] = []
        good: list[tuple[int, Judged, list[list[object]]]] = []
        for row in table.rows:
            if row.number in repeated.same:
                tally.same(table.sheet)
                continue
            try:
                values = reader.read(row)
                if row.number in repeated.conflicting:
                    raise InvalidArgument.of(repeated.conflicting[row.number])
                judged = rows.judge(values)
            except BoleError as error:
                named = error.renamed(fields)
                tally.refused(table.sheet, row.number, named)
                refused.append(Outcome.refused(row.number, named))
                continue
            _count(tally, table.sheet, judged)
            if judged.kind is not None:
                good.append((row.number, judged, read.take(row, values)))
        rows.write()
        stored = _STORED[table.sheet]
        return [*(_outcome(number, judged, amounts, stored) for number, judged, amounts in good), *refused]


def _count(tally: Tally, sheet: str, judged: Judged) -> None:
    count = {RowOutcome.NEW: tally.created, RowOutcome.CHANGED: tally.changed}
    (count[judged.kind] if judged.kind is not None else tally.same)(sheet)


def _outcome(number: int, judged: Judged, amounts: list[list[object]], stored: Stored) -> Outcome:
    assert judged.kind is not None  # noqa: S101 (rows that are known already have no outcome)
    said = said_of(difference(stored, judged.subject, judged.before))
    detail = canonical_json({**said, "amounts": amounts}).encode()
    return Outcome(number, judged.kind, judged.subject.id, judged.subject.version, detail)


def _fields(sheet: str) -> dict[str, str]:
    """Names of the domain as headers of the sheet."""
    headers = {column.key: column.header_zh for column in SHEETS[sheet].columns}
    fields = {**_FIELDS, **headers, **{f"{key}_fen": header for key, header in headers.items()}}
    fields.update({f"snapshot.{key}": header for key, header in list(fields.items())})
    return fields
