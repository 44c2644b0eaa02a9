"""投长: a property of the terms and of the fund, not of the firm.

holding 40·clamp((years - 3) / 7), earliest redemption 25·clamp((years - 3) / 5), life of the fund beyond
holding and exit buffer 20·clamp(months / 24), follow-on reserve 15·clamp(reserve / (ticket / 2)).
"""

from services.funding.domain import wording
from services.funding.domain.scores.curves import clamp
from services.funding.domain.scores.score import UNKNOWN_VALUE, Dimension, Score, dimension, scored
from services.funding.domain.screening.case import Case
from services.kernel.text import Text


def long_score(case: Case) -> Score:
    """The score 投长 of a case."""
    return scored(_holding(case), _redemption(case), _surplus(case), _follow_on(case))


def _holding(case: Case) -> Dimension:
    held = case.terms.holding_months
    return dimension(
        Text("计划持有期", "planned holding"),
        40,
        s=None if held is None else clamp((held / 12 - 3) / 7),
        value=UNKNOWN_VALUE if held is None else wording.months(held),
        verified=case.terms.verified,
        formula=Text("3年得0分，10年得满分", "3 years score 0, 10 years score all points"),
    )


def _redemption(case: Case) -> Dimension:
    terms = case.terms
    s, value = None, UNKNOWN_VALUE
    if terms.has_redemption is False:
        s, value = 1.0, Text("无", "none")
    elif terms.redemption_months is not None:
        s, value = clamp((terms.redemption_months / 12 - 3) / 5), wording.months(terms.redemption_months)
    return dimension(
        Text("最早回购触发", "earliest redemption"),
        25,
        s=s,
        value=value,
        verified=terms.verified,
        formula=Text("3年得0分，8年或无回购得满分", "3 years score 0, 8 years or none score all points"),
    )


def _surplus(case: Case) -> Dimension:
    held = case.terms.holding_months
    surplus = None if held is None else case.life_left_months - held - case.mandate.exit_buffer_months
    return dimension(
        Text("基金存续余量", "life of the fund beyond exit"),
        20,
        s=None if surplus is None else clamp(surplus / 24),
        value=UNKNOWN_VALUE if surplus is None else wording.months(surplus),
        verified=case.terms.verified,
        formula=Text("余量24个月得满分", "24 months to spare score all points"),
    )


def _follow_on(case: Case) -> Dimension:
    reserve = case.terms.follow_on_fen
    return dimension(
        Text("后续轮次储备", "follow-on reserve"),
        15,
        s=None if reserve is None else clamp(2 * reserve / case.terms.ask_fen),
        value=UNKNOWN_VALUE if reserve is None else wording.amount(reserve),
        verified=case.terms.verified,
        formula=Text("达到本次金额一半得满分", "half of the ticket scores all points"),
    )
