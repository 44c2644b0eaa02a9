"""AIP-160 filters decided for all rows of a population at once.

As for one row: a comparison with an absent value is false and its negation true.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from services.chassis.filtering import And, Comparison, Expression, Not, Operator, Or, Present
from services.matcher.domain.codes import OUTSIDE, Codes
from services.matcher.domain.columns import AVAILABILITIES, LEVELS, NO_LIMIT, STAGES, UNKNOWN, Columns
from services.matcher.score.block import Mask

_COMPARE: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQ: operator.eq,
    Operator.HAS: operator.eq,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}
_AMOUNTS = {"ticket_max": "ticket_max", "valuation_max": "valuation_below", "sought_amount": "sought"}


def selected(expression: Expression, columns: Columns, codes: Codes) -> Mask:
    """The rows for which the filter holds. Raises KeyError for a field that no column answers."""
    match expression:
        case And(operands):
            return _all([selected(each, columns, codes) for each in operands], columns.size)
        case Or(operands):
            either: Mask = np.logical_or.reduce([selected(each, columns, codes) for each in operands])
            return either
        case Not(operand):
            return ~selected(operand, columns, codes)
        case Comparison(operator=Operator.NE):
            return ~_holds(expression, Operator.EQ, columns, codes)
        case Comparison():
            return _holds(expression, expression.operator, columns, codes)


def _all(masks: list[Mask], size: int) -> Mask:
    return np.logical_and.reduce(masks) if masks else np.ones(size, np.bool_)


def _holds(comparison: Comparison, asked: Operator, columns: Columns, codes: Codes) -> Mask:
    name, value = comparison.field, comparison.value
    if name in _AMOUNTS:
        amounts = columns.integers(_AMOUNTS[name])
        known = np.asarray((amounts != NO_LIMIT) & (amounts != UNKNOWN), np.bool_)
        return known if isinstance(value, Present) else known & _COMPARE[asked](amounts, value)
    if name == "direction_code":
        return _working_in(columns, None if isinstance(value, Present) else str(value), codes)
    if name == "industry_code":
        industries = columns.integers("industries")
        wanted = -1 if isinstance(value, Present) else _bit(codes.industries, str(value))
        return np.asarray(industries & wanted != 0, np.bool_)
    if name == "reach_code":
        reach = columns.integers("reach")
        wanted = -1 if isinstance(value, Present) else _bit((*codes.cities, OUTSIDE), str(value))
        return np.asarray(reach & wanted != 0, np.bool_)
    column, numbered = _CODED[name]
    if isinstance(value, Present):
        return np.asarray(columns[column] != UNKNOWN, np.bool_)
    places = {code: number for number, code in enumerate(numbered(codes))}
    return np.asarray(columns[column] == places.get(str(value), UNKNOWN - 1), np.bool_)


def _working_in(columns: Columns, code: str | None, codes: Codes) -> Mask:
    """In one direction, or in any."""
    if code is None:
        return np.asarray(columns["industries"] != 0, np.bool_)
    leaf = codes.leaf_number.get(code)
    return np.zeros(columns.size, np.bool_) if leaf is None else columns.works_in(leaf, codes)


def _bit(codes: tuple[str, ...], code: str) -> int:
    return 1 << codes.index(code) if code in codes else 0


_CODED: Mapping[str, tuple[str, Callable[[Codes], tuple[str, ...]]]] = {
    "city_code": ("city", lambda codes: (*codes.cities, OUTSIDE)),
    "category_code": ("category", lambda codes: codes.categories),
    "stage": ("stage", lambda _: tuple(each.name for each in STAGES)),
    "availability": ("availability", lambda _: tuple(each.name for each in AVAILABILITIES)),
    "data_level": ("level", lambda _: tuple(each.name for each in LEVELS)),
}
