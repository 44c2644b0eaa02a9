"""An upload that is refused while it is on its way: its caller is told why, not that something broke."""

import http.client
from collections.abc import Iterator
from itertools import repeat

import pytest

from tests.contract.console.door import Answer, Door
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation, staff_token

_WHERE = "/imports?header.filename=a.xlsx&header.mode=IMPORT_MODE_DRY_RUN"
_TURNS = 25
_PIECE = b"\xff" * 262_144


def sent(door: Door, service: str, pieces: Iterator[bytes], **headers: str) -> Answer:
    """What comes back, whether or not all was taken."""
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=PATIENCE)
    try:
        connection.putrequest("POST", f"/v1/{service}{_WHERE}")
        for name, value in {**headers, "transfer-encoding": "chunked"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        for piece in pieces:
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.send(b"0\r\n\r\n")
        found = connection.getresponse()
        return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())
    finally:
        connection.close()


@pytest.mark.parametrize("service", ["talent", "funding"])
def test_who_is_not_known(door: Door, service: str) -> None:
    for _ in range(_TURNS):
        answer = sent(door, service, repeat(_PIECE, 60))
        assert (answer.status, answer.json["reason"]) == (401, "CREDENTIALS_MISSING")


def test_what_is_too_large(door: Door, whole: Installation) -> None:
    manager = {"authorization": f"Bearer {staff_token(whole)}"}
    for _ in range(5):
        answer = sent(door, "funding", repeat(_PIECE, 140), **manager)
        assert (answer.status, answer.json["reason"]) == (413, "UPLOAD_TOO_LARGE")
