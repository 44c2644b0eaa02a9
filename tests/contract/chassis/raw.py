"""A client that speaks HTTP/2 frame by frame: what no gRPC client would send."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import Event, StreamReset, TrailersReceived
from h2.events import ResponseReceived as Response
from hpack import Encoder
from hyperframe.frame import HeadersFrame, RstStreamFrame

PATIENCE = 120.0
Headers = Sequence[tuple[str, str]]


def message(body: bytes) -> bytes:
    """A gRPC message as it stands in a stream."""
    return b"\0" + len(body).to_bytes(4, "big") + body


def _needed(method: str) -> Headers:
    return [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", method),
        (":authority", "localhost"),
        ("te", "trailers"),
        ("content-type", "application/grpc"),
    ]


class Raw:
    """One connection. Nothing that is sent is checked."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), PATIENCE)
        self._http = H2Connection(
            H2Configuration(
                header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False
            )
        )
        self._http.initiate_connection()
        self.events: list[Event] = []
        self.flush()

    @property
    def most_streams(self) -> int:
        """How many streams the server allows at once, as it says."""
        return self._http.remote_settings.max_concurrent_streams

    def begin(self, method: str, headers: Headers) -> int:
        """Open a stream; its number. Sent with the next `flush`."""
        stream = self._http.get_next_available_stream_id()
        self._http.send_headers(stream, [*_needed(method), *headers])
        return stream

    def flood(self, number: int, method: str, headers: Headers, *, taken_back: bool) -> bool:
        """Open so many streams, however many are allowed, and reset each at once if asked to; False if the server
        closes the connection meanwhile. Nothing else may have been begun on the connection.
        """
        encoder, all_headers = Encoder(), [*_needed(method), *headers]
        for stream in range(1, 2 * number, 2):
            frames = HeadersFrame(stream, encoder.encode(all_headers), flags=["END_HEADERS"]).serialize()
            if taken_back:
                frames += RstStreamFrame(stream, error_code=8).serialize()
            try:
                self._socket.sendall(frames)
            except OSError:
                return False
        return True

    def data(self, stream: int, data: bytes, *, last: bool = False) -> None:
        """Bytes of a stream, sent at once."""
        self._http.send_data(stream, data, end_stream=last)
        self.flush()

    def data_in_turns(self, stream: int, data: bytes) -> None:
        """All that a stream is to carry, as fast as the server takes it, until it ends the stream."""
        while data and self.ended(stream) is None:
            room = min(self._http.local_flow_control_window(stream), self._http.max_outbound_frame_size)
            if room:
                self.data(stream, data[:room], last=len(data) <= room)
                data = data[room:]
            else:
                seen = len(self.events)
                if not self.until(partial(self._have_come, seen)):
                    return

    def _have_come(self, seen: int) -> bool:
        return len(self.events) > seen

    def flush(self) -> None:
        """Send what waits."""
        self._socket.sendall(self._http.data_to_send())

    def until(self, come: Callable[[], bool]) -> bool:
        """Read until `come`; False if the server closes the connection first."""
        while not come():
            try:
                data = self._socket.recv(65_536)
            except ConnectionError:
                return False
            if not data:
                return False
            self.events.extend(self._http.receive_data(data))
            self.flush()
        return True

    def ended(self, stream: int) -> dict[str, str] | None:
        """The last headers of a stream that the server has ended; those of a reset name it; None while it runs."""
        for event in self.events:
            if isinstance(event, StreamReset) and event.stream_id == stream:
                return {"reset": str(event.error_code)}
            if isinstance(event, TrailersReceived | Response) and event.stream_id == stream:
                fields = {str(name): str(value) for name, value in event.headers or ()}
                if "grpc-status" in fields:
                    return fields
        return None

    def answer(self, stream: int) -> dict[str, str]:
        """How the stream ended."""
        assert self.until(lambda: self.ended(stream) is not None), "the server closed the connection"
        return self.ended(stream) or {}

    def close(self) -> None:
        """End the connection without a word."""
        self._socket.close()


@contextmanager
def raw(address: str) -> Iterator[Raw]:
    """A connection, closed at the end."""
    made = Raw(address)
    try:
        yield made
    finally:
        made.close()
