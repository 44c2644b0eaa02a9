"""The page of events says of every service how far it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import WIDTHS, Console

READ = {"talent": "bole.deals.v1", "matcher": "bole.persons.v1"}
NAMES = {
    "zh": {"talent": "人才服务 就绪", "funding": "投资服务 就绪", "matcher": "匹配服务 就绪"},
    "en": {
        "talent": "talent service ready",
        "funding": "funding service ready",
        "matcher": "matching service ready",
    },
}
LEVEL = {"zh": "待发出的事件 0", "en": "Events yet to be told 0"}


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_every_service_says_what_it_has_read_and_has_yet_to_tell(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page)
    page.goto("/events")
    card = page.locator("section:has(#progress)")
    for service, name in NAMES[language].items():
        said = card.get_by_role("heading", name=name)
        expect(said).to_be_visible()
        expect(said.locator("+ p")).to_contain_text(LEVEL[language])
        if service in READ:
            expect(said.locator("~ table").first).to_contain_text(READ[service])
    console.look(page, f"progress-{language}-{width}")
    console.reflows(page, "events")
