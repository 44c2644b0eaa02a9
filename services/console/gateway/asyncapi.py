"""The topics of the log as AsyncAPI 3: who reads which messages where, from the compiled contract."""

from importlib import import_module
from importlib.resources import files
from typing import Final

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from services.chassis.comments import Comments
from services.console.gateway.openapi.schemas import Schema, Schemas

VERSION: Final = "3.0.0"
_PACKAGE: Final = "bole.events.v1"
MESSAGES: Final[dict[str, str]] = {
    "bole.persons.v1": "PersonState",
    "bole.keys.v1": "PersonKey",
    "bole.teams.v1": "TeamState",
    "bole.positions.v1": "PositionState",
    "bole.nominations.v1": "NominationState",
    "bole.firms.v1": "FirmState",
    "bole.funds.v1": "FundState",
    "bole.deals.v1": "DealState",
    "bole.investments.v1": "InvestmentState",
    "bole.pledges.v1": "PledgeState",
    "bole.indicator-requests.v1": "IndicatorRequestState",
    "bole.firm-reports.v1": "FirmReportState",
    "bole.shortages.v1": "ShortageState",
    "bole.watches.v1": "ShortageWatchState",
    "bole.shortage-releases.v1": "ShortageReleaseState",
    "bole.screening-alerts.v1": "ScreeningAlertState",
    "bole.proposals.v1": "ProposalState",
    "bole.funding-returns.v1": "StatisticalReturnState",
    "bole.matcher-returns.v1": "StatisticalReturnState",
    "bole.matches.v1": "MatchChanged",
    "bole.talent-audit.v1": "AuditHead",
    "bole.funding-audit.v1": "AuditHead",
    "bole.matcher-audit.v1": "AuditHead",
}
"""What the records of each topic hold."""
STREAMS: Final = frozenset({"bole.matches.v1"})
"""Topics of what happened; all others hold the state of something."""
_STATE: Final = "The last record of each key stays; one without a value (a tombstone) says it is erased."
_STREAM: Final = "Records stay for 30 days."
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
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "伯乐 Bole",
            "version": "v1",
            "description": "CloudEvents 1.0 in binary mode; values are protobuf by the compiled contract.",
        },
        "defaultContentType": "application/protobuf",
        "channels": {topic: _channel(topic) for topic in MESSAGES},
        "operations": {
            topic: {"action": "send", "channel": {"$ref": f"#/channels/{topic}"}} for topic in MESSAGES
        },
        "components": {
            "messages": messages,
            "schemas": {**dict(sorted(schemas.made.items())), "Headers": _headers()},
        },
    }


def _channel(topic: str) -> Schema:
    name = MESSAGES[topic]
    return {
        "address": topic,
        "description": _STREAM if topic in STREAMS else _STATE,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"kafka": {"topic": topic, "partitions": 1}},
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
