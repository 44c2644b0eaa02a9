"""Words that people look for find the records that say them."""

import pytest

from services.catalogue import load
from services.chassis.searching.terms import Words
from services.chassis.searching.tokens import LONGEST, fold, text_tokens


@pytest.mark.parametrize(
    "text",
    [
        "氢能 燃料电池",
        "AI芯片-7nm",
        "Müller GmbH",
        "A" * LONGEST,
        f"甲{'polyethylene' * 4}乙",
        "polyethylene" * 4,
    ],
)
def test_a_text_is_found_by_itself(text: str) -> None:
    left = text_tokens([text])
    terms = Words(load()).terms(text)
    assert terms
    assert all(term.is_true_of(left, fold(text)) for term in terms)
