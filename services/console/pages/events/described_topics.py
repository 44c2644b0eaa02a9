"""What programs can read from the log, from the contract: every topic with the fields of its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from starlette.responses import Response

from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.chassis.comments import load_comments
from services.console.gateway.asyncapi import described_topics
from services.console.pages.events.schemas import type_of
from services.console.web.rendering import render
from services.console.web.visits import Visit


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what its records hold, how long they stay, and their fields with what is said of them."""

    name: str
    message: str
    said: str
    kept: str
    fields: Sequence[tuple[str, str, str]]


def show(visit: Visit) -> Response:
    """Every topic of the log."""
    visit.stub(service_grpc.MatchingServiceStub)  # for whoever is signed in
    return render(visit, "events/topics.html", active="events", topics=topics_described())


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
            (field, type_of(each), each.get("description", ""))
            for field, each in payload["properties"].items()
        ]
        said = message["description"]
        found.append(Topic(channel["address"], message["name"], said, channel["description"], fields))
    return found
