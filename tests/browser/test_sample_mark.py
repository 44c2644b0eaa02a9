"""On an installation with sample data every page that has a tab is marked as such."""

from collections.abc import Callable

from playwright.sync_api import Page

from services.console.sections import SECTIONS
from tests.browser.looking import Console

MARKS = {"zh": "演示数据", "en": "Sample data"}
MORE = ("/", "/proposals", "/deals/committees/seats", "/duplicates/decisions", "/nominations/quotas")
"""Pages with what is in the library that others lead to."""
ENTERED = ("/nominations", "/duplicates/decisions", "/approvals", "/training", "/moves")
"""Of no sample: what stands there was entered in this house, about people who may have been entered as well."""


def test_every_page_with_sample_data_says_so(
    open_page: Callable[..., Page], console: Console, released: None
) -> None:
    page = open_page(scripts=False)
    console.sign_in(page)
    paths = [*MORE, *(each.path for section in SECTIONS for each in section.pages)]
    for language, mark in MARKS.items():
        bare = []
        for path in paths:
            answer = page.request.get(path, params={"lang": language})
            assert answer.status == 200, path
            entered = path in ENTERED and 'class="empty"' not in answer.text()
            if not entered and f'<span class="mark">{mark}' not in answer.text():
                bare.append(path)
        assert bare == []


def test_a_page_without_any_data_is_not_marked(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page(scripts=False)
    assert 'class="mark"' not in page.request.get("/sign-in").text()
