"""What anybody may send before it is a request, and how long it may take."""

import http.client
import socket
from collections.abc import Iterator

import pytest

from services.console.web.connections import MOST_HEAD_BYTES, Connection
from tests.contract.console.door import Door, opened
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation

START = b"GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n"
FAR_TOO_MUCH = 64 * 1024 * 1024


@pytest.fixture
def hasty(whole: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(Connection, "head_seconds", 0.3)
    with opened(whole) as door:
        yield door


@pytest.mark.parametrize(
    "head",
    [
        START + b"X: " + b"a" * FAR_TOO_MUCH,
        START + b"X: a\r\n" * (FAR_TOO_MUCH // 6),
        b"GET /v1/persons?filter=" + b"a" * FAR_TOO_MUCH,
        b"\r\n" * (FAR_TOO_MUCH // 2),
    ],
    ids=["one header", "many headers", "an address", "nothing at all"],
)
def test_a_head_without_end_is_refused_and_its_connection_closed(door: Door, head: bytes) -> None:
    answer, sent = exchange(door, head)
    assert sent < FAR_TOO_MUCH  # the rest was not even taken
    assert answer == b"" or answer.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))


def test_a_head_at_the_limit_is_taken_and_one_header_more_is_not(door: Door) -> None:
    taken, refused = (START + b"X: a\r\n" * number + b"Connection: close\r\n\r\n" for number in (198, 199))
    assert exchange(door, taken)[0].startswith(b"HTTP/1.1 200 ")
    answer = exchange(door, refused)[0].decode()
    assert answer.startswith("HTTP/1.1 431 ")
    assert "请缩短" in answer
    assert "shorten them" in answer
    long = START + b"X: " + b"a" * (MOST_HEAD_BYTES - 200) + b"\r\nConnection: close\r\n\r\n"
    assert exchange(door, long)[0].startswith(b"HTTP/1.1 200 ")


def test_what_is_no_http_is_told_so_in_both_languages(door: Door) -> None:
    answer = exchange(door, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")[0].decode()
    assert answer.startswith("HTTP/1.1 400 ")
    assert "请求不是合法的 HTTP" in answer
    assert "not valid HTTP" in answer


@pytest.mark.parametrize("begun", [b"", b"GET /v1", START, b"\r\n"])
def test_whoever_does_not_say_what_is_wanted_is_sent_away(hasty: Door, begun: bytes) -> None:
    answer = exchange(hasty, begun)[0]
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert "请重试".encode() in answer


def test_the_next_head_on_a_connection_has_its_time_too(hasty: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=PATIENCE)
    connection.request("GET", "/v1/openapi.json")
    assert connection.getresponse().read()
    connection.sock.sendall(b"GET /v1/open")
    assert b" 408 " in rest(connection.sock)
    connection.close()


def test_a_header_after_the_body_is_none_of_the_request(door: Door) -> None:
    sent = (
        b"POST /v1/positions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    )
    assert b"CREDENTIALS_MISSING" in exchange(door, sent)[0]


def exchange(door: Door, sent: bytes) -> tuple[bytes, int]:
    """What comes back, and how many bytes were taken before the connection was closed."""
    with socket.create_connection(("127.0.0.1", door.port), PATIENCE) as connection:
        taken = 0
        try:
            while taken < len(sent):
                taken += connection.send(sent[taken : taken + 65_536])
        except OSError:
            return b"", taken
        return rest(connection), taken


def rest(connection: socket.socket) -> bytes:
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionError:  # closed with something of ours unread
        pass
    return b"".join(parts)
