"""Every form says the same, runs nothing, and comes out the same each time."""

import html
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pypdf
import pytest

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Language
from services.paper import fonts
from services.paper.forms import Form
from services.paper.page import policy
from services.paper.values import way
from tests.unit.paper import reading
from tests.unit.paper.papers import EVIL, document, file_of, known

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_forms_have_the_same_tables(language: Language) -> None:
    of = document()
    wanted = reading.expected(of, language)
    assert wanted[0][0][0] == {"zh": "单元格", "en": "Cell"}[language]
    assert wanted[0][1][1:] == ["69.6", "−1.2", "12,345", "83%"]
    assert wanted[0][2][1:] == ["0.0", "0.0", "0", "100%"]
    assert reading.html(known(Form.HTML, language)).tables == wanted
    assert reading.docx_tables(known(Form.DOCX, language)) == wanted
    assert reading.xlsx_tables(known(Form.XLSX, language), of, language) == wanted
    printed = reading.pdf_text(known(Form.PDF, language))
    assert all("".join(cell.split()) in printed for grid in wanted for row in grid[1:] for cell in row[1:])


@pytest.mark.parametrize("form", Form)
def test_equal_documents_give_equal_bytes(form: Form) -> None:
    assert file_of(form) == known(form)


@pytest.mark.parametrize("form", [Form.DOCX, Form.XLSX])
def test_no_clock_is_in_a_file(form: Form) -> None:
    with zipfile.ZipFile(io.BytesIO(known(form))) as archive:
        assert {each.date_time[0] for each in archive.infolist()} <= {1980, 2026}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(("form", "part"), [(Form.DOCX, "word/document"), (Form.XLSX, "xl/drawings/drawing")])
def test_a_picture_says_what_it_is_to_who_does_not_see_it(form: Form, part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(known(form))) as archive:
        parts = [archive.read(each).decode() for each in archive.namelist() if each.startswith(part)]
    named = [each for said in parts for each in re.findall(r"<\w+:(?:docPr|cNvPr) [^>]*name=[^>]*>", said)]
    told = {html.unescape(found[1]) for each in named if (found := re.search(r'descr="([^"]+)"', each))}
    titles = {chart.title.zh for section in document().sections for chart in section.charts}
    assert told
    assert told <= titles
    assert form is Form.XLSX or told == titles


def test_a_page_runs_nothing_and_asks_for_nothing() -> None:
    data = known(Form.HTML)
    page = reading.html(data)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.elements)
    assert page.elements["svg"] == 3
    assert not re.search(rb"(?:src|href)=\"(?!#)", data)
    assert not re.search(rb"\son\w+=", data)
    assert b"default-src &#39;none&#39;" in data
    assert "unsafe" not in policy(data)


def test_a_page_of_another_version_shows_in_its_own_style_and_in_no_other() -> None:
    page = known(Form.HTML)
    other = page.replace(b"</style>", b"p{color:red}</style>", 1)
    written_in = other.replace(b"</main>", b"<style>p{display:none}</style></main>")
    assert policy(page).partition(";")[0] == "default-src 'none'"
    assert policy(other) != policy(page)
    assert policy(written_in) == policy(other)
    assert html.escape(policy(page).split("; frame-ancestors")[0]).encode() in page.replace(
        b"&#39;", b"&#x27;"
    )


def test_a_workbook_computes_nothing() -> None:
    assert reading.formulas(known(Form.XLSX)) == []


def test_a_print_takes_words_for_words() -> None:
    data = known(Form.PDF)
    assert "".join(EVIL.split()) in reading.pdf_text(data)
    made = pypdf.PdfReader(io.BytesIO(data))
    assert made.metadata is not None
    assert (made.metadata.title, made.metadata.creation_date) == ("报告", None)
    assert made.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]  # typed as any object of a PDF


@pytest.mark.parametrize("form", Form)
def test_without_a_chinese_font_only_forms_that_need_none(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "chinese", list)
    if form in (Form.HTML, Form.XLSX):
        assert file_of(form)
        return
    with pytest.raises(FailedPrecondition) as caught:
        file_of(form)
    assert caught.value.reason == "NO_FONT"
    assert "fonts-noto-cjk" in caught.value.text.en


def test_a_row_that_does_not_fit_is_refused() -> None:
    table = next(iter(document().tables))
    with pytest.raises(ValueError, match="does not fit"):
        type(table)(table.key, table.title, table.columns[:2], table.rows, table.empty)


@pytest.mark.parametrize(("share", "shown"), [(0.0004, "<1%"), (0.9996, ">99%"), (0.0, "0%"), (1.0, "100%")])
def test_little_is_not_none_and_nearly_all_not_all(share: float, shown: str) -> None:
    whole = document()
    first, section = whole.sections
    [lines, *others] = section.tables
    row = (*lines.rows[0][:4], share)
    section = replace(section, tables=(replace(lines, rows=(row,)), *others))
    of = replace(whole, sections=(first, section))
    assert reading.html(file_of(Form.HTML, of=of)).tables[0][1][4] == shown
    assert reading.docx_tables(file_of(Form.DOCX, of=of))[0][1][4] == shown
    cell = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, of=of))).worksheets[1].cell(3, 5)
    assert (cell.value, cell.number_format) == (share, "#,##0%" if share in (0, 1) else f'"{shown}"')


def test_a_row_of_a_workbook_is_as_high_as_what_is_shown_in_it() -> None:
    """A share as it is computed has more digits than its column shows, and would be broken into lines that are not."""
    whole = document()
    first, section = whole.sections
    [lines, *others] = section.tables
    rows = (("甲", 66.60000000000001, 0.30000000000000004, 12, 0.1), ("乙" * 60, 1.0, 0.0, 1, 0.5))
    section = replace(section, tables=(replace(lines, rows=rows), *others))
    sheet = openpyxl.load_workbook(
        io.BytesIO(file_of(Form.XLSX, of=replace(whole, sections=(first, section))))
    ).worksheets[1]
    assert sheet.row_dimensions[3].height is None
    assert sheet.row_dimensions[4].height > 2 * 15


def test_a_short_table_is_printed_on_one_page_with_its_note() -> None:
    whole = document()
    first, section = whole.sections
    [lines, *others] = section.tables
    for count, tall in ((10, 1), (80, 0)):
        of = replace(lines, rows=(("甲", 1.0, 0.0, 1, 0.5),) * count)
        longer = replace(whole, sections=(first, replace(section, tables=(of, *others))))
        sheet = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, of=longer))).worksheets[1]
        height = sheet.page_setup.fitToHeight
        assert (1 if height is None else int(height)) == tall


def test_a_text_beside_a_number_stands_apart_from_it() -> None:
    """“0.0” and “1–13” side by side were read as 0.01–13."""
    whole = document()
    first, section = whole.sections
    [lines, *others] = section.tables
    columns = (lines.columns[1], lines.columns[0])
    of = replace(lines, columns=columns, rows=((0.0, "1–13"), (0.0, "=1+1")))
    made = replace(whole, sections=(first, replace(section, tables=(of, *others))))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, of=made))).worksheets[1]
    assert [sheet.cell(row, 2).alignment.indent for row in (2, 3, 4)] == [1, 1, 1]
    assert sheet.cell(4, 2).quotePrefix
    assert sheet.cell(3, 1).alignment.indent == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_leads_to_its_table_in_every_form(language: Language) -> None:
    title = document().name_of("t").to(language)
    page = known(Form.HTML, language).decode()
    assert f'<a href="#t">{way(title)}</a>' in page
    assert 'id="t"' in page
    with zipfile.ZipFile(io.BytesIO(known(Form.DOCX, language))) as archive:
        body = archive.read("word/document.xml").decode()
    names = re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', body)
    assert {"to_t", "to_two"} <= set(names)
    assert len(names) == len(set(names))
    assert set(re.findall(r'w:anchor="(to_[^"]+)"', body)) == {"to_t", "to_two"}
    book = openpyxl.load_workbook(io.BytesIO(known(Form.XLSX, language)))
    ways = [
        cell.hyperlink.location for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink
    ]
    assert ways[:2] == [f"'{book.sheetnames[1]}'!A1"] * 2
    assert ways[2:] == [f"'{each}'!A1" for each in book.sheetnames[1:]], "its sheets are listed"
    print_ = pypdf.PdfReader(io.BytesIO(known(Form.PDF, language)))
    links = [each for page in print_.pages for each in page.get("/Annots", ())]
    assert len(links) == 2
    number = "页" if language == "zh" else "(page"
    assert number in "".join(page.extract_text() for page in print_.pages)
