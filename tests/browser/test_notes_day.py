"""A fund manager writes down what was agreed, with a file and a day, is reminded on the start page, and settles it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from services.kernel.clock import civil_date
from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import MANAGER


def test_a_note_with_a_file_reminds_until_it_is_settled(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page, MANAGER, subject=f"manager-{uuid4().hex[:6]}")
    page.goto("/deals?view=list")
    page.locator("table.rows tbody th a").first.click()
    deal = page.url
    notes = page.locator("#notes")
    text = f"约创始人再谈估值 {uuid4().hex[:6]}\n带上尽调问题清单"
    program, paper = tmp_path / "提纲.exe", tmp_path / "提纲.txt"
    program.write_bytes(b"MZ\x90\x00")
    paper.write_text("一、专利权属\n", "utf-8")
    today = civil_date(datetime.now(UTC)).isoformat()

    _write(page, text, "2020-01-01", paper)
    expect(page.get_by_role("alert")).to_contain_text("早于今天")
    expect(notes.get_by_label("内容")).to_have_value(text)
    expect(notes.get_by_label("提醒日期")).to_have_attribute("aria-invalid", "true")
    console.look(page, "note-refused")
    _write(page, text, today, program)
    expect(page.get_by_role("alert")).to_contain_text("只接收")
    _write(page, text, today, paper)
    expect(page.get_by_role("status")).to_contain_text("已记下备注")
    expect(notes.locator(".said").first).to_contain_text("带上尽调问题清单")
    with page.expect_download() as taken:
        notes.get_by_role("link", name="提纲.txt").first.click()
    assert taken.value.suggested_filename == "提纲.txt"
    taken.value.save_as(tmp_path / "taken.txt")
    assert (tmp_path / "taken.txt").read_bytes() == paper.read_bytes()
    expect(page.locator("section[aria-labelledby=documents]")).to_contain_text("其他附件")
    console.look(page, "note-written")

    page.goto("/")
    expect(page.get_by_role("heading", name="到期和一周内的提醒")).to_be_visible()
    console.look(page, "start-reminded")
    page.get_by_role("button", name=f"办结提醒：{text[:10]}").click()
    expect(page.get_by_role("heading", name="今天从哪里开始")).to_be_visible()
    expect(page.get_by_role("heading", name="到期和一周内的提醒")).to_have_count(0)
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 844})
    page.goto(f"{deal.partition('?')[0]}?lang=en")
    expect(notes.locator("li").first).to_contain_text("settled by")
    console.look(page, "note-settled-en-phone")


def test_what_is_coming_up_is_listed_and_a_manager_sees_what_others_left(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    who, other = f"manager-{uuid4().hex[:6]}", f"away-{uuid4().hex[:6]}"
    page = open_page()
    console.sign_in(page, MANAGER, subject=who)
    page.goto("/deals?view=list")
    page.locator("table.rows tbody th a").first.click()
    paper = tmp_path / "提纲.txt"
    paper.write_text("一、专利权属\n", "utf-8")
    today = civil_date(datetime.now(UTC))
    texts = {days: f"{days} 天后再问 {uuid4().hex[:6]}" for days in (3, 20, 90)}
    for days, text in texts.items():
        _write(page, text, (today + timedelta(days=days)).isoformat(), paper)
    theirs = f"请补章 {uuid4().hex[:6]}"
    _write(page, theirs, today.isoformat(), paper, account=other)
    page.goto("/")
    news = page.locator("section.news")
    expect(news).to_contain_text(texts[3])
    expect(news).not_to_contain_text(texts[20])
    page.get_by_role("link", name="到期和一周内的提醒").click()
    listed = page.get_by_role("region", name="提醒", exact=True)
    expect(listed).to_contain_text(texts[20])
    expect(listed).not_to_contain_text(texts[90])
    expect(listed).not_to_contain_text(theirs)
    page.locator("select[name=within]").select_option(label="全部")
    expect(listed).to_contain_text(texts[90])
    page.locator("select[name=whose]").select_option(label="所管基金上的所有人")
    expect(listed).to_contain_text(theirs)
    expect(listed).to_contain_text(other)
    console.look(page, "reminders-everybody")
    page.get_by_role("button", name=f"办结提醒：{theirs}").click()
    expect(page.get_by_role("status")).to_contain_text("提醒已办结")
    expect(page.locator("select[name=whose]")).to_have_value("everybody")
    expect(listed).not_to_contain_text(theirs)
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 844})
    page.goto("/deals/reminders?within=0&lang=en")
    expect(page.get_by_role("region", name="Reminders")).to_contain_text("No such reminder")
    console.look(page, "reminders-none-en-phone")


def _write(page: Page, text: str, day: str, file: Path, account: str = "") -> None:
    form = page.locator("#notes details")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    page.get_by_label("内容（").fill(text)
    page.get_by_label("提醒日期").fill(day)
    page.get_by_label("提醒谁的账号").fill(account)
    page.get_by_label("附件").set_input_files(file)
    page.get_by_role("button", name="记下").click()
