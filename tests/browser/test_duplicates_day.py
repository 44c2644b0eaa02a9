"""Two records of one person: the evidence side by side, a merge with its reason, and the way back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bole.talent.v1 import duplicate_service_pb2_grpc
from tests.browser.looking import WIDTHS, Console
from tests.contract.installation import OFFICER
from tests.contract.talent.doubles import VERIFIER, crowd, suggestion, twins

REASON = {"zh": "同名同单位同手机", "en": "same name, employer and telephone"}


@pytest.fixture
def pair(console: Console) -> tuple[str, str]:
    """A pair that waits for a decision, and the name of both."""
    with console.house.channel("talent", VERIFIER, purpose="talent-service") as channel:
        one, other = twins(channel, city_code="suqian")
        found = suggestion(duplicate_service_pb2_grpc.DuplicateServiceStub(channel), one, other)
        return found.name.partition("/")[2], one.display_name


@pytest.mark.parametrize(("language", "width", "dark"), [("zh", "desk", False), ("en", "phone", True)])
def test_a_pair_is_judged_by_its_evidence_merged_and_parted_again(
    open_page: Callable[..., Page],
    console: Console,
    pair: tuple[str, str],
    language: str,
    width: str,
    dark: bool,
) -> None:
    id_, name = pair
    page = open_page(WIDTHS[width], language, dark=dark)
    console.sign_in(page, OFFICER, subject="judge")
    page.goto("/duplicates?city=suqian")
    page.locator(f"a[href='/duplicates/{id_}']").click()
    expect(page.locator("h1")).to_be_visible()
    assert name not in page.locator("main").inner_text()
    expect(page.locator("button[value=merge]")).to_have_count(0)
    told = {"zh": "看过姓名和证据再判定", "en": "once you have read the names"}[language]
    expect(page.locator("section[aria-labelledby=decide]")).to_contain_text(told)
    console.look(page, f"duplicate-masked-{language}-{width}")
    page.locator(".purpose button").click()
    expect(page.locator(".wideparts tr").nth(2)).to_be_visible()
    assert page.locator("main").inner_text().count(name) >= 2
    bits = [float(each) for each in page.locator(".wideparts td.n").all_inner_texts()]
    assert abs(sum(bits[:-1]) - bits[-1]) < 0.06 * len(bits)
    assert bits[-1] > 0
    console.look(page, f"duplicate-{language}-{width}")
    page.locator("button[value=merge]").click()
    expect(page.locator("#reason")).to_be_focused()  # without a reason nothing is sent
    page.locator("#reason").fill(REASON[language])
    page.locator("button[value=merge]").click()
    page.wait_for_url(re.compile("/duplicates.*done"))
    expect(page.locator(f"a[href='/duplicates/{id_}']")).to_have_count(0)
    answer = page.goto(f"/duplicates/{id_}")  # as somebody who looked at the pair meanwhile
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("[role=alert] a[href='/duplicates/decisions']")).to_be_visible()
    console.look(page, f"duplicate-gone-{language}-{width}")
    page.goto("/duplicates?done=yes")
    page.locator(".notice a").click()
    decided = page.locator("main .rows tbody tr", has_text=REASON[language])
    one, other = re.findall(r"…(\w+)", decided.inner_text())
    assert one != other
    assert (
        decided.inner_text().count(name) == 2
    )  # by the purpose that was stated, which can be laid down here
    console.look(page, f"duplicate-merged-{language}-{width}")
    page.locator(".purpose button").click()
    expect(decided).to_have_count(0)  # the reason is about a person, too
    assert name not in page.locator("main").inner_text()
    page.locator(".purpose button").click()
    expect(decided).to_be_visible()
    decided.locator("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(decided.locator("button")).to_have_count(0)
    page.goto("/duplicates?city=suqian")
    expect(page.locator(f"a[href='/duplicates/{id_}']")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("zh", "desk"), ("en", "phone")])
def test_how_many_are_not_compared_in_full_stands_under_the_pairs(
    open_page: Callable[..., Page], console: Console, language: str, width: str
) -> None:
    with console.house.channel("talent", VERIFIER) as channel:
        crowd(channel, city_code="suqian")
    page = open_page(WIDTHS[width], language)
    console.sign_in(page, OFFICER, subject="judge")
    said = {
        "zh": r"[\d,]+ 人所在的组太大",
        "en": r"[\d,]+ people are in groups too large to be compared in full",
    }
    note = page.locator("main .card p", has_text=re.compile(said[language]))
    page.goto("/duplicates")
    expect(note).to_be_visible()
    console.look(page, f"duplicates-crowd-{language}-{width}")
