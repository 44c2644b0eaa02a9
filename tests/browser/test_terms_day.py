"""A fund manager changes the terms of a deal where a check asks for it, and takes an ended deal up again."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looking import Console
from tests.contract.funding.leads import entered
from tests.contract.installation import MANAGER


def test_terms_are_changed_where_a_check_asks_for_it(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    with console.house.channel("funding", MANAGER) as channel:
        deal = f"/{entered(channel, fixed_return=True).name}"
    page.goto(deal)
    checks, terms = (page.locator(f"section[aria-labelledby={each}]") for each in ("checks", "terms"))
    expect(terms).to_contain_text("固定回报")
    promised = checks.locator("li", has_text="无条件回购：是").first
    promised.get_by_role("link", name="修改交易条件").click()
    expect(terms.get_by_label("拟投金额")).to_have_value("300万元")
    console.look(page, "deal-terms")
    terms.get_by_label("拟投金额").fill("很多")
    terms.get_by_role("button", name="保存").click()
    expect(terms.get_by_label("拟投金额")).to_have_attribute("aria-invalid", "true")
    expect(terms.get_by_label("拟投金额")).to_have_value("很多")
    page.goto(f"{deal}/what-if?ticket=250万")
    page.get_by_role("link", name="按此修改交易条件").click()
    expect(terms.get_by_label("拟投金额")).to_have_value("250万")
    terms.get_by_label("固定回报").select_option("no")
    terms.get_by_label("计划持有年限").fill("8")
    terms.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("交易条件已保存")
    expect(terms).to_contain_text("250万元")
    expect(terms).to_contain_text("8 年")
    expect(checks).not_to_contain_text("无条件回购：是")


def test_an_ended_deal_is_taken_up_again_and_a_decided_one_keeps_its_terms(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page(language="en")
    console.sign_in(page)
    page.goto("/deals?view=list&state=DECLINED")
    page.locator("table.rows tbody th a").first.click()
    old = page.url.partition("?")[0]
    expect(page.locator("section[aria-labelledby=terms]")).to_contain_text("the terms stand")
    page.get_by_text("Take it up again").click()
    page.get_by_label("Why").fill("A new product line")
    page.get_by_role("button", name="As a new lead").click()
    expect(page.get_by_role("status")).to_contain_text("Taken up again")
    assert page.url.partition("?")[0] != old
    page.get_by_text("Change the terms").click()
    expect(page.get_by_label("Ticket", exact=True)).not_to_have_value("")
    console.look(page, "deal-reopened")
