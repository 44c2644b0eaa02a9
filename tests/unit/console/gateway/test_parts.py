"""Paths, queries and headers: properties that hold for whatever is sent."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.talent.v1 import library_service_pb2, shortage_service_pb2
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.interceptors.rationing import OVER_QUOTA
from services.console.gateway import problems
from services.console.gateway.bindings import bindings
from services.console.gateway.headers import Headers, if_match, language, metadata, none_match, seconds
from services.console.gateway.json.reading import Reader
from services.console.gateway.query import bind, pairs_of
from services.console.gateway.refusals import HttpRefused
from services.console.gateway.replies import Message
from services.console.gateway.requests import whole_body
from services.console.gateway.routing import Router, split
from services.kernel.errors import Aborted, BoleError, InvalidArgument
from services.kernel.text import Text

_ROUTER = Router(bindings())


def refusal(act: Callable[[], object]) -> BoleError | None:
    """What is refused, if anything is."""
    try:
        act()
    except BoleError as error:
        return error
    return None


def heads(**given: str) -> Headers:
    return Headers(
        tuple((name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in given.items())
    )


@given(st.binary(max_size=80))
def test_any_path_is_found_or_refused(path: bytes) -> None:
    error = refusal(lambda: split(b"/v1/persons/" + path))
    assert error is None or error.reason == "PATH_INVALID"
    if error is None:
        segments, _ = split(b"/v1/persons/" + path)
        assert all("/" not in each and each not in ("", ".", "..") for each in segments)
    error = refusal(lambda: _ROUTER.find("GET", path))
    assert error is None or error.reason in {"PATH_INVALID", "NO_SUCH_PATH", "VERB_NOT_ALLOWED"}


@given(st.binary(max_size=120))
def test_any_query_is_taken_or_refused(raw: bytes) -> None:
    reader = Reader()
    request = shortage_service_pb2.GetShortageGridRequest()
    error = refusal(lambda: bind(request, pairs_of(raw), (), reader)) or refusal(reader.done)
    assert error is None or (error.text.zh and error.text.en)


def test_an_escaped_slash_ends_no_segment() -> None:
    binding, values = _ROUTER.find("GET", b"/v1/persons/a%3Ab")
    assert (binding.method.name, values) == ("GetPerson", {"name": "persons/a:b"})
    with pytest.raises(InvalidArgument):
        _ROUTER.find("GET", b"/v1/persons/a%2Fb")


def test_lists_and_nested_fields_come_from_a_query() -> None:
    request, reader = shortage_service_pb2.GetShortageGridRequest(), Reader()
    bind(
        request,
        pairs_of(b"scope.city_code=suzhou&asOfDate=2026-11-26&rows=SHORTAGE_DIMENSION_CITY"),
        (),
        reader,
    )
    reader.done()
    assert (request.scope.city_code, request.as_of_date.day) == ("suzhou", 26)
    search = library_service_pb2.SearchPersonsRequest()
    bind(search, pairs_of("query=氢+能&facets=a&facets=b".encode()), (), reader)
    reader.done()
    assert (search.query, list(search.facets)) == ("氢 能", ["a", "b"])


def test_every_credential_goes_on_as_it_came() -> None:
    sent = dict(
        metadata(heads(authorization="Bearer a", x_bole_purpose="contact", cookie="session=1"), "r" * 8)
    )
    assert sent.pop("traceparent")
    assert sent == {"authorization": "Bearer a", "x-bole-purpose": "contact", "x-request-id": "r" * 8}
    twice = Headers(((b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")))
    assert [value for name, value in metadata(twice, "r") if name == "authorization"] == [
        "Bearer a",
        "Bearer b",
    ]


def test_who_has_used_up_a_quota_hears_when_there_is_something_again() -> None:
    policy = '"calls";q=2;w=200'
    failure = Failure(
        "RESOURCE_EXHAUSTED",
        OVER_QUOTA,
        Text("太多", "too many"),
        metadata={"ratelimit-policy": policy},
        retry_seconds=2.4,
    )
    told = problems.reply(429, failure, "en", "r").headers
    assert (told["retry-after"], told["ratelimit"]) == ("3", '"calls";r=0;t=3')
    assert told["ratelimit-policy"] == policy


def test_headers_that_stand_for_fields() -> None:
    assert if_match(heads(if_match='"v3"')) == '"v3"'
    assert if_match(heads(if_match="*")) is None
    assert none_match(heads(if_none_match='W/"v2", "v3"'), '"v2"')
    assert not none_match(heads(), '"v2"')
    assert seconds(heads(x_bole_timeout="5")) == 5
    assert language(heads(accept_language="en;q=0.8, zh-TW;q=0.7")) == "en"
    assert language(heads(accept_language="de, \xe9")) == "zh"


def test_a_body_that_stops_coming_is_given_up() -> None:
    async def stalled() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(HttpRefused) as caught:
        asyncio.run(whole_body(stalled, heads(), patience=0.01))
    assert (caught.value.status, caught.value.reason) == (408, "BODY_STALLED")


def test_a_body_whose_caller_has_gone_is_none() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(Aborted):
        asyncio.run(whole_body(gone, heads()))
