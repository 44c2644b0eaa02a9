"""P5: one record in a thousand is broken, and the others come as fast and exactly as if there were none."""

import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from services.chassis.feed.dead_letters import DeadLetter
from services.chassis.feed.feed import Feed
from services.chassis.log.cloudevents import make_headers
from services.chassis.log.log import Record, TopicPolicy
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import SystemClock
from tests.integration.chassis.effects import FEED_TABLES, METADATA, TOPIC, Effects, effects, event

KEYS = 50
PORTION = 100
PAGE = 100
SLOWER = 2.0
"""So many times the delay of a run without broken records, at the 99th percentile, may be."""
SLACK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Course:
    """What came of the records: the delay of each portion, what was set aside, and what took effect."""

    delays: list[float]
    letters: list[DeadLetter]
    forwarded: list[str]
    done: list[tuple[str, int]]
    replayed: list[tuple[str, int]]


def violations(seed: int, records: int, slack_seconds: float = SLACK_SECONDS) -> list[str]:
    """Everything that does not hold after as many records, a thousandth of them broken; drawn by a seed.

    `slack_seconds`: how much later than twice as late the others may come.
    """
    rng = random.Random(seed)
    good = list(_records(records))
    broken = [
        _broken(record, rng) if at in chosen else record
        for chosen in [set(rng.sample(range(records), max(1, records // 1000)))]
        for at, record in enumerate(good)
    ]
    clean, course = _run(good), _run(broken)
    bad = [record for record, was in zip(broken, good, strict=True) if record != was]
    return [*_slower(clean, course, slack_seconds), *_effects(course, good, bad), *_letters(course, bad)]


def _records(count: int) -> Iterator[Record]:
    for at in range(count):
        made = event(f"k{at % KEYS}", at // KEYS + 1)
        yield Record(made.topic, made.aggregateid, made.payload, make_headers(made))


def _broken(record: Record, rng: random.Random) -> Record:
    """Its payload says so, makes the handler raise, or it is no event at all; under a key of its own."""
    record = replace(record, key=f"{record.key}-{record.headers['ce_sequence']}")
    record = replace(record, headers={**record.headers, "ce_partitionkey": record.key})
    match rng.randrange(3):
        case 0:
            return replace(record, value=b"poison")
        case 1:
            return replace(record, value=b"broken")
    return replace(record, headers={k: v for k, v in record.headers.items() if k != "ce_time"})


def _run(records: list[Record]) -> Course:
    """Append portion by portion to a feed that runs, then mend the handler and handle again what was set aside."""
    mended = False

    def misbehave(payload: bytes) -> None:
        if payload == b"broken" and not mended:
            raise ValueError

    with tempfile.TemporaryDirectory() as directory:
        database = Database(open_engine(f"sqlite:///{directory}/service.db", pool_size=4))
        METADATA.create_all(database.engine)
        log = SqlLog(Path(directory) / "log.db")
        log.ensure_topics({TOPIC: TopicPolicy.RETAIN_30_DAYS})
        feed = Feed("test", database, log, [TOPIC], Effects(misbehave), SystemClock(), tables=FEED_TABLES)
        stop = threading.Event()
        thread = threading.Thread(target=feed.rounds.run, args=(stop,), daemon=True)
        thread.start()
        delays = [_delay(log, feed, records[at : at + PORTION]) for at in range(0, len(records), PORTION)]
        letters, done = _all_letters(database, feed), effects(database)
        stop.set()
        thread.join()
        feed.step()
        copies = (
            [each.headers["dlq_offset"] for each in log.read(f"{TOPIC}.dlq", 0, 10_000)] if letters else []
        )
        mended = True
        for start in range(0, len(letters), PAGE):
            with database.write() as session:
                feed.dead_letters.request_replay(session, [each.id for each in letters[start : start + PAGE]])
            feed.step()
        after = effects(database)[len(done) :]
        log.close()
        database.close()
    return Course(delays, letters, copies, done, after)


def _delay(log: SqlLog, feed: Feed, portion: list[Record]) -> float:
    """Seconds from the moment before the append to that after the effect."""
    began = time.monotonic()
    log.append(portion)
    end = log.end(TOPIC)
    while feed.position(TOPIC) < end:
        time.sleep(0.001)
    return time.monotonic() - began


def _all_letters(database: Database, feed: Feed) -> list[DeadLetter]:
    found: list[DeadLetter] = []
    while True:
        with database.read() as session:
            page = feed.dead_letters.waiting(session, after=found[-1].id if found else 0, limit=PAGE)
        found += page
        if len(page) < PAGE:
            return found


def _slower(clean: Course, course: Course, slack_seconds: float) -> Iterable[str]:
    usual, found = (sorted(each.delays)[len(each.delays) * 99 // 100] for each in (clean, course))
    if found > SLOWER * usual + slack_seconds:
        yield f"p99 {found * 1000:.0f} ms with broken records, {usual * 1000:.0f} ms without"


def _effects(course: Course, good: list[Record], bad: list[Record]) -> Iterable[str]:
    """Every good record once, in the order of its key; of the broken, only what the mended handler can do, once."""
    lost = {(each.headers["ce_id"]) for each in bad}
    expected = [
        (each.key, int(each.headers["ce_sequence"])) for each in good if each.headers["ce_id"] not in lost
    ]
    if sorted(course.done) != sorted(expected):
        yield f"{len(course.done)} effects, not each of {len(expected)} once"
    for key in {key for key, _ in expected}:
        versions = [version for name, version in course.done if name == key]
        if versions != sorted(versions):
            yield f"{key}: out of order"
    able = Counter((each.key, int(each.headers["ce_sequence"])) for each in bad if each.value == b"broken")
    if Counter(course.replayed) != able:
        yield f"handled again: {len(course.replayed)} effects, not each of {len(able)} once"


def _letters(course: Course, bad: list[Record]) -> Iterable[str]:
    """Each broken record is set aside once, as it was, with its place and a reason; and copied once."""
    kept = [(each.record.key, each.record.value, dict(each.record.headers)) for each in course.letters]
    if kept != [(each.key, each.value, dict(each.headers)) for each in bad]:
        yield f"{len(kept)} records set aside, not each of {len(bad)} once and as it was"
    if not all(each.reason for each in course.letters):
        yield "a record was set aside without a reason"
    if course.forwarded != [str(each.record.offset) for each in course.letters]:
        yield f"{len(course.forwarded)} records on the dead-letter topic, not each of {len(bad)} once"
