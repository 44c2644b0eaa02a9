"""How answers are written: tables for people, JSON, CSV and XLSX for machines. Data on stdout, messages on stderr."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from services.kernel.text import Language, Text

SYNTHETIC = Text("演示数据 SYNTHETIC — 非真实人员与企业", "SYNTHETIC sample data — no real people or firms")


class Format(StrEnum):
    """What `-o` may say."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in machine formats, its header for people, and how it is set."""

    key: str
    header: Text
    right: bool = False


class Output:
    """Writes one command's answer in the chosen format and language."""

    def __init__(self, format_: Format, language: Language, file: Path | None = None) -> None:
        self.format = format_
        self.language = language
        self._file = file
        self.console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
        self.messages = Console(file=sys.stderr, highlight=False)

    def say(self, text: Text, style: str = "") -> None:
        """A message about the work, not part of the answer."""
        self.messages.print(text.to(self.language), style=style)

    def rows(
        self,
        title: Text,
        columns: Sequence[Column],
        rows: Iterable[Mapping[str, Any]],
        *,
        synthetic: bool = False,
    ) -> None:
        """Write rows. A cell for people may be a Rich text; machine formats get its plain form."""
        listed = list(rows)
        if self.format is Format.TABLE:
            self._table(title, columns, listed)
            if synthetic:
                self.console.print(SYNTHETIC.to(self.language), style="yellow")
        elif self.format is Format.JSON:
            document = [{key: _plain(value) for key, value in row.items()} for row in listed]
            self._write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        elif self.format is Format.CSV:
            self._write(self._csv(columns, listed, synthetic))
        else:
            self._xlsx(title, columns, listed, synthetic)

    def document(self, value: Any) -> None:
        """Write one JSON document."""
        self._write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def _table(self, title: Text, columns: Sequence[Column], rows: list[Mapping[str, Any]]) -> None:
        table = Table(title=title.to(self.language), title_justify="left", title_style="bold")
        for column in columns:
            table.add_column(column.header.to(self.language), justify="right" if column.right else "left")
        for row in rows:
            table.add_row(*(_cell(row.get(column.key)) for column in columns))
        self.console.print(table)

    def _csv(self, columns: Sequence[Column], rows: list[Mapping[str, Any]], synthetic: bool) -> str:
        from services.workbook.writing import guarded

        buffer = io.StringIO()
        writer = csv.writer(buffer)
        if synthetic:
            writer.writerow([SYNTHETIC.to(self.language)])
        writer.writerow([column.header.to(self.language) for column in columns])
        for row in rows:
            writer.writerow([guarded(str(_plain(row.get(column.key, "")))) for column in columns])
        return "\ufeff" + buffer.getvalue()

    def _xlsx(
        self, title: Text, columns: Sequence[Column], rows: list[Mapping[str, Any]], synthetic: bool
    ) -> None:
        import xlsxwriter

        if self._file is None:
            raise SystemExit(Text("XLSX 需要 --file 指定文件", "XLSX needs --file").to(self.language))
        with xlsxwriter.Workbook(str(self._file), {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet(title.zh[:31])
            top = 0
            if synthetic:
                sheet.write_string(0, 0, SYNTHETIC.to(self.language))
                top = 1
            for at, column in enumerate(columns):
                sheet.write_string(top, at, column.header.to(self.language))
            for number, row in enumerate(rows, top + 1):
                for at, column in enumerate(columns):
                    sheet.write(number, at, _plain(row.get(column.key, "")))
        self.say(Text(f"已写入 {self._file}", f"wrote {self._file}"))

    def _write(self, text: str) -> None:
        if self._file is None:
            sys.stdout.write(text)
        else:
            self._file.write_text(text, encoding="utf-8")
            self.say(Text(f"已写入 {self._file}", f"wrote {self._file}"))


def _cell(value: Any) -> str | RichText:
    if isinstance(value, RichText):
        return value
    return "—" if value is None or value == "" else str(value)


def _plain(value: Any) -> Any:
    return value.plain if isinstance(value, RichText) else value
