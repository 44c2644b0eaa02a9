"""What streams are sent: those of one caller under the same restrictions share their messages while they are level."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call
from services.chassis.rpc.wire import instant_to_wire
from services.matcher.service.telling import event_to_wire, moment

METHOD = "WatchMatches"
_KEPT = 4_096
Key = tuple[object, ...]


@dataclass(slots=True)
class Position:
    """How far a subscription has come: events looked at, and the last one that was its own. `at`: when the event that
    was looked at last came, in milliseconds, by which a number that was given out twice is known; 0 if not known.
    """

    scanned: int
    sent: int
    at: int = 0

    def follow(self, row: Any) -> None:
        """It was looked at."""
        self.scanned, self.at = row.sequence, moment(row)


def binding(request: wire.WatchMatchesRequest) -> dict[str, str]:
    """What a token is bound to: the restrictions of the subscription."""
    return {
        "kinds": ",".join(sorted(request.kinds)),
        "anchor": request.anchor,
        "directions": ",".join(sorted(request.direction_codes)),
        "cities": ",".join(sorted(request.city_codes)),
    }


class Shared:
    """The newest messages, by whom they are for and which events they tell of."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._lock = Lock()
        self._kept = kept
        self._messages: OrderedDict[Key, wire.WatchMatchesResponse] = OrderedDict()

    def find(self, key: Key) -> wire.WatchMatchesResponse | None:
        """The message, if it is still there. Nobody may change it."""
        with self._lock:
            return self._messages.get(key)

    def keep(self, key: Key, message: wire.WatchMatchesResponse) -> None:
        """Keep it, and let the oldest go."""
        with self._lock:
            self._messages[key] = message
            if len(self._messages) > self._kept:
                self._messages.popitem(last=False)


@dataclass(frozen=True)
class Messages:
    """Makes the messages of one stream. `secret`: what a partner's pseudonyms are made with."""

    house: House
    shared: Shared
    request: wire.WatchMatchesRequest
    call: Call
    secret: bytes | None
    _whose: Key = field(init=False)

    def __post_init__(self) -> None:
        whose = (self.call.principal.subject, self.secret, *binding(self.request).values())
        object.__setattr__(self, "_whose", whose)

    def of(self, rows: Sequence[Any], position: Position) -> Iterator[wire.WatchMatchesResponse]:
        """The events in messages; the position moves along."""
        size = max(1, self.request.events_per_message)
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            numbers = (row.sequence for row in part)
            key = (*self._whose, size > 1, position.sent, *numbers, part[-1].event_at)
            message = self.shared.find(key)
            if message is None:
                message = self._made(part, position.sent, single=size == 1)
                self.shared.keep(key, message)
            position.follow(part[-1])
            position.sent = position.scanned
            yield message

    def checkpoint(self, position: Position) -> wire.WatchMatchesResponse:
        """Where the stream is."""
        now = instant_to_wire(self.house.clock.now())
        return wire.WatchMatchesResponse(
            checkpoint=wire.Checkpoint(sequence=position.scanned, checkpoint_time=now),
            resume_token=self.token(position),
        )

    def token(self, position: Position) -> str:
        """With which the stream goes on from there."""
        return self.house.pages.issue(
            (position.scanned, position.sent, position.at),
            method=METHOD,
            query=binding(self.request),
            subject=self.call.principal.subject,
        )

    def _made(self, rows: Sequence[Any], previous: int, *, single: bool) -> wire.WatchMatchesResponse:
        events = []
        for row in rows:
            events.append(event_to_wire(row, previous, self.secret))
            previous = row.sequence
        token = self.token(Position(previous, previous, moment(rows[-1])))
        if single:
            return wire.WatchMatchesResponse(event=events[0], resume_token=token)
        return wire.WatchMatchesResponse(events=wire.MatchEvents(events=events), resume_token=token)
