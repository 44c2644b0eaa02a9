"""Import of firms, funds and deals: every row is read, judged and reported; good rows are written together."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.catalogue import Catalogue
from services.chassis.importing import Tally, Upload
from services.chassis.journal import Journal
from services.funding.service.batch import Batch, Rows
from services.funding.service.deal_rows import DealRows
from services.funding.service.firm_rows import FirmRows
from services.funding.service.fund_rows import FundRows
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
}


@dataclass(frozen=True)
class FundingImport:
    """The import use case."""

    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids

    def run(
        self, session: Session, upload: Upload, actor: str, cities: frozenset[str] | None
    ) -> ImportReport:
        """Write what the mode allows within the transaction of `session`, for these `cities` (None: all).

        Raises InvalidArgument for a file that is no workbook or has none of the sheets, and NothingWritten,
        which carries the report, when nothing may be written.
        """
        header = upload.header
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
        batch = Batch(self.catalogue, self.journal, self.clock, self.ids, session, upload, actor, cities)
        tally = Tally()
        for key, rows in SHEETS_IN_ORDER.items():
            if key in book.tables:
                self._sheet(book.tables[key], tally, rows(batch, book.tables[key]))
        return tally.settle(upload, book)

    def _sheet(self, table: Table, tally: Tally, rows: Rows) -> None:
        tally.read(table.sheet)
        reader, repeated = RowReader(SHEETS[table.sheet], self.catalogue), find_duplicates(table)
        headers = {column.key: column.header_zh for column in SHEETS[table.sheet].columns}
        fields = {**_FIELDS, **headers, **{f"{key}_fen": header for key, header in headers.items()}}
        fields.update({f"snapshot.{key}": header for key, header in list(fields.items())})
        for row in table.rows:
            if row.number in repeated.same:
                tally.same(table.sheet)
                continue
            try:
                values = reader.read(row)
                if row.number in repeated.conflicting:
                    raise InvalidArgument.of(repeated.conflicting[row.number])
                outcome = rows.judge(values)
            except BoleError as error:
                tally.refused(table.sheet, row.number, error.renamed(fields))
                continue
            {"created": tally.created, "changed": tally.changed, "same": tally.same}[outcome](table.sheet)
        rows.write()
