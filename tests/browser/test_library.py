"""The talent library: masked until a purpose is stated, narrowed by facets, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from services.chassis.searching.tokens import sound_order
from tests.browser.looking import Console


@pytest.mark.parametrize("scripts", [True, False])
def test_a_purpose_opens_names_and_a_facet_narrows_the_list(
    open_page: Callable[..., Page], console: Console, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    console.sign_in(page)
    page.goto("/people")
    names = page.locator("main .rows tbody th a")
    expect(names.first).to_contain_text("*")
    expect(page.get_by_label("排序").get_by_role("option", name="姓名")).to_have_count(0)
    page.get_by_role("button", name="声明并查看").click()
    expect(names.first).not_to_contain_text("*")
    order = page.get_by_label("排序")
    shown = {}
    for direction, address in {
        "姓名拼音 A–Z": "display_name",
        "姓名拼音 Z–A": r"display_name(\+|%20)desc",
    }.items():
        order.select_option(label=direction)
        if not scripts:
            page.get_by_role("button", name="查找").click()
        page.wait_for_url(re.compile(f"order={address}$"))
        expect(order.locator("option:checked")).to_have_text(direction)
        expect(page.locator(".htmx-settling")).to_have_count(0)
        shown[direction] = names.all_inner_texts()
    first, last = (found[0] for found in shown.values())
    assert sound_order(first) < sound_order(last)
    for found, down in zip(shown.values(), (False, True), strict=True):
        assert found == sorted(found, key=sound_order, reverse=down)
    page.goto("/people")
    page.locator(".facets").get_by_role("link", name="氢能", exact=True).click()
    page.wait_for_url("**/people?industry=hydrogen**")
    expect(page.locator(".facets [aria-current]")).to_have_text("氢能")
    name = names.first.inner_text()
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("button", name="查找").click()
    page.wait_for_url("**q=**")
    expect(names.first).to_have_text(name)
    expect(order.locator("option:checked")).to_have_text("姓名相近的在前")
    names.first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_text("人才服务").first).to_be_visible()


def test_filters_that_a_narrow_page_folds_open_again_where_it_is_wide(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list")
    groups = page.locator(".facets details details")
    opened = groups.evaluate_all("all => all.map(each => each.open)")
    assert True in opened
    assert False in opened
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".facets details[open]")).to_have_count(0)
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.locator(".facets details.all")).to_have_attribute("open", "")
    assert groups.evaluate_all("all => all.map(each => each.open)") == opened


def test_a_search_by_a_district_leads_to_its_city(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    for address, heading in (("/people", "核心人才库"), ("/positions", "岗位")):
        page.goto(f"{address}?q=昆山市")
        told = page.locator("p.empty", has_text="“昆山市”属于苏州")
        console.look(page, f"district-{address[1:]}")
        told.get_by_role("link", name="苏州", exact=True).click()
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        expect(page.locator("table.rows tbody tr")).not_to_have_count(0)
