"""A talent officer takes a list of people along: masked at once, with who they are after a second person's word."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import Console
from tests.contract.installation import OFFICER


def test_a_list_of_people_is_taken_along_masked_or_with_a_second_persons_word(
    open_page: Callable[..., Page], console: Console
) -> None:
    page, other, mark = open_page(), open_page(language="en"), uuid4().hex[:6]
    console.sign_in(page, OFFICER, subject=f"bo-{mark}")
    page.goto("/people?city=suzhou")
    listed = page.locator("#take")
    listed.locator("summary").click()
    expect(listed).to_contain_text("未写明使用目的，姓名等已遮盖")
    console.look(page, "people-take")
    listed.get_by_label("事由").fill("年检")
    masked = _taken(page, listed.get_by_role("button", name="CSV"))
    for said in ("演示数据", "年检", "suzhou", "脱敏姓名", f"导出人 bo-{mark}"):
        assert said in masked
    page.goto("/people?q=氢&city=suzhou")
    listed.locator("summary").click()
    expect(listed).to_contain_text("按文字查到的名单至多 100 人")
    listed.get_by_label("事由").fill("年检")
    found = _taken(page, listed.get_by_role("button", name="CSV"))
    assert "文字 氢" in found
    assert len(found.splitlines()) < len(masked.splitlines())

    page.goto("/people")
    page.locator(".purpose button").click()
    listed.locator("summary").click()
    expect(listed).to_contain_text("使用目的：人才服务")
    listed.get_by_label("事由").fill("年检")
    with page.expect_navigation():
        listed.get_by_role("button", name="XLSX").click()
    expect(page.locator("main .notice")).to_contain_text("没有导出：文件将显示")
    page.get_by_label("为何需要").fill(f"年检 {mark}")
    console.look(page, "people-take-asks")
    page.get_by_role("button", name="提出申请").click()
    waiting = page.locator("section[aria-labelledby=open] li", has_text=f"年检 {mark}")
    expect(waiting).to_contain_text("导出人才")

    console.sign_in(other, OFFICER, subject=f"cai-{mark}")
    other.goto("/approvals")
    asked = other.locator("section[aria-labelledby=open] li", has_text=f"年检 {mark}")
    asked.get_by_label("Why").fill(f"checked {mark}")
    asked.get_by_role("button", name="Approve").click()
    expect(other.locator("section[aria-labelledby=standing] li", has_text=mark)).to_contain_text("until")

    page.goto("/approvals")
    mine = page.locator("section[aria-labelledby=standing] li", has_text=f"checked {mark}")
    mine.get_by_label("事由").fill("年检")
    console.look(page, "people-take-approved")
    whole = _taken(page, mine.get_by_role("button", name="CSV"))
    assert "用途 人才服务" in whole
    assert "脱敏姓名" not in whole
    assert len(whole.splitlines()) > 100
    page.goto("/approvals")
    expect(page.locator("main table tbody tr", has_text=f"checked {mark}")).to_contain_text("已办理")


def _taken(page: Page, button: Locator) -> str:
    """The text of the file that a button sends."""
    with page.expect_download() as sent:
        button.click()
    return Path(sent.value.path()).read_text("utf-8-sig")
