"""The sheet that makes cells of several items out of drop-downs (填写助手).

A spreadsheet has no drop-down for one line of a cell. Here every part of a line has a cell of its own, with the list of
what it may be; formulas that any spreadsheet program knows join the parts to lines and the lines to the cell that is to
be copied into the sheet. Nothing of this sheet is read by an import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from services.workbook.choices import DEGREE, NAME_KIND, PURPOSE, WORK_KIND, Choices
from services.workbook.columns import Kind
from services.workbook.lines import FORMS

TITLE = "填写助手"
ITEMS = 10
_TOP = 4


@dataclass(frozen=True)
class Part:
    """One part of an item: its header, and the list of what it may be, if there is one."""

    header: str
    choices: Choices = ()
    listed: str = ""


@dataclass(frozen=True)
class Block:
    """What makes one cell: its column's header, the parts of an item, and what stands between parts and items."""

    header: str
    parts: tuple[Part, ...]
    between: str
    joint: str
    sums_to_one: bool = False


def _lines(header: str, form: str, choices: Mapping[int, Choices] | None = None) -> Block:
    zh, _ = FORMS[form]
    names = [each.strip() for each in zh.split("|")]
    parts = tuple(Part(name, (choices or {}).get(at, ())) for at, name in enumerate(names))
    return Block(header, parts, '" | "', "CHAR(10)")


BLOCKS: Sequence[Block] = (
    Block(
        "研究方向", (Part("方向", listed=Kind.DIRECTION.value), Part("占比")), '":"', '";"', sums_to_one=True
    ),
    Block("可流动城市", (Part("城市", listed=Kind.CITY.value),), '""', '";"'),
    Block("同意用途", (Part("用途", PURPOSE),), '""', '";"'),
    _lines("其他姓名", "other_names", {1: NAME_KIND}),
    _lines("任职经历", "affiliations"),
    _lines("教育经历", "education", {1: DEGREE}),
    _lines("成果明细", "work_items", {1: WORK_KIND}),
)


def write_helper(page: Worksheet, ranges: Mapping[str, str], formats: Mapping[str, Format]) -> None:
    """Write the blocks side by side. `ranges`: of the lists of the catalogue, by their names."""
    page.write_string(
        0, 0, "填写助手：逐项选择或填写，再复制“结果”格，粘贴（仅粘贴值）到人才表的同名列", formats["title"]
    )
    page.write_string(1, 0, "Fill in part by part, then copy the result and paste its value into the column.")
    page.set_row(_TOP + ITEMS, 80)
    at = 0
    for block in BLOCKS:
        _write_block(page, block, at, ranges, formats)
        at += len(block.parts) + 2
    page.freeze_panes(_TOP, 0)


def _write_block(
    page: Worksheet, block: Block, left: int, ranges: Mapping[str, str], formats: Mapping[str, Format]
) -> None:
    last = left + len(block.parts)
    page.set_column(left, last, 16, formats["text"])
    page.set_column(last + 1, last + 1, 3)
    page.write_string(_TOP - 2, left, block.header, formats["head"])
    for at, part in enumerate(block.parts):
        page.write_string(_TOP - 1, left + at, part.header, formats["head"])
        source = [each.zh for each in part.choices] or ranges.get(part.listed)
        if source:
            rule = {
                "validate": "list",
                "source": source,
                "ignore_blank": True,
                "error_message": "请从下拉列表中选择",
            }
            page.data_validation(_TOP, left + at, _TOP + ITEMS - 1, left + at, rule)
    page.write_string(_TOP - 1, last, "本项", formats["head"])
    for row in range(_TOP, _TOP + ITEMS):
        page.write_formula(row, last, _line(block, row, left), formats["plain"], "")
    page.write_string(_TOP + ITEMS, left, "结果（复制此格）", formats["required"])
    page.write_formula(_TOP + ITEMS, last, _cell(block, last), formats["wrapped"], "")
    if block.sums_to_one:
        shares = f"{xl_rowcol_to_cell(_TOP, left + 1)}:{xl_rowcol_to_cell(_TOP + ITEMS - 1, left + 1)}"
        page.set_column(left + 1, left + 1, 10, formats["plain"])
        page.write_formula(
            _TOP - 2, last, f'=IF(ROUND(SUM({shares})-1,6)=0,"合计为1","合计须为1")', formats["plain"], ""
        )


def _line(block: Block, row: int, left: int) -> str:
    """The parts of an item, without the empty ones at its end; nothing without its first part."""
    parts = [xl_rowcol_to_cell(row, left + at) for at in range(len(block.parts))]
    more = "".join(
        f'&IF({"&".join(parts[at:])}="","",{block.between}&{parts[at]})' for at in range(1, len(parts))
    )
    return f'=IF({parts[0]}="","",{parts[0]}{more})'


def _cell(block: Block, column: int) -> str:
    """The items one after another."""
    rows = [xl_rowcol_to_cell(row, column) for row in range(_TOP, _TOP + ITEMS)]
    more = "".join(
        f'&IF({row}="","",IF({"&".join(rows[:at])}="","",{block.joint})&{row})'
        for at, row in enumerate(rows)
        if at
    )
    return f"={rows[0]}{more}"
