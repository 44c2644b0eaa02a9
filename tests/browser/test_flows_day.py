"""A talent officer imports training places and moves, and finds them by what they are of."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from google.type.date_pb2 import Date
from playwright.sync_api import Page, expect

from bole.common.v1.direction_share_pb2 import DirectionShare
from bole.talent.v1 import move_pb2, move_service_pb2, move_service_pb2_grpc
from services.workbook.writing import CellValue, write_xlsx
from tests.browser.looking import Console
from tests.contract.installation import OFFICER


def test_training_places_and_moves_are_imported_and_found(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    mark = uuid4().hex[:8]
    page = open_page()
    console.sign_in(page)
    imported = _imported(page, tmp_path, mark)
    page.get_by_role("link", name="看这次导入的培养名额").click()
    expect(page.locator("main .notice")).to_contain_text("只列出一次导入新增或变更的培养名额")
    row = page.locator("#results tbody tr")
    expect(row).to_have_count(1)
    for said in ("宽禁带器件班", "南通", "氧化镓", "40", "18.0", "90% × 50%", "2027-06-30"):
        expect(row).to_contain_text(said)
    expect(page.locator("header .mark")).to_be_visible()
    console.look(page, "training-found")
    page.goto(imported)
    page.get_by_role("link", name="看这次导入的流动").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.goto("/moves?from=nantong&to=suzhou&reason=PAY")
    row = page.locator("#results tbody tr")
    expect(row).to_have_count(1)
    for said in ("2026-03-01", "南通 → 苏州", "氧化镓", "薪酬"):
        expect(row).to_contain_text(said)
    expect(row.locator("td.n")).to_have_text("3")
    console.look(page, "moves-found")

    english = open_page(language="en")
    console.sign_in(english)
    english.goto(f"/training?q={mark}")
    expect(english.locator("#results tbody tr")).to_contain_text("Nantong")
    console.reflows(english, "training-en")
    english.goto("/moves?from=nantong")
    expect(english.locator("#results tbody")).to_contain_text("pay")
    console.reflows(english, "moves-en")
    console.look(english, "moves-found-en")

    page.goto(imported)
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()
    page.goto(f"/training?q={mark}")
    expect(page.locator("#results .empty")).to_be_visible()


def test_the_rows_of_an_import_lead_to_their_records_which_end_with_a_reason(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    imported = _imported(page, tmp_path, uuid4().hex[:8])
    page.locator("section[aria-labelledby=rows] a", has_text="宽禁带器件班").click()
    facts = page.locator("dl.facts")
    for said in ("90%", "50%", "18.0", "tester", "2026-09-01", "FP-"):
        expect(facts).to_contain_text(said)
    console.look(page, "training-one")
    page.get_by_text("取消…", exact=True).click()
    page.get_by_label("为何不再有人来").fill("项目停办")
    page.get_by_role("button", name="取消名额").click()
    expect(page.locator("main .notice")).to_contain_text("已取消，不计入预测。 项目停办 经办：tester")
    expect(page.locator(".head .badge")).to_have_text("已取消")
    page.locator("dl.facts a", has_text="看这次导入").click()
    assert page.url == imported
    page.locator("section[aria-labelledby=rows] a", has_text="南通 → 苏州").click()
    expect(page.locator("dl.facts")).to_contain_text("薪酬")
    expect(page.locator("dl.facts")).to_contain_text("tester")
    console.look(page, "move-one")
    page.get_by_text("撤回…", exact=True).click()
    page.get_by_label("为何有误").fill("重复登记")
    page.get_by_role("button", name="撤回记录").click()
    expect(page.locator("main .notice")).to_contain_text("重复登记 经办：tester")
    console.reflows(page, "move-one-voided")
    page.get_by_role("link", name="南通", exact=True).click()
    expect(page).to_have_url(re.compile("/map\\?direction=ga2o3&city=nantong"))


def test_who_went_nowhere_is_found_by_words(open_page: Callable[..., Page], console: Console) -> None:
    left = move_pb2.Move(
        category_code="outstanding-engineer",
        direction_shares=[DirectionShare(code="ga2o3", permille=1000)],
        from_city_code="nantong",
        move_date=Date(year=2026, month=3, day=2),
        reason=move_pb2.Move.REASON_FIELD_LEFT,
    )
    with console.house.channel("talent", OFFICER) as channel:
        stub = move_service_pb2_grpc.MoveServiceStub(channel)
        stub.CreateMove(move_service_pb2.CreateMoveRequest(move=left))
    page = open_page()
    console.sign_in(page)
    page.goto("/moves?from=nantong&reason=FIELD_LEFT")
    page.get_by_role("link", name="退休或离开本领域").click()
    expect(page).to_have_url(re.compile("to=-"))
    expect(page.locator("#results tbody tr").first).to_contain_text("南通 → —")


def _imported(page: Page, folder: Path, mark: str) -> str:
    """A file of one record of training places and one move, written; the address of the import."""
    place: dict[str, CellValue] = {
        "ref": f"FP-{mark}",
        "provider": f"演示大学{mark}",
        "programme": "宽禁带器件班",
        "city": "南通",
        "direction": "ga2o3",
        "category": "卓越工程师",
        "places": 40,
        "starts": "2026-09-01",
        "completes": "2027-06-30",
        "completion": "90%",
        "retention": "50%",
        "origin": "演示数据",
    }
    move: dict[str, CellValue] = {
        "ref": f"FM-{mark}",
        "from_city": "南通",
        "to_city": "苏州",
        "day": "2026-03-01",
        "heads": 3,
        "category": "卓越工程师",
        "directions": "ga2o3",
        "reason": "薪酬",
        "origin": "演示数据",
    }
    write_xlsx(folder / "flows.xlsx", {"training": [place], "moves": [move]})
    page.goto("/import")
    page.get_by_label("文件").set_input_files(folder / "flows.xlsx")
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="全部写入").click()
    expect(page.get_by_role("link", name="看这次导入的流动")).to_be_visible()
    return page.url
