"""What the tests of the feed share: how a feed is made, what stands on its log, how it is read to the end."""

from collections.abc import Callable

from services.chassis.feed.feed import Feed
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Record
from services.chassis.log.sql_log import SqlLog

OTHER = "bole.others.v1"
MakeFeed = Callable[..., Feed]


def append(log: SqlLog, *events: OutgoingEvent) -> None:
    log.append([Record(e.topic, e.aggregateid, e.payload, make_headers(e)) for e in events])


def drain(feed: Feed) -> None:
    while feed.lag():
        feed.step()
