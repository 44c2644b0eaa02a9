"""Webhooks without any network: addresses, signatures, the schedule, and what follows on what."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier

from services.kernel.errors import InvalidArgument
from services.matcher.domain.partners.subscription import partners_subscription
from services.matcher.domain.webhooks.address import may_reach, networks, parse_endpoint
from services.matcher.domain.webhooks.schedule import LONGEST, WAITS, next_wait
from services.matcher.domain.webhooks.signature import secret_text, signature
from services.matcher.domain.webhooks.webhook import DisableReason, Wanted, Webhook, WebhookState

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
FORBIDDEN = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/",
    "https://0177.0.0.1/", "https://127.0.0.1./", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[::]/", "https://0.0.0.0/", "https://10.1.2.3/", "https://172.16.0.1/",
    "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data", "https://100.100.100.200/",
    "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://224.0.0.1/",
    "https://[ff02::1]/", "https://255.255.255.255/", "https://192.0.2.1/", "https://[2002:7f00:1::]/",
    "https://[64:ff9b::7f00:1]/", "https://[2001:0:7f00:1::1]/", "https://１２７.0.0.1/", "https://1.2.3.4.5/",
    "https://[::1", "https://[127.0.0.1]/",
]  # fmt: skip
MALFORMED = [
    "", "x", "https://", "https:///path", "http://example.com/", "ftp://example.com/", "file:///etc/passwd",
    "https://user@example.com/", "https://user:secret@example.com/", "https://example.com/#part",
    "https://example.com:0/", "https://example.com:99999/", "https://example.com:x/", "https://exa mple.com/",
    "https://例子.cn/", "https://example.com\\@127.0.0.1/", "https://exa_mple.com/", "https://-a.com/",
    "https://example.com/\r\nHost: x", "https://" + "a" * 64 + ".com/", "javascript:alert(1)", "//example.com/",
    "http://127.0.0.1/", "http://localhost/", "https://a..b/", "https://example.com/\x00",
]  # fmt: skip


def made(**given: object) -> Webhook:
    fields: dict[str, object] = {
        "id": "w", "partner_id": "p", "url": "https://example.com/", "title": "", "kinds": (), "anchor": "",
        "directions": (), "cities": (), "secret": b"one", "position": 10, "created_at": NOW, "updated_at": NOW,
        "next_at": NOW,
    }  # fmt: skip
    return Webhook(**{**fields, **given})  # type: ignore[arg-type]  # of many types


@pytest.mark.parametrize("url", FORBIDDEN + MALFORMED)
def test_no_other_spelling_leads_inside(url: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_endpoint(url)
    assert caught.value.violations[0].field == "url"


def test_who_tries_on_their_own_machine_is_told_how() -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_endpoint("http://127.0.0.1:8787/")
    [wrong] = caught.value.violations
    assert wrong.reason == "URL_NOT_HTTPS"
    assert all("BOLE_WEBHOOK_NETWORKS=127.0.0.0/8" in said for said in (wrong.text.zh, wrong.text.en))
    assert parse_endpoint("http://127.0.0.1:8787/", networks("127.0.0.0/8")).port == 8787


@pytest.mark.parametrize(
    ("url", "host", "authority", "target"),
    [
        ("https://Example.com", "example.com", "example.com", "/"),
        ("https://hooks.example.com:8443/a/b?c=d", "hooks.example.com", "hooks.example.com:8443", "/a/b?c=d"),
        ("https://8.8.8.8/", "8.8.8.8", "8.8.8.8", "/"),
        ("https://[2606:4700::1111]:444/", "2606:4700::1111", "[2606:4700::1111]:444", "/"),
        ("https://xn--fsqu00a.cn/", "xn--fsqu00a.cn", "xn--fsqu00a.cn", "/"),
    ],
)
def test_public_addresses_are_taken_as_they_are(url: str, host: str, authority: str, target: str) -> None:
    endpoint = parse_endpoint(url)
    assert (endpoint.host, endpoint.authority, endpoint.target) == (host, authority, target)


def test_what_is_allowed_opens_that_alone() -> None:
    allowed = networks("10.20.0.0/16, 127.0.0.0/8")
    assert parse_endpoint("https://10.20.1.1/", allowed).port == 443
    assert parse_endpoint("http://127.0.0.1:8000/", allowed).port == 8000
    assert parse_endpoint("http://localhost:8000/", allowed).port == 8000
    for url in ("http://10.20.1.1/", "http://example.com/", "https://10.21.1.1/", "https://[::1]/"):
        with pytest.raises(InvalidArgument):
            parse_endpoint(url, allowed)
    assert may_reach(ip_address("::ffff:10.20.1.1"), allowed)
    assert not may_reach(ip_address("::ffff:10.21.1.1"), allowed)


@pytest.mark.parametrize("keys", [[bytes(range(32))], [b"a" * 24, b"b" * 64]])
@pytest.mark.parametrize("said", ["", "碳化硅 . v1,", "\u2028"])
def test_signatures_are_those_of_the_specification(keys: list[bytes], said: str) -> None:
    body = json.dumps({"said": said}).encode()
    seconds = int(datetime.now(UTC).timestamp())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(keys, "msg_1", seconds, body),
    }
    for key in keys:
        assert Verifier(secret_text(key)).verify(body, headers) == {"said": said}


@given(st.integers(1, 9), st.floats(0, 1), st.none() | st.timedeltas(timedelta(0), timedelta(days=9)))
def test_waits_spread_around_the_schedule_and_heed_the_endpoint(
    failures: int, jitter: float, asked: timedelta | None
) -> None:
    wait = next_wait(failures, jitter, asked)
    assert wait is not None
    assert wait >= WAITS[failures - 1] * 0.9
    assert wait <= max(WAITS[failures - 1] * 1.1, LONGEST)
    if asked is not None:
        assert wait >= min(asked, LONGEST)


def test_the_schedule_ends_after_three_days() -> None:
    hook, now = made(), NOW
    while hook.state is WebhookState.ENABLED:
        at = hook.fail(now, 0.5, None, gone=False)
        now = at or now
    assert (hook.failures, hook.reason, hook.failing_since) == (10, DisableReason.FAILING, NOW)
    assert timedelta(days=3) < now - NOW < timedelta(days=4)
    hook.restate(wanted(hook), WebhookState.ENABLED, now)
    assert (hook.failures, hook.reason, hook.next_at, hook.position) == (0, None, now, 10)


def test_gone_is_gone_at_once_and_what_is_taken_starts_the_count_again() -> None:
    hook = made()
    assert hook.fail(NOW, 0.5, None, gone=False) == NOW + WAITS[0]
    hook.advance(12, 12, NOW)
    assert (hook.failures, hook.failing_since, hook.position, hook.sent) == (0, None, 12, 12)
    assert hook.fail(NOW, 0.5, None, gone=True) is None
    assert (hook.state, hook.reason) == (WebhookState.DISABLED, DisableReason.GONE)


def test_the_secret_before_signs_until_its_time_is_up() -> None:
    hook = made()
    hook.rotate(b"two", NOW + timedelta(hours=1), NOW)
    assert hook.secrets(NOW) == [b"two", b"one"]
    assert hook.secrets(NOW + timedelta(hours=1)) == [b"two"]
    assert hook.version == 2


def wanted(hook: Webhook) -> Wanted:
    return Wanted(hook.url, hook.title, hook.kinds, hook.anchor, hook.directions, hook.cities)


@dataclass(frozen=True)
class Event:
    type: str = "CREATED"
    kind: str = "person-position"
    anchor_id: str = "o1"
    candidate_id: str = "p1"
    directions: tuple[str, ...] = ("new",)
    city: str = "suzhou"


def test_restrictions_hold_together_and_follow_the_catalogue() -> None:
    former = {"old": (("new", 1000),)}

    def wants(event: Event, **given: Any) -> bool:
        asked = {"kinds": (), "anchor": "", "directions": (), "cities": (), **given}
        return partners_subscription(**asked, former=former).wants(event)

    assert wants(Event())
    assert not wants(Event(kind="similar-persons"))
    assert wants(
        Event(), kinds=["person-position"], anchor="positions/o1", directions=["old"], cities=["suzhou"]
    )
    assert wants(Event(directions=("old",)), directions=["new"])
    for other in ({"kinds": ["person-firm"]}, {"anchor": "positions/o2"}, {"anchor": "firms/o1"}):
        assert not wants(Event(), **other)
    assert not wants(Event(), directions=["sic"])
    assert not wants(Event(), cities=["wuxi"])
