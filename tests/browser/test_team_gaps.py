"""From a team to what it lacks, from there to the people who would fill it, and why the first of them would."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import WIDTHS, Console

_WORDS = {
    "zh": ("谁能补上所缺", "所缺的词", "补缺", "团队有缺口"),
    "en": ("People who fill what it lacks", "words of the gap", "fills a gap", "the team lacks somebody"),
}


def to_a_team_that_lacks_somebody(page: Page) -> Locator:
    """Open teams from their list, until one leads to people; that link."""
    page.goto("/teams")
    links = page.locator("main th a[href^='/teams/']")
    for address in [str(each.get_attribute("href")) for each in links.all()]:
        page.locator(f"main a[href='{address}']").click()
        expect(page.locator("#gaps")).to_be_visible()
        found = page.locator("section[aria-labelledby=gaps] a[href^='/matches?kind=person-team&']")
        if found.count():
            return found
        page.goto("/teams")
    raise AssertionError("no team of the sample lacks anybody")


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_a_gap_leads_to_people_who_would_fill_it(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page)
    asked, of_words, of_heads, gate = _WORDS[language]
    link = to_a_team_that_lacks_somebody(page)
    expect(link).to_have_text(asked)
    team = page.locator("h1").inner_text()
    lacking = page.locator("section[aria-labelledby=gaps] tbody td:last-child").all_inner_texts()
    assert max(map(float, lacking)) > 0
    console.look(page, f"team-gaps-{language}-{width}")

    link.click()
    expect(page.locator("main .head")).to_contain_text(team)
    first = page.locator("ol.ranking li").first
    expect(first.locator("table.parts")).to_contain_text(of_words)
    console.look(page, f"team-gaps-people-{language}-{width}")

    first.locator("a[href*=candidate]").click()
    pair = page.locator("#pair")
    expect(pair.locator("ul").first).to_contain_text(gate)
    expect(pair.locator(".bad")).to_have_count(0)
    for part in (of_words, of_heads):
        expect(pair.locator("table.parts").first).to_contain_text(part)
    expect(pair.locator("#propose")).to_be_visible()
    page.locator("main .head a").first.click()
    expect(page.locator("h1")).to_have_text(team)
