"""CSV files as raw rows: encoding and separator found from the file itself and reported."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook.tables import RawRow

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SEPARATORS = ",;\t|，；"
_HEAD = 20

Recognise = Callable[[list[str]], int]


def decode(data: bytes, knows: Callable[[str], bool]) -> tuple[str, str]:
    """The text of a CSV file and the name of its encoding (UTF-8, UTF-16 with a mark, or GB18030).

    `knows(text)` says whether the beginning of the text holds known headers: it tells a damaged UTF-8 file
    from a GB18030 one. Raises InvalidArgument UNDECODABLE_TEXT with the offset of the first bad byte.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, len(bom)), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        head = data[: error.start].decode("utf-8", "ignore")
        if not head.isascii() and knows(head):
            raise _undecodable(error.start, "UTF-8") from error
    return _strict(data, "gb18030", 0), "gb18030"


def _strict(data: bytes, encoding: str, shift: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(error.start + shift, encoding.upper()) from error


def _undecodable(offset: int, encoding: str) -> InvalidArgument:
    return InvalidArgument.field(
        "file",
        "UNDECODABLE_TEXT",
        f"文件第{offset:,}字节处不是有效的{encoding}文字，请在Excel中另存为“CSV UTF-8”后上传",
        f"byte {offset:,} is not valid {encoding}; save the file as 'CSV UTF-8' and upload it again",
    )


def find_separator(text: str, recognise: Recognise) -> str:
    """The separator that splits one of the first lines into the most known headers; by default a comma."""

    def score(separator: str) -> int:
        head = io.StringIO("\n".join(text[:100_000].splitlines()[:_HEAD]))
        try:
            return max((recognise(line) for line in csv.reader(head, delimiter=separator)), default=0)
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=score)


def lines(text: str, separator: str) -> Iterator[RawRow]:
    """The records of the text. A record that cannot be split (a field over 131,072 characters, a stray quote)
    comes without values and with its problem; reading goes on behind it.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield RawRow(number, next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield RawRow(number, (), (_problem(str(error)),))


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
