"""What is sent with a form: bounded, from our own pages only."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from services.chassis.rpc.uploads import Pace
from services.console.web.marks import is_mark_of
from services.console.web.visits import Upload
from services.kernel.errors import InvalidArgument, PermissionDenied
from services.kernel.text import Text

CSRF_FIELD = "csrf"
MOST_BYTES = 256 * 1024
"""The longest text that is matched, 20,000 ideographs of nine bytes each as forms send them, and what is beside it."""
_MOST_FIELDS = 100
MOST_FILE_BYTES = 32 * 1024 * 1024
"""A larger file goes by the command line, which sends it in pieces."""
FORM_SECONDS = 30.0
"""For each part of a form, as `Pace` has it."""
_MOST_NAME = 255
_FORM = "application/x-www-form-urlencoded"
_FILES = "multipart/form-data"


async def read_form(request: Request, session: str) -> dict[str, str]:
    """The fields. Raises PermissionDenied for a form that is not of our pages; InvalidArgument for another body."""
    _check_origin(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise _wrong(f"应以 {_FORM} 提交", f"send {_FORM}")
    fields = _fields(b"".join([part async for part in _bounded(request, MOST_BYTES)]))
    _check_mark(fields, session)
    return fields


async def read_upload(request: Request, session: str) -> tuple[dict[str, str], Upload | None]:
    """The fields and the file of a form that may carry one; it is kept in memory alone. Raises as `read_form`."""
    _check_origin(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FILES:
        raise _wrong(f"应以 {_FILES} 提交", f"send {_FILES}")
    parser = _InMemory(
        request.headers,
        _bounded(request, MOST_FILE_BYTES + MOST_BYTES),
        max_files=1,
        max_fields=_MOST_FIELDS,
        max_part_size=MOST_BYTES,
    )
    try:
        parts = (await parser.parse()).multi_items()
    except MultiPartException:
        raise _wrong("表单无法读取", "the form cannot be read") from None
    fields = {name: _plain(value) for name, value in parts if isinstance(value, str)}
    _check_mark(fields, session)
    file = next((value for _, value in parts if isinstance(value, UploadFile) and value.filename), None)
    return fields, None if file is None else Upload(str(file.filename)[-_MOST_NAME:], await file.read())


class _InMemory(MultiPartParser):
    """Files may hold personal data: nothing of them is written to a disk."""

    spool_max_size = MOST_FILE_BYTES + MOST_BYTES


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """What is sent, as far as it is not too much; what announces too much is not read at all."""
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isascii() and announced.isdigit() and announced else 0
    if size <= most:
        size, pace, parts = 0, Pace(FORM_SECONDS), aiter(request.stream())
        while (part := await _next(parts, pace.patience(size))) is not None:
            size += len(part)
            if size > most:
                break
            yield part
    if size > most:
        raise _wrong(f"内容超过 {most >> 10:,} KiB", f"more than {most >> 10:,} KiB were sent")


async def _next(parts: AsyncIterator[bytes], seconds: float) -> bytes | None:
    try:
        return await asyncio.wait_for(anext(parts), seconds)
    except StopAsyncIteration:
        return None
    except TimeoutError:
        raise _wrong("表单未在时限内送达，请重试", "the form did not arrive in time; send it again") from None


def _check_mark(fields: dict[str, str], session: str) -> None:
    if not is_mark_of(session, fields.pop(CSRF_FIELD, "")):
        raise _foreign()


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise _wrong("表单无法读取", "the form cannot be read") from None
    return {name: _plain(value) for name, value in pairs}


def _plain(value: str) -> str:
    """Without surrounding white space; lines end as everywhere in the house, not as forms end them."""
    return value.replace("\r\n", "\n").strip()


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
