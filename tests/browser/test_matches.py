"""Matches are narrowed by the counts beside them, and paged."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import WIDTHS, Console


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_a_count_leads_to_those_that_it_counts(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page)
    page.goto("/matches?kind=person-direction&anchor=directions/sic")
    console.look(page, f"matches-counted-{language}-{width}")
    first = page.locator(".facets li:not(:has-text('<5'))").first
    count = first.locator(".n").inner_text()
    page.goto(str(first.locator("a").get_attribute("href")))
    expect(page.locator("#ranked")).to_contain_text(f"{count} ")
    page.goto("/matches?kind=person-direction&anchor=directions/sic&limit=5")
    shown = page.locator("ol.ranking li").last.get_attribute("value")
    page.goto(str(page.locator(".pager a[rel=next]").get_attribute("href")))
    assert page.locator("ol.ranking li").first.get_attribute("value") == str(int(shown or 0) + 1)
    page.goto(str(page.locator(".tabs[aria-label] a").last.get_attribute("href")))
    expect(page.locator("ol.ranking li")).to_have_count(5)
    console.look(page, f"matches-paged-{language}-{width}")
