"""What a reader is given, as the bytes that the fuzzer changes, and back."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from services.chassis.log.log import Stored
from services.console.gateway.bindings import Binding
from tests.fuzz.parsers import PARSERS
from tests.fuzz.spoiling import written

Change = Callable[[bytes, int], bytes]
"""Bytes and the most there may be into others that are a little different."""


class Form(NamedTuple):
    """`bytes_of` what is well, `read_from` any bytes; `change` where bytes alone lead nowhere."""

    bytes_of: Callable[[Any], bytes]
    read_from: Callable[[bytes], Any]
    change: Callable[[bytes, int, int, Change], bytes] | None = None


def _text_of(data: bytes) -> str:
    return data.decode(errors="replace")


def _same(data: bytes) -> bytes:
    return data


def _bindings() -> list[Binding]:
    return [binding for binding, _ in PARSERS["json"].good()]


def _body_bytes(given: tuple[Binding, Any]) -> bytes:
    """Two bytes that choose the method, then the body."""
    binding, body = written(given)
    return _bindings().index(binding).to_bytes(2, "big") + body


def _body_from(data: bytes) -> tuple[Binding, bytes]:
    methods = _bindings()
    return methods[int.from_bytes(data[:2], "big") % len(methods)], data[2:]


def _record_bytes(record: Stored) -> bytes:
    """The key and the headers, a line for each, an empty line, then the value."""
    head = "\n".join([record.key, *(f"{name}={each}" for name, each in record.headers.items())])
    return head.encode() + b"\n\n" + (record.value or b"")


def _record_from(data: bytes) -> Stored:
    (good,) = PARSERS["event"].good()
    head, parted, value = data.partition(b"\n\n")
    key, *lines = _text_of(head).split("\n")
    headers = {name: told for name, _, told in (line.partition("=") for line in lines)}
    return good._replace(key=key, headers=headers, value=value if parted else None)


def _changed_archive(data: bytes, most: int, seed: int, change: Change) -> bytes:
    """One part is changed and packed again: the checksums of the archive refuse anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - bytes of a former round that are no archive any more
        return change(data, most)
    if not parts or seed % _BYTES_EVERY == 0:
        return change(data, most)
    chosen = sorted(parts)[seed % len(parts)]
    parts[chosen] = change(parts[chosen], most)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, part in parts.items():
            into.writestr(name, part)
    return made.getvalue()[:most]


_BYTES_EVERY: Final = 10
_TEXT: Final = Form(str.encode, _text_of)
FORMS: Final[Mapping[str, Form]] = {
    "csv": Form(PARSERS["csv"].whole, _same),
    "xlsx": Form(_same, _same, _changed_archive),
    "json": Form(_body_bytes, _body_from),
    "event": Form(_record_bytes, _record_from),
    **dict.fromkeys(("filter", "page token", "query", "name", "words", "value"), _TEXT),
}
"""One for each of `tests.fuzz.parsers.PARSERS`."""
