"""Screening a fund's flow by words of its firms, beside the same list without the words."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import grpc

from bench.funding.flow import BRANDS, FUND, filled
from bench.funding.serving import serving, settings_for
from bench.harness import Row, Run
from bole.funding.v1 import screening_service_pb2 as wire
from bole.funding.v1 import screening_service_pb2_grpc
from services.kernel.clock import SystemClock, civil_date

NAMES = ("funding.words.",)
_FULL = 200_000
_ROUNDS = 5
_PAGE = 20
_FACETS = ("state", "city_code", "stage", "eligible", "industry_code")
# By characters, by initials, by pinyin and a city, and by what few firms are called.
_WORDS = (BRANDS[1], "qtkj", "lz suzhou", f"{BRANDS[4]}科技17")


def measure(run: Run) -> Iterator[Row]:
    """Both engines."""
    for engine in ("sqlite", "postgresql"):
        if run.wants(f"funding.words.{engine}"):
            with run.folder() as folder, run.database_urls(folder) as urls:
                yield _on(run, engine, folder, urls[engine])


def _on(run: Run, engine: str, folder: Path, url: str) -> Row:
    size, today = run.size(_FULL), civil_date(SystemClock().now())
    with filled(url, today, size, run.seed), serving(settings_for(folder, url)) as channel:
        found, all_ = _timed(channel, size)
    return run.row(
        f"funding.words.{engine}",
        median(found),
        "s",
        n=size,
        peer="the same list without words",
        peer_value=median(all_),
        bar=0.5,
        note=f"{len(_WORDS)} questions by characters, initials, pinyin and city, a page of {_PAGE} with total, sum "
        f"and five facets; p99 {quantiles(found, n=100)[98] * 1000:.0f} ms with words, "
        f"{quantiles(all_, n=100)[98] * 1000:.0f} ms without",
    )


def _timed(channel: grpc.Channel, size: int) -> tuple[list[float], list[float]]:
    """Seconds of every question with and without words in turn, after one round that is not counted."""
    stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    found: list[float] = []
    all_: list[float] = []
    for turn in range(_ROUNDS + 1):
        for words in _WORDS:
            started = time.perf_counter()
            some = _asked(stub, f'firm_words:"{words}"')
            between = time.perf_counter()
            whole = _asked(stub, "")
            ended = time.perf_counter()
            assert 0 < some < whole == size, words
            if turn:
                found.append(between - started)
                all_.append(ended - between)
    return found, all_


def _asked(stub: screening_service_pb2_grpc.ScreeningServiceStub, filter_: str) -> int:
    request = wire.ScreenDealsRequest(fund=f"funds/{FUND}", filter=filter_, facets=_FACETS, page_size=_PAGE)
    return stub.ScreenDeals(request, timeout=120).total_size
