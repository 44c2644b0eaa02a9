"""Which encoding a text file has: found from the file itself, and asked for rather than guessed."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from services.kernel.errors import InvalidArgument

CODECS = {
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift-jis": "cp932",
}
"""What a caller may state, and the decoder of each."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LOOK_ALIKES = ("big5", "shift-jis")
_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 1024 * 1024
_LONGEST_LINE = 8 * _CHUNK_BYTES
_COMMON_SHARE = 0.6

Knows = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Encoding:
    """Name of the encoding, and how many bytes of mark stand before the text."""

    name: str
    skip: int = 0


def find_encoding(file: BinaryIO, knows: Knows, stated: str = "") -> Encoding:
    """The encoding under which the whole file can be read.

    `knows(text)` counts the known headers at the beginning of a text, 0 if there is no header row: that tells a
    damaged UTF-8 file from a GB18030 one, and a Big5 file from both. `stated` is the caller's own word.

    Raises InvalidArgument: UNDECODABLE_TEXT with the offset of the first bad byte, ENCODING_QUESTION for a file
    that looks like Big5 or Shift-JIS or whose characters are unlikely, UNKNOWN_ENCODING, LINE_TOO_LONG.
    """
    head = _head(file)
    found = _stated(stated) if stated else _marked(head) or _wide(head, knows)
    if found is not None:
        return _checked(file, found)
    offset = first_bad_byte(file, Encoding("utf-8"))
    if offset is None:
        return Encoding("utf-8")
    before = head[:offset].decode("utf-8", "ignore")
    if _is_chinese(before) and knows(before):
        raise _undecodable(file, offset, "UTF-8")
    _ask_about(head, knows)
    return _checked(file, Encoding("gb18030"))


def first_bad_byte(file: BinaryIO, encoding: Encoding) -> int | None:
    """Offset of the first byte that the encoding cannot have; None if the whole file is well-formed.

    Raises InvalidArgument (LINE_TOO_LONG) for a line of over 8 MiB, which no spreadsheet writes.
    """
    decoder = codecs.getincrementaldecoder(CODECS[encoding.name])("strict")
    file.seek(encoding.skip)
    position, unbroken = encoding.skip, 0
    while True:
        chunk = file.read(_CHUNK_BYTES)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return position - (len(error.object) - len(chunk)) + error.start
        if not chunk:
            return None
        unbroken = 0 if b"\n" in chunk or b"\r" in chunk else unbroken + len(chunk)
        if unbroken >= _LONGEST_LINE:
            raise _refuse(
                "LINE_TOO_LONG",
                "文件中有超过8MiB仍未换行的内容，不是表格，请检查文件",
                "a line of over 8 MiB: this is no table; check the file",
            )
        position += len(chunk)


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(_HEAD_BYTES)


def _stated(name: str) -> Encoding:
    if name not in CODECS:
        raise InvalidArgument.field(
            "encoding",
            "UNKNOWN_ENCODING",
            f"没有编码“{name}”，可选：{'、'.join(CODECS)}",
            f"no encoding {name!r}; choose one of {', '.join(CODECS)}",
        )
    return Encoding(name)


def _marked(head: bytes) -> Encoding | None:
    return next((Encoding(name, len(bom)) for bom, name in _BOMS if head.startswith(bom)), None)


def _wide(head: bytes, knows: Knows) -> Encoding | None:
    """UTF-16 without a mark: every ASCII character brings a NUL, and the headers are known."""
    if b"\0" not in head or knows(head.decode("utf-8", "ignore")):
        return None
    even = head[: len(head) // 2 * 2]
    return next(
        (Encoding(name) for name in ("utf-16-le", "utf-16-be") if knows(even.decode(name, "ignore"))), None
    )


def _checked(file: BinaryIO, encoding: Encoding) -> Encoding:
    offset = first_bad_byte(file, encoding)
    if offset is not None:
        raise _undecodable(file, offset, encoding.name.upper())
    return encoding


def _ask_about(head: bytes, knows: Knows) -> None:
    """Raise ENCODING_QUESTION unless GB18030 is the only likely reading."""
    text = head.decode("gb18030", "ignore")
    known = {name: knows(head.decode(CODECS[name], "ignore")) for name in _LOOK_ALIKES}
    best = max(known, key=lambda name: known[name])
    if known[best] > knows(text) or (knows(text) and not _is_likely(text)):
        raise _question(best)


def _is_chinese(text: str) -> bool:
    """Whether the characters beyond ASCII are rather Chinese than what GB18030 looks like in UTF-8."""
    beyond = [character for character in text if not character.isascii()]
    return 2 * sum(character > "\u2e7f" for character in beyond) > len(beyond)


def _is_likely(text: str) -> bool:
    """Whether most Chinese characters are common ones (level 1 of GB 2312), as in any real text."""
    wide = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    common = sum(b"\xb0" <= each.encode("gb2312", "ignore")[:1] <= b"\xd7" for each in wide)
    return common >= _COMMON_SHARE * len(wide)


def _question(name: str) -> InvalidArgument:
    return _refuse(
        "ENCODING_QUESTION",
        f"文件像是{name.upper()}编码而不是UTF-8或GB18030；若是，请注明 encoding={name} 重新上传，"
        "否则请另存为“CSV UTF-8”",
        f"the file looks like {name}, not UTF-8 or GB18030; if it is, upload it again stating "
        f"encoding={name}, otherwise save it as 'CSV UTF-8'",
    )


def _undecodable(file: BinaryIO, offset: int, encoding: str) -> InvalidArgument:
    line = _line_of(file, offset)
    return _refuse(
        "UNDECODABLE_TEXT",
        f"文件第{offset:,}字节处（第{line:,}行附近）不是有效的{encoding}文字，请在Excel中另存为“CSV UTF-8”后上传",
        f"byte {offset:,} (near line {line:,}) is not valid {encoding}; save the file as 'CSV UTF-8' and upload "
        "it again",
    )


def _line_of(file: BinaryIO, offset: int) -> int:
    file.seek(0)
    line, left = 1, offset
    while left > 0 and (chunk := file.read(min(left, _CHUNK_BYTES))):
        line += chunk.count(b"\n")
        left -= len(chunk)
    return line


def _refuse(reason: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field("file", reason, zh, en)
