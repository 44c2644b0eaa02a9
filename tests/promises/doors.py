"""What an installation under TLS says on the ports that speak plain: health, metrics and the console, to whoever asks
without a credential.
"""

from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from urllib.parse import quote

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from bole.matcher.v1 import matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.rpc.channel import open_channel
from services.cli.running import console_process, processes
from tests.contract.installation import OFFICER, Installation, staff_token
from tests.promises import heaps
from tests.promises.residue import words_in

SECONDS = 60.0
_PAGES = ("/", "/people", "/map", "/deals", "/matches", "/events", "/events/partners", "/duplicates")
_ANSWERS = ("/v1/persons", "/v1/teams", "/v1/partners", "/v1/events", "/v1/matches:watch")
_SENT_AWAY = {302, 303, 307, 401, 403}


def plain(house: Installation, ref: str, contact: Sequence[bytes], told: Sequence[bytes]) -> Iterator[str]:
    """What any of these ports says that it may not. `ref`: of the person whose contact data these are, and whose texts
    `told`, which an officer is shown at the same door.
    """
    words = [*contact, *told]
    for name in processes.SERVICES:
        yield from _health(name, str(getattr(house.settings, f"{name}_health_address")))
        yield from _metrics(name, str(getattr(house.settings, f"{name}_metrics_address")), words)
    console = console_process.start(house.settings, house.spawn)
    try:
        console_process.wait_ready(house.settings, console, SECONDS)
        yield from _console(house, ref, words)
        running = {"the console": console.pid}
        yield from heaps.leaves_a_core(running)
        yield from heaps.kept(running, contact)
    finally:
        console.terminate()
        console.wait(SECONDS)


def _health(name: str, address: str) -> Iterator[str]:
    """That the service serves, and nothing else."""
    with open_channel(address) as channel:
        asked = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        if asked.status != health_pb2.HealthCheckResponse.SERVING:
            yield f"the health port of {name} does not say that it serves"
        others = (
            (
                matching_service_pb2_grpc.MatchingServiceStub(channel).GetIndexStatus,
                matching_service_pb2.GetIndexStatusRequest(),
            ),
            (
                library_service_pb2_grpc.LibraryServiceStub(channel).ListPersons,
                library_service_pb2.ListPersonsRequest(),
            ),
        )
        for call, request in others:
            try:
                call(request, timeout=SECONDS)
                yield f"the health port of {name} answers more than health"
            except grpc.RpcError as error:
                if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                    yield f"the health port of {name} knows more than health: {error.code().name}"


def _metrics(name: str, address: str, words: Sequence[bytes]) -> Iterator[str]:
    status, body = _asked(address, "/metrics")
    if status != 200 or b"bole_rpc_handled" not in body:
        yield f"the metrics of {name} are not there"
    yield from (f"the metrics of {name}: {word}" for word in words_in(body, words))


def _console(house: Installation, ref: str, words: Sequence[bytes]) -> Iterator[str]:
    """Without a credential every page sends away, and every answer of the gateway is 401."""
    address = house.settings.console_address
    for path in (*_PAGES, *_ANSWERS):
        status, body = _asked(address, path)
        if status not in ({401} if path in _ANSWERS else _SENT_AWAY):
            yield f"the console answers {status} on {path} to nobody"
        yield from (f"the console on {path}: {word}" for word in words_in(body, words))
    token = staff_token(house, OFFICER)
    known = {"authorization": f"Bearer {token}", "x-bole-purpose": "talent-service"}
    filter_ = quote(f'source_ref = "{ref}"')
    _, body = _asked(address, f"/v1/persons?filter={filter_}", known)
    if not list(words_in(body, words)):
        yield "an officer is not shown the person at the console: nothing was looked for"


def _asked(address: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of one answer; no other address is followed to."""
    connection = HTTPConnection(address, timeout=SECONDS)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
