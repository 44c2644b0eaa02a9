"""Whether an XLSX file is safe to hand to a parser, judged by its content alone, piece by piece."""

import re
import zipfile
from typing import BinaryIO

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.workbook.parts import inflated, refuse, unsafe_declaration
from services.workbook.remarks import Hint, hint_of, remarks
from services.workbook.tables import Limits

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHERS = (
    (b"%PDF-", Text("PDF 文件", "a PDF")),
    (b"\x89PNG", Text("图片", "a picture")),
    (b"\xff\xd8\xff", Text("图片", "a picture")),
    (b"GIF8", Text("图片", "a picture")),
    (b"\x1f\x8b", Text("gzip 压缩文件", "a file packed with gzip")),
    (b"Rar!", Text("RAR 压缩文件", "an archive (RAR)")),
    (b"7z\xbc\xaf", Text("7z 压缩文件", "an archive (7z)")),
    (
        b"<",
        Text(
            "网页或 XML（有的系统导出的“xls”即是）",
            "a page of the web or XML, as some systems export for xls",
        ),
    ),
)
"""How files begin that are often taken for tables, and what they are."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLE_HEAD = 1024 * 1024
_OVERLAP = 512
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def looks_like_excel(data: bytes) -> bool:
    """Whether the bytes begin like an archive or an old Office document rather than a text file."""
    return data.startswith((_ZIP, b"PK\x05\x06", _OLE))


def refuse_others(head: bytes) -> None:
    """Raise InvalidArgument (NOT_A_TABLE) for a file that begins like something else, whatever it is called."""
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, found in _OTHERS:
        if head.startswith(magic) or begins.startswith(magic):
            raise refuse(
                "NOT_A_TABLE",
                f"这是{found.zh}，不是表格；请用 Excel 或 WPS 打开后另存为 XLSX，再上传",
                f"this is {found.en}, no table; open it in a spreadsheet program, save it as XLSX and upload that",
            )


def check_archive(
    file: BinaryIO, size: int, limits: Limits
) -> tuple[list[zipfile.ZipInfo], tuple[Text, ...]]:
    """The parts of a plain XLSX file within `limits`, and what is remarkable about it.

    Raises InvalidArgument for any other: NOT_A_WORKBOOK, OLD_EXCEL_FORMAT, ENCRYPTED_WORKBOOK, MACRO_WORKBOOK,
    ARCHIVE_TOO_LARGE, ZIP_BOMB, UNSAFE_ARCHIVE, UNSAFE_XML.
    """
    file.seek(0)
    head = file.read(_OLE_HEAD)
    if head.startswith(_OLE):
        raise _ole(head)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise _broken() from error
    if any(entry.header_offset < 0 for entry in entries):
        raise _broken()
    _check_directory(entries, size, limits)
    hints = set[Hint]().union(*(_looked_through(file, entry) for entry in entries))
    return entries, tuple(remarks([entry.filename for entry in entries], hints))


def _broken() -> InvalidArgument:
    return refuse(
        "NOT_A_WORKBOOK",
        "文件不完整或已损坏，请重新上传完整的XLSX文件",
        "the file is cut short or damaged; upload the whole XLSX file again",
    )


def _looked_through(file: BinaryIO, entry: zipfile.ZipInfo) -> set[Hint]:
    """What a part gives away.

    Raises InvalidArgument for one that is not what it declares, an archive itself, or unsafe XML.
    """
    is_xml = entry.filename.endswith((".xml", ".rels", ".vml"))
    hints, seen = set[Hint](), b""
    for number, piece in enumerate(inflated(file, entry)):
        if not number and piece.startswith(_ZIP):
            raise refuse(
                "UNSAFE_ARCHIVE",
                f"文件内嵌有另一个文件（{entry.filename[:80]}），请在Excel中删除嵌入的对象后另存再上传",
                f"another file is embedded in it ({entry.filename[:80]}); delete embedded objects in Excel, save it "
                "and upload again",
            )
        if is_xml:
            seen = seen[-_OVERLAP:] + piece
            _check_xml(seen, first=not number)
            hint = hint_of(entry.filename, seen)
            if hint is not None:
                hints.add(hint)
    return hints


def _ole(head: bytes) -> InvalidArgument:
    if _ENCRYPTED_PACKAGE in head:
        return refuse(
            "ENCRYPTED_WORKBOOK",
            "文件已加密，请在Excel中取消密码后另存再上传",
            "the workbook is encrypted; remove the password in Excel, save and upload again",
        )
    return refuse(
        "OLD_EXCEL_FORMAT",
        "这是旧版Excel（xls）文件，请另存为XLSX后上传",
        "this is an old Excel file (xls); save it as XLSX and upload again",
    )


def _check_directory(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries or total > limits.inflated_bytes:
        raise refuse(
            "ARCHIVE_TOO_LARGE",
            f"文件解压后过大（{total:,}字节，{len(entries):,}个部件），请拆分后上传",
            f"the file unpacks to {total:,} bytes in {len(entries):,} parts, over the limit; split it",
        )
    if total > limits.ratio * max(size, 1):
        raise refuse(
            "ZIP_BOMB",
            f"文件压缩比超过{limits.ratio}倍，疑似恶意文件，已拒绝",
            f"the file unpacks to more than {limits.ratio} times its size and is refused",
        )
    if len(set(map(str.casefold, names))) != len(names) or any(map(_is_unsafe_name, names)):
        raise refuse(
            "UNSAFE_ARCHIVE",
            "压缩包内有重复或越界的部件名，不是Excel正常保存的文件",
            "the archive has duplicate parts or parts outside its folder; Excel does not write such files",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise refuse(
            "ENCRYPTED_WORKBOOK", "文件已加密，请取消密码后上传", "the archive is encrypted; remove it"
        )
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise refuse(
            "UNSAFE_ARCHIVE", "压缩方式不受支持，请用Excel另存", "unusual compression; save it with Excel"
        )
    _check_family(set(names))


def _is_unsafe_name(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _check_family(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise refuse(
            "MACRO_WORKBOOK",
            "文件含有宏，请另存为不含宏的XLSX后上传",
            "the workbook contains macros; save it as XLSX without macros",
        )
    if "xl/workbook.bin" in names:
        raise refuse(
            "OLD_EXCEL_FORMAT", "这是XLSB文件，请另存为XLSX", "this is an XLSB file; save it as XLSX"
        )
    if "xl/workbook.xml" not in names:
        raise refuse(
            "NOT_A_WORKBOOK",
            "文件不是XLSX工作簿（可能是ODS、Word或普通压缩包），请另存为XLSX或CSV",
            "not an XLSX workbook (perhaps ODS, Word or a plain archive); save it as XLSX or CSV",
        )


def _check_xml(content: bytes, *, first: bool) -> None:
    if first and (b"\x00" in content[:200] or content.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise refuse(
            "UNSAFE_XML", "部件不是UTF-8编码，请用Excel另存", "a part is not UTF-8; save it with Excel"
        )
    if _DECLARATION.search(content):
        raise unsafe_declaration()
