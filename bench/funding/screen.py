"""Screening through gRPC: a page with its reasons, total, sum and five facets; beside the bare SQL of the same."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import grpc
from sqlalchemy import Connection, text

from bench.funding.flow import FUND, filled
from bench.funding.serving import serving, settings_for
from bench.harness import Row, Run
from bole.funding.v1 import screening_service_pb2 as wire
from bole.funding.v1 import screening_service_pb2_grpc
from services.chassis.storage.db import Database
from services.funding.domain.fund.fund import Fund
from services.kernel.clock import SystemClock, civil_date

NAMES = ("funding.screen.",)
_FULL = 200_000
_ROUNDS = 3
_PAGE = 20
_FACETS = ("state", "city_code", "stage", "eligible", "industry_code")
# What was asked, and the same in SQL by hand. None of them restricts a dimension that is counted.
_ASKED = (
    ("", "1 = 1"),
    ("hard >= 40 AND ticket <= 2000万", "hard >= 40 AND ask_fen <= 2000000000"),
    ("early_gate = PASS AND small_gate = PASS", "early_gate = 'PASS' AND small_gate = 'PASS'"),
    ('submitted_date >= "2026-06-01" AND composite > 30', "{day} >= '2026-06-01' AND composite > 30"),
    ("direction_code:solid-storage", "directions LIKE '%\"solid-storage\"%'"),
)
_ELIGIBLE = (
    "(blocking = '[]' AND NOT ask_fen - held_fen > {headroom} AND NOT firm_held_fen + ask_fen > {most})"
)


def measure(run: Run) -> Iterator[Row]:
    """Both engines."""
    for engine in ("sqlite", "postgresql"):
        if run.wants(f"funding.screen.{engine}"):
            with run.folder() as folder, run.database_urls(folder) as urls:
                yield _on(run, engine, folder, urls[engine])


def _on(run: Run, engine: str, folder: Path, url: str) -> Row:
    size, today = run.size(_FULL), civil_date(SystemClock().now())
    with filled(url, today, size, run.seed) as database, serving(settings_for(folder, url)) as channel:
        ours, bare = _timed(channel, database)
    return run.row(
        f"funding.screen.{engine}",
        median(ours),
        "s",
        n=size,
        peer="the bare SQL of the same answers",
        peer_value=median(bare),
        bar=0.5,
        note=f"{len(_ASKED)} questions, a page of {_PAGE} with checks, scores and reasons, total, sum and five "
        f"facets each; p99 {quantiles(ours, n=100)[98] * 1000:.0f} ms through gRPC, "
        f"{quantiles(bare, n=100)[98] * 1000:.0f} ms bare",
    )


def _timed(channel: grpc.Channel, database: Database) -> tuple[list[float], list[float]]:
    """Seconds of every question, both ways in turn, after one round that is not counted."""
    stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    eligible = _eligible(database)
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(_ROUNDS + 1):
        for filter_, where in _ASKED:
            request = wire.ScreenDealsRequest(
                fund=f"funds/{FUND}", filter=filter_, facets=_FACETS, page_size=_PAGE
            )
            started = time.perf_counter()
            answer = stub.ScreenDeals(request, timeout=120)
            between = time.perf_counter()
            total, fen = _bare(database, where, eligible)
            ended = time.perf_counter()
            assert (answer.total_size, answer.total_ticket.units * 100) == (total, fen), filter_
            if turn:
                ours.append(between - started)
                bare.append(ended - between)
    return ours, bare


def _eligible(database: Database) -> str:
    with database.read() as session:
        fund = session.get_one(Fund, FUND)
    return _ELIGIBLE.format(headroom=fund.headroom_fen, most=(fund.paid_in_fen or 0) // 5)


def _bare(database: Database, where: str, eligible: str) -> tuple[int, int]:
    """Ids of the page, the total and sum, the facets; total and sum."""
    with database.engine.connect() as connection:
        zone = (
            "CAST(submitted_at AT TIME ZONE 'Asia/Shanghai' AS date)"
            if connection.dialect.name == "postgresql"
            else "date(submitted_at, '+8 hours')"
        )
        scope = f"FROM screened WHERE fund_id = '{FUND}' AND {where.format(day=zone)}"
        _rows(
            connection,
            f"SELECT deal_id {scope} ORDER BY {eligible} DESC, composite DESC NULLS LAST, coverage DESC, "
            f"submitted_at ASC NULLS LAST, deal_id LIMIT {_PAGE + 1}",
        )
        for column in ("state", "city", "stage", eligible, "industries"):
            _rows(connection, f"SELECT {column}, count(*), sum(ask_fen) {scope} GROUP BY 1")
        [(count, fen)] = _rows(connection, f"SELECT count(*), coalesce(sum(ask_fen), 0) {scope}")
        return int(count), int(fen)


def _rows(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(statement))]
