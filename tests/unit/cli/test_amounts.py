"""Money in an export."""

from hypothesis import given
from hypothesis import strategies as st

from services.cli.answers.amounts import exact
from services.kernel.money import MAX_FEN, Money


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_an_export_is_exact_to_the_fen(fen: int) -> None:
    yuan, _, cents = exact(Money(fen)).lstrip("-").partition(".")
    assert int(yuan) * 100 + int(cents) == abs(fen)
