"""Standard output, of which no byte is lost in silence."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO


@contextmanager
def printed() -> Iterator[None]:
    """In the block standard output is buffered, and at its end all of it is written, or OSError raised.

    Where Python buffers nothing (PYTHONUNBUFFERED, as in a container), what a full disk takes half of counts as
    written; and what it writes when it ends by itself fails behind everybody's back.

    What the terminal's encoding has no place for (GBK has none for ✓ and for rare characters of names, others none for
    Chinese) is written by its number, as Python does for errors, and ends no command.
    """
    sys.stdout = _buffered(sys.stdout)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            silence()
            raise


def silence() -> None:
    """Let nothing more be written to standard output: not by the interpreter either, when it ends."""
    with suppress(io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(OSError):
        sys.stdout.flush()


def _buffered(out: TextIO) -> TextIO:
    raw = getattr(out, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        return out
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=out.encoding,
        errors=out.errors,
        line_buffering=out.isatty(),
    )
