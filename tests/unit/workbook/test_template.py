import re
from pathlib import Path

import openpyxl
import pytest

from services.catalogue import load
from services.workbook.reading import read_workbook
from services.workbook.sheets import SHEETS
from services.workbook.template import CODES_TITLE, GUIDE_TITLE, write_template


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "bole.xlsx"
    write_template(path, load())
    return path


def test_it_reads_back_as_every_sheet_with_no_rows(template: Path) -> None:
    read = read_workbook(template.read_bytes(), filename="bole.xlsx")
    tables = read.tables
    assert read.warnings == ()  # its own help is no remark of anybody's
    assert {key: len(table.rows) for key, table in tables.items()} == dict.fromkeys(SHEETS, 0)
    for key, table in tables.items():
        assert table.columns == tuple(column.key for column in SHEETS[key].columns)


def test_its_drop_downs_offer_the_catalogue(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book[CODES_TITLE].sheet_state == "hidden"
    assert GUIDE_TITLE in book.sheetnames
    listed = {str(rule.formula1) for rule in book["岗位"].data_validations.dataValidation}
    offered: set[str] = set()
    for formula in listed:
        if "!" in formula:
            area = formula.split("!")[1].replace("$", "")
            offered |= {str(row[0].value) for row in book[CODES_TITLE][area]}
    catalogue = load()
    assert {leaf.name_zh for leaf in catalogue.leaves} <= offered
    assert {city.short_zh for city in catalogue.cities} <= offered
    assert {category.name_zh for category in catalogue.categories} <= offered


def test_every_offered_value_is_understood(template: Path) -> None:
    page = openpyxl.load_workbook(template)[CODES_TITLE]
    catalogue = load()
    resolvers = {
        "direction": catalogue.resolve_direction,
        "category": catalogue.resolve_category,
        "city": catalogue.resolve_city,
        "city_or_outside": catalogue.resolve_place,
        "industries": catalogue.resolve_industry,
    }
    for column in page.iter_cols(values_only=True):
        resolve = resolvers.get(str(column[0]))
        if resolve:
            assert all(resolve(str(value)) for value in column[1:] if value)


def test_a_cell_of_lines_warns_of_too_many_parts(template: Path) -> None:
    page = openpyxl.load_workbook(template)["人才"]
    rules = [rule for rule in page.data_validations.dataValidation if rule.type == "custom"]
    assert len(rules) == 4
    assert {rule.errorStyle for rule in rules} == {"warning"}
    assert all(rule.prompt and "|" in rule.prompt for rule in rules)


def test_every_drop_down_is_one_that_spreadsheet_programs_take(template: Path) -> None:
    """Within the limits beyond which they call a file damaged, over a list that is there, whole and without gaps."""
    book = openpyxl.load_workbook(template)
    checked = 0
    for page in book.worksheets:
        for rule in page.data_validations.dataValidation:
            assert all(1 <= area.min_row <= area.max_row <= 1_048_576 for area in rule.sqref.ranges)
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.errorTitle or "") <= 32
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 255
            formula = str(rule.formula1)
            if rule.type != "list":
                assert len(formula) <= 8192
            elif "!" not in formula:
                assert formula.startswith('"')
                assert len(formula.strip('"')) <= 255
                assert all(each.strip() for each in formula.strip('"').split(","))
            else:
                sheet, area = re.fullmatch(r"='?([^'!]+)'?!(.+)", f"={formula.lstrip('=')}").groups()  # type: ignore[union-attr]
                values = [row[0].value for row in book[sheet][area.replace("$", "")]]
                assert values
                assert all(str(value or "").strip() for value in values)
                below = int(area.rsplit("$", 1)[1]) + 1
                assert book[sheet][f"{area.split('$')[1]}{below}"].value is None, (
                    "the list is longer than offered"
                )
            checked += 1
    assert checked > 40
