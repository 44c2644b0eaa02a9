"""Somebody comes in by a link to a page, in a language of their own."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looking import Console


def test_language_is_kept_and_the_way_in_leads_to_the_page_asked_for(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    page.goto("/map?industry=hydrogen")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    console.sign_in(page)
    page.goto("/map")
    expect(page.get_by_role("heading", name="Shortage map")).to_be_visible()
