"""Decide a filter for one row in memory; the reference that SQL is tested against."""

import operator
from collections.abc import Callable
from typing import Any

from services.chassis.filtering.syntax import (
    And,
    Comparison,
    Expression,
    Kind,
    Not,
    Operator,
    Or,
    Prefix,
    Present,
)

_FOLD = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: operator.eq,
    Operator.HAS: operator.eq,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


def matches(expression: Expression, get: Callable[[str], Any]) -> bool:
    """Whether the row whose fields `get` reads satisfies the filter.

    `get` gives None for an absent value; str for text and codes, int fen for money, date, aware datetime,
    bool, numbers, a collection of str for a code list (empty counts as absent), and for words what has those
    `in` it that find the row.
    """
    match expression:
        case And(operands):
            return all(matches(operand, get) for operand in operands)
        case Or(operands):
            return any(matches(operand, get) for operand in operands)
        case Not(operand):
            return not matches(operand, get)
        case Comparison(operator=Operator.NE):
            return not _holds(expression, Operator.EQ, get(expression.field))
        case Comparison():
            return _holds(expression, expression.operator, get(expression.field))


def _holds(comparison: Comparison, operator: Operator, cell: Any) -> bool:
    value = comparison.value
    if cell is None:
        return False
    if comparison.kind in (Kind.CODES, Kind.SEARCH):
        return bool(cell) if isinstance(value, Present) else value in cell
    if isinstance(value, Present):
        return True
    if isinstance(value, Prefix):
        return bool(_fold(cell).startswith(_fold(value.text)))
    if comparison.kind is Kind.TEXT and operator is Operator.HAS:
        return _fold(str(value)) in _fold(cell)
    return _COMPARE[operator](cell, value)


def _fold(text: str) -> str:
    # A to Z only: what lower() of SQLite does, so that both engines and this agree on Chinese and Latin text.
    return text.translate(_FOLD)
