"""The order of a list: `hard_score desc, name` (AIP-132)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.filtering.refusal import refusal
from services.kernel.errors import InvalidArgument
from services.kernel.excerpt import excerpt
from services.kernel.suggestion import nearest_words

MAX_ORDER_TERMS = 5
_TERM = re.compile(r"[ \t]*([^ \t,]+)(?:[ \t]+([^ \t,]+))?[ \t]*")


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """One sort key."""

    field: str
    descending: bool = False


def parse_order(
    text: str, allowed: Sequence[str], default: Sequence[OrderTerm] = ()
) -> tuple[OrderTerm, ...]:
    """The sort keys of `text`, `default` if it is blank; each may say `asc` or `desc`.

    Raises InvalidArgument on field `order_by` (INVALID_ORDER_BY, `column` in the metadata) for an unknown or
    repeated field, another direction, an empty part, or more than 5 keys.
    """
    if not text.strip(" \t"):
        return tuple(default)
    terms: list[OrderTerm] = []
    start = 0
    for part in text.split(",", MAX_ORDER_TERMS):
        term = _term(part, start + 1, allowed)
        if len(terms) == MAX_ORDER_TERMS or any(term.field == known.field for known in terms):
            raise _invalid(
                start + 1,
                f"排序字段重复或超过 {MAX_ORDER_TERMS} 个，请删减",
                f"a sort field is repeated, or there are more than {MAX_ORDER_TERMS}; drop some",
            )
        terms.append(term)
        start += len(part) + 1
    return tuple(terms)


def canonical_order(terms: Sequence[OrderTerm]) -> str:
    """The one way to write an order."""
    return ", ".join(f"{term.field} desc" if term.descending else term.field for term in terms)


def _term(part: str, column: int, allowed: Sequence[str]) -> OrderTerm:
    found = _TERM.fullmatch(part)
    if found is None:
        raise _invalid(
            column,
            "排序写成：字段 [asc|desc]，多个用半角逗号分隔",
            "an order is: field [asc|desc], several joined by commas",
        )
    name, direction = found[1], found[2] or "asc"
    if name not in allowed:
        near = nearest_words(name[:100], allowed)
        did_zh = f"您是否要用：{'、'.join(near)}？" if near else ""
        did_en = f"Did you mean {', '.join(near)}? " if near else ""
        raise _invalid(
            column + found.start(1),
            f"不能按“{excerpt(name)}”排序。{did_zh}可用：{'、'.join(allowed)}",
            f"cannot order by {excerpt(name)!r}. {did_en}Use one of: {', '.join(allowed)}",
            near,
        )
    if direction not in ("asc", "desc"):
        raise _invalid(
            column + found.start(2),
            f"排序方向“{excerpt(direction)}”应为 asc 或 desc",
            f"the direction {excerpt(direction)!r} must be asc or desc",
        )
    return OrderTerm(name, direction == "desc")


def _invalid(column: int, zh: str, en: str, near: list[str] | None = None) -> InvalidArgument:
    return refusal("order_by", "INVALID_ORDER_BY", column, zh, en, near)
