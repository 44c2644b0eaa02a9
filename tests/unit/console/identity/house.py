"""A console that signs people in by an identity service of the tests, and has no services behind it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from services.chassis.settings import load_settings
from services.console.app import build
from services.console.backend import SERVICES
from services.kernel.clock import ManualClock
from tests.servers.ports import free_port
from tests.unit.console.identity.browser import PATIENCE, Browser
from tests.unit.console.identity.issuer import CLIENT, SECRET, IdentityService

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """A console, the identity service it signs people in by, and the clock of both. `pages`: what can be asked of the
    console; `forms`: what can be sent to it.
    """

    url: str
    issuer: IdentityService
    clock: ManualClock
    pages: tuple[str, ...]
    forms: tuple[str, ...]

    def browser(self) -> Browser:
        return Browser(self.url)


@contextmanager
def opened(directory: Path, scheme: str = "http") -> Iterator[House]:
    """Both, served until the end of the block; `scheme`: how people reach the console."""
    clock, secret = ManualClock(NOW), directory / "client-secret"
    secret.write_text(SECRET + "\n")
    issuer = IdentityService(clock, f"http://127.0.0.1:{free_port()}")
    url = f"http://127.0.0.1:{free_port()}"
    settings = load_settings(
        {
            "BOLE_DATA_DIR": str(directory),
            "BOLE_CONSOLE_URL": url.replace("http", scheme, 1),
            "BOLE_IDENTITY_ISSUER": issuer.url,
            "BOLE_IDENTITY_KEYS": f"{issuer.url}/keys",
            "BOLE_IDENTITY_CLIENT": CLIENT,
            "BOLE_IDENTITY_CLIENT_SECRET_FILE": str(secret),
            **{f"BOLE_{name.upper()}_ADDRESS": f"127.0.0.1:{free_port()}" for name in SERVICES},
        }
    )
    app = build(settings, clock)
    with _served(issuer.app(), issuer.url), _served(app, url):
        yield House(url, issuer, clock, _addresses(app, "GET"), _addresses(app, "POST"))


def _addresses(app: Starlette, verb: str) -> tuple[str, ...]:
    """Of every route that takes this verb one address."""
    routes = (each for each in app.routes if isinstance(each, Route) and verb in (each.methods or ()))
    return tuple(sorted({re.sub(r"\{[^}]*\}", "1", each.path) for each in routes}))


@contextmanager
def _served(app: ASGIApp, url: str) -> Iterator[None]:
    """The application on its port until the end of the block."""
    port, up = int(url.rpartition(":")[2]), threading.Event()

    class Told(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup()
            up.set()

    server = Told(
        uvicorn.Config(
            app, host="127.0.0.1", port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        assert up.wait(PATIENCE)
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
