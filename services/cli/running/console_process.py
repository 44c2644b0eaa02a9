"""The console beside the services: started when it does not run, found by its health page, reached by a link."""

import time
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException

from services.chassis.identity import sign_in
from services.chassis.keys import installation_of
from services.chassis.settings import Settings
from services.cli.running import processes
from services.kernel.errors import Unavailable
from services.kernel.text import Text

NAME = "console"
_ANSWER_SECONDS = 5.0
_OK, _OF_ANOTHER = 200, 404


def is_ready(settings: Settings) -> bool:
    """Whether a console answers at this installation's address."""
    return _answer(settings, "/healthz") == _OK


def is_foreign(settings: Settings) -> bool:
    """Whether the console at this installation's address is of another local one: no link of ours opens it."""
    if settings.environment != "local":
        return False
    own = installation_of(settings.keys_dir) or "none"
    return _answer(settings, f"/healthz?installation={own}") == _OF_ANOTHER and is_ready(settings)


def of_another(settings: Settings) -> Text:
    """What to do about it."""
    return Text(
        f"{settings.console_address} 上是另一套安装的控制台：请在那里运行 bole down，"
        "或设置 BOLE_CONSOLE_ADDRESS 与 BOLE_CONSOLE_URL",
        f"the console at {settings.console_address} is of another installation: run `bole down` there, "
        "or set BOLE_CONSOLE_ADDRESS and BOLE_CONSOLE_URL",
    )


def _answer(settings: Settings, path: str) -> int | None:
    """The status of what it answers; None where nothing does."""
    try:
        with closing(HTTPConnection(settings.console_address, timeout=_ANSWER_SECONDS)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status
    except (HTTPException, OSError):
        return None


def start(settings: Settings, spawn: processes.Spawn = processes.spawn) -> processes.Process:
    """Start it, with a log file in `{data_dir}/logs`."""
    log = processes.log_of(settings, NAME)
    return spawn(f"services.{NAME}", ["serve"], processes.environment(settings), log)


def wait_ready(
    settings: Settings, process: processes.Process, seconds: float = processes.READY_SECONDS
) -> None:
    """Wait until it answers. Raises Unavailable with the place of its log if it ended or is not ready in time."""
    deadline = time.monotonic() + seconds
    while not is_ready(settings):
        if process.poll() is not None or time.monotonic() > deadline:
            log = processes.log_of(settings, NAME)
            raise Unavailable(
                Text(f"控制台未能就绪，见 {log}", f"the console did not become ready; see {log}"),
                reason="SERVICE_NOT_READY",
            )
        time.sleep(0.05)  # a health check has nothing to wait on before the port is open


def sign_in_link(settings: Settings, token: str) -> str:
    """An address that signs in whoever opens it first, for ten minutes."""
    return f"{settings.console_url}/sign-in?code={sign_in.leave(settings.data_dir, token, datetime.now(UTC))}"
