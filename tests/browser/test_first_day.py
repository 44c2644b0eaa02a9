"""What somebody who is new here would ask next stands where they would ask it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from services.chassis.identity import Grant
from tests.browser.looking import Console


def test_several_reasons_are_told_once(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals")
    card = page.locator("[data-lane=DUE_DILIGENCE] [data-deal]").first
    page.goto(f"/deals/{card.get_attribute('data-deal')}/move?action=SUBMIT_TO_COMMITTEE")
    page.get_by_role("button", name="确认：提交内部投决").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("没有做，原因：")
    assert told.inner_text().count("缺少业务尽调报告") == 1


def test_who_watches_a_cell_reads_where_they_will_be_told(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map?industry=hydrogen&city=suzhou")
    page.get_by_role("button", name="关注", exact=True).click()
    expect(page.get_by_text("达到时出现在首页")).to_be_visible()
    page.get_by_role("button", name="取消关注").first.click()


def test_who_is_granted_no_purpose_reads_whom_to_ask_for_one(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, Grant("talent_officer"), subject="without")
    page.goto("/people")
    expect(page.locator("main")).to_contain_text("请账号管理员授予")
    assert page.locator(".purpose").count() == 0


def test_the_page_of_events_leads_to_the_kit_and_to_checking_signatures(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/events")
    said = page.locator("main")
    for each in ("bole conformance", "webhook-signature", "next_after"):
        expect(said).to_contain_text(each)
