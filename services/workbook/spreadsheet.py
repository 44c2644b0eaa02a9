"""XLSX files as raw rows by sheet title."""

import io
import logging
from collections.abc import Collection, Iterator

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.workbook.archive import check_archive
from services.workbook.cleaning import as_text
from services.workbook.tables import Limits, RawRow

_LOG = logging.getLogger(__name__)


class Spreadsheet:
    """An XLSX file whose archive passed every safety check. Formulas yield the values stored with them."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Raises InvalidArgument with the reasons of `check_archive`, or NOT_A_WORKBOOK."""
        self._remarks = check_archive(data, limits)
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        except (CalamineError, OSError, ValueError) as error:
            raise _unreadable(error) from error
        sheets = [meta for meta in self._book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        self.titles = [meta.name for meta in sheets if meta.visible == SheetVisibleEnum.Visible]
        self.hidden = [meta.name for meta in sheets if meta.visible != SheetVisibleEnum.Visible]

    def rows(self, title: str) -> Iterator[RawRow]:
        """The rows of a visible sheet, numbered as a spreadsheet shows them."""
        try:
            lines = self._book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError) as error:
            raise _unreadable(error) from error
        for number, line in enumerate(lines, 1):
            yield RawRow(number, [value if isinstance(value, str) else as_text(value) for value in line])

    def remarks(self, known: Collection[str]) -> tuple[Text, ...]:
        """What is in the file and was not read, or was read though nobody sees it."""
        hidden = "、".join(title for title in self.hidden if title in known)
        found = (
            [Text(f"隐藏的工作表未读取：{hidden}", f"hidden sheets were not read: {hidden}")]
            if hidden
            else []
        )
        return (*found, *self._remarks)


def _unreadable(error: Exception) -> InvalidArgument:
    _LOG.info("spreadsheet refused by the parser: %s", type(error).__name__)
    return InvalidArgument.field(
        "file",
        "NOT_A_WORKBOOK",
        "工作簿内部结构损坏，无法读取，请用Excel打开后另存再上传",
        "the workbook's inner structure is damaged; open it in Excel, save it and upload again",
    )
