from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.feed.received import Poison
from services.chassis.log.cloudevents import OutgoingEvent, make_headers, parse
from services.chassis.log.log import Stored

AT = datetime(2026, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=8)))
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
EVENT = OutgoingEvent(
    id="e-1",
    topic="bole.persons.v1",
    aggregatetype="person",
    aggregateid="p-1",
    type="cn.gov.js.bole.person.changed.v1",
    source="/bole/talent",
    subject="persons/p-1",
    version=7,
    time=AT,
    payload=b"state",
    dataschema="bole.events.v1.PersonState",
    traceparent=TRACE,
)


def stored(event: OutgoingEvent, **changed: str | None) -> Stored:
    headers = {name: value for name, value in (make_headers(event) | changed).items() if value is not None}
    return Stored(event.topic, 3, event.aggregateid, event.payload, headers, AT.astimezone(UTC))


def test_an_event_survives_the_log() -> None:
    received = parse(stored(EVENT))
    assert (received.key, received.value, received.version) == ("p-1", b"state", 7)
    assert received.time == AT
    assert received.headers["ce_time"] == "2026-03-01T00:30:00Z"
    assert received.headers["traceparent"] == TRACE


@pytest.mark.parametrize("at", [datetime(2100, 1, 1, tzinfo=UTC), datetime.fromtimestamp(-1, UTC)])
def test_a_time_that_cannot_be_orders_nothing(at: datetime) -> None:
    received = parse(stored(EVENT._replace(time=at))._replace(time=at))
    assert (received.version, received.time) == (7, at)


def test_a_tombstone_has_a_version_and_no_content_type() -> None:
    received = parse(stored(EVENT._replace(payload=None)))
    assert received.value is None
    assert received.version == 7
    assert "content-type" not in received.headers


def test_a_malformed_trace_context_does_not_travel() -> None:
    assert "traceparent" not in make_headers(EVENT._replace(traceparent="00-" + "0" * 32 + "-1-01"))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce_specversion", "0.3"),
        ("ce_specversion", None),
        ("ce_id", None),
        ("ce_type", ""),
        ("ce_sequence", "0"),
        ("ce_sequence", "-1"),
        ("ce_sequence", "٣"),
        ("ce_sequence", "9" * 19),
        ("ce_sequence", "9" * 5000),
        ("ce_time", "yesterday"),
        ("ce_time", "2026-03-01T00:00:00"),
        ("ce_time", "0001-01-01T00:00:00+23:59"),
        ("ce_partitionkey", "p-2"),
        ("content-type", "application/json"),
        ("content-type", None),
        ("note", "a\0b"),
    ],
)
def test_what_is_not_an_event_is_poison_that_names_the_header(header: str, value: str | None) -> None:
    with pytest.raises(Poison) as caught:
        parse(stored(EVENT, **{header: value}))
    assert header in caught.value.reason


def test_a_flood_of_headers_is_poison() -> None:
    with pytest.raises(Poison, match="headers"):
        parse(stored(EVENT, **{f"x{n}": "1" for n in range(10_000)}))


@given(st.dictionaries(st.sampled_from(sorted(make_headers(EVENT))), st.text(max_size=40)))
def test_any_headers_are_read_or_refused(changed: dict[str, str]) -> None:
    try:
        received = parse(stored(EVENT, **changed))
    except Poison:
        return
    assert received.version >= 1
    assert received.key == "p-1"
    assert received.time.tzinfo is UTC
