"""A subscriber proves that nothing is missing and nothing came twice."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bole.matcher.v1 import match_event_pb2
from services.chassis.rpc.wire import instant_to_wire
from services.cli.matcher.stream import Arrival, Subscriber
from services.cli.session import Session

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


def heard(chain: Sequence[tuple[int, int]]) -> Subscriber:
    """A subscriber to whom events of (previous_sequence, sequence) came, without a connection."""
    subscriber = Subscriber(cast("Session", None))
    subscriber.arrivals.extend(
        Arrival(match_event_pb2.MatchEvent(previous_sequence=previous, sequence=sequence), NOW)
        for previous, sequence in chain
    )
    return subscriber


@pytest.mark.parametrize(
    ("chain", "gaps", "duplicates"),
    [
        ([], 0, 0),
        ([(4, 5)], 0, 0),
        ([(4, 5), (5, 9), (9, 10)], 0, 0),
        ([(4, 5), (6, 9)], 1, 0),
        ([(4, 5), (6, 9), (11, 12)], 2, 0),
        ([(4, 5), (5, 9), (5, 9)], 1, 1),
        ([(4, 5), (5, 9), (4, 5), (5, 9)], 1, 2),
    ],
)
def test_breaks_of_the_chain_are_counted(chain: list[tuple[int, int]], gaps: int, duplicates: int) -> None:
    subscriber = heard(chain)
    assert subscriber.gaps() == gaps
    assert subscriber.duplicates() == duplicates


def test_latency_is_from_the_commit_of_the_change_to_the_arrival() -> None:
    event = match_event_pb2.MatchEvent(change_time=instant_to_wire(NOW))
    assert Arrival(event, NOW + timedelta(milliseconds=250)).latency_ms == 250


def test_waiting_ends_at_once_when_the_events_are_there_and_in_time_when_not() -> None:
    subscriber = heard([(1, 2)])
    assert subscriber.wait_for_more(0, 60)
    assert not subscriber.wait_for_more(1, 0.01)
