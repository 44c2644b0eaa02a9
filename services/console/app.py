"""The console's composition root: settings in, application out."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from services.catalogue import Catalogue
from services.chassis.identity.issuers import issuer_of
from services.chassis.identity.tokens import Issuer, StaffTokens
from services.chassis.keys import installation_of
from services.chassis.regional import catalogue_of
from services.chassis.settings import Settings
from services.chassis.telemetry.logs import log
from services.chassis.tls import channel_credentials
from services.console.backend import SERVICES, Backend
from services.console.gateway.backend import Backend as Relayed
from services.console.gateway.gateway import Gateway
from services.console.identity.admission import Admission
from services.console.identity.renewing import Renewing
from services.console.identity.sealed import Seal
from services.console.identity.service import Client, IdentityService
from services.console.pages import beside, pages
from services.console.pages.sign_in import SignIn
from services.console.pages.sign_in_identity import IdentitySignIn
from services.console.web import assets, refusals
from services.console.web.answering import Desk
from services.console.web.headers import SafeHeaders
from services.console.web.live import Live
from services.console.web.packing import packing
from services.kernel.clock import Clock, SystemClock
from services.kernel.text import Text
from services.kernel.threads import standing
from services.paper.geography import load_map

_SAID = {
    404: Text("没有这个页面。", "There is no such page."),
    405: Text("这个地址不接受这种请求。", "This address does not take such requests."),
}
_PAGES: Final = 40
"""Pages that are made at a time."""


def build(settings: Settings, clock: Clock | None = None) -> Starlette:
    """The application. Raises ConfigurationError for a wrong setting, OSError without a key to check tokens with."""
    now = clock or SystemClock()
    backend = Backend(settings)
    secure = settings.console_url.startswith("https:")
    issuer = issuer_of(settings)
    tokens = StaffTokens(issuer)
    catalogue = catalogue_of(settings)
    desk = Desk(backend, catalogue, tokens, now, secure=secure)
    gateway = _gateway(settings, catalogue, now)
    identity, renewing = _identity(settings, issuer, tokens, desk, now)
    routes: list[BaseRoute] = [
        Mount("/v1", gateway),
        Route("/openapi.json", gateway),
        Route("/live/matches", Live(gateway, "/v1/matches:watch")),
        Route("/healthz", _alive_of(settings)),
        assets.route(),
        *SignIn(settings, desk, tokens, now, identity).routes(),
        *pages(desk, load_map(settings, catalogue), now, settings.console_url),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # as in the services, every thread there will be stands from the beginning
        asyncio.get_running_loop().set_default_executor(standing(_PAGES, "pages"))
        beside.stand()
        gateway.open()
        with backend:
            yield
            await gateway.close()

    async def refused(request: Request, error: Exception) -> Response:
        visit = desk.visit(request)
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 500:  # uvicorn writes the trace and knows no number
            log(logging.ERROR, "a page failed", request_id=visit.request_id, kind=type(error).__name__)
        return refusals.page(visit, status, said=_SAID.get(status))

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(SafeHeaders, secure=secure), packing(), *renewing],
        exception_handlers={HTTPException: refused, 500: refused},
    )


def _gateway(settings: Settings, catalogue: Catalogue, clock: Clock) -> Gateway:
    addresses = {name: str(getattr(settings, f"{name}_address")) for name in SERVICES}
    backend = Relayed(addresses, channel_credentials(settings.tls_dir, clock.now()))
    return Gateway(backend, catalogue=catalogue)


def _identity(
    settings: Settings, issuer: Issuer, tokens: StaffTokens, desk: Desk, clock: Clock
) -> tuple[IdentitySignIn | None, list[Middleware]]:
    """Signing in by the identity service, and what renews its tokens; nothing where the console is no client."""
    if settings.identity_client is None or settings.identity_client_secret is None:
        return None, []
    client = Client(
        issuer.name,
        settings.identity_client,
        settings.identity_client_secret,
        settings.identity_scope,
        settings.console_url + IdentitySignIn.BACK,
    )
    service, of_console = IdentityService(client), replace(issuer, audience=client.id)
    admission = Admission(service, tokens, of_console, Seal(client.secret, "session"), secrets.token_urlsafe)
    signing_in = IdentitySignIn(service, admission, desk, clock, settings.console_url, secrets.token_urlsafe)
    return signing_in, [Middleware(Renewing, admission=admission, clock=clock, secure=desk.secure)]


def _alive_of(settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    """Says that it is there; to who asks for an `installation` by name, whether it is of that one."""
    own = installation_of(settings.keys_dir) if settings.environment == "local" else ""

    async def alive(request: Request) -> Response:
        asked = request.query_params.get("installation", own)
        return PlainTextResponse("ok") if asked == own else PlainTextResponse("another", 404)

    return alive
