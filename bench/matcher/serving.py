"""FindMatches through gRPC beside the same search in the process and an empty call: what the edge costs.

The search is the whole one: gates, scores, order. The answer through gRPC also has the parts of every score, titles and
masking. The same database and the same snapshot serve both sides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import faiss
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from threadpoolctl import threadpool_limits

from bench.harness import Pair, Row, Run, interleaved, median_seconds
from bench.matcher.people import World
from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.identity import Grant
from services.chassis.keys import ensure_local_keys
from services.chassis.log import open_log
from services.chassis.rpc.channel import open_channel
from services.chassis.settings import load_settings
from services.chassis.tokens import issue_local_token
from services.cli import processes
from services.kernel.clock import SystemClock
from services.matcher.corpus.finding import Finder
from services.matcher.domain.item import ItemKind
from tests.integration.matcher.installed import Matcher, make_house, open_database, prepare
from tests.integration.matcher.producing import Producer

NAMES = ("matcher.query.grpc",)
_PEOPLE, _FIRMS, _CALLS = 100_000, 100, 60
_TOGETHER = 2_000
_READY_SECONDS = 600.0


def measure(run: Run) -> Iterator[Row]:
    """The one row."""
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1), run.folder() as folder:
        firms = _filled(run, folder)
        matcher_house = make_house(folder, open_database(_database(folder)), open_log(_log(folder)))
        matcher = Matcher.over(matcher_house)
        matcher.read()
        matcher.end()  # what it has read stays; the process leads
        with _served(folder) as channel:
            pair, empty = _in_turn(matcher.engine.view.finder, channel, firms)
    search = pair.peer - empty
    yield run.row(
        "matcher.query.grpc",
        pair.ours,
        "s",
        n=run.size(_PEOPLE),
        peer="the search in the process and an empty call",
        peer_value=pair.peer,
        bar=0.5,
        note=f"search {search * 1e3:.1f} ms, empty call {empty * 1e3:.2f} ms; ten candidates with reasons; in turn",
    )


def _database(folder: Path) -> str:
    return f"sqlite:///{folder}/matcher.db"


def _log(folder: Path) -> str:
    return f"sqlite:///{folder}/log.db"


def _filled(run: Run, folder: Path) -> list[str]:
    """Ids of the firms, once everybody is in the database and in the snapshot."""
    world = World(run.seed)
    database, log = open_database(_database(folder)), open_log(_log(folder))
    house = make_house(folder, database, prepare(log))
    matcher, producer = Matcher.over(house), Producer(log, house.settings.keys_dir, house.clock)
    firms = world.firms(_FIRMS)
    for firm in firms:
        producer.firm(firm.id, firm.text, code=firm.leaves[0][0], city=str(firm.city))
    people = iter(world.people(run.size(_PEOPLE)))
    while some := list(islice(people, _TOGETHER)):
        with producer.together():
            for person in some:
                producer.person(person.id, person.text, code=person.leaves[0][0], city=str(person.city))
    matcher.follow()
    matcher.engine.save()
    matcher.end()
    database.close()
    log.close()
    return [firm.id for firm in firms]


@contextmanager
def _served(folder: Path) -> Iterator[grpc.Channel]:
    """A channel to a matcher of its own process over the same database."""
    settings = processes.free_addresses(
        load_settings({"BOLE_DATA_DIR": str(folder), "BOLE_LOG_LEVEL": "WARNING"})
    )
    ensure_local_keys(settings.keys_dir)
    running = processes.start(settings, ("matcher",))
    try:
        processes.wait_ready(running, _READY_SECONDS)
        grant = Grant("talent_officer", purposes=frozenset({"talent-service"}))
        token = issue_local_token(
            settings.keys_dir, "bench", [grant], timedelta(hours=2), SystemClock().now()
        )
        with open_channel(settings.matcher_address, token=lambda: token) as channel:
            yield channel
    finally:
        processes.stop(running)


def _in_turn(finder: Finder, channel: grpc.Channel, firms: list[str]) -> tuple[Pair, float]:
    """Medians of FindMatches and of the search with an empty call, for the same firms in turn; of an empty call."""
    stub, health = (
        matching_service_pb2_grpc.MatchingServiceStub(channel),
        health_pb2_grpc.HealthStub(channel),
    )
    asked, searched = cycle(firms), cycle(firms)

    def find() -> None:
        anchor = anchor_pb2.Anchor(name=f"firms/{next(asked)}")
        stub.FindMatches(wire.FindMatchesRequest(kind="person-firm", anchor=anchor, limit=10), timeout=60)

    def nothing() -> None:
        health.Check(health_pb2.HealthCheckRequest(), timeout=60)

    def search() -> None:
        finder.find("person-firm", (ItemKind.FIRM, next(searched)), 10)
        nothing()

    return interleaved(find, search, rounds=_CALLS), median_seconds(nothing, rounds=_CALLS)
