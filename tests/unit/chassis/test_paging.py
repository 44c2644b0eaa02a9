import base64
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.storage.paging import CursorValue, PageTokens, page_size
from services.kernel.errors import InvalidArgument

TOKENS = PageTokens(b"s" * 32)
QUERY = {"filter": "city = suzhou", "order_by": "name", "view": "BASIC"}
CURSOR: list[CursorValue] = [
    "张三",
    7,
    0.25,
    None,
    True,
    date(2026, 1, 31),
    datetime(2026, 1, 31, tzinfo=UTC),
]
CURSORS = st.lists(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC)),
    max_size=5,
)


def issue(cursor: list[CursorValue] = CURSOR) -> str:
    return TOKENS.issue(cursor, method="ListFunds", query=QUERY, subject="staff/1")


def reason(
    token: str,
    tokens: PageTokens = TOKENS,
    method: str = "ListFunds",
    query: dict[str, str] = QUERY,
    subject: str = "staff/1",
) -> str:
    with pytest.raises(InvalidArgument) as caught:
        tokens.read(token, method=method, query=query, subject=subject)
    assert caught.value.violations[0].field == "page_token"
    return caught.value.reason


@given(CURSORS)
def test_a_cursor_comes_back_as_it_was(cursor: list[CursorValue]) -> None:
    read = TOKENS.read(issue(cursor), method="ListFunds", query=QUERY, subject="staff/1")
    assert read == tuple(cursor)
    assert read is not None
    assert [type(value) for value in read] == [type(value) for value in cursor]


def test_a_token_of_the_program_before_goes_on_and_is_as_hard_to_forge() -> None:
    issued = "AY4EPfFi-V9-pJo0qlsxNywxNiwxNzY0NDg5NjAwMDAwXbJPEtUXFaDrLgh3boUD15I"
    read = TOKENS.read(issued, method="ListFunds", query=QUERY, subject="staff/1")
    assert read == (17, 16, 1764489600000)
    assert reason(issued, subject="staff/2") == "PAGE_TOKEN_MISMATCH"
    assert reason(issued, PageTokens(b"t" * 32)) == "PAGE_TOKEN_INVALID"
    raw = base64.urlsafe_b64decode(issued + "=" * (-len(issued) % 4))
    for at in (0, 5, 15, len(raw) - 1):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        assert reason(base64.urlsafe_b64encode(changed).decode().rstrip("=")) == "PAGE_TOKEN_INVALID"


def test_the_empty_token_is_the_first_page() -> None:
    assert TOKENS.read("", method="ListFunds", query=QUERY, subject="staff/1") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "ListFirms"},
        {"query": QUERY | {"filter": "city = wuxi"}},
        {"query": QUERY | {"order_by": "name desc"}},
        {"query": {}},
        {"subject": "staff/2"},
        {"subject": ""},
    ],
)
def test_a_token_serves_one_method_query_and_caller(changes: dict[str, Any]) -> None:
    assert reason(issue(), **changes) == "PAGE_TOKEN_MISMATCH"


def test_the_order_of_query_parts_does_not_matter() -> None:
    turned = dict(reversed(QUERY.items()))
    assert TOKENS.read(issue(), method="ListFunds", query=turned, subject="staff/1") == tuple(CURSOR)


def test_query_parts_cannot_be_shifted_into_each_other() -> None:
    token = TOKENS.issue([1], method="m", query={"a": "b", "c": "d"}, subject="s")
    assert reason(token, method="m", query={"a": 'b", "c": "d'}, subject="s") == "PAGE_TOKEN_MISMATCH"


@given(st.data())
def test_a_changed_token_is_invalid(data: st.DataObject) -> None:
    token = issue()
    place = data.draw(st.integers(0, len(token) - 1))
    char = data.draw(st.sampled_from("ABCXYZabcxyz0189-_=+/ é").filter(lambda c: c != token[place]))
    assert reason(token[:place] + char + token[place + 1 :]) == "PAGE_TOKEN_INVALID"


@given(st.text(min_size=1, max_size=80))
def test_any_other_text_is_invalid(text: str) -> None:
    assert reason(text) == "PAGE_TOKEN_INVALID"


@pytest.mark.parametrize("token", ["A", "AQ", "A" * 5000, "AA==", "AQ" * 30])
def test_short_long_and_padded_tokens_are_invalid(token: str) -> None:
    assert reason(token) == "PAGE_TOKEN_INVALID"


def test_cut_and_padded_forms_of_a_token_are_invalid() -> None:
    token = issue()
    assert reason(token[:-1]) == "PAGE_TOKEN_INVALID"
    assert reason(token + "=") == "PAGE_TOKEN_INVALID"
    assert reason(token + "A") == "PAGE_TOKEN_INVALID"


def test_nobody_reads_a_sort_key_off_a_token() -> None:
    token = TOKENS.issue(["zhang wei 张伟", "7"], method="ListPersons", query={}, subject="s")
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert not any(part in raw for part in (b"zhang", b"wei", "张".encode(), b"5f20"))


def test_a_place_has_one_token_and_no_two_places_share_theirs() -> None:
    assert issue() == issue()
    assert issue() != issue(CURSOR[:-1])


def test_a_token_of_another_secret_is_invalid() -> None:
    assert reason(issue(), PageTokens(b"t" * 32)) == "PAGE_TOKEN_INVALID"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        PageTokens(b"short")


def test_page_size_has_a_default_and_a_maximum() -> None:
    assert page_size(0, 50, 200) == 50
    assert page_size(1, 50, 200) == 1
    assert page_size(200, 50, 200) == 200
    assert page_size(10**9, 50, 200) == 200


def test_a_negative_page_size_is_refused() -> None:
    with pytest.raises(InvalidArgument) as caught:
        page_size(-1, 50, 200)
    assert caught.value.reason == "PAGE_SIZE_NEGATIVE"
    assert "-1" in caught.value.text.zh
