"""Why somebody stands in the list of a record, what they lack, and why somebody else is not in it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import Console


def test_why_one_is_in_the_list_of_a_position_and_another_is_not(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/matches?kind=person-position&side=position")
    page.locator(".purpose button").click()
    page.goto(str(page.locator("main .stack li a").first.get_attribute("href")))
    anchor = page.locator(".head .quiet a").inner_text()
    page.locator("ol.ranking").get_by_role("link", name="为什么").first.click()
    pair = page.locator("#pair")
    expect(pair.locator("ul.plain .bad")).to_have_count(0)
    matched, missing = (_terms(pair.locator(".chips").nth(at)) for at in (0, 1))
    assert matched
    assert missing
    assert not set(matched) & set(missing)
    assert all(value > 0 for value in matched.values() if value), "a term that both have helps"
    assert all(value > 0 for value in missing.values() if value), "a term that one lacks would help"
    page.locator("#why-not input[name=why]").fill("氢")
    with page.expect_navigation():
        page.locator("#why-not button").click()
    others = {each.inner_text(): str(each.get_attribute("href")) for each in pair.locator("ul li a").all()}
    name, link = next(iter(others.items()))
    page.goto(link)
    expect(page.locator(".head")).to_contain_text(anchor)
    expect(pair.locator("p strong").first).to_have_text(name.partition(" · ")[0])
    console.look(page, "match-why-not")


def _terms(chips: Locator) -> dict[str, float]:
    """Words with what they count, 0 where nothing is said of that."""
    told = [each.rpartition(" ") for each in chips.locator("span:not(.quiet)").all_inner_texts()]
    return {word or value: float(value) if word else 0 for word, _, value in told}
