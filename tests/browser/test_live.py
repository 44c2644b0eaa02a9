"""The stream as people follow it: beside matches, narrowed, held and let go; and a key that counts no more."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from bole.talent.v1 import position_service_pb2_grpc
from services.chassis.identity.identity import Grant
from tests.browser.looking import Console
from tests.contract.installation import OFFICER
from tests.contract.talent.test_positions import publish
from tests.storm.house import until

_CITY = "lianyungang"


def test_a_change_comes_into_the_page_of_matches_by_itself(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/matches?kind=person-position&side=position")
    expect(page.locator("[data-state]")).to_have_text("已连接，等待变化")
    events = page.locator("ol.live li")
    expect(events).to_have_count(0)
    _post(console)
    oldest = events.last  # newer ones come in above it
    expect(oldest).to_contain_text("新增")
    expect(oldest).to_contain_text("人才—岗位")
    oldest.locator("summary").click()
    opened = oldest.get_by_role("link").last
    expect(opened).to_have_attribute("href", f"/positions/{_event(oldest)['anchor'].partition('/')[2]}")


def test_the_stream_is_narrowed_to_a_kind_and_a_city(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/events")
    page.get_by_label("类型").select_option("person-position")
    page.get_by_label("城市").select_option(_CITY)
    page.get_by_label("从何处开始").select_option("start")
    page.get_by_role("button", name="收听").click()
    page.wait_for_url("**city=lianyungang**")
    _post(console)
    events = page.locator("ol.live li")
    expect(events.first).to_be_visible()
    seen = [_event(each) for each in events.all()]
    told = [
        each for each in seen if each["type"] != "TYPE_ERASED"
    ]  # which everybody is told, whatever they asked for
    assert {(each["kind"], each["city_code"]) for each in told} == {("person-position", _CITY)}
    expect(page.locator("#curl")).to_contain_text(f"kinds=person-position&city_codes={_CITY}&from_start=true")


def test_what_comes_while_the_page_is_held_stands_there_once_it_goes_on(
    open_page: Callable[..., Page], console: Console
) -> None:
    page, other = open_page(), open_page()
    for each in (page, other):
        console.sign_in(each)
        each.goto(f"/events?kinds=person-position&city={_CITY}")
        expect(each.locator("[data-state]")).to_have_text("已连接，等待变化")
    events = page.locator("ol.live li")
    page.get_by_role("button", name="暂停").click()
    _post(console)
    expect(other.locator("ol.live li").first).to_be_visible()
    expect(events).to_have_count(0)
    page.get_by_role("button", name="继续").click()
    expect(events.first).to_be_visible()


def test_a_key_that_was_revoked_on_its_page_opens_nothing(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, Grant("admin"))
    page.goto("/events/partners")
    page.get_by_label("名称").fill("换密钥的合作方")
    page.get_by_role("button", name="登记").click()
    page.get_by_label("用途").first.fill("旧密钥")
    page.get_by_role("button", name="新建", exact=True).click()
    key = page.locator("#key").inner_text()
    assert _opens(console, key) == 200
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="旧密钥"))
    row.locator("summary").press("Enter")
    row.get_by_role("button", name="确认停用").click()
    expect(row).to_contain_text("已停用")
    expect(row.get_by_role("button", name="确认停用")).to_have_count(0)
    assert until(lambda: _opens(console, key) == 401, 60)


def _post(console: Console) -> None:
    """A position that people of its city fit."""
    with console.house.channel("talent", OFFICER) as channel:
        publish(
            position_service_pb2_grpc.PositionServiceStub(channel),
            city_code=_CITY, direction_code="seawater-h2", requirement="电解水制氢、膜电极、海水淡化。",
        )  # fmt: skip


def _event(item: Locator) -> dict[str, str]:
    """The event as it stands behind its line."""
    whole = item.locator("pre").text_content() or ""
    found: dict[str, str] = json.loads(whole.partition("\n")[2])
    return found


def _opens(console: Console, key: str) -> int:
    """The status of what is asked with a key."""
    connection = HTTPConnection(urlsplit(console.url).netloc, timeout=60)
    connection.request("GET", "/v1/events?page_size=1", headers={"X-Bole-Key": key})
    status = connection.getresponse().status
    connection.close()
    return status
