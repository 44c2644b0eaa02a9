"""What was asked for and not answered: the page stays, says so, and asks again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.looking import Console

_SAID = {
    "zh": "没有连上服务。本页没有更新，显示的仍是此前的内容。",
    "en": "The service was not reached. This page was not updated: it shows what it showed before.",
}
_AGAIN = {"zh": "再试一次", "en": "Try again"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_connection_that_is_cut_is_told_and_the_question_asked_again(
    open_page: Callable[..., Page], console: Console, language: str
) -> None:
    page = open_page(language=language, cut=True)
    console.sign_in(page)
    page.goto("/map")
    told = _told(page)
    expect(told).to_be_hidden()
    page.route("**/map?*", lambda route: route.abort("connectionreset"))
    page.locator("select[name=industry]").select_option("hydrogen")
    expect(told).to_contain_text(_SAID[language])
    expect(told).to_have_role("alert")
    expect(page.locator(".matrix")).to_be_visible()
    expect(page.locator("#content")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("select[name=city]")).to_be_enabled()
    console.look(page, f"unanswered-{language}")
    assert page.url.endswith("/map")

    told.get_by_role("link", name=_AGAIN[language]).click()  # and it is still away
    expect(told).to_contain_text(_SAID[language])

    page.unroute("**/map?*")
    told.get_by_role("link", name=_AGAIN[language]).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/map?*industry=hydrogen*")
    expect(told).to_be_hidden()
    expect(page.locator(".htmx-settling")).to_have_count(0)
    expect(page.locator("#content:focus, #content :focus")).to_have_count(1)


@pytest.mark.parametrize(("width", "dark"), [(1366, True), (390, False)])
def test_it_is_seen_wherever_one_reads(
    open_page: Callable[..., Page], console: Console, width: int, dark: bool
) -> None:
    page = open_page(width=width, dark=dark, cut=True)
    console.sign_in(page)
    page.goto("/people")
    page.route("**/people?*", lambda route: route.abort())
    page.locator(".pager a").last.click()
    expect(_told(page)).to_contain_text(_SAID["zh"])
    expect(_told(page)).to_be_in_viewport(ratio=1)
    console.look(page, f"unanswered-{width}")


def test_a_service_that_does_not_answer_in_time_is_told(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page(cut=True)
    console.sign_in(page)
    page.goto("/map")
    assert page.evaluate("htmx.config.timeout") == 60_000
    page.evaluate("htmx.config.timeout = 100")
    waiting: list[Route] = []
    page.route("**/map?*", lambda route: waiting.append(route))
    page.locator("select[name=industry]").select_option("hydrogen")
    expect(_told(page)).to_contain_text("服务一分钟内没有答复。")


@pytest.mark.parametrize("body", ["", "<html><body><h1>502 Bad Gateway</h1></body></html>"])
def test_an_answer_without_a_page_leaves_the_page_that_is_there(
    open_page: Callable[..., Page], console: Console, body: str
) -> None:
    page = open_page(cut=True)
    console.sign_in(page)
    page.goto("/map")
    page.route("**/map?*", lambda route: route.fulfill(status=502, body=body, content_type="text/html"))
    page.locator("select[name=industry]").select_option("hydrogen")
    expect(_told(page)).to_contain_text("服务没有给出页面（502）。")
    expect(page.locator(".matrix")).to_be_visible()


def _told(page: Page) -> Locator:
    return page.locator("#unanswered")
