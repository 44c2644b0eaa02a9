"""Deals of the sample: a funnel in which every state occurs and about one in eighteen is paid out."""

from random import Random

from services.sample.draws import Weighted, days_before, yuan
from services.sample.funds import FULL_FUND, FUND_REFS
from services.sample.names import person_name
from services.sample.world import World
from services.workbook.choices import DEAL_STATE, label_zh
from services.workbook.writing import CellValue

# How 640 deals stand at the closing date; 190 got past screening, 36 were paid out.
_FUNNEL = {
    "LEAD": 62,
    "SUBMITTED": 58,
    "SCREENING": 70,
    "INFO_REQUESTED": 24,
    "ON_HOLD": 16,
    "INITIATED": 46,
    "DUE_DILIGENCE": 30,
    "IC_INTERNAL": 9,
    "IC_EXTERNAL": 6,
    "APPROVED": 4,
    "SIGNED": 4,
    "INVESTED": 36,
    "DECLINED": 232,
    "WITHDRAWN": 40,
    "LAPSED": 3,
}
# Every state once, then the rest of the 640 in a fixed scattered order.
_REST = [state for state, count in _FUNNEL.items() for _ in range(count - 1)]
_STRIDE = 271
_COMMITTING = {"APPROVED", "SIGNED", "INVESTED"}
_FUNDS = Weighted.of(dict(zip(FUND_REFS, (12, 26, 20, 12, 17, 13), strict=True)))
_ROUNDS = Weighted.of({"种子轮": 30, "天使轮": 42, "Pre-A轮": 18, "A轮": 10})
_VALUATION = {"种子轮": 2000, "天使轮": 5000, "Pre-A轮": 12000, "A轮": 28000, "A+轮": 41000, "B轮": 60000}
_LATER = ("A+轮", "B轮")
_EARLY = ("种子轮", "天使轮")
_MOST = 2000
"""What the most careful fund of the sample puts into one firm, in ten thousand yuan."""


def state_of(index: int) -> str:
    """The state of deal `index`: fixed by the funnel, not drawn, so that 640 deals show it exactly."""
    if index < len(_FUNNEL):
        return list(_FUNNEL)[index]
    return _REST[index * _STRIDE % len(_REST)]


def deal(world: World, index: int) -> dict[str, CellValue]:
    """Row of deal `index`. Firms are taken in turn, so that no fund meets a firm twice in one round."""
    random = world.random("deal", index)
    state = state_of(index)
    fund = _FUNDS.draw(random)
    if fund == FULL_FUND and state in _COMMITTING:
        fund = "f-mother"
    identity = world.employer(index * 7 % world.profile.employers)
    lap = index // world.profile.employers
    name = _LATER[min(lap, len(_LATER)) - 1] if lap else _ROUNDS.draw(random)
    if state in _COMMITTING and not lap and name not in _EARLY:
        name = _EARLY[
            -1
        ]  # a committee keeps to the fund's limits, of which one is how much goes to early rounds
    return {
        "ref": f"d-{index + 1:04d}",
        "fund": fund,
        "firm": identity.uscc,
        "round": name,
        **_terms(random, name, _MOST if state in _COMMITTING else None),
        "state": label_zh(DEAL_STATE, state),
        "submitted": days_before(random.randrange(5, 540)),
        "owner": person_name(random),
        "expert_rating": random.choice((None, 2, 3, 3, 4, 4, 5)),
        "origin": "演示数据",
    }


def _terms(random: Random, name: str, most: int | None) -> dict[str, CellValue]:
    """A ticket of two to nine per cent of the valuation, as angels take, and no more than `most` ten thousand yuan."""
    pre_money = _VALUATION[name] * random.lognormvariate(0, 0.45)
    ticket = max(50, round(pre_money * random.uniform(0.02, 0.09), -1))
    ticket = ticket if most is None else min(ticket, most)
    holding = random.choice((5, 6, 7, 7, 8, 10))
    return {
        "ticket": yuan(ticket),
        "pre_money": yuan(pre_money) if random.random() > 0.04 else None,
        "round_total": yuan(ticket * random.uniform(1.0, 3.5)),
        "holding_years": holding,
        "redemption_year": random.choice((None, None, 5, 6, 7, 4)),
        "fixed_return": "是" if random.random() < 0.03 else "否",
        "follow_on": yuan(ticket * random.choice((0, 0, 0.3, 0.5, 1.0))),
    }
