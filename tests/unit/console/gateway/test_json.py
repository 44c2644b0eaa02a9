"""The gateway's JSON: values that keep what they are, and everything else refused by its place."""

import math
from typing import Any

import pytest
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from bole.matcher.v1 import match_event_pb2, matching_service_pb2, proposal_service_pb2
from services.console.gateway.json import text
from services.console.gateway.json.reading import Reader
from services.console.gateway.json.writing import Writer
from services.kernel.errors import InvalidArgument

_WRITER = Writer()


def told(message: Any) -> Any:
    return MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def read(kind: Any, given: Any) -> Any:
    message, reader = kind(), Reader()
    reader.fill(message, given)
    reader.done()
    return message


@given(st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans())
def test_numbers_keep_their_value(whole: int, real: float, level: bool) -> None:
    status = matching_service_pb2.IndexStatus(last_sequence=whole, level=level)
    assert _WRITER.to_json(status)["last_sequence"] == str(whole)
    assert read(matching_service_pb2.IndexStatus, {"last_sequence": whole}).last_sequence == whole
    share = matching_service_pb2.PlaceAnchorResponse(none=real)
    back = read(matching_service_pb2.PlaceAnchorResponse, text.read(text.write(_WRITER.to_json(share)))).none
    assert back == real or (math.isnan(back) and math.isnan(real))


@given(st.text())
def test_texts_keep_their_characters(said: str) -> None:
    request = read(matching_service_pb2.FindMatchesRequest, text.read(text.write({"kind": said})))
    assert request.kind == said


@given(st.datetimes())
def test_instants_are_written_as_protobuf_writes_them(instant: Any) -> None:
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    point = matching_service_pb2.Checkpoint(checkpoint_time=stamp)
    written = _WRITER.to_json(point)
    assert written == told(point)
    assert read(matching_service_pb2.Checkpoint, written) == point


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "BODY_NOT_JSON"),
        (b"{'a':1}", "BODY_NOT_JSON"),
        (b'{"a":1}{', "BODY_NOT_JSON"),
        (b'{"a":Infinity}', "BODY_NOT_JSON"),
        (b"\xff", "BODY_NOT_UTF8"),
        (b'{"a":{"b":1,"b":1}}', "BODY_NAME_TWICE"),
        (b"[" * 33 + b"]" * 33, "BODY_TOO_DEEP"),
        (b"[" * 10_000 + b"]" * 10_000, "BODY_TOO_DEEP"),
    ],
)
def test_texts_that_are_no_json_of_ours(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        text.read(body)
    assert caught.value.reason == reason


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "9" * 6_000, "-" + "9" * 100_000])
def test_a_number_that_json_does_not_have_is_named(number: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        text.read(f'{{"a":{number}}}'.encode())
    told = caught.value.violations[0]
    assert (told.field, told.reason) == ("body", "BODY_NOT_JSON")
    assert number[:20] in told.text.en
    assert number[:20] in told.text.zh
    assert len(told.text.en) < 200


def test_a_mark_of_byte_order_is_passed_over() -> None:
    assert text.read(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


@pytest.mark.parametrize("given", [100, "100", [1], True])
def test_an_amount_that_is_no_object_is_told_how_one_looks(given: Any) -> None:
    with pytest.raises(InvalidArgument) as caught:
        read(matching_service_pb2.FindMatchesRequest, {"ask": given})
    told = caught.value.violations[0]
    assert (told.field, told.reason) == ("ask", "NOT_AN_OBJECT")
    assert '"currency_code": "CNY"' in told.text.en
    assert '"currency_code": "CNY"' in told.text.zh


def test_depth_within_the_limit_is_read() -> None:
    assert text.read(b"[" * 32 + b"]" * 32)


def test_all_that_is_wrong_is_told_at_once_by_place() -> None:
    given = {"kind": 1, "limit": 2.5, "anchor": {"nam": "x"}, "ask": {"units": True}, "order_by": None}
    with pytest.raises(InvalidArgument) as caught:
        read(matching_service_pb2.FindMatchesRequest, given)
    found = [(each.field, each.reason) for each in caught.value.violations]
    assert found == [
        ("kind", "NOT_A_TEXT"),
        ("limit", "NOT_A_WHOLE_NUMBER"),
        ("anchor.nam", "UNKNOWN_FIELD"),
        ("ask.units", "NOT_A_WHOLE_NUMBER"),
    ]
    hint = caught.value.violations[2].text
    assert "name" in hint.en
    assert "name" in hint.zh


@pytest.mark.parametrize(
    ("kind", "given", "hint"),
    [
        (
            proposal_service_pb2.CreateProposalRequest,
            {"candidate": "x"},
            "candidate is no field here; is proposal.candidate meant?",
        ),
        (
            proposal_service_pb2.AdvanceProposalRequest,
            {"action": "REJECT"},
            "action is no field here; use name, state, reason, note, etag, request_id, validate_only",
        ),
        (empty_pb2.Empty, {"x": 1}, "x is no field here; there are none here"),
    ],
)
def test_who_writes_a_field_that_is_not_there_hears_which_are(kind: Any, given: Any, hint: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        read(kind, given)
    assert caught.value.violations[0].text.en == hint


def test_what_is_wrong_without_end_is_told_up_to_a_limit() -> None:
    with pytest.raises(InvalidArgument) as caught:
        read(matching_service_pb2.FindMatchesRequest, {f"x{number}": 1 for number in range(500)})
    assert len(caught.value.violations) == 50


def test_unknown_values_of_an_enumeration_keep_their_number() -> None:
    later: Any = 99
    assert _WRITER.to_json(match_event_pb2.MatchEvent(type=later))["type"] == later
    known = match_event_pb2.MatchEvent.Type.DESCRIPTOR.values_by_number[1].name
    assert _WRITER.to_json(match_event_pb2.MatchEvent(type=known))["type"] == known
