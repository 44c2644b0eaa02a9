"""What anybody reads beside the descriptions: what codes are called, and the compiled contract."""

import asyncio
import json
from importlib.resources import files
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool

from services.catalogue import load
from services.console.gateway.backend import Backend
from services.console.gateway.gateway import Gateway
from services.console.pages.listening import LISTENED


def read(path: bytes, *more: tuple[bytes, bytes]) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of what a gateway answers to nobody in particular."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "raw_path": path, "headers": list(more)}
    asyncio.run(Gateway(Backend({}))(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_every_code_of_an_event_has_its_name_in_both_languages() -> None:
    status, headers, body = read(b"/v1/codes.json")
    assert (status, headers[b"content-type"]) == (200, b"application/json")
    told, catalogue = json.loads(body), load()
    assert told["catalogue"] == catalogue.version
    assert [each["code"] for each in told["kinds"]] == list(LISTENED)
    assert {each["code"] for each in told["directions"]} == {each.code for each in catalogue.leaves}
    assert {each["code"] for each in told["cities"]} == {*(each.id for each in catalogue.cities), "outside"}
    industries = {each["code"] for each in told["industries"]}
    assert {each["industry"] for each in told["directions"]} == industries
    for each in (*told["kinds"], *told["industries"], *told["directions"], *told["cities"]):
        assert each["name"]["zh"], each
        assert each["name"]["en"], each


def test_the_contract_stands_alone_for_a_client_that_has_nothing_else() -> None:
    status, headers, body = read(b"/v1/contract.binpb")
    assert (status, headers[b"content-type"]) == (200, b"application/protobuf")
    pool = DescriptorPool()
    for each in FileDescriptorSet.FromString(body).file:
        pool.Add(each)
    assert pool.FindServiceByName("bole.matcher.v1.MatchingService").FindMethodByName("WatchMatches")
    assert body == files("bole").joinpath("contract.binpb").read_bytes()


@pytest.mark.parametrize("path", [b"/v1/codes.json", b"/v1/contract.binpb"])
def test_who_has_it_is_told_that_it_is_the_same(path: bytes) -> None:
    _, headers, _ = read(path)
    status, _, body = read(path, (b"if-none-match", headers[b"etag"]))
    assert (status, body) == (304, b"")
