from hypothesis import given
from hypothesis import strategies as st

from services.kernel.excerpt import excerpt


def test_short_printable_text_is_repeated_as_it_is() -> None:
    assert excerpt("氢能 H2") == "氢能 H2"


def test_long_text_is_cut_and_marked() -> None:
    assert excerpt("x" * 41) == "x" * 40 + "…"


@given(st.text())
def test_any_text_becomes_printable_and_short(text: str) -> None:
    assert len(excerpt(text)) <= 41
    assert excerpt(text).isprintable()
    assert excerpt(text).encode().decode() == excerpt(text)
