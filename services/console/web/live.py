"""The gateway's streams for pages: a browser's stream sends no header of ours, so its cookie stands for it here."""

from http.cookies import CookieError, SimpleCookie

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.console.web.sessions import SESSION_COOKIE

_DROPPED = (b"cookie", b"authorization")


class Live:
    """ASGI: one address of the gateway, read-only, for pages of ours alone."""

    def __init__(self, gateway: ASGIApp, path: str) -> None:
        self._gateway = gateway
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a GET on in the name of the session; other sites' pages are refused."""
        headers = dict(scope["headers"])
        if scope["method"] != "GET" or headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin":
            await PlainTextResponse("Forbidden", 403)(scope, receive, send)
            return
        token = headers.get(b"authorization") or _bearer(headers.get(b"cookie", b""))
        kept = [pair for pair in scope["headers"] if pair[0] not in _DROPPED]
        passed = {
            **scope,
            "path": self._path,
            "raw_path": self._path.encode(),
            "headers": [*kept, *([(b"authorization", token)] if token else [])],
        }
        await self._gateway(passed, receive, send)


def _bearer(cookies: bytes) -> bytes:
    try:
        found = SimpleCookie(cookies.decode("latin-1")).get(SESSION_COOKIE)
    except CookieError:
        return b""
    return b"Bearer " + found.value.encode("latin-1") if found else b""
