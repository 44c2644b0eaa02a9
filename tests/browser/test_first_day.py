"""What somebody who is new here would ask next stands where they would ask it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from services.chassis.identity.identity import Grant
from tests.browser.looking import Console
from tests.contract.installation import OFFICER


def test_several_reasons_are_told_once(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/deals")
    card = page.locator("[data-lane=DUE_DILIGENCE] [data-deal]").first
    page.goto(f"/deals/{card.get_attribute('data-deal')}/move?action=SUBMIT_TO_COMMITTEE")
    page.get_by_role("button", name="确认：提交内部投决").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("没有做，原因：")
    assert told.inner_text().count("缺少业务尽调报告") == 1


def test_who_watches_a_cell_reads_where_they_will_be_told(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/map?industry=hydrogen&city=suzhou")
    page.get_by_role("button", name="关注", exact=True).click()
    expect(page.get_by_text("达到和回落时出现在首页")).to_be_visible()
    page.get_by_role("button", name="取消关注").first.click()


def test_who_is_granted_no_purpose_reads_whom_to_ask_for_one(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page, Grant("talent_officer"), subject="without")
    page.goto("/people")
    expect(page.locator("main")).to_contain_text("请账号管理员授予")
    assert page.locator(".purpose").count() == 0


def test_the_page_of_events_leads_to_the_kit_and_to_checking_signatures(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/events")
    said = page.locator("main")
    for each in ("bole conformance", "webhook-signature", "next_after"):
        expect(said).to_contain_text(each)


def test_a_form_that_came_too_late_says_what_changed(
    open_page: Callable[..., Page], console: Console
) -> None:
    page, other = open_page(), open_page()
    for each in (page, other):
        console.sign_in(each)
    page.goto("/deals")
    id_ = page.locator("[data-lane=SCREENING] [data-deal]").last.get_attribute("data-deal")
    page.goto(f"/deals/{id_}/move?action=WITHDRAW")
    other.goto(f"/deals/{id_}/move?action=WITHDRAW")
    other.locator("textarea[name=reason]").fill("企业来函")
    with other.expect_navigation():
        other.get_by_role("button", name="确认").click()
    page.locator("textarea[name=reason]").fill("企业另有安排")
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("alert")).to_contain_text("已有改动")
    expect(page.locator("ul.problem")).to_contain_text("状态：初审 → 已撤回")


_FORMS = {
    "/reports": "form[action*='/reject']",
    "/import": "form[action$='/undo']",
    "/people": "#consent form",
}


def test_every_form_with_a_version_says_so_in_one_way(
    open_page: Callable[..., Page], console: Console, released: None
) -> None:
    page = open_page()
    console.sign_in(page, OFFICER)
    for path, form in _FORMS.items():
        _open_one_with(page, path, form)
        name = page.evaluate(
            """form => {
                const found = document.querySelector(form), seen = found.elements.seen;
                const facts = JSON.parse(seen.value), name = Object.keys(facts)[0];
                seen.value = JSON.stringify({...facts, [name]: "从前"});
                found.elements.etag.value = '"v999"';
                for (const each of found.elements)
                    if (["radio", "checkbox"].includes(each.type)) each.checked = true;
                    else if (each.required && !each.value) each.value = "测试";
                return name;
            }""",
            form,
        )
        page.evaluate("form => document.querySelector(form).submit()", form)
        expect(page.locator("ul.problem")).to_contain_text(f"{name}：从前 → ")


def _open_one_with(page: Page, path: str, form: str) -> None:
    """The first record of a list whose page has such a form: others were taken further by other tests."""
    page.goto(path)
    links = page.locator("main .rows tbody a, main .plainrows a").all()
    for each in [str(link.get_attribute("href")) for link in links]:
        page.goto(each)
        if page.locator(form).count():
            return
    raise AssertionError(f"no record of {path} has {form}")
