"""`bole match watch`: the stream as JSON lines, reconnecting where it was cut."""

import json
import shlex
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict

from bole.matcher.v1 import matching_service_pb2 as service
from services.chassis.rpc.wire import instant_to_wire
from services.cli.answers import dates, wording
from services.cli.matcher import matching
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_SECONDS = 30.0
_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)


def follow(
    session: Session,
    asked: service.WatchMatchesRequest,
    pause: Callable[[float], None] = time.sleep,
    *,
    until_end: bool = False,
    latest: int = 0,
) -> None:
    """Print one JSON line per event until interrupted, or until all that there was has come; checkpoints and their
    tokens go to standard error. `latest`: of what there was, so many alone, if any.

    A stream that ends or becomes UNAVAILABLE is opened again after its last message, ever more slowly while
    nothing comes. Raises grpc.RpcError for any other failure.
    """
    there = _last(session) if until_end or latest else 0
    follower = _Follower(session, asked, there if until_end else None, _Latest(latest, there))
    try:
        while not follower.read():
            seconds = _PAUSES[min(follower.failures, len(_PAUSES) - 1)]
            session.output.say(
                Text(f"连接中断，{seconds:g} 秒后继续", f"the stream was cut; going on in {seconds:g} s"),
                style="dim",
            )
            pause(seconds)
            follower.failures += 1
    except KeyboardInterrupt:
        follower.tell_held()
        if follower.token:
            again = _again(asked, follower.token)
            session.output.say(Text(f"从此处继续：{again}", f"to go on from here: {again}"))


def asked(
    kinds: Sequence[str],
    cities: Sequence[str],
    resume: str,
    *,
    from_start: bool,
    since: str = "",
    anchor: str = "",
    directions: Sequence[str] = (),
    latest: int = 0,
) -> service.WatchMatchesRequest:
    """The request. Raises InvalidArgument for several places to start from, for a time or a city that there is not;
    names of directions and industries are read by the service.
    """
    starts = {"--resume": resume, "--from-start": from_start, "--from": latest, "--since": since}
    given = [option for option, value in starts.items() if value]
    if len(given) > 1:
        raise InvalidArgument.field(
            given[-1],
            "TOKEN_AND_START",
            "--resume、--from-start、--from 与 --since 只能用一个",
            "use one of --resume, --from-start, --from and --since",
        )
    codes = [wording.catalogue().resolve_city(each, "--city") for each in cities]
    return service.WatchMatchesRequest(
        kinds=kinds,
        anchor=anchor,
        direction_codes=directions,
        city_codes=codes,
        resume_token=resume,
        from_start=from_start or bool(latest),
        start_time=instant_to_wire(dates.instant(since, "--since")) if since else None,
    )


def _again(asked: service.WatchMatchesRequest, token: str) -> str:
    """The command that goes on from a token, with the restrictions that it is bound to."""
    given = [("--kind", each) for each in asked.kinds]
    given += [("--anchor", asked.anchor)] if asked.anchor else []
    given += [("--direction", each) for each in asked.direction_codes]
    given += [("--city", each) for each in asked.city_codes]
    return shlex.join(["bole", "match", "watch", *chain.from_iterable(given), "--resume", token])


def _last(session: Session) -> int:
    """The number of the last event that there is."""
    status = matching.stub(session).GetIndexStatus(service.GetIndexStatusRequest(), timeout=_SECONDS)
    return int(status.last_sequence)


class _Latest:
    """The last `most` lines of events up to number `until`; what comes later is not held back."""

    def __init__(self, most: int, until: int) -> None:
        self.until = until if most else 0
        self.lines: deque[str] = deque(maxlen=most or None)


class _Follower:
    """One subscription over many connections. `last`: the number after which there is no more to wait for."""

    def __init__(
        self, session: Session, asked: service.WatchMatchesRequest, last: int | None, held: _Latest
    ) -> None:
        self.token = asked.resume_token
        self.failures = 0
        self._session = session
        self._asked = asked
        self._last = last
        self._held = held

    def read(self) -> bool:
        """Print until the stream ends or the service goes away; whether all that was wanted has come."""
        request = service.WatchMatchesRequest()
        request.CopyFrom(self._asked)
        if self.token:
            request.resume_token, request.from_start = self.token, False
            request.ClearField("start_time")
        stream = matching.stub(self._session).WatchMatches(request)
        try:
            for message in stream:
                if self._take(message):
                    stream.cancel()
                    return True
        except grpc.RpcError as error:
            call: Any = error
            if call.code() != grpc.StatusCode.UNAVAILABLE:
                raise
        return False

    def tell_held(self) -> None:
        """Print what is held back: it has come, and the token is past it."""
        sys.stdout.writelines(self._held.lines)
        sys.stdout.flush()
        self._held.lines.clear()

    def _take(self, message: service.WatchMatchesResponse) -> bool:
        """Print one message; whether it was the last that was wanted."""
        self.failures = 0
        seen = message.checkpoint.sequence or message.event.sequence
        if message.HasField("event"):
            line = MessageToDict(
                message.event, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
            )
            self._held.lines.append(json.dumps(line, ensure_ascii=False) + "\n")
        if seen >= self._held.until:
            self.tell_held()
        self.token = message.resume_token  # only now: an event counts once it is written
        if message.HasField("checkpoint"):
            self._session.output.say(Text(f"检查点 {self.token}", f"checkpoint {self.token}"), style="dim")
        return self._last is not None and seen >= self._last
