"""A receiver of webhooks: what is signed by the specification is taken, everything else is refused and says why."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from urllib.parse import urlsplit

import pytest

from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.matcher.listening import MOST_BYTES, TOLERANCE_SECONDS, key_of, listen, read
from services.cli.session import Session
from services.kernel.clock import SystemClock
from services.kernel.errors import InvalidArgument

KEY = bytes(range(24))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
BODY = json.dumps({"type": "match.created", "data": {"sequence": 7}}).encode()
NOW = 1_780_000_000


def signed(body: bytes = BODY, key: bytes = KEY, at: int = NOW, id_: str = "msg_1") -> dict[str, str]:
    mark = base64.b64encode(hmac.digest(key, f"{id_}.{at}.".encode() + body, sha256)).decode()
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": f"v1,AAAA v1,{mark}"}


def test_a_signed_delivery_is_taken_with_what_it_says() -> None:
    found = read(signed(), BODY, KEY, NOW + TOLERANCE_SECONDS)
    assert (found.refused, found.id, found.type) == (None, "msg_1", "match.created")
    assert found.body["data"] == {"sequence": 7}


@pytest.mark.parametrize(
    ("headers", "body", "now", "why"),
    [
        (signed(key=b"other"), BODY, NOW, "another secret"),
        (signed(), BODY + b" ", NOW, "another secret"),
        (signed(), BODY, NOW + TOLERANCE_SECONDS + 1, "five minutes"),
        (signed(), BODY, NOW - TOLERANCE_SECONDS - 1, "five minutes"),
        ({}, BODY, NOW, "missing"),
        (signed() | {"webhook-timestamp": "٢"}, BODY, NOW, "missing"),
        (signed() | {"webhook-signature": "v1,é"}, b"\xff", NOW, "another secret"),
    ],
)
def test_everything_else_is_refused_and_says_why(
    headers: dict[str, str], body: bytes, now: float, why: str
) -> None:
    refused = read(headers, body, KEY, now).refused
    assert refused is not None
    assert why in refused.en


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_é", "abc", base64.b64encode(KEY).decode()])
def test_a_secret_is_what_was_shown(secret: str) -> None:
    with pytest.raises(InvalidArgument):
        key_of(secret)
    assert key_of(SECRET) == KEY


@pytest.fixture
def address(capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    """Of a listener that ends after two deliveries."""
    told: Queue[str] = Queue()
    session = Session(load_settings({}), Output(Format.JSON, "en"))
    running = threading.Thread(target=listen, args=(session, SECRET, "127.0.0.1", 0, 2, told.put))
    running.start()
    yield told.get()
    running.join()


def test_deliveries_are_acknowledged_or_refused_over_http(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def post(headers: dict[str, str]) -> int:
        connection = HTTPConnection(urlsplit(address).netloc)
        connection.request("POST", "/", BODY, headers)
        return connection.getresponse().status

    assert post({"content-length": str(MOST_BYTES + 1)}) == 413
    at = int(SystemClock().now().timestamp())
    assert post(signed(at=at)) == 204
    assert post(signed(at=at, key=b"other")) == 401
    lines = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [(each["id"], each["verified"]) for each in lines] == [("msg_1", True), ("msg_1", False)]


def test_a_verified_delivery_is_sent_on_as_it_came_and_its_answer_given_back() -> None:
    told: Queue[str] = Queue()
    seen: Queue[tuple[bytes, str | None]] = Queue()

    class Own(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """A partner's own program, which has no use for the delivery any more."""
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.put((body, self.headers["webhook-signature"]))
            self.send_response(410)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the library)
            """Nothing."""

    session = Session(load_settings({}), Output(Format.JSON, "en"))
    with HTTPServer(("127.0.0.1", 0), Own) as own:
        onward = f"http://127.0.0.1:{own.server_address[1]}/hook"
        answering = threading.Thread(target=own.handle_request)
        receiving = threading.Thread(
            target=listen, args=(session, SECRET, "127.0.0.1", 0, 2, told.put, onward)
        )
        answering.start()
        receiving.start()
        netloc = urlsplit(told.get()).netloc
        at = int(SystemClock().now().timestamp())
        statuses = []
        for headers in (signed(at=at, key=b"other"), signed(at=at)):
            connection = HTTPConnection(netloc)
            connection.request("POST", "/", BODY, headers)
            statuses.append(connection.getresponse().status)
        receiving.join()
        answering.join()
    assert statuses == [401, 410]
    assert seen.get() == (BODY, signed(at=at)["webhook-signature"])
    assert seen.empty()


def test_deliveries_go_on_to_an_address_alone() -> None:
    session = Session(load_settings({}), Output(Format.JSON, "en"))
    with pytest.raises(InvalidArgument, match="http://"):
        listen(session, SECRET, "127.0.0.1", 0, 1, onward="file:///etc/hosts")
