"""CSV files as raw rows, one after the other, whatever their size."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from services.kernel.errors import Violation
from services.kernel.text import Text
from services.workbook.encodings import CODECS, Encoding
from services.workbook.tables import RawRow

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER_BYTES = 256 * 1024
_SEPARATORS = ",;\t|，；"
_HEAD = 20

Recognise = Callable[[list[str]], int]


def find_separator(text: str, recognise: Recognise) -> str:
    """The separator that splits one of the first lines into the most known headers; by default a comma."""

    def score(separator: str) -> int:
        head = io.StringIO("\n".join(text[:100_000].splitlines()[:_HEAD]))
        try:
            return max((recognise(line) for line in csv.reader(head, delimiter=separator)), default=0)
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=score)


def head_of(file: BinaryIO, encoding: Encoding, characters: int = 100_000) -> str:
    """The beginning of a file whose encoding is known."""
    file.seek(encoding.skip)
    return file.read(characters).decode(CODECS[encoding.name], "ignore")


def records(file: BinaryIO, encoding: Encoding, separator: str) -> Iterator[RawRow]:
    """The records of a file whose every byte is known to fit the encoding. The file stays open."""
    file.seek(encoding.skip)
    text = io.TextIOWrapper(io.BufferedReader(_Lent(file), _BUFFER_BYTES), CODECS[encoding.name], newline="")
    return lines(text, separator)


class _Lent(io.RawIOBase):
    """Reads somebody else's file, and does not close it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)


def lines(text: io.TextIOBase, separator: str) -> Iterator[RawRow]:
    """The records of the text. A record that cannot be split (a field over 131,072 characters, a stray quote)
    comes without values and with its problem; reading goes on behind it.
    """
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    while True:
        try:
            for values in reader:
                number += 1
                yield RawRow(number, values)
        except csv.Error as error:
            number += 1
            yield RawRow(number, (), (_problem(str(error)),))
        else:
            return


def _problem(message: str) -> Violation:
    if "field limit" in message:
        return Violation(
            "row",
            "FIELD_TOO_LONG",
            Text(
                "本行有单元格超过131072字，或引号未配对",
                "a field is over 131,072 characters, or a quote is not closed",
            ),
        )
    return Violation(
        "row",
        "BAD_CSV_ROW",
        Text("本行引号不配对，请检查双引号", "the quotes of this row do not match; check its double quotes"),
    )
