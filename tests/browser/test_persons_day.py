"""What officers do with one person: what is allowed, a nomination step by step, and erasing for good."""

from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from bole.talent.v1 import person_pb2
from services.wording.codes import KINDS
from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import OFFICER
from tests.contract.talent.doubles import create
from tests.contract.talent.nominating import as_, nominate

PURPOSES = [person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_STATISTICS]


@pytest.fixture
def known(console: Console) -> tuple[str, str]:
    """A person of nobody else's, and a nomination of theirs by another office."""
    with ExitStack() as stack:
        channel = stack.enter_context(
            console.house.channel("talent", OFFICER, purpose="talent-service", subject="entering")
        )
        made = create(channel, purposes=PURPOSES)
        desk = stack.enter_context(as_(console.house, "entering"))
        return made.name.partition("/")[2], nominate(desk, made.name).name.partition("/")[2]


@pytest.mark.parametrize(("language", "width"), [("zh", "phone")])
def test_what_a_person_allows_how_a_nomination_goes_on_and_an_end_for_good(
    open_page: Callable[..., Page], console: Console, known: tuple[str, str], language: str, width: str
) -> None:
    id_, nomination = known
    page = open_page(WIDTHS[width], language)
    console.sign_in(page, OFFICER, subject="bo")
    page.goto(f"/people/{id_}")
    page.locator(".purpose button").click()
    ledger = page.locator("#consent")
    allowed = ledger.locator(".plainrows .good")
    expect(allowed).to_have_count(2)
    ledger.locator("summary").click()
    ledger.locator("input[value=WITHDRAWN]").check()
    ledger.locator("input[name=use_MATCH_POSITION]").check()
    ledger.locator("input[name=document]").fill("2026-11 来函")
    console.look(page, f"person-consent-{language}-{width}")
    ledger.locator("button").click()
    expect(page.locator("#consent .timeline li")).to_have_count(2)
    expect(allowed).to_have_count(1)
    _nominate(page, console, f"person-nominate-{language}-{width}")
    page.goto(f"/people/{id_}")
    page.locator(f"a[href='/nominations/{nomination}']").click()
    expect(page.locator("#options")).to_be_visible()
    _check(page, console, f"nomination-step-{language}-{width}")
    page.goto(f"/people/{id_}/erase")
    console.look(page, f"person-erase-{language}-{width}")
    page.locator("#reason").fill("重复建档 2026-11-20")
    page.locator("#typed").fill("wrong!")
    page.locator("main .danger").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#typed").fill(id_[-6:])
    page.locator("main .danger").click()
    expect(page.get_by_role("alert")).to_contain_text("bole approval ask erase")
    _approve(page, console, f"/people/{id_}/erase", f"{language}-{width}")
    page.locator("#reason").fill("重复建档 2026-11-20")
    page.locator("#typed").fill(id_[-6:])
    page.locator("main .danger").click()
    page.wait_for_url("**/people/erased")
    console.look(page, f"person-erased-{language}-{width}")
    answer = page.goto(f"/people/{id_}")
    assert answer is not None
    assert answer.status == 404
    page.goto(f"/nominations/{nomination}")
    expect(page.locator("main")).to_contain_text({"zh": "删除", "en": "erased"}[language])


@pytest.mark.parametrize(("language", "width"), [("zh", "desk"), ("en", "phone")])
def test_from_a_person_and_a_position_one_click_leads_to_what_suits_and_why(
    open_page: Callable[..., Page], console: Console, known: tuple[str, str], language: str, width: str
) -> None:
    id_, _ = known
    page = open_page(WIDTHS[width], language)
    console.sign_in(page, OFFICER, subject="bo")
    page.goto(f"/people/{id_}")
    console.look(page, f"person-pairs-{language}-{width}")
    links = page.locator("#pairs a, #fits a").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    kinds = {parse_qs(urlsplit(link).query)["kind"][0]: link for link in links}
    assert set(kinds) == {kind for kind in KINDS if "person" in kind}
    for link in kinds.values():
        answer = page.goto(link)
        assert answer is not None
        assert answer.status == 200
        expect(page.locator(f"main a[href='/people/{id_}']").first).to_be_visible()
    page.goto(kinds["person-position"])
    with page.expect_navigation():
        page.locator("ol.ranking li a[href*='candidate=']").last.click()
    expect(page.locator("#pair")).not_to_contain_text({"zh": "该词", "en": "this term"}[language])
    without = {"zh": "声明使用目的后才显示", "en": "shown only once a purpose is stated"}[language]
    expect(page.locator("#pair .chips")).to_contain_text([without, without])
    console.look(page, f"person-pair-{language}-{width}")
    page.goto(kinds["person-position"])
    page.locator("ol.ranking li a[href^='/positions/']").first.click()
    with page.expect_navigation():
        page.locator("#who a").click()
    expect(page.locator("ol.ranking li").first).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("zh", "desk"), ("en", "phone")])
def test_whoever_opens_a_card_once_has_looked_once(
    open_page: Callable[..., Page], console: Console, known: tuple[str, str], language: str, width: str
) -> None:
    page = open_page(WIDTHS[width], language)
    console.sign_in(page, OFFICER, subject="dong")
    page.goto("/people")
    page.locator(".purpose button").click()
    page.goto(f"/people/{known[0]}")
    console.sign_in(page, OFFICER, subject="bo")
    page.goto(f"/people/{known[0]}")
    mine = page.locator("section[aria-labelledby=looked] li", has_text="dong")
    expect(mine).to_have_count(1)
    expect(mine.locator(".badge")).to_have_count(0)
    console.look(page, f"person-looked-once-{language}-{width}")


def _approve(page: Page, console: Console, path: str, look: str) -> None:
    """Who asks cannot approve it; somebody else finds it on the start page and does."""
    console.sign_in(page, OFFICER, subject="bo")
    page.goto(path)
    page.locator("#approval .button").click()
    page.locator("#why").fill("两份档案")
    page.locator("main form button").first.click()
    row = page.locator("main .plainrows li").filter(has_text="两份档案")
    expect(row).to_contain_text("bo")
    expect(row.locator("button[value=approve]")).to_have_count(0)
    console.look(page, f"approval-asked-{look}")
    console.sign_in(page, OFFICER, subject="cai")
    page.goto("/")
    page.locator(".news a[href='/approvals']", has_text="彻底删除").first.click()
    row.locator("input[name=reason]").fill("已核对两份档案")
    console.look(page, f"approval-waits-{look}")
    row.locator("button[value=approve]").click()
    answered = page.locator("main table tbody tr", has_text="已核对两份档案")
    expect(answered).to_contain_text("有效至 20")
    standing = page.locator("section[aria-labelledby=standing] li", has_text="已核对两份档案")
    expect(standing).to_contain_text("bo 可办理一次，有效至 20")
    console.look(page, f"approval-counts-{look}")
    console.sign_in(page, OFFICER, subject="bo")
    page.goto(path)
    expect(page.locator("#approval")).to_contain_text("cai")
    console.look(page, f"person-erase-approved-{look}")


def _nominate(page: Page, console: Console, name: str) -> None:
    """A year that cannot be is refused at its field with everything else still there; then it is taken."""
    form = page.locator("#nominate")
    form.locator("summary").click()
    form.locator("select[name=programme_code]").select_option("project-333")
    form.locator("input[name=nominating_unit]").fill("苏州市科技局")
    form.locator("input[name=year]").fill("2199")
    form.locator("button").click()
    year = form.locator("input[name=year]")
    expect(year).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#year-wrong")).to_contain_text("2023")
    expect(form.locator("input[name=nominating_unit]")).to_have_value("苏州市科技局")
    console.look(page, name)
    year.fill("2026")
    form.locator("button").click()
    page.wait_for_url("**/nominations/*")
    expect(page.locator("main")).to_contain_text("苏州市科技局")


def _check(page: Page, console: Console, name: str) -> None:
    """The eligibility is checked; the steps that cannot be taken yet said why, and then the next one can."""
    options = page.locator("section[aria-labelledby=options]")
    expect(options.locator("details > form")).not_to_have_count(0)
    closed = options.locator("ul li").count()
    step = options.locator("details", has=page.locator("input[value=CHECK]")).first
    step.locator("summary").first.click()
    step.locator("input[name=clause_0]").fill("申报通知第二条（一）")
    step.locator("input[name=met_0]").check()
    console.look(page, name)
    step.locator("button").click()
    expect(page.locator(".timeline li")).to_have_count(2)
    assert closed >= 3
    assert options.locator("input[value=REVIEW]").count() == 1
