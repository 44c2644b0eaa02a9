"""A page that fetches something shows that it is at work, on the part that will be replaced."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.looking import Console
from tests.storm.house import until

_MARK = "element => { const {visibility, animationDelay, animationName, borderTopColor, display} = \
getComputedStyle(element, '::before'); return {visibility, animationDelay, animationName, borderTopColor, display}; }"


@contextmanager
def held(page: Page, pattern: str) -> Iterator[None]:
    """Answers to these addresses come only when the block ends."""
    waiting: list[Route] = []
    page.route(pattern, lambda route: waiting.append(route))
    yield
    for each in waiting:
        each.continue_()
    page.unroute(pattern)


def shown(content: Locator) -> None:
    """Wait until the mark can be seen."""
    assert until(lambda: content.evaluate(_MARK)["visibility"] == "visible", 30.0)


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_fetched_marks_the_page_as_busy_until_it_is_there(
    open_page: Callable[..., Page], console: Console, dark: bool
) -> None:
    page = open_page(dark=dark, language="en" if dark else "zh")
    console.sign_in(page)
    page.goto("/map")
    content = page.locator("#content")
    assert content.get_attribute("aria-busy") is None
    with held(page, "**/map?*"):
        page.locator("select[name=industry]").select_option("hydrogen")
        expect(content).to_have_attribute("aria-busy", "true")
        shown(content)
        mark = content.evaluate(_MARK)
        assert mark["animationDelay"] == "0.15s, 0.15s"
        assert mark["animationName"] == "appear, atwork"
        assert mark["borderTopColor"] == ("rgb(240, 160, 96)" if dark else "rgb(200, 97, 26)")
        expect(page.locator("#told")).to_have_text("Loading" if dark else "正在读取")
        console.look(page, f"at-work-{'dark' if dark else 'light'}")
    page.wait_for_url("**/map?*industry=hydrogen*")
    expect(page.locator(".htmx-settling")).to_have_count(0)
    expect(content).not_to_have_attribute("aria-busy", "true")
    assert content.evaluate(_MARK)["animationName"] == "none"
    expect(page.locator("#told")).not_to_have_text("Loading" if dark else "正在读取")


def test_who_wants_no_motion_sees_the_mark_stand_still(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    console.sign_in(page)
    page.goto("/people")
    content = page.locator("#content")
    with held(page, "**/people?*"):
        page.locator(".facets li a:visible").first.click()
        shown(content)
        assert content.evaluate(_MARK)["animationName"] == "appear"
    expect(content).not_to_have_attribute("aria-busy", "true")


def test_an_answer_that_never_comes_leaves_no_page_at_work(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map")
    page.route("**/map?*", lambda route: route.fulfill(status=503, body="<main id=content>503</main>"))
    page.locator("select[name=industry]").select_option("hydrogen")
    expect(page.locator("#content")).to_have_text("503")
    expect(page.locator("#content")).not_to_have_attribute("aria-busy", "true")
