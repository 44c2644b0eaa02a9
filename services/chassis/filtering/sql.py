"""From a filter to a WHERE clause.

All values are bound parameters: nothing of the filter's text reaches the statement.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnClause, ColumnElement, Text, and_, cast, exists, not_, or_, true

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

Condition: TypeAlias = ColumnElement[bool]
_LIKE_SPECIAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_COMPARE: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQ: operator.eq,
    Operator.HAS: operator.eq,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


class CodeSet(Protocol):
    """Where a list of codes is stored, or what words find."""

    def contains(self, code: str) -> Condition:
        """The list has this code, or these words find the row; never NULL."""
        ...

    def present(self) -> Condition:
        """The list is not empty; never NULL."""
        ...


@dataclass(frozen=True)
class ChildRows:
    """A code list kept as rows of another table; `link` ties them to the outer row.

    They are looked for among all rows of that table, also by a statement that counts some of them.
    """

    code: ColumnClause[str]
    link: Condition

    def contains(self, code: str) -> Condition:
        """A linked row has this code."""
        return exists().where(self.link, self.code == code).correlate_except(self.code.table)

    def present(self) -> Condition:
        """There is a linked row."""
        return exists().where(self.link).correlate_except(self.code.table)


@dataclass(frozen=True)
class JsonCodes:
    """A code list kept as a canonical JSON array of strings without quotes and backslashes; not nullable."""

    column: ColumnElement[Any]

    def contains(self, code: str) -> Condition:
        """The array has this code."""
        return cast(self.column, Text).like(f'%"{_literal(code)}"%', escape="\\")

    def present(self) -> Condition:
        """The array has any code."""
        return cast(self.column, Text).like('%"%')


Columns: TypeAlias = Mapping[str, "ColumnElement[Any] | CodeSet"]


def compile_filter(expression: Expression, columns: Columns) -> Condition:
    """The condition that selects exactly the rows for which `evaluation.matches` is true.

    `columns` maps each field that the schema admits to its column (any SQL expression) or, for a code list
    or words, to a CodeSet. NOT is carried down to the comparisons, so that three-valued logic does not lose rows with
    NULL. Raises KeyError for a field without a column: a mistake of the caller, not of the filter.
    """
    return _compile(expression, columns, negated=False)


def _compile(expression: Expression, columns: Columns, *, negated: bool) -> Condition:
    match expression:
        case Not(operand):
            return _compile(operand, columns, negated=not negated)
        case Comparison():
            return _comparison(expression, columns[expression.field], negated)
        case And(()):
            return not_(true()) if negated else true()
        case And(operands) | Or(operands):
            join = and_ if isinstance(expression, And) != negated else or_
            return join(*(_compile(operand, columns, negated=negated) for operand in operands))


def _comparison(comparison: Comparison, column: "ColumnElement[Any] | CodeSet", negated: bool) -> Condition:
    if comparison.operator is Operator.NE:
        negated = not negated
    if not isinstance(column, ColumnElement):
        listed = comparison.value
        holds = column.present() if isinstance(listed, Present) else column.contains(str(listed))
        return not_(holds) if negated else holds
    if isinstance(comparison.value, Present):
        return column.is_(None) if negated else column.is_not(None)
    holds = _holds(comparison, column)
    if not negated:
        return holds
    return or_(not_(holds), column.is_(None)) if getattr(column, "nullable", True) else not_(holds)


def _holds(comparison: Comparison, column: ColumnElement[Any]) -> Condition:
    value = comparison.value
    if isinstance(value, Prefix):
        return column.ilike(_literal(value.text) + "%", escape="\\")
    if comparison.kind is Kind.TEXT and comparison.operator is Operator.HAS:
        return column.ilike(f"%{_literal(str(value))}%", escape="\\")
    compare = _COMPARE[Operator.EQ if comparison.operator is Operator.NE else comparison.operator]
    condition: Condition = compare(column, value)
    return condition


def _literal(text: str) -> str:
    return text.translate(_LIKE_SPECIAL)
