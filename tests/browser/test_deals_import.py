"""A fund manager brings firms and deals in one workbook, sees how their amounts were read, and takes them back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import randbelow

import xlsxwriter
from playwright.sync_api import Page, expect

from services.kernel.uscc import check_character, organisation_check_character
from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import MANAGER

_FIRM = (
    "统一社会信用代码",
    "企业名称",
    "所在城市",
    "技术方向",
    "成立日期",
    "发展阶段",
    "融资需求",
    "数据截止日期",
)
_DEAL = ("编号", "基金编号", "企业信用代码", "轮次", "拟投金额", "投前估值", "申报日期")


def test_a_workbook_of_firms_and_deals_is_looked_at_written_and_taken_back(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page, MANAGER)
    page.goto("/deals")
    page.get_by_role("link", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name="导入企业、基金与项目")).to_be_visible()
    expect(page.get_by_label("名单来自")).to_have_count(0)
    code, ref = _code(), f"D-{randbelow(10**9)}"
    file = tmp_path / "项目.xlsx"
    _write(file, code, ref, city="苏洲")
    _send(page, file)
    rows = page.locator("section[aria-labelledby=rows]")
    expect(rows).to_contain_text("苏洲")
    with page.expect_download() as refused:
        page.get_by_role("link", name="CSV", exact=True).click()
    refused.value.save_as(tmp_path / "errors.csv")
    assert "苏洲" in (tmp_path / "errors.csv").read_text("utf-8-sig")
    page.get_by_role("link", name="重新上传").click()
    _write(file, code, ref, city="苏州")
    _send(page, file)
    expect(rows).to_contain_text("拟投金额：“500万元”，读作 500万元")
    expect(rows).to_contain_text("融资需求：“0.08亿元”，读作 800万元")
    amounts = page.locator("section[aria-labelledby=amounts]")
    for line in (
        r"项目 · 拟投金额\s*1\s*500万元\s*5,000,000.00 元\s*500万元\s*第 2 行写作“500万元”",
        r"企业 · 融资需求\s*1\s*800万元\s*8,000,000.00 元\s*800万元\s*第 2 行写作“0.08亿元”",
    ):
        expect(amounts).to_contain_text(re.compile(line))
    expect(amounts).to_contain_text("请在写入前核对")
    console.look(page, "import-deals-preview")
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 844})
    page.goto(f"{page.url}?lang=en")
    expect(rows).to_contain_text("Ticket: “500万元”, read as CNY 5m")
    expect(amounts).to_contain_text("CNY 5,000,000.00")
    console.look(page, "import-deals-preview-en-phone")
    page.goto(f"{page.url.partition('?')[0]}?lang=zh")
    page.get_by_role("button", name="全部写入").click()
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    rows.get_by_role("link", name="演示导入氢能有限公司", exact=True).click()
    expect(page.get_by_role("heading", name="演示导入氢能有限公司")).to_be_visible()
    page.go_back()
    console.look(page, "import-deals-written")
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()
    expect(rows.get_by_text("记录已不在库中").first).to_be_visible()


def test_a_change_is_said_in_the_readers_words_and_ones_own_table_is_matched(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page, MANAGER)
    code, file = _code(), tmp_path / "own.csv"
    for stage, city in (("种子期", "苏州"), ("初创期", "无锡")):
        file.write_text(f"信用代码,公司,城市,阶段\n{code},演示自有表有限公司,{city},{stage}\n", "utf-8")
        page.goto("/deals/import")
        page.get_by_label("CSV 是哪张表").select_option("firms")
        _send(page, file)
        expect(page.get_by_role("heading", name="对应各列")).to_be_visible()
        for column, written in (
            ("统一社会信用代码", "信用代码"),
            ("企业名称", "公司"),
            ("所在城市", "城市"),
            ("发展阶段", "阶段"),
        ):
            page.get_by_label(f"{column}：文件的列").select_option(label=written)
        expect(page.get_by_label("统一社会信用代码：全部行填")).to_have_count(0)
        page.get_by_label("技术方向：全部行填").fill("固态储氢材料及关键技术")
        page.get_by_label("成立日期：全部行填").fill("2024-03-01")
        page.get_by_label("数据截止日期：全部行填").fill("2026-06-30")
        page.get_by_label("经营异常：全部行填").select_option(label="否")
        page.get_by_role("button", name="预览，不写入").click()
        page.get_by_role("button", name="全部写入").click()
        expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    page.goto(f"{page.url}?lang=en")
    rows = page.locator("section[aria-labelledby=rows]")
    expect(rows).to_contain_text("City: Suzhou → Wuxi")
    expect(rows).to_contain_text("Stage: Seed → Start-up")
    console.look(page, "import-deals-changed-en")


def _send(page: Page, file: Path) -> None:
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()


def _code() -> str:
    """A credit code of nobody."""
    eight = f"{randbelow(10**8):08d}"
    first = f"91320500{eight}{organisation_check_character(eight)}"
    return first + check_character(first)


def _write(file: Path, code: str, ref: str, *, city: str) -> None:
    day = datetime.now(UTC).date().isoformat()
    firm = (
        code,
        "演示导入氢能有限公司",
        city,
        "固态储氢材料及关键技术",
        "2024-03-01",
        "种子期",
        "0.08亿元",
        "2026-06-30",
    )
    deal = (ref, "f-suzhou", code, "种子轮", "500万元", "5000万元", day)
    with xlsxwriter.Workbook(str(file)) as book:
        for title, header, row in (("企业", _FIRM, firm), ("项目", _DEAL, deal)):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, header)
            sheet.write_row(1, 0, row)
