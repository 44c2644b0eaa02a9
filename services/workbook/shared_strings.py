"""The texts that an XLSX file keeps apart from its sheets, on disk once they are many."""

import re
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from services.workbook.parts import children, local, refuse

_IN_MEMORY = 4 * 1024 * 1024
_MOST = 5_000_000
_REMEMBERED = 20_000
_SHORT = 200
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """Texts by their numbers. What is read often and short is remembered; the rest lies in a nameless file.

    Raises InvalidArgument for texts that cannot be read, and for more than 5,000,000 (ARCHIVE_TOO_LARGE).
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed when it is let go)
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        self._known: dict[int, str] = {}
        for item in children(pieces, "sst"):
            self._add(text_within(item))

    def __getitem__(self, number: int) -> str:
        """The text with a number; empty for one that there is not."""
        known = self._known.get(number)
        if known is not None:
            return known
        if not 0 <= number < len(self._ends) - 1:
            return ""
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        text = self._file.read(end - start).decode()
        if len(text) <= _SHORT and len(self._known) < _REMEMBERED:
            self._known[number] = text
        return text

    def _add(self, text: str) -> None:
        if len(self._ends) > _MOST:
            raise refuse(
                "ARCHIVE_TOO_LARGE",
                f"文件中的不同文本超过{_MOST:,}条，请拆分后上传",
                f"the file has more than {_MOST:,} different texts; split it",
            )
        self._ends.append(self._ends[-1] + self._file.write(text.encode()))


def text_within(item: Element) -> str:
    """The text of an element: runs of rich text put together, without the readings that stand beside them, and with
    characters that XML cannot hold as they were meant (`_x000D_`).
    """
    whole = "".join(_texts(item))
    return _ESCAPED.sub(_meant, whole) if "_x" in whole else whole


def _meant(escaped: re.Match[str]) -> str:
    """The character that an escape stands for; half of one stays as it is written."""
    number = int(escaped[1], 16)
    return escaped[0] if 0xD800 <= number <= 0xDFFF else chr(number)


def _texts(item: Element) -> Iterator[str]:
    for each in item:
        name = local(each.tag)
        if name == "t":
            yield each.text or ""
        elif name == "r":
            yield from _texts(each)
