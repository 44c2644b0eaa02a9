"""What it costs that every list is kept: one person more, a feed of changes, and everything at once.

One change: a new person against the lists of 10,000 firms among 100,000 people, beside searching all those lists again
(a sample of them, extrapolated). The feed: changes of people on the embedded log until lists, events and offsets are
committed, with a lasting commit for every batch of a hundred. The load: a log full of people until all lists stand.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import faiss
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run, median_seconds
from bench.matcher.people import World
from services.chassis.log.log import open_log
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.lists.standing import Changes, StandingLists
from tests.integration.matcher.installed import Matcher, make_house, open_database, prepare
from tests.integration.matcher.producing import Producer

NAMES = ("matcher.change", "matcher.feed", "matcher.bulk")
_PEOPLE, _FIRMS, _SAMPLE = 100_000, 10_000, 100
_CHANGES, _BATCH = 4_000, 100
_KIND = KINDS["person-firm"]


def measure(run: Run) -> Iterator[Row]:
    """The three rows."""
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        if run.wants("matcher.change"):
            yield _change(run)
        if run.wants("matcher.feed") or run.wants("matcher.bulk"):
            with run.folder() as folder:
                yield from _followed(run, folder)


def _change(run: Run) -> Row:
    world = World(run.seed)
    people, firms = world.people(run.size(_PEOPLE)), world.firms(run.size(_FIRMS))
    encoder = LexicalEncoder.fitted([item.text for item in (*world.directions, *people[:4_000])])
    space = MatchSpace(world.codes, encoder, [*world.directions, *people, *firms])
    pairs = Pairs(space)
    lists = StandingLists([_KIND], pairs)
    lists.recompute()
    new = iter(world.people(60))

    def one() -> None:
        person = next(new)
        space.put(person)
        lists.update(Changes.of([(ItemKind.PERSON, person.id)]))

    ours = median_seconds(one, rounds=40)
    sample = [item.id for item in firms[:_SAMPLE]]
    started = time.perf_counter()
    pairs.best(_KIND, sample, _KIND.list_size)
    again = (time.perf_counter() - started) / len(sample) * len(firms)
    return run.row(
        "matcher.change",
        ours,
        "s",
        n=len(people),
        peer=f"searching all {len(firms):,} lists again, from {len(sample)}",
        peer_value=again,
        bar=1_000,
        note="encoded, put into the index, all lists asked, merged",
    )


def _followed(run: Run, folder: Path) -> Iterator[Row]:
    """A bulk load and then single changes, through log, feed, lists and database."""
    world, count = World(run.seed), run.size(50_000)
    database, log = open_database(f"sqlite:///{folder}/matcher.db"), open_log(f"sqlite:///{folder}/log.db")
    house = make_house(folder, database, prepare(log))
    matcher, producer = Matcher.over(house), Producer(log, house.settings.keys_dir, house.clock)
    people = world.people(count)
    for firm in world.firms(max(1, count // 50)):
        producer.firm(firm.id, firm.text, code=firm.leaves[0][0], city=str(firm.city))
    _tell(producer, people)
    started = time.perf_counter()
    matcher.follow()
    seconds = time.perf_counter() - started
    yield run.row(
        "matcher.bulk", count / seconds, "people/s", n=count, lower_is_better=False, peer="demanded",
        peer_value=5_000.0, bar=1.0, note=f"from the log to committed lists, {seconds:.1f} s; computed once",
    )  # fmt: skip
    changed = people[: run.size(_CHANGES)]
    seconds = 0.0
    for start in range(0, len(changed), _BATCH):
        _tell(producer, [replace(each, city="suzhou") for each in changed[start : start + _BATCH]])
        started = time.perf_counter()
        matcher.follow()
        seconds += time.perf_counter() - started
    yield run.row(
        "matcher.feed", len(changed) / seconds, "changes/s", n=count, lower_is_better=False,
        peer="demanded", peer_value=400.0, bar=1.0,
        note=f"{len(matcher.events()):,} events in all; SQLite, a lasting commit for every {_BATCH} changes",
    )  # fmt: skip
    matcher.end()
    log.close()
    database.close()


def _tell(producer: Producer, people: list[Item]) -> None:
    for person in people:
        producer.person(person.id, person.text, code=person.leaves[0][0], city=str(person.city))
