"""The empty workbook that people fill in: headers with notes, drop-downs from the catalogue, instructions."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from services.catalogue import Catalogue
from services.workbook.helper import TITLE as HELPER_TITLE
from services.workbook.helper import write_helper
from services.workbook.lines import FORMS
from services.workbook.opening import new_workbook
from services.workbook.sheets import SHEETS, Column, Kind, Sheet
from services.workbook.writing import header_text

CODES_TITLE = "代码表"
GUIDE_TITLE = "说明"
_LAST_ROW = 20_000
_headers = {column.key: (column.header_zh, column.header_en) for column in SHEETS["persons"].columns}
_LINES = (Kind.OTHER_NAMES, Kind.AFFILIATIONS, Kind.EDUCATION, Kind.WORK_ITEMS)
_GUIDE: Sequence[tuple[str, str]] = (
    ("带*的列（红色）必填；其余可留空。", "Columns with * (red) are required; others may stay empty."),
    ("空白数字表示未知，不按0处理。", "An empty number means unknown, never zero."),
    ("列按名称识别，可调整顺序或删除非必需列。", "Columns are found by name; reorder or drop optional ones."),
    (
        "金额无单位按元计，可写 500万元、1.5亿元。",
        "A bare amount is yuan; 500万元 and 1.5亿元 are understood.",
    ),
    ("日期写成 2026-06-30、2026/6/30 或 2026年6月30日。", "Dates: 2026-06-30, 2026/6/30 or 2026年6月30日."),
    (
        "成立日期早于1949-10-01的企业，核对后在“成立日期已核对”列填“是”，否则该行不予导入。",
        "A firm founded before 1949-10-01 is taken only with 是 under Founding date checked.",
    ),
    ("多个方向写成“方向:0.6;方向:0.4”，合计为1。", "Several directions: name:0.6;name:0.4, summing to 1."),
    ("证件号码、信用代码、手机请设为文本格式。", "Format document numbers, codes and phones as text."),
    ("“同意用途”空白表示本人均不同意使用。", "Empty purposes mean that the person agreed to none."),
    (
        "其他姓名、任职、教育、成果：一格内每行一项，各部分用“|”分隔。",
        "Other names, affiliations, education, works: one item on each line, its parts separated by |.",
    ),
    (
        "后面的部分可省略，中间未知的留空，如：演示大学 | 博士 | | 2012。",
        "Later parts may be left out, unknown ones in between stay empty: 演示大学 | 博士 | | 2012.",
    ),
    (
        f"不记得写法时用“{HELPER_TITLE}”表：逐项下拉选择，复制“结果”格，只粘贴值。",
        f"The sheet {HELPER_TITLE} makes such cells out of drop-downs: copy the result, paste its value.",
    ),
    *((f"{_headers[key][0]}：{zh}", f"{_headers[key][1]}: {en}") for key, (zh, en) in FORMS.items()),
    (
        "文件中没有的列表示不涉及该项；有列而单元格为空，表示撤回本来源此前所填的内容。",
        "A column that the file lacks says nothing; an empty cell takes back what this source said before.",
    ),
    ("重复导入按编号（企业按信用代码）更新原记录。", "A repeated import updates by ref (firms by USCC)."),
)


def write_template(path: Path | BytesIO, catalogue: Catalogue) -> None:
    """Write the template to a file or into memory (XLSX). No example rows that could be imported by mistake."""
    with new_workbook(path) as book:
        formats = _formats(book)
        _write_guide(book.add_worksheet(GUIDE_TITLE), catalogue, formats)
        pages = [(sheet, book.add_worksheet(sheet.title_zh)) for sheet in SHEETS.values()]
        helper = book.add_worksheet(HELPER_TITLE)
        codes = book.add_worksheet(CODES_TITLE)
        codes.hide()
        ranges = _write_codes(codes, catalogue)
        write_helper(helper, ranges, formats)
        for sheet, page in pages:
            _write_page(page, sheet, ranges, formats)


def _formats(book: Workbook) -> dict[str, Format]:
    header = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
    return {
        "required": book.add_format({**header, "font_color": "#C00000", "bg_color": "#FCE4D6"}),
        "optional": book.add_format({**header, "bg_color": "#DDEBF7"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#DDEBF7"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "plain": book.add_format({}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#E2EFDA"}),
    }


def _write_guide(page: Worksheet, catalogue: Catalogue, formats: Mapping[str, Format]) -> None:
    page.set_column(0, 0, 52)
    page.set_column(1, 1, 62)
    page.set_column(2, 2, 26)
    page.write_string(0, 0, "填报说明", formats["title"])
    page.write_string(0, 1, "How to fill in", formats["title"])
    for row, (zh, en) in enumerate(_GUIDE, 1):
        page.write_string(row, 0, zh)
        page.write_string(row, 1, en)
    top = len(_GUIDE) + 2
    for position, name in enumerate(("技术方向", "Direction", "代码 Code")):
        page.write_string(top, position, name, formats["head"])
    for row, leaf in enumerate(catalogue.leaves, top + 1):
        industry = catalogue.industry(leaf.industry)
        page.write_string(row, 0, f"{industry.name_zh}｜{leaf.name_zh}")
        page.write_string(row, 1, leaf.name_en)
        page.write_string(row, 2, leaf.code)


def _write_codes(page: Worksheet, catalogue: Catalogue) -> dict[str, str]:
    """Write every list into a column of its own; returns the range of each by the name of the list."""
    cities = [city.short_zh for city in catalogue.cities]
    lists: dict[str, list[str]] = {
        Kind.DIRECTION.value: [leaf.name_zh for leaf in catalogue.leaves],
        Kind.CATEGORY.value: [category.name_zh for category in catalogue.categories],
        Kind.CITY.value: cities,
        Kind.CITY_OR_OUTSIDE.value: [*cities, "省外"],
        Kind.INDUSTRIES.value: [industry.name_zh for industry in catalogue.industries],
        Kind.INDUSTRY.value: [industry.name_zh for industry in catalogue.industries],
        Kind.DEPARTMENT.value: [department.name_zh for department in catalogue.departments],
        Kind.YES_NO.value: ["是", "否"],
    }
    for sheet in SHEETS.values():
        for column in sheet.columns:
            if column.kind is Kind.CHOICE:
                lists[f"{sheet.key}.{column.key}"] = [choice.zh for choice in column.choices]
    ranges: dict[str, str] = {}
    for position, (name, values) in enumerate(lists.items()):
        page.write_string(0, position, name)
        page.write_column(1, position, values)
        letter = xl_col_to_name(position)
        ranges[name] = f"={CODES_TITLE}!${letter}$2:${letter}${len(values) + 1}"
    return ranges


def _write_page(
    page: Worksheet, sheet: Sheet, ranges: Mapping[str, str], formats: Mapping[str, Format]
) -> None:
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, 18, formats[_cell_format(column)])
        style = formats["required" if column.required else "optional"]
        page.write_string(0, position, header_text(column), style)
        note = _note(column)
        if note:
            page.write_comment(0, position, note, {"x_scale": 1.6})
        rule = _validation(sheet, column, ranges, xl_rowcol_to_cell(1, position))
        if rule:
            page.data_validation(1, position, _LAST_ROW, position, rule)
    page.set_row(0, 32)
    page.freeze_panes(1, 1)


def _cell_format(column: Column) -> str:
    if column.kind in {Kind.INTEGER, Kind.YEAR, Kind.AMOUNT, Kind.RATIO}:
        return "plain"
    return "date" if column.kind is Kind.DATE else "text"


def _note(column: Column) -> str:
    lines = [column.note] if column.note else []
    if column.choices:
        lines.append(
            "可选 / choices: " + "、".join(f"{choice.zh} ({choice.en})" for choice in column.choices)
        )
    return "\n".join(lines)


def _validation(sheet: Sheet, column: Column, ranges: Mapping[str, str], at: str) -> dict[str, object] | None:
    """What a column may hold; `at` is its first cell."""
    source = ranges.get(f"{sheet.key}.{column.key}") or ranges.get(column.kind.value)
    if column.kind is Kind.INDUSTRIES:
        return None
    if column.kind in _LINES:
        zh, en = FORMS[column.kind.value]
        return {
            "validate": "custom",
            "value": _not_too_many_parts(at, zh.count("|")),
            "ignore_blank": True,
            "error_type": "warning",
            "error_title": "请核对 Please check",
            "error_message": f"每行一项：{zh}。可用“{HELPER_TITLE}”表生成",
            "input_title": column.header_zh,
            "input_message": f"每行一项\n{zh}\n{en}",
        }
    rule: dict[str, object] = {"ignore_blank": True, "error_title": "输入无效 Invalid"}
    if source:
        return {**rule, "validate": "list", "source": source, "error_message": "请从下拉列表中选择"}
    if column.kind is Kind.INTEGER:
        bounds = {"criteria": "between", "minimum": column.minimum, "maximum": column.maximum}
        return {**rule, "validate": "integer", **bounds, "error_message": f"请填写{column.minimum}以上的整数"}
    return None


def _not_too_many_parts(cell: str, most: int) -> str:
    """Holds unless the lines of a cell have more bars between parts than their form has."""
    bare = f'SUBSTITUTE(SUBSTITUTE({cell},"|",""),"｜","")'
    line_count = f'LEN({cell})-LEN(SUBSTITUTE({cell},CHAR(10),""))+1'
    return f"=LEN({cell})-LEN({bare})<={most}*({line_count})"
