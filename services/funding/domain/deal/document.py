"""Documents of a deal on the register: what is admitted, and what a digest stands for."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime

from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.findings import Findings

MOST_BYTES = 100 * 1024 * 1024
MOST_STORED = 3_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
# By how the content begins; whatever is not here is not admitted, programs least of all.
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
)
_ENDINGS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/zip",
    "xlsx": "application/zip",
    "ofd": "application/zip",
    "txt": "text/plain",
    "csv": "text/plain",
}
_TEXT = "text/plain"


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document. `received_at` is when it was registered; `duplicate_of` 0 for the first of its content."""

    deal_id: str
    number: int
    kind: EvidenceKind
    title: str
    sha256: str
    size: int
    media_type: str
    file_name: str
    issued: date | None
    received_at: datetime
    stored: bool
    duplicate_of: int
    actor: str


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What is stated of a document. `content` empty: it is registered by its digest."""

    kind: EvidenceKind
    title: str
    sha256: str
    size: int
    file_name: str
    issued: date | None
    content: bytes


@dataclass(frozen=True)
class Examined:
    """What was found of it."""

    title: str
    sha256: str
    size: int
    media_type: str


def examine_document(stated: Stated, today: date) -> Examined:
    """Digest, size and type of a document.

    Raises InvalidArgument, all at once: empty, too large, of a type that is not admitted, a digest that is none
    or not the content's, issued in the future.
    """
    findings = Findings()
    title = findings.text("document.title", stated.title, most=200, required=True)
    findings.not_after("document.issue_date", stated.issued, today)
    given = stated.sha256.lower()
    if given and _SHA256.fullmatch(given) is None:
        findings.add(
            "document.sha256",
            "INVALID_DIGEST",
            "SHA-256 应为64位十六进制",
            "a SHA-256 digest is 64 hexadecimal digits",
        )
    ending = _ENDINGS.get(stated.file_name.rpartition(".")[2].lower())
    if stated.content:
        digest, size = hashlib.sha256(stated.content).hexdigest(), len(stated.content)
        media_type = _sniffed(stated.content)
        _compare(stated, given, digest, findings)
        admitted = media_type is not None and (not stated.file_name or ending == media_type)
    else:
        digest, size, media_type = given, stated.size, ending
        admitted = ending is not None
        _require_digest(given, size, findings)
    if not admitted:
        findings.add(
            "document.file_name",
            "TYPE_NOT_ADMITTED",
            f"只接收 {'、'.join(_ENDINGS)}，且内容须与扩展名相符",
            f"admitted are {', '.join(_ENDINGS)}, and the content has to be what the ending says",
        )
    findings.finish()
    return Examined(title, digest, size, media_type or "")


def _compare(stated: Stated, given: str, digest: str, findings: Findings) -> None:
    if len(stated.content) > MOST_STORED:
        findings.add("content", "TOO_LARGE", f"内容超过 {MOST_STORED:,} 字节", f"over {MOST_STORED:,} bytes")
    if given and given != digest:
        findings.add(
            "document.sha256",
            "DIGEST_MISMATCH",
            f"内容的 SHA-256 是 {digest}，与所填不符",
            f"the content's SHA-256 is {digest}, not what is stated",
        )
    if stated.size and stated.size != len(stated.content):
        findings.add(
            "document.size_bytes", "SIZE_MISMATCH", "大小与内容不符", "the size is not the content's"
        )


def _require_digest(given: str, size: int, findings: Findings) -> None:
    if not given:
        findings.add(
            "document.sha256", "REQUIRED", "未附内容时须填 SHA-256", "without content a digest is required"
        )
    if size < 1:
        findings.add("document.size_bytes", "EMPTY", "文件为空（0字节）", "the document is empty (0 bytes)")
    if size > MOST_BYTES:
        findings.add(
            "document.size_bytes",
            "TOO_LARGE",
            f"文件超过 {MOST_BYTES // 1048576} MiB",
            f"the document is over {MOST_BYTES // 1048576} MiB",
        )


def _sniffed(content: bytes) -> str | None:
    for beginning, media_type in _MAGIC:
        if content.startswith(beginning):
            return media_type
    if content.startswith((b"MZ", b"\x7fELF", b"#!")) or b"\x00" in content:
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return _TEXT
