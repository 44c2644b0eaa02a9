"""The checks that move with every deal of a fund, as limits that a row of any deal is compared with.

They say the same as the checks of the same codes say of a case (`checks.fund_checks`), for all deals at once.
"""

from dataclasses import dataclass
from datetime import date

from services.funding.domain.checks.capital_checks import province_share, sub_fund_share
from services.funding.domain.checks.check import Judgement
from services.funding.domain.checks.fund_checks import government_share, last_third_begins
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.outcomes import Outcome
from services.funding.domain.ratio import Ratio
from services.funding.domain.screening.surroundings import CapitalView

CAPITAL = "INSUFFICIENT_FUND_CAPITAL"
CONCENTRATION = "SINGLE_PROJECT_CONCENTRATION"
EARLY_SHARE = "EARLY_SHARE_BELOW_FLOOR"
GOVERNMENT = "GOVERNMENT_SHARE"
PROVINCE = "PROVINCE_SHARE"
SUB_FUND = "SINGLE_SUBFUND_SHARE"


@dataclass(frozen=True, slots=True)
class Held:
    """What a fund holds, in fen: all of it, and what of it is surely in early firms."""

    total_fen: int
    early_fen: int


@dataclass(frozen=True, slots=True)
class EarlyFloor:
    """The least share of early firms, where falling below it blocks."""

    floor: Ratio
    held: Held


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """`concentration_fen`: the most in one firm, None without a limit. `always`: codes that block every deal."""

    headroom_fen: int
    concentration_fen: int | None
    early: EarlyFloor | None
    always: frozenset[str]


def live_limits(fund: Fund, mandate: Mandate, held: Held, capital: CapitalView, on: date) -> LiveLimits:
    """The limits of a fund on a day."""
    always = set[str]()
    cap, share = None, mandate.concentration_max
    if share is not None and not fund.paid_in_fen:
        always.add(CONCENTRATION)
    elif share is not None and fund.paid_in_fen:
        cap = share.num * fund.paid_in_fen // share.den
    of_the_fund = {
        GOVERNMENT: government_share(mandate, fund),
        PROVINCE: province_share(mandate, fund, capital),
        SUB_FUND: sub_fund_share(mandate, capital),
    }
    always |= {code for code, judged in of_the_fund.items() if _stops(judged)}
    bites = mandate.early_floor is not None and on >= last_third_begins(fund)
    early = EarlyFloor(mandate.early_floor, held) if bites and mandate.early_floor else None
    return LiveLimits(fund.headroom_fen, cap, early, frozenset(always))


def _stops(judged: Judgement) -> bool:
    return judged.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
