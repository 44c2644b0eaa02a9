"""Declarations of interest and the trail that keeps them."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.deal.interest import (
    Declaration,
    InterestKind,
    KnownLink,
    Resolution,
    Standing,
    contradictions,
    examine_declaration,
    judge,
)
from services.funding.domain.deal.parties import Parties, examine_parties
from services.funding.domain.deal.trail import ORIGIN, Entry, chained, commit
from services.kernel.errors import InvalidArgument
from tests.unit.funding.cases import AT

NONE = Declaration(
    deal_id="d", number=1, member="li", kinds=(InterestKind.NONE,), commitment="", circle="a", at=AT
)
LINK = KnownLink(
    id="k", firm_id="f", member="li", kind=InterestKind.EQUITY, source="工商登记", actor="x", at=AT
)
FOUND = Resolution(number=1, recused=False, reason="已退股", actor="secretary", at=AT + timedelta(days=1))


def test_what_a_declaration_means() -> None:
    later = replace(LINK, at=AT + timedelta(days=2))
    for declaration, links, resolution, circle, standing in (
        (NONE, [], None, "a", Standing.CLEAR),
        (NONE, [replace(LINK, member="wang")], None, "a", Standing.CLEAR),
        (NONE, [LINK], None, "a", Standing.CONTRADICTED),
        (NONE, [LINK], FOUND, "a", Standing.CLEAR),
        (NONE, [LINK, later], FOUND, "a", Standing.CONTRADICTED),
        (NONE, [LINK], replace(FOUND, recused=True), "a", Standing.RECUSED),
        (NONE, [], None, "b", Standing.ASK_AGAIN),
        (replace(NONE, kinds=(InterestKind.KINSHIP,)), [LINK], None, "b", Standing.RECUSED),
    ):
        assert judge(declaration, links, resolution, circle) is standing


def test_only_what_is_unresolved_speaks_against_a_declaration() -> None:
    later = replace(LINK, id="l", at=AT + timedelta(days=2))
    assert contradictions(NONE, [LINK, later], FOUND) == (later,)


@pytest.mark.parametrize(
    ("kinds", "text", "reason"),
    [
        ([], "", "REQUIRED"),
        ([InterestKind.NONE, InterestKind.EQUITY], "持股", "NONE_AND_OTHERS"),
        ([InterestKind.EQUITY], " ", "REQUIRED"),
        ([InterestKind.OTHER], "字" * 2001, "TOO_LONG"),
    ],
)
def test_declarations_that_are_none(kinds: list[InterestKind], text: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        examine_declaration(kinds, text)
    assert reason in {each.reason for each in caught.value.violations}


def test_nobody_works_on_a_deal_and_speaks_for_the_firm() -> None:
    assert examine_parties(Parties(("b", "a", "a"), ("c",), ())).team == ("a", "b")
    with pytest.raises(InvalidArgument, match="speak for the firm"):
        examine_parties(Parties(("a", "b"), ("a",), ()))


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), max_size=8), st.data())
def test_the_chain_can_be_checked_with_the_standard_library_and_shows_every_change(
    contents: list[dict[str, object]], data: st.DataObject
) -> None:
    texts = [
        Entry(deal_id="d", sequence=n, kind="K", actor="x", at=AT, content=each).canonical()
        for n, each in enumerate(contents, start=1)
    ]

    def heads(of: list[str]) -> list[bytes]:
        found, last = [], ORIGIN
        for text in of:
            last = chained(last, text)
            found.append(last)
        return found

    kept = heads(texts)
    by_hand = bytes(32)
    for text in texts:
        by_hand = hashlib.sha256(by_hand + text.encode("utf-8")).digest()
        assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text
    assert not texts or by_hand == kept[-1]
    if texts:
        at = data.draw(st.integers(0, len(texts) - 1))
        changed = [*texts[:at], texts[at] + " ", *texts[at + 1 :]]
        assert heads(changed)[:at] == kept[:at]
        assert all(a != b for a, b in zip(heads(changed)[at:], kept[at:], strict=True))


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    assert commit("a", "同意") != commit("b", "同意")
    assert commit("a", "同意") == commit("a", "同意")
