"""A fund manager ticks deals in the list and reads side by side where they part."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import WIDTHS, Console


def test_two_deals_stand_side_by_side_with_their_ranks(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.get_by_role("link", name="项目流").first.click()
    page.get_by_role("link", name="列表", exact=True).click()
    listed = page.locator("table.rows tbody tr")
    total = listed.count()
    chosen = [_listed(listed.nth(at)) for at in (0, total - 1)]
    for each in chosen:
        page.get_by_role("checkbox", name=f"比较 {each['企业']} {each['轮次']}", exact=True).check()
    page.get_by_role("button", name="并排比较所选").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("项目比较")
    table = page.get_by_role("region", name="项目比较").get_by_role("table")
    assert table.locator("thead th").all_inner_texts() == [each["企业"] for each in chosen]
    assert _said(table, "拟投") == [each["拟投"] for each in chosen]
    composites = [float(each) for each in _said(table, "综合")]
    assert [f"{each:.0f}" for each in composites] == [each["综合"] for each in chosen]
    ranks = [int(each.split(" / ")[0]) for each in _said(table, "名次")]
    assert (ranks[0] < ranks[1]) == (composites[0] > composites[1])
    for score in ("投早", "投小", "投长", "硬科技"):
        assert [each.split(" ")[0] for each in _said(table, score)] == [each[score] for each in chosen]
        assert all("证据覆盖" in each for each in _said(table, score))
    _check_what_parts_them(table)
    console.look(page, "deals-side-by-side")
    name = chosen[1]["企业"]
    table.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.go_back()
    page.get_by_role("navigation", name="路径").get_by_role("link", name="项目流").click()
    expect(listed).to_have_count(total)


def _listed(row: Locator) -> dict[str, str]:
    """What the list says of a deal, by the title of the column."""
    found = {
        str(cell.get_attribute("data-label")): cell.inner_text().rstrip("*")
        for cell in row.locator("td").all()
    }
    stage = row.locator("th span").inner_text().split(" · ")[0]
    return {**found, "企业": row.locator("th a").inner_text(), "轮次": stage}


def _said(table: Locator, title: str) -> list[str]:
    """The cells of the row that begins with this title."""
    row = table.locator("tbody tr", has=table.page.get_by_role("rowheader", name=title, exact=True))
    return row.first.locator("td").all_inner_texts()


def _check_what_parts_them(table: Locator) -> None:
    """Below its title stand the checks whose outcomes differ, and none that is the same for all."""
    below = table.locator("tr:has(th[scope=rowgroup]) ~ tr")
    assert below.count() > 0
    for row in below.all():
        outcomes = row.locator("td .badge").all_inner_texts()
        assert len(set(outcomes)) > 1, row.inner_text()


@pytest.mark.parametrize("count", [0, 1, 7])
def test_too_few_or_too_many_are_told_with_the_way_back(
    open_page: Callable[..., Page], console: Console, count: int
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list")
    boxes = page.get_by_role("checkbox")
    for at in range(count):
        boxes.nth(at).check()
    page.get_by_role("button", name="并排比较所选").click()
    expect(page.get_by_role("alert")).to_contain_text("请在列表里勾选 2 至 6 个不同的项目")
    console.look(page, f"deals-compared-{count}")
    page.get_by_role("link", name="回到列表").click()
    expect(page.get_by_role("button", name="并排比较所选")).to_be_visible()


def test_six_deals_are_compared_by_the_keyboard_and_on_a_phone(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page(WIDTHS["phone"], "en")
    console.sign_in(page)
    page.goto("/deals?view=list")
    boxes = page.get_by_role("checkbox")
    for at in range(6):
        boxes.nth(at).press("Space")
    page.get_by_role("button", name="Compare the chosen").press("Enter")
    table = page.get_by_role("region", name="Deals side by side")
    expect(table.locator("thead th")).to_have_count(6)
    expect(table.get_by_role("rowheader", name="Rank", exact=True)).to_have_count(0)
    title = table.get_by_role("rowheader", name="Pre-money", exact=True)
    table.evaluate("each => each.scrollLeft = each.scrollWidth")
    expect(table.locator("thead th").last).to_be_in_viewport()
    expect(title).to_be_in_viewport(ratio=1)
    console.look(page, "deals-compared-six-phone")
