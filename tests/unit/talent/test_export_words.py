"""The words of an export: what the register may keep of them."""

import pytest

from bole.talent.v1 import export_service_pb2 as wire
from services.chassis.searching.terms import Words
from services.cli.answers.wording import catalogue
from services.talent.rpc.files.export_words import told


@pytest.mark.parametrize(
    ("sheet", "query", "kept"),
    [
        ("persons", "", ""),
        ("persons", "氢  苏州", "文字 氢 苏州"),
        ("persons", "suzhou 王小明", "文字 suzhou ＊"),
        ("persons", "wangxiaoming", "文字 ＊"),
        ("positions", "电堆 工程师", "文字 电堆 工程师"),
    ],
)
def test_words_of_people_are_kept_if_the_catalogue_knows_them(sheet: str, query: str, kept: str) -> None:
    known = Words(catalogue())
    assert told(wire.ExportRecordsRequest(sheet=sheet, query=query), known) == kept
