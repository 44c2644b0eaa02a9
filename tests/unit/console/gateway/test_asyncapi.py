"""The description of the topics: each there, with a message of the contract, and nothing it refers to missing."""

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from google.protobuf import descriptor_pool

from services.chassis.comments import load_comments
from services.chassis.log.log import TopicPolicy
from services.chassis.log.topics import policies
from services.console.gateway.asyncapi import MESSAGES, PARTNERS, STREAMS, described_topics
from services.console.gateway.backend import Backend
from services.console.gateway.gateway import Gateway
from services.matcher.domain.partners.partner_topic import topic_of


@cache
def described() -> dict[str, Any]:
    return described_topics(load_comments())


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for key, each in value.items() if key == "$ref")
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_topic_is_described_and_every_message_documented() -> None:
    kept = {name: policy for name, policy in policies().items() if not name.endswith(".dlq")}
    assert set(MESSAGES) == set(described()["channels"]) - {PARTNERS} == set(kept)
    assert set(STREAMS) == {name for name, policy in kept.items() if policy is not TopicPolicy.COMPACT}
    for name, message in described()["components"]["messages"].items():
        assert message["name"] in (f"bole.events.v1.{name}", f"bole.matcher.v1.{name}")
        assert message["description"], name
        assert descriptor_pool.Default().FindMessageTypeByName(message["name"])


def test_topics_of_partners_are_described_by_the_name_that_they_have() -> None:
    channel = described()["channels"][PARTNERS]
    assert channel["address"].replace("{partner}", "p1") == topic_of("p1")
    assert list(channel["parameters"]) == ["partner"]
    assert list(channel["messages"]) == ["MatchEvent"]


def test_whatever_it_refers_to_is_there() -> None:
    for place in set(references(described())):
        found = described()
        for part in place.removeprefix("#/").split("/"):
            found = found[part]
        assert found, place


def test_anybody_reads_it() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "raw_path": b"/v1/asyncapi.json", "headers": []}
    asyncio.run(Gateway(Backend({}))(scope, receive, send))
    assert sent[0]["status"] == 200
    assert json.loads(sent[1]["body"])["asyncapi"] == "3.0.0"
