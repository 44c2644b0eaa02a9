"""Facets are disjunctive: the counts of a dimension ignore the restriction on that dimension itself. Small counts of
people are hidden, and no fewer than two of them, because the length of the list is known.
"""

from collections.abc import Mapping

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


def shown(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """The counts, None for those from 1 to below `least` and for the next larger ones until the hidden ones are at
    least two and sum to `least`: else the total would give them away. A lone count is its own total.
    """
    hidden = [code for code, count in counts.items() if 0 < count < least]
    others = sorted((code for code in counts if counts[code] >= least), key=lambda code: (counts[code], code))
    if hidden:
        while others and (len(hidden) < 2 or sum(counts[code] for code in hidden) < least):
            hidden.append(others.pop(0))
    return {code: None if code in hidden else count for code, count in counts.items()}
