"""The pages that tell the contract can be read: the names of fields stay whole."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.looking import Console

_BROKEN = """
(names) => names.flatMap((each) => [...each.childNodes]).filter((node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return node.nodeType === Node.TEXT_NODE && range.getClientRects().length > 1;
}).map((node) => node.textContent)
"""
"""Words of names that stand on several lines."""


@pytest.mark.parametrize("width", [1366, 718])
@pytest.mark.parametrize("path", ["methods/MatchingService_FindMatches", "topics"])
def test_the_name_of_a_field_is_broken_between_its_words_alone(
    open_page: Callable[..., Page], console: Console, path: str, width: int
) -> None:
    page = open_page(width)
    console.sign_in(page)
    page.goto(f"/events/{path}")
    page.locator("details.card").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    names = page.locator("th code")
    assert names.count() > 20
    assert names.evaluate_all(_BROKEN) == []
