"""From a literal to a typed value, by the kind of the field."""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime

from services.chassis.filtering.literal import Literal, Star
from services.chassis.filtering.refusal import invalid
from services.chassis.filtering.schema import Field
from services.chassis.filtering.syntax import Kind, Operator, Prefix, Present, Value
from services.kernel.errors import InvalidArgument
from services.kernel.excerpt import excerpt
from services.kernel.money import parse_amount
from services.kernel.suggestion import nearest_words

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,127}")
_MAX_LISTED = 20
_MAX_WORDS = 200

_EQUALITY = frozenset({Operator.EQ, Operator.NE, Operator.HAS})
_ORDERED = frozenset(Operator)
_OPERATORS = {
    Kind.TEXT: _EQUALITY,
    Kind.CODE: _EQUALITY,
    Kind.BOOLEAN: _EQUALITY,
    Kind.CODES: frozenset({Operator.HAS}),
    Kind.SEARCH: frozenset({Operator.HAS}),
}


def check_operator(field: Field, operator: Operator, column: int) -> None:
    """Raise InvalidArgument if `field` does not take `operator`."""
    allowed = _OPERATORS.get(field.kind, _ORDERED)
    if operator not in allowed and allowed == {Operator.HAS}:
        raise invalid(
            column,
            f"字段 {field.name} 不支持 {operator.value}，请写成 {field.name}:取值",
            f"the field {field.name} does not take {operator.value}; write {field.name}:VALUE",
        )
    if operator not in allowed:
        listed = " ".join(item.value for item in Operator if item in allowed)
        raise invalid(
            column,
            f"字段 {field.name} 不支持 {operator.value}，可用：{listed}",
            f"the field {field.name} does not take {operator.value}; use one of: {listed}",
        )


def convert(field: Field, operator: Operator, literal: Literal) -> Value:
    """The value that `literal` means for `field`; raises InvalidArgument naming column, rule and remedy."""
    if literal.star is Star.PRESENT:
        if operator is not Operator.HAS:
            raise invalid(
                literal.column,
                f"判断是否有值请写 {field.name}:*",
                f"to ask whether there is a value write {field.name}:*",
            )
        return Present()
    if literal.star is Star.PREFIX and field.kind is not Kind.TEXT:
        raise invalid(
            literal.column,
            f"通配符 * 只用于文本字段，{field.name} 不是",
            f"the wildcard * is for text fields; {field.name} is none",
        )
    if field.kind is Kind.TEXT:
        return _text(field, operator, literal)
    return _CONVERTERS[field.kind](field, literal)


def _text(field: Field, operator: Operator, literal: Literal) -> Value:
    text = unicodedata.normalize("NFC", literal.text)
    if literal.star is Star.PREFIX:
        if operator is Operator.HAS:
            raise invalid(
                literal.column,
                f'“:”本身就查找包含的文字，请去掉 *，或写 {field.name} = "{excerpt(text)}*" 查找开头',
                f"':' already finds pieces; drop the *, "
                f'or write {field.name} = "{excerpt(text)}*" for beginnings',
            )
        return Prefix(text)
    if not text and operator is Operator.HAS:
        raise invalid(literal.column, "“:”后不能是空文本", "the text after ':' is empty")
    return text


def _search(field: Field, literal: Literal) -> Value:
    words = " ".join(unicodedata.normalize("NFC", literal.text).split())
    if not words:
        raise invalid(
            literal.column,
            f"字段 {field.name} 要查找的字词是空的",
            f"there are no words to look for in {field.name}",
        )
    if len(words) > _MAX_WORDS:
        raise invalid(
            literal.column,
            f"字段 {field.name} 要查找的字词有 {len(words)} 个字符，最多 {_MAX_WORDS} 个",
            f"the words to look for in {field.name} have {len(words)} characters; "
            f"at most {_MAX_WORDS} are taken",
        )
    return words


def _code(field: Field, literal: Literal) -> Value:
    text = literal.text.removeprefix(field.prefix)
    if field.allowed is not None and text in field.allowed:
        return text
    for word, code in field.words:
        if text == word:
            return code
    if field.resolve is not None:
        return _resolved(field.resolve, literal)
    if field.allowed is None:
        if _CODE.fullmatch(text):
            return text
        raise _unreadable(field, literal, "代码，例如 seed 或 firms/a1", "a code such as seed or firms/a1")
    near = nearest_words(text[:100], [*field.allowed, *(word for word, _ in field.words)])
    listed = ", ".join(field.allowed[:_MAX_LISTED])
    hint_zh = f"您是否要用：{'、'.join(near)}？" if near else ""
    hint_en = f"Did you mean {', '.join(near)}? " if near else ""
    raise invalid(
        literal.column,
        f"字段 {field.name} 没有取值“{excerpt(text)}”（区分大小写）。{hint_zh}可用取值：{listed}",
        f"{field.name} has no value {excerpt(text)!r} (case matters). {hint_en}Allowed: {listed}",
        near,
    )


def _resolved(resolve: Callable[[str], str], literal: Literal) -> str:
    try:
        return resolve(literal.text)
    except InvalidArgument as error:
        near = [item for item in error.metadata.get("suggestions", "").split(",") if item]
        raise invalid(literal.column, error.text.zh, error.text.en, near) from error


def _integer(field: Field, literal: Literal) -> Value:
    if not _INTEGER.fullmatch(literal.text):
        raise _unreadable(field, literal, "整数，例如 12", "a whole number such as 12")
    return int(_ranged(field, int(literal.text), literal))


def _number(field: Field, literal: Literal) -> Value:
    if not _NUMBER.fullmatch(literal.text):
        raise _unreadable(field, literal, "数字，例如 0.75", "a number such as 0.75")
    return float(_ranged(field, float(literal.text), literal))


def _ranged(field: Field, value: float, literal: Literal) -> float:
    if not math.isfinite(value) or not field.minimum <= value <= field.maximum:
        raise invalid(
            literal.column,
            f"字段 {field.name} 的取值范围是 {field.minimum} 至 {field.maximum}",
            f"{field.name} lies between {field.minimum} and {field.maximum}",
        )
    return value


def _money(_: Field, literal: Literal) -> Value:
    try:
        return parse_amount(literal.text, field="filter").fen
    except InvalidArgument as error:
        raise invalid(literal.column, error.text.zh, error.text.en) from error


def _date(field: Field, literal: Literal) -> Value:
    try:
        if _DATE.fullmatch(literal.text):
            return date.fromisoformat(literal.text)
    except ValueError:
        pass  # 2026-02-30 has the form of a date and is none
    raise _unreadable(field, literal, "日期，例如 2026-01-31", "a date such as 2026-01-31")


def _instant(field: Field, literal: Literal) -> Value:
    try:
        if _INSTANT.fullmatch(literal.text):
            return datetime.fromisoformat(literal.text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # the form is right, the day or hour does not exist
    raise _unreadable(
        field,
        literal,
        "带时区的时间（RFC 3339），例如 2026-01-31T08:00:00+08:00",
        "a time with its zone (RFC 3339) such as 2026-01-31T08:00:00+08:00",
    )


def _boolean(field: Field, literal: Literal) -> Value:
    if literal.text not in ("true", "false"):
        raise _unreadable(field, literal, " true 或 false", "true or false")
    return literal.text == "true"


def _unreadable(field: Field, literal: Literal, zh: str, en: str) -> InvalidArgument:
    return invalid(
        literal.column,
        f"字段 {field.name} 不能是“{excerpt(literal.text)}”，请写{zh}",
        f"{field.name} cannot be {excerpt(literal.text)!r}; write {en}",
    )


_CONVERTERS: dict[Kind, Callable[[Field, Literal], Value]] = {
    Kind.CODE: _code,
    Kind.CODES: _code,
    Kind.SEARCH: _search,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.BOOLEAN: _boolean,
}
