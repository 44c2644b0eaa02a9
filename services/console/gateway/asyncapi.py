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
    "bole.recusals.v1": "RecusalState",
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
PARTNERS: Final = "bole.partner.matches.v1"
"""The channel that stands for the topics of partners' own."""
_PARTNERS_ADDRESS: Final = "bole.partner.{partner}.matches.v1"
_PARTNERS_MESSAGE: Final = "bole.matcher.v1.MatchEvent"
_STATE: Final = "The last record of each key stays; one without a value (a tombstone) says it is erased."
_STREAM: Final = "Records stay for 30 days."
_HEADERS: Final = {
    "ce_specversion": "1.0",
    "ce_id": "Id of the event; the same in a record that is sent again, and no other event ever has it.",
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
    names = [f"{_PACKAGE}.{name}" for name in sorted(set(MESSAGES.values()))]
    messages = {_short(name): _message(name, schemas, comments) for name in (*names, _PARTNERS_MESSAGE)}
    topics = [*MESSAGES, PARTNERS]
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "Bole",
            "version": "v1",
            "description": "伯乐 Bole. CloudEvents 1.0 in binary mode; values are protobuf by the compiled contract, "
            "which `/v1/contract.binpb` is.",
        },
        "defaultContentType": "application/protobuf",
        "channels": {**{topic: _channel(topic) for topic in MESSAGES}, PARTNERS: _partners_channel()},
        "operations": {
            topic: {"action": "send", "channel": {"$ref": f"#/channels/{topic}"}} for topic in topics
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


def _partners_channel() -> Schema:
    name = _short(_PARTNERS_MESSAGE)
    return {
        "address": _PARTNERS_ADDRESS,
        "description": f"What one partner is told, people under its pseudonyms. {_STREAM}",
        "parameters": {"partner": {"description": "The partner's id."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"kafka": {"partitions": 1}},
    }


def _short(full_name: str) -> str:
    return full_name.rpartition(".")[2]


def _message(full_name: str, schemas: Schemas, comments: Comments) -> Schema:
    descriptor = _descriptor(full_name)
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
        if full_name.startswith(f"{file.package}."):
            import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
    found: Descriptor = descriptor_pool.Default().FindMessageTypeByName(full_name)
    return found
