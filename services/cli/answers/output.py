"""How answers are written: tables and XLSX for people, JSON, YAML and CSV for machines; messages go to stderr."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from services.cli.answers import fields
from services.cli.answers.asking import FIELDS, LEARNING, Learnt
from services.cli.answers.columns import Column, plain
from services.cli.answers.formats import Format
from services.cli.answers.wrapping import LEAST_CELLS, Wrapped, breaks
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text
from services.workbook.whole import whole_file

__all__ = ["SYNTHETIC", "Column", "Format", "Output"]

SYNTHETIC = Text("演示数据 SYNTHETIC：非真实人员与企业", "SYNTHETIC sample data: no real people or firms")
PIPED_COLUMNS = 120
_NUMBER = Column("#", Text("号", "#"), right=True)
_FRAME = 3
"""Cells of a line and the blanks beside it."""
_LEAST_HEADER = 6
"""Cells to which a header may be broken: three ideographs, or a short word."""
_SHORT = 16
"""Cells that a text may be broken to beside one that needs room."""


class Output:
    """Writes one command's answer in the chosen format and language."""

    def __init__(self, format_: Format, language: Language, file: Path | None = None) -> None:
        self.format = format_
        self.language = language
        self._file = file
        self.console = Console(file=sys.stdout, highlight=False, width=_width(sys.stdout.isatty()))
        self.messages = Console(file=sys.stderr, highlight=False, width=_width(sys.stderr.isatty()))

    def say(self, text: Text, style: str = "") -> None:
        """A message about the work, not part of the answer: as it is, and never cut, so that it can be copied."""
        self.messages.print(text.to(self.language), style=style, markup=False, soft_wrap=True)

    def rows(
        self,
        title: Text,
        columns: Sequence[Column],
        rows: Iterable[Mapping[str, Any]],
        above: Sequence[Text] = (),
    ) -> None:
        """Write rows; those whose `origin` is SYNTHETIC put the mark of sample data on the whole answer.

        `above`: lines that a CSV or XLSX file carries above its headers, and a table below itself.

        Raises InvalidArgument (FILE_NEEDED) for XLSX without a file.
        """
        listed = list(rows)
        synthetic = any(row.get("origin") == "SYNTHETIC" for row in listed)
        if self.for_programs:
            self.document([dict(row) for row in listed])
            return
        if asked := FIELDS.get():
            fields.require(asked, listed, columns)
            columns = fields.columns_of(asked, columns)
            listed = [fields.flat(row, asked) for row in listed]
        elif self.format is Format.WIDE:
            columns = [*columns, *fields.further(listed, columns)]
        if self.for_people:
            self._table(title, columns, listed)
            for line in above:
                self.note(line.to(self.language))
            if synthetic:
                self.mark()
            return
        lines = [SYNTHETIC.to(self.language)] if synthetic else []
        lines += [line.to(self.language) for line in above]
        if self.format is Format.CSV:
            from services.cli.answers.exports import csv_text

            self._write(csv_text(columns, listed, self.language, lines))
        else:
            self._write_xlsx(title, columns, listed, lines)

    @property
    def for_people(self) -> bool:
        """Whether the answer is a table, which may be followed by notes."""
        return self.format in (Format.TABLE, Format.WIDE)

    @property
    def for_programs(self) -> bool:
        """Whether the answer is a document, in the names of the contract: JSON, or the same as YAML."""
        return self.format in (Format.JSON, Format.YAML)

    def note(self, text: str) -> None:
        """A line below a table; machine formats have none."""
        if self.for_people:
            self.console.print(Wrapped(RichText(text, style="dim")))

    def mark(self) -> None:
        """The mark of sample data, below what was shown."""
        self.console.print(SYNTHETIC.to(self.language), style="yellow")

    def document(self, value: Any) -> None:
        """Write one document, or the fields of it that were asked for: as YAML if that was asked for, else as JSON.

        Raises InvalidArgument (UNKNOWN_FIELD).
        """
        if LEARNING.get():
            raise Learnt(fields.paths(value if isinstance(value, list | tuple) else [value]))
        if asked := FIELDS.get():
            fields.require(asked, value if isinstance(value, list | tuple) else [value])
            value = fields.chosen(value, asked)
        self._write(_yaml(value) if self.format is Format.YAML else _json(value))

    def _table(self, title: Text, columns: Sequence[Column], rows: list[Mapping[str, Any]]) -> None:
        if self.format is Format.WIDE:
            self._wide(title, columns, rows)
            return
        inside = [each for each in columns if not each.below]
        if self._least(inside, rows) > self.console.width:
            columns = [self._folded(each, rows) if each.right else each for each in columns]
            inside = [each for each in columns if not each.below]
        narrow = self._least(inside, rows) > self.console.width
        cramped = [each for each in inside if each.room and self._left(each, inside, rows) < each.room]
        below = [each for each in columns if each.below or (narrow and each.whole) or each in cramped]
        if below:
            columns = [_NUMBER, *(column for column in columns if column not in below)]
            rows = [{**row, _NUMBER.key: at} for at, row in enumerate(rows, 1)]
        self._grid(title, columns, rows)
        for column in below:
            header = column.header.to(self.language)
            for row in rows:
                label, value = (
                    f"{row[_NUMBER.key]} · {header}",
                    column.text(row.get(column.key), self.language),
                )
                if column in cramped:
                    self._beneath(label, value)
                else:
                    self.console.print(f"{label}  {value.plain}", soft_wrap=True)

    def _beneath(self, label: str, value: RichText) -> None:
        """A text under its table, its lines one below the other beside what it is of."""
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column()
        grid.add_row(label, Wrapped(value))
        self.console.print(grid)

    def _left(self, text: Column, columns: Sequence[Column], rows: list[Mapping[str, Any]]) -> int:
        """Cells that are left for a text when every other column has what it needs, other texts a line of their own."""
        taken = 1 + _FRAME
        for column in columns:
            if column is not text:
                widest = self._widest(column, rows)
                taken += _FRAME + (min(widest, _SHORT) if column.wraps else widest)
        return self.console.width - taken

    def _wide(self, title: Text, columns: Sequence[Column], rows: list[Mapping[str, Any]]) -> None:
        """Every row in one line, however long, nothing of it broken or below the table."""
        whole = [replace(each, whole=True, below=False, wraps=False) for each in columns]
        before, needed = self.console.width, self._least(whole, rows)
        self.console.width = max(before, needed)
        try:
            self._grid(title, whole, rows)
        finally:
            self.console.width = before

    def _least(self, columns: Sequence[Column], rows: list[Mapping[str, Any]]) -> int:
        """Cells that a table takes when all texts that may be broken are; in fewer, columns would vanish."""
        taken = 1
        for column in columns:
            widest = self._widest(column, rows)
            broken = not (column.right or column.whole)
            taken += _FRAME + (min(widest, column.least or LEAST_CELLS) if broken else widest)
        return taken

    def _widest(self, column: Column, rows: list[Mapping[str, Any]]) -> int:
        texts = [column.text(row.get(column.key), self.language).plain for row in rows]
        texts.append(column.header.to(self.language))
        return max(cell_len(line) for text in texts for line in text.split("\n"))

    def _folded(self, column: Column, rows: list[Mapping[str, Any]]) -> Column:
        """With its header in lines no wider than its values: those are whole, and a long header would take the room."""
        values = (column.text(row.get(column.key), self.language).plain for row in rows)
        header = column.header.to(self.language)
        cuts = breaks(header, max([_LEAST_HEADER, *map(cell_len, values)]))
        lines = "\n".join(header[start:end].strip() for start, end in pairwise([0, *cuts, len(header)]))
        return replace(column, header=Text(lines, lines))

    def _grid(self, title: Text, columns: Sequence[Column], rows: list[Mapping[str, Any]]) -> None:
        tall = len(rows) > 1 and any(column.wraps for column in columns)
        table = Table(
            title=title.to(self.language), title_justify="left", title_style="bold", show_lines=tall
        )
        for column in columns:
            table.add_column(
                column.header.to(self.language),
                justify="right" if column.right else "left",
                overflow="fold",
                no_wrap=column.right or column.whole,
                min_width=column.least,
            )
        for row in rows:
            texts = [(column, column.text(row.get(column.key), self.language)) for column in columns]
            table.add_row(
                *(text if column.right or column.whole else Wrapped(text) for column, text in texts)
            )
        self.console.print(table)
        if not rows:
            self.console.print(
                Text("（没有符合条件的记录）", "(nothing matches)").to(self.language), style="dim"
            )

    def _write_xlsx(
        self, title: Text, columns: Sequence[Column], rows: list[Mapping[str, Any]], above: list[str]
    ) -> None:
        from services.cli.answers.exports import write_xlsx

        if self._file is None:
            raise InvalidArgument.field(
                "--file",
                "FILE_NEEDED",
                "XLSX 不能写到屏幕，请用 --file 指定文件",
                "XLSX cannot go to the screen; name a file with --file",
            )
        write_xlsx(self._file, title, columns, rows, self.language, above)
        self.wrote(self._file)

    def _write(self, text: str) -> None:
        if self._file is None:
            sys.stdout.write(text)
        else:
            with whole_file(self._file) as file:
                file.write(text.encode())
            self.wrote(self._file)

    def wrote(self, path: Path) -> None:
        """Say that a file was written."""
        self.say(Text(f"已写入 {path}", f"wrote {path}"))


def _width(terminal: bool) -> int | None:
    """What the terminal or COLUMNS says, and a width to read at where there is neither."""
    return None if terminal or os.environ.get("COLUMNS") else PIPED_COLUMNS


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n"


def _yaml(value: Any) -> str:
    """The JSON document in another form, so that both say the same."""
    import yaml

    same = json.loads(_json(value))
    return str(yaml.safe_dump(same, allow_unicode=True, sort_keys=False, width=PIPED_COLUMNS))
