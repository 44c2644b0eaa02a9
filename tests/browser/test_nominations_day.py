"""Nominations: a payment is recorded once; the end tells what became of the nominee, and the person's card what was
looked at of it.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from google.type.money_pb2 import Money
from playwright.sync_api import Page, expect

from bole.talent.v1 import nomination_pb2
from bole.talent.v1 import nomination_service_pb2 as wire
from services.kernel.clock import civil_date
from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import OFFICER
from tests.contract.talent.doubles import create
from tests.contract.talent.nominating import JUNE, as_, decide, reviewed


@pytest.fixture
def followed(console: Console) -> tuple[str, str]:
    """Ids of a person who left the province after the payment, and of the nomination that says so."""
    house = console.house
    with house.channel("talent", OFFICER, purpose="talent-service", subject="entering") as channel:
        person = create(channel).name
    with as_(house, "entering") as desk:
        made = decide(house, reviewed(house, desk, person))
        made = desk.FundNomination(
            wire.FundNominationRequest(
                name=made.name,
                etag=made.etag,
                amount=Money(currency_code="CNY", units=500_000),
                paid_date=JUNE,
                document=f"苏财教 {uuid4().hex[:6]}",
            )
        )
        desk.FollowUpNomination(
            wire.FollowUpNominationRequest(
                name=made.name,
                etag=made.etag,
                result=nomination_pb2.FOLLOW_UP_RESULT_LEFT_PROVINCE,
                observed_date=JUNE,
            )
        )
    return person.partition("/")[2], made.name.partition("/")[2]


@pytest.mark.parametrize(("language", "width"), [("zh", "desk"), ("en", "phone")])
def test_the_end_of_a_nomination_and_who_looked_at_it(
    open_page: Callable[..., Page], console: Console, followed: tuple[str, str], language: str, width: str
) -> None:
    id_, nomination = followed
    page = open_page(WIDTHS[width], language)
    console.sign_in(page, OFFICER, subject="bo")
    page.goto(f"/nominations/{nomination}")
    steps = page.locator(".timeline > li")
    expect(steps.last).to_contain_text("2026-06-20")
    left = {"zh": "离省", "en": "left the province"}[language]
    expect(steps.last).not_to_contain_text(left)
    page.locator(".purpose button").click()
    expect(steps.last).to_contain_text(left)
    console.look(page, f"nomination-end-{language}-{width}")
    page.goto(f"/people/{id_}")
    looked = page.locator("section[aria-labelledby=looked]")
    expect(looked).to_contain_text({"zh": "跟踪结果", "en": "what became of a nominee"}[language])
    expect(looked).not_to_contain_text("steps.")


@pytest.mark.parametrize(("language", "width"), [("zh", "desk"), ("en", "phone")])
def test_the_same_payment_is_recorded_again_only_on_purpose(
    open_page: Callable[..., Page], console: Console, language: str, width: str
) -> None:
    house = console.house
    with house.channel("talent", OFFICER, purpose="talent-service", subject="entering") as channel:
        person = create(channel).name
    with as_(house, "entering") as desk:
        made = decide(house, reviewed(house, desk, person))
    page = open_page(WIDTHS[width], language)
    console.sign_in(page, OFFICER, subject="bo")
    page.goto(f"/nominations/{made.name.partition('/')[2]}")
    paid = {"zh": "已拨付 50万元", "en": "paid CNY 500,000"}[language]

    def pay() -> None:
        form = page.locator("form:has(input[value=FUND])")
        if not form.is_visible():
            page.locator("details:has(input[value=FUND]) > summary").click()
        form.locator("[name=amount]").fill("50万元")
        form.locator("[name=document]").fill("苏财教〔2026〕12号")
        with page.expect_navigation():
            form.locator("button").click()

    pay()
    expect(page.locator(".problem")).to_have_count(0)
    pay()
    expect(page.locator(".problem")).to_contain_text({"zh": "第 5 步", "en": "step 5"}[language])
    console.look(page, f"payment-again-{language}-{width}")
    expect(page.locator("section[aria-labelledby=who]")).to_contain_text(paid)
    page.locator("input[name=another]").check()
    pay()
    expect(page.locator(".problem")).to_have_count(0)
    expect(page.locator(".timeline > li")).to_have_count(6)


def test_awards_are_counted_by_industry_as_they_are_listed_whatever_came_after(
    open_page: Callable[..., Page], console: Console, followed: tuple[str, str]
) -> None:
    page = open_page()
    console.sign_in(page, OFFICER)
    page.goto("/nominations/quotas?programme=shuangchuang&year=2026")
    awarded = page.locator("#results tbody tr", has_text="氢能").get_by_role("link")
    counted = awarded.inner_text()
    awarded.click()
    expect(page.get_by_label("状态")).to_have_value("HELD")
    expect(page.locator(".head")).to_contain_text(f"共 {counted} 项")
    expect(page.locator(f"#results a[href='/nominations/{followed[1]}']")).to_be_visible()


def test_places_are_set_by_industry_and_compared_with_the_awards(
    open_page: Callable[..., Page], console: Console
) -> None:
    page, year = open_page(), civil_date(datetime.now(UTC)).year + 1
    console.sign_in(page, OFFICER)
    page.goto("/nominations")
    page.get_by_role("link", name="名额").click()
    page.get_by_label("年度").fill(str(year))
    page.get_by_role("button", name="查看").click()
    expect(page).to_have_url(re.compile(f"year={year}"))
    card = page.locator("#set")
    card.get_by_label("产业").select_option(label="先进核能")
    card.get_by_label("名额（0 为不限）").fill("三")
    with page.expect_navigation():
        card.get_by_role("button", name="设定").click()
    expect(card.get_by_role("alert")).to_contain_text("请填写 0 至 1000000 的整数")
    expect(card.get_by_label("名额（0 为不限）")).to_have_value("三")
    card.get_by_label("名额（0 为不限）").fill("3")
    with page.expect_navigation():
        card.get_by_role("button", name="设定").click()
    expect(page.get_by_role("status")).to_contain_text("名额已设定")
    row = page.locator("#results tbody tr", has_text="先进核能")
    awarded = row.get_by_role("link")
    expect(row.locator("[data-label=剩余]")).to_have_text(str(3 - int(awarded.inner_text())))
    console.look(page, "quotas-set")
    awarded.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("人才工程申报")
