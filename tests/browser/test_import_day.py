"""A talent officer imports a file with a mistake, reads what is wrong, mends it, writes it, and takes it back."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from services.workbook.writing import write_xlsx
from tests.browser.looking import Console
from tests.contract.installation import OFFICER
from tests.contract.talent.files import mixed

_HEADER = "编号,岗位名称,单位名称,所在城市,技术方向,人才类别,需求人数,发布日期,数据来源"


def test_a_file_with_a_mistake_is_mended_written_and_taken_back(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/import")
    with page.expect_download() as template:
        page.get_by_role("link", name="下载模板").click()
    assert template.value.suggested_filename == "bole-template.xlsx"
    ref = f"B-{uuid4().hex[:8]}"
    _upload(page, tmp_path, ref, city="苏洲市")
    expect(page.get_by_role("heading", name="逐行结果")).to_be_visible()
    expect(page.get_by_text("苏洲市", exact=False).first).to_be_visible()
    expect(page.get_by_role("button", name="全部写入")).to_have_count(0)
    expect(page.locator("tr.conflict")).to_contain_text(f"编号 {ref}；岗位名称 储氢瓶检验工程师 {ref}")
    console.look(page, "import-refused")
    expect(page.get_by_text("没有可以写入的行：1 行被拒收")).to_be_visible()
    with page.expect_download() as refused:
        page.get_by_role("link", name="CSV", exact=True).click()
    refused.value.save_as(tmp_path / "errors.csv")
    lines = (tmp_path / "errors.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "表,行,字段,规则,问题与改法"
    assert any("苏洲市" in each for each in lines[1:])
    with page.expect_download() as sheet:
        page.get_by_role("link", name="XLSX", exact=True).click()
    assert sheet.value.suggested_filename == "import-errors.xlsx"
    page.get_by_role("link", name="重新上传").click()
    _upload(page, tmp_path, ref, city="苏州市")
    expect(page.locator("section[aria-labelledby=rows]")).to_contain_text(f"储氢瓶检验工程师 {ref}")
    page.get_by_role("button", name="全部写入").click()
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    page.locator("section[aria-labelledby=rows]").get_by_role("link", name=ref).click()
    expect(page.get_by_role("heading", name=f"储氢瓶检验工程师 {ref}")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="看这次导入的岗位").click()
    expect(page.locator("table.rows tbody th")).to_have_text([f"储氢瓶检验工程师 {ref}"])
    console.look(page, "positions-imported")
    page.get_by_role("link", name="一次导入").click()
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()
    page.goto(f"/positions?q={ref}")
    expect(page.get_by_text("没有符合条件的岗位")).to_be_visible()


def test_a_preview_tells_totals_apart_and_two_rows_that_may_be_one_person(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/import")
    file, refs = tmp_path / "people.csv", [f"B-{uuid4().hex[:8]}" for _ in range(2)]
    rows = [f"{ref},澹台灭演,卓越工程师,南通,随时,氧化镓,2026-06-30,13912345678,演示数据" for ref in refs]
    header = "编号,姓名,人才类别,所在城市,到岗意愿,研究方向,记录日期,手机,数据来源"
    file.write_text("\n".join((header, *rows, "合计：2人,,,,,,,,", "注：截至六月底。,,,,,,,,", "")), "utf-8")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", name="逐行结果")).to_be_visible()
    counts = page.locator("section[aria-labelledby=counts]")
    expect(counts.locator("thead th").last).to_have_text("合计、说明")
    expect(counts.locator("tbody td")).to_have_text(["2", "2", "0", "0", "0", "2"])
    expect(counts).to_contain_text("第4、5行（共2行）是合计或说明，不是记录，未读入")
    lines = page.locator("section[aria-labelledby=rows] tbody tr")
    for line, other in ((0, refs[1]), (1, refs[0])):
        expect(lines.nth(line)).to_contain_text(f"可能重复：本文件编号 {other}")
    expect(page.get_by_role("button", name="全部写入")).to_be_visible()
    console.look(page, "import-totals")


def test_who_brought_people_may_undo_it_alone_and_others_ask_and_wait(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    maker, other = open_page(), open_page(language="en")
    console.sign_in(maker)
    maker.goto("/import")
    file = tmp_path / "person.csv"
    header = "编号,姓名,人才类别,所在城市,到岗意愿,研究方向,记录日期,数据来源"
    row = f"B-{uuid4().hex[:8]},司马演示,卓越工程师,南通,随时,氧化镓,2026-06-30,演示数据"
    file.write_text(f"{header}\n{row}\n", "utf-8")
    maker.get_by_label("文件").set_input_files(file)
    maker.get_by_role("button", name="上传并预览").click()
    maker.get_by_role("button", name="全部写入").click()
    next_steps = maker.locator("section[aria-labelledby=next]")
    expect(next_steps).to_contain_text("您本人在")
    expect(next_steps).not_to_contain_text("由另一人同意")
    console.look(maker, "import-own")
    console.sign_in(other, OFFICER, subject="another")
    other.goto(maker.url)
    waiting = other.locator("section[aria-labelledby=next]")
    expect(waiting).to_contain_text("of somebody else")
    waiting.get_by_role("link", name="ask for an approval").click()
    other.get_by_label("Why it is to be done").fill("wrong file")
    other.get_by_role("button", name="Ask", exact=True).click()
    expect(other.get_by_text("wrong file")).to_be_visible()
    other.goto(maker.url)
    expect(waiting).to_contain_text("it waits for somebody else, and lapses on")
    console.look(other, "import-waits")
    maker.get_by_role("button", name="撤销这次导入").click()
    expect(maker.get_by_text("已撤销", exact=True)).to_be_visible()
    other.goto("/approvals")
    ended = other.locator("main table tbody tr", has_text="wrong file")
    expect(ended).to_contain_text("undid the import on")
    expect(ended.locator(".badge")).to_have_text("lapsed")
    expect(other.locator("section[aria-labelledby=open]")).not_to_contain_text("wrong file")
    console.look(other, "import-approval-lapsed")


def test_a_table_of_ones_own_is_matched_with_the_template(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/import")
    file, ref = tmp_path / "own.csv", f"B-{uuid4().hex[:8]}"
    file.write_text(f"工号,招聘岗位,公司,所在城市\n{ref},储氢瓶检验工程师,演示检验有限公司,苏州\n", "utf-8")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_label("CSV 是哪张表").select_option("positions")
    page.get_by_label("名单来自").select_option("employer")
    page.get_by_label("导入事由").fill("招聘会")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", name="对应各列")).to_be_visible()
    expect(page.get_by_label("编号：文件的列")).to_have_value("0")
    expect(page.get_by_text("猜的，请核对")).to_have_count(3)
    console.look(page, "import-columns")
    console.reflows(page, "import-columns")
    for column, written in (("编号", "工号"), ("岗位名称", "招聘岗位"), ("单位名称", "公司")):
        page.get_by_label(f"{column}：文件的列").select_option(label=written)
    page.get_by_role("button", name="预览，不写入").click()
    expect(page.get_by_role("alert")).to_contain_text("技术方向")
    expect(page.get_by_label("编号：文件的列")).to_have_value("0")
    page.get_by_label("技术方向：全部行填").select_option(label="固态储氢材料及关键技术")
    page.get_by_label("人才类别：全部行填").select_option(label="卓越工程师")
    page.get_by_label("需求人数：全部行填").fill("2")
    page.get_by_label("发布日期：全部行填").fill("2026-05-01")
    page.get_by_role("button", name="预览，不写入").click()
    rows = page.locator("section[aria-labelledby=rows]")
    expect(rows).to_contain_text("固态储氢材料及关键技术")
    expect(rows).to_contain_text(ref)
    page.get_by_role("button", name="全部写入").click()
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    expect(page.get_by_text("招聘会")).to_be_visible()
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()


def test_a_list_as_offices_keep_it_goes_in_and_its_columns_are_remembered(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    """A title row, running numbers, a district behind the city, months of birth, and no staff numbers."""
    page, lead = open_page(), f"名单{uuid4().hex[:6]}-"
    console.sign_in(page)
    page.goto("/import")
    file = tmp_path / "南通名单.csv"
    head = "南通市人才摸底表,,,,,\n序号,姓名,人才类别,所在地,出生年月,研究方向\n"
    row = "1,演示甲,卓越工程师,南通市海门区,1985.7,{}\n\n"
    file.write_text(head + row.format("氢冶金；海水制氢"), "utf-8")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_label("编号：文件的列").select_option(label="序号")
    page.get_by_label("到岗意愿：全部行填").select_option(label="半年内")
    page.get_by_label("记录日期：全部行填").fill("2026-05-01")
    page.get_by_role("button", name="预览，不写入").click()
    expect(page.get_by_role("alert")).to_contain_text("“序号”在别的表里也有")
    page.get_by_label("编号：加在前面").fill(lead)
    console.look(page, "import-running-numbers")
    page.get_by_role("button", name="预览，不写入").click()
    expect(page.get_by_role("heading", name="南通名单.csv")).to_be_visible()
    expect(page.locator("section[aria-labelledby=rows]")).to_contain_text("氢冶金:1/2;海水制氢:1/2")
    page.get_by_role("link", name="重新上传").click()
    file.write_text(head + row.format("氢冶金:1/2;海水制氢:1/2"), "utf-8")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("已照您上次对同样表头的说明填好")).to_be_visible()
    expect(page.get_by_label("编号：加在前面")).to_have_value(lead)
    page.get_by_role("button", name="预览，不写入").click()
    rows = page.locator("section[aria-labelledby=rows]")
    expect(rows).to_contain_text(f"{lead}1")
    expect(rows).to_contain_text("新增")
    expect(rows).to_contain_text("南通")


def test_refused_rows_say_what_they_hold_once_the_good_ones_are_written(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    page.goto("/import")
    good, bad = f"B-{uuid4().hex[:8]}", f"B-{uuid4().hex[:8]}"
    file = tmp_path / "people.csv"
    said = "卓越工程师,{city},半年内,固态储氢材料及关键技术,2026-05-01"
    rows = (f"{good},张演示,{said.format(city='苏州')}", f"{bad},李演示,{said.format(city='苏洲市')}")
    header = "编号,姓名,人才类别,所在城市,到岗意愿,研究方向,记录日期"
    file.write_text("\n".join((header, *rows)), "utf-8-sig")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_label("CSV 是哪张表").select_option("persons")
    page.get_by_role("button", name="上传并预览").click()
    refused = page.locator("tr.conflict")
    expect(refused).to_contain_text(f"编号 {bad}")
    page.get_by_role("button", name="只写入合格的行").click()
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    expect(refused).to_contain_text(f"编号 {bad}")
    page.get_by_role("link", name="看这次导入的人").click()
    people = page.get_by_role("region", name="人才名单").locator("tbody th")
    expect(people).to_have_count(1)
    expect(people).to_have_text("张**")
    console.look(page, "people-imported")
    page.get_by_role("link", name="一次导入").click()
    expect(refused).to_contain_text(f"编号 {bad}")
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()


def test_rows_of_sample_data_put_its_mark_on_the_page_of_their_import(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page = open_page()
    console.sign_in(page)
    mark = page.locator("header .mark")
    for origin, marks in (("真实数据", 0), ("演示数据", 1)):
        page.goto("/import")
        _upload(page, tmp_path, f"B-{uuid4().hex[:8]}", city="苏洲市", origin=origin)
        expect(page.get_by_text("没有可以写入的行：1 行被拒收")).to_be_visible()
        expect(mark).to_have_count(marks)
    page.goto("/import")
    _upload(page, tmp_path, f"B-{uuid4().hex[:8]}", city="苏州市", origin="样例")
    assert page.locator("tr.conflict").inner_text().count("数据来源") == 1


def test_an_undo_that_is_refused_names_the_records_because_of_which(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page, ref = open_page(), f"B-{uuid4().hex[:8]}"
    console.sign_in(page)
    addresses = []
    for city in ("苏州市", "无锡市"):
        page.goto("/import")
        _upload(page, tmp_path, ref, city=city)
        page.get_by_role("button", name="全部写入").click()
        expect(page.get_by_text("已写入", exact=True)).to_be_visible()
        addresses.append(page.url)
    page.goto(addresses[0])
    page.get_by_role("button", name="撤销这次导入").click()
    following = page.locator("section[aria-labelledby=next]")
    expect(following.get_by_role("alert")).to_contain_text("有 1 条记录导入后有变更")
    expect(following).not_to_contain_text("skip_changed")
    expect(following.locator("li")).to_contain_text("导入之后又有变更")
    console.look(page, "import-undo-refused")
    following.get_by_role("link", name=ref).click()
    expect(page.get_by_role("heading", name=ref)).to_be_visible()


def test_a_file_that_is_chosen_again_keeps_what_was_said_of_it(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page, ref = open_page(), f"B-{uuid4().hex[:8]}"
    console.sign_in(page, subject="again")
    page.goto("/import")
    source, reason = page.get_by_label("名单来自"), page.get_by_label("导入事由")
    source.select_option("employer")
    reason.fill("招聘会")
    _upload(page, tmp_path, ref, city="苏洲市")
    page.get_by_role("link", name="重新上传").click()
    expect(source).to_have_value("employer")
    expect(reason).to_have_value("招聘会")
    expect(page.get_by_label("CSV 是哪张表")).to_have_value("positions")
    _upload(page, tmp_path, ref, city="苏州市")
    expect(page.get_by_role("button", name="全部写入")).to_be_visible()
    checked = page.url
    console.sign_in(page, subject="again")  # another session, which holds no file
    page.goto(checked)
    expect(reason).to_have_value("招聘会")
    source.select_option("university")
    page.get_by_label("文件").set_input_files({"name": "other.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    page.get_by_role("button", name="全部写入").click()
    expect(page.get_by_role("alert")).to_contain_text("请重新选择预览过的同一个文件")
    expect(source).to_have_value("university")
    expect(reason).to_have_value("招聘会")
    console.look(page, "import-chosen-again")


def test_after_an_import_of_every_sheet_each_record_is_numbered_and_led_to(
    open_page: Callable[..., Page], console: Console, tmp_path: Path
) -> None:
    page, ref = open_page(), f"B-{uuid4().hex[:8]}"
    console.sign_in(page)
    page.goto("/import")
    file = tmp_path / "all.xlsx"
    write_xlsx(file, mixed(ref))
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="全部写入").click()
    expect(page.get_by_text("已写入", exact=True)).to_be_visible()
    rows, written = page.locator("section[aria-labelledby=rows] tbody tr"), page.url
    for at, kind in enumerate("PTJOCME"):
        expect(rows.nth(at)).to_contain_text(f"编号 {ref}-{kind}")
        expect(rows.nth(at).get_by_role("link")).to_have_count(1)
    console.look(page, "import-every-sheet")
    rows.nth(3).get_by_role("link").click()
    expect(page.get_by_role("heading", name="海水制氢工程师")).to_be_visible()
    page.goto(written)
    rows.nth(6).get_by_role("link").click()
    expect(page.locator("table.rows tbody th")).to_have_text([f"示范 {ref}"])
    expect(page.get_by_text(f"只列出编号 {ref}-E")).to_be_visible()
    for what in ("人", "团队", "岗位", "培养名额", "流动", "佐证"):
        page.goto(written)
        page.get_by_role("link", name=f"看这次导入的{what}", exact=True).click()
        expect(page.locator("table.rows tbody th")).to_have_count(1)
    console.look(page, "evidence-imported")
    page.goto(written)
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("已撤销", exact=True)).to_be_visible()
    expect(rows.first).to_contain_text("记录已不在库中")


def _upload(page: Page, folder: Path, ref: str, city: str, origin: str = "真实数据") -> None:
    file = folder / "positions.csv"
    said = (ref, f"储氢瓶检验工程师 {ref}", "演示检验有限公司", city, "固态储氢材料及关键技术", "卓越工程师")
    row = ",".join((*said, "2", "2026-05-01", origin))
    file.write_text(f"{_HEADER}\n{row}\n", encoding="utf-8-sig")
    page.get_by_label("文件").set_input_files(file)
    page.get_by_label("CSV 是哪张表").select_option("positions")
    page.get_by_role("button", name="上传并预览").click()
