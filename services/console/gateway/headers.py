"""What passes from HTTP headers to gRPC metadata, and what they say about the call itself."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.chassis.telemetry.trace import HEADER as TRACE
from services.chassis.telemetry.trace import parse, start
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language

CREDENTIALS: Final = ("authorization", "x-bole-key")
PURPOSE: Final = "x-bole-purpose"
REQUEST_ID: Final = "x-request-id"
TIMEOUT: Final = "x-bole-timeout"
DEFAULT_SECONDS: Final = 30.0
MOST_SECONDS: Final = 120
_PASSED: Final = frozenset({*CREDENTIALS, PURPOSE})
_VISIBLE: Final = re.compile(rb"[\x20-\x7e]*")
_REQUEST_ID: Final = re.compile("[A-Za-z0-9-]{8,64}")
_QUALITY: Final = re.compile(r"\s*(zh|en)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?)\s*)?")
_ETAG: Final = re.compile(r'"[\x21\x23-\x7e]*"')


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one request. Names are lower case; `raw` is what the server read."""

    raw: tuple[tuple[bytes, bytes], ...]

    def all(self, name: str) -> list[str]:
        """All values of a header. Raises InvalidArgument (HEADER_INVALID) for other than visible ASCII."""
        wanted = name.encode("ascii")
        return [_visible(name, value) for key, value in self.raw if key == wanted]

    def one(self, name: str) -> str | None:
        """Its value, or None. Raises InvalidArgument (HEADER_TWICE, HEADER_INVALID)."""
        values = self.all(name)
        if len(values) > 1:
            raise InvalidArgument.field(
                name, "HEADER_TWICE", "此请求头重复出现，请只保留一个", "this header is given twice; keep one"
            )
        return values[0].strip() if values else None


def metadata(headers: Headers, request_id: str) -> list[tuple[str, str]]:
    """The caller's own credential, purpose and trace, as they were sent: the service judges them."""
    passed = [(name, value) for name in sorted(_PASSED) for value in headers.all(name)]
    trace = parse(next(iter(_lenient(headers, TRACE)), None)) or start()
    return [*passed, (REQUEST_ID, request_id), (TRACE, trace.header())]


def request_id(headers: Headers) -> str:
    """The caller's own id of the request if it has the right form, else a fresh one."""
    given = next(iter(_lenient(headers, REQUEST_ID)), "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def seconds(headers: Headers) -> float:
    """How long the caller waits: `x-bole-timeout`, whole seconds. Raises InvalidArgument (TIMEOUT_INVALID)."""
    given = headers.one(TIMEOUT)
    if given is None:
        return DEFAULT_SECONDS
    if not re.fullmatch("[1-9][0-9]{0,2}", given) or int(given) > MOST_SECONDS:
        raise InvalidArgument.field(
            TIMEOUT,
            "TIMEOUT_INVALID",
            f"须为 1 至 {MOST_SECONDS} 的整秒数",
            f"has to be whole seconds from 1 to {MOST_SECONDS}",
        )
    return float(given)


def language(headers: Headers) -> Language:
    """Chinese unless English is preferred."""
    quality = {"zh": 0.0, "en": 0.0}
    for part in ",".join(_lenient(headers, "accept-language")).split(",")[:20]:
        found = _QUALITY.fullmatch(part)
        if found:
            quality[found[1]] = max(quality[found[1]], float(found[2] or 1))
    return "en" if quality["en"] > quality["zh"] else "zh"


def if_match(headers: Headers) -> str | None:
    """The etag that a change is for, or None. Raises InvalidArgument (IF_MATCH_INVALID)."""
    given = headers.one("if-match")
    if given is None or given == "*":
        return None
    if not _ETAG.fullmatch(given):
        raise InvalidArgument.field(
            "if-match",
            "IF_MATCH_INVALID",
            '须为一个强 ETag（如 "v3"），照读取时所得原样带回',
            'has to be one strong ETag such as "v3", as it was read',
        )
    return given


def none_match(headers: Headers, etag: str) -> bool:
    """Whether the caller has this version already."""
    given = [
        each.strip().removeprefix("W/") for each in ",".join(_lenient(headers, "if-none-match")).split(",")
    ]
    return etag in given


def _lenient(headers: Headers, name: str) -> Iterable[str]:
    """Values of a header that is only a hint; what cannot be read of it does not count."""
    wanted = name.encode("ascii")
    return [
        value.decode("ascii") for key, value in headers.raw if key == wanted and _VISIBLE.fullmatch(value)
    ]


def _visible(name: str, value: bytes) -> str:
    if not _VISIBLE.fullmatch(value):
        raise InvalidArgument.field(
            name, "HEADER_INVALID", "只能含可见 ASCII 字符", "may hold visible ASCII characters only"
        )
    return value.decode("ascii")
