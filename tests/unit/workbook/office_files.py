"""Workbooks as offices write them, and what reading them is refused with."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from services.kernel.errors import InvalidArgument
from services.workbook.reading import read_workbook
from services.workbook.tables import Table, Workbook

HEADER = "编号,姓名,人才类别,所在城市,到岗意愿,研究方向,记录日期"
ROW = "p-1,王宁,卓越工程师,苏州,随时,氧化镓,2026-06-30"


def read(data: str | bytes, filename: str = "persons.csv", **options: Any) -> Workbook:
    content = data.encode() if isinstance(data, str) else data
    return read_workbook(content, filename=filename, **options)


def persons(data: str | bytes, **options: Any) -> Table:
    return read(data, **options).tables["persons"]


def refusal(data: str | bytes, **options: Any) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught:
        read(data, **options)
    return caught.value


def workbook(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_of(*rows: Sequence[object], title: str = "人才") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    return book
