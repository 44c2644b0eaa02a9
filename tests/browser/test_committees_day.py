"""A secretary calls a committee, opens a vote and counts it; its members cast their ballots: in the browser."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from bole.funding.v1 import committee_pb2, committee_service_pb2_grpc
from bole.funding.v1 import committee_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.kernel.clock import civil_date
from tests.browser.keys import Keys
from tests.browser.looking import Console

SECRETARY, MEMBER = Grant("committee_secretary"), Grant("committee_member")
BALLOTS = {"ballot-1": "同意", "ballot-2": "同意", "ballot-3": "反对"}


def test_a_vote_is_called_opened_cast_and_counted(open_page: Callable[..., Page], console: Console) -> None:
    deal = _before_the_committee(open_page(), console)
    secretary = open_page()
    console.sign_in(secretary, SECRETARY, subject="secretary")
    secretary.get_by_role("link", name="项目流").first.click()
    secretary.get_by_role("link", name="投委会").click()
    waiting = secretary.locator(f"a[href='{deal}']")
    expect(waiting).to_be_visible()
    firm = waiting.inner_text()
    assert firm.endswith("公司")
    _declare(secretary, deal)
    expect(secretary.get_by_role("heading", level=1)).to_have_text(firm)
    secretary.locator("#terms ~ dl a").first.click()
    expect(secretary.get_by_role("heading", level=1)).to_have_text(firm)
    expect(secretary.locator("main")).not_to_contain_text("不可查看")
    secretary.goto(deal)
    votes = secretary.locator("#votes")
    day = (civil_date(datetime.now(UTC)) + timedelta(days=2)).isoformat()
    votes.get_by_label("会议时间").fill(f"{day}T14:00")
    _press(secretary, "排定")
    expect(votes).to_contain_text(f"{day} 14:00 · 已排会，未开始表决")
    _plan_anew(secretary, day)
    console.look(secretary, "deal-sitting")
    expect(votes).to_contain_text("尚未完成利益冲突声明：ballot-1、ballot-2、ballot-3")
    pages = {member: open_page() for member in BALLOTS}
    for member, page in pages.items():
        console.sign_in(page, MEMBER, subject=member)
        _declare(page, deal)
    secretary.get_by_text("现在不能做的，以及原因").click()
    refused = secretary.locator("ul.actions > li").filter(has_text="内部投决通过").locator("ul li")
    reasons = refused.all_inner_texts()
    assert any("尚未登记项目组" in each for each in reasons)
    assert len(reasons) == len(set(reasons))
    Keys(secretary).follow(votes.get_by_role("button", name="开始表决"))
    expect(votes).to_contain_text("可表决 3")
    expect(votes).to_contain_text("还差 3 票才达到法定人数")
    for member, page in pages.items():
        page.goto("/")
        page.get_by_role("heading", name="等您投票").locator("+ ul a").click()
        assert page.url.endswith(f"{deal}#votes")
        expect(page.get_by_role("button", name="结束表决并计票")).to_have_count(0)
        if member == "ballot-3":
            _vote_by_keys(page)
        else:
            page.locator("#votes").get_by_label(BALLOTS[member], exact=True).check()
            page.get_by_label("理由（反对时必填）").fill("材料齐备")
            _press(page, "投票")
        expect(page.get_by_role("status")).to_contain_text("已投票")
        page.goto("/")
        expect(page.get_by_role("heading", name="您参加的投决会")).to_be_visible()
        expect(page.get_by_role("heading", name="等您投票")).to_have_count(0)
    secretary.reload()
    expect(votes).to_contain_text("已投 3")
    expect(votes).not_to_contain_text("才达到法定人数")
    _press(secretary, "结束表决并计票")
    expect(votes).to_contain_text("同意 2 反对 1 弃权 0")
    console.look(secretary, "deal-voted")
    secretary.goto("/deals/committees")
    counted = secretary.locator("li").filter(has=secretary.locator(f"a[href='{deal}#votes']"))
    expect(counted).to_contain_text("已表决：通过（同意2、反对1、弃权0）")
    _call_later_sittings(console, deal)
    secretary.reload()
    expect(secretary.locator("main section h2[id^=s]")).to_have_count(10)
    expect(secretary.locator(f"a[href='{deal}']")).to_have_count(0)
    expect(secretary.locator(f"a[href='{deal}#votes']")).to_have_count(0)
    console.look(secretary, "committees")
    secretary.locator(".pager a[rel=next]").click()
    expect(secretary.locator(f"a[href='{deal}#votes']")).to_be_visible()


def _plan_anew(page: Page, day: str) -> None:
    """The sitting is moved, the deal taken off its agenda, and put on it again; it is where it was in the end."""
    votes = page.locator("#votes")
    for clock in ("15:30", "14:00"):
        votes.get_by_text("改期或移出议程").click()
        votes.get_by_label("改到（北京时间；整场会议，共 1 个项目）").fill(f"{day}T{clock}")
        _press(page, "改期")
        expect(page.get_by_role("status")).to_contain_text("会议已改期")
        expect(votes).to_contain_text(f"{day} {clock} · 已排会")
    votes.get_by_text("改期或移出议程").click()
    _press(page, "把本项目移出议程")
    expect(page.get_by_role("status")).to_contain_text("已移出该次会议的议程")
    expect(votes).not_to_contain_text("已排会")
    sitting = f"内部 · {day} 14:00（已列 0 个项目）"
    votes.get_by_label("投委会或会议").select_option(label=sitting)
    _press(page, "排定")
    expect(votes).to_contain_text(f"{day} 14:00 · 已排会，未开始表决")


def _vote_by_keys(page: Page) -> None:
    """Against, by arrows from the first choice; without a reason nothing is sent, and the ballot is heard."""
    keys, votes = Keys(page), page.locator("#votes")
    first = votes.get_by_label("同意", exact=True)
    keys.press(first, "Space")
    page.keyboard.press("ArrowDown")
    expect(votes.get_by_label("反对", exact=True)).to_be_focused()
    expect(votes.get_by_label("反对", exact=True)).to_be_checked()
    keys.write(page.get_by_label("理由（反对时必填）"), "材料齐备")
    keys.follow(votes.get_by_role("button", name="投票", exact=True))
    keys.told("已投票")


def _call_later_sittings(console: Console, deal: str) -> None:
    """Ten of the same committee, after the one that the deal is before."""
    with console.house.channel("funding", SECRETARY) as opened:
        stub = committee_service_pb2_grpc.CommitteeServiceStub(opened)
        listed = stub.ListSittings(wire.ListSittingsRequest(deals=[deal.lstrip("/")])).sittings
        for day in range(1, 11):
            sitting = committee_pb2.Sitting(committee=listed[0].committee, sit_time=listed[0].sit_time)
            sitting.sit_time.seconds += day * 86_400
            stub.CreateSitting(wire.CreateSittingRequest(sitting=sitting))


def test_who_does_not_call_sittings_reads_who_does(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list")
    page.locator("table.rows tbody th a").first.click()
    expect(page.locator("#votes")).to_contain_text("会议由投委会秘书排定")
    expect(page.get_by_role("button", name="排定")).to_have_count(0)


def _before_the_committee(page: Page, console: Console) -> str:
    """A deal before an internal committee of three, which is set up on the way; its address."""
    console.sign_in(page)
    page.goto("/deals?view=list&state=IC_INTERNAL")
    address = page.locator("table.rows tbody th a").first.get_attribute("href") or ""
    page.goto(address)
    page.locator("#votes").get_by_role("link", name="设立").click()
    form = page.locator("#set-up form")
    expect(form.get_by_label("层级")).to_have_value("INTERNAL")
    members = form.get_by_label("有表决权的委员")
    members.fill("\n".join([*BALLOTS, "ballot-1"]))
    form.get_by_label("观察员").fill("city-1，王五，苏州市")
    form.get_by_role("button").click()
    told = page.locator("#set-up").get_by_role("alert")
    expect(told).to_contain_text("ballot-1 已占第1席")
    expect(told).to_contain_text("观察员只设于外部投委会")
    console.look(page, "committee-refused")
    members.fill("ballot-1，张三，省产业基金\nballot-2=李四\nballot-3")
    form.get_by_label("观察员").fill("")
    form.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("投委会已设立")
    page.goto("/deals/committees/seats")
    seats = page.locator("section:has(#c1)")
    expect(seats).to_contain_text("张** ballot-1 · 省产业基金")
    seats.get_by_text("调整席位").click()
    seats.get_by_label("有表决权的委员").fill("ballot-1，张**\nballot-2，王五\nballot-3")
    seats.get_by_role("button", name="保存席位").click()
    expect(page.get_by_role("status")).to_contain_text("已记录")
    expect(seats).to_contain_text(re.compile(r"张\*\*.*王\*\*.*ballot-3", re.DOTALL))
    console.look(page, "committee-seats")
    return address


def _declare(page: Page, deal: str) -> None:
    page.goto(deal)
    declaring = page.locator("#interests")
    if not declaring.get_by_label("无", exact=True).is_visible():
        declaring.get_by_text("声明我与该企业的关系").click()
    declaring.get_by_label("无", exact=True).check()
    with page.expect_navigation():
        declaring.get_by_role("button", name="提交声明").click()


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator("#votes").get_by_role("button", name=button, exact=True).click()
