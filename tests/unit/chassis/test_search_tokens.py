"""Tokens of the word index: sounds character by character are those of the name as a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from services.chassis.searching.tokens import fold, runs, sound_order, sound_tokens, text_tokens

_HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@given(st.text(_HAN | st.sampled_from("王单曾仇乐重庆欧阳长行a·9"), min_size=1, max_size=8))
def test_a_name_sounds_as_the_dictionary_of_phrases_says(name: str) -> None:
    whole = "".join(each for part in lazy_pinyin(name) for each in runs(fold(part)) if each.isascii())
    tokens = sound_tokens([name])
    assert not whole or f"p{whole[:40]}" in tokens


def test_characters_that_sound_otherwise_in_a_phrase_do_so_in_a_name() -> None:
    assert "pchongqing" in sound_tokens(["重庆"])
    assert lazy_pinyin("重", style=Style.NORMAL) == ["zhong"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海水制氢", {"p海水", "p水制", "p制氢", "p氢"}),
        ("AI芯片-7nm", {"pai", "p芯片", "p片", "p7nm"}),
        ("_甲_乙", {"p甲", "p乙"}),
        ("", set()),
    ],
)
def test_texts_leave_pairs_of_neighbours_and_whole_words(text: str, expected: set[str]) -> None:
    assert text_tokens([text]) == expected


def test_names_stand_in_the_order_of_their_syllables_and_a_surname_is_read_as_one() -> None:
    names = ["曾明", "张伟", "詹伟", "章伟", "Anna Müller", "安娜", "單雄", "尉迟恭", "张韦", "于谦"]
    assert sorted(names, key=sound_order) == [
        "安娜",
        "Anna Müller",
        "單雄",
        "于谦",
        "尉迟恭",
        "曾明",
        "詹伟",
        "张伟",
        "张韦",
        "章伟",
    ]
    assert sound_order("张伟") == "zhang wei 张伟"
    assert sound_order("曾明") == "zeng ming 曾明"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("卜晓明", "buxiaoming"),
        ("卜晓明", "bxm"),
        ("阚泽", "kanze"),
        ("乐正绫", "yuezhengling"),
        ("南京六合新材料有限公司", "luhe"),
        ("盐城盐都机械厂", "yandu"),
        ("苏州浒关电子", "xuguan"),
    ],
)
def test_who_bears_a_name_that_is_read_otherwise_is_found_by_how_it_is_said(name: str, typed: str) -> None:
    assert any(token.startswith(f"p{typed}") for token in sound_tokens([name]))
