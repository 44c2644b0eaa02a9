from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import InvalidArgument
from services.talent.domain.people.id_number import IdNumber, document_digest

TODAY = date(2026, 6, 30)
# The example of GB 11643-1999; no person's number.
NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    "text", [NUMBER, NUMBER.lower(), f" {NUMBER} ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_one_number_in_any_spelling_has_one_digest(text: str) -> None:
    digest = IdNumber.parse(text, today=TODAY).digest(b"key")
    assert digest == IdNumber.parse(NUMBER, today=TODAY).digest(b"key")
    assert len(digest) == 64
    assert digest != IdNumber.parse(NUMBER, today=TODAY).digest(b"other key")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("110105194912310021", "ID_NUMBER_CHECK_DIGIT"),
        ("110105194913310028", "ID_NUMBER_BIRTH_DATE"),
        ("110105202612310023", "ID_NUMBER_BIRTH_DATE"),
        ("110105189912310020", "ID_NUMBER_BIRTH_DATE"),
        ("1101051949123100", "ID_NUMBER_FORM"),
        ("110105491231002", "ID_NUMBER_FORM"),
        ("11010519491231002Y", "ID_NUMBER_FORM"),
        ("", "ID_NUMBER_FORM"),
    ],
)
def test_what_is_wrong_is_named_and_the_number_never_echoed(text: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        IdNumber.parse(text, today=TODAY, name="证件号码")
    assert caught.value.reason == reason
    assert caught.value.violations[0].field == "证件号码"
    if text:
        assert text not in str(caught.value)


def test_a_document_of_another_kind_is_taken_as_written_and_the_old_form_is_not() -> None:
    digest = document_digest("E12345678", b"key", today=TODAY, name="证件号码")
    assert digest == document_digest(" e12345678", b"key", today=TODAY, name="证件号码")
    with pytest.raises(InvalidArgument) as caught:
        document_digest("110105491231002", b"key", today=TODAY, name="证件号码")
    assert caught.value.reason == "ID_NUMBER_FORM"
    assert "110105491231002" not in str(caught.value)


@given(st.text("0123456789X", min_size=17, max_size=19))
def test_no_refusal_repeats_any_part_of_the_number(text: str) -> None:
    try:
        number = IdNumber.parse(text, today=TODAY)
    except InvalidArgument as error:
        said = f"{error} {error.metadata}"
        assert not any(text[at : at + 6] in said for at in range(len(text) - 5))
    else:
        assert text not in f"{number!r} {number}"


def test_the_number_shows_nowhere() -> None:
    number = IdNumber.parse(NUMBER, today=TODAY)
    assert NUMBER[:6] not in repr(number)
    assert NUMBER[:6] not in f"{number}"
