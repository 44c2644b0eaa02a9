"""A partner's stream: pseudonyms, resumption, and whose a token is."""

from typing import Any

import grpc

from bole.matcher.v1 import matching_service_pb2 as wire
from bole.matcher.v1 import matching_service_pb2_grpc
from tests.contract.installation import Installation, fields, refused
from tests.contract.matcher.asking import SECONDS, by_text


def read(channel: grpc.Channel, count: int, **given: Any) -> list[wire.WatchMatchesResponse]:
    """The first messages of a stream."""
    stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
    call = stub.WatchMatches(wire.WatchMatchesRequest(**given), timeout=SECONDS)
    try:
        return [next(call) for _ in range(count)]
    finally:
        call.cancel()


def test_a_partner_reads_pseudonyms_and_resumes_without_a_gap(whole: Installation, partner_key: str) -> None:
    with whole.channel("matcher", key=partner_key) as channel:
        first = read(channel, 6, from_start=True, kinds=["person-position"])
        rest = read(channel, 4, kinds=["person-position"], resume_token=first[2].resume_token)
    events = [message.event for message in first if message.HasField("event")]
    assert all("persons/" not in f"{event.anchor} {event.candidate}" for event in events)
    assert any("subjects/" in f"{event.anchor} {event.candidate}" for event in events)
    again = [message.event for message in rest if message.HasField("event")]
    assert again[:3] == events[2:5]
    assert again[0].previous_sequence == events[1].sequence


def test_a_partner_may_only_watch(whole: Installation, partner_key: str) -> None:
    with whole.channel("matcher", key=partner_key) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.FindMatches, by_text()).code == "PERMISSION_DENIED"
        asked = wire.WatchMatchesRequest(anchor="persons/anyone")
        assert refused(lambda request: next(stub.WatchMatches(request)), asked).code == "PERMISSION_DENIED"


def test_tokens_of_others_are_refused(whole: Installation, stub: Any, partner_key: str) -> None:
    with whole.channel("matcher", key=partner_key) as channel:
        token = read(channel, 1, from_start=True)[0].resume_token
    for bad in ("forged", token, token[:-4]):
        request = wire.WatchMatchesRequest(resume_token=bad)
        failure = refused(lambda asked: next(stub.WatchMatches(asked)), request)
        assert failure.code == "PERMISSION_DENIED"
        assert "resume_token" in fields(failure)
