"""Chinese and other names: look-alikes, script, surnames, frequencies."""

import pytest

from services.kernel.names.frequencies import GIVEN, SURNAMES, given_share, surname_share
from services.kernel.names.organisation import organisation
from services.kernel.names.script import is_han, simplified, syllables
from services.kernel.names.skeleton import looks_mixed, skeleton
from services.kernel.names.surnames import split, surname_reading


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Аnna"),  # Cyrillic А
        ("PETER", "РЕТЕR"),
        ("Ａｎｎａ", "anna"),
        ("José", "Jose"),
        ("Ёлка", "Ëлкa"),  # Cyrillic Ё, Latin Ë and a
        ("Lü Bu", "Lü Bu"),
        ("古丽·买买提", "古丽•买买提"),
        ("Ολοφ", "oλoφ"),
    ],
)
def test_what_looks_alike_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_different_names_keep_different_skeletons() -> None:
    assert len({skeleton(name) for name in ("张三", "張三", "Anna", "Hanna", "Петров", "𠮷田", "吉田")}) == 7


def test_several_alphabets_in_one_word_are_noticed() -> None:
    assert looks_mixed("Аnna Li")
    assert not looks_mixed("张三 Zhang San")
    assert not looks_mixed("Анна Petrova")


def test_traditional_characters_become_simplified() -> None:
    assert simplified("張曉明 歐陽國華 鍾") == "张晓明 欧阳国华 钟"
    assert simplified("范蠡 𠮷田 㐀") == "范蠡 𠮷田 㐀"


def test_rare_and_private_characters_are_chinese() -> None:
    assert all(map(is_han, "张㐀𠮷\ue123〇"))
    assert not any(map(is_han, "a·ａ1 "))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("欧阳明", ("欧阳", "明")),
        ("诸葛孔明", ("诸葛", "孔明")),
        ("爱新觉罗启", ("爱新觉罗", "启")),
        ("张晓明", ("张", "晓明")),
        ("欧阳", ("欧", "阳")),
        ("王", ("王", "")),
        ("", ("", "")),
    ],
)
def test_surnames_are_split_off(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts


def test_a_surname_is_read_as_one() -> None:
    read = {name: surname_reading(name) for name in ("单", "曾", "仇", "阚", "乐正", "尉迟", "王", "吕")}
    assert list(read.values()) == ["shan", "zeng", "qiu", "kan", "yuezheng", "yuchi", "wang", "lv"]
    assert syllables("晓明") == ("xiao", "ming")


def test_common_names_are_common() -> None:
    assert surname_share("王") > 100 * surname_share("仇") > 0
    assert given_share("伟") > given_share("翎翙") > 0
    assert 0.7 < sum(SURNAMES.values()) / 1e6 < 1
    assert all(sorted(table.values(), reverse=True)[0] < 100_000 for table in (SURNAMES, GIVEN))


def test_an_organisation_is_known_by_its_name_without_form_and_punctuation() -> None:
    forms = (
        "南通海氢科技有限公司",
        "南通海氢科技股份有限公司",
        "南通海氫科技（有限公司）",
        " 南通 海氢科技 ",
    )
    assert {organisation(form) for form in forms} == {"南通海氢科技"}
    assert organisation("江苏省产业技术研究院") == organisation("产业技术研究院")
    assert organisation("公司") == "公司"
