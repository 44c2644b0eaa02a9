import pytest

from services.talent.domain.privacy.wordless import without_people


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("本人要求删除", "本人要求删除"),
        ("欧阳明本人要求（13900000000）", "＊本人要求（＊）"),
        ("身份证 32010619800101123X，139 0000 0000", "身份证 ＊，＊"),
        ("asked by ouyang@example.org on 2026-07-01", "asked by ＊ on ＊"),
        (" 第 12 号通知 ", "第 12 号通知"),
    ],
)
def test_what_tells_who_somebody_is_stays_out(said: str, kept: str) -> None:
    assert without_people(said, ["欧阳明", "欧阳", ""]) == kept
