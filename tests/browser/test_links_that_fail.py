"""A link to a file that cannot be had leads to a page that says so, with a number to ask by and a way back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Console

_SAID = {
    "zh": ("这个请求有误", "请求编号", "回到刚才的页面"),
    "en": ("This request is wrong", "Request id", "Back to the page"),
}
_GONE = {"zh": "没有找到", "en": "Not found"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_that_is_refused_is_told_on_a_page_and_leads_back(
    open_page: Callable[..., Page], console: Console, language: str
) -> None:
    title, number, back = _SAID[language]
    page = open_page(language=language)
    console.sign_in(page)
    page.goto("/map?city=suzhou")
    link = page.locator(".exports a").first
    assert link.get_attribute("download") is None, "a browser keeps what is refused to itself"
    link.evaluate("each => { each.href = '/map/export.xlsx?industry=nowhere'; }")
    with page.expect_navigation():
        link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".refusal")).to_contain_text(re.compile(f"{number} [0-9a-f-]{{32,36}}"))
    console.look(page, f"file-refused-{language}")
    with page.expect_navigation():
        page.get_by_role("link", name=back).click()
    assert page.url.endswith("/map?city=suzhou")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "/deals/none/documents/1",
        "/matches/runs/none/file.csv",
        "/releases/none/cells.csv",
        "/reports/none/file.pdf",
        "/import/none/errors.csv",
        "/nowhere",
        "/static/nowhere.js",
    ],
)
def test_an_address_of_what_is_not_there_is_told_on_a_page(
    open_page: Callable[..., Page], console: Console, language: str, address: str
) -> None:
    page = open_page(language=language)
    console.sign_in(page)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(_GONE[language])
    expect(page.locator(".refusal code")).to_have_text(re.compile("[0-9a-f-]{32,36}"))
