"""A fund manager puts a duty dossier (容错材料) together by hand, takes it along, and anybody verifies it."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.looking import Console


def test_a_dossier_goes_from_the_page_of_its_deal_to_a_file_that_verifies_alone(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list&state=SUBMITTED")
    page.locator("table.rows tbody th a").last.click()
    firm = page.get_by_role("heading", level=1).inner_text()
    digest = _screened(page, tmp_path / "分派记录.txt")
    before = _dossier(page)
    assert before["参与人员均已声明利益冲突"] == "缺失"
    _declared(page)
    after = _dossier(page)
    assert {item: after[item] for item in after if after[item] != before[item]} == {
        "参与人员均已声明利益冲突": "具备",
        "声明与已知事实相符": "具备",
    }
    expect(page.get_by_role("navigation", name="路径")).to_contain_text(firm)
    expect(page.locator("main")).to_contain_text("系统汇集材料，由主管机关认定")
    console.look(page, "dossier-by-hand")
    command = page.locator("#verify").inner_text().split()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出可独立验证的材料包").click()
    taken = tmp_path / "dossier.zip"
    assert download.value.suggested_filename == taken.name
    download.value.save_as(taken)
    _check_what_is_in_it(taken, after, digest)
    _check_that_it_verifies(taken, command)


def _screened(page: Page, document: Path) -> str:
    """Move the open deal on with a document; its digest."""
    document.write_text("由李四跟进", "utf-8")
    deal = page.url
    page.get_by_role("link", name="移动到…").click()
    page.get_by_role("link", name="开始初审").click()
    page.locator("input[type=file]").set_input_files(document)
    digest = hashlib.sha256(document.read_bytes()).hexdigest()
    expect(page.get_by_label("SHA-256")).to_have_value(digest)
    page.get_by_role("button", name="确认：开始初审").click()
    page.wait_for_url(re.compile(re.escape(deal)))
    expect(page.get_by_role("status")).to_contain_text("初审")
    return digest


def _declared(page: Page) -> None:
    """Record that the manager alone is the team, who declares to have no interest; back on the page of the deal."""
    page.get_by_role("navigation", name="路径").get_by_role("link").last.click()
    interests = page.locator("#interests")
    interests.get_by_text("登记项目组", exact=True).click()
    interests.get_by_label("账号").fill("tester")
    interests.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已登记项目组")
    interests.get_by_text("声明我与该企业的关系").click()
    interests.get_by_label("无", exact=True).check()
    interests.get_by_role("button", name="提交声明").click()
    expect(page.get_by_role("status")).to_contain_text("已收到您的声明")


def _dossier(page: Page) -> dict[str, str]:
    """Open the dossier from the page of the deal: what is seen of every item."""
    page.get_by_role("link", name="尽职免责材料").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("尽职免责材料")
    tests = page.locator("section h2").all_inner_texts()
    assert tests[:4] == ["概况", "一 尽职", "二 程序合规", "三 未谋私利"]
    rows = page.locator("table.duties tbody tr").all()
    return {each.locator("th").inner_text(): each.locator(".badge").inner_text() for each in rows}


def _check_what_is_in_it(taken: Path, shown: dict[str, str], digest: str) -> None:
    """The bundle says what the page said, item by item; its trail holds the document that was handed in."""
    words = {"SATISFIED": "具备", "MISSING": "缺失", "NOT_APPLICABLE": "不适用"}
    with zipfile.ZipFile(taken) as bundle:
        told = json.loads(bundle.read("dossier.json"))["items"]
        assert {each["title"]["zh"]: words[each["finding"]] for each in told} == shown
        assert digest in bundle.read("chain.jsonl").decode()
        assert "python3 verify.py dossier.zip" in bundle.read("README.txt").decode()
        bundle.extract("verify.py", taken.parent)


def _check_that_it_verifies(taken: Path, command: list[str]) -> None:
    """By the command of the page, beside the bundle, without this program; and not once a byte of it is another."""
    assert command[:3] == ["python3", "verify.py", "dossier.zip"]

    def verified() -> subprocess.CompletedProcess[str]:
        run = [sys.executable, "-I", *command[1:]]
        return subprocess.run(run, cwd=taken.parent, capture_output=True, text=True, check=False)

    assert verified().returncode == 0, verified().stdout
    raw = bytearray(taken.read_bytes())
    raw[len(raw) // 2] ^= 1
    taken.write_bytes(raw)
    assert (verified().returncode, verified().stdout[:1]) == (1, "✗")
