"""A fund's finance officer puts on record who subscribed, what was called and came in, and what was paid out."""

import csv
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from bole.funding.v1 import (
    fund_service_pb2,
    fund_service_pb2_grpc,
    mandate_pb2,
    mandate_service_pb2,
    mandate_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.cli.answers.output import Format, Output
from services.cli.session import Session
from services.cli.workbooks import importing
from services.kernel.clock import civil_date
from tests.browser.figures import facts_of, fen
from tests.browser.looking import Console
from tests.contract.installation import MANAGER, staff_token

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


def test_a_fund_subscribes_to_another_no_more_than_it_may_still_invest(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, MANAGER, Grant("finance"))
    page.goto("/funds")
    page.get_by_role("link", name="常州新能源专项基金").first.click()
    investor = page.locator("#investor option", has_text="无锡").first.get_attribute("value")
    own = {"document": "认缴协议乙", "amount": "4亿", "signed_date": _TODAY.isoformat()}
    page.locator("#capital summary", has_text="登记认缴").click()
    page.locator("#party-kind").select_option("FUND")
    _send(page, "登记认缴", own | {"new_capital": True}, "investor_fund", str(investor))
    form = page.locator("form", has=page.get_by_role("button", name="登记认缴"))
    expect(form.get_by_role("alert")).to_contain_text("可用额度不足：本笔认缴占用4亿元")
    expect(form.locator("[name=investor_fund]")).to_have_value(str(investor))


def test_a_commitment_over_the_limit_of_governments_is_recorded_and_the_page_says_so(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    ref = f"F-{uuid4().hex[:8]}"
    name = _formed(console, ref, tmp_path / "funds.csv")
    page = open_page()
    console.sign_in(page, MANAGER, Grant("finance"))
    page.goto(f"/{name}")
    warning = page.locator("#capital p.bad", has_text="财政占比")
    expect(warning).to_have_count(0)
    own = {"document": "认缴协议丙", "amount": "1亿", "signed_date": _TODAY.isoformat()}
    _send(page, "登记认缴", own | {"party": "演示区财政", "new_capital": True}, "party_kind", "DISTRICT")
    expect(page.locator("#capital").get_by_role("status")).to_have_text("已登记。")
    expect(warning).to_contain_text("66.7%，上限 50.0%")
    console.look(page, "fund-over-its-share")
    _send(page, "登记认缴", own | {"party": "演示创投", "new_capital": True}, "party_kind", "SOCIAL_PRIVATE")
    expect(page.locator("#capital").get_by_role("status")).to_have_text("已登记。")
    expect(warning).to_have_count(0)


def _formed(console: Console, ref: str, file: Path) -> str:
    """A fund of which governments have just as much as they may have."""
    row = {
        "编号": ref,
        "基金名称": f"认缴演示基金{ref}",
        "基金类型": "子基金",
        "所在城市": "南通",
        "认缴规模": "2亿元",
        "财政出资": "1亿元",
        "设立日期": (_TODAY - timedelta(days=30)).isoformat(),
        "存续期年": "10",
        "投资期年": "5",
        "规则集": "苏州天使母基金规则",
        "投资范围": "氢能",
    }
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, row)
        writer.writeheader()
        writer.writerow(row)
    settings, house = console.house.settings, console.house
    with Session(settings, Output(Format.TABLE, "zh"), token=staff_token(house, MANAGER)) as staff:
        mode = importing.Mode.IMPORT_MODE_ALL_OR_NOTHING
        report = importing.send(staff, "funding", file, mode, "funds")
    assert report.committed, report.problems
    with house.channel("funding", MANAGER) as channel:
        listed = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest())
        [name] = [each.name for each in listed.funds if each.display_name.endswith(ref)]
        made = mandate_service_pb2_grpc.MandateServiceStub(channel).CreateMandateRevision(
            mandate_service_pb2.CreateMandateRevisionRequest(
                parent=name,
                mandate_revision=mandate_pb2.MandateRevision(
                    ruleset="suzhou-522",
                    effective_from_date=date_to_wire(_TODAY),
                    government_share_max="50%",
                ),
                reason="章程",
            )
        )
    with house.channel("funding", Grant("supervisor"), subject="supervisor") as channel:
        mandate_service_pb2_grpc.MandateServiceStub(channel).ApproveMandateRevision(
            mandate_service_pb2.ApproveMandateRevisionRequest(name=made.name, document="批复")
        )
    return name


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
