"""The matcher without its threads: the feed and the settling take one step when a test says so."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.catalogue import Catalogue, load
from services.chassis.audit.audit import Audit
from services.chassis.house import House
from services.chassis.keys import ensure_local_keys, load_key, load_key_encryption_keys
from services.chassis.log.log import Log
from services.chassis.log.topics import MATCHER_TELLS, policies
from services.chassis.outbox.journal import Journal
from services.chassis.process.leadership import leader_lock
from services.chassis.request_log import RequestLog
from services.chassis.sealing import KeyRing
from services.chassis.settings import load_settings
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate
from services.chassis.storage.paging import PageTokens
from services.chassis.telemetry.metrics import Metrics
from services.kernel.clock import SystemClock
from services.kernel.ids import TimeOrderedIds
from services.matcher.app import BLUEPRINT
from services.matcher.beforehand import Beforehand
from services.matcher.encode.encoder import Family
from services.matcher.feed import TOPICS, ItemFeed, LeaderFeed
from services.matcher.hub import Hub
from services.matcher.opening import Opener
from services.matcher.service.cohorts import Cohorts
from services.matcher.service.engine import Engine
from services.matcher.service.proposals import Proposals
from services.matcher.service.settling import Settler
from services.matcher.store.mapping import map_aggregates
from services.matcher.store.schema import match_event, shared, standing_match
from tests.integration.matcher.producing import Producer

Pair = tuple[str, str, str]


def make_house(directory: Path, database: Database, log: Log) -> House:
    """What the matcher is built from, over a migrated database."""
    settings = load_settings({"BOLE_DATA_DIR": str(directory)})
    ensure_local_keys(settings.keys_dir)
    clock = SystemClock()
    ids = TimeOrderedIds(clock)
    return House(
        settings,
        clock,
        ids,
        database,
        log,
        shared,
        Journal(shared.history, shared.outbox, "/bole/matcher", ids, clock),
        RequestLog(shared.request_log, clock),
        Audit(shared.audit),
        PageTokens(load_key(settings.keys_dir, "page")),
        Metrics("matcher"),
    )


@dataclass
class Matcher:
    """One process of the matcher, so to speak; several may share a database."""

    house: House
    engine: Engine
    hub: Hub
    settler: Settler
    feed: LeaderFeed

    @classmethod
    def over(
        cls,
        house: House,
        hub: Hub | None = None,
        catalogue: Catalogue | None = None,
        family: Family | None = None,
    ) -> "Matcher":
        catalogue = catalogue or load()
        engine = Engine(catalogue, house.settings.data_dir / "matcher", family, house.clock)
        hub = hub or Hub()
        settler = Settler(house, engine, hub, leader_lock(house.database.engine, "settler"))
        keys = KeyRing(load_key_encryption_keys(house.settings.keys_dir))
        map_aggregates()
        proposals = Proposals(engine, house.journal, house.requests, house.ids, house.clock)
        opener = Opener(keys, catalogue)
        handler = ItemFeed(opener, proposals, settler.received)
        feed = LeaderFeed(house, handler, Beforehand(opener, settler.ahead), settler.leading)
        return cls(house, engine, hub, settler, feed)

    def read(self) -> None:
        """Lead, and read the log to its end."""
        deadline = time.monotonic() + 300
        while not self.settler.lead():  # a server notices a moment later that the leader before has died
            assert time.monotonic() < deadline, "another one leads"
        self.feed.step()
        while self.feed.lag():
            self.feed.step()

    def follow(self) -> None:
        """Read, and let the lists follow."""
        self.read()
        self.settler.settle()

    def end(self) -> None:
        """What a dead process leaves to others: its lock."""
        self.settler._lock.release()

    def events(self) -> list[Any]:
        with self.house.database.read() as session:
            return list(session.execute(select(match_event).order_by(match_event.c.sequence)))

    def lists(self) -> dict[Pair, float]:
        """The announced score of every standing pair."""
        with self.house.database.read() as session:
            return {
                (row.kind, row.anchor_id, row.candidate_id): row.announced
                for row in session.execute(select(standing_match))
            }


def cohorts_of(house: House) -> Cohorts:
    """The decades of birth on its log."""
    opener = Opener(KeyRing(load_key_encryption_keys(house.settings.keys_dir)), load())
    return Cohorts(house.log, house.database, opener)


def open_database(url: str) -> Database:
    """The matcher's database, migrated."""
    database = Database(open_engine(url, pool_size=8, busy_seconds=120))
    migrate(database.engine, BLUEPRINT.migrations, BLUEPRINT.name)
    return database


def prepare(log: Log) -> Log:
    """The log with the topics that the matcher reads and tells: a broker is busy for a while with every further one."""
    known = policies()
    read = (*TOPICS, *(f"{name}.dlq" for name in TOPICS))
    log.ensure_topics({name: known[name] for name in (*read, *(topic.name for topic in MATCHER_TELLS))})
    return log


def fold(events: Iterable[Any]) -> dict[Pair, float]:
    """What somebody knows who has followed these events; a withdrawal of the unknown is an error."""
    known: dict[Pair, float] = {}
    for each in events:
        pair = (each.kind, each.anchor_id, each.candidate_id)
        if each.type == "ERASED":
            assert not any(each.candidate_id in ids for _, *ids in known)
        elif each.type == "WITHDRAWN":
            del known[pair]
        else:
            assert (pair in known) == (each.type == "RESCORED")
            known[pair] = each.log_odds
    return known


def check(matcher: Matcher) -> None:
    """Sequences without gap, and the events tell exactly what the lists hold."""
    events = matcher.events()
    assert [each.sequence for each in events] == list(range(1, len(events) + 1))
    assert fold(events) == matcher.lists()


def load_some(producer: Producer, count: int = 6) -> None:
    """A few people, positions, firms and a fund."""
    with producer.together():
        for number in range(count):
            producer.person(f"p{number}", TEXTS[number % len(TEXTS)], code=CODES[number % len(CODES)])
            producer.position(f"o{number}", TEXTS[number % len(TEXTS)], code=CODES[number % len(CODES)])
            producer.firm(f"f{number}", TEXTS[number % len(TEXTS)], code=CODES[number % len(CODES)])
        producer.fund("angel")


CODES = ("sic", "seawater-h2", "large-model")
TEXTS = (
    "碳化硅外延生长与缺陷控制，主持厚膜外延片项目",
    "海水直接电解制氢电解槽设计，膜电极耐氯腐蚀",
    "行业大模型训练与推理加速",
    "功率器件封装与可靠性试验",
)
