"""投小: staff, revenue, pre-money valuation and ticket, 25 points each on a falling logarithmic curve.

inv_log(staff; 10, 300), inv_log(revenue; 1m, 50m yuan), inv_log(pre-money; 20m, 500m), inv_log(ticket;
3m, 50m).
"""

from services.funding.domain import wording
from services.funding.domain.scores.curves import inv_log
from services.funding.domain.scores.score import UNKNOWN_VALUE, Dimension, Score, dimension, scored
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.rulesets import WAN, YI
from services.kernel.text import Text


def small_score(case: Case) -> Score:
    """The score 投小 of a case."""
    facts, terms = case.snapshot, case.terms
    return scored(
        _staff(facts.staff, facts.verified),
        _money(Text("营业收入", "revenue"), facts.revenue_fen, 100 * WAN, 5000 * WAN, facts.verified),
        _money(
            Text("投前估值", "pre-money valuation"), terms.pre_money_fen, 2000 * WAN, 5 * YI, terms.verified
        ),
        _money(Text("单笔金额", "ticket"), terms.ask_fen, 300 * WAN, 5000 * WAN, terms.verified),
    )


def _staff(staff: int | None, verified: bool) -> Dimension:
    return dimension(
        Text("从业人数", "staff"),
        25,
        s=None if staff is None else inv_log(staff, 10, 300),
        value=UNKNOWN_VALUE if staff is None else wording.count(staff, "人", ""),
        verified=verified,
        formula=_formula(Text("10人", "10"), Text("300人", "300")),
    )


def _money(name: Text, fen: int | None, low: int, high: int, verified: bool) -> Dimension:
    return dimension(
        name,
        25,
        s=None if fen is None else inv_log(fen, low, high),
        value=UNKNOWN_VALUE if fen is None else wording.amount(fen),
        verified=verified,
        formula=_formula(wording.amount(low), wording.amount(high)),
    )


def _formula(low: Text, high: Text) -> Text:
    return Text(
        f"{low.zh}以内得满分，{high.zh}及以上得0分，其间按对数递减",
        f"up to {low.en} scores all points, {high.en} and more scores 0, on a logarithmic scale between",
    )
