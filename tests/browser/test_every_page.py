"""Every page in both languages, at a desk and on a phone, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.looking import WIDTHS, Console

PAGES = {
    "start": "/",
    "map": "/map",
    "map-tiles": "/map?view=tiles&industry=hydrogen",
    "map-table": "/map?view=table",
    "map-cell": "/map?industry=hydrogen&city=suzhou",
    "refused": "/map?industry=no-such-industry",
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_accessible_and_fit(
    open_page: Callable[..., Page], console: Console, language: str, width: str
) -> None:
    page = open_page(WIDTHS[width], language, dark=(language == "en" and width == "desk"))
    page.goto("/sign-in")
    console.look(page, f"sign-in-{language}-{width}")
    console.sign_in(page)
    for name, path in PAGES.items():
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
        console.look(page, f"{name}-{language}-{width}")
