"""Whole works by the keyboard alone: an import and its undoing, a pair judged, a nomination checked. Focus shows at
every stop, and what came of each step is heard.
"""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from bole.talent.v1 import duplicate_service_pb2_grpc
from tests.browser.keys import Keys
from tests.browser.looking import Console
from tests.contract.installation import OFFICER
from tests.contract.talent.doubles import VERIFIER, create, suggestion, twins
from tests.contract.talent.nominating import as_, nominate

_HEADER = "编号,岗位名称,单位名称,所在城市,技术方向,人才类别,需求人数,发布日期,数据来源"
_ROW = "{ref},储氢瓶检验工程师 {ref},演示检验有限公司,苏州市,固态储氢材料及关键技术,卓越工程师,2,2026-05-01,演示数据"


def test_a_file_is_imported_and_taken_back(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    keys, file = Keys(page), tmp_path / "positions.csv"
    console.sign_in(page, subject="keys")
    file.write_text(f"{_HEADER}\n{_ROW.format(ref=f'K-{uuid4().hex[:8]}')}\n", "utf-8")
    page.goto("/import")
    keys.choose_file(page.get_by_label("文件"), file)
    keys.follow(page.get_by_role("button", name="上传并预览"))
    expect(page.get_by_role("heading", name="逐行结果")).to_be_visible()
    keys.follow(page.get_by_role("button", name="全部写入"))
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    keys.told("已写入")
    keys.follow(page.get_by_role("button", name="撤销这次导入"))
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()
    keys.told("已撤销")


def test_a_pair_is_judged_and_parted_again(open_page: Callable[..., Page], console: Console) -> None:
    with console.house.channel("talent", VERIFIER, purpose="talent-service") as channel:
        one, other = twins(channel, city_code="lianyungang")
        pair = suggestion(duplicate_service_pb2_grpc.DuplicateServiceStub(channel), one, other)
    page = open_page()
    keys = Keys(page)
    console.sign_in(page, OFFICER, subject="keys")
    page.goto("/duplicates?city=lianyungang")
    keys.follow(page.locator(f"a[href='/duplicates/{pair.name.partition('/')[2]}']"))
    keys.follow(page.locator(".purpose button"))
    keys.press(page.locator("button[value=merge]"))
    expect(page.locator("#reason")).to_be_focused()
    keys.write(page.locator("#reason"), "同名同单位同手机，键盘")
    keys.follow(page.locator("button[value=merge]"))
    keys.told("判定已记录")
    keys.follow(page.locator(".notice a"))
    decided = page.locator("main .rows tbody tr", has_text="同名同单位同手机，键盘")
    keys.follow(decided.locator("button"))
    keys.told("已撤销")


def test_a_nominee_is_checked_and_a_refusal_is_heard(
    open_page: Callable[..., Page], console: Console
) -> None:
    house = console.house
    with house.channel("talent", OFFICER, purpose="talent-service", subject="entering") as channel:
        person = create(channel).name
    with as_(house, "entering") as desk:
        made = nominate(desk, person)
    page = open_page()
    keys = Keys(page)
    console.sign_in(page, OFFICER, subject="keys")
    page.goto(f"/nominations/{made.name.partition('/')[2]}")
    checking = page.locator("details", has=page.locator("input[value=CHECK]")).first
    keys.press(checking.locator("> summary"))
    form = checking.locator("> form")
    keys.write(form.locator("[name=clause_0]"), "申报通知第二条（一）")
    keys.press(form.locator("[name=met_0]"), "Space")
    keys.follow(form.locator("p > button"))
    keys.told("已登记：资格审查")
    expect(page.locator(".timeline > li")).to_have_count(2)
    reviewing = page.locator("ul.plain li", has_text="评审")
    expect(reviewing).to_be_visible()


def test_somebody_is_nominated_and_what_is_refused_is_where_focus_is(
    open_page: Callable[..., Page], console: Console
) -> None:
    with console.house.channel("talent", OFFICER, purpose="talent-service", subject="entering") as channel:
        person = create(channel).name
    page = open_page()
    keys = Keys(page)
    console.sign_in(page, OFFICER, subject="keys")
    page.goto(f"/people/{person.partition('/')[2]}")
    form = page.locator("#nominate")
    keys.press(form.locator("summary"))
    keys.press(form.locator("[name=programme_code]"), "ArrowDown")
    keys.write(form.locator("[name=year]"), "2199")
    keys.write(form.locator("[name=nominating_unit]"), "南通市科技局")
    keys.follow(form.locator("button"))
    expect(form.locator("[name=year]")).to_be_focused()
    keys.write(form.locator("[name=year]"), "2026")
    keys.follow(form.locator("button"))
    page.wait_for_url("**/nominations/*")
    expect(page.locator("main")).to_contain_text("南通市科技局")


@pytest.mark.parametrize("path", ["/duplicates", "/nominations", "/teams"])
def test_arrows_choose_among_the_values_of_a_filter_and_enter_asks(
    open_page: Callable[..., Page], console: Console, path: str
) -> None:
    page = open_page()
    keys = Keys(page)
    console.sign_in(page, subject="keys")
    page.goto(path)
    address, city = page.url, page.locator("#filters select[name=city]")
    for _ in range(3):
        keys.press(city, "ArrowDown")
    expect(city).to_be_focused()
    chosen = city.input_value()
    assert chosen == city.locator("option").nth(3).get_attribute("value")
    assert page.url == address
    page.keyboard.press("Enter")
    page.wait_for_url(f"**city={chosen}*")
    expect(page.locator("#filters select[name=city]")).to_have_value(chosen)
