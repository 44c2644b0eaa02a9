"""What an endpoint is sent: the event as the stream tells it, signed by every secret that stands at the moment."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp

from bole.matcher.v1 import match_event_pb2
from services.chassis.sealing import KeyRing
from services.matcher.domain.webhooks.signature import signature
from services.matcher.domain.webhooks.webhook import Webhook
from services.matcher.service.telling import event_to_wire
from services.matcher.service.webhooks.posting import Message

TEST_TYPE: Final = "webhook.test"


def event_body(row: Any, previous: int, secret: bytes) -> bytes:
    """The body about a stored event; `previous` and `secret` as of `event_to_wire`."""
    event = event_to_wire(row, previous, secret)
    kind = match_event_pb2.MatchEvent.Type.Name(event.type).removeprefix("TYPE_").lower()
    data = MessageToDict(event, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    return _body(f"match.{kind}", data["event_time"], data)


def trial_body(of: Webhook, now: datetime) -> bytes:
    """The body of a test, its instant written as those of events are."""
    at = Timestamp()
    at.FromDatetime(now)
    return _body(TEST_TYPE, at.ToJsonString(), {"webhook": of.name})


def signed(of: Webhook, message_id: str, body: bytes, ring: KeyRing, now: datetime) -> Message:
    """The message with its headers. Raises SealBroken where the keys of the house are not those it was sealed by."""
    seconds = int(now.timestamp())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(keys(of, ring, now), message_id, seconds, body),
    }
    return Message(headers, body)


def keys(of: Webhook, ring: KeyRing, now: datetime) -> Sequence[bytes]:
    """The secrets that sign now."""
    return [ring.unwrap(f"webhooks/{of.id}", wrapped).secret for wrapped in of.secrets(now)]


def _body(type_: str, timestamp: str, data: Mapping[str, Any]) -> bytes:
    document = {"type": type_, "timestamp": timestamp, "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
