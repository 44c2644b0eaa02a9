"""Matches are narrowed by the counts beside them, paged, and asked for with options."""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import WIDTHS, Console


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_a_count_leads_to_those_that_it_counts(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page)
    page.goto("/matches?kind=person-direction&anchor=directions/sic")
    console.look(page, f"matches-counted-{language}-{width}")
    said = {"zh": "属于或相似的可能", "en": "How likely the two go together"}[language]
    expect(page.locator("#ranked").locator("xpath=ancestor::section")).to_contain_text(said)
    first = page.locator(".facets li:not(:has-text('<5'))").first
    count = first.locator(".n").inner_text()
    page.goto(str(first.locator("a").get_attribute("href")))
    expect(page.locator("#ranked")).to_contain_text(f"{count} ")
    page.goto("/matches?kind=person-direction&anchor=directions/sic&limit=5")
    shown = page.locator("ol.ranking li").last.get_attribute("value")
    page.goto(str(page.locator(".pager a[rel=next]").get_attribute("href")))
    assert page.locator("ol.ranking li").first.get_attribute("value") == str(int(shown or 0) + 1)
    page.goto(str(page.locator(".tabs[aria-label] a").last.get_attribute("href")))
    expect(page.locator("ol.ranking li")).to_have_count(5)
    console.look(page, f"matches-paged-{language}-{width}")


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("zh", "desk", False), ("zh", "phone", False), ("en", "desk", True)]
)
def test_options_are_asked_for_and_what_they_did_is_said(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page)
    page.goto("/matches?kind=person-direction&anchor=directions/sic&city=suzhou")
    folded = page.locator("#options")
    expect(folded.locator("form")).to_be_hidden()
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    least = page.locator("input[name=least]")
    least.fill("101")
    page.locator("input[name=broaden_below]").fill("1000")
    page.keyboard.press("Enter")
    expect(least).to_have_attribute("aria-invalid", "true")
    expect(least).to_be_focused()
    expect(page.locator(f"#{least.get_attribute('aria-describedby')}")).to_contain_text("100")
    assert page.locator("input[name=broaden_below]").input_value() == "1000"
    console.look(page, f"matches-options-wrong-{language}-{width}")

    told = page.url
    for name, value in (("order", "beauty"), ("max_per_employer", "2")):
        page.goto(f"/matches?kind=person-direction&anchor=directions/sic&{name}={value}")
        expect(page.locator(f"#option-{name}")).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#option-{name}-wrong")).not_to_be_empty()
    page.goto(told)

    least.fill("1")
    page.locator("select[name=order]").select_option("change_time desc")
    folded.get_by_role("button").click()
    expect(page.locator("#widened")).to_contain_text("1000")
    expect(page.locator("ol.ranking .let-in").first).to_be_visible()
    assert "city=suzhou" in page.url
    console.look(page, f"matches-widened-{language}-{width}")

    page.goto("/matches?kind=person-position&side=person")
    person = str(page.locator("main .stack li a").first.get_attribute("href"))
    page.goto(f"{person}&limit=50&max_per_employer=1")
    expect(page.locator("#left-out")).to_be_visible()
    console.look(page, f"matches-left-out-{language}-{width}")
    folded.locator("a").click()
    expect(page.locator("#left-out")).to_have_count(0)


def test_a_proposal_goes_with_the_place_where_the_pair_was_shown(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page(WIDTHS["desk"], "zh", dark=False)
    console.sign_in(page)
    page.goto("/matches?kind=person-position&side=position")
    anchor = str(page.locator("main .stack li a").first.get_attribute("href"))
    page.goto(f"{anchor}&limit=3")
    page.goto(str(page.locator(".pager a[rel=next]").get_attribute("href")))
    page.goto(str(page.locator("ol.ranking li").nth(1).locator("a[href*=candidate]").get_attribute("href")))
    expect(page.locator("ol.ranking li[aria-current=true]")).to_have_attribute("value", "5")
    form = page.locator("#propose")
    assert form.locator("input[name=shown_rank]").input_value() == "5"
    assert form.locator("input[name=shown_page]").input_value() == "2"
    elsewhere = page.context.new_page()
    elsewhere.goto(page.url)
    form.get_by_role("button").click()
    expect(page.locator("#pair").get_by_role("status")).to_be_visible()
    expect(page.locator("#propose")).to_have_count(0)
    expect(page.locator("#before .badge")).to_have_text("已推荐")
    elsewhere.locator("#propose").get_by_role("button").click()
    elsewhere.locator("#pair .problem a").click()
    expect(elsewhere).to_have_url(re.compile("/proposals/[0-9a-z]{26}$"))
    pair = page.url
    page.locator("#before a").click()
    expect(page).to_have_url(elsewhere.url)
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator("article p").nth(1)).to_contain_text(re.compile(r"当时概率 \S+\*"))
    expect(page.locator("main")).to_contain_text("未经真实结果校准")
    page.locator("button[value=REJECTED]").click()
    expect(page.locator("select[name=reason]")).to_have_attribute("aria-invalid", "true")
    page.locator("select[name=reason]").select_option("SKILLS")
    page.locator("button[value=REJECTED]").click()
    expect(page.locator("article.on .badge").first).to_have_text("已拒绝")
    page.goto(pair)
    expect(page.locator("#before")).to_contain_text("已拒绝")
    expect(page.locator("#propose")).to_have_count(1)


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_a_pair_is_accepted_or_refused_where_its_reasons_are_read(
    open_page: Callable[..., Page], console: Console, language: str, width: str, dark: bool
) -> None:
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page)
    page.goto("/matches?kind=person-position&side=position")
    anchors = page.locator("main .stack li a")
    page.goto(str(anchors.nth(1 if width == "desk" else 2).get_attribute("href")))
    page.goto(str(page.locator("ol.ranking li").first.locator("a[href*=candidate]").get_attribute("href")))
    pair = page.locator("#pair")
    page.locator("#at-once summary").click()
    page.locator("#at-once button[value=REJECTED]").click()
    expect(page.locator("#at-once-reason")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#before")).to_have_count(0)
    console.look(page, f"match-refused-without-reason-{language}-{width}")
    page.locator("#at-once-reason").select_option("LEVEL")
    page.locator("#at-once button[value=REJECTED]").click()
    expect(pair.get_by_role("status")).to_be_visible()
    expect(page.locator("#before .badge")).to_have_text("已拒绝" if language == "zh" else "rejected")
    page.locator("#propose").get_by_role("button").click()
    steps = pair.locator("form[action='/matches/proposals/advance']")
    expect(steps).to_be_visible()
    heights = {
        box["height"]
        for each in steps.get_by_role("button").all()
        if (box := each.bounding_box()) is not None
    }
    assert len(heights) == 1
    console.look(page, f"match-proposed-{language}-{width}")
    steps.locator("button[value=REJECTED]").click()
    expect(steps.locator("select[name=reason]")).to_have_attribute("aria-invalid", "true")
    steps.locator("button[value=ACCEPTED]").click()
    expect(page.locator("#before .badge")).to_have_text("已接受" if language == "zh" else "accepted")
    page.goto("/proposals")
    names = page.locator("article p a").first
    expect(names).to_contain_text("*")
    page.locator(".purpose button").click()
    expect(page.locator(".purpose .badge")).to_be_visible()
    expect(names).not_to_contain_text("*")


def test_matched_terms_stand_marked_on_either_side(open_page: Callable[..., Page], console: Console) -> None:
    page = open_page(WIDTHS["desk"], "zh", dark=False)
    console.sign_in(page)
    page.goto("/matches?kind=person-position&side=position")
    page.locator(".purpose button").click()
    page.goto(str(page.locator("main .stack li a").first.get_attribute("href")))
    page.goto(str(page.locator("ol.ranking li").first.locator("a[href*=candidate]").get_attribute("href")))
    places = page.locator("#pair details:has(table.places)")
    places.locator("summary").click()
    terms = " ".join(page.locator("#pair .chips").first.locator("span").all_inner_texts())
    marked = places.locator("td:first-child mark").all_inner_texts()
    assert marked
    assert all(each in terms for each in marked)
    expect(places.locator("td:last-child mark").first).to_be_visible()


@pytest.mark.parametrize(("language", "width", "scripts"), [("zh", "desk", True), ("en", "phone", False)])
def test_a_text_is_narrowed_ordered_and_paged_and_stands_in_no_address(
    open_page: Callable[..., Page], console: Console, language: str, width: str, scripts: bool
) -> None:
    page = open_page(WIDTHS[width], language, scripts=scripts)
    console.sign_in(page)
    words = "碳化硅外延与电力电子封装"
    page.goto("/matches?kind=person-position&side=position&limit=5")
    page.locator(".purpose button").click()
    page.locator("details:has(#text) summary").click()
    page.locator("#text").fill(words)
    page.locator("#text-city").select_option("suzhou")
    page.locator("details:has(#text) button").click()
    ranked = page.locator("#ranked")
    expect(ranked).to_be_visible()
    every = ranked.inner_text()
    if width == "phone" and scripts:
        page.locator(".facets > details > summary").click()
    narrowed = page.locator(".facets button[formaction*=city]").first
    narrowed.click()
    expect(page.locator(".facets button[aria-current=true]").first).to_be_visible()
    assert ranked.inner_text() != every
    page.locator("#options summary").click()
    page.locator("input[name=least]").fill("101")
    page.locator("#options").get_by_role("button").first.click()
    expect(page.locator("input[name=least]")).to_have_attribute("aria-invalid", "true")
    page.locator("input[name=least]").fill("1")
    page.locator("input[name=max_per_employer]").fill("1")
    page.locator("input[name=broaden_below]").fill("1000")
    page.locator("select[name=order]").select_option("change_time desc")
    page.locator("#options").get_by_role("button").first.click()
    expect(page.locator("#widened")).to_contain_text("1000")
    if scripts:
        expect(page.locator("#told")).to_contain_text("1000")
    expect(page.locator("select[name=order]")).to_have_value("change_time desc")
    first = page.locator("ol.ranking li").first.inner_text()
    page.locator(".pager button").last.click()
    expect(page.locator("ol.ranking li").first).not_to_have_text(first)
    assert page.locator("#text").input_value() == words
    assert page.locator("#text-city").input_value() == "suzhou"
    assert words not in unquote(page.url)
    if scripts:
        console.look(page, f"matches-text-{language}-{width}")


def test_a_text_may_be_as_long_as_it_may_be_anywhere(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page(WIDTHS["desk"], "zh")
    console.sign_in(page)
    words = ("碳化硅外延与电力电子封装。" * 2_000)[:20_000]
    page.goto("/matches?kind=person-direction&side=person&limit=5")
    page.locator("details:has(#text) summary").click()
    assert page.locator("#text").get_attribute("maxlength") == str(len(words))
    page.locator("#text").fill(words)
    page.locator("details:has(#text) button").click()
    expect(page.locator("ol.ranking li").first).to_be_visible()
    assert page.locator("#text").input_value() == words


@pytest.mark.parametrize(("language", "width", "scripts"), [("zh", "phone", True), ("en", "desk", False)])
def test_why_somebody_was_found_for_a_text_or_was_not(
    open_page: Callable[..., Page], console: Console, language: str, width: str, scripts: bool
) -> None:
    page = open_page(WIDTHS[width], language, scripts=scripts)
    console.sign_in(page)
    words = "碳化硅外延与电力电子封装"
    page.goto("/matches?kind=person-position&side=person&limit=5")
    page.locator("details:has(#text) summary").click()
    page.locator("#text").fill(words)
    page.locator("details:has(#text) button").click()
    second = page.locator("ol.ranking li").nth(1)
    called = second.locator("strong").first.inner_text()
    second.locator("button[formaction*=candidate]").click()
    pair = page.locator("#pair")
    expect(pair.locator("p strong").first).to_have_text(called)
    expect(pair.locator("table.parts tbody tr").first).to_be_visible()
    parts = [Decimal(each) for each in pair.locator("table.parts tbody .n").all_inner_texts()]
    log_odds = pair.locator("table.parts tfoot .n").inner_text()
    assert len(parts) > 1
    assert sum(parts) == Decimal(log_odds)
    said = re.search(r"0\.\d\d", pair.locator("table.parts tfoot .small").inner_text())
    assert said
    assert float(said.group()) == pytest.approx(1 / (1 + math.exp(-float(log_odds))), abs=0.006)
    for probability in (pair.locator("p .n").first, pair.locator("ul.small li", has_text="→").first):
        expect(probability).to_contain_text(re.compile(r"0\.\d\d\*"))
    expect(pair.get_by_role("button", name=re.compile("推荐|Propose"))).to_have_count(0)
    assert page.url.endswith("#pair")
    page.locator("#why-not input[name=why]").fill("氢")
    page.locator("#why-not button").click()
    other = page.locator("#pair li button").first
    named = other.inner_text().partition(" · ")[0]
    other.click()
    expect(page.locator("#pair p strong").first).to_have_text(named)
    assert page.locator("#text").input_value() == words
    assert words not in unquote(page.url)
    if scripts:
        console.look(page, f"matches-text-why-{language}-{width}")


def test_a_firm_is_proposed_to_a_fund_with_its_amounts(
    open_page: Callable[..., Page], console: Console
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/matches?kind=firm-fund&side=fund")
    page.locator("main .stack li a", has_text="苏州未来产业天使基金").click()
    page.locator("ol.ranking").get_by_role("link", name="为什么").first.click()
    ask = page.get_by_label("融资额")
    for wrong, said in (("很多", "很多"), ("90000亿元", "上限")):
        ask.fill(wrong)
        page.get_by_label("推荐说明").fill("路演后推荐")
        page.get_by_role("button", name="推荐这一对").click()
        expect(page.locator("#pair").get_by_role("alert")).to_contain_text(said)
        expect(ask).to_have_value(wrong)
        expect(page.get_by_label("推荐说明")).to_have_value("路演后推荐")
    console.look(page, "match-amounts-refused")
    ask.fill("10万元")
    page.get_by_label("投前估值").fill("1000万元")
    page.get_by_role("button", name="推荐这一对").click()
    expect(page.locator("#pair").get_by_role("status")).to_contain_text("已记录")
    page.locator("#before a").click()
    expect(page.locator("article")).to_contain_text("苏州未来产业天使基金")
