"""Who is recused from which firms, as all streams of a process know it: looked up by one of them for all."""

import asyncio
import math
import time
from collections.abc import Mapping
from typing import Final

from services.chassis.storage.db import Database
from services.chassis.storage.news import News
from services.matcher.store import recusals

LOOK_SECONDS: Final = 1.0
_NOTHING: Final[frozenset[str]] = frozenset()


class Recused:
    """Looked up anew where something was committed, once in `LOOK_SECONDS` at the most. Belongs to the event loop."""

    def __init__(self, database: Database) -> None:
        self._database, self._news = database, News(database)
        self._firms: Mapping[str, frozenset[str]] = {}
        self._due = -math.inf

    def known(self, subject: str) -> frozenset[str]:
        """Ids of the firms that are closed to somebody, as of the last look."""
        return self._firms.get(subject, _NOTHING)

    async def now(self, subject: str) -> frozenset[str]:
        """As `known`, after a look if it is time for one and nobody else is at it."""
        if time.monotonic() >= self._due:
            self._due = math.inf
            try:
                await asyncio.to_thread(self._look)
            finally:
                self._due = time.monotonic() + LOOK_SECONDS
        return self.known(subject)

    def _look(self) -> None:
        with self._news.since() as came:
            if came:
                with self._database.read() as session:
                    self._firms = recusals.closed(session)
