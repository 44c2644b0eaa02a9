import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn
from starlette.routing import Route
from starlette.types import ASGIApp

from services.chassis.settings import load_settings
from services.console.app import build
from services.kernel.clock import ManualClock
from tests.servers.ports import free_port
from tests.unit.console.identity.browser import PATIENCE, Browser
from tests.unit.console.identity.issuer import CLIENT, SECRET, IdentityService

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """A console, the identity service it signs people in by, and the clock of both. `pages`: what can be asked of the
    console.
    """

    url: str
    issuer: IdentityService
    clock: ManualClock
    pages: tuple[str, ...]

    def browser(self) -> Browser:
        return Browser(self.url)


@pytest.fixture
def house(served: House) -> House:
    """The console an hour later, when it remembers nothing, with an identity service that is itself again."""
    served.clock.advance(timedelta(hours=1))
    served.issuer.begin_anew()
    return served


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("identity")
    clock, secret = ManualClock(NOW), directory / "client-secret"
    secret.write_text(SECRET + "\n")
    issuer = IdentityService(clock, f"http://127.0.0.1:{free_port()}")
    url = f"http://127.0.0.1:{free_port()}"
    settings = load_settings(
        {
            "BOLE_DATA_DIR": str(directory),
            "BOLE_CONSOLE_URL": url,
            "BOLE_IDENTITY_ISSUER": issuer.url,
            "BOLE_IDENTITY_KEYS": f"{issuer.url}/keys",
            "BOLE_IDENTITY_CLIENT": CLIENT,
            "BOLE_IDENTITY_CLIENT_SECRET_FILE": str(secret),
        }
    )
    app = build(settings, clock)
    routes = (each for each in app.routes if isinstance(each, Route) and "GET" in (each.methods or ()))
    pages = tuple(sorted({re.sub(r"\{[^}]*\}", "1", each.path) for each in routes}))
    with _served(issuer.app(), issuer.url), _served(app, url):
        yield House(url, issuer, clock, pages)


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
