"""What the gateway itself refuses, beside what the services do: it has HTTP's own statuses."""

from collections.abc import Mapping
from typing import Final

from services.kernel.errors import BoleError
from services.kernel.text import Text

STATUSES: Final = {
    "OK": 200,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
}
"""HTTP status of each gRPC status, as google/rpc/code.proto has them."""


class HttpRefused(BoleError):
    """A request that HTTP has a status of its own for."""

    default_reason = "HTTP_REFUSED"

    def __init__(
        self, status: int, text: Text, *, reason: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(text, reason=reason)
        self.status = status
        self.headers = dict(headers or {})


def not_allowed(verb: str, allowed: str) -> HttpRefused:
    """The path exists, for other verbs."""
    return HttpRefused(
        405,
        Text(f"此地址不支持 {verb}，可用：{allowed}", f"{verb} is not offered here; use {allowed}"),
        reason="VERB_NOT_ALLOWED",
        headers={"allow": allowed},
    )


def too_large(mebibytes: int) -> HttpRefused:
    """The body is over the limit."""
    return HttpRefused(
        413,
        Text(
            f"请求内容超过 {mebibytes} MiB，请缩小后重试",
            f"the body is over {mebibytes} MiB; make it smaller",
        ),
        reason="BODY_TOO_LARGE",
    )


def too_slow() -> HttpRefused:
    """The body stopped coming."""
    return HttpRefused(
        408,
        Text("请求内容迟迟未到，请重试", "the body did not come; send it again"),
        reason="BODY_STALLED",
        headers={"connection": "close"},
    )


def not_json(found: str) -> HttpRefused:
    """The body is declared as something else."""
    return HttpRefused(
        415,
        Text(
            f"请求内容须为 application/json（UTF-8，不压缩），而不是 {found}",
            f"the body has to be application/json (UTF-8, not compressed), not {found}",
        ),
        reason="BODY_NOT_JSON",
    )
