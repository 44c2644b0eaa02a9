"""Import of firms, funds and deals: every row is read, judged and reported; good rows are written, chunk by chunk in
one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import AmountColumn, ImportReport
from services.catalogue import Catalogue
from services.chassis.imports.importing import NothingWritten, Tally, Upload
from services.chassis.imports.outcomes import Outcome, Outcomes
from services.chassis.imports.sheets import Heard, JudgedSheet, Rows, take_all
from services.chassis.outbox.journal import Journal
from services.chassis.storage.bulk import expect_many
from services.funding.service.deals.batch import Batch
from services.funding.service.deals.deal_rows import DealRows
from services.funding.service.firms.firm_rows import FirmRows
from services.funding.service.funds.amounts_read import AmountsRead
from services.funding.service.funds.fund_rows import FundRows
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.ids import Ids
from services.workbook.reading import open_workbook
from services.workbook.sheets import SHEETS

SHEETS_IN_ORDER: dict[str, Callable[[Batch], Rows]] = {
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
        heard: Heard,
    ) -> ImportReport:
        """Write what the mode allows within the transaction of `session`, for these `cities` (None: all).

        What became of each row goes to `outcomes`; `heard(rows)` is told how many have been read, chunk by chunk.
        Raises InvalidArgument for a file that is no workbook or has none of the sheets, and NothingWritten, which
        carries the report, when nothing may be written.
        """
        header = upload.header
        if header.source_list:
            raise InvalidArgument.field(
                "header.source_list",
                "SOURCE_LIST_NOT_TAKEN",
                "来源名单只用于导入人才，请留空",
                "a source list is of people only; leave it empty",
            )
        book = open_workbook(
            upload.file, filename=header.filename, sheet=header.sheet or None, encoding=header.encoding
        )
        if not set(SHEETS_IN_ORDER) & set(book.tables):
            raise InvalidArgument.field(
                "file",
                "SHEET_MISSING",
                "文件中没有企业、基金或项目表，请使用模板",
                "the file has no sheet of firms, funds or deals; use the template",
            )
        expect_many(session)
        batch = Batch(
            self.catalogue, self.journal, self.clock, self.ids, session, upload, actor, cities, batch_id
        )
        tally, amounts, today = Tally(), list[AmountColumn](), civil_date(self.clock.now())
        for key, rows in SHEETS_IN_ORDER.items():
            if key in book.tables:
                read = AmountsRead(SHEETS[key])
                sheet = JudgedSheet(key, self.catalogue, read.beside(rows(batch)), tally, _fields(key), today)
                take_all(book.tables[key], sheet, tally, partial(_done, session, tally, outcomes, key, heard))
                amounts += read.columns()
        try:
            report = tally.settle(upload, book)
        except NothingWritten as nothing:
            nothing.report.amounts.extend(amounts)
            raise
        report.amounts.extend(amounts)
        return report


def _done(
    session: Session, tally: Tally, outcomes: Outcomes, key: str, heard: Heard, chunk: list[Outcome]
) -> None:
    outcomes.add(key, chunk)
    session.flush()
    session.expunge_all()
    heard(tally.rows)


def _fields(sheet: str) -> dict[str, str]:
    """Names of the domain as headers of the sheet."""
    headers = {column.key: column.header_zh for column in SHEETS[sheet].columns}
    fields = {**_FIELDS, **headers, **{f"{key}_fen": header for key, header in headers.items()}}
    fields.update({f"snapshot.{key}": header for key, header in list(fields.items())})
    return fields
