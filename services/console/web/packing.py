"""Answers are sent packed to whoever takes it: pages, sheets, scripts and JSON; never streams of events."""

from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

_PACKED_ALREADY: Final = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_LEVEL: Final = 5
"""Level 9 makes a page of the map three percent smaller and takes several times as long."""
_LEAST: Final = 1_000


def packing() -> Middleware:
    """The middleware."""
    excluded = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *_PACKED_ALREADY)
    return Middleware(
        GZipMiddleware, minimum_size=_LEAST, compresslevel=_LEVEL, exclude_content_types=excluded
    )
