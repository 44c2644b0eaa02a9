"""However the matcher starts, it has the same lists: snapshot, database alone, or the compacted topics alone."""

import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from services.chassis.house import House
from services.chassis.log.log import Log, Record, open_log
from services.matcher.app import BLUEPRINT
from services.matcher.encode.encoder import Encoded
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.feed import TOPICS
from services.matcher.index.directory import read_directory
from tests.integration.matcher.changing import change
from tests.integration.matcher.installed import TEXTS, Matcher, load_some, open_database, prepare
from tests.integration.matcher.producing import Producer
from tests.servers.schemas import empty_schema


def top_hash(matcher: Matcher) -> str:
    """Of every place of every list with its exact score."""
    lists = sorted(matcher.engine.lists.all().items())
    places = [(key, [(place.id, place.log_odds.hex()) for place in listed]) for key, listed in lists]
    return sha256(repr(places).encode()).hexdigest()


def compacted(log: Log, into: Log) -> Log:
    """A log that holds the last word about every key and nothing else, tombstones included."""
    last: dict[tuple[str, str], Record] = {}
    for topic in TOPICS:
        at = 0
        while at < log.end(topic):
            for each in log.read(topic, at, 500, 1.0):
                last.pop((topic, each.key), None)
                last[topic, each.key] = Record(topic, each.key, each.value, each.headers)
                at = each.offset + 1
    into.append(list(last.values()))
    return into


def test_snapshot_database_and_compacted_topics_give_the_same_lists(
    matcher: Matcher, producer: Producer, tmp_path: Path
) -> None:
    rng = random.Random(9)
    load_some(producer)
    matcher.follow()
    matcher.engine.save()
    for step in range(16):
        change(producer, rng, step)
    matcher.follow()
    expected, events = top_hash(matcher), len(matcher.events())
    matcher.end()
    snapshot = matcher.house.settings.data_dir / "matcher" / "snapshot"
    assert started(matcher.house) == (expected, events)
    for path in snapshot.rglob("person-dense.npy"):
        path.write_bytes(path.read_bytes()[:-5])
    assert started(matcher.house) == (expected, events)
    shutil.rmtree(snapshot)
    log = compacted(matcher.house.log, prepare(open_log(f"sqlite:///{tmp_path}/compacted.db")))
    shutil.copyfile(empty_schema(BLUEPRINT), tmp_path / "fresh.db")
    database = open_database(f"sqlite:///{tmp_path}/fresh.db")
    assert started(replace(matcher.house, database=database, log=log))[0] == expected
    database.close()
    log.close()


def test_a_start_reads_on_where_snapshot_and_database_are(
    matcher: Matcher, producer: Producer, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_some(producer)
    matcher.follow()
    matcher.engine.save()
    covered = {topic: matcher.feed.position(topic) for topic in TOPICS}
    directory = matcher.house.settings.data_dir / "matcher" / "snapshot"
    assert read_directory(directory)[1]["offsets"] == covered
    matcher.end()
    producer.person("later", TEXTS[0])
    encoded: list[str] = []
    encode = LexicalEncoder.encode

    def noted(encoder: LexicalEncoder, texts: Sequence[str], counts: csr_array | None = None) -> Encoded:
        encoded.extend(texts)
        return encode(encoder, texts, counts)

    following = Matcher.over(matcher.house)
    monkeypatch.setattr(LexicalEncoder, "encode", noted)
    assert following.settler.lead()
    assert {topic: following.feed.position(topic) for topic in TOPICS} == covered
    assert not encoded
    following.follow()
    assert encoded == [f"工程师\n\n{TEXTS[0]}"]
    expected = top_hash(following)
    following.end()
    shutil.rmtree(directory)
    assert started(matcher.house)[0] == expected


def test_a_snapshot_that_is_later_than_the_database_is_not_used(
    matcher: Matcher, producer: Producer, tmp_path: Path
) -> None:
    load_some(producer)
    matcher.follow()
    matcher.engine.save()
    matcher.end()
    log = prepare(open_log(f"sqlite:///{tmp_path}/other.db"))
    shutil.copyfile(empty_schema(BLUEPRINT), tmp_path / "before.db")
    database = open_database(f"sqlite:///{tmp_path}/before.db")
    earlier = replace(matcher.house, database=database, log=log)
    others = Producer(log, earlier.settings.keys_dir, earlier.clock)
    others.person("p0", TEXTS[2], code="large-model")
    others.position("o0", TEXTS[2], code="large-model")
    found = started(earlier)
    shutil.rmtree(earlier.settings.data_dir / "matcher" / "snapshot")
    assert started(earlier) == found
    database.close()
    log.close()


def started(house: House) -> tuple[str, int]:
    """The lists of a process that starts now, and how many events there are then."""
    matcher = Matcher.over(house)
    matcher.follow()
    matcher.end()
    return top_hash(matcher), len(matcher.events())


def test_who_is_erased_is_gone_from_the_snapshot_when_the_process_ends(
    matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    matcher.engine.save()
    snapshot = matcher.house.settings.data_dir / "matcher" / "snapshot"
    assert "p0" in _ids(snapshot)
    producer.erase("p0")
    matcher.follow()
    assert "p0" in _ids(snapshot)
    matcher.settler.start()
    matcher.settler.stop()
    deadline = time.monotonic() + 120
    while _ids(snapshot) != {f"p{number}" for number in range(1, 6)}:
        assert time.monotonic() < deadline, "the snapshot was not written anew"


def _ids(snapshot: Path) -> set[str]:
    """Of the people in the present generation; empty while that is replaced."""
    try:
        return set(np.load(snapshot / (snapshot / "CURRENT").read_text() / "person-ids.npy").tolist())
    except OSError:
        return set()
