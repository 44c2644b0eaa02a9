"""Facets are disjunctive: the counts of a dimension ignore the restriction on that dimension itself."""

from services.chassis.filtering.syntax import And, Expression, Not, Or


def without(expression: Expression, field: str) -> Expression:
    """The filter without those of its top-level conditions that name `field`."""
    if isinstance(expression, And):
        return And(tuple(each for each in expression.operands if not mentions(each, field)))
    return And(()) if mentions(expression, field) else expression


def mentions(expression: Expression, field: str) -> bool:
    """Whether a condition names the field anywhere."""
    if isinstance(expression, And | Or):
        return any(mentions(each, field) for each in expression.operands)
    if isinstance(expression, Not):
        return mentions(expression.operand, field)
    return expression.field == field


def named(expression: Expression) -> frozenset[str]:
    """All fields that a condition names."""
    if isinstance(expression, And | Or):
        return frozenset[str]().union(*map(named, expression.operands))
    return named(expression.operand) if isinstance(expression, Not) else frozenset({expression.field})
