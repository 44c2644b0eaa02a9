"""Looking at a database again and again, for next to nothing while nobody commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.storage.db import Database


class News:
    """What one loop asks before it looks; for one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: int | None = None

    @contextmanager
    def since(self) -> Iterator[bool]:
        """Whether somebody may have committed since the last block of this kind that ended without an error."""
        version = self._database.version()
        yield version is None or version != self._seen
        self._seen = version
