"""What programs can call and read, from the contract: every method over HTTP, every topic of the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.responses import Response

from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.chassis.comments import load_comments
from services.console.gateway.asyncapi import described_topics
from services.console.gateway.bindings import bindings
from services.console.gateway.openapi.document import document
from services.console.web.rendering import render
from services.console.web.visits import Visit


@dataclass(frozen=True, slots=True)
class Method:
    """One method over HTTP."""

    verb: str
    path: str
    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what its records hold, how long they stay, and their fields with what is said of them."""

    name: str
    message: str
    said: str
    kept: str
    fields: Sequence[tuple[str, str, str]]


def methods(visit: Visit) -> Response:
    """Every method, by the service that answers it."""
    visit.stub(service_grpc.MatchingServiceStub)  # for whoever is signed in
    return render(visit, "events/methods.html", active="events", groups=described_methods())


def topics(visit: Visit) -> Response:
    """Every topic of the log."""
    visit.stub(service_grpc.MatchingServiceStub)  # for whoever is signed in
    return render(visit, "events/topics.html", active="events", topics=topics_described())


@cache
def described_methods() -> Sequence[tuple[str, Sequence[Method]]]:
    """The methods of the OpenAPI document, by tag."""
    groups: dict[str, list[Method]] = {}
    for path, verbs in document(bindings(), load_comments())["paths"].items():
        for verb, each in verbs.items():
            tag = each["tags"][0] if each.get("tags") else ""
            groups.setdefault(tag, []).append(
                Method(verb.upper(), path, each.get("summary", ""), each.get("description", ""))
            )
    return sorted(groups.items())


@cache
def topics_described() -> Sequence[Topic]:
    """The channels of the AsyncAPI document."""
    made = described_topics(load_comments())
    messages, schemas = made["components"]["messages"], made["components"]["schemas"]
    found = []
    for channel in made["channels"].values():
        (kind,) = channel["messages"]
        message = messages[kind]
        payload = schemas[message["payload"]["$ref"].rpartition("/")[2]]
        fields = [
            (field, _type(each), each.get("description", "")) for field, each in payload["properties"].items()
        ]
        said = message["description"]
        found.append(Topic(channel["address"], message["name"], said, channel["description"], fields))
    return found


def _type(schema: Any) -> str:
    """What a field holds, in a word."""
    if "$ref" in schema:
        name = str(schema["$ref"].rpartition("/")[2])
        return name.rpartition("v1.")[2].removeprefix("google.protobuf.").removeprefix("google.type.")
    if schema.get("type") == "array":
        return f"{_type(schema['items'])}[]"
    for combined in ("allOf", "anyOf", "oneOf"):
        if combined in schema:
            return _type(schema[combined][0])
    kinds = schema.get("type", "")
    return str(schema.get("format") or (kinds[0] if isinstance(kinds, list) else kinds))
