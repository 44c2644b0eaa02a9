"""Bodies that come slowly or not at all: nobody waits for them without end."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request

from services.chassis.rpc.uploads import SLOWEST_UPLOAD, Pace
from services.console.gateway.headers import Headers
from services.console.gateway.refusals import HttpRefused
from services.console.gateway.requests import whole_body
from services.console.web import forms
from services.kernel.errors import InvalidArgument

FORM = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"a")]


def test_what_has_come_buys_time_for_what_comes_and_a_byte_now_and_then_does_not() -> None:
    now = [1000.0]
    pace = Pace(30.0, lambda: now[0])
    assert pace.patience(0) == 30.0
    now[0] += 29
    assert pace.patience(1) == pytest.approx(1.0, abs=0.01)
    assert pace.patience(100 * SLOWEST_UPLOAD) == 30.0
    now[0] += 29
    assert pace.patience(2) == 0.0


def test_a_form_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "FORM_SECONDS", 0.05)
    request = Request({"type": "http", "method": "POST", "headers": FORM}, dripping([b"csrf="]))
    with pytest.raises(InvalidArgument, match="did not arrive in time"):
        asyncio.run(forms.read_form(request, "session"))


def test_a_body_that_drips_is_given_up() -> None:
    with pytest.raises(HttpRefused) as caught:
        asyncio.run(whole_body(dripping([b"{"] * 1000, 0.01), Headers(()), patience=0.1))
    assert (caught.value.status, caught.value.reason) == (408, "BODY_STALLED")


def dripping(parts: list[bytes], pause: float = 0.0) -> Callable[[], Any]:
    """Parts of a body, one by one, and then nothing any more."""
    left = iter(parts)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)  # the pace is what is tested: there is no condition to wait for
        part = next(left, None)
        if part is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": part, "more_body": True}

    return receive
