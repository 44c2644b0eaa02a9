"""Requests per second through the gateway beside the same calls by gRPC: what HTTP and JSON cost.

Services and gateway are processes of their own; eight callers ask for people one by one, each over a connection that
stays open, from one process that the measured ones share the machine with. Rounds of both sides alternate.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from statistics import median
from typing import Any

import uvicorn

from bench.harness import Row, Run
from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc
from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.rpc.channel import open_aio_channel, open_channel
from services.chassis.settings import Settings, load_settings
from services.cli.answers.output import Format, Output
from services.cli.running import processes
from services.cli.session import Session
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.console.gateway.backend import Backend
from services.console.gateway.gateway import Gateway
from services.kernel.clock import civil_date
from services.sample import write_sample
from tests.servers.ports import free_port

NAMES = ("console.gateway",)
_CALLERS, _CALLS, _ROUNDS = 8, 1_600, 5
_READY_SECONDS = 600.0
_PURPOSE = "talent-service"


def measure(run: Run) -> Iterator[Row]:
    """The one row."""
    calls = run.size(_CALLS)
    with run.folder() as folder:
        given = {"BOLE_DATA_DIR": str(folder), "BOLE_LOG_LEVEL": "WARNING"}
        settings = processes.free_addresses(load_settings(given))
        with _served(settings) as (port, token, names):
            ours, theirs = asyncio.run(_measured(settings, port, token, names, calls))
    yield run.row(
        "console.gateway",
        ours,
        "requests/s",
        n=calls,
        peer="the same calls by gRPC",
        peer_value=theirs,
        bar=0.5,
        lower_is_better=False,
        note=f"{_CALLERS} callers; a person with personal fields, which are audited; callers, gateway and "
        "service share the machine",
    )


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[int, str, list[str]]]:
    """Port of the gateway, a token, and names of people, while the talent service runs."""
    ensure_local_keys(settings.keys_dir)
    running, port = processes.start(settings, ("talent",)), free_port()
    gateway = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(settings.talent_address, port), daemon=True
    )
    try:
        processes.wait_ready(running, _READY_SECONDS)
        now = datetime.now(UTC)
        grant = Grant("talent_officer", purposes=frozenset({_PURPOSE}))
        token = issue_local_token(settings.keys_dir, "bench", [grant], timedelta(hours=2), now)
        gateway.start()
        yield port, token, _people(settings, token, now)
    finally:
        if gateway.pid is not None:
            gateway.terminate()
            gateway.join()
        processes.stop(running)


def _serve(talent: str, port: int) -> None:
    gateway = Gateway(Backend({"talent": talent, "funding": talent, "matcher": talent}))
    uvicorn.run(gateway, host="127.0.0.1", port=port, log_config=None, access_log=False)


def _people(settings: Settings, token: str, now: datetime) -> list[str]:
    workbook = settings.data_dir / "sample.xlsx"
    write_sample(workbook, "small", as_of=civil_date(now))
    staff = Session(settings, Output(Format.TABLE, "zh"), token=token)
    importing.send(staff, "talent", workbook, Mode.IMPORT_MODE_GOOD_ROWS)
    staff.close()
    with open_channel(settings.talent_address, token=lambda: token) as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        return [each.name for each in stub.ListPersons(wire.ListPersonsRequest(page_size=100)).persons]


async def _measured(
    settings: Settings, port: int, token: str, names: list[str], calls: int
) -> tuple[float, float]:
    """Requests per second through the gateway and by gRPC: medians of alternating rounds."""
    await _listening(port)
    async with open_aio_channel(settings.talent_address, token=lambda: token, purpose=_PURPOSE) as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        connections = [_Connection(port, token) for _ in range(_CALLERS)]
        by_http: list[float] = []
        by_grpc: list[float] = []
        for _ in range(_ROUNDS):
            by_http.append(await _rate([each.get for each in connections], names, calls))
            for each in connections:
                each.close()  # a server closes what is idle while the other side is measured
            by_grpc.append(await _rate([_by_grpc(stub)] * _CALLERS, names, calls))
    return median(by_http), median(by_grpc)


async def _listening(port: int) -> None:
    """Wait until the gateway takes connections."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)  # nothing tells when the port is open
        else:
            writer.close()
            return


Ask = Callable[[str], Awaitable[None]]


async def _rate(asks: list[Ask], names: list[str], calls: int) -> float:
    """Answers per second of so many callers, each of whom asks again as soon as it is answered."""
    share = max(1, calls // len(asks))

    async def caller(ask: Ask) -> None:
        everybody = cycle(names)
        for _ in range(share):
            await ask(next(everybody))

    began = time.perf_counter()
    await asyncio.gather(*(caller(each) for each in asks))
    return share * len(asks) / (time.perf_counter() - began)


def _by_grpc(stub: Any) -> Ask:
    async def ask(name: str) -> None:
        person = await stub.GetPerson(wire.GetPersonRequest(name=name))
        assert person.name == name

    return ask


class _Connection:
    """One caller's connection by HTTP/1.1, kept open; as little work of its own as can be."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = f"HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n"
        self._headers += f"x-bole-purpose: {_PURPOSE}\r\n\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, name: str) -> None:
        """Ask for a person; AssertionError for any other answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(f"GET /v1/{name} {self._headers}".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        assert name.encode() in body, body

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
