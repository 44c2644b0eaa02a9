"""`bole webhook listen`: a receiver of one's own that checks every delivery by the specification and prints it.

Standard Webhooks: the signature covers `{webhook-id}.{webhook-timestamp}.{body}`, and a delivery older or newer than
five minutes is refused, as is one whose signature is none of the secret's.
"""

import base64
import hmac
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from services.cli.answers.formats import Format
from services.cli.session import Session
from services.kernel.clock import CIVIL_ZONE, Clock, SystemClock
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

TOLERANCE_SECONDS: Final = 300
MOST_BYTES: Final = 1 << 20
_PREFIX: Final = "whsec_"
_SOCKET_SECONDS: Final = 10.0
_TAKEN: Final = 204
_REFUSED: Final = 401
_UNREACHED: Final = 502
_SENT_ON: Final = ("webhook-", "content-type", "user-agent")
"""What the names of headers that go on begin with: those that are signed, and what the body is."""


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery: its id, the type and body it says, and why it is refused, None if it is not."""

    id: str
    type: str
    body: Any
    refused: Text | None


def key_of(secret: str) -> bytes:
    """The key of a secret as it was shown (`whsec_…`). Raises InvalidArgument (NOT_A_SECRET)."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(_PREFIX) or not key:
        raise InvalidArgument.field(
            "--secret",
            "NOT_A_SECRET",
            "请填写登记回调地址时显示的签名密钥，形如 whsec_…",
            "give the secret that was shown when the endpoint was registered, whsec_…",
        )
    return key


def read(headers: Mapping[str, str], body: bytes, key: bytes, now: float) -> Received:
    """A delivery as it stands, checked. `now`: seconds since 1970; names of headers are in lower case."""
    id_, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    said = _document(body)
    type_ = str(said.get("type", "")) if isinstance(said, dict) else ""
    return Received(id_, type_, said, _why_refused(headers, id_, stamp, body, key, now))


def _why_refused(
    headers: Mapping[str, str], id_: str, stamp: str, body: bytes, key: bytes, now: float
) -> Text | None:
    if not id_ or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return Text("缺少 webhook-id 或 webhook-timestamp", "webhook-id or webhook-timestamp is missing")
    if abs(now - int(stamp)) > TOLERANCE_SECONDS:
        return Text("时间戳与本机相差超过五分钟", "the timestamp is more than five minutes from this clock")
    wanted = base64.b64encode(hmac.digest(key, f"{id_}.{stamp}.".encode() + body, sha256)).decode()
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(each.encode(), f"v1,{wanted}".encode()) for each in given):
        return Text(
            "签名不符：密钥不同，或内容被改过", "the signature is of another secret or another content"
        )
    return None


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


@dataclass
class Listener:
    """Prints what comes. `most`: stop after so many deliveries; 0 means never. `onward`: where verified ones are sent
    on to as they came, and whose answer is given back; empty for nowhere.
    """

    session: Session
    key: bytes
    most: int
    onward: str = ""
    clock: Clock = field(default_factory=SystemClock)
    count: int = 0

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Print a delivery; the status to answer it with: 204 for one that is verified, 401 for one that is not."""
        found = read(headers, body, self.key, self.clock.now().timestamp())
        self.count += 1
        self._print(found)
        if found.refused is not None:
            return _REFUSED
        return self._send_on(headers, body) if self.onward else _TAKEN

    def _send_on(self, headers: Mapping[str, str], body: bytes) -> int:
        kept = {name: value for name, value in headers.items() if name.startswith(_SENT_ON)}
        request = Request(self.onward, body, kept, method="POST")  # noqa: S310 (of http or https, as `listen` checks)
        try:
            with urlopen(request, timeout=_SOCKET_SECONDS) as answer:  # noqa: S310 (as above)
                status = int(answer.status)
        except HTTPError as error:
            status = error.code
        except OSError as error:
            said = Text(f"转发失败：{error}", f"not sent on: {error}")
            self.session.output.say(said)
            return _UNREACHED
        self.session.output.say(Text(f"→ {self.onward} 答复 {status}", f"→ {self.onward} answered {status}"))
        return status

    @property
    def done(self) -> bool:
        """Whether enough has come."""
        return 0 < self.most <= self.count

    def _print(self, found: Received) -> None:
        output = self.session.output
        why = found.refused.to(self.session.language) if found.refused else ""
        if output.for_programs:
            line = {"id": found.id, "verified": not why, "refused": why, "body": found.body}
            begun = "--- " if output.format is Format.YAML else ""  # documents one after another
            _write(begun + json.dumps(line, ensure_ascii=False))
            return
        at = self.clock.now().astimezone(CIVIL_ZONE)
        shown = json.dumps(found.body, ensure_ascii=False)
        _write(f"{at:%H:%M:%S} {'✗' if why else '✓'} {found.id} {found.type} {why or shown}")


def listen(
    session: Session,
    secret: str,
    host: str,
    port: int,
    most: int,
    ready: Callable[[str], None] = lambda _: None,
    onward: str = "",
) -> None:
    """Listen until interrupted or until enough has come; `ready` is told the address, `onward` is where deliveries go
    on to. Raises InvalidArgument.
    """
    if onward and not onward.startswith(("http://", "https://")):
        raise InvalidArgument.field(
            "--forward-to",
            "NOT_AN_ADDRESS",
            "应为 http://… 或 https://… 的地址",
            "must be an address, http://… or https://…",
        )
    listener = Listener(session, key_of(secret), most, onward)
    try:
        server = HTTPServer((host, port), _handler(listener))
    except OSError as error:
        raise InvalidArgument.field(
            "--port",
            "PORT_TAKEN",
            f"不能在 {host}:{port} 监听：{error.strerror}",
            f"cannot listen at {host}:{port}: {error.strerror}",
        ) from None
    address = f"http://{host}:{server.server_address[1]}/"
    session.output.say(Text(f"在 {address} 接收，Ctrl-C 结束", f"receiving at {address}; Ctrl-C ends it"))
    ready(address)
    with server:
        try:
            while not listener.done:
                server.handle_request()
        except KeyboardInterrupt:
            pass


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _SOCKET_SECONDS

        def do_POST(self) -> None:
            """Acknowledge what is verified; refuse what is not (401) or is too large (413)."""
            given = self.headers.get("content-length", "")
            size = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1
            if not 0 <= size <= MOST_BYTES:
                self.send_error(413)
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(listener.take(headers, self.rfile.read(size)))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the library)
            """Nothing: deliveries are printed, other requests are nobody's."""

    return Handler
