"""Tables to take away: CSV and XLSX in which a spreadsheet program computes nothing."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from services.workbook.cleaning import is_formula
from services.workbook.writing import guarded

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
    """Rows as one sheet; the header and so many columns stay in sight."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(sheet_name)
        literal = book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, fixed_columns)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, value, literal if is_formula(value) else None)
                elif value is not None:
                    sheet.write_number(at, column, value)
    return sent(buffer.getvalue(), XLSX, name)


def sent(content: str | bytes, kind: str, name: str) -> Response:
    """Content to be saved as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
