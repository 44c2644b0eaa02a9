"""`bole match watch`: the stream as JSON lines, reconnecting where it was cut."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict

from bole.matcher.v1 import matching_service_pb2 as service
from services.cli import matching
from services.cli.session import Session
from services.kernel.text import Text

_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)


def follow(
    session: Session, kinds: Sequence[str], resume: str, pause: Callable[[float], None] = time.sleep
) -> None:
    """Print one JSON line per event until interrupted; checkpoints and their tokens go to standard error.

    A stream that ends or becomes UNAVAILABLE is opened again after its last message, ever more slowly while
    nothing comes. Raises grpc.RpcError for any other failure.
    """
    follower = _Follower(session, kinds, resume)
    try:
        while True:
            follower.read()
            seconds = _PAUSES[min(follower.failures, len(_PAUSES) - 1)]
            session.output.say(
                Text(f"连接中断，{seconds:g} 秒后继续", f"the stream was cut; going on in {seconds:g} s"),
                style="dim",
            )
            pause(seconds)
            follower.failures += 1
    except KeyboardInterrupt:
        if follower.token:
            session.output.say(
                Text(
                    f"从此处继续：bole match watch --resume {follower.token}",
                    f"to go on from here: bole match watch --resume {follower.token}",
                )
            )


class _Follower:
    """One subscription over many connections."""

    def __init__(self, session: Session, kinds: Sequence[str], token: str) -> None:
        self.token = token
        self.failures = 0
        self._session = session
        self._kinds = kinds

    def read(self) -> None:
        """Print until the stream ends or the service goes away."""
        request = service.WatchMatchesRequest(kinds=self._kinds, resume_token=self.token)
        try:
            for message in matching.stub(self._session).WatchMatches(request):
                self._take(message)
        except grpc.RpcError as error:
            call: Any = error
            if call.code() != grpc.StatusCode.UNAVAILABLE:
                raise

    def _take(self, message: service.WatchMatchesResponse) -> None:
        self.failures = 0
        if message.HasField("event"):
            line = MessageToDict(
                message.event, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
            )
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        self.token = message.resume_token  # only now: an event counts once it is written
        if message.HasField("checkpoint"):
            self._session.output.say(Text(f"检查点 {self.token}", f"checkpoint {self.token}"), style="dim")
