"""What programs can read from the log, from the contract: every topic with the fields of its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from starlette.responses import Response

from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.chassis.comments import load_comments
from services.console.gateway.asyncapi import described_topics
from services.console.pages.events.schemas import Field, fields_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.text import Text
from services.wording.meanings import in_both


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what its records hold, how long they stay, and their fields with what is said of them."""

    name: str
    message: str
    said: Text
    kept: Text
    fields: Sequence[Field]


def show(visit: Visit) -> Response:
    """Every topic of the log."""
    visit.stub(service_grpc.MatchingServiceStub)  # for whoever is signed in
    return render(visit, "events/topics.html", active="events", topics=topics_described())


@cache
def topics_described() -> Sequence[Topic]:
    """The channels of the AsyncAPI document."""
    made = described_topics(load_comments())
    messages = made["components"]["messages"]
    found = []
    for channel in made["channels"].values():
        (kind,) = channel["messages"]
        message = messages[kind]
        said, kept = (in_both(each["description"]) for each in (message, channel))
        fields = list(fields_of(made, message["payload"]))
        found.append(Topic(channel["address"], message["name"], said, kept, fields))
    return found
