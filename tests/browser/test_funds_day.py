"""A fund manager reads what a fund has and what is left of it, and is told what has shrunk."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc
from services.cli.answers.output import Format, Output
from services.cli.session import Session
from services.cli.workbooks import importing
from services.console.web.lookings import COOKIE
from tests.browser.figures import facts_of, fen, fen_read
from tests.browser.looking import Console
from tests.contract.installation import MANAGER, staff_token

_FUND = "f-suzhou"
_TICKET = "300万元"


def test_a_fund_adds_up_and_what_is_counted_twice_is_told(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/funds")
    rows = page.locator("table.rows.stack tbody tr")
    through = facts_of(page.locator("main section.card").last)
    sizes = [fen(each) for each in rows.locator("[data-label=规模]").all()]
    assert fen(through["名义规模"]) == sum(sizes)
    twice = page.locator("details", has_text="抵销明细").locator("tbody td.n")
    assert fen(through["穿透规模"]) == sum(sizes) - sum(fen(each) for each in twice.all())
    counted = page.locator("dt", has_text="重复计算").locator("xpath=following-sibling::dd[1]")
    assert fen(counted) == sum(fen(each) for each in twice.all())
    with page.expect_navigation():
        rows.first.get_by_role("link").first.click()
    facts = facts_of(page.locator("main section.card").first)
    whole = page.get_by_role("heading", name="账户").locator("xpath=..")
    expect(whole).to_contain_text("余额与分录一致，分毫不差")
    free = whole.get_by_role("row").filter(has=page.get_by_role("rowheader", name="可用额度")).locator("td")
    assert fen(facts["可用"]) == fen(free)


def test_leverage_is_the_quotient_of_what_stands_behind_it(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/funds")
    page.locator("table.rows.stack tbody th a").first.click()
    ratios = page.get_by_role("heading", name="带动社会资本").locator("xpath=..").locator("details")
    expect(ratios).to_have_count(3)
    for each in ratios.all():
        each.locator("summary").click()
        said = each.locator("summary strong").inner_text()
        above, below = each.locator("p").first.inner_text().partition(" · ")[0].split(" ÷ ")
        if said == "无分母":
            assert fen_read(below) == 0
        else:
            assert float(said.removesuffix("\u00a0×")) == pytest.approx(
                fen_read(above) / fen_read(below), rel=0.01
            )


def test_what_is_left_of_a_limit_agrees_with_how_it_stands(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/funds")
    seen = 0
    for path in [
        str(each.get_attribute("href")) for each in page.locator("table.rows.stack tbody th a").all()
    ]:
        page.goto(path)
        limits = page.get_by_role("heading", name="限额与余量").locator("xpath=..").locator("tbody tr")
        for row in limits.all():
            said = row.locator("td").first.inner_text()
            found = re.search(r"([\d.]+)% / (不超过|不低于) ([\d.]+)%", said)
            if found is None:
                continue
            share, limit = float(found[1]), float(found[3])
            within = share <= limit if found[2] == "不超过" else share >= limit
            assert ("不符合" not in said) is within, said
            seen += 1
    assert seen


def test_the_start_page_tells_that_a_fund_has_less_than_at_the_last_visit(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    owner, page = f"owner-{uuid4().hex[:6]}", open_page()
    console.sign_in(page, MANAGER, subject=owner)
    page.goto("/")
    expect(page.get_by_role("heading", name="可用额度减少")).to_have_count(0)
    _end_visit(page)
    _approved(console, owner, tmp_path / "deals.csv")
    page.goto("/")
    shrunk = page.get_by_role("heading", name="可用额度减少").locator("xpath=following-sibling::ul[1]/li")
    expect(shrunk).to_contain_text(f"−{_TICKET}，现可用")
    console.look(page, "start-shrunk")
    fund = shrunk.get_by_role("link")
    name = fund.inner_text()
    fund.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.goto("/?lang=en")
    expect(page.get_by_role("heading", name="Headroom that shrank")).to_be_visible()


def _end_visit(page: Page) -> None:
    """As if the visit before had ended with the last look."""
    [kept] = [each for each in page.context.cookies() if each["name"] == COOKIE]
    account, _, last = str(kept["value"]).split(".")
    page.context.add_cookies(
        [{"name": COOKIE, "value": f"{account}.{last}.{last}", "url": page.url, "httpOnly": True}]
    )


def _approved(console: Console, owner: str, file: Path) -> None:
    """A deal that was approved before it was brought in, and so holds capital of its fund."""
    with console.house.channel("funding", MANAGER) as channel:
        stub = firm_service_pb2_grpc.FirmServiceStub(channel)
        firm = stub.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).firms[0]
    row = {
        "编号": f"D-{uuid4().hex[:8]}",
        "基金编号": _FUND,
        "企业信用代码": firm.uscc,
        "轮次": "天使轮",
        "拟投金额": _TICKET,
        "投前估值": "5000万元",
        "当前状态": "已批准",
        "申报日期": datetime.now(UTC).date().isoformat(),
        "负责人": owner,
    }
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, row)
        writer.writeheader()
        writer.writerow(row)
    settings = console.house.settings
    with Session(settings, Output(Format.TABLE, "zh"), token=staff_token(console.house, MANAGER)) as staff:
        mode = importing.Mode.IMPORT_MODE_ALL_OR_NOTHING
        report = importing.send(staff, "funding", file, mode, "deals")
    assert report.committed, report.problems
