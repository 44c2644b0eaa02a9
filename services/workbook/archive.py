"""Whether the bytes of an XLSX file are safe to hand to a parser, judged by their content alone."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.workbook.remarks import hides_cells, remarks
from services.workbook.tables import Limits

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,4})([0-9]{1,10})["']""")
_SHARED = re.compile(rb"""t\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})""")
_TEXT_BUDGET = 512_000_000


def looks_like_excel(data: bytes) -> bool:
    """Whether the bytes begin like an archive or an old Office document rather than a text file."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def check_archive(data: bytes, limits: Limits) -> tuple[Text, ...]:
    """Raise InvalidArgument unless `data` is a plain XLSX file within `limits`; what is remarkable about it.

    Reasons: NOT_A_WORKBOOK, OLD_EXCEL_FORMAT, ENCRYPTED_WORKBOOK, MACRO_WORKBOOK, ARCHIVE_TOO_LARGE,
    ZIP_BOMB, UNSAFE_ARCHIVE, UNSAFE_XML, SHEET_TOO_LARGE.
    """
    if data.startswith(_OLE):
        raise _ole(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise _refuse(
            "NOT_A_WORKBOOK",
            "文件不完整或已损坏，请重新上传完整的XLSX文件",
            "the file is cut short or damaged; upload the whole XLSX file again",
        ) from error
    _check_directory(entries, len(data), limits)
    longest, shared, hidden = 0, Counter[bytes](), False
    lengths: list[int] = []
    for entry in entries:
        content = _inflate(data, entry)
        if entry.filename.endswith((".xml", ".rels", ".vml")):
            _check_xml(content)
        if entry.filename.startswith("xl/worksheets/"):
            _check_area(content, limits)
            hidden = hidden or hides_cells(content)
            shared.update(_SHARED.findall(content))
        if entry.filename == "xl/sharedStrings.xml":
            lengths = [len(item) for item in re.split(rb"</(?:\w+:)?si>", content)]
            longest = max(lengths)
    if longest * shared.total() > _TEXT_BUDGET:
        _check_repetition(lengths, shared)
    return tuple(remarks([entry.filename for entry in entries], hidden=hidden))


def _refuse(reason: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field("file", reason, zh, en)


def _ole(data: bytes) -> InvalidArgument:
    if _ENCRYPTED_PACKAGE in data:
        return _refuse(
            "ENCRYPTED_WORKBOOK",
            "文件已加密，请在Excel中取消密码后另存再上传",
            "the workbook is encrypted; remove the password in Excel, save and upload again",
        )
    return _refuse(
        "OLD_EXCEL_FORMAT",
        "这是旧版Excel（xls）文件，请另存为XLSX后上传",
        "this is an old Excel file (xls); save it as XLSX and upload again",
    )


def _check_directory(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries or total > limits.inflated_bytes:
        raise _refuse(
            "ARCHIVE_TOO_LARGE",
            f"文件解压后过大（{total:,}字节，{len(entries):,}个部件），请拆分后上传",
            f"the file unpacks to {total:,} bytes in {len(entries):,} parts, over the limit; split it",
        )
    if total > limits.ratio * max(size, 1):
        raise _refuse(
            "ZIP_BOMB",
            f"文件压缩比超过{limits.ratio}倍，疑似恶意文件，已拒绝",
            f"the file unpacks to more than {limits.ratio} times its size and is refused",
        )
    if len(set(map(str.casefold, names))) != len(names) or any(map(_is_unsafe_name, names)):
        raise _refuse(
            "UNSAFE_ARCHIVE",
            "压缩包内有重复或越界的部件名，不是Excel正常保存的文件",
            "the archive has duplicate parts or parts outside its folder; Excel does not write such files",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refuse(
            "ENCRYPTED_WORKBOOK", "文件已加密，请取消密码后上传", "the archive is encrypted; remove it"
        )
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _refuse(
            "UNSAFE_ARCHIVE", "压缩方式不受支持，请用Excel另存", "unusual compression; save it with Excel"
        )
    _check_family(set(names))


def _is_unsafe_name(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _check_family(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise _refuse(
            "MACRO_WORKBOOK",
            "文件含有宏，请另存为不含宏的XLSX后上传",
            "the workbook contains macros; save it as XLSX without macros",
        )
    if "xl/workbook.bin" in names:
        raise _refuse(
            "OLD_EXCEL_FORMAT", "这是XLSB文件，请另存为XLSX", "this is an XLSB file; save it as XLSX"
        )
    if "xl/workbook.xml" not in names:
        raise _refuse(
            "NOT_A_WORKBOOK",
            "文件不是XLSX工作簿（可能是ODS、Word或普通压缩包），请另存为XLSX或CSV",
            "not an XLSX workbook (perhaps ODS, Word or a plain archive); save it as XLSX or CSV",
        )


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The content of one entry; refused unless it unpacks to exactly the size that it declares."""
    start = entry.header_offset + 30
    start += sum(int.from_bytes(data[start - 4 + 2 * i : start - 2 + 2 * i], "little") for i in range(2))
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = packed
    else:
        try:
            content = zlib.decompressobj(-15).decompress(packed, entry.file_size + 1)
        except zlib.error as error:
            raise _refuse(
                "NOT_A_WORKBOOK", "文件已损坏，无法解压", "the file is damaged and cannot be unpacked"
            ) from error
    if len(content) != entry.file_size:
        raise _refuse(
            "UNSAFE_ARCHIVE",
            "部件的实际大小与声明不符，文件已损坏或被篡改",
            "a part does not have the size that it declares; the file is damaged or forged",
        )
    return content


def _check_xml(content: bytes) -> None:
    if b"\x00" in content[:200] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refuse(
            "UNSAFE_XML", "部件不是UTF-8编码，请用Excel另存", "a part is not UTF-8; save it with Excel"
        )
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _refuse(
            "UNSAFE_XML",
            "部件含有DOCTYPE或实体声明，Excel不会生成此类内容，已拒绝",
            "a part declares a DOCTYPE or entities, which Excel never writes; refused",
        )


def _check_area(content: bytes, limits: Limits) -> None:
    """A parser allots the whole rectangle, so one far-away cell would be enough to exhaust memory."""
    last_row, last_column = 0, 0
    for letters, digits in _distinct(content):
        last_row = max(last_row, int(digits))
        last_column = max(last_column, _column_number(letters))
    if last_row > limits.rows + 20 or last_column > limits.columns or last_row * last_column > limits.cells:
        raise _refuse(
            "SHEET_TOO_LARGE",
            f"工作表达{last_row:,}行、{last_column:,}列，上限{limits.rows:,}行、{limits.columns}列；请删除空白或拆分",
            f"the sheet spans {last_row:,} rows and {last_column:,} columns, at most {limits.rows:,} and "
            f"{limits.columns} are read; delete blank areas or split it",
        )


def _distinct(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    for match in _REFERENCE.finditer(content):
        yield match[1], match[2]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repetition(lengths: list[int], shared: Counter[bytes]) -> None:
    total = sum(lengths[int(i)] * n for i, n in shared.items() if int(i) < len(lengths))
    if total > _TEXT_BUDGET:
        raise _refuse(
            "ZIP_BOMB",
            "少量文本被重复引用，展开后过大，已拒绝",
            "a few texts are repeated so often that the sheet would not fit; refused",
        )
