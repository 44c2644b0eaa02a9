"""XLSX files as raw rows by sheet title."""

import posixpath
import zipfile
from collections.abc import Collection, Iterator
from typing import BinaryIO

from services.kernel.text import Text
from services.workbook.archive import check_archive
from services.workbook.number_formats import kinds_of
from services.workbook.parts import damaged, inflated, local, parsed
from services.workbook.shared_strings import SharedStrings
from services.workbook.sheet_rows import SheetRows
from services.workbook.tables import Limits, RawRow

_BOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"


class Spreadsheet:
    """An XLSX file whose archive passed every safety check; it is read from the file, which must stay open."""

    def __init__(self, file: BinaryIO, size: int, limits: Limits) -> None:
        """Raises InvalidArgument with the reasons of `check_archive`, or NOT_A_WORKBOOK."""
        self._file, self._limits = file, limits
        entries, self._remarks = check_archive(file, size, limits)
        self._entries = {entry.filename: entry for entry in entries}
        self._since_1904 = False
        self._parts: dict[str, str] = {}
        self.titles: list[str] = []
        self.hidden: list[str] = []
        self._read_contents()
        self._kinds = kinds_of(self._pieces("xl/styles.xml"))
        self._texts = SharedStrings(self._pieces("xl/sharedStrings.xml"))

    def rows(self, title: str) -> Iterator[RawRow]:
        """The rows of a visible sheet, numbered as a spreadsheet shows them. Raises as `SheetRows.read`."""
        rows = SheetRows(self._texts, self._kinds, self._limits, since_1904=self._since_1904)
        return rows.read(inflated(self._file, self._entry(self._parts[title])))

    def remarks(self, known: Collection[str]) -> tuple[Text, ...]:
        """What is in the file and was not read, or was read though nobody sees it."""
        hidden = "、".join(title for title in self.hidden if title in known)
        found = (
            [Text(f"隐藏的工作表未读取：{hidden}", f"hidden sheets were not read: {hidden}")]
            if hidden
            else []
        )
        return (*found, *self._remarks)

    def _read_contents(self) -> None:
        """Which sheets there are, where, and from when days are counted."""
        links = self._links()

        def start(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "workbookPr":
                self._since_1904 = attributes.get("date1904", "") in ("1", "true")
            elif local(name) == "sheet":
                self._found({local(key): value for key, value in attributes.items()}, links)

        for _ in parsed(inflated(self._file, self._entry(_BOOK)), {"StartElementHandler": start}):
            pass

    def _found(self, sheet: dict[str, str], links: dict[str, str]) -> None:
        title, part = sheet.get("name", ""), links.get(sheet.get("id", ""))
        if part is None or title in self._parts:
            return
        self._parts[title] = part
        visible = sheet.get("state", "visible") == "visible"
        (self.titles if visible else self.hidden).append(title)

    def _links(self) -> dict[str, str]:
        """Parts of worksheets by the ids that the workbook gives them; charts and macros are left out."""
        found: dict[str, str] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
                target = posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")))
                found[attributes.get("Id", "")] = target.lstrip("/")

        for _ in parsed(inflated(self._file, self._entry(_LINKS)), {"StartElementHandler": start}):
            pass
        return found

    def _entry(self, part: str) -> zipfile.ZipInfo:
        entry = self._entries.get(part)
        if entry is None or not part.endswith((".xml", ".rels")):
            raise damaged()
        return entry

    def _pieces(self, part: str) -> Iterator[bytes]:
        """The content of a part that a file may do without: then, an empty element."""
        entry = self._entries.get(part)
        return inflated(self._file, entry) if entry else iter((b"<none/>",))
