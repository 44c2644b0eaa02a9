"""The description says what the gateway takes: valid OpenAPI, whole, and each operation found by the router."""

import asyncio
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_spec_validator import validate

from services.chassis.comments import load_comments
from services.console.gateway.asyncapi import described_topics
from services.console.gateway.backend import Backend
from services.console.gateway.bindings import bindings
from services.console.gateway.gateway import Gateway
from services.console.gateway.openapi.document import document
from services.console.gateway.routing import Router


@cache
def described() -> dict[str, Any]:
    return document(bindings(), load_comments())


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, verbs in described()["paths"].items():
        for verb, each in verbs.items():
            yield path, verb, each


def within(value: Any, name: str) -> Iterator[Any]:
    """All values of a name, however deep."""
    if isinstance(value, dict):
        yield from (each for key, each in value.items() if key == name)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from within(each, name)


def test_it_is_valid() -> None:
    """One form of each shape: all of them take the validator half a minute."""
    kinds = {each.method.name: each for each in bindings() if each.method.server_streaming}
    kinds |= {f"{each.verb} {each.body} {len(each.template.variables)}": each for each in bindings()}
    validate(document(list(kinds.values())[:24], load_comments()))


@pytest.mark.parametrize("path", [b"/openapi.json", b"/v1/openapi.json"])
def test_anybody_reads_it_and_keeps_it(path: bytes) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    gateway = Gateway(Backend({}))
    scope: dict[str, Any] = {"type": "http", "method": "GET", "raw_path": path, "headers": []}
    asyncio.run(gateway(scope, receive, send))
    assert sent[0]["status"] == 200
    assert json.loads(sent[1]["body"])["openapi"] == "3.1.0"
    etag = dict(sent[0]["headers"])[b"etag"]
    asyncio.run(gateway(scope | {"headers": [(b"if-none-match", etag)]}, receive, send))
    assert (sent[2]["status"], sent[3]["body"]) == (304, b"")
    asyncio.run(gateway(scope | {"method": "HEAD"}, receive, send))
    assert (sent[4]["status"], dict(sent[4]["headers"])[b"etag"]) == (200, etag)


@pytest.mark.parametrize(
    "path", [b"/v1/events", b"/v1/asyncapi.json", b"/openapi.json", b"/v1/openapi.json", b"/v1/codes.json"]
)
def test_what_is_only_read_says_so_to_another_verb(path: bytes) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "DELETE", "raw_path": path, "headers": [], "query_string": b""}
    asyncio.run(Gateway(Backend({}))(scope, receive, send))
    assert sent[0]["status"] == 405
    assert dict(sent[0]["headers"])[b"allow"] == b"GET"
    assert json.loads(sent[1]["body"])["reason"] == "VERB_NOT_ALLOWED"


def test_whatever_it_refers_to_is_there() -> None:
    whole = described()
    for place in set(within(whole, "$ref")):
        found = whole
        for part in place.removeprefix("#/").split("/"):
            found = found[part]
        assert found, place


def test_every_form_is_in_it_under_a_name_of_its_own() -> None:
    names = [each["operationId"] for _, _, each in operations()]
    assert len(names) == len(set(names)) == len(bindings()) + 1


def test_every_operation_is_found_where_it_says() -> None:
    router = Router(bindings())
    for path, verb, each in operations():
        if path == "/v1/events":
            continue
        binding, _ = router.find(verb.upper(), re.sub(r"\{\w+\}", "x", path).encode())
        assert binding.rpc == each["x-bole-rpc"]
        declared = {given["name"] for given in each["parameters"] if given.get("in") == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path))


def test_a_stream_tells_its_events_by_their_names_and_how_it_is_resumed() -> None:
    watch = described()["paths"]["/v1/matches:watch"]["get"]
    (media,) = watch["responses"]["200"]["content"].values()
    events = media["x-bole-events"]
    assert {name: each["$ref"].rpartition("/")[2] for name, each in events.items()} == {
        "event": "matcher.v1.MatchEvent",
        "checkpoint": "matcher.v1.Checkpoint",
        "events": "matcher.v1.MatchEvents",
        "problem": "Problem",
    }
    assert {"$ref": "#/components/parameters/LastEventId"} in watch["parameters"]


def test_the_title_can_name_a_package_of_any_language() -> None:
    """Generators make of it what a client's package is called."""
    assert described()["info"]["title"].isascii()
    assert described_topics(load_comments())["info"]["title"].isascii()


def test_everything_is_described() -> None:
    for _, _, each in operations():
        assert each["description"], each["operationId"]
    for name, schema in described()["components"]["schemas"].items():
        if not name.startswith("google."):
            assert schema["description"], name
