"""One way to write each filter: the same tree gives the same text, which parses to the same tree."""

import re
from datetime import date, datetime
from decimal import Decimal

from services.chassis.filtering.syntax import And, Comparison, Expression, Kind, Not, Or, Prefix, Present

_QUOTED = (Kind.TEXT, Kind.SEARCH)
_ESCAPED = re.compile(r"[\"\\*]")


def canonical(expression: Expression) -> str:
    """The text of a filter: single spaces, text in double quotes, amounts in yuan, instants in UTC.

    It can be longer than what was parsed (`500万` is `5000000`), so it may exceed the parser's limit.
    """
    match expression:
        case Comparison():
            return _comparison(expression)
        case Not(operand):
            return f"NOT {_bracketed(operand) if isinstance(operand, And | Or) else canonical(operand)}"
        case And(operands):
            return " AND ".join(canonical(operand) for operand in operands)
        case Or(operands):
            return " OR ".join(
                _bracketed(operand) if isinstance(operand, And) else canonical(operand)
                for operand in operands
            )


def quoted(text: str) -> str:
    """A text as the value of a condition, whatever is in it."""
    return f'"{_escaped(text)}"'


def _bracketed(expression: Expression) -> str:
    return f"({canonical(expression)})"


def _comparison(comparison: Comparison) -> str:
    return f"{comparison.field} {comparison.operator.value} {_value(comparison)}"


def _value(comparison: Comparison) -> str:
    match comparison.value:
        case Present():
            return "*"
        case Prefix(text):
            return f'"{_escaped(text)}*"'
        case bool(value):
            return "true" if value else "false"
        case str(text):
            return quoted(text) if comparison.kind in _QUOTED else text
        case int(fen) if comparison.kind is Kind.MONEY:
            return f"{Decimal(fen) / 100:f}"
        case datetime() as instant:
            return instant.isoformat().replace("+00:00", "Z")
        case date() as day:
            return day.isoformat()
        case number:
            return repr(number)


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\\" + found[0], text)
