"""From a handler to an endpoint: forms are read and checked, calls wait in a thread, failures become pages."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias
from uuid import uuid4

import grpc
from starlette.requests import Request
from starlette.responses import Response

from services.catalogue import Catalogue
from services.chassis.identity.identity import Principal
from services.chassis.identity.tokens import StaffTokens
from services.console.backend import Backend
from services.console.sections import require_open
from services.console.web import preferences, refusals
from services.console.web.forms import read_form, read_upload
from services.console.web.sessions import MARK, SESSION_COOKIE
from services.console.web.visits import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Upload, Visit
from services.kernel.clock import Clock
from services.kernel.errors import BoleError, Unauthenticated

Handler: TypeAlias = Callable[[Visit], Response]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
NUMBER = "bole.request_id"
"""Where a request has its number: what is refused after the handler has that of the handler's calls."""
_YEAR = 365 * 24 * 3600


class Desk:
    """Makes endpoints of handlers. `secure`: cookies travel by https only."""

    def __init__(
        self, backend: Backend, catalogue: Catalogue, tokens: StaffTokens, clock: Clock, *, secure: bool
    ) -> None:
        self._backend = backend
        self._catalogue = catalogue
        self._tokens = tokens
        self._clock = clock
        self.secure = secure

    def endpoint(self, handler: Handler, *, uploads: bool = False, strangers: bool = False) -> Endpoint:
        """The endpoint that answers by `handler`. `uploads`: what is sent to it may carry a file. `strangers`: who is
        not signed in is answered too, and not sent to sign in.
        """

        async def answer(request: Request) -> Response:
            visit = self.visit(request)
            try:
                if request.method == "POST" and uploads:
                    visit = self.visit(request, *await read_upload(request, visit.session))
                elif request.method == "POST":
                    visit = self.visit(request, await read_form(request, visit.session))
                if not strangers:
                    visit.require_token()
                require_open(visit.principal, visit.path, visit.now)
                response = await asyncio.to_thread(handler, visit)
            except (grpc.RpcError, BoleError) as error:
                response = refusals.refuse(visit, refusals.failure_of(error))
            self._remember(request, response)
            return response

        return answer

    def visit(
        self, request: Request, form: dict[str, str] | None = None, upload: Upload | None = None
    ) -> Visit:
        """Who comes. A token that is not valid any more is no token."""
        token, now = _token(request), self._clock.now()
        principal = self._principal(token, now)
        return Visit(
            request,
            preferences.language_of(request),
            preferences.theme_of(request),
            self._backend,
            self._catalogue,
            token if principal else None,
            principal,
            form or {},
            upload,
            request.scope.get(MARK),
            now=now,
            request_id=request.scope.setdefault(NUMBER, uuid4().hex),
        )

    def _principal(self, token: str | None, now: datetime) -> Principal | None:
        try:
            return None if token is None else self._tokens.authenticate(token, now)
        except Unauthenticated:
            return None

    def _remember(self, request: Request, response: Response) -> None:
        """Keep the language and the look that the address asked for."""
        wanted = ((LANGUAGE_COOKIE, "lang", ("zh", "en")), (THEME_COOKIE, "theme", THEMES))
        for cookie, name, allowed in wanted:
            given = request.query_params.get(name)
            if given in allowed:
                response.set_cookie(
                    cookie, given, max_age=_YEAR, secure=self.secure, httponly=True, samesite="lax"
                )


def _token(request: Request) -> str | None:
    """The session's token, or the one of a proxy that signs visitors in."""
    header = request.headers.get("authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ")
    return request.cookies.get(SESSION_COOKIE)
