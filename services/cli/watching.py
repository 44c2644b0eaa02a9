"""`bole match watch`: the stream as JSON lines, reconnecting where it was cut."""

import json
import sys
import time

import grpc
from google.protobuf.json_format import MessageToDict

from bole.matcher.v1 import matching_service_pb2 as service
from services.cli import matching
from services.cli.session import Session
from services.kernel.text import Text

_PAUSES = (0.5, 1.0, 2.0, 5.0)


def follow(session: Session, kinds: list[str], resume: str) -> None:
    """Print one JSON line per event until interrupted; the token of the last message goes to standard error."""
    token, failures = resume, 0
    while True:
        request = service.WatchMatchesRequest(kinds=kinds, resume_token=token)
        try:
            for message in matching.stub(session).WatchMatches(request):
                token, failures = message.resume_token, 0
                if message.HasField("event"):
                    line = MessageToDict(message.event, preserving_proto_field_name=True)
                    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
                    sys.stdout.flush()
                else:
                    session.output.say(Text(f"检查点 {token}", f"checkpoint {token}"), style="dim")
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
        except KeyboardInterrupt:
            session.output.say(Text(f"继续：--resume {token}", f"go on with --resume {token}"))
            return
        time.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])  # the service is away; ask again later
        failures += 1
