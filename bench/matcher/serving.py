"""FindMatches through gRPC beside the same search in the process and an empty call: what the edge costs.

The search is the whole one: gates, scores, order. The answer through gRPC also has the parts of every score, titles and
masking. The same database and the same snapshot serve both sides.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import faiss
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from threadpoolctl import threadpool_limits

from bench.harness import Pair, Row, Run, median_seconds
from bench.matcher.people import World
from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.log.log import open_log
from services.chassis.rpc.channel import open_channel
from services.chassis.settings import load_settings
from services.cli.running import processes
from services.kernel.clock import SystemClock
from services.matcher.domain.item import ItemKind
from tests.integration.matcher.installed import Matcher, make_house, open_database, prepare
from tests.integration.matcher.producing import Producer

NAMES = ("matcher.query.grpc",)
_PEOPLE, _FIRMS, _ROUNDS, _CALLS = 100_000, 100, 5, 30
_TOGETHER = 2_000
_READY_SECONDS = 600.0
_AT_HAND: list[tuple[Matcher, Iterator[str]]] = []


def measure(run: Run) -> Iterator[Row]:
    """The one row."""
    with run.folder() as folder, ProcessPoolExecutor(1, get_context("spawn")) as beside:
        firms = _filled(run, folder)
        beside.submit(_read, folder, firms).result()
        with _served(folder) as channel:
            pair, empty = _in_turn(lambda: beside.submit(_searched).result(), channel, firms)
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


def _read(folder: Path, firms: list[str]) -> None:
    """In a process of its own, as fresh as the service: read the snapshot, for `_searched`."""
    faiss.omp_set_num_threads(1)
    threadpool_limits(1)
    matcher = Matcher.over(make_house(folder, open_database(_database(folder)), open_log(_log(folder))))
    matcher.read()
    matcher.end()  # what it has read stays; the service leads
    _AT_HAND.append((matcher, cycle(firms)))


def _searched() -> float:
    """Median seconds of a search there."""
    ((matcher, firms),) = _AT_HAND
    finder = matcher.engine.view.finder
    return median_seconds(lambda: finder.find("person-firm", (ItemKind.FIRM, next(firms)), 10), rounds=_CALLS)


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


def _in_turn(searched: Callable[[], float], channel: grpc.Channel, firms: list[str]) -> tuple[Pair, float]:
    """Medians of FindMatches and of the search with an empty call, of rounds of the same firms in turn; of an empty
    call. A round is long enough that each side finds the caches as it left them.
    """
    stub, health = (
        matching_service_pb2_grpc.MatchingServiceStub(channel),
        health_pb2_grpc.HealthStub(channel),
    )
    asked, nothing = cycle(firms), health_pb2.HealthCheckRequest()

    def find() -> None:
        anchor = anchor_pb2.Anchor(name=f"firms/{next(asked)}")
        stub.FindMatches(wire.FindMatchesRequest(kind="person-firm", anchor=anchor, limit=10), timeout=60)

    found, inside, empty = [], [], []
    for _ in range(_ROUNDS):
        found.append(median_seconds(find, rounds=_CALLS))
        inside.append(searched())
        empty.append(median_seconds(lambda: health.Check(nothing, timeout=60), rounds=_CALLS))
    return Pair(median(found), median(inside) + median(empty)), median(empty)
