"""Every rule of request validation, by the trial contract."""

import math
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.rpc.validation import MOST_VIOLATIONS, Validator
from services.kernel.errors import InvalidArgument
from tests.contract.chassis.trial import contract, record

GOOD_ID = "9f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b"
VALIDATOR = Validator()


def save(request_id: str = "", **changes: Any) -> Any:
    return contract()[0].SaveRecordRequest(record=record(**changes), colour=1, request_id=request_id)


def problems(request: Any) -> list[tuple[str, str]]:
    """Field and reason of each violation."""
    try:
        VALIDATOR.check(request)
    except InvalidArgument as error:
        found = error.violations
    else:
        found = ()
    assert all(each.text.zh.startswith(each.field) and each.text.en for each in found)
    return [(each.field, each.reason) for each in found]


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_threads")
def test_nothing_passes_in_the_moment_in_which_the_first_requests_of_a_kind_come() -> None:
    together = Barrier(4)

    def refused(validator: Validator) -> bool:
        together.wait()
        try:
            validator.check(save(display_name=""))
        except InvalidArgument:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        for _ in range(50):
            assert all(pool.map(refused, [Validator()] * 4))


def test_a_good_request_passes() -> None:
    assert problems(save(GOOD_ID, profile="一行\n又一行\t完", count=9, colour=1)) == []


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"display_name": "张\0三"}, "display_name", "CHARACTER_NOT_ALLOWED"),
        ({"display_name": "张\n三"}, "display_name", "CHARACTER_NOT_ALLOWED"),
        ({"display_name": "张\u200b三"}, "display_name", "CHARACTER_NOT_ALLOWED"),
        ({"display_name": "张\u202e三"}, "display_name", "CHARACTER_NOT_ALLOWED"),
        ({"display_name": "\ufeff张三"}, "display_name", "CHARACTER_NOT_ALLOWED"),
        ({"profile": "a\x1bb"}, "profile", "CHARACTER_NOT_ALLOWED"),
        ({"display_name": "三" * 61}, "display_name", "TOO_LONG"),
        ({"phone": "1" * 2001}, "phone", "TOO_LONG"),
        ({"colour": 999}, "colour", "UNKNOWN_VALUE"),
        ({"count": -1}, "count", "TOO_SMALL"),
        ({"count": 10}, "count", "TOO_LARGE"),
        ({"shares": [{"code": "a"}] * 4}, "shares", "TOO_MANY_ITEMS"),
        ({"shares": [{"code": "a", "weight": math.nan}]}, "shares[0].weight", "NOT_A_NUMBER"),
        ({"shares": [{"code": "a"}, {"code": "b" * 21}]}, "shares[1].code", "TOO_LONG"),
        ({"shares": []}, "shares", "REQUIRED"),
        ({"display_name": ""}, "display_name", "REQUIRED"),
        ({"by_key": {"k": {}}}, "by_key[k].code", "REQUIRED"),
        ({"amount": {"currency_code": "CNY", "units": 1, "nanos": -1}}, "amount", "MONEY_INVALID"),
        ({"amount": {"currency_code": "CNY", "nanos": 1_000_000_000}}, "amount", "MONEY_INVALID"),
        ({"amount": {"currency_code": "CNY", "nanos": 5}}, "amount", "AMOUNT_NOT_WHOLE_FEN"),
        ({"amount": {"currency_code": "CNY", "units": 2**63 - 1}}, "amount", "AMOUNT_TOO_LARGE"),
        ({"amount": {"currency_code": "cny"}}, "amount", "CURRENCY_INVALID"),
        ({"amount": {}}, "amount", "CURRENCY_INVALID"),
        ({"day": {"year": 1900, "month": 2, "day": 29}}, "day", "DATE_INVALID"),
        ({"day": {"year": 2026}}, "day", "DATE_INVALID"),
        ({"day": {"year": 9999, "month": 12, "day": 31}}, "day", "DATE_INVALID"),
        ({"day": {"year": 2026, "month": 2**31 - 1, "day": -1}}, "day", "DATE_INVALID"),
        ({"time": {"seconds": 1_790_000_000_000}}, "time", "TIMESTAMP_INVALID"),
        ({"time": {"nanos": -1}}, "time", "TIMESTAMP_INVALID"),
        ({"time": {"nanos": 10**9}}, "time", "TIMESTAMP_INVALID"),
    ],
    ids=str,
)
def test_each_rule_names_its_field(changes: dict[str, Any], field: str, reason: str) -> None:
    assert problems(save(**changes)) == [(f"record.{field}", reason)]


@pytest.mark.parametrize("value", ["x", "1", GOOD_ID[:-1], "{" + GOOD_ID + "}", GOOD_ID.replace("-", "")])
def test_a_request_id_is_a_uuid(value: str) -> None:
    assert problems(save(value)) == [("request_id", "REQUEST_ID_INVALID")]


def test_a_page_size_is_not_negative() -> None:
    ask = contract()[0].GetRecordRequest
    assert problems(ask(name="records/1", page_size=-1)) == [("page_size", "PAGE_SIZE_NEGATIVE")]
    assert problems(ask(name="records/1", page_size=0)) == []


def test_nesting_has_a_limit() -> None:
    def nested(levels: int) -> Any:
        inner = record()
        for _ in range(levels):
            inner = record(inner=inner)
        return save(inner=inner)

    # The request is level 1, the record 2, its `inner` 3; the shares of the innermost record come last.
    assert problems(nested(4)) == []
    assert problems(nested(5)) == [("record" + ".inner" * 6 + ".shares[0]", "NESTED_TOO_DEEP")]


def test_an_empty_message_names_all_that_is_missing() -> None:
    messages, _ = contract()
    assert problems(messages.SaveRecordRequest()) == [("record", "REQUIRED"), ("colour", "REQUIRED")]


def test_violations_are_bounded() -> None:
    shares: dict[str, Any] = {f"k{number}": {} for number in range(100)}
    assert len(problems(save(by_key=shares))) == MOST_VIOLATIONS


def update(paths: list[str], **fields: Any) -> Any:
    return contract()[0].UpdateRecordRequest(record=fields, update_mask={"paths": paths})


def test_an_update_needs_only_what_its_mask_names() -> None:
    name = "records/1"
    assert problems(update(["phone"], name=name, phone="1")) == []
    assert problems(update(["display_name"], name=name)) == [("record.display_name", "REQUIRED")]
    assert problems(update(["*"], name=name)) == [
        ("record.display_name", "REQUIRED"),
        ("record.shares", "REQUIRED"),
    ]
    assert problems(update(["phone"], phone="1")) == [("record.name", "REQUIRED")]
    assert problems(update(["owner"], name=name)) == [("update_mask", "UNKNOWN_FIELD")]
    assert problems(update(["state"], name=name)) == [("update_mask", "FIELD_NOT_CHANGEABLE")]
    for path in ("inner.owner", "shares.code", "display_name.x", "inner..phone"):
        assert problems(update([path], name=name)) == [("update_mask", "UNKNOWN_FIELD")]
    for paths in ([""], ["phone", "", ""], ["*", ""]):
        assert ("update_mask", "MASK_PATH_EMPTY") in problems(update(paths, name=name)), paths
    assert problems(update(["inner.inner.phone"], name=name)) == []
    assert problems(update(["inner.state"], name=name)) == [("update_mask", "FIELD_NOT_CHANGEABLE")]
    assert problems(update(["phone"], name=name, phone="\0")) == [("record.phone", "CHARACTER_NOT_ALLOWED")]


@given(st.binary(max_size=200))
def test_noise_is_refused_or_passes_and_never_breaks(data: bytes) -> None:
    request = contract()[0].SaveRecordRequest()
    try:
        request.MergeFromString(data)
    except Exception:  # noqa: BLE001 - undecodable noise is not what is tested here
        return
    problems(request)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_visible_names_pass(name: str) -> None:
    assert problems(save(display_name=name)) == []
