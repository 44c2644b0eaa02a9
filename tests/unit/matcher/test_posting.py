"""Posting behind the guard: nothing inside is reached, nothing is followed, and no endpoint holds anything up."""

import asyncio
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpcore
import pytest

from services.kernel.errors import ResourceExhausted
from services.matcher.domain.webhooks.address import Network, networks
from services.matcher.domain.webhooks.attempt import Answer, Outcome
from services.matcher.service.webhooks.guard import ForbiddenAddressError, GuardedBackend
from services.matcher.service.webhooks.posting import EXCERPT, Message, Poster
from services.matcher.service.webhooks.trying import AT_ONCE, Turnstile
from tests.servers.receiver import Receiver, receiving

LOOPBACK = networks("127.0.0.0/8")
RESOLVERS = ThreadPoolExecutor(1)
MESSAGE = Message({"webhook-id": "msg_1"}, b'{"type":"webhook.test"}')


@pytest.fixture(scope="module")
def opened() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def receiver(opened: Receiver) -> Receiver:
    opened.came.clear()
    opened.answers.clear()
    opened.waits = lambda: None
    return opened


def post(url: str, allowed: Sequence[Network] = LOOPBACK, seconds: float = 60.0) -> Answer:
    async def go() -> Answer:
        async with Poster(allowed, RESOLVERS, seconds) as poster:
            return await poster.post(url, MESSAGE)

    return asyncio.run(go())


def test_a_message_arrives_whole(receiver: Receiver) -> None:
    answer = post(receiver.url + "?a=b")
    (came,) = receiver.came
    assert (answer.outcome, answer.status, answer.excerpt) == (Outcome.DELIVERED, 204, "")
    assert (came.path, came.body, came.id) == ("/hook?a=b", MESSAGE.body, "msg_1")
    assert came.headers["content-type"] == "application/json"
    assert came.headers["host"] == receiver.url.split("/")[2]


def test_nothing_on_the_machine_is_reached_unless_it_is_allowed(receiver: Receiver) -> None:
    for url in (receiver.url, receiver.url.replace("http://127.0.0.1", "https://localhost")):
        answer = post(url, ())
        assert answer.outcome is Outcome.FORBIDDEN_ADDRESS
        assert all("BOLE_WEBHOOK_NETWORKS" in said for said in (answer.reason.zh, answer.reason.en))
    assert receiver.came == []


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.answer(307, location=receiver.url + "/other")
    answer = post(receiver.url)
    assert (answer.outcome, answer.status, len(receiver.came)) == (Outcome.REFUSED, 307, 1)


def test_little_of_an_answer_is_kept_and_none_of_what_cannot_be_shown(receiver: Receiver) -> None:
    receiver.answer(500, b"\x1b[31m<b>\xff\r\n" + b"x" * 2_000_000, retry_after="7")
    answer = post(receiver.url)
    assert answer.outcome is Outcome.REFUSED
    assert len(answer.excerpt) <= EXCERPT
    assert answer.excerpt.isprintable()
    assert answer.asked is not None
    assert answer.asked.total_seconds() == 7


def test_an_endpoint_that_does_not_answer_is_left(receiver: Receiver) -> None:
    over = threading.Event()
    receiver.waits = lambda: over.wait(60)
    try:
        assert post(receiver.url, seconds=0.2).outcome is Outcome.TIMEOUT
    finally:
        over.set()


def test_who_does_not_speak_tls_or_is_not_there_is_unreachable(receiver: Receiver) -> None:
    assert post(receiver.url.replace("http:", "https:")).outcome is Outcome.UNREACHABLE
    assert post("http://127.0.0.1:1/").outcome is Outcome.UNREACHABLE


class _Recording(httpcore.AsyncNetworkBackend):
    """Says which addresses are connected to, and connects to none."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append(host)
        raise httpcore.ConnectError


def test_a_name_is_judged_by_all_its_addresses_and_resolved_once() -> None:
    answers = iter([["93.184.215.14", "127.0.0.1"], ["93.184.215.14", "2606:4700::1111"], ["127.0.0.1"]])
    inner = _Recording()
    guard = GuardedBackend((), RESOLVERS, inner, lambda _host, _port: next(answers))
    with pytest.raises(ForbiddenAddressError):
        asyncio.run(guard.connect_tcp("rebinding.example", 443))
    assert inner.asked == []
    with pytest.raises(httpcore.ConnectError):
        asyncio.run(guard.connect_tcp("rebinding.example", 443))
    assert inner.asked == ["93.184.215.14", "2606:4700::1111"]
    with pytest.raises(ForbiddenAddressError):
        asyncio.run(guard.connect_tcp("rebinding.example", 443))


def test_one_trial_at_a_time_for_a_partner_and_few_in_all() -> None:
    turnstile = Turnstile()
    with ExitStack() as stack:
        for number in range(AT_ONCE):
            stack.enter_context(turnstile.passing(f"p{number}"))
        for partner in ("p0", "another"):
            with pytest.raises(ResourceExhausted), turnstile.passing(partner):
                pass
    with turnstile.passing("p0"):
        pass
