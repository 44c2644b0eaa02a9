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
