"""What other services report is kept in its newest version, whatever comes in whatever order."""

from datetime import UTC, datetime

import pytest

from bole.events.v1.statistical_return_event_pb2 import StatisticalReturnState
from services.chassis.feed.received import Poison, Received
from services.chassis.log.topics import FUNDING_RETURNS, MATCHER_RETURNS
from services.chassis.rpc.wire import instant_to_wire
from services.chassis.storage.db import Database
from services.talent.app import BLUEPRINT
from services.talent.domain.report.returns import Source
from services.talent.feed.returns import ReturnFeed
from services.talent.store.shortage import returns
from tests.integration.templates import Templates

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)


def event(topic: str, version: int, value: bytes | None) -> Received:
    return Received(topic, 1, "2026Q2", value, "t", version, AT, {})


def state(version: int, count: int, **further: str) -> bytes:
    figure = StatisticalReturnState.Figure(code="invested", value=count)
    given = {"id": "2026Q2", "method_version": "m", **further}
    made = StatisticalReturnState(version=version, known_time=instant_to_wire(AT), figures=[figure], **given)
    return made.SerializeToString()


def known(database: Database) -> list[tuple[Source, int, int]]:
    with database.read() as session:
        found = returns.of_quarters(session, ["2026Q2"])
    return [(each.source, each.version, each.figures[0][2]) for each in found]


def test_the_newest_version_stays_until_it_is_taken_back(database: Database, templates: Templates) -> None:
    templates.fill(database, BLUEPRINT)
    feed = ReturnFeed()

    def hear(topic: str, version: int, value: bytes | None) -> None:
        with database.write() as session:
            feed.handle(session, event(topic, version, value))

    for topic, version, count in ((FUNDING_RETURNS, 2, 7), (FUNDING_RETURNS, 1, 5), (MATCHER_RETURNS, 1, 3)):
        hear(topic.name, version, state(version, count))
    assert known(database) == [(Source.FUNDING, 2, 7), (Source.MATCHER, 1, 3)]
    for wrong in (
        b"\xff",
        state(3, 1, id="2026Q9"),
        state(3, 1, id="2026Q1"),
        state(3, 1, method_version=""),
    ):
        with pytest.raises(Poison):
            hear(FUNDING_RETURNS.name, 3, wrong)
    hear(FUNDING_RETURNS.name, 4, None)
    assert known(database) == [(Source.MATCHER, 1, 3)]
