"""What a feed hands to its handler, and what the handler may answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Received(NamedTuple):
    """One event read from the log. `value` None is a tombstone: the entity was erased."""

    topic: str
    offset: int
    key: str
    value: bytes | None
    type: str
    version: int
    time: datetime
    headers: Mapping[str, str]


class Poison(Exception):
    """The record can never be handled, however often it is tried. `reason` goes to the dead letters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooMuch(Exception):
    """What came together is too much for one transaction; raised by `finish` of several events, never of one.
    `at_once`: how many of them may come together.
    """

    def __init__(self, at_once: int) -> None:
        super().__init__(f"at most {at_once} events at once")
        self.at_once = at_once


class Handler(Protocol):
    """Turns events into effects. Events may come again: apply one only if its version is newer than yours."""

    def handle(self, session: "Session", event: Received) -> None:
        """Apply one event within the transaction of `session`. Raises Poison for one that can never work."""
        ...

    def finish(self, session: "Session", level: bool) -> None:
        """Close a batch, in the same transaction; `level`: no more records are waiting. Raises TooMuch where it would
        take too long: nothing of it is kept, and the same events come again, fewer at once.
        """
        ...


@runtime_checkable
class Foreseeing(Protocol):
    """A handler that is told of a whole batch before its first event."""

    def foresee(self, session: "Session", events: Sequence[Received]) -> None:
        """Read together, in the same transaction, what the events will need one by one."""
        ...
