"""Widening a filter: conditions on a place or a direction are met by more, one step after the other."""

from collections.abc import Collection
from enum import StrEnum

from services.chassis.filtering import And, Comparison, Expression, Kind, Operator, Or, Present
from services.chassis.filtering.syntax import conjunction, disjunction
from services.matcher.domain.codes import OUTSIDE, Codes


class Step(StrEnum):
    """Steps in their order: the place gives way first, because what somebody can do is what is looked for."""

    MOBILITY = "CITY_TO_MOBILITY"
    PROVINCE = "CITY_TO_PROVINCE"
    INDUSTRY = "DIRECTION_TO_INDUSTRY"


_SAID = Comparison("city_code", Kind.CODE, Operator.HAS, Present())
_INSIDE = (_SAID, Comparison("city_code", Kind.CODE, Operator.NE, OUTSIDE))
_EQUAL = (Operator.EQ, Operator.HAS)


def widened(expression: Expression, steps: Collection[Step], codes: Codes) -> Expression:
    """The filter after some steps. Whatever the filter admits is admitted still; what it excludes (`NOT`) stays out."""
    match expression:
        case And(operands):
            return conjunction([widened(each, steps, codes) for each in operands])
        case Or(operands):
            return disjunction([widened(each, steps, codes) for each in operands])
        case Comparison(operator=operator, value=str(code)) if operator in _EQUAL:
            return _wider(expression, code, steps, codes)
        case _:
            return expression


def steps_of(expression: Expression, codes: Codes) -> tuple[Step, ...]:
    """The steps that change the filter, in their order."""
    return tuple(step for step in Step if widened(expression, {step}, codes) != expression)


def _wider(one: Comparison, code: str, steps: Collection[Step], codes: Codes) -> Expression:
    if one.field == "direction_code" and Step.INDUSTRY in steps:
        return Comparison("industry_code", Kind.CODES, Operator.HAS, codes.industry_of(code))
    if one.field not in ("city_code", "reach_code") or code == OUTSIDE:
        return one
    reach = one if one.field == "reach_code" else Comparison("reach_code", Kind.CODES, Operator.HAS, code)
    if Step.PROVINCE in steps:
        return Or((reach, And(_INSIDE)))
    return reach if Step.MOBILITY in steps else one
