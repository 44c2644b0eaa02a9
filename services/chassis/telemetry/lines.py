"""Lines of a log, each of which begins anew, also where the one before it was cut for want of room."""

import io
import logging
import os
from typing import IO, Final

_LOST: Final = "lines of this log could not be written and are lost"
_END: Final = b"\n"


class LineHandler(logging.StreamHandler[IO[str]]):
    """Writes each line by the system's own call, which says how much of it there was room for.

    Python's text files drop what a short write leaves over, and say nothing. What has no room is lost; the next line
    that has some begins a line of its own, behind one that says how many were lost. Whoever logs never hears of it.
    """

    def __init__(self, stream: IO[str]) -> None:
        super().__init__(stream)
        self._cut, self._lost = False, 0

    def emit(self, record: logging.LogRecord) -> None:
        """Render and write a record."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 (as every handler of `logging`: a bad line fails nobody)
            self.handleError(record)
        else:
            self.write(line)

    def write(self, line: str) -> None:
        """Write a line that is rendered; its end is added. One thread at a time."""
        try:
            if self._lost:
                self._put(self.format(_about(self._lost)))
                self._lost = 0
            self._put(line)
        except OSError:
            self._lost += 1

    def _put(self, line: str) -> None:
        """A whole line. Raises OSError, perhaps after a part of one."""
        left = (_END if self._cut else b"") + line.encode(errors="replace") + _END
        while left:
            written = self._some(left)
            if written:
                self._cut = not left[:written].endswith(_END)
            left = left[written:]

    def _some(self, data: bytes) -> int:
        """How many bytes were written: what there is room for where the stream is a file of the system, else all."""
        try:
            descriptor = self.stream.fileno()
        except io.UnsupportedOperation:
            self.stream.write(data.decode())
            return len(data)
        return os.write(descriptor, data)


def _about(lost: int) -> logging.LogRecord:
    """The record that says how many lines are lost."""
    return logging.makeLogRecord(
        {"levelno": logging.WARNING, "levelname": "WARNING", "msg": _LOST, "facts": {"lines": lost}}
    )
