"""How far it is for the keyboard: results are a few keys away on every page, and the matrix is one stop that arrows go
through.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Console

_FEW = 8
"""Keys from the head of a page to its first result: three ways past what comes before, Enter, and what the results
begin with.
"""
_FIRST = {
    "/map": "svg.map a",
    "/people": "#results tbody a",
    "/positions": "#results tbody a",
    "/teams": "#results tbody a",
    "/firms": "#results tbody a",
    "/deals?view=board": ".kanban article a",
    "/deals?view=list": "#results tbody input",
    "/deals?view=timeline": "#results tbody a",
    "/funds": "#results tbody a",
    "/matches?kind=person-direction&anchor=directions/sic": "ol.ranking a",
    "/reports": "#results tbody a",
    "/releases": "#results tbody a",
}
_PLACE = """
() => {
  const cell = document.activeElement.closest("td, th");
  return [cell.parentElement.rowIndex, cell.cellIndex];
}
"""
_IS_THERE = "(first) => document.activeElement.matches(first)"


def _tabs(page: Page, goal: str) -> int:
    for count in range(1, 30):
        page.keyboard.press("Tab")
        if page.evaluate(_IS_THERE, goal):
            return count
    raise AssertionError(f"Tab does not lead to {goal} on {page.url}")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_first_result_of_every_page_is_a_few_keys_away(
    open_page: Callable[..., Page], console: Console, released: None, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    console.sign_in(page)
    keys = {}
    for path, first in _FIRST.items():
        page.goto(path)
        keys[path] = _tabs(page, ".skip[href='#results']") + 1
        page.keyboard.press("Enter")
        keys[path] += _tabs(page, first)
    assert {path: count for path, count in keys.items() if count > _FEW} == {}


def test_a_page_offers_only_the_ways_that_it_has(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/funds")
    expect(page.locator("body > .skip[href='#results']")).to_be_visible()
    expect(page.locator("body > .skip[href='#filters']")).to_be_hidden()
    page.goto("/people")
    _tabs(page, ".skip[href='#filters']")
    page.keyboard.press("Enter")
    _tabs(page, "input[name=q]")
    page.goto("/")
    expect(page.locator("body > .skip[href='#results']")).to_be_hidden()


def test_the_matrix_is_one_stop_that_arrows_go_through(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map")
    grid = page.get_by_role("grid")
    expect(grid).to_have_accessible_description("方向键在单元格之间移动，回车查看")
    assert grid.locator("a[tabindex='0']").count() == 1
    grid.locator("td a").first.focus()
    for key, place in {
        "ArrowRight": [1, 2],
        "ArrowDown": [2, 2],
        "End": [2, 13],
        "Control+Home": [1, 0],
        "ArrowUp": [1, 0],
        "ArrowLeft": [1, 0],
        "Control+End": [14, 13],
    }.items():
        page.keyboard.press(key)
        assert page.evaluate(_PLACE) == place, key
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('table.matrix a')")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(_PLACE) == [14, 13]
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**city=*")
    expect(grid.locator("a[tabindex='0']")).to_have_count(1)
