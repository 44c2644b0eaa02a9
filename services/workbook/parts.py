"""The parts of an XLSX file, unpacked piece by piece from a file that stays where it is."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from services.kernel.errors import InvalidArgument

_PIECE = 64 * 1024
_MOST_AT_ONCE = 500_000
Handlers = dict[str, Callable[..., Any]]
"""What is called for what, by the names of expat's handlers."""


def refuse(reason: str, zh: str, en: str) -> InvalidArgument:
    """The refusal of a file."""
    return InvalidArgument.field("file", reason, zh, en)


def damaged() -> InvalidArgument:
    """The refusal of a workbook whose inside cannot be read."""
    return refuse(
        "NOT_A_WORKBOOK",
        "工作簿内部结构损坏，无法读取，请用Excel打开后另存再上传",
        "the workbook's inner structure is damaged; open it in Excel, save it and upload again",
    )


def inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of one part in pieces, whoever else reads the file meanwhile.

    Raises InvalidArgument unless it unpacks, to exactly the size that it declares.
    """
    inflater = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    size = 0
    for packed in _packed(file, entry):
        piece = _unpack(inflater, packed) if inflater else packed
        while piece:
            size += len(piece)
            if size > entry.file_size:
                raise _forged()
            yield piece
            piece = _unpack(inflater, inflater.unconsumed_tail) if inflater else b""
    if size != entry.file_size:
        raise _forged()


def parsed(pieces: Iterator[bytes], handlers: Handlers) -> Iterator[None]:
    """Parse XML as its pieces come; gives way after each. Raises InvalidArgument for what is no plain XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _declares
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged() from error
    yield


def children(pieces: Iterator[bytes], parent: str) -> Iterator[Element]:
    """The children of the first element `parent`, each once it is whole; what was taken is let go.

    Raises InvalidArgument for what is no XML, and for parts that hold more at once than any spreadsheet writes
    (SHEET_TOO_LARGE). Only for parts in which `check_archive` has found no declarations.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("start",))
    pending = 0
    root: Element | None = None
    found: Element | None = None
    try:
        for piece in pieces:
            parser.feed(piece)
            started = [
                each for event in parser.read_events() for each in event[1:] if isinstance(each, Element)
            ]
            root = started[0] if root is None and started else root
            if found is None:
                found = next((each for each in started if local(each.tag) == parent), None)
            taken = _let_go(root, found)
            pending = 0 if taken else pending + len(started)
            if pending > _MOST_AT_ONCE:
                raise _too_much_at_once()
            yield from taken
        parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise damaged() from error
    if found is not None:
        yield from found


def _let_go(root: Element | None, found: Element | None) -> list[Element]:
    """Take the children that are whole out of the tree, and whatever else of it is."""
    taken: list[Element] = []
    if found is not None:
        taken = found[:-1]
        del found[:-1]
    if root is not None and root is not found:
        for each in root[:-1]:
            if each is not found:
                root.remove(each)
    return taken


def _too_much_at_once() -> InvalidArgument:
    return refuse(
        "SHEET_TOO_LARGE",
        "工作表中单行或单个部件过大，请删除空白或拆分",
        "one row or part of the sheet is too large; delete blank areas or split it",
    )


def local(name: str) -> str:
    """The name of an element or attribute without its prefix or namespace."""
    return name.rpartition("}")[2].rpartition(":")[2]


def unsafe_declaration() -> InvalidArgument:
    """The refusal of XML that declares what Excel never does."""
    return refuse(
        "UNSAFE_XML",
        "部件含有DOCTYPE或实体声明，Excel不会生成此类内容，已拒绝",
        "a part declares a DOCTYPE or entities, which Excel never writes; refused",
    )


def _declares(*_: object) -> None:
    raise unsafe_declaration()


def _packed(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(entry.header_offset + 26)
    lengths = file.read(4)
    at = entry.header_offset + 30
    at += int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    end = at + entry.compress_size
    while at < end:
        file.seek(at)
        packed = file.read(min(_PIECE, end - at))
        if not packed:
            return
        at += len(packed)
        yield packed


def _unpack(inflater: Any, packed: bytes) -> bytes:
    try:
        return bytes(inflater.decompress(packed, _PIECE))
    except zlib.error as error:
        raise refuse(
            "NOT_A_WORKBOOK", "文件已损坏，无法解压", "the file is damaged and cannot be unpacked"
        ) from error


def _forged() -> InvalidArgument:
    return refuse(
        "UNSAFE_ARCHIVE",
        "部件的实际大小与声明不符，文件已损坏或被篡改",
        "a part does not have the size that it declares; the file is damaged or forged",
    )
