import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as reference

from services.kernel.errors import InvalidArgument
from services.kernel.uscc import ALPHABET, check_character, parse_uscc

GOOD = "91110000600037341L"


@given(st.text(ALPHABET, min_size=9, max_size=9), st.from_regex(r"9[123][0-9]{6}", fullmatch=True))
def test_check_character_agrees_with_an_independent_implementation(tail: str, head: str) -> None:
    first17 = head + tail
    assert reference.is_valid(first17 + check_character(first17))


def test_lower_case_and_blanks_are_normalised() -> None:
    assert parse_uscc(" 9111 0000 6000 3734 1l", field="信用代码") == GOOD


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("110000600037341", "18位"),
        ("9111000060003734IL", "第17位"),
        ("91A10000600037341L", "第3位"),
        (GOOD[:17] + "M", "校验码"),
        ("", "18位"),
    ],
)
def test_a_wrong_code_is_refused_and_says_where(text: str, fragment: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_uscc(text, field="统一社会信用代码")
    assert caught.value.reason == "INVALID_USCC"
    assert caught.value.violations[0].field == "统一社会信用代码"
    assert fragment in caught.value.text.zh


def test_published_example_is_valid() -> None:
    # Huawei's code, printed on its public licence.
    assert parse_uscc("914403001922038216") == "914403001922038216"


def test_case_and_width_are_normalised() -> None:
    assert parse_uscc(f" {GOOD.lower()} ") == GOOD
    assert parse_uscc("９" + GOOD[1:]) == GOOD


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_refused_with_their_position(letter: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_uscc(GOOD[:10] + letter + GOOD[11:])
    assert caught.value.reason == "INVALID_USCC"
    assert "第11位" in caught.value.text.zh
    assert "position 11" in caught.value.text.en


def test_district_must_be_digits() -> None:
    with pytest.raises(InvalidArgument, match="position 3"):
        parse_uscc("91A" + GOOD[3:])


def test_old_number_and_wrong_check_character_are_explained() -> None:
    with pytest.raises(InvalidArgument, match="15位旧注册号"):
        parse_uscc("320500000000001")
    wrong = GOOD[:17] + ("0" if GOOD[17] != "0" else "1")
    with pytest.raises(InvalidArgument, match=f"should be {GOOD[17]}"):
        parse_uscc(wrong)


@given(st.text("0123456789", min_size=6, max_size=6), st.text(ALPHABET, min_size=9, max_size=9), st.data())
def test_every_single_substitution_is_caught(district: str, organ: str, data: st.DataObject) -> None:
    body = "91" + district + organ
    code = body + check_character(body)
    assert parse_uscc(code) == code
    position = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != code[position]]))
    with pytest.raises(InvalidArgument):
        parse_uscc(code[:position] + other + code[position + 1 :])
