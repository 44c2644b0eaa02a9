"""Waiting for the index: as long as it moves, and no longer when it stands still behind the log."""

from typing import Any

import pytest

from bole.matcher.v1 import matching_service_pb2 as wire
from services.cli.running import levelling
from services.kernel.errors import Unavailable
from tests.unit.cli.matcher_double import MatcherDouble, session

Topic = wire.IndexStatus.TopicPosition


def status(offset: int, *, level: bool = False) -> wire.IndexStatus:
    topic = Topic(topic="bole.persons.v1", next_offset=offset, end_offset=100)
    return wire.IndexStatus(level=level, topics=[topic], last_sequence=offset)


class Index(MatcherDouble):
    """Answers with each status in turn, then with the last one for ever."""

    def __init__(self, *statuses: wire.IndexStatus) -> None:
        super().__init__()
        self.statuses = list(statuses)

    def GetIndexStatus(self, request: Any, context: Any) -> wire.IndexStatus:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


def waited(*statuses: wire.IndexStatus) -> wire.IndexStatus:
    """What waiting ends with, on a clock that goes on by 30 seconds at every pause."""
    clock = [0.0]

    def pause(_: float) -> None:
        clock[0] += 30.0

    with session(Index(*statuses)) as opened:
        return levelling.wait_level(opened, 60.0, pause=pause, now=lambda: clock[0])


def test_an_index_that_moves_is_waited_for_however_long_it_takes() -> None:
    slowly = [status(offset) for offset in range(100)]
    assert waited(*slowly, status(100, level=True)).topics[0].next_offset == 100


def test_an_index_that_stands_still_behind_the_log_is_told_of() -> None:
    with pytest.raises(Unavailable) as caught:
        waited(status(7), status(40))
    assert caught.value.reason == "INDEX_NOT_LEVEL"
    assert "60 条" in caught.value.text.zh
    assert "60 records" in caught.value.text.en


def test_level_for_one_look_is_not_yet_level() -> None:
    seen = waited(status(10, level=True), status(50), *[status(100, level=True)] * 8)
    assert seen.last_sequence == 100
