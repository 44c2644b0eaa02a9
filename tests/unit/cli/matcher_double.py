"""A matcher in this process: it plays back messages, and takes note of what it was asked."""

from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc

from bole.matcher.v1 import match_event_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.settings import load_settings
from services.cli.answers.output import Format, Output
from services.cli.session import Session

Script = list[wire.WatchMatchesResponse | grpc.StatusCode]


def event(sequence: int, previous: int) -> wire.WatchMatchesResponse:
    made = match_event_pb2.MatchEvent(
        sequence=sequence,
        previous_sequence=previous,
        type=match_event_pb2.MatchEvent.TYPE_CREATED,
        kind="person-position",
        anchor="positions/1",
        candidate="subjects/1",
    )
    return wire.WatchMatchesResponse(event=made, resume_token=f"t{sequence}")


def checkpoint(sequence: int) -> wire.WatchMatchesResponse:
    return wire.WatchMatchesResponse(
        checkpoint=wire.Checkpoint(sequence=sequence), resume_token=f"t{sequence}"
    )


class MatcherDouble(matching_service_pb2_grpc.MatchingServiceServicer):
    """Each connection plays the next script; a status code in it ends the stream."""

    def __init__(self, *scripts: Script, last: int = 0) -> None:
        self.scripts, self.last = list(scripts), last
        self.tokens: list[str] = []

    def GetIndexStatus(self, _: wire.GetIndexStatusRequest, context: Any) -> wire.IndexStatus:
        return wire.IndexStatus(last_sequence=self.last)

    def WatchMatches(self, request: wire.WatchMatchesRequest, context: Any) -> Iterator[Any]:
        self.tokens.append(request.resume_token)
        for step in self.scripts.pop(0):
            if isinstance(step, grpc.StatusCode):
                context.abort(step, "as the script says")
            yield step


@contextmanager
def session(double: MatcherDouble) -> Iterator[Session]:
    """A session whose matcher is the double."""
    server = grpc.server(futures.ThreadPoolExecutor(2))
    matching_service_pb2_grpc.add_MatchingServiceServicer_to_server(double, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    settings = load_settings({"BOLE_MATCHER_ADDRESS": f"127.0.0.1:{port}"})
    try:
        with Session(settings, Output(Format.TABLE, "en"), partner_key="key") as opened:
            yield opened
    finally:
        server.stop(None).wait()
