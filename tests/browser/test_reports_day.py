"""A report in three hands: drafted, read, checked and signed on the console, and taken away as a file."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from services.chassis.identity.identity import Grant
from tests.browser.looking import Console
from tests.browser.reporting import ROLES, year

_NARROWEST = """() => Math.min(...[...document.querySelectorAll("td:not(.number)")]
  .filter((each) => each.textContent.length > 12).map((each) => each.clientWidth))"""
"""Pixels of the narrowest cell with more than a few words."""


def test_a_report_passes_through_three_hands(
    open_page: Callable[..., Page], console: Console, released: None, tmp_path: Path
) -> None:
    pages = {name: open_page() for name in ROLES}
    for name, page in pages.items():
        console.sign_in(page, Grant(ROLES[name]), subject=name)
    ann, bo, cai = (pages[name] for name in ROLES)
    ann.goto("/reports")
    draft = ann.locator("form[method=post]").filter(has=ann.locator("input[name=period]"))
    draft.locator("input[name=period]").fill(str(year()))
    draft.locator("button").click()
    expect(ann.locator("h1")).to_contain_text(f"{year()} 年度 · 内部版")
    expect(ann.locator("#next").locator("..")).to_contain_text("由他人核稿")
    address = ann.url
    bo.goto(address)
    bo.get_by_role("button", name="核稿").click()
    expect(bo.locator(".badge").first).to_have_text("已核稿")
    cai.goto(address)
    cai.get_by_role("button", name="签发").click()
    expect(cai.locator(".badge").first).to_have_text("已签发")
    with cai.expect_popup() as opened:
        cai.get_by_role("link", name="预览全文").click()
    expect(opened.value.locator("h2").first).to_contain_text("要点")
    expect(opened.value.locator("dd", has_text="cai ·")).to_have_count(1)
    opened.value.set_viewport_size({"width": 320, "height": 800})
    assert opened.value.evaluate(_NARROWEST) >= 90
    opened.value.close()
    with cai.expect_popup() as led:
        cai.locator("section[aria-labelledby=first] li a").first.click()
    expect(led.value).to_have_url(re.compile(r"/view#by-industry$"))
    expect(led.value.locator("#by-industry")).to_be_in_viewport()
    led.value.close()
    with cai.expect_download() as taken:
        cai.get_by_role("link", name="PDF").click()
    taken.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    ann.goto("/reports")
    calendar = ann.locator("section[aria-labelledby=calendar]")
    expect(calendar).to_contain_text("下一份：")
    expect(calendar.get_by_role("link", name="起草")).to_have_attribute("href", re.compile("#draft$"))
    again = ann.locator("form[method=post]").filter(has=ann.locator("input[name=period]"))
    again.locator("input[name=period]").fill(str(year()))
    again.locator("button").click()
    expect(ann.locator("main")).to_contain_text("再编须以更正的方式")
    ann.locator("input[name=reason]").fill("两条岗位补录")
    ann.get_by_role("button", name="起草更正").click()
    expect(ann.locator("h1")).to_contain_text(f"{year()} 年度 · 内部版")
    expect(ann.locator("main")).to_contain_text("两条岗位补录")
    turned_down = ann.locator("form[action$=reject]")
    turned_down.locator("input[name=remark]").fill("再核对一次")
    turned_down.get_by_role("button", name="退回").click()
    ann.get_by_role("link", name="重新起草").click()
    expect(ann.locator("input[name=period]").last).to_have_value(str(year()))
    expect(ann.locator("input[name=reason]")).to_be_visible()
