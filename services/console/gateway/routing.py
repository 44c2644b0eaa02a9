"""Finds the binding of a request by its verb and raw path; a literal segment goes before one that varies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from services.console.gateway.bindings import Binding
from services.console.gateway.refusals import not_allowed
from services.console.gateway.templates import ANY
from services.kernel.errors import InvalidArgument, NotFound
from services.kernel.text import Text

LONGEST_PATH: Final = 2_000
MOST_SEGMENTS: Final = 12
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


@dataclass(slots=True)
class _Node:
    """What may follow a prefix of a path, and what ends there, by custom verb and HTTP verb."""

    after: dict[str, "_Node"] = field(default_factory=dict)
    ends: dict[str, dict[str, Binding]] = field(default_factory=dict)


class Router:
    """All bindings. Raises ValueError at making for two that cannot be told apart."""

    def __init__(self, bindings: Iterable[Binding]) -> None:
        self._root = _Node()
        for each in bindings:
            self._add(each)

    def find(self, verb: str, raw_path: bytes) -> tuple[Binding, dict[str, str]]:
        """The binding and the values of its variables.

        Raises InvalidArgument (PATH_INVALID), NotFound (NO_SUCH_PATH), HttpRefused 405 with the verbs on offer.
        """
        segments, custom = split(raw_path)
        offered: set[str] = set()
        for found in self._ends(self._root, segments, 0, custom):
            if verb in found:
                binding = found[verb]
                return binding, binding.template.values(segments)
            offered |= found.keys()
        if offered:
            raise not_allowed(verb, ", ".join(sorted(offered)))
        raise _unknown()

    def _add(self, binding: Binding) -> None:
        node = self._root
        for segment in binding.template.segments:
            node = node.after.setdefault(segment, _Node())
        verbs = node.ends.setdefault(binding.template.verb, {})
        if binding.verb in verbs:
            other = verbs[binding.verb].method.full_name
            raise ValueError(
                f"{binding.verb} {binding.template.shape}: {other} and {binding.method.full_name}"
            )
        verbs[binding.verb] = binding

    def _ends(
        self, node: _Node, segments: tuple[str, ...], at: int, custom: str
    ) -> Iterable[dict[str, Binding]]:
        if at == len(segments):
            if custom in node.ends:
                yield node.ends[custom]
            return
        for key in (segments[at], ANY):
            if key in node.after:
                yield from self._ends(node.after[key], segments, at + 1, custom)


def split(raw_path: bytes) -> tuple[tuple[str, ...], str]:
    """Decoded segments and the custom verb. Each segment is decoded by itself: an escaped slash ends nothing.

    Raises InvalidArgument (PATH_INVALID) for what no resource is named by: empty or dotted segments, control
    characters, slashes in a segment, broken escapes, other encodings than UTF-8.
    """
    path, _, custom = (
        raw_path.rpartition(b":") if b":" in raw_path.rpartition(b"/")[2] else (raw_path, b"", b"")
    )
    parts = path.split(b"/")[1:]
    if len(raw_path) > LONGEST_PATH or len(parts) > MOST_SEGMENTS or _BROKEN_ESCAPE.search(raw_path):
        raise _invalid()
    try:
        segments = tuple(unquote_to_bytes(part).decode() for part in parts)
        verb = custom.decode("ascii")
    except UnicodeDecodeError:
        raise _invalid() from None
    if any(each in ("", ".", "..") or _CONTROL.search(each) for each in segments):
        raise _invalid()
    return segments, verb


def _invalid() -> InvalidArgument:
    return InvalidArgument.field(
        "path",
        "PATH_INVALID",
        "路径不合法：每一段须为非空的 UTF-8 文本，不含斜线、控制字符或 ..",
        "the path is not valid: segments are UTF-8, not empty, without slashes, control characters or ..",
    )


def _unknown() -> NotFound:
    return NotFound(
        Text(
            "没有这个地址，全部地址见 /v1/openapi.json",
            "there is no such path; /v1/openapi.json lists them all",
        ),
        reason="NO_SUCH_PATH",
    )
