"""What leaves the house on paper: sheets as wide as a page, rows and words whole, every page numbered and marked."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.kernel.text import Language, Text
from services.paper.document import Chart, Column, Document, Drawn, Mark, Section, Table
from services.paper.forms import Form
from services.paper.values import room, unbroken
from tests.unit.paper.papers import IMPRINT, document, file_of

NAME = "shortageReleases/" + "x" * 20
LONG = "把一项很长的目标写在这里，" * 6
TABLE = Table(
    "t",
    Text("表", "table"),
    (Column(Text("目标", "goal")), Column(Text("发布", "release")), Column(Text("数值", "value"), 0)),
    ((Text(LONG, LONG), NAME, 1_000_000), (Text("短", "short"), NAME, 2)),
    Text("无", "none"),
    Text("注" * 200, "note " * 80),
)
BARS = Chart(Drawn.BARS, Text("条形", "bars"), 1, (Mark("a", Text("氢能", "hydrogen"), 70.0, 60.0, 80.0),))
PAPER = Document(
    Text("报告", "Report"),
    Text("季", "Q"),
    (),
    (Section("s", Text("节", "section"), (Text("段", "text"),), (BARS,), (TABLE,)),),
    Text("演示", "sample"),
)


def test_every_sheet_is_printed_as_wide_as_a_page_and_its_lines_hold_their_texts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, "zh", PAPER)))
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)  # not said, it is 1
        assert "&P / &N" in sheet.oddFooter.right.text
        assert sheet.oddHeader.left.text.strip() == "报告 · 季"
        assert "演示" in sheet.oddHeader.right.text
        assert sheet.oddFooter.center.text.strip() == IMPRINT.name
    sheet = book.worksheets[1]
    assert sheet.print_title_rows == "$1:$2"
    width = sheet.column_dimensions["A"].width
    assert sheet.row_dimensions[3].height >= 15 * room(LONG) / width
    assert sheet.column_dimensions["B"].width >= room(NAME)


def test_a_symbol_in_the_place_of_a_number_stands_where_numbers_do() -> None:
    table = replace(TABLE, rows=((Text("长", "long"), NAME, 1_000_000), (Text("短", "short"), NAME, "c")))
    told = replace(PAPER, sections=(Section("s", Text("节", "section"), tables=(table,)),))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, "zh", told))).worksheets[1]
    assert (sheet["C4"].value, sheet["C4"].alignment.horizontal) == ("c", "right")
    assert sheet["C2"].alignment.horizontal == "right"


def test_a_text_right_of_a_number_stands_off_from_it_and_one_that_fits_takes_one_line() -> None:
    columns = Column(Text("目标", "goal")), Column(Text("数值", "value"), 0), Column(Text("单位", "unit"))
    rows = (("零负碳（碳捕集利用及封存）", 1_000_000, "吨（级）"), ("平台", 1, "个"))
    told = replace(
        PAPER, sections=(Section("s", PAPER.title, tables=(replace(TABLE, columns=columns, rows=rows),)),)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, "zh", told))).worksheets[1]
    for cell in (sheet["C2"], sheet["C3"]):
        assert (cell.alignment.horizontal, cell.alignment.indent) == ("left", 1)
    assert [sheet.row_dimensions[line].height for line in (2, 3, 4)] == [None, None, None]


def test_the_scale_of_bars_lies_and_begins_at_the_left() -> None:
    with zipfile.ZipFile(io.BytesIO(file_of(Form.XLSX, "zh", PAPER))) as packed:
        drawn = packed.read("xl/charts/chart1.xml").decode()
    names, values = (
        drawn.partition(f"<c:{axis}Ax>")[2].partition(f"</c:{axis}Ax>")[0] for axis in ("cat", "val")
    )
    assert 'orientation val="maxMin"' in names  # the first bar is on top
    assert 'orientation val="minMax"' in values
    assert '<c:max val="100"/>' in values


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_row_of_a_text_is_not_split_and_every_page_says_what_it_is_of(language: Language) -> None:
    book = docx.Document(io.BytesIO(file_of(Form.DOCX, language, PAPER)))
    for row in book.tables[0].rows:
        assert row._tr.trPr.xpath("w:cantSplit")
    head, foot = book.sections[0].header.paragraphs[0], book.sections[0].footer.paragraphs[0]
    assert PAPER.mark is not None
    assert PAPER.mark.to(language) in head.text
    assert [each.get(f"{{{each.nsmap['w']}}}instr") for each in foot._p.xpath("w:fldSimple")] == [
        "PAGE",
        "NUMPAGES",
    ]
    widths = [column.width for column in book.tables[0].columns]
    assert widths[1] > Mm(room(NAME) * 8.5 * 0.18)
    assert abs(sum(widths) - Mm(174)) < Mm(1)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_part_is_wider_than_the_whole_and_a_blank_parts(one: str, other: str) -> None:
    assert unbroken(one) <= room(one)
    assert unbroken(f"{one} {other}") == max(unbroken(one), unbroken(other))
    assert unbroken("紧缺" * 9) == room("紧")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_begins_with_its_contents_and_each_line_leads_to_its_heading(language: Language) -> None:
    body = docx.Document(io.BytesIO(file_of(Form.DOCX, language, PAPER))).element.body
    marks = {each.get(qn("w:name")): each.getparent() for each in body.xpath("//w:bookmarkStart")}
    lines = body.xpath("//w:hyperlink")
    told = [_words(each) for each in lines]
    assert told == [f"{at}. {each.title.to(language)}" for at, each in enumerate(PAPER.sections, 1)]
    assert [_words(marks[each.get(qn("w:anchor"))]) for each in lines] == told
    kinds = [each.get(qn("w:fldCharType")) for each in body.xpath("//w:fldChar")]
    assert kinds == ["begin", "separate", "end"]
    assert not body.xpath("//w:updateFields")


def test_a_table_whose_words_do_not_fit_upright_lies_across_and_what_follows_stands() -> None:
    columns = tuple(Column(Text("列", f"headquarter{at}")) for at in range(13))
    wide = Table("wide", Text("宽表", "wide"), columns, (("1",) * 13,), Text("无", "none"))
    narrow = Table("narrow", Text("窄表", "narrow"), columns[:2], (("a", "b"),), Text("无", "none"))
    made = replace(PAPER, sections=(Section("one", Text("一", "one"), tables=(wide, narrow)),))
    book = docx.Document(io.BytesIO(file_of(Form.DOCX, "en", made)))
    assert [each.orientation for each in book.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert abs(sum(each.width for each in book.tables[0].columns) - Mm(261)) < Mm(1)
    assert abs(sum(each.width for each in book.tables[1].columns) - Mm(174)) < Mm(1)
    assert all(each.header.is_linked_to_previous for each in list(book.sections)[1:])


def test_headings_begin_large_in_a_text_and_words_before_a_lying_table_lie_with_it() -> None:
    columns = tuple(Column(Text("列", f"headquarter{at}")) for at in range(13))
    wide = Table("wide", Text("宽表", "wide table"), columns, (("1",) * 13,), Text("无", "none"))
    made = replace(
        PAPER, sections=(Section("one", Text("一", "one"), (Text("段", "A few words."),), (), (wide,)),)
    )
    book = docx.Document(io.BytesIO(file_of(Form.DOCX, "en", made)))
    said = [each.text for each in book.paragraphs]
    assert "Wide table" in said
    (break_,) = [at for at, each in enumerate(book.paragraphs) if each._p.xpath("./w:pPr/w:sectPr")][:1]
    assert break_ < said.index("A few words."), "the page lies from the heading on"


def test_a_table_that_fits_upright_in_smaller_type_does_not_lie_across() -> None:
    head = ("use", "release", "quarter", "revision", "counted", "cells", "hidden", "digest")
    row = ("this one", NAME, "2026Q3", "1", "2026-11-30 06:10", "2,658", "1,072", "7c12dfacbad4bb01")
    table = Table(
        "t", Text("表", "table"), tuple(Column(Text(each, each)) for each in head), (row,), Text("无", "no")
    )
    made = replace(PAPER, sections=(Section("one", Text("一", "one"), tables=(table,)),))
    book = docx.Document(io.BytesIO(file_of(Form.DOCX, "en", made)))
    assert [each.orientation for each in book.sections] == [WD_ORIENT.PORTRAIT]


def test_what_a_row_of_many_columns_is_of_stands_in_few_lines() -> None:
    goal = "到二〇三〇年建设二十个省级未来产业先导区"
    columns = (Column(Text("目标", "goal")), *(Column(Text(f"列{at}", f"c{at}")) for at in range(12)))
    table = Table("goals", Text("目标", "goals"), columns, ((goal, *("1",) * 12),), Text("无", "none"))
    made = replace(PAPER, sections=(Section("one", Text("一", "one"), tables=(table,)),))
    book = PdfReader(io.BytesIO(file_of(Form.PDF, "zh", made)))
    assert goal in "".join(each.extract_text() for each in book.pages)


def test_no_heading_is_left_alone_at_the_foot_of_a_page() -> None:
    columns = tuple(Column(Text("列", f"headquarter{at}")) for at in range(13))
    wide = Table("wide", Text("宽表", "wide"), columns, (("1",) * 13,), Text("无", "none"))
    made = replace(PAPER, sections=(Section("one", Text("一", "one"), tables=(wide,)), *document().sections))
    book = docx.Document(io.BytesIO(file_of(Form.DOCX, "en", made)))
    for heading in book.element.body.xpath("./w:p[w:pPr/w:pStyle[starts-with(@w:val, 'Heading')]]"):
        after = heading.getnext()
        assert not after.xpath(".//w:sectPr"), f"{_words(heading)} ends a page"
    assert all(book.styles[f"Heading {depth}"].paragraph_format.keep_with_next for depth in (1, 2))
    heads = book.element.body.xpath("//w:tr[w:trPr/w:tblHeader]//w:p")
    assert heads
    assert all(each.xpath("./w:pPr/w:keepNext") for each in heads)
    pictures = [each for each in book.paragraphs if each._p.xpath(".//w:drawing")]
    assert pictures
    assert all(each.paragraph_format.keep_with_next for each in pictures)
    assert all(each.alignment == WD_ALIGN_PARAGRAPH.CENTER for each in pictures)
    assert all(each.height <= Mm(130) for each in book.inline_shapes)


@pytest.mark.parametrize(("rows", "together"), [(6, True), (7, False)])
def test_a_short_table_of_a_text_stays_together_and_its_words_apart_from_numbers(
    rows: int, together: bool
) -> None:
    columns = Column(Text("名", "name")), Column(Text("数", "number"), 0), Column(Text("说明", "remark"))
    table = Table("t", Text("表", "table"), columns, (("a", 1, "b"),) * rows, Text("无", "none"))
    made = replace(PAPER, sections=(Section("one", Text("一", "one"), tables=(table,)),))
    lines = docx.Document(io.BytesIO(file_of(Form.DOCX, "en", made))).element.body.xpath("//w:tr")
    kept = [bool(line.xpath(".//w:keepNext")) for line in lines]
    assert kept == [True, *[together] * (rows - 1), False]
    apart = [bool(cell.xpath(".//w:ind")) for cell in lines[1].xpath("./w:tc")]
    assert apart == [False, False, True]


def test_a_foot_that_begins_with_a_number_is_no_size_of_type() -> None:
    named = replace(TABLE, title=Text("2026 年度", "2026 as a whole"))
    made = replace(PAPER, sections=(Section("one", Text("一", "one"), tables=(named,)),))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, "zh", made))).worksheets[1]
    assert (sheet.oddFooter.left.size, sheet.oddFooter.left.text) == (8, "2026 年度")


def test_a_row_of_a_print_stands_on_one_page() -> None:
    columns = Column(Text("名", "name")), Column(Text("说明", "remark"))
    rows = tuple((f"row{at}", f"first{at} {'word ' * 60} last{at}") for at in range(40))
    long = Table("long", Text("长表", "long"), columns, rows, Text("无", "none"))
    made = replace(PAPER, sections=(Section("one", Text("一", "one"), tables=(long,)),))
    pages = [
        each.extract_text().split() for each in PdfReader(io.BytesIO(file_of(Form.PDF, "en", made))).pages
    ]
    assert len(pages) > 2
    assert [(f"first{at}" in page) for at in range(40) for page in pages] == [
        (f"last{at}" in page) for at in range(40) for page in pages
    ]


@pytest.mark.parametrize("rows", [22, 26, 30])
def test_a_picture_that_a_page_has_no_room_for_leaves_no_hole_on_it(rows: int) -> None:
    columns = (Column(Text("名", "name")), Column(Text("数", "number"), 0))
    first, second = (
        Table(
            key, Text(key, key), columns, tuple((f"{key}{at}", at) for at in range(count)), Text("无", "none")
        )
        for key, count in (("early", rows), ("late", 20))
    )
    bars = replace(BARS, marks=tuple(Mark(f"m{at}", Text("氢能", f"bar{at}"), 70.0) for at in range(14)))
    told = (
        Section("one", Text("一", "one"), tables=(first,)),
        Section("two", Text("二", "two"), (Text("段", "leads"),), (bars,), (second,)),
    )
    book = PdfReader(io.BytesIO(file_of(Form.PDF, "en", replace(PAPER, sections=told))))
    before, after = (each.extract_text() for each in book.pages)
    assert f"early{rows - 1}" in before
    assert "leads" in before
    assert "late4" in before
    assert "bar0" in after
    assert "late19" in before + after


def test_chinese_in_a_text_is_read_as_chinese_and_no_sign_of_a_table_is_cut_off() -> None:
    book = docx.Document(io.BytesIO(file_of(Form.DOCX, "zh", PAPER)))
    told = [each.get(qn("w:eastAsia")) for each in book.styles.element.iter(qn("w:lang"))]
    assert told
    assert set(told) == {"zh-CN"}
    for line in book.tables[0]._tbl.xpath(".//w:tc/w:p"):
        assert [each.get(qn("w:val")) for each in line.xpath("./w:pPr/w:overflowPunct")] == ["0"]


def _words(element: Any) -> str:
    return "".join(each.text for each in element.xpath(".//w:t"))
