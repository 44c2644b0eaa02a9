"""投早: the younger, the fewer rounds, the further from the market, the higher.

age 40·clamp((60 - m) / 60), rounds 40·[1, .85, .6, .25, .1, 0], TRL 20·clamp((8 - TRL) / 6).
"""

from services.funding.domain import wording
from services.funding.domain.scores.curves import clamp, rounds_curve
from services.funding.domain.scores.score import UNKNOWN_VALUE, Dimension, Score, dimension, scored
from services.funding.domain.screening.case import Case
from services.kernel.text import Text


def early_score(case: Case) -> Score:
    """The score 投早 of a case."""
    return scored(_age(case), _rounds(case), _readiness(case))


def _age(case: Case) -> Dimension:
    age = case.age_months
    return dimension(
        Text("成立时间", "age"),
        40,
        s=None if age is None else clamp((60 - age) / 60),
        value=UNKNOWN_VALUE if age is None else wording.months(age),
        verified=case.snapshot.verified,
        formula=Text("满60个月得0分，越短越高", "60 months and more score 0, less scores higher"),
    )


def _rounds(case: Case) -> Dimension:
    rounds = case.snapshot.external_rounds
    return dimension(
        Text("外部融资轮次", "external rounds"),
        40,
        s=None if rounds is None else rounds_curve(rounds),
        value=UNKNOWN_VALUE if rounds is None else wording.count(rounds, "轮", ""),
        verified=case.snapshot.verified,
        formula=Text("无外部融资得满分，五轮及以上得0分", "none scores all points, five and more score 0"),
    )


def _readiness(case: Case) -> Dimension:
    trl = case.snapshot.trl
    return dimension(
        Text("技术成熟度", "technology readiness"),
        20,
        s=None if trl is None else clamp((8 - trl) / 6),
        value=UNKNOWN_VALUE if trl is None else wording.count(trl, "级", "of 9"),
        verified=case.snapshot.verified,
        formula=Text("2级及以下得满分，8级及以上得0分", "2 and below score all points, 8 and above score 0"),
    )
