"""Page sizes and page tokens (AIP-158).

A token is opaque and sealed. It is valid for one caller, one method and one query, so that it can be neither
forged nor carried to another list; it holds the sort keys of the last row shown (keyset paging), so that rows
added or removed meanwhile neither repeat nor skip others. Addresses carry tokens and logs keep addresses, and a
sort key may be a name: only the service can read it.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kernel.errors import InvalidArgument

CursorValue: TypeAlias = str | int | float | bool | date | datetime | None
"""One sort key; instants are aware datetimes."""

_VERSION, _SIGNED = b"\x02", b"\x01"
"""What is issued, and what the program before issued, signed and not sealed: a stream goes on by a token of any age."""
_BINDING_BYTES = 12
_NONCE_BYTES, _TAG_BYTES = 12, 16
_MAX_TOKEN = 4096
_MIN_SECRET = 16


def page_size(requested: int, default: int, maximum: int) -> int:
    """How many rows a page has: `default` for 0, at most `maximum`.

    Raises InvalidArgument (PAGE_SIZE_NEGATIVE) on field `page_size` for a negative number.
    """
    if requested < 0:
        raise InvalidArgument.field(
            "page_size",
            "PAGE_SIZE_NEGATIVE",
            f"每页条数不能为负数（{requested}），请填写 1 至 {maximum}，0 表示默认 {default}",
            f"the page size is negative ({requested}); give 1 to {maximum}, or 0 for {default}",
        )
    return min(requested or default, maximum)


class PageTokens:
    """Issues and reads the tokens of one service; all its replicas share `secret` (at least 16 bytes)."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < _MIN_SECRET:
            raise ValueError(f"the secret of page tokens has at least {_MIN_SECRET} bytes")
        self._secret = secret
        self._seal = AESGCM(hmac.digest(secret, b"seal", sha256))

    def issue(
        self, cursor: Sequence[CursorValue], *, method: str, query: Mapping[str, str], subject: str
    ) -> str:
        """The token that continues after `cursor`.

        `query` is everything that decides which rows come in which order (filter, order, view, parent), best
        in canonical form; not the page size. `subject` is the caller.
        """
        body = json.dumps([_encoded(value) for value in cursor], separators=(",", ":"), allow_nan=False)
        open_ = _VERSION + self._binding(method, query, subject)
        # of what is sealed itself: the same place has the same token, and no other shares its nonce
        nonce = hmac.digest(self._secret, b"nonce" + open_ + body.encode(), sha256)[:_NONCE_BYTES]
        sealed = self._seal.encrypt(nonce, body.encode(), open_)
        return base64.urlsafe_b64encode(open_ + nonce + sealed).decode().rstrip("=")

    def read(
        self, token: str, *, method: str, query: Mapping[str, str], subject: str
    ) -> tuple[CursorValue, ...] | None:
        """The cursor that the token was issued for; None for the empty token (the first page).

        Raises InvalidArgument on field `page_token`: PAGE_TOKEN_INVALID if this service did not issue it,
        PAGE_TOKEN_MISMATCH if it belongs to another method, query or caller.
        """
        if not token:
            return None
        raw = _decoded_token(token)
        open_, rest = raw[: 1 + _BINDING_BYTES], raw[1 + _BINDING_BYTES :]
        body = self._signed(open_, rest) if open_[:1] == _SIGNED else self._opened(open_, rest)
        binding = open_[1:]
        if not hmac.compare_digest(binding, self._binding(method, query, subject)):
            raise InvalidArgument.field(
                "page_token",
                "PAGE_TOKEN_MISMATCH",
                "翻页标记属于另一个查询：翻页时筛选、排序等参数不能改变，请从第一页重新查询",
                "the page token belongs to another query: filter, order and the like must stay the same from "
                "page to page; start again from the first page",
            )
        return tuple(_decoded(value) for value in json.loads(body))

    def _opened(self, open_: bytes, rest: bytes) -> bytes:
        try:
            return self._seal.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], open_)
        except (InvalidTag, ValueError) as error:
            raise _invalid() from error

    def _signed(self, open_: bytes, rest: bytes) -> bytes:
        body, tag = rest[:-_TAG_BYTES], rest[-_TAG_BYTES:]
        right = hmac.digest(self._secret, b"token" + open_ + body, sha256)[:_TAG_BYTES]
        if not hmac.compare_digest(tag, right):
            raise _invalid()
        return body

    def _binding(self, method: str, query: Mapping[str, str], subject: str) -> bytes:
        text = json.dumps([method, sorted(query.items()), subject], ensure_ascii=True)
        return hmac.digest(self._secret, b"binding" + text.encode(), sha256)[:_BINDING_BYTES]


def _decoded_token(token: str) -> bytes:
    if len(token) > _MAX_TOKEN:
        raise _invalid()
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid() from error
    # The last character has spare bits; only the spelling that was issued is accepted.
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
        raise _invalid()
    return raw


def _invalid() -> InvalidArgument:
    return InvalidArgument.field(
        "page_token",
        "PAGE_TOKEN_INVALID",
        "翻页标记无效：请原样使用上一页返回的 next_page_token，或从第一页重新查询",
        "the page token is not valid: pass the next_page_token of the page before unchanged, or start again",
    )


def _encoded(value: CursorValue) -> Any:
    match value:
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case _:
            return value


def _decoded(value: Any) -> CursorValue:
    match value:
        case {"t": str(text)}:
            return datetime.fromisoformat(text)
        case {"d": str(text)}:
            return date.fromisoformat(text)
        case _:
            plain: CursorValue = value
            return plain
