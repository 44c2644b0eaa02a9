"""Tokens are renewed on the way in, so that nobody's work is cut off by the short life of a token."""

import asyncio
from collections import OrderedDict
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.identity.admission import Admission, Session
from services.console.identity.kept import Kept
from services.console.identity.problems import NotSignedIn
from services.console.web.sessions import MARK, RENEWAL_COOKIE, SESSION_COOKIE, remember
from services.kernel.clock import Clock

_SAME: Final = timedelta(seconds=30)
_MOST: Final = 10_000
_NO_PAGES: Final = ("/static/", "/v1/", "/healthz", "/openapi.json")
_BEFORE_ALL: Final = ("/sign-in", "/sign-out")


class Renewals:
    """Each token is renewed once, however many requests of its browser come at once. Thread-safe."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._made: OrderedDict[str, tuple[datetime, Future[Session | None]]] = OrderedDict()
        self._lock = Lock()

    def renew(self, kept: Kept, now: datetime) -> Session | None:
        """The session with a fresh token; None where the identity service gives none (asked again after 30 s)."""
        mine: Future[Session | None] = Future()
        with self._lock:
            self._make_room(now)
            _, future = self._made.setdefault(kept.of, (now, mine))
        if future is mine:
            try:
                mine.set_result(self._ask(kept, now))
            except BaseException as error:  # whoever waits for this renewal hears of it, too
                mine.set_exception(error)
                raise
        return future.result()

    def _ask(self, kept: Kept, now: datetime) -> Session | None:
        try:
            return self._admission.go_on(kept, now)
        except NotSignedIn:
            return None

    def _make_room(self, now: datetime) -> None:
        while self._made:
            oldest, (begun, _) = next(iter(self._made.items()))
            if timedelta() <= now - begun < _SAME and len(self._made) < _MOST:
                return
            del self._made[oldest]


class Renewing:
    """ASGI middleware: whoever comes with a token in its last minute goes on with a fresh one."""

    def __init__(self, app: ASGIApp, *, admission: Admission, clock: Clock, secure: bool) -> None:
        self._app = app
        self._admission = admission
        self._renewals = Renewals(admission)
        self._clock = clock
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the session's mark, and with the token that its browser shall have now."""
        if scope["type"] != "http" or scope["path"].startswith(_NO_PAGES):
            await self._app(scope, receive, send)
            return
        fresh = await self._prepare(scope)
        await self._app(scope, receive, send if fresh is None else self._keeping(fresh, send))

    async def _prepare(self, scope: Scope) -> Session | None:
        """A fresh session if it is time; the scope then says so."""
        cookies, now = Request(scope).cookies, self._clock.now()
        token = cookies.get(SESSION_COOKIE, "")
        kept = self._admission.kept(token, cookies.get(RENEWAL_COOKIE), now)
        if kept is None:
            return None
        scope[MARK] = kept.mark
        if not kept.is_due(now) or scope["path"].startswith(_BEFORE_ALL):
            return None
        fresh = await asyncio.to_thread(self._renewals.renew, kept, now)
        if fresh is not None:
            scope["headers"] = [
                (name, value.replace(token.encode(), fresh.token.encode()) if name == b"cookie" else value)
                for name, value in scope["headers"]
            ]
        return fresh

    def _keeping(self, fresh: Session, send: Send) -> Send:
        """The cookies come first: what the page itself says of them counts more."""
        kept = Response()
        remember(kept, fresh.token, fresh.sealed, secure=self._secure)
        cookies = [pair for pair in kept.raw_headers if pair[0] == b"set-cookie"]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*cookies, *message.get("headers", ())]}
            await send(message)

        return sending
