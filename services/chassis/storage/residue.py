"""What an erasure leaves in the files of SQLite, and how it goes.

The write-ahead file holds pages as they were: it is emptied. And `secure_delete` overwrites a row where it stands, but
not the copy in a page that the row was moved from when that one was full: the database is written anew (VACUUM). In
PostgreSQL both are the business of `scrubbing`.
"""

import logging
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.fail_points import reach
from services.chassis.files.embedded import ERASED
from services.chassis.files.whole_files import settle
from services.chassis.telemetry.logs import log, scrub

_READERS_MS: Final = 200
_WRITERS_MS: Final = 2_000
_EVERY_SECONDS: Final = 1.0
_REWRITE_EVERY_SECONDS: Final = 20.0
_SHARE: Final = 20
"""So many times as long as the last one took passes before the next rewriting: writers wait for it."""
_SHARE_AFTER_FAILURE: Final = 5
"""The same after one that others, or a disk without room, kept from being done."""


class Residue:
    """Of one database. Safe in threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mark: Path | None = None
        if engine.dialect.name == "sqlite":
            self._mark = Path(f"{engine.url.database}{ERASED}")
        # The process before may have ended between an erasure and this.
        self._to_be_emptied, self._look_at = True, 0.0
        self._rewrite_at = 0.0
        self._erasures = self._covered = 0
        self._counting = threading.Lock()

    def expect(self) -> None:
        """An erasure is about to be committed: whoever comes after a crash knows that the file holds it. Raises
        OSError.
        """
        if self._mark is not None:
            with self._counting:
                self._erasures += 1
                self._mark.touch(0o600)
                settle(self._mark.parent)

    def owe(self) -> None:
        """An erasure was committed: its copies are to go at the next `scrub`."""
        self._to_be_emptied, self._look_at = True, 0.0

    def scrub(self, *, rewrite: bool, at_once: bool = False) -> bool:
        """Take away what is owed; whether something still is.

        Somebody at work puts it off; looks at most once a second, and writes anew at most every 20 s, or for a
        twentieth of the time, unless it is wanted `at_once`.
        """
        if self._mark is None:
            return False
        now = time.monotonic()
        if now < self._look_at and not at_once:
            return self._is_owed()
        self._look_at = now + _EVERY_SECONDS
        if rewrite and self._is_marked() and (at_once or now >= self._rewrite_at):
            self._rewrite(self._mark)
        if self._to_be_emptied:
            self._to_be_emptied = False  # what is erased meanwhile is owed again
            self._to_be_emptied = not self._empty() or self._to_be_emptied
        return self._is_owed()

    def _is_owed(self) -> bool:
        return self._to_be_emptied or self._is_marked()

    def _is_marked(self) -> bool:
        return self._erasures > self._covered or (self._mark is not None and self._mark.exists())

    def _rewrite(self, mark: Path) -> None:
        began, seen, marked = time.monotonic(), self._erasures, _touched(mark)
        done = self._do("VACUUM", _WRITERS_MS) is not None
        ended = time.monotonic()
        least, share = (_REWRITE_EVERY_SECONDS, _SHARE) if done else (_EVERY_SECONDS, _SHARE_AFTER_FAILURE)
        self._rewrite_at = ended + max(least, share * (ended - began))
        if done:
            self._to_be_emptied = True
            reach("erasure.after_rewrite_before_unmark")
            with self._counting:
                self._covered = seen
                # A mark that was touched meanwhile is another process's: it may end before it rewrites by itself.
                if seen == self._erasures and _touched(mark) == marked:
                    mark.unlink(missing_ok=True)

    def _empty(self) -> bool:
        """Whether nobody at work needs the write-ahead file any more, and it was emptied into the database."""
        found = self._do("PRAGMA wal_checkpoint(TRUNCATE)", _READERS_MS)
        return found is not None and not found[0][0]

    def _do(self, statement: str, patience_ms: int) -> list[Any] | None:
        """The rows of a statement; None if anything kept it from being done: whoever erased has committed by now, and
        may not hear that it failed. Writers wait for as long as it waits.
        """
        try:
            with self._engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
                try:
                    driver.execute(f"PRAGMA busy_timeout={patience_ms}").fetchone()
                    driver.execute("PRAGMA query_only=OFF")
                    rows: list[Any] = driver.execute(statement).fetchall()
                finally:
                    driver.execute(f"PRAGMA busy_timeout={patience}").fetchone()
        except (sqlite3.Error, SQLAlchemyError) as error:
            log(
                logging.INFO,
                "what was erased is still in the file, and is tried again",
                why=scrub(str(error)),
            )
            return None
        return rows


def _touched(mark: Path) -> int | None:
    """When an erasure was last expected, in ns; None without a mark."""
    try:
        return mark.stat().st_mtime_ns
    except FileNotFoundError:
        return None
