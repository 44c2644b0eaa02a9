"""Whether a process may be sent calls."""

from collections.abc import Callable, Sequence
from typing import Protocol

from services.chassis.storage.db import Database


class Loop(Protocol):
    """Something that runs in the background for as long as the process serves."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        ...


class Readiness:
    """Ready when the schema is this program's, the database answers, all loops run and the service agrees."""

    def __init__(
        self,
        database: Database,
        schema_is_current: Callable[[], bool],
        loops: Sequence[Loop],
        service: Callable[[], bool],
    ) -> None:
        self._database = database
        self._schema_is_current = schema_is_current
        self._schema_seen = False
        self._loops = loops
        self._service = service

    def __call__(self) -> bool:
        """Raises what the database raises. The schema is asked until it is right, and then no more."""
        self._schema_seen = self._schema_seen or self._schema_is_current()
        self._database.ask()
        return self._schema_seen and all(loop.alive for loop in self._loops) and self._service()
