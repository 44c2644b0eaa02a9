"""A fund manager screens, declares a conflict, is refused with reasons, moves a deal, and takes the list along."""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.looking import Console
from tests.storm.house import until

_HEADERS = 2
"""What the file is, then its columns."""


def test_a_manager_screens_takes_the_list_along_declares_and_is_refused_with_reasons(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page, subject="adviser")  # who is recused takes no step any more
    page.get_by_role("link", name="项目流").first.click()
    page.get_by_role("link", name="列表", exact=True).click()
    page.get_by_label("筛选").get_by_role("link", name="已申报", exact=True).click()
    rows = page.locator("table.rows tbody tr")
    expect(rows.first.locator("td").nth(1)).to_have_text("已申报")
    assert set(rows.locator("td:nth-child(3)").all_inner_texts()) == {"已申报"}
    taken = _export(page, tmp_path / "deals.csv")
    assert len(taken) == rows.count()
    firm = rows.first.get_by_role("link").first
    name = firm.inner_text()
    firm.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()

    matches = str(page.get_by_role("link", name="还适合哪些基金").get_attribute("href"))
    declaring = page.locator("#interests")
    declaring.get_by_text("声明我与该企业的关系").click()
    declaring.get_by_role("button", name="提交声明").click()
    expect(page.get_by_role("alert")).to_contain_text("请至少选一项；没有关系的选“无”")
    declaring.get_by_label("顾问").check()
    declaring.get_by_role("button", name="提交声明").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("“说明” 必填")
    expect(declaring.get_by_label("顾问")).to_be_checked()
    declaring.get_by_label("具体说明").fill("去年为其做过一次技术咨询")
    declaring.get_by_role("button", name="提交声明").click()
    expect(page.locator("#interests").get_by_text("回避")).to_be_visible()
    expect(page.get_by_role("heading", name="您须回避这个项目")).to_be_visible()
    assert page.get_by_role("heading", name="合规检查").count() == 0
    console.look(page, "deal-recused")
    deal = page.url.partition("?")[0]
    _matches_are_closed(page, console, matches)
    assert page.url.startswith(deal)
    page.goto(f"{deal}/move")
    expect(page.locator("main")).to_contain_text("您与该企业有利益关系，已回避：只能查看公开信息")
    page.goto("/deals?view=list")
    assert page.locator("main").get_by_role("link", name=name, exact=True).count() == 0


def _matches_are_closed(page: Page, console: Console, matches: str) -> None:
    """The page of the firm's matches says why it shows none, and that of the firm does too, once the event is there."""
    told = page.locator("main", has_text="您与该企业有利益关系，已回避，不能查看它的匹配")
    assert until(lambda: page.goto(matches) and told.count(), 60)
    expect(told).to_contain_text("请由没有利益关系的人员办理")
    console.look(page, "matches-recused")
    page.get_by_role("link", name="打开看看").click()
    expect(page.get_by_role("heading", name="您须回避这家企业")).to_be_visible()
    expect(page.locator("#figures").locator("xpath=..")).to_contain_text("您已回避，只能看到企业名片")
    expect(page.get_by_role("heading", name="可能投资的基金")).to_have_count(0)
    console.look(page, "firm-recused")
    console.reflows(page, "the card of a firm for who is recused")
    page.get_by_role("link", name="打开项目页").click()
    expect(page.get_by_role("heading", name="您须回避这个项目")).to_be_visible()


def test_a_deal_is_moved_once_its_document_is_there(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    document = tmp_path / "分派记录.txt"
    document.write_text("由张三跟进", "utf-8")
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?state=SUBMITTED")
    _save(page, console, "待初审", below="10亿")
    page.goto("/deals")
    card = page.locator("[data-lane=SUBMITTED] [data-deal]").first
    id_ = card.get_attribute("data-deal")
    lane = page.locator("[data-lane=SCREENING]")
    _drag(page, card, lane)
    page.wait_for_url(f"**/deals/{id_}/move?to=SCREENING")
    page.get_by_role("button", name="确认：开始初审").click()
    expect(page.get_by_role("alert")).to_contain_text("分派记录")
    expect(page.get_by_role("alert")).to_be_focused()
    page.locator("input[type=file]").set_input_files(document)
    digest = hashlib.sha256(document.read_bytes()).hexdigest()
    expect(page.get_by_label("SHA-256")).to_have_value(digest)
    page.get_by_role("button", name="确认：开始初审").click()
    expect(page.get_by_role("status")).to_contain_text("初审")
    expect(page.locator("ol.history")).to_contain_text(digest[:12])
    page.goto("/")
    expect(page.get_by_role("heading", name="动过的项目")).to_be_visible()
    expect(page.locator(f".news a[href='/deals/{id_}']").first).to_be_visible()
    expect(page.locator(".news")).to_contain_text("开始初审：已申报 → 初审")
    told = page.locator(".news li", has_text="项目不再符合条件")
    assert until(lambda: page.reload() and told.count(), 60)
    expect(told).to_contain_text("待初审")
    firm = told.locator(f"a[href='/deals/{id_}']").inner_text()
    assert "公司 · " in firm
    page.goto("/deals?state=SUBMITTED")
    expect(page.locator("#kept li", has_text="项目不再符合条件")).to_contain_text(firm)
    expect(page.locator("header .mark")).to_contain_text("演示数据")


def test_a_deal_is_moved_by_the_keyboard_alone(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?state=SCREENING")
    card = page.locator("[data-lane=SCREENING] [data-deal]").last
    id_ = card.get_attribute("data-deal")
    card.get_by_role("link").first.focus()
    _tab_to(page, card.get_by_role("link", name="移动到…"))
    _enter(page)
    _tab_to(page, page.locator("a[href$='action=REQUEST_INFORMATION']"))
    _enter(page)
    assert f"/deals/{id_}/move?" in page.url
    for label, typed in (("标题", "问题清单"), ("SHA-256", "0f" * 32), ("说明", "请补交知识产权证明")):
        _tab_to(page, page.get_by_label(label))
        page.keyboard.type(typed)
    _tab_to(page, page.get_by_role("button", name="确认："))
    _enter(page)
    expect(page.get_by_role("status")).to_contain_text("补充材料")
    expect(page.locator("ol.history")).to_contain_text("请补交知识产权证明")


def _tab_to(page: Page, goal: Locator) -> None:
    """By Tab, as far as it takes."""
    for _ in range(40):
        if goal.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {goal}")


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_team_is_recorded_on_the_page_of_its_deal(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list&state=DUE_DILIGENCE")
    page.locator("table.rows tbody th a").first.click()
    expect(page.locator("section[aria-labelledby=checks]")).to_contain_text("尚未登记项目组")
    interests = page.locator("#interests")
    page.locator("section[aria-labelledby=checks]").get_by_role("link", name="登记项目组").first.click()
    interests.get_by_label("账号").fill("wang" + "g" * 130)
    interests.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("128")
    expect(interests.get_by_label("账号")).to_be_visible()
    interests.get_by_label("账号").fill("wang、li")
    interests.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已登记项目组")
    expect(page.locator("#team")).to_contain_text("li、wang")
    expect(interests).to_contain_text("尚未声明：li、wang")
    expect(page.locator("section[aria-labelledby=checks]")).not_to_contain_text("尚未登记项目组")
    console.look(page, "deal-team")


def test_where_the_browser_works_out_no_digest_the_page_says_how(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})")
    page.goto("/deals?view=list&state=SUBMITTED")
    deal = page.locator("table.rows tbody th a").first.get_attribute("href")
    page.goto(f"{deal}/move?to=SCREENING")
    document = tmp_path / "分派记录.txt"
    document.write_text("由张三跟进", "utf-8")
    page.locator("input[type=file]").first.set_input_files(document)
    expect(page.locator("fieldset.document").first.get_by_role("alert")).to_contain_text("certutil")
    console.look(page, "move-no-digest")


def test_what_keeps_a_deal_from_a_step_leads_to_where_it_is_put_right(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list&state=INITIATED")
    deal = page.locator("table.rows tbody th a").first.get_attribute("href")
    page.goto(f"{deal}/move?to=DUE_DILIGENCE")
    reason = page.locator("li", has_text="尽调团队至少2人").last
    console.look(page, "move-remedy")
    reason.get_by_role("link", name="登记项目组").click()
    expect(page.locator("#interests").get_by_label("账号")).to_be_visible()
    page.goto(f"{deal}?lang=en")
    links = page.locator("section[aria-labelledby=checks] li a, section[aria-labelledby=actions] li li a")
    for link in {each.get_attribute("href") for each in links.all()}:
        answer = page.request.get(f"{console.url}{link}")
        assert answer.ok, link


def test_the_keyboard_comes_to_the_deals_past_all_filters(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals")
    page.get_by_role("link", name="跳过筛选").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="看板")).to_be_focused()


def test_a_state_has_one_colour_wherever_it_stands_on_the_timeline(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=timeline")
    colours: dict[str, set[str]] = {}
    for name, colour, late in page.locator(".way g").evaluate_all(
        "all => all.map(g => [g.querySelector('title').textContent.replace(/ *[0-9,]+.*/, ''),"
        " getComputedStyle(g.querySelector('rect')).fill, g.matches('.late')])"
    ):
        if not late:
            colours.setdefault(name, set()).add(colour)
    assert all(len(each) == 1 for each in colours.values()), colours
    legend = page.locator("section[aria-labelledby=ways] .legend .swatch:not(.late)")
    named = legend.evaluate_all("all => all.map(e => [e.textContent, [getComputedStyle(e).backgroundColor]])")
    assert {name: set(colour) for name, colour in named} == colours
    expect(page.locator("table.ways tbody th").first).to_contain_text("轮")


def test_what_is_asked_is_kept_from_the_board_to_the_list_and_the_timeline(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals")
    every = _count(page)
    city = page.locator(".facets a[href*='city_code=']").first
    name = city.inner_text()
    city.click()
    page.wait_for_url("**city_code=**")
    page.get_by_label("排序").select_option("ticket desc")
    page.wait_for_url("**order=ticket**")
    asked, count = urlsplit(page.url), _count(page)
    assert 0 < count < every
    kept = {**dict(parse_qsl(asked.query)), "view": ""}
    shown = {}
    for view in ("列表", "时间线", "缺项与预计", "看板"):
        page.get_by_label("视图").get_by_role("link", name=view, exact=True).click()
        expect(page.get_by_label("视图").locator("[aria-current]")).to_have_text(view)
        assert {**dict(parse_qsl(urlsplit(page.url).query)), "view": ""} == kept
        assert _count(page) == count
        expect(page.locator(".facets [aria-current]")).to_have_text(name)
        expect(page.get_by_label("排序")).to_have_value("ticket desc")
        shown[view] = page.locator("table.rows tbody th a").all_inner_texts()
    assert shown["列表"]
    assert shown["列表"] == shown["时间线"]
    cards = page.locator("[data-deal] h3").all_inner_texts()
    assert set(cards) <= set(shown["列表"])


def _count(page: Page) -> int:
    """How many deals the page says it found."""
    return int(page.locator(".head strong").first.inner_text().replace(",", ""))


def _save(page: Page, console: Console, title: str, below: str) -> None:
    kept = page.locator("#kept")
    kept.locator("summary", has_text="保存的筛选").click()
    expect(kept.locator("#saves")).to_contain_text("；状态 已申报。")
    kept.get_by_label("存为").fill(title)
    kept.get_by_label("基金可用额度低于此数时提醒").fill(below)
    scores = kept.get_by_label("得分越过此数时提醒")
    assert scores.locator("option").all_inner_texts() == ["—", "综合", "投早", "投小", "投长", "硬科技"]
    scores.select_option("composite")
    kept.get_by_label("得分（0–100）").fill("55")
    with page.expect_navigation():
        kept.get_by_role("button", name="保存并在变化时提醒").click()
    expect(kept).to_contain_text(f"可用额度低于{below}元时提醒（现可用 ")
    expect(kept).to_contain_text("综合越过 55 时提醒")
    console.look(page, "deals-kept")


def _export(page: Page, path: Path) -> list[list[str]]:
    page.get_by_text("导出本次结果").click()
    page.get_by_label("用途").fill("月度例会")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[_HEADERS:]


def test_a_list_is_printed_from_its_first_page_on_and_whole(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals?view=list")
    names = page.locator("table.rows tbody th a").all_inner_texts()
    page.emulate_media(media="print")
    wide = page.locator(".wide").evaluate("each => each.scrollWidth - each.parentElement.clientWidth")
    assert wide <= 0
    [first, *_] = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    printed = "".join(unicodedata.normalize("NFKC", first.extract_text()).split())
    assert unicodedata.normalize("NFKC", names[0]) in printed
    for millimetres in range(160, 300, 2):  # wherever the end of the list falls on its paper
        *_, last = PdfReader(BytesIO(page.pdf(width="210mm", height=f"{millimetres}mm"))).pages
        assert last.extract_text().strip(), f"an empty page ends the list on paper {millimetres} mm high"


def _drag(page: Page, card: Locator, lane: Locator) -> None:
    """By the mouse, in small steps: the lane is marked while the card is over it, and takes it where it lies."""
    card.scroll_into_view_if_needed()
    start, goal = card.bounding_box(), lane.bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 20, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 60, steps=12)
    expect(lane).to_have_class(re.compile(r"\bover\b"))
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 90, steps=6)
    page.mouse.up()
