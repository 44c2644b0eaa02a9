"""The rules for single values of a request. Each rule yields what is wrong: a reason and a text."""

import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from services.chassis.contract import limits_of
from services.kernel.money import MAX_FEN
from services.kernel.text import Text

Problem = tuple[str, Text]
Rule = Callable[[Any], Iterator[Problem]]

DEFAULT_MAX_LENGTH: Final = 2_000
DEFAULT_MAX_ITEMS: Final = 100
LINES_FROM: Final = 1_000
"""Fields that hold this many characters may hold line breaks and tabs; shorter ones hold one line."""

# C0 and C1 controls, soft hyphen, zero-width and bidirectional marks, line and paragraph separators,
# surrogates, non-characters: invisible, and able to make two texts look alike or one text look like another.
_INVISIBLE: Final = (
    "\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff"
)
_IN_LINES: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{_INVISIBLE}]")
_IN_LINE: Final = re.compile(f"[\x00-\x1f{_INVISIBLE}]")
_CURRENCY: Final = re.compile("[A-Z]{3}")
_NANOS_PER_FEN: Final = 10_000_000
_YEARS: Final = range(1900, 2201)
_SECONDS: Final = range(-2_208_988_800, 7_289_654_400)  # 1900-01-01 to the end of 2200
_INTEGERS: Final = {
    FieldDescriptor.CPPTYPE_INT32,
    FieldDescriptor.CPPTYPE_INT64,
    FieldDescriptor.CPPTYPE_UINT32,
    FieldDescriptor.CPPTYPE_UINT64,
}
_FLOATS: Final = {FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT}


def rules_of(field: FieldDescriptor) -> tuple[Rule, ...]:
    """The rules for one value (of a repeated field: one item) of a scalar field."""
    if field.type == FieldDescriptor.TYPE_STRING:
        return (_text(field), _request_id) if field.name == "request_id" else (_text(field),)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return (_bytes(field),) if limits_of(field).max_length else ()
    if field.cpp_type == FieldDescriptor.CPPTYPE_ENUM:
        return (_enum(field),)
    if field.cpp_type in _FLOATS:
        return (_finite, _range(field))
    if field.cpp_type in _INTEGERS:
        return (_page_size, _range(field)) if field.name == "page_size" else (_range(field),)
    return ()


def _text(field: FieldDescriptor) -> Rule:
    longest = limits_of(field).max_length or DEFAULT_MAX_LENGTH
    forbidden = _IN_LINES if longest >= LINES_FROM else _IN_LINE

    def rule(value: str) -> Iterator[Problem]:
        if len(value) > longest:
            yield _too_long(len(value), longest, "字", "characters")
        found = forbidden.search(value)
        if found:
            yield (
                "CHARACTER_NOT_ALLOWED",
                Text(
                    f"第 {found.start() + 1} 个字符 U+{ord(found[0]):04X} 不可见或为控制字符，请删除",
                    f"character {found.start() + 1}, U+{ord(found[0]):04X}, is invisible; remove it",
                ),
            )

    return rule


def _bytes(field: FieldDescriptor) -> Rule:
    longest = limits_of(field).max_length

    def rule(value: bytes) -> Iterator[Problem]:
        if len(value) > longest:
            yield _too_long(len(value), longest, "字节", "bytes")

    return rule


def _too_long(length: int, longest: int, zh: str, en: str) -> Problem:
    return "TOO_LONG", Text(
        f"长度 {length:,} {zh}，上限 {longest:,} {zh}，请缩短",
        f"{length:,} {en}, at most {longest:,}; shorten it",
    )


def too_many(count: int, most: int) -> Problem:
    """A repeated field or map has too many items."""
    return "TOO_MANY_ITEMS", Text(
        f"共 {count:,} 项，上限 {most:,} 项，请分批", f"{count:,} items, at most {most:,}; split the request"
    )


def _request_id(value: str) -> Iterator[Problem]:
    try:
        if str(UUID(value)) == value.lower():
            return
    except ValueError:
        pass
    yield (
        "REQUEST_ID_INVALID",
        Text(
            "应为 UUID，例如 9f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b",
            "must be a UUID, 36 characters with hyphens",
        ),
    )


def _enum(field: FieldDescriptor) -> Rule:
    values = {value.number: value.name for value in cast(EnumDescriptor, field.enum_type).values}
    names = ", ".join(name for number, name in values.items() if number)

    def rule(value: int) -> Iterator[Problem]:
        if value not in values:
            yield (
                "UNKNOWN_VALUE",
                Text(f"未知取值 {value}，可选：{names}", f"unknown value {value}; one of: {names}"),
            )

    return rule


def _finite(value: float) -> Iterator[Problem]:
    if not math.isfinite(value):
        yield (
            "NOT_A_NUMBER",
            Text("应为有限数值，不能是 NaN 或无穷大", "must be a finite number, not NaN or infinity"),
        )


def _range(field: FieldDescriptor) -> Rule:
    limits = limits_of(field)
    low = limits.minimum if limits.HasField("minimum") else -math.inf
    high = limits.maximum if limits.HasField("maximum") else math.inf

    def rule(value: float) -> Iterator[Problem]:
        if value < low:
            yield "TOO_SMALL", Text(f"{value:,} 小于下限 {low:,}", f"{value:,} is below the minimum {low:,}")
        elif value > high:
            yield (
                "TOO_LARGE",
                Text(f"{value:,} 大于上限 {high:,}", f"{value:,} is above the maximum {high:,}"),
            )

    return rule


def _page_size(value: int) -> Iterator[Problem]:
    if value < 0:
        yield (
            "PAGE_SIZE_NEGATIVE",
            Text("每页条数不能为负，0 表示默认值", "a page size is not negative; 0 stands for the default"),
        )


def _money(value: Any) -> Iterator[Problem]:
    if not _CURRENCY.fullmatch(value.currency_code):
        yield (
            "CURRENCY_INVALID",
            Text("币种应为三位大写字母，例如 CNY", "the currency is three capital letters, such as CNY"),
        )
    if abs(value.nanos) > 999_999_999 or value.units * value.nanos < 0:
        yield (
            "MONEY_INVALID",
            Text(
                "units 与 nanos 符号须一致，nanos 绝对值小于 10 亿",
                "units and nanos share a sign; |nanos| < 10^9",
            ),
        )
    elif value.nanos % _NANOS_PER_FEN:
        yield (
            "AMOUNT_NOT_WHOLE_FEN",
            Text("金额不足一分，请取整到分", "the amount is finer than one fen; round it"),
        )
    elif abs(value.units * 100 + value.nanos // _NANOS_PER_FEN) > MAX_FEN:
        yield (
            "AMOUNT_TOO_LARGE",
            Text("金额超出系统上限（90万亿元）", "the amount is over the system's limit"),
        )


def _date(value: Any) -> Iterator[Problem]:
    try:
        if value.year in _YEARS and date(value.year, value.month, value.day):
            return
    except (ValueError, OverflowError):
        pass
    yield (
        "DATE_INVALID",
        Text(
            f"没有 {value.year}年{value.month}月{value.day}日 这一天，或不在 1900 至 2200 年之间",
            f"{value.year}-{value.month}-{value.day} is no date between 1900 and 2200",
        ),
    )


def _timestamp(value: Any) -> Iterator[Problem]:
    if value.seconds not in _SECONDS or not 0 <= value.nanos < 1_000_000_000:
        yield (
            "TIMESTAMP_INVALID",
            Text(
                "时间应在 1900 至 2200 年之间（单位为秒，不是毫秒）",
                "an instant between 1900 and 2200, in seconds",
            ),
        )


WELL_KNOWN: Final[dict[str, Rule]] = {
    "google.type.Money": _money,
    "google.type.Date": _date,
    "google.protobuf.Timestamp": _timestamp,
}
"""Rules for whole messages of foreign types."""
