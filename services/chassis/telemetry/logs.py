"""Logs: one JSON object a line, without personal values."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from queue import SimpleQueue
from typing import IO

from services.chassis.telemetry.lines import LineHandler

LOGGER = logging.getLogger("bole")
_FACTS = "facts"
_VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|\S+@\S+|[0-9]{5,}|[^\x00-\x7f]+")
_LONGEST_MESSAGE = 300


def scrub(text: str) -> str:
    """`text` without what could be somebody's data: quoted values, addresses, long numbers, Chinese text."""
    return _VALUES.sub("*", text)[:_LONGEST_MESSAGE]


class JsonFormatter(logging.Formatter):
    """Renders a record as one JSON object: time, level, message, service, correlation ids, facts, error."""

    def __init__(self, service: str, correlation: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._service = service
        self._correlation = correlation

    def format(self, record: logging.LogRecord) -> str:
        """One line; messages of exceptions are scrubbed, their frames are kept."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "message": record.getMessage(),
            **self._correlation(),
            **getattr(record, _FACTS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def log(level: int, message: str, *, error: BaseException | None = None, **facts: object) -> None:
    """Write one line. `message` is a constant; what varies goes into `facts` and holds no personal value."""
    LOGGER.log(level, message, exc_info=error, extra={_FACTS: facts})


def configure_logs(
    service: str, level: str, correlation: Callable[[], dict[str, str]], stream: IO[str] | None = None
) -> None:
    """Send every log of the process through one JSON handler on `stream` (standard error by default)."""
    handler = LineHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(service, correlation))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("alembic", "kafka"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


class _Handing(QueueHandler):
    """Renders a record in the thread that logs, without a lock: the queue needs none."""

    def handle(self, record: logging.LogRecord) -> bool:
        """Hand it over: whoever waits for the interpreter in the midst of a line would keep all others out."""
        self.emit(record)
        return True


class _Writing(logging.Handler):
    """Writes what was rendered by who logged."""

    def __init__(self, lines: LineHandler) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """The message is the line."""
        self._lines.write(record.getMessage())


@contextmanager
def written_beside() -> Iterator[None]:
    """In the block a thread of its own writes the lines, all of them by its end: each write gives the interpreter away,
    and a call of several lines would wait for it as often.
    """
    root = logging.getLogger()
    before = root.handlers[:]
    direct = next(each for each in before if isinstance(each, LineHandler))
    lines: SimpleQueue[logging.LogRecord] = SimpleQueue()
    listener = QueueListener(lines, _Writing(direct))
    handing = _Handing(lines)
    handing.setFormatter(direct.formatter)
    listener.start()
    root.handlers[:] = [handing]
    try:
        yield
    finally:
        root.handlers[:] = before
        listener.stop()


def _error(error: BaseException) -> dict[str, object]:
    """Type, scrubbed message and frames of an exception and of what caused it."""
    told: dict[str, object] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "message": scrub(str(error)),
        "frames": [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)],
    }
    cause = error.__cause__ or error.__context__
    if cause is not None:
        told["cause"] = _error(cause)
    return told
