"""Relay and feed in one process that works until nothing waits."""

import os
import sys
from pathlib import Path

from services.chassis.feed.feed import Feed
from services.chassis.log.sql_log import SqlLog
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import SystemClock
from tests.integration.chassis.effects import FEED_TABLES, OUTBOX, TOPIC, Effects


def main(database_url: str, log_file: str, *options: str) -> None:
    """With the option `--mended`, what was broken works."""

    def misbehave(payload: bytes) -> None:
        if payload == b"crash":
            os._exit(9)
        if payload == b"broken" and "--mended" not in options:
            raise ValueError

    database = Database(open_engine(database_url, pool_size=4))
    log = SqlLog(Path(log_file))
    clock = SystemClock()
    relay = Relay(database, OUTBOX, log, leader_lock(database.engine, "relay"), clock)
    while relay.publish_batch():
        pass
    feed = Feed("test", database, log, [TOPIC], Effects(misbehave), clock, tables=FEED_TABLES)
    feed.step()
    while feed.lag():
        feed.step()
    with database.write() as session:
        feed.dead_letters.request_replay(session, range(1, 10))
    for _ in range(2):
        feed.step()


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # to take an interpreter down takes longer than most of this work
