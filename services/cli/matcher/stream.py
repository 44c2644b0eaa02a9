"""A subscriber to the match stream that keeps what it got and can prove that nothing is missing."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import grpc

from bole.matcher.v1 import match_event_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.chassis.rpc.wire import instant_from_wire
from services.cli.matcher import matching
from services.cli.session import Session
from services.kernel.errors import Unavailable
from services.kernel.text import Text

CHECKPOINT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event and when it came."""

    event: match_event_pb2.MatchEvent
    at: datetime

    @property
    def latency_ms(self) -> float:
        """Milliseconds from the commit of the causing change to the arrival here."""
        return (self.at - instant_from_wire(self.event.change_time)).total_seconds() * 1000


class Subscriber:
    """Reads a stream in a thread. `cut` and `connect` resume it where it was."""

    def __init__(self, session: Session, request: service.WatchMatchesRequest | None = None) -> None:
        self._session = session
        self._request = request or service.WatchMatchesRequest()
        self._changed = threading.Condition()
        self._call: Any = None
        self._thread: threading.Thread | None = None
        self.arrivals: list[Arrival] = []
        self.token = ""
        self.checkpoints = 0
        self.failure: grpc.RpcError | None = None

    def connect(self) -> None:
        """Open the stream, after the last message that came, and wait for the first checkpoint.

        Raises grpc.RpcError when the stream fails, Unavailable (NO_CHECKPOINT) when none comes in a minute.
        """
        request = service.WatchMatchesRequest()
        request.CopyFrom(self._request)
        if self.token:
            request.resume_token = self.token
        seen, self.failure = self.checkpoints, None
        self._call = matching.stub(self._session).WatchMatches(request)
        self._thread = threading.Thread(target=self._read, args=(self._call,), daemon=True)
        self._thread.start()
        came = self.wait(lambda: self.checkpoints > seen or self.failure is not None, CHECKPOINT_SECONDS)
        if self.failure is not None:
            raise self.failure
        if not came:
            raise Unavailable(
                Text("事件流没有回应，请稍后重试", "the stream does not answer; try again later"),
                reason="NO_CHECKPOINT",
            )

    def cut(self) -> None:
        """Break the connection, as a network would."""
        if self._call is not None:
            self._call.cancel()
        if self._thread is not None:
            self._thread.join(5)

    @property
    def reading(self) -> bool:
        """Whether the stream is open, as far as this side knows."""
        return self._thread is not None and self._thread.is_alive()

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds; whether it did in time."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not until():
                if not self._changed.wait(deadline - time.monotonic()):
                    return until()
        return True

    def wait_for_more(self, known: int, seconds: float) -> bool:
        """Wait until more than `known` events have come; whether they did in time."""
        return self.wait(lambda: len(self.arrivals) > known, seconds)

    def gaps(self) -> int:
        """Breaks in the chain of sequence and previous_sequence."""
        chain = [(each.event.previous_sequence, each.event.sequence) for each in self.arrivals]
        return sum(before[1] != after[0] for before, after in pairwise(chain))

    def duplicates(self) -> int:
        """Events that came more than once."""
        return len(self.arrivals) - len({each.event.sequence for each in self.arrivals})

    def _read(self, call: Any) -> None:
        try:
            for message in call:
                with self._changed:
                    self.token = message.resume_token
                    if message.HasField("event"):
                        self.arrivals.append(Arrival(message.event, datetime.now(UTC)))
                    else:
                        self.checkpoints += 1
                    self._changed.notify_all()
        except grpc.RpcError as error:
            if not call.cancelled():
                with self._changed:
                    self.failure = error
                    self._changed.notify_all()
