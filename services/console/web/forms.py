"""What is sent with a form: bounded, from our own pages only."""

import hmac
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from services.kernel.errors import InvalidArgument, PermissionDenied
from services.kernel.text import Text

CSRF_FIELD = "csrf"
MOST_BYTES = 64 * 1024
_MOST_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"


async def read_form(request: Request, csrf: str) -> dict[str, str]:
    """The fields. Raises PermissionDenied for a form that is not of our pages; InvalidArgument for another body."""
    _check_origin(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise _wrong(f"应以 {_FORM} 提交", f"send {_FORM}")
    size = 0
    parts: list[bytes] = []
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise _wrong("表单过大", "the form is too large")
        parts.append(part)
    fields = _fields(b"".join(parts))
    if not hmac.compare_digest(fields.pop(CSRF_FIELD, "").encode(), csrf.encode()):
        raise _foreign()
    return fields


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise _wrong("表单无法读取", "the form cannot be read") from None
    return {name: value.strip() for name, value in pairs}


def _check_origin(request: Request) -> None:
    """Browsers say where a form comes from; what they say must be us."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if site not in ("same-origin", "none") or foreign:
        raise _foreign()


def _foreign() -> PermissionDenied:
    return PermissionDenied(
        Text(
            "这个表单不是从本页面提交的，请刷新后重试", "this form is not of our pages; reload and try again"
        ),
        reason="FOREIGN_FORM",
    )


def _wrong(zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field("form", "WRONG_FORM", zh, en)
