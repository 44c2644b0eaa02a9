"""A visitor chooses a look that is not their browser's: it is kept, and every colour of it can be read."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import WIDTHS, Console

PAGES = {
    "start": "/",
    "map-cell": "/map?industry=hydrogen&city=suzhou&recruits=2",
    "map-tiles": "/map?view=tiles",
    "map-compare": "/map/compare?a=suzhou&b=nanjing&c=wuxi&d=nantong",
    "people": "/people",
    "deals-board": "/deals",
    "deals-timeline": "/deals?view=timeline",
    "deals-outlook": "/deals?view=outlook",
    "funds": "/funds",
    "matches": "/matches?kind=person-direction&anchor=directions/sic",
    "events": "/events?from=start",
    "refused": "/map?industry=no-such-industry",
}
"""What has most to colour: marks, shades, bars, badges, forms and what is wrong with them."""


@pytest.mark.parametrize(
    ("language", "width", "browsers", "link", "chosen"),
    [("zh", "phone", "light", "深色", "dark"), ("en", "desk", "dark", "Light", "light")],
)
def test_the_look_that_was_chosen_is_kept_and_read(
    open_page: Callable[..., Page],
    console: Console,
    language: str,
    width: str,
    browsers: str,
    link: str,
    chosen: str,
) -> None:
    page = open_page(WIDTHS[width], language, dark=browsers == "dark")
    console.look_at_all(page)
    page.goto("/sign-in")
    before = _ground(page)
    page.get_by_role("link", name=link, exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", chosen)
    after = _ground(page)
    assert (sum(after) < sum(before)) is (chosen == "dark")
    console.sign_in(page)
    for name, path in PAGES.items():
        page.goto(path)
        assert _ground(page) == after, name
        console.look(page, f"{name}-{language}-{width}-{chosen}")
    page.emulate_media(media="print")
    assert _ground(page) == [255, 255, 255], "paper is white, whatever the screen is"


def _ground(page: Page) -> list[int]:
    """Red, green and blue of what the page stands on."""
    found: list[int] = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    return found
