"""A manager follows a holding: a valuation on a registered paper, a report, a watch; an auditor enters a verdict."""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from bole.funding.v1 import intellectual_property_service_pb2, intellectual_property_service_pb2_grpc
from bole.funding.v1.intellectual_property_pb2 import IpRight
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.kernel.money import parse_amount
from tests.browser.looking import Console
from tests.contract.installation import MANAGER

AUDITOR = Grant("auditor")


def test_a_holding_is_valued_on_a_paper_of_the_register_reported_on_and_watched(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    held = _first_held(page)
    page.get_by_role("link", name="投前：项目页").click()
    paper = tmp_path / "估值说明.txt"
    paper.write_text(f"净资产法 {uuid4()}", "utf-8")
    _register(page, "估值依据", paper)
    digest = hashlib.sha256(paper.read_bytes()).hexdigest()
    page.get_by_role("link", name="分期、估值、指标与退出").click()
    assert page.url.endswith(held)
    with page.expect_navigation():
        page.get_by_role("link", name="估值", exact=True).click()
    expect(page.get_by_label("材料登记中的")).to_contain_text("估值说明.txt")
    page.get_by_label("估值（所持部分）").fill("1万元")
    page.get_by_label("方法").select_option(label="净资产法")
    console.look(page, "holding-step")
    console.reflows(page, "a step of a holding")
    page.get_by_role("button", name="确认：估值").click()
    expect(page.get_by_role("status")).to_contain_text("已办理")
    expect(page.locator("ol.history li").first).to_contain_text(digest[:12])
    _report(page)
    page.goto(held)
    with page.expect_navigation():
        page.get_by_role("link", name="列入关注").click()
    page.get_by_role("button", name="确认：列入关注").click()
    expect(page.get_by_role("alert")).to_contain_text("“理由” 必填")
    page.get_by_label("说明（理由）").fill("收入连续下降")
    page.get_by_role("button", name="确认：列入关注").click()
    expect(page.get_by_role("status")).to_contain_text("现为 关注")
    console.look(page, "holding-watched")
    page.get_by_role("navigation", name="路径").get_by_role("link").click()
    expect(page.get_by_role("heading", name="组合合计").locator("xpath=..")).to_contain_text("与总账逐分一致")
    console.look(page, "holdings-of-a-fund")
    console.reflows(page, "the holdings of a fund")


def _first_held(page: Page) -> str:
    """Open the newest holding that is sound; its path."""
    page.get_by_role("link", name="项目流").first.click()
    page.get_by_role("link", name="投后", exact=True).click()
    page.get_by_label("状态").select_option(label="在投")
    expect(page.locator("#results .badge").first).to_have_text("在投")
    page.wait_for_url(re.compile("state=ACTIVE"))
    first = page.locator("#results tbody th a").first
    held = str(first.get_attribute("href"))
    first.click()
    expect(page.get_by_role("heading", name="分期出资")).to_be_visible()
    return held


def _register(page: Page, kind: str, paper: Path) -> None:
    page.get_by_text("登记一份材料").click()
    page.get_by_label("类型").select_option(label=kind)
    page.locator("#filed-file").set_input_files(paper)
    page.get_by_role("button", name="登记材料").click()
    expect(page.get_by_role("status")).to_contain_text("材料已登记")


def _report(page: Page) -> None:
    """Put a report on record, one value of which is no number at first."""
    page.get_by_text("登记一期填报").click()
    page.get_by_label("期间").fill("2026-10")
    page.get_by_label("员工人数").fill("三十")
    page.locator("#report-document").fill("十月报表")
    page.get_by_role("button", name="登记填报").click()
    expect(page.get_by_role("alert").first).to_contain_text("应为整数")
    page.get_by_label("员工人数").fill("30")
    page.get_by_role("button", name="登记填报").click()
    expect(page.get_by_role("status")).to_contain_text("填报已登记")
    row = page.locator("#monitoring").get_by_role("row").filter(has_text="员工人数")
    expect(row).to_contain_text("30")


def test_a_step_of_a_deal_rests_on_a_document_of_its_register(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list&state=SUBMITTED")
    page.locator("table.rows tbody th a").first.click()
    expect(page.get_by_role("heading", name="材料登记")).to_be_visible()
    deal = page.url.partition("?")[0]
    paper = tmp_path / "分派.txt"
    paper.write_text(f"由王五跟进 {uuid4()}", "utf-8")
    _register(page, "分派记录", paper)
    page.goto(f"{deal}/move?action=START_SCREENING")
    expect(page.get_by_label("材料登记中的")).to_contain_text("分派.txt")
    page.get_by_role("button", name="确认：开始初审").click()
    expect(page.get_by_role("status")).to_contain_text("初审")
    digest = hashlib.sha256(paper.read_bytes()).hexdigest()
    expect(page.locator("ol.history")).to_contain_text(digest[:12])


def test_a_signed_deal_is_planned_to_be_paid_in_parts(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    fund = _fund_of_signed(page)
    page.goto(f"/deals?fund={fund}&view=list&state=SIGNED")
    page.locator("table.rows tbody th a").first.click()
    plan = page.locator("section", has=page.get_by_role("heading", name="分期出资"))
    expect(plan).to_contain_text("一次付清")
    plan.get_by_text("安排分期", exact=True).click()
    plan.get_by_label("金额").first.fill("1元")
    plan.get_by_label("依据（投资协议条款）").fill("投资协议第三条")
    plan.get_by_role("button", name="保存分期").click()
    expect(page.get_by_role("alert")).to_contain_text("与签约金额")
    signed = re.search(r"与签约金额([\d,.]+(?:万元|亿元|元))", page.get_by_role("alert").inner_text())
    assert signed
    half = parse_amount(signed[1], field="signed").fen // 2
    plan.get_by_label("金额").nth(0).fill(f"{half / 100:.2f}")
    plan.get_by_label("金额").nth(1).fill(f"{half / 100:.2f}")
    plan.get_by_label("里程碑").first.fill("样机通过检测")
    plan.get_by_role("button", name="保存分期").click()
    expect(page.get_by_role("status")).to_contain_text("分期已安排")
    expect(plan).to_contain_text("样机通过检测")
    console.look(page, "deal-planned")


def _fund_of_signed(page: Page) -> str:
    """A fund with a signed deal."""
    page.goto("/deals")
    for option in page.locator("select[name=fund] option").all():
        fund = str(option.get_attribute("value"))
        if page.request.get(f"/deals?fund={fund}&view=list&state=SIGNED").text().count("/deals/01"):
            return fund
    raise AssertionError("the sample has no signed deal")


def test_whose_a_right_is_goes_on_record_on_the_page_of_the_firm(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list&state=DUE_DILIGENCE")
    page.locator("table.rows tbody th a").first.click()
    page.locator("#terms ~ dl a").first.click()
    firm, number = page.url.rpartition("/")[2], f"ZL{uuid4().hex[:10]}"
    _right_of(console, firm, number)
    page.reload()
    page.get_by_text("登记权属核查结果").click()
    page.get_by_label("权利", exact=True).select_option(label=f"试验方法 {number}")
    page.get_by_label("权属", exact=True).select_option(label="企业独有")
    page.locator("#right-document").fill("登记簿副本")
    page.get_by_role("button", name="登记权属").click()
    expect(page.get_by_role("status")).to_contain_text("权属已登记")
    row = page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text("企业独有")
    console.look(page, "firm-rights")
    console.reflows(page, "a firm with rights")


def _right_of(console: Console, firm: str, number: str) -> None:
    with console.house.channel("funding", MANAGER) as channel:
        stub = intellectual_property_service_pb2_grpc.IntellectualPropertyServiceStub(channel)
        stub.CreateIpRight(
            intellectual_property_service_pb2.CreateIpRightRequest(
                parent=f"firms/{firm}",
                ip_right=IpRight(
                    kind=IpRight.KIND_INVENTION,
                    number=number,
                    title="试验方法",
                    grant_date=date_to_wire(date(2025, 1, 2)),
                    expire_date=date_to_wire(date(2045, 1, 2)),
                    document="专利证书",
                ),
            )
        )


def test_an_auditor_enters_what_the_authority_found(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page, AUDITOR, subject="auditor-of-losses")
    page.goto("/investments")
    page.locator("#results tbody th a").last.click()
    page.get_by_role("link", name="尽职免责材料").click()
    expect(page.get_by_role("heading", name="概况")).to_be_visible()
    page.get_by_text("登记主管机关的认定").click()
    page.get_by_label("结论").select_option(label="减轻")
    page.get_by_label("作出认定的机关").fill("审计组（试）")
    page.get_by_label("文号").fill("审〔2026〕9号")
    page.get_by_label("文件日期").fill("2030-01-01")
    page.get_by_label("理由").fill("程序合规，走访不足")
    page.get_by_role("button", name="登记认定").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("作出认定的机关")).to_have_value("审计组（试）")
    page.get_by_label("文件日期").fill("2026-11-30")
    page.get_by_role("button", name="登记认定").click()
    expect(page.get_by_role("status")).to_contain_text("认定已登记")
    expect(page.get_by_role("heading", name="认定", exact=True).locator("xpath=..")).to_contain_text(
        "审〔2026〕9号"
    )
    console.look(page, "dossier-determined")
