"""What a process needs before it serves: it waits for what is away, in whatever order all is started, and ends with a
wrong setting named where what answers does not take it.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.chassis.configuration import ConfigurationError
from services.chassis.process.background import Over, Rounds
from services.chassis.storage.migration import SchemaVersions
from services.chassis.telemetry.logs import log
from services.kernel.errors import FailedPrecondition, Unavailable
from services.kernel.text import Text

AGAIN_SECONDS: Final = 0.5
_COMING: Final = (
    "starting up",
    "shutting down",
    "in recovery",
    "not yet accepting",
    "too many",
    "slots are reserved",
)
"""How a PostgreSQL that is there for everybody soon says that it is not yet."""

_NOT_TRUSTED: Final = (
    "does not support SSL",
    "certificate verify failed",
    "does not match host name",
    "root certificate file",
)
"""How a connection ends to a server that does not show what `PGSSLMODE` asks for; waiting does not mend it."""

_POSTGRESQL: Final = "SELECT current_setting('transaction_read_only')"
_SQLITE: Final = "SELECT count(*) FROM sqlite_master"


def wait_for_database(key: str, engine: Engine, pause: Callable[[float], None] = time.sleep) -> None:
    """Return once the database of the setting `key` answers.

    Raises ConfigurationError for one that refuses this process, cannot be opened or takes no changes.
    """
    _until_there(key, lambda: _ask(key, engine), pause)


def wait_for_log(key: str, ensure: Callable[[], None], pause: Callable[[float], None] = time.sleep) -> None:
    """Return once the log of the setting `key` has its topics, which `ensure` makes.

    Raises ConfigurationError for a log whose topics are of another form.
    """
    try:
        _until_there(key, ensure, pause)
    except FailedPrecondition as error:
        raise ConfigurationError(key, error.text.zh, error.text.en) from error


def _until_there(key: str, act: Callable[[], None], pause: Callable[[float], None]) -> None:
    waited = False
    while True:
        try:
            act()
        except Unavailable as error:
            if not waited:
                log(logging.WARNING, "waiting for what does not answer yet", key=key, error=error)
            waited = True
            pause(AGAIN_SECONDS)
        else:
            return


def _ask(key: str, engine: Engine) -> None:
    """Raises Unavailable while the database is away, ConfigurationError for what waiting does not mend."""
    question = _POSTGRESQL if engine.dialect.name == "postgresql" else _SQLITE
    try:
        with engine.connect() as connection:
            closed = connection.scalar(text(question)) == "on"
    except DBAPIError as error:
        refused = refuses if question == _POSTGRESQL else _cannot_open
        if not refused(str(error.orig)):
            said = str(error.orig).strip()
            raise Unavailable(
                Text(f"数据库未应答：{said}", f"the database does not answer: {said}")
            ) from error
        raise ConfigurationError(
            key,
            "所指的数据库拒绝连接或无法打开，请核对用户、口令、库名、证书与文件权限",
            "points to a database that refuses this process or cannot be opened; check user, password, name, "
            "certificate and rights",
        ) from error
    if closed:
        raise ConfigurationError(
            key,
            "所指的数据库只读（可能是副本），请改为主库的地址",
            "points to a database that takes no changes, a replica perhaps; name the primary",
        )


def refuses(said: str) -> bool:
    """Whether PostgreSQL, which is there, says no to this process for good."""
    if any(word in said for word in _NOT_TRUSTED):
        return True
    return "FATAL:" in said and not any(word in said for word in _COMING)


def _cannot_open(said: str) -> bool:
    return "locked" not in said


def beginning_when_current(versions: Callable[[], SchemaVersions], start: Callable[[], None]) -> Rounds:
    """Starting what works in the background, once the schema is this program's: a release may migrate meanwhile."""
    told: SchemaVersions | None = None

    def work(_stop: threading.Event) -> None:
        nonlocal told
        seen = versions()
        if seen.current:
            start()
            raise Over
        if seen != told:
            found, expected = seen.found or "none", seen.expected
            log(logging.WARNING, "not ready before `migrate` has run", schema=found, expected=expected)
            told = seen

    again = AGAIN_SECONDS, AGAIN_SECONDS
    return Rounds(work, "what works in the background could not be started", AGAIN_SECONDS, again=again)
