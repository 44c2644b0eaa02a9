"""Search over a whole library through gRPC: a page, its total and three facets; beside the bare SQL of the same."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import grpc
from sqlalchemy import func, select

from bench.harness import Row, Run
from bench.talent.library import filled
from bench.talent.serving import at_rest, serving, settings_for
from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc
from services.catalogue import load
from services.chassis.policy import Clearance, Level
from services.chassis.storage.db import Database
from services.chassis.storage.paging import PageTokens
from services.kernel.clock import SystemClock, civil_date
from services.talent.service.finding.search import Search
from services.talent.store import schema

NAMES = ("talent.search.",)
_FULL = 1_000_000
_ROUNDS = 3
_FACETS = ("category_code", "city_code", "availability")
_PAGE = 20
_PURPOSE = (("x-bole-purpose", "talent-service"),)
_ASKED = (
    ("王", ""),
    ("wang", ""),
    ("lij", ""),
    ("氢能", ""),
    ("量子 苏州", ""),
    ("研究院77", ""),
    ("张 氢能", "city_code = nanjing"),
    ("", "city_code = suzhou AND category_code = outstanding-engineer"),
    ("关键装备", "industry_code:hydrogen AND availability = NOW"),
    ("", ""),
)


def measure(run: Run) -> Iterator[Row]:
    """Both engines."""
    for engine in ("sqlite", "postgresql"):
        if run.wants(f"talent.search.{engine}"):
            with run.folder() as folder, run.database_urls(folder) as urls:
                yield _on(run, engine, folder, urls[engine])


def _on(run: Run, engine: str, folder: Path, url: str) -> Row:
    size, today = run.size(_FULL), civil_date(SystemClock().now())
    with (
        filled(url, today, size, 1, run.seed, findable=True) as database,
        serving(settings_for(folder, url)) as channel,
    ):
        at_rest(database)
        ours, bare = _timed(channel, database)
    return run.row(
        f"talent.search.{engine}",
        median(ours),
        "s",
        n=size,
        peer="the bare SQL of the same answers",
        peer_value=median(bare),
        note=f"{len(_ASKED)} questions, a page of {_PAGE}, its exact total and three facets each; "
        f"p99 {quantiles(ours, n=100)[98] * 1000:.0f} ms through gRPC, "
        f"{quantiles(bare, n=100)[98] * 1000:.0f} ms bare",
    )


def _timed(channel: grpc.Channel, database: Database) -> tuple[list[float], list[float]]:
    """Seconds of every question, both ways in turn, after one round that is not counted."""
    stub = library_service_pb2_grpc.LibraryServiceStub(channel)
    search = Search(load(), PageTokens(bytes(32)))
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(_ROUNDS + 1):
        for words, filter_ in _ASKED:
            request = wire.SearchPersonsRequest(query=words, filter=filter_, facets=_FACETS, page_size=_PAGE)
            started = time.perf_counter()
            answer = stub.SearchPersons(request, timeout=120, metadata=_PURPOSE)
            between = time.perf_counter()
            total = _bare(search, database, words, filter_)
            ended = time.perf_counter()
            assert answer.total_size == total, (words, filter_, answer.total_size, total)
            if turn:
                ours.append(between - started)
                bare.append(ended - between)
    return ours, bare


def _bare(search: Search, database: Database, words: str, filter_: str) -> int:
    """Ids of the page, the total, the facets; the number found."""
    cleared, person = Clearance(Level.PERSONAL), schema.person.c
    with database.read() as session:
        found = [search.people.condition(filter_), *search.people_found(session, words, cleared)]
        session.execute(select(person.id).where(*found).order_by(person.id).limit(_PAGE + 1)).all()
        search.people_facets(session, filter_, _FACETS, words, cleared)
        return session.execute(select(func.count()).select_from(schema.person).where(*found)).scalar_one()
