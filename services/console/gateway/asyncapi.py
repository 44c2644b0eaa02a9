"""The topics of the log as AsyncAPI 3: who reads which messages where, from the compiled contract."""

from importlib import import_module
from importlib.resources import files
from typing import Final

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from services.chassis import topics
from services.chassis.journal import Topic
from services.chassis.log import TopicPolicy
from services.console.gateway.openapi.comments import Comments
from services.console.gateway.openapi.schemas import Schema, Schemas

VERSION: Final = "3.0.0"
_PACKAGE: Final = "bole.events.v1"
MESSAGES: Final[dict[Topic, str]] = {
    topics.PERSONS: "PersonState",
    topics.KEYS: "PersonKey",
    topics.TEAMS: "TeamState",
    topics.POSITIONS: "PositionState",
    topics.NOMINATIONS: "NominationState",
    topics.FIRMS: "FirmState",
    topics.FUNDS: "FundState",
    topics.DEALS: "DealState",
    topics.INVESTMENTS: "InvestmentState",
    topics.PLEDGES: "PledgeState",
    topics.REQUESTS: "IndicatorRequestState",
    topics.FIRM_REPORTS: "FirmReportState",
    topics.SHORTAGES: "ShortageState",
    topics.WATCHES: "ShortageWatchState",
    topics.RELEASES: "ShortageReleaseState",
    topics.ALERTS: "ScreeningAlertState",
    topics.PROPOSALS: "ProposalState",
    topics.MATCHES: "MatchChanged",
    topics.TALENT_AUDIT: "AuditHead",
    topics.FUNDING_AUDIT: "AuditHead",
    topics.MATCHER_AUDIT: "AuditHead",
}
"""What the records of each topic hold."""
_KEPT: Final = {
    TopicPolicy.COMPACT: "The last record of each key stays; one without a value (a tombstone) says it is erased.",
    TopicPolicy.RETAIN_30_DAYS: "Records stay for 30 days.",
}
_HEADERS: Final = {
    "ce_specversion": "1.0",
    "ce_id": "Id of the event; the same in a record that is sent again.",
    "ce_source": "The service.",
    "ce_type": "What happened.",
    "ce_subject": "Resource name of the entity.",
    "ce_time": "When, RFC 3339.",
    "ce_partitionkey": "The key of the record.",
    "ce_sequence": "Version of the entity, counted from 1: take a state only if it is newer.",
    "ce_dataschema": "Full name of the message; absent where there is no value.",
    "content-type": "application/protobuf; absent where there is no value.",
    "traceparent": "W3C trace context, if there is one.",
}
_ALWAYS: Final = (
    "ce_specversion",
    "ce_id",
    "ce_source",
    "ce_type",
    "ce_time",
    "ce_partitionkey",
    "ce_sequence",
)


def described_topics(comments: Comments) -> Schema:
    """AsyncAPI 3.0 of all topics. The bytes are protobuf; the schemas are those of its JSON form."""
    schemas = Schemas(comments)
    messages = {name: _message(name, schemas, comments) for name in sorted(set(MESSAGES.values()))}
    kept = topics.policies()
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "伯乐 Bole",
            "version": "v1",
            "description": "CloudEvents 1.0 in binary mode; values are protobuf by the compiled contract.",
        },
        "defaultContentType": "application/protobuf",
        "channels": {each.name: _channel(each, kept[each.name]) for each in MESSAGES},
        "operations": {
            each.name: {"action": "send", "channel": {"$ref": f"#/channels/{each.name}"}} for each in MESSAGES
        },
        "components": {
            "messages": messages,
            "schemas": {**dict(sorted(schemas.made.items())), "Headers": _headers()},
        },
    }


def _channel(topic: Topic, kept: TopicPolicy) -> Schema:
    name = MESSAGES[topic]
    return {
        "address": topic.name,
        "description": _KEPT[kept],
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"kafka": {"topic": topic.name, "partitions": 1}},
    }


def _message(name: str, schemas: Schemas, comments: Comments) -> Schema:
    descriptor = _descriptor(f"{_PACKAGE}.{name}")
    return {
        "name": descriptor.full_name,
        "description": comments.of(descriptor.full_name),
        "contentType": "application/protobuf",
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": schemas.message(descriptor),
        "bindings": {"kafka": {"key": {"type": "string"}}},
    }


def _headers() -> Schema:
    return {
        "type": "object",
        "required": list(_ALWAYS),
        "properties": {name: {"type": "string", "description": said} for name, said in _HEADERS.items()},
    }


def _descriptor(full_name: str) -> Descriptor:
    compiled = FileDescriptorSet.FromString(files("bole").joinpath("contract.binpb").read_bytes())
    for file in compiled.file:
        if file.package == _PACKAGE:
            import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
    found: Descriptor = descriptor_pool.Default().FindMessageTypeByName(full_name)
    return found
