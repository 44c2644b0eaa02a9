"""P4: whoever follows the log hands over again and again, and nothing is lost, doubled or out of order."""

import random
import secrets
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from services.chassis.feed.offsets import FeedOffsets
from services.chassis.house import House
from services.chassis.log.log import open_log
from services.matcher.store.schema import shared
from tests.integration.matcher.changing import change, check_every_city
from tests.integration.matcher.installed import Matcher, check, load_some, make_house, open_database, prepare
from tests.integration.matcher.producing import OwnTopics, Producer
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm.house import until

LEVEL_SECONDS = 10.0
"""After a change of hands all that waits is followed in this time."""
READ_SECONDS = 300.0


def violations(engines: str, seed: int, times: int, level_seconds: float = LEVEL_SECONDS) -> list[str]:
    """Everything that does not hold after two matchers over one database took turns as often; what waits is followed in
    `level_seconds`.
    """
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = (f"sqlite:///{directory}/matcher.db", f"sqlite:///{directory}/log.db")
        if engines == "full":
            server = stack.enter_context(PostgresServer(durable=True))
            broker = stack.enter_context(KafkaServer())
            urls = (server.database_url(server.create_database()), broker.url)
        databases = [open_database(urls[0]) for _ in range(2)]
        for each in databases:
            stack.callback(each.close)
        log = prepare(OwnTopics(open_log(urls[1]), secrets.token_hex(4)))
        stack.callback(log.close)
        houses = [make_house(directory / str(at), each, log) for at, each in enumerate(databases)]
        return _turns(houses, random.Random(seed), times, level_seconds)


def _turns(houses: list[House], rng: random.Random, times: int, level_seconds: float) -> list[str]:
    """One leads, reads a part or all, settles or not, and is gone; the other goes on."""
    producer = Producer(houses[0].log, houses[0].settings.keys_dir, houses[0].clock)
    for house in houses[1:]:
        for key in houses[0].settings.keys_dir.iterdir():
            (house.settings.keys_dir / key.name).write_bytes(key.read_bytes())
    matchers = [Matcher.over(each) for each in houses]
    load_some(producer)
    found: list[str] = []
    for turn in range(times):
        leader = matchers[turn % 2]
        for step in range(rng.randrange(1, 4)):
            change(producer, rng, turn * 10 + step)
        began = time.monotonic()
        _read(leader)
        if rng.random() < 0.7:
            leader.settler.settle()
        if time.monotonic() - began > level_seconds:
            found.append(f"turn {turn}: not level after {time.monotonic() - began:.1f} s")
        leader.end()
        if not until(matchers[(turn + 1) % 2].settler.lead, READ_SECONDS) or leader.settler.lead():
            found.append(f"turn {turn}: the lead did not change hands")
    last = matchers[times % 2]
    _read(last)
    last.settler.settle()
    try:
        check(last)
        check_every_city(last)
    except AssertionError as error:
        found.append(f"events and lists differ: {error}")
    last.end()
    return found


def _read(matcher: Matcher) -> None:
    """To the end of the log, as a service does: whose place another one has moved looks again."""
    assert until(matcher.settler.lead, READ_SECONDS), "another one leads"
    stop = threading.Event()
    reading = threading.Thread(target=matcher.feed.rounds.run, args=(stop,), daemon=True)
    reading.start()
    level = until(lambda: _is_level(matcher), READ_SECONDS)
    stop.set()
    reading.join()
    assert level, f"the log was not read to its end: {matcher.feed.stopped_reason}"


def _is_level(matcher: Matcher) -> bool:
    """By what the database says: the feed's own idea may be an old one."""
    with matcher.house.database.read() as session:
        stored = FeedOffsets(shared.feed.offsets, matcher.feed.name, matcher.house.clock).load(session)
    return all(stored.get(topic, 0) >= matcher.house.log.end(topic) for topic in matcher.feed.topics)
