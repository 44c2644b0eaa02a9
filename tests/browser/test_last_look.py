"""What changed since somebody last looked stands on their start page, each line a way to it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looking import Console
from tests.storm.house import until


def test_a_cell_that_reached_its_stars_and_a_pair_that_was_accepted_are_lines_that_lead_to_them(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, subject="returns")
    page.goto("/")
    page.reload()  # the first visit goes on
    expect(page.locator(".news h2")).to_have_text("最近一周")
    expect(page.locator(".news")).to_contain_text("视为首次来访")
    page.goto("/map?industry=hydrogen&city=suzhou")
    page.locator("form.watch select[name=stars]").select_option("1")
    page.locator("form.watch input[name=percent]").fill("50")
    page.get_by_role("button", name="关注", exact=True).click()
    watched = page.locator("table.rows tbody tr")
    expect(watched).to_have_count(1)
    cell = watched.locator("th").inner_text()

    def reached() -> bool:
        page.reload()
        return watched.get_by_text("已达到").count() == 1

    assert until(reached, 60)
    page.goto("/matches?kind=person-position&side=position")
    page.goto(str(page.locator("main .stack li a").nth(3).get_attribute("href")))
    page.goto(str(page.locator("ol.ranking li").first.locator("a[href*=candidate]").get_attribute("href")))
    page.locator("#at-once summary").click()
    page.locator("#at-once button[value=ACCEPTED]").click()
    expect(page.locator("#before .badge")).to_have_text("已接受")
    page.goto("/")
    news = page.locator(".news")
    expect(news).to_contain_text("达到所关注星级的单元")
    expect(news).to_contain_text("被接受的推荐")
    console.look(page, "start-news")
    news.get_by_role("link", name=re.compile(" ← ")).first.click()
    expect(page.locator("#pair")).to_be_visible()
    expect(page.locator("#before .badge")).to_have_text("已接受")
    page.goto("/")
    news.get_by_role("link", name=cell, exact=True).click()
    expect(page.locator("form.watch")).to_be_visible()
    page.goto("/map/watches")
    page.get_by_role("button", name=f"取消关注 {cell}").click()
    expect(page.get_by_text("还没有关注")).to_be_visible()
    page.goto("/")
    expect(news).not_to_contain_text("达到所关注星级的单元")
