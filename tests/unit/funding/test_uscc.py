import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.uscc import ALPHABET, check_character, parse_uscc
from services.kernel.errors import InvalidArgument
from tests.unit.funding.cases import USCC


def test_published_example_is_valid() -> None:
    # Huawei's code, printed on its public licence.
    assert parse_uscc("914403001922038216") == "914403001922038216"


def test_lower_case_and_full_width_are_normalised() -> None:
    assert parse_uscc(f" {USCC.lower()} ") == USCC
    assert parse_uscc("９" + USCC[1:]) == USCC


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_refused_with_their_position(letter: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_uscc(USCC[:10] + letter + USCC[11:])
    assert caught.value.reason == "INVALID_USCC"
    assert "第11位" in caught.value.text.zh
    assert "position 11" in caught.value.text.en


def test_district_must_be_digits() -> None:
    with pytest.raises(InvalidArgument, match="position 3"):
        parse_uscc("91A" + USCC[3:])


def test_old_number_and_wrong_check_character_are_explained() -> None:
    with pytest.raises(InvalidArgument, match="15位旧注册号"):
        parse_uscc("320500000000001")
    wrong = USCC[:17] + ("0" if USCC[17] != "0" else "1")
    with pytest.raises(InvalidArgument, match=f"should be {USCC[17]}"):
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
