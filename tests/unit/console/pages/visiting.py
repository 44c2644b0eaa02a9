"""A visit of a test: an address, cookies and a form, and nobody behind it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from bole.talent.v1 import shortage_service_pb2
from services.catalogue.loading import load
from services.chassis.identity.identity import Principal
from services.console.backend import Backend
from services.console.web.visits import Visit
from services.kernel.text import Language

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


class Nobody(Backend):
    """Services that are not there, but for a map without sample data."""

    def __init__(self) -> None:
        pass

    def GetShortageGrid(self, *_: Any, **__: Any) -> shortage_service_pb2.GetShortageGridResponse:
        """The map."""
        return shortage_service_pb2.GetShortageGridResponse()


def visit(
    asked: dict[str, str] | None = None,
    cookies: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    *,
    now: datetime = NOW,
    language: Language = "zh",
    subject: str = "tester",
) -> Visit:
    """The visit."""
    headers = [(b"cookie", "; ".join(f"{name}={value}" for name, value in (cookies or {}).items()).encode())]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/deals",
        "query_string": urlencode(asked or {}).encode(),
        "headers": headers,
    }
    return Visit(
        Request(scope),
        language,
        "",
        Nobody(),
        load(),
        "token",
        Principal(subject, "staff", ()),
        form or {},
        now=now,
    )
