"""A partner's engineer gets a key, reads the stream through the gateway, is cut off, and resumes without a gap."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Page, expect
from standardwebhooks import Webhook as Verifier

from bole.matcher.v1.partner_erasure_service_pb2_grpc import PartnerErasureServiceStub
from services.chassis.identity.identity import Grant
from services.kernel.clock import CIVIL_ZONE
from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import staff_token
from tests.contract.matcher.test_partner_certificates import leaf
from tests.contract.matcher.test_partner_erasures import asked, erase_somebody, registered
from tests.servers.authority import Authority
from tests.servers.receiver import receiving
from tests.storm.house import until

_SECONDS = 120


def test_a_partner_reads_is_cut_off_and_resumes_without_a_gap(console: Console) -> None:
    key = partner_key(console)
    head, last = _read(console, key, 3, "?from_start=true")
    rest, _ = _read(console, key, 3, "?from_start=true", last)
    events = [*head, *rest]
    for before, after in pairwise(events):
        assert after["previous_sequence"] == before["sequence"]
    names = {each["candidate"] for each in events} | {each["anchor"] for each in events}
    assert not any(name.startswith("persons/") for name in names)


def test_the_page_shows_events_as_they_are_kept_and_stops_when_told(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/events?from=start")
    events = page.locator("ol.live li")
    expect(events.first).to_be_visible()
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("button", name="继续")).to_have_attribute("aria-pressed", "true")
    summary = events.first.locator("summary")
    summary.click()
    whole = events.first.locator("pre")
    expect(whole).to_contain_text('"previous_sequence"')
    told = re.search(r'"event_time": "([^"]+)"', whole.inner_text())
    assert told
    at = datetime.fromisoformat(told.group(1)).astimezone(CIVIL_ZONE)
    expect(summary).to_contain_text(f"{at:%Y-%m-%d %H:%M:%S}")
    expect(page.locator("#curl")).to_contain_text(f"{console.url}/v1/matches:watch?from_start=true")
    # a page of http may not copy
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    for line in ("add", "curl", "curl-resume", "curl-page", "conformance", "hook", "tried"):
        page.locator(f"button[data-copy={line}]").click()
        assert page.evaluate("getSelection().toString()").strip() == page.locator(f"#{line}").inner_text()
    expect(page.locator("#curl-resume")).to_contain_text("-H 'Last-Event-ID: LAST_ID'")


def test_the_stream_of_the_page_is_for_our_pages_and_for_whom_it_is_granted(console: Console) -> None:
    token = staff_token(console.house)
    cookie = {"Cookie": f"bole_session={token}"}
    assert _status(console, "/live/matches", {}) == 401
    assert _status(console, "/live/matches", cookie | {"Sec-Fetch-Site": "cross-site"}) == 403
    assert _status(console, "/live/matches?kinds=no-such-kind", cookie) == 400


def test_a_key_is_made_on_the_page_and_an_endpoint_is_told(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    with receiving() as receiver:
        page = open_page()
        console.sign_in(page, Grant("admin"))
        page.goto("/events")
        page.get_by_role("link", name="合作方、密钥与回调").click()
        page.get_by_label("名称").fill("示例合作方")
        page.get_by_role("button", name="登记").click()
        page.get_by_role("button", name="新建", exact=True).click()
        key = page.locator("#key").inner_text()
        expect(page.locator("button[data-copy=key]")).to_be_visible()
        _certify(page, leaf(Authority().issue(tmp_path / "client")))
        _open_topic(page)
        console.look(page, "partner-zh-desk")
        events, _ = _read(console, key, 1, "?from_start=true")
        assert events[0]["previous_sequence"] == "0"
        page.get_by_text("登记回调地址").click()
        page.get_by_label("地址（https，公网）").fill(receiver.url)
        page.get_by_role("button", name="登记").click()
        secret = page.locator("#secret").inner_text()
        expect(page.locator("button[data-copy=secret]")).to_be_visible()
        console.look(page, "secret-zh-desk")
        page.get_by_role("link", name="继续").click()
        page.get_by_role("button", name="发送测试").click()
        expect(page.locator("table.rows")).to_contain_text("已送达")
        console.look(page, "webhook-zh-desk")
        came = next(each for each in receiver.came if each.said["type"] == "webhook.test")
        assert Verifier(secret).verify(came.body, came.headers)
        page.get_by_role("button", name="停用").click()
        expect(page.get_by_role("button", name="启用")).to_be_visible()
    hook, phone = page.url, open_page(WIDTHS["phone"], "en", dark=True)
    console.sign_in(phone, Grant("admin"))
    for name, path in (
        ("webhook", hook), ("partner", hook.partition("/webhooks/")[0]), ("partners", "/events/partners")
    ):  # fmt: skip
        phone.goto(path)
        console.look(phone, f"{name}-en-phone")


def test_who_has_not_acknowledged_an_erasure_stands_on_the_page_until_they_do(
    open_page: Callable[..., Page], console: Console
) -> None:
    with console.house.channel("matcher", Grant("admin"), subject="admin") as channel:
        name, key = registered(channel)
        told = erase_somebody(console.house, channel, name)
    page = open_page()
    console.sign_in(page, Grant("admin"))
    page.goto("/events/partners")
    page.get_by_role("row").filter(has=page.locator(f'a[href="/events/{name}#erasures"]')).get_by_role(
        "link", name="1", exact=True
    ).click()
    erasures = page.locator("#erasures")
    expect(erasures).to_contain_text(told.subject)
    expect(erasures).to_contain_text("待确认")
    console.look(page, "erasures-zh-desk")
    phone = open_page(WIDTHS["phone"], "en", dark=True)
    console.sign_in(phone, Grant("admin"))
    for kind, path in (("erasures", f"/events/{name}"), ("open-erasures", "/events/partners")):
        phone.goto(path)
        console.look(phone, f"{kind}-en-phone")
    with console.house.channel("matcher", key=key) as channel:
        PartnerErasureServiceStub(channel).AcknowledgeErasures(asked(told.sequence))
    page.reload()
    expect(erasures).to_contain_text("没有待确认的删除")


def register(page: Page, partner: str, url: str) -> None:
    """A partner, and an endpoint of it whose secret is shown then."""
    page.goto("/events/partners")
    page.get_by_label("名称").fill(partner)
    page.get_by_role("button", name="登记").click()
    page.get_by_text("登记回调地址").click()
    page.get_by_label("地址（https，公网）").fill(url)
    page.get_by_role("button", name="登记").click()


def test_an_endpoint_that_is_refused_keeps_what_was_chosen_with_it(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, Grant("admin"))
    page.goto("/events/partners")
    page.get_by_label("名称").fill("只要苏州的合作方")
    page.get_by_role("button", name="登记").click()
    page.get_by_text("登记回调地址").click()
    page.get_by_label("地址（https，公网）").fill("https://hooks.demo.invalid/matches")
    page.get_by_label("类型").select_option("person-direction")
    page.get_by_label("城市").select_option("suzhou")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_label("城市")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#city-wrong")).to_contain_text("按城市订阅收不到任何事件")
    expect(page.get_by_label("类型")).to_have_value("person-direction")
    expect(page.get_by_label("城市")).to_have_value("suzhou")


def test_an_endpoint_fails_and_its_events_are_sent_again(
    open_page: Callable[..., Page], console: Console
) -> None:
    with receiving() as receiver:
        page = open_page()
        console.sign_in(page, Grant("admin"))
        register(page, "常出错的合作方", receiver.url)
        page.get_by_role("link", name="继续").click()
        receiver.answer(500, b"out of order")
        page.get_by_role("button", name="发送测试").click()
        expect(page.get_by_role("status")).to_contain_text("测试已发送")
        rows = page.locator("table.rows tbody tr")
        expect(rows.first).to_contain_text("500")
        expect(rows.first).to_contain_text("out of order")
        page.get_by_role("link", name="失败", exact=True).click()
        expect(rows).to_have_count(1)
        expect(page.get_by_role("button", name="立即重试")).to_have_count(0)
        page.get_by_text("从某事件之后重新投递").click()
        page.get_by_label("从此序号之后").fill("很久以前")
        page.get_by_role("button", name="重新投递").click()
        expect(page.get_by_role("alert")).to_contain_text("应为事件序号")
        expect(page.get_by_label("从此序号之后")).to_have_attribute("aria-invalid", "true")
        for _ in range(2):
            receiver.answer(503)
        page.get_by_label("从此序号之后").fill("0")
        page.get_by_role("button", name="重新投递").click()
        expect(page.get_by_role("status")).to_contain_text("重新投递")
        again = page.get_by_role("button", name="重发")
        now = page.get_by_role("button", name="立即重试")

        def refused_twice() -> bool:
            page.reload()
            return again.count() > 1

        assert until(refused_twice, 60.0)
        now.click()
        events = receiver.wait_for(4, 60.0)
        assert events[3].id == events[1].id, "the next one would be tried minutes later"

        def taken() -> bool:
            page.reload()
            return now.count() == 0 and again.count() > 2

        assert until(taken, 60.0)
        again.last.click()
        expect(page.get_by_role("status")).to_contain_text("已重发")
        expect(rows.first).to_contain_text("已送达")
        console.look(page, "webhook-sent-again")
        assert events[1].said["type"] != "webhook.test"
        came = [each.id for each in receiver.came if each.said["type"] != "webhook.test"]
        assert len(came) > len(set(came)), "an event that is sent again keeps its id"
        page.get_by_role("button", name="停用").click()
        page.get_by_role("button", name="发送测试").click()
        page.get_by_text("删除回调").click()
        page.get_by_role("button", name="确认删除").click()
        expect(page.locator("body")).not_to_contain_text(receiver.url)


def test_an_endpoint_that_is_gone_is_disabled_and_goes_on_with_another_secret(
    open_page: Callable[..., Page], console: Console
) -> None:
    with receiving() as receiver:
        page = open_page()
        console.sign_in(page, Grant("admin"))
        register(page, "搬了家的合作方", receiver.url)
        first = page.locator("#secret").inner_text()
        page.get_by_role("link", name="继续").click()
        hook = page.url
        page.get_by_text("更换签名密钥").click()
        page.get_by_role("button", name="确认更换").click()
        second = page.locator("#secret").inner_text()
        expect(page.locator("main")).to_contain_text("旧密钥同时签名至")
        receiver.answer(410, b"gone")
        page.goto(hook)
        page.get_by_text("从某事件之后重新投递").click()
        page.get_by_label("从此序号之后").fill("0")
        page.get_by_role("button", name="重新投递").click()
        receiver.wait_for(1, 60.0)
        enable = page.get_by_role("button", name="启用")

        def disabled() -> bool:
            page.goto(hook)
            return enable.count() > 0

        assert until(disabled, 60.0)
        expect(page.locator("main")).to_contain_text("对方答复 410")
        expect(page.locator("main")).to_contain_text("启用后从这里继续")
        console.look(page, "webhook-gone")
        enable.click()
        again = receiver.wait_for(2, 60.0)
        assert again[1].id == again[0].id, "what was not taken is sent again"
        for secret in (first, second):
            assert Verifier(secret).verify(again[1].body, again[1].headers)


def _certify(page: Page, certificate: str) -> None:
    """What is no certificate is refused at its field; one is registered and ended."""
    page.get_by_text("登记证书").click()
    page.locator("#pem").fill("no certificate")
    page.locator("#certificates button").last.click()
    expect(page.locator("#pem-wrong")).to_contain_text("PEM")
    page.locator("#pem").fill(certificate)
    page.locator("#certificates button").last.click()
    row = page.locator("#certificates tbody tr")
    expect(row).to_contain_text("有效")
    row.locator("summary").click()
    row.get_by_role("button", name="确认停用").click()
    expect(row).to_contain_text("已停用")


def _open_topic(page: Page) -> None:
    """A topic is opened, told what there is, and seen with how far it has come."""
    page.get_by_text("开通主题").click()
    page.get_by_label("起点").select_option("start")
    page.locator("#topic button").click()
    card = page.locator("#topic")
    expect(card).to_contain_text(".matches.v1")

    def told() -> bool:
        page.reload()
        return "末条编号\n0" not in card.inner_text()

    assert until(told, 60.0)


def partner_key(console: Console) -> str:
    """A fresh key, as `bole partner add` makes it."""
    done = console.house.tool("matcher", "add-partner", f"测试合作方 {uuid4()}")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _status(console: Console, path: str, headers: dict[str, str]) -> int:
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=_SECONDS)
    connection.request("GET", path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _read(
    console: Console, key: str, most: int, query: str, last: str = ""
) -> tuple[list[dict[str, str]], str]:
    """So many events of the stream, and the id of the last one; then the connection is cut."""
    headers = {"X-Bole-Key": key} | ({"Last-Event-ID": last} if last else {})
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=_SECONDS)
    connection.request("GET", f"/v1/matches:watch{query}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    found = []
    for name, token, data in _events(iter(answer.readline, b"")):
        last = token
        if name == "event":
            found.append(json.loads(data))
        if len(found) == most:
            break
    connection.close()
    return found, last


def _events(lines: Iterator[bytes]) -> Iterator[tuple[str, str, str]]:
    """Name, id and data of each event."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "event" in fields:
            yield fields["event"], fields["id"], fields["data"]
            fields = {}
