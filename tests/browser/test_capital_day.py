"""A fund's finance officer puts on record who subscribed, what was called and came in, and what was paid out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from services.chassis.identity.identity import Grant
from services.kernel.clock import civil_date
from tests.browser.figures import facts_of, fen
from tests.browser.looking import Console
from tests.contract.installation import MANAGER

_TODAY = civil_date(datetime.now(UTC))


def test_capital_is_subscribed_called_received_and_paid_out(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, MANAGER, Grant("finance"))
    page.goto("/funds")
    page.get_by_role("link", name="苏州未来产业天使基金").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("苏州")
    before = {name: _fact(page, name) for name in ("规模（认缴）", "实缴", "财政认缴")}
    own = {"document": "认缴协议甲", "amount": "1亿", "signed_date": _TODAY.isoformat()}
    _send(page, "登记认缴", own | {"party": "演示区财政", "new_capital": True}, "party_kind", "DISTRICT")
    expect(page.locator("#capital").get_by_role("status")).to_have_text("已登记。")
    assert _fact(page, "规模（认缴）") - before["规模（认缴）"] == 10**10
    assert _fact(page, "财政认缴") - before["财政认缴"] == 10**10

    asked = {"amount": "900亿", "due_date": (_TODAY - timedelta(days=1)).isoformat(), "document": "通知甲"}
    _send(page, "发出缴款通知", asked)
    form = page.locator("form", has=page.get_by_role("button", name="发出缴款通知"))
    expect(form.get_by_role("alert")).to_contain_text("“未缴资本”不足")
    expect(form.locator("[name=document]")).to_have_value("通知甲")
    _send(page, "发出缴款通知", asked | {"amount": "100万"})
    expect(page.locator("#capital li", has_text="通知甲")).to_contain_text("已逾期")

    part = page.locator("#part option", has_text="演示区财政").last
    code = str(part.get_attribute("value"))
    slip = {"amount": "1元", "received_date": _TODAY.isoformat(), "document": "回单甲"}
    _send(page, "登记到账", slip, "part", code)
    assert _fact(page, "实缴") - before["实缴"] == 100
    _send(page, "登记到账", slip, "part", code)
    form = page.locator("form", has=page.get_by_role("button", name="登记到账"))
    expect(form.get_by_role("alert")).to_contain_text("金额、日期和回单都相同")
    console.look(page, "fund-capital")
    owed = str(page.locator("#part option:checked").text_content()).rpartition("尚欠 ")[2]
    _send(page, "登记到账", slip | {"amount": owed, "document": "回单乙"}, "part", code)
    expect(page.locator("#capital")).to_contain_text("通知的款项均已到账")

    page.reload()
    _send(page, "登记费用", {"amount": "1.5万", "document": "发票甲"})
    _send(page, "登记分配", {"amount": "2万", "document": "决议甲"}, "kind", "GAINS")
    for document in ("发票甲", "决议甲", "回单甲"):
        expect(page.locator("details", has_text="最近分录")).to_contain_text(document)


def _fact(page: Page, name: str) -> int:
    """An amount at the head of the page, in fen."""
    return fen(facts_of(page.locator("main section.card").first)[name])


def _send(
    page: Page, button: str, filled: Mapping[str, str | bool], choice: str = "", code: str = ""
) -> None:
    """Fill the form of this button and send it."""
    form = page.locator("form", has=page.get_by_role("button", name=button))
    if not form.is_visible():
        page.locator("#capital summary", has_text=button).click()
    for name, value in filled.items():
        if isinstance(value, bool):
            form.locator(f"[name={name}]").set_checked(value)
        else:
            form.locator(f"[name={name}]").fill(value)
    if choice:
        form.locator(f"[name={choice}]").select_option(code)
    with page.expect_navigation():
        form.get_by_role("button", name=button).click()
