"""What is printed from the browser: the subject whole and marked as what it is, without what only a screen can do."""

import unicodedata
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.looking import Console

_ON_SCREEN_ALONE = (
    ".top nav, .foot nav, .foot form, .filters, .tabs, .facets, .pager, .purpose, .exports, form[method=post], "
    ".onscreen, .doors, button"
)
_BEYOND = """
() => [...document.querySelectorAll("main, main *")].filter((each) => {
  const box = each.getBoundingClientRect();
  const cut = getComputedStyle(each).overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1;
  return each.checkVisibility() && (cut || box.right > document.documentElement.clientWidth + 1);
}).map((each) => `${each.tagName}.${each.className.baseVal ?? each.className}: ${each.textContent.trim().slice(0, 40)}`)
"""
"""What would run over the edge of the sheet, or is cut at its own."""
_ON_ONE_LINE = "all => all.map((each) => getComputedStyle(each).whiteSpace === 'nowrap')"
_A4 = 718
"""Pixels between the margins of a sheet that stands."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_printed_whole_and_without_what_only_a_screen_can_do(
    open_page: Callable[..., Page], console: Console, released: None, language: str
) -> None:
    page = open_page(_A4, language)
    console.sign_in(page)
    for name, path in {**_PAGES, **_found(page)}.items():
        page.goto(path)
        page.emulate_media(media="print")
        title = page.locator("h1").first.inner_text()
        assert page.locator(_ON_SCREEN_ALONE).filter(visible=True).count() == 0, name
        assert page.evaluate(_BEYOND) == [], name
        sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
        printed = [_plain(each.extract_text()) for each in sheets]
        assert _plain(title) in printed[0], name
        marked = page.locator(".mark").count() > 0
        assert marked or name in _ENTERED, name
        assert all(("SYNTHETIC" in each) is marked for each in printed), name
        dates = page.locator("td.nobreak").evaluate_all(_ON_ONE_LINE)
        assert all(dates), name
        assert all(printed), f"{name} has an empty sheet"
        assert _plain(page.locator(".printed").inner_text()) in "".join(printed), name
        if console.pictures is not None:
            console.pictures.mkdir(parents=True, exist_ok=True)
            page.pdf(format="A4", path=console.pictures / f"{name}-{language}.pdf")
        page.emulate_media(media="screen")


_ENTERED = {"nominations"}
"""Of no sample, as soon as anything was entered in this house."""
_PAGES = {
    "map": "/map",
    "map-cell": "/map?industry=hydrogen&city=suzhou",
    "map-compare": "/map/compare?a=suzhou&b=nanjing&c=wuxi&d=nantong",
    "people": "/people",
    "funds": "/funds",
    "deals-board": "/deals?view=board",
    "deals-list": "/deals?view=list",
    "deals-timeline": "/deals?view=timeline",
    "matches": "/matches?kind=person-direction&anchor=directions/sic",
    "reports": "/reports",
    "start": "/",
    "teams": "/teams",
    "positions": "/positions",
    "firms": "/firms",
    "nominations": "/nominations",
    "targets": "/targets",
    "evidence": "/evidence",
    "releases": "/releases",
    "imports": "/import",
    "proposals": "/proposals",
    "committees": "/deals/committees",
    "events": "/events",
}


def _found(page: Page) -> dict[str, str]:
    """Pages of records."""
    found = {}
    for name, lists in {
        "person": "/people",
        "fund": "/funds",
        "deal": "/deals?view=list",
        "report": "/reports",
        "team": "/teams",
        "position": "/positions",
        "firm": "/firms",
        "release": "/releases",
    }.items():
        page.goto(lists)
        found[name] = str(page.locator("main table.rows tbody th a").first.get_attribute("href"))
    page.goto("/import")
    found["import"] = str(page.locator(".plainrows a").first.get_attribute("href"))
    found["dossier"] = f"{found['deal']}/dossier"
    page.goto("/deals?view=list")
    listed = page.locator("main table.rows tbody th a").evaluate_all(
        "all => all.map((each) => each.pathname)"
    )
    chosen = "&".join(f"deal={each.rpartition('/')[2]}" for each in listed[:3])
    found["deals-compare"] = f"/deals/compare?{chosen}"
    return found


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
