"""Recursive descent over the grammar of AIP-160, as far as it is supported:

filter      = [conjunction]
conjunction = disjunction {"AND" disjunction}
disjunction = term {"OR" term}
term        = ["NOT" | "-"] ("(" conjunction ")" | field operator value)
"""

from services.chassis.filtering.lexer import Scanner
from services.chassis.filtering.refusal import invalid, too_complex
from services.chassis.filtering.schema import Schema
from services.chassis.filtering.syntax import (
    And,
    Comparison,
    Expression,
    conjunction,
    disjunction,
    negation,
)
from services.chassis.filtering.values import check_operator, convert

MAX_LENGTH = 2000
MAX_TERMS = 50
MAX_DEPTH = 8


def parse(text: str, schema: Schema) -> Expression:
    """The tree of a filter; an empty or blank one gives `And(())`, which every row matches.

    Raises InvalidArgument on field `filter`, with the `column` in its metadata: INVALID_FILTER, or
    FILTER_TOO_COMPLEX over 2,000 characters, 50 conditions or 8 nested brackets.
    """
    if len(text) > MAX_LENGTH:
        raise too_complex(
            MAX_LENGTH + 1,
            f"筛选条件长 {len(text)} 字，上限 {MAX_LENGTH} 字，请缩短",
            f"the filter has {len(text)} characters, the limit is {MAX_LENGTH}; shorten it",
        )
    scanner = Scanner(text)
    if scanner.at_end:
        return And(())
    expression = _Parser(scanner, schema).conjunction()
    if not scanner.at_end:
        raise scanner.unexpected()
    return expression


class _Parser:
    __slots__ = ("_depth", "_scanner", "_schema", "_terms")

    def __init__(self, scanner: Scanner, schema: Schema) -> None:
        self._scanner = scanner
        self._schema = schema
        self._depth = 0
        self._terms = 0

    def conjunction(self) -> Expression:
        first = self._disjunction()
        if not self._scanner.take_keyword("AND"):
            return first
        operands = [first, self._disjunction()]
        while self._scanner.take_keyword("AND"):
            operands.append(self._disjunction())
        return conjunction(operands)

    def _disjunction(self) -> Expression:
        first = self._term()
        if not self._scanner.take_keyword("OR"):
            return first
        operands = [first, self._term()]
        while self._scanner.take_keyword("OR"):
            operands.append(self._term())
        return disjunction(operands)

    def _term(self) -> Expression:
        if self._scanner.take_keyword("NOT") or self._scanner.take("-"):
            return negation(self._simple())
        return self._simple()

    def _simple(self) -> Expression:
        column = self._scanner.column
        if self._scanner.take("("):
            return self._bracket(column)
        return self._comparison(column)

    def _bracket(self, column: int) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise too_complex(
                column,
                f"括号嵌套超过 {MAX_DEPTH} 层，请简化",
                f"brackets are nested more than {MAX_DEPTH} deep; simplify the filter",
            )
        expression = self.conjunction()
        if self._scanner.at_end:
            raise invalid(column, "括号没有闭合", "the bracket is never closed")
        if not self._scanner.take(")"):
            raise self._scanner.unexpected()
        self._depth -= 1
        return expression

    def _comparison(self, column: int) -> Comparison:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise too_complex(
                column,
                f"条件超过 {MAX_TERMS} 个，请简化",
                f"there are more than {MAX_TERMS} conditions; simplify the filter",
            )
        name = self._scanner.name()
        field = self._schema.field(name, column)
        operator_column = self._scanner.column
        operator = self._scanner.operator(name)
        check_operator(field, operator, operator_column)
        value = convert(field, operator, self._scanner.value())
        return Comparison(field.name, field.kind, operator, value)
