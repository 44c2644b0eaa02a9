"""Tables to take away: CSV and XLSX in which a spreadsheet program computes nothing."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from services.chassis.rpc.spool import spooling
from services.workbook.cleaning import is_formula
from services.workbook.writing import guarded

_ROOM, _WIDEST = 3, 60
"""Of a column, in digits: what the button of its filter covers, and where a text goes on out of sight."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(rows: Iterable[Sequence[Any]], name: str) -> Response:
    """Rows as UTF-8 with a byte order mark, under the name of a file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow(
            [guarded(each) if isinstance(each, str) else "" if each is None else each for each in row]
        )
    return sent("\ufeff" + buffer.getvalue(), "text/csv; charset=utf-8", name)


def xlsx_file(rows: Iterable[Sequence[Any]], sheet_name: str, name: str, *, fixed_columns: int) -> Response:
    """Rows as one sheet; the header and so many columns stay in sight. Raises Unavailable when the disk is full."""
    from services.workbook.opening import new_workbook

    buffer, options = io.BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False}
    with spooling(), new_workbook(buffer, options) as book:
        sheet = book.add_worksheet(sheet_name)
        literal, heading = book.add_format({"quote_prefix": True}), book.add_format({"bold": True})
        sheet.freeze_panes(1, fixed_columns)
        at, widths = 0, dict[int, int]()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                widths[column] = max(widths.get(column, 0), _width(value))
                if isinstance(value, str):
                    plain = heading if at == 0 else None
                    sheet.write_string(at, column, value, literal if is_formula(value) else plain)
                elif value is not None:
                    sheet.write_number(at, column, value)
        for column, width in widths.items():
            sheet.set_column(column, column, min(width + _ROOM, _WIDEST))
        if at:
            sheet.autofilter(0, 0, at, len(widths) - 1)
    return sent(buffer.getvalue(), XLSX, name)


def _width(value: Any) -> int:
    """How many digits wide it is; a Chinese character is as wide as two."""
    written = "" if value is None else str(value)
    return len(written) + sum(unicodedata.east_asian_width(each) in "WF" for each in written)


def sent(content: str | bytes, kind: str, name: str) -> Response:
    """Content to be saved as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
